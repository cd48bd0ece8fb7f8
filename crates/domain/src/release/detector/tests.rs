use super::*;

fn found(text: &str) -> Vec<(String, Label)> {
    let detector = Detector::new([
        "株式会社北浜電力",
        "Kitahama Electric",
        "kitahama.example",
        "KEP",
    ]);
    let cut = |hit: Hit| (text.get(hit.span.clone()).unwrap().to_owned(), hit.label);
    detector.hits(text).into_iter().map(cut).collect()
}

fn check(text: &str, expected: &[(&str, Label)]) {
    let expected: Vec<(String, Label)> = expected
        .iter()
        .map(|(piece, label)| ((*piece).to_owned(), *label))
        .collect();
    assert_eq!(found(text), expected, "{text}");
}

#[test]
fn known_names_in_every_width() {
    check("北浜電力の端末", &[("北浜電力", Label::KnownName)]);
    check("北浜 電力の端末", &[("北浜 電力", Label::KnownName)]);
    check("ＫＥＰの端末", &[("ＫＥＰ", Label::KnownName)]);
    check(
        "kitahama  electric's",
        &[("kitahama  electric", Label::KnownName)],
    );
    check("upkeep of keps", &[]);
}

#[test]
fn organizations_and_facilities() {
    check(
        "㈱青葉システムの作業",
        &[("㈱青葉システム", Label::Organization)],
    );
    check(
        "青葉通商（株）から",
        &[("青葉通商（株）", Label::Organization)],
    );
    check("ｱｵﾊﾞ工業の", &[("ｱｵﾊﾞ工業", Label::Organization)]);
    check(
        "みなみ町の南野浄水場で",
        &[("南野浄水場", Label::Organization)],
    );
    check("当病院と大手電力、暗号通信、不審な通信を見た", &[]);
    check("電力量と病院長", &[]);
}

#[test]
fn hosts_and_addresses() {
    check("監視端末 HMI-03 から", &[("HMI-03", Label::Host)]);
    check(
        "gw1.ops.aokawa.example:8443 へ",
        &[("gw1.ops.aokawa.example:8443", Label::Host)],
    );
    check("\\\\fs01\\share を", &[("\\\\fs01\\share", Label::Host)]);
    check(
        "１０．２０．３．４ から",
        &[("１０．２０．３．４", Label::InternalAddress)],
    );
    check(
        "fd00:1::5 と 198.51.100.7",
        &[("fd00:1::5", Label::InternalAddress)],
    );
    check(
        "http://192.168.0.5/login",
        &[("http://192.168.0.5/login", Label::InternalAddress)],
    );
    check(
        "evil[.]example, CVE-2026-12345, T1059.001, invoice.exe, TLS1.2",
        &[],
    );
}

#[test]
fn mail_phone_and_tickets() {
    check(
        "連絡は soc@aokawa.example まで。",
        &[("soc@aokawa.example", Label::Mail)],
    );
    for phone in [
        "03-5550-0100",
        "０９０－１２３４－５６７８",
        "(03) 5550-0100",
        "0355500100",
        "+81-3-5550-0100",
        "06（5550）0100",
    ] {
        check(&format!("電話は{phone}です"), &[(phone, Label::Phone)]);
    }
    check("内線 4021", &[("内線 4021", Label::Phone)]);
    check("INC0012345 を起票", &[("INC0012345", Label::Ticket)]);
    check(
        "受付番号：2026-0113",
        &[("受付番号：2026-0113", Label::Ticket)],
    );
    check("2026-11-21 03:12、1,000台、443番", &[]);
}

#[test]
fn persons_with_titles() {
    check("髙田係長が見つけた", &[("髙田係長", Label::Person)]);
    check("情報システム課長と担当部長、お客様、様子、氏名", &[]);
}

#[test]
fn long_texts_take_linear_time() {
    for piece in [
        "a-",
        "北",
        "0-",
        "内線",
        "株式会社",
        "@.",
        "北浜電",
        "10.",
        "ｶﾞ",
    ] {
        let text = piece.repeat(5_000);
        let _hits = found(&text);
    }
}
