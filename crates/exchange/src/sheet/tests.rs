use std::io::Write as _;

use zip::write::SimpleFileOptions;

use super::*;
use domain::time::Timestamp;

fn columns() -> Vec<Column> {
    let pick = |value: &str, ja: &str, en: &str| Pick {
        value: value.to_owned(),
        label: ja.to_owned(),
        also: vec![en.to_owned()],
    };
    vec![
        Column {
            picks: vec![
                pick("slip", "操作の誤り", "Slip"),
                pick("mail", "不審なメール", "Mail"),
            ],
            help: "一覧から選ぶ".to_owned(),
            ..Column::text("kind", "何があったか (必須)", vec!["What".to_owned()])
        },
        Column::text("line", "ひとこと", vec!["One line".to_owned()]),
        Column::text("phone", "電話", vec!["Phone".to_owned()]),
    ]
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

fn book<'b>(columns: &'b [Column], rows: &'b [Row], marks: &'b [Mark]) -> Book<'b> {
    Book {
        title: "ヒヤリハット",
        columns,
        mark: "noroshi:near-miss:1",
        notes_title: "説明",
        notes: &[],
        rows,
        marks,
        at: Timestamp::from_seconds(1_795_186_800),
    }
}

/// A zip file with these parts.
fn packed(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook of one sheet with this XML between its `sheetData`.
fn handmade(rows: &str) -> Vec<u8> {
    let text = |text: &str| text.as_bytes().to_vec();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    packed(&[
        ("[Content_Types].xml", text("<Types/>")),
        (
            "_rels/.rels",
            text("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{rels}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>").into_bytes(),
        ),
        (
            "xl/workbook.xml",
            format!("<workbook xmlns=\"{main}\" xmlns:r=\"{rels}\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>").into_bytes(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet xmlns=\"{main}\"><dimension ref=\"A1:XFD1048576\"/><sheetData>{rows}</sheetData></worksheet>").into_bytes(),
        ),
    ])
}

fn inline(reference: &str, text: &str) -> String {
    format!("<c r=\"{reference}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn headed(rows: &str) -> Vec<u8> {
    let heading = [inline("A1", "What"), inline("B1", "One line")].concat();
    handmade(&format!("<row r=\"1\">{heading}</row>{rows}"))
}

#[test]
fn what_was_written_is_read_again_in_both_formats() {
    let columns = columns();
    let rows = [
        row(2, &[("kind", "操作の誤り"), ("line", "山﨑 髙、①")]),
        row(
            5,
            &[("line", "=HYPERLINK(\"x\")"), ("phone", "+81-3-0000-0000")],
        ),
    ];
    let bytes = workbook(&book(&columns, &rows, &[])).unwrap();
    let read_back = read(&bytes, &columns, 10).unwrap();
    assert_eq!(read_back.rows, rows);
    assert_eq!(read_back.mark.as_deref(), Some("noroshi:near-miss:1"));
    assert_eq!(read_back.unknown_headings, Vec::<String>::new());

    let text = comma_separated(&columns, "noroshi:near-miss:1", &rows);
    assert!(text.starts_with(&[0xEF, 0xBB, 0xBF]));
    let shown = String::from_utf8(text.clone()).unwrap();
    assert!(
        shown.contains("\"'=HYPERLINK") && shown.contains("\"'+81"),
        "{shown}"
    );
    let read_back = read(&text, &columns, 10).unwrap();
    let cells = |rows: &[Row]| rows.iter().map(|row| row.cells.clone()).collect::<Vec<_>>();
    assert_eq!(cells(&read_back.rows), cells(&rows));
}

#[test]
fn a_formula_never_leaves_as_one() {
    let columns = columns();
    let rows = [row(2, &[("line", "=1+1")])];
    let bytes = workbook(&book(&columns, &rows, &[])).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut part = |name: &str| std::io::read_to_string(archive.by_name(name).unwrap()).unwrap();
    assert!(!part("xl/worksheets/sheet1.xml").contains("<f>"));
    assert!(part("xl/styles.xml").contains("quotePrefix=\"1\""));
}

#[test]
fn a_bad_cell_carries_a_note_at_its_own_place() {
    let columns = columns();
    let rows = [row(7, &[("kind", "何か")])];
    let marks = [Mark {
        row: 7,
        column: "kind",
        text: "一覧から選んでください".to_owned(),
    }];
    let bytes = workbook(&book(&columns, &rows, &marks)).unwrap();
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let notes = std::io::read_to_string(archive.by_name("xl/comments1.xml").unwrap()).unwrap();
    assert!(
        notes.contains("ref=\"A7\"") && notes.contains("一覧から選んでください"),
        "{notes}"
    );
}

#[test]
fn headings_are_found_in_either_language_and_in_any_order() {
    let columns = columns();
    let text = "案内の行,,\n\n One Line ,不明の列,ｗｈａｔ\n雑,何か,操作の誤り\n";
    let table = read(text.as_bytes(), &columns, 10).unwrap();
    assert_eq!(table.unknown_headings, ["不明の列"]);
    assert_eq!(
        table.rows,
        [row(4, &[("kind", "操作の誤り"), ("line", "雑")])]
    );
    let pick = |text| columns[0].pick(text).map(|pick| pick.value.as_str());
    assert_eq!(pick("操作の 誤り"), Some("slip"));
    assert_eq!(pick("ＭＡＩＬ"), Some("mail"));
    assert_eq!(pick("slip"), Some("slip"));
    assert_eq!(pick("誤り"), None);
}

#[test]
fn rows_are_counted_as_a_spreadsheet_counts_them() {
    let text = "What,One line\n\nslip,\"two\r\nlines\"\n\n\nmail,x\n";
    let table = read(text.as_bytes(), &columns(), 10).unwrap();
    let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 6]);
}

