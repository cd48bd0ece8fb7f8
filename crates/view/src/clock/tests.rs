use super::*;

const JA: Words = Words::new(Language::Ja);
const EN: Words = Words::new(Language::En);

fn at(text: &str) -> Timestamp {
    Timestamp::from_micros(text.parse::<jiff::Timestamp>().unwrap().as_microsecond())
}

#[test]
fn a_moment_is_shown_in_japan_time_and_utc() {
    let night = at("2026-11-20T18:12:33Z");
    assert_eq!(
        moment(night, JA).as_str(),
        "<time datetime=\"2026-11-20T18:12:33Z\">2026年11月21日（土） 03:12 JST</time> \
         <small class=\"utc\">11月20日 18:12 UTC</small>"
    );
    assert_eq!(jst(night, EN), "21 Nov 2026 03:12 JST");
    assert_eq!(utc(night, EN), "20 Nov 18:12 UTC");
    assert_eq!(input_value(night), "2026-11-21T03:12");
    assert_eq!(
        date(night, EN).as_str(),
        "<time datetime=\"2026-11-21\">21 Nov 2026</time>"
    );
}

#[test]
fn eras_change_on_their_first_day() {
    for (moment, ja, en) in [
        ("2026-11-20T18:12:00Z", "令和8年11月21日", "21 Nov Reiwa 8"),
        ("2019-04-30T15:00:00Z", "令和元年5月1日", "1 May Reiwa 1"),
        (
            "2019-04-30T14:59:59Z",
            "平成31年4月30日",
            "30 Apr Heisei 31",
        ),
        ("1989-01-07T03:00:00Z", "昭和64年1月7日", "7 Jan Showa 64"),
        ("1926-12-25T00:00:00Z", "昭和元年12月25日", "25 Dec Showa 1"),
        (
            "1868-10-22T00:00:00Z",
            "1868年10月22日（木）",
            "22 Oct 1868",
        ),
    ] {
        assert_eq!(era_date(at(moment), JA), ja);
        assert_eq!(era_date(at(moment), EN), en);
    }
}

#[test]
fn the_fiscal_year_begins_in_april_in_japan() {
    assert_eq!(fiscal_year(at("2026-03-31T14:59:59Z")), 2025);
    assert_eq!(fiscal_year(at("2026-03-31T15:00:00Z")), 2026);
    assert_eq!(fiscal_year_name(2026, JA), "2026年度");
    assert_eq!(fiscal_year_name(2026, EN), "FY2026");
}

#[test]
fn age_is_rounded_down_and_knows_the_future() {
    let now = at("2026-11-21T00:00:00Z");
    for (moment, ja, en) in [
        ("2026-11-20T23:59:30Z", "たった今", "just now"),
        ("2026-11-21T00:00:20Z", "たった今", "just now"),
        ("2026-11-20T23:57:00Z", "3分前", "3 minutes ago"),
        ("2026-11-20T22:30:00Z", "1時間前", "1 hour ago"),
        ("2026-11-19T00:00:00Z", "2日前", "2 days ago"),
        ("2026-11-21T02:00:00Z", "あと2時間", "in 2 hours"),
    ] {
        assert_eq!(age(at(moment), now, JA), ja);
        assert_eq!(age(at(moment), now, EN), en);
    }
}

#[test]
fn a_time_out_of_range_still_shows() {
    assert!(jst(Timestamp::from_micros(i64::MAX), JA).ends_with("JST"));
    assert!(jst(Timestamp::from_micros(i64::MIN), EN).ends_with("JST"));
}
