use super::*;

fn body(text: &str) -> PartBody {
    PartBody::new(
        [(
            Field::Narrative,
            Value::text(Field::Narrative, text).unwrap(),
        )]
        .into(),
    )
}

fn finds(text: &str, query: &str) -> bool {
    let body = body(text);
    let query = Query::parse(query).unwrap();
    let met = query.is_met_by(&[&body]);
    if met {
        // What meets a query must be a candidate for it, or the index would lose it.
        let words = words_of(&body);
        let candidate = query
            .wanted()
            .iter()
            .all(|ways| ways.iter().any(|way| way.is_subset(&words)));
        assert!(candidate, "`{text}` meets the query but is no candidate");
    }
    met
}

#[test]
fn japanese_is_found_by_any_piece_of_two_letters() {
    let table = [
        ("東京電力の監視端末が停止した", "電力", true),
        ("東京電力の監視端末が停止した", "京電", true),
        ("東京電力の監視端末が停止した", "監視端末", true),
        ("東京電力の監視端末が停止した", "端末 停止", true),
        ("東京電力の監視端末が停止した", "端末　水道", false),
        ("東京の電力", "東京電力", false),
        ("ﾗﾝｻﾑｳｪｱに感染", "ランサムウェア", true),
        ("サーバーが止まった", "サーバ", true),
        ("サーバが止まった", "サーバー", true),
        ("メールを開いた", "メール", true),
        ("山﨑の端末", "山崎", true),
        ("髙橋", "高橋", true),
        ("ＶＰＮ装置の設定", "vpn装置", true),
        ("VPN装置の設定", "VPN", true),
        ("A社製の装置", "A社", true),
        ("B社製の装置", "A社", false),
        ("配水・ポンプ", "配水ポンプ", false),
    ];
    for (text, query, expected) in table {
        assert_eq!(finds(text, query), expected, "{query} in {text}");
    }
}

#[test]
fn english_is_found_by_whole_words() {
    let table = [
        ("The HMI talked to the outside.", "hmi", true),
        ("The HMI talked to the outside.", "outside talked", true),
        ("The HMI talked to the outside.", "side", false),
        ("Ransomware on two hosts", "ransom", false),
        ("cobalt strike beacon", "\"cobalt strike\"", true),
        ("strike of cobalt", "\"cobalt strike\"", false),
        ("Straße 7", "strasse", false),
        ("naïve cafe\u{301}", "café", true),
    ];
    for (text, query, expected) in table {
        assert_eq!(finds(text, query), expected, "{query} in {text}");
    }
}

#[test]
fn indicators_are_whole_however_they_are_written() {
    let hash = "44d88612fea8a8f36de82e1278abb02f";
    let table = [
        ("通信先は198.51.100[.]7でした", "198.51.100.7", true),
        ("通信先は198.51.100.7でした", "198[.]51[.]100[.]7", true),
        ("通信先は198.51.100.70でした", "198.51.100.7", false),
        ("198.51.100.7:8443 へ接続", "198.51.100.7", true),
        ("hxxps://login.evil[.]example/a/b?c=d", "evil.example", true),
        (
            "hxxps://login.evil[.]example/a/b?c=d",
            "https://login.evil.example/a/b?c=d",
            true,
        ),
        (
            "hxxps://login.evil[.]example/a/b",
            "login.evil.example/a",
            false,
        ),
        ("notevil.example", "evil.example", false),
        (
            "送信元 info(at)evil[dot]example より",
            "info@evil.example",
            true,
        ),
        ("2001:DB8:0:0::1 から", "2001:db8::1", true),
        ("遮断 198.51.100.0/24", "198.51.100.0/24", true),
        ("ＣＶＥ－２０２６－１２３４５を悪用", "cve-2026-12345", true),
        ("CVE-2026-123456", "CVE-2026-12345", false),
        ("(MD5: 44D88612FEA8A8F36DE82E1278ABB02F)", hash, true),
        ("setup.exeを実行", "setup.exe", true),
    ];
    for (text, query, expected) in table {
        assert_eq!(finds(text, query), expected, "{query} in {text}");
    }
}

#[test]
fn a_query_that_cannot_be_asked_is_refused() {
    assert_eq!(Query::parse("水"), Err(QueryError::TooShort));
    assert_eq!(Query::parse("電力 !!"), Err(QueryError::TooShort));
    assert_eq!(
        Query::parse("a1 b2 c3 d4 e5 f6 g7 h8 i9"),
        Err(QueryError::TooManyTerms)
    );
    assert_eq!(Query::parse(&"電".repeat(201)), Err(QueryError::TooLong));
    assert!(Query::parse(" 　 ").unwrap().is_empty());
}

#[test]
fn a_code_is_found_by_its_name_in_either_language() {
    let phishing: Code = "phishing".parse().unwrap();
    let body =
        PartBody::new([(Field::NearMissKind, Value::Codes([phishing.clone()].into()))].into());
    let names = [(&phishing, "不審なメール"), (&phishing, "Suspicious mail")];
    for (query, expected) in [("不審", true), ("mail", true), ("停電", false)] {
        let query = Query::parse(query).unwrap().named_by(names);
        assert_eq!(query.is_met_by(&[&body]), expected);
        let words = words_of(&body);
        let wanted = query.wanted();
        let leads = wanted
            .iter()
            .all(|ways| ways.iter().any(|way| way.is_subset(&words)));
        assert_eq!(leads, expected);
    }
}

#[test]
fn terms_may_stand_in_different_parts_of_one_report() {
    let (attack, damage) = (body("198.51.100.7"), body("変電所の監視"));
    let query = Query::parse("198.51.100.7 変電所").unwrap();
    assert!(query.is_met_by(&[&attack, &damage]));
    assert!(!query.is_met_by(&[&attack]));
    let other = body("変わりなし");
    assert_eq!(
        query.met_in(&[&attack, &other, &damage]),
        Some([0, 2].into())
    );
    assert_eq!(query.met_in(&[&other, &damage]), None);
    assert_eq!(
        Query::default().met_in(&[&other, &damage]),
        Some([0, 1].into())
    );
}

#[test]
fn an_excerpt_is_the_sentence_as_it_was_written() {
    let long = format!("{}VPN装置{}", "前".repeat(200), "後".repeat(200));
    let query = Query::parse("ＶＰＮ").unwrap();
    let (field, piece) = query
        .excerpt(&body("朝に気づいた。VPN装置を止めた。以上"))
        .unwrap();
    assert_eq!(
        (field, piece.as_str()),
        (Field::Narrative, "VPN装置を止めた。")
    );
    let (_, piece) = query.excerpt(&body(&long)).unwrap();
    assert!(piece.contains("VPN装置") && piece.chars().count() <= EXCERPT_CHARS + 2);
    assert_eq!(query.excerpt(&body("別の話")), None);
}

#[test]
fn telling_indicators_leave_out_what_every_network_has() {
    let text = "192.168.1.10 から 198.51.100[.]7 と login.evil.example へ。CVE-2026-12345";
    let address = "198.51.100.7".to_owned();
    let name = "login.evil.example".to_owned();
    let spelled = |body: &PartBody| {
        telling_indicators(body)
            .into_values()
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(spelled(&body(text)), [address.clone()].into());
    let asked = Value::text(Field::Indicators, text).unwrap();
    let asked = PartBody::new([(Field::Indicators, asked)].into());
    assert_eq!(spelled(&asked), [address, name].into());
}

#[test]
fn debug_of_a_query_shows_no_term() {
    let query = Query::parse("秘密 secret").unwrap();
    assert_eq!(format!("{query:?}"), "Query(2 terms)");
}