#[test]
fn shift_jis_is_read_and_what_it_could_not_hold_is_told() {
    let (bytes, ..) =
        encoding_rs::SHIFT_JIS.encode("何があったか,ひとこと\r\n操作の誤り,髙い①\r\n");
    let table = read(&bytes, &columns(), 10).unwrap();
    assert_eq!(table.rows[0].cell("line"), "髙い①");
    assert_eq!(table.rows[0].oddity("line"), None);

    let mut broken = bytes.to_vec();
    let at = broken.len() - 4;
    broken[at] = 0xFF;
    let table = read(&broken, &columns(), 10).unwrap();
    assert!(matches!(
        table.rows[0].oddity("line"),
        Some(Why::Lost { .. })
    ));
}

#[test]
fn utf_16_with_tabs_as_spreadsheets_call_unicode_text() {
    let text = "\u{FEFF}What\tOne line\nslip\t髙\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let table = read(&bytes, &columns(), 10).unwrap();
    assert_eq!(table.rows[0].cell("line"), "髙");
}

#[test]
fn dates_and_numbers_come_as_they_are_shown() {
    let cells = "<row r=\"2\"><c r=\"A2\"><v>20261121</v></c><c r=\"B2\"><v>0.5</v></c></row>";
    let table = read(&headed(cells), &columns(), 10).unwrap();
    assert_eq!(table.rows[0].cell("kind"), "20261121");
    assert_eq!(table.rows[0].cell("line"), "0.5");
}

#[test]
fn a_formula_is_read_by_its_result_and_one_without_is_told() {
    let cells = "<row r=\"2\"><c r=\"A2\" t=\"str\"><f>B9</f><v>slip</v></c><c r=\"B2\"><f>1+1</f></c></row>";
    let table = read(&headed(cells), &columns(), 10).unwrap();
    assert_eq!(table.rows[0].cell("kind"), "slip");
    assert_eq!(table.rows[0].oddity("line"), Some(Why::Formula));
}

#[test]
fn bad_files_are_refused_each_with_its_reason() {
    let columns = columns();
    let good = workbook(&book(&columns, &[row(2, &[("line", "x")])], &[])).unwrap();
    let cases: [(Vec<u8>, SheetError); 9] = [
        (good[..good.len() / 2].to_vec(), SheetError::Damaged),
        (b"PK\x03\x04 nothing".to_vec(), SheetError::Damaged),
        (vec![b'x'; FILE_BYTES_MAX + 1], SheetError::TooLarge),
        (vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1], SheetError::OldOrLocked),
        (vec![0, 1, 2, 3], SheetError::NotATable),
        (Vec::new(), SheetError::NoHeadings),
        (b"a,b,c\n1,2,3\n".to_vec(), SheetError::NoHeadings),
        (b"What,One line\n\n\n".to_vec(), SheetError::NoRows),
        (
            packed(&[("xl/vbaProject.bin", vec![1])]),
            SheetError::Macros,
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(read(&bytes, &columns, 10), Err(expected));
    }
}

#[test]
fn a_workbook_cut_anywhere_or_bent_never_panics() {
    let columns = columns();
    let good = workbook(&book(&columns, &[row(2, &[("line", "x")])], &[])).unwrap();
    for end in (0..good.len()).step_by(97) {
        assert!(read(&good[..end], &columns, 10).is_err());
    }
    for at in (0..good.len()).step_by(61) {
        let mut bent = good.clone();
        bent[at] ^= 0x55;
        let _ = read(&bent, &columns, 10);
    }
}

