use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};

use super::*;

fn listing(rows: Vec<Vec<Cell>>) -> Listing {
    Listing {
        name: "到達状況".to_owned(),
        above: vec!["注意喚起 A-7KQ2XM".to_owned()],
        head: vec!["組織".to_owned(), "件".to_owned(), "期限(JST)".to_owned()],
        rows,
        made_at: Timestamp::from_seconds(1_795_198_320),
    }
}

/// The rows of the only sheet, as another program reads them, and whether it found a formula.
fn read(bytes: Vec<u8>) -> (Vec<Vec<Data>>, bool) {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let name = book.sheet_names()[0].clone();
    let rows = book.worksheet_range(&name).unwrap();
    let formulas = book.worksheet_formula(&name).unwrap();
    let has_formula = formulas.used_cells().next().is_some();
    (rows.rows().map(<[Data]>::to_vec).collect(), has_formula)
}

#[test]
fn a_table_comes_back_as_it_went() {
    let rows = vec![vec![
        Cell::Text("北浜電力".to_owned()),
        Cell::Number(3),
        Cell::Moment(Timestamp::from_seconds(1_795_198_320)),
    ]];
    let (rows, _) = read(workbook(&listing(rows)).unwrap());
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[1][2], Data::String("期限(JST)".to_owned()));
    assert_eq!(rows[2][0], Data::String("北浜電力".to_owned()));
    assert_eq!(rows[2][1], Data::Float(3.0));
    let Data::DateTime(at) = &rows[2][2] else {
        panic!("{:?}", rows[2][2]);
    };
    // 2026-11-21 03:12 in Japan.
    let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
    assert_eq!((year, month, day, hour, minute), (2026, 11, 21, 3, 12));
}

#[test]
fn nothing_from_outside_becomes_a_formula() {
    let nasty = [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "＝1+1",
    ];
    let rows = nasty.map(|text| vec![Cell::Text(text.to_owned()), Cell::Empty, Cell::Empty]);
    let (rows, has_formula) = read(workbook(&listing(rows.into())).unwrap());
    assert!(!has_formula);
    for (row, text) in rows[2..].iter().zip(nasty) {
        assert_eq!(row[0], Data::String(text.to_owned()), "{text:?}");
    }
}

#[test]
fn the_same_table_gives_the_same_bytes() {
    let one = || workbook(&listing(vec![])).unwrap();
    assert_eq!(one(), one());
}
