use super::*;

/// 2026-11-21 18:00 in Japan.
const NOW: Timestamp = Timestamp::from_seconds(1_795_251_600);

fn read(typed: &str) -> String {
    match parse(typed, NOW) {
        Ok((at, precision)) => {
            let local = JAPAN.to_datetime(at.to_jiff());
            match precision {
                Precision::Day => local.date().to_string(),
                Precision::Hour => local.strftime("%Y-%m-%d %Hh").to_string(),
                _ => local.strftime("%Y-%m-%d %H:%M").to_string(),
            }
        }
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn what_people_type() {
    for (typed, expected) in [
        ("2026/11/21 3:12", "2026-11-21 03:12"),
        ("2026-11-21T03:12", "2026-11-21 03:12"),
        ("2026.11.21", "2026-11-21"),
        ("２０２６／１１／２１　３：１２", "2026-11-21 03:12"),
        ("2026年11月21日（土） 03:12 JST", "2026-11-21 03:12"),
        ("2026年11月21日（土）３時半", "2026-11-21 03:30"),
        ("2026年11月21日 午後3時", "2026-11-21 15h"),
        ("2026/11/21 午前12時5分", "2026-11-21 00:05"),
        ("2026/11/20 3:12 pm", "2026-11-20 15:12"),
        ("2026/11/20 15:12:33", "2026-11-20 15:12"),
        ("2026/11/20 15時ごろ", "2026-11-20 15h"),
        ("R8.11.21", "2026-11-21"),
        ("r8/11/21 3:12", "2026-11-21 03:12"),
        ("R.8.11.21", "2026-11-21"),
        ("Ｒ８．１１．２１", "2026-11-21"),
        ("令和8年11月21日", "2026-11-21"),
        ("令和８年１１月２１日 ３時１２分", "2026-11-21 03:12"),
        ("令和元年5月1日", "2019-05-01"),
        ("令和1年5月1日", "2019-05-01"),
        ("H31.4.30", "2019-04-30"),
        ("平成31年4月30日", "2019-04-30"),
        ("11/21", "2026-11-21"),
        ("11月20日 9時", "2026-11-20 09h"),
        ("12/31", "2025-12-31"),
        ("今日", "2026-11-21"),
        ("昨日 14:05", "2026-11-20 14:05"),
        ("yesterday", "2026-11-20"),
        ("一昨日", "2026-11-19"),
    ] {
        assert_eq!(read(typed), expected, "{typed}");
    }
}

#[test]
fn what_cannot_be_read_is_told_by_its_reason() {
    for (typed, expected) in [
        ("", "Unreadable"),
        ("先週", "Unreadable"),
        ("21/11/2026", "Unreadable"),
        ("3:12", "Unreadable"),
        ("2026/11", "Unreadable"),
        ("2026/11/21 三時", "Unreadable"),
        ("2026/11/21 3", "Unreadable"),
        ("99999999999/1/1", "Unreadable"),
        ("2026/13/1", "NoSuchDay"),
        ("2026/2/29", "NoSuchDay"),
        ("2026/11/20 25:00", "NoSuchDay"),
        ("2026/11/20 午後13時", "NoSuchDay"),
        ("2026/11/22", "Future"),
        ("令和9年1月1日", "Future"),
        ("2027/11/21 3:12", "Future"),
        ("1926/12/25", "TooOld"),
    ] {
        assert_eq!(read(typed), expected, "{typed}");
    }
}

#[test]
fn a_clock_time_belongs_to_the_day_that_was_chosen() {
    let yesterday = Date::constant(2026, 11, 20);
    let (at, precision) = parse_clock("１４：０５", yesterday, NOW).unwrap();
    assert_eq!(
        (at.day_in_japan(), precision),
        (yesterday, Precision::Minute)
    );
    assert_eq!(parse_clock(" ", yesterday, NOW).unwrap().1, Precision::Day);
    assert_eq!(
        parse_clock("23:59", NOW.day_in_japan(), NOW),
        Err(MomentError::Future)
    );
}

#[test]
fn any_text_is_answered_without_a_panic() {
    let letters = [
        "令和", "元", "年", "9", "0", "/", ":", "時", "午後", "(", "日", "é", " ", "r",
    ];
    let mut state = 7_usize;
    for _ in 0..20_000 {
        let mut typed = String::new();
        for _ in 0..=(state % 9) {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            typed.push_str(letters[(state >> 33) % letters.len()]);
        }
        let _read = parse(&typed, NOW);
    }
}

#[test]
fn a_time_to_act_by_lies_ahead_and_a_day_alone_means_its_end() {
    for (typed, expected) in [
        ("2026/11/21 18:00", "2026/11/21 18:00"),
        ("2026-11-21T18:00", "2026/11/21 18:00"),
        ("２０２６／１１／２１　１８：００", "2026/11/21 18:00"),
        ("2026年11月21日 18時", "2026/11/21 18:00"),
        ("R8.11.21 午後6時", "2026/11/21 18:00"),
        ("2027/2/3", "2027/02/03 23:59"),
        ("明日 9:00", "2026/11/22 09:00"),
        ("あさって", "2026/11/23 23:59"),
        ("11/30 12:00", "2026/11/30 12:00"),
        ("1/15 12:00", "2027/01/15 12:00"),
    ] {
        assert_eq!(
            parse_due(typed, NOW).map(due_text),
            Ok(expected.to_owned()),
            "{typed}"
        );
    }
    for typed in ["", "そのうち", "2026/02/30", "2026/11/21 24:00", "18:00"] {
        assert!(parse_due(typed, NOW).is_err(), "{typed}");
    }
}