#[test]
fn a_small_file_that_unpacks_to_a_flood_is_refused() {
    let flood = vec![b' '; usize::try_from(UNPACKED_BYTES_MAX).unwrap() + 1];
    let bytes = packed(&[("xl/worksheets/sheet1.xml", flood)]);
    assert!(bytes.len() < 100_000);
    assert_eq!(read(&bytes, &columns(), 10), Err(SheetError::Unpacks));
    let many: Vec<(String, Vec<u8>)> = (0..300).map(|n| (n.to_string(), vec![])).collect();
    let many: Vec<(&str, Vec<u8>)> = many.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    assert_eq!(
        read(&packed(&many), &columns(), 10),
        Err(SheetError::Unpacks)
    );
}

#[test]
fn a_million_rows_are_not_waited_for() {
    let columns = columns();
    let many = format!("What,One line\n{}", "a,\n".repeat(200_000));
    assert_eq!(
        read(many.as_bytes(), &columns, 10),
        Err(SheetError::TooManyRows(10))
    );
    let rows: String = (2..100_000)
        .map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\"><v>1</v></c></row>"))
        .collect();
    assert_eq!(
        read(&headed(&rows), &columns, 10),
        Err(SheetError::TooManyRows(10))
    );
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>";
    assert_eq!(
        read(&headed(far), &columns, 10),
        Err(SheetError::TooManyRows(10))
    );
}

#[test]
fn the_wrong_sheet_is_passed_over_for_the_right_one() {
    let mut file = rust_xlsxwriter::Workbook::new();
    file.add_worksheet().write_string(0, 0, "表紙").unwrap();
    let sheet = file.add_worksheet();
    sheet.write_string(0, 0, "What").unwrap();
    sheet.write_string(0, 1, "One line").unwrap();
    sheet.write_string(1, 0, "slip").unwrap();
    let date = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 21)
        .unwrap()
        .and_hms(3, 12, 0)
        .unwrap();
    let format = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d h:mm");
    sheet.write_with_format(1, 1, &date, &format).unwrap();
    let table = read(&file.save_to_buffer().unwrap(), &columns(), 10).unwrap();
    assert_eq!(
        table.rows,
        [row(2, &[("kind", "slip"), ("line", "2026/11/21 03:12")])]
    );
}

#[test]
fn rows_travel_in_a_form_and_forged_ones_do_not() {
    let rows = [row(2, &[("line", "髙")])];
    assert_eq!(uncarried(&carried(&rows), 1), Some(rows.to_vec()));
    assert_eq!(uncarried(&carried(&rows), 0), None);
    assert_eq!(uncarried("[{}]", 5), None);
    let long = "x".repeat(CELL_CHARS_MAX + 2);
    assert_eq!(uncarried(&carried(&[row(2, &[("line", &long)])]), 5), None);
}

/// The workbook that the browser tests send: `NOROSHI_BLESS=1` writes it anew.
#[test]
fn the_fixture_of_the_browser_tests_is_of_our_own_writer() {
    let heading = |word, text: &str| Column::text(word, text, vec![]);
    let columns = [
        heading("kind", "何がありましたか"),
        heading("when", "いつ"),
        heading("place", "どこで"),
        heading("line", "ひとこと"),
        heading("scope", "誰に見せますか"),
    ];
    let rows = [
        row(
            2,
            &[
                ("kind", "open-hole"),
                ("when", "令和８年１１月１日　１４時"),
                ("place", "ot"),
                ("line", "=保守口が開いていた"),
                ("scope", "stripped"),
            ],
        ),
        row(
            3,
            &[
                ("kind", "slip"),
                ("line", "+宛先の誤り"),
                ("scope", "named"),
            ],
        ),
    ];
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/browser/fixtures/near_miss.xlsx"
    );
    if std::env::var_os("NOROSHI_BLESS").is_some() {
        std::fs::write(file, workbook(&book(&columns, &rows, &[])).unwrap()).unwrap();
    }
    let table = read(&std::fs::read(file).unwrap(), &columns, 10).unwrap();
    assert_eq!(table.rows, rows);
}

#[test]
fn one_faulty_row_stops_all_and_every_fault_is_told() {
    let row = |number: u32, text: &str| Row {
        number,
        cells: [("line".to_owned(), text.to_owned())].into(),
    };
    let read = |row: &Row, earlier: &[Row]| match row.cell("line") {
        "" => Err(vec![Fault {
            row: row.number,
            column: "line",
            why: Why::Missing,
        }]),
        text => Ok((text.to_owned(), earlier.len())),
    };
    let whole = all_or_faults(&[row(1, "a"), row(2, "b")], read);
    assert_eq!(whole, Ok(vec![("a".to_owned(), 0), ("b".to_owned(), 1)]));
    let faults = all_or_faults(&[row(1, ""), row(2, "b"), row(3, "")], read).unwrap_err();
    let rows: Vec<_> = faults.iter().map(|fault| fault.row).collect();
    assert_eq!(rows, [1, 3]);
}
