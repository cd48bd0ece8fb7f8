use super::*;
use crate::sheet::Pick;

fn columns() -> Vec<Column> {
    let picked = |word: &'static str, choices: &[(&str, &str)]| Column {
        picks: choices
            .iter()
            .map(|(value, label)| Pick {
                value: (*value).to_owned(),
                label: (*label).to_owned(),
                also: vec![],
            })
            .collect(),
        ..Column::text(word, word, vec![])
    };
    WORDS
        .into_iter()
        .map(|word| match word {
            "kind" => picked(
                word,
                &[
                    ("operator", "重要インフラ事業者"),
                    ("ceptoar", "セプター事務局"),
                ],
            ),
            "sector" => picked(word, &[("electricity", "電力")]),
            "ceptoar" => picked(word, &[("electricity", "電力CEPTOAR")]),
            "prefecture" => picked(word, &[("tokyo", "東京都")]),
            "language" => picked(word, &[("ja", "日本語"), ("en", "English")]),
            _ => Column::text(word, word, vec![]),
        })
        .collect()
}

fn row(number: u32, cells: &[(&str, &str)]) -> Row {
    Row {
        number,
        cells: cells
            .iter()
            .map(|(word, text)| ((*word).to_owned(), (*text).to_owned()))
            .collect(),
    }
}

#[test]
fn organizations_as_secretaries_write_them() {
    let cells = [
        ("kind", "重要インフラ事業者"),
        ("name-ja", "北浜電力"),
        ("name-en", "Kitahama Electric"),
        ("reports-to", "電力セプター"),
        ("sector", "電力"),
        ("prefecture", "東京都"),
        ("known-names", "北浜、ｷﾀﾊﾏ\nkitahama.example"),
        ("administrator", "髙田 彩"),
        ("mail", "ａ＠kitahama.example"),
    ];
    let told = organization(&row(2, &cells), &columns(), &[]).unwrap();
    assert_eq!(told.kind, OrganizationKind::Operator);
    assert_eq!(told.known_names.len(), 3);
    assert_eq!(told.sector.unwrap().as_str(), "electricity");
    assert_eq!(told.ceptoar, None);
    let administrator = told.administrator.unwrap();
    assert_eq!(administrator.mail.unwrap().as_str(), "a@kitahama.example");
    assert_eq!(administrator.language, "ja");
    let bare = [("kind", "ceptoar"), ("name-ja", "甲"), ("name-en", "A")];
    let told = organization(&row(3, &bare), &columns(), &[]).unwrap();
    assert_eq!((told.administrator, told.reports_to), (None, None));
}

#[test]
fn faults_are_told_at_their_cells() {
    let first = row(
        2,
        &[("kind", "operator"), ("name-ja", "甲"), ("name-en", "A")],
    );
    let faults = |cells: &[(&str, &str)]| -> Vec<(&'static str, Why)> {
        let faults = organization(&row(3, cells), &columns(), std::slice::from_ref(&first));
        let faults = faults.unwrap_err().into_iter();
        faults.map(|fault| (fault.column, fault.why)).collect()
    };
    assert_eq!(
        faults(&[("sector", "鉱業"), ("mail", "a.x.example")]),
        [
            ("kind", Why::Missing),
            ("name-ja", Why::Missing),
            ("name-en", Why::Missing),
            ("sector", Why::NotOffered),
            ("mail", Why::Mail),
        ]
    );
    let twice = faults(&[("kind", "operator"), ("name-ja", "甲"), ("name-en", "B")]);
    assert_eq!(twice, [("name-ja", Why::Twice { row: 2 })]);
    let nobody = faults(&[
        ("kind", "operator"),
        ("name-ja", "乙"),
        ("name-en", "B"),
        ("mail", "b@x.example"),
    ]);
    assert_eq!(nobody, [("administrator", Why::Missing)]);
}
