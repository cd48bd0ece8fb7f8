use super::sample::officer;
use super::*;

const JA: Words = Words::new(Language::Ja);

fn frame(path: &str) -> Frame {
    officer(JA, path)
}

#[test]
fn the_language_switch_keeps_the_page_and_its_query() {
    for (path, expected) in [
        ("/duty", "/duty?lang=en"),
        (
            "/search?q=a%20b&lang=ja&after=x",
            "/search?q=a%20b&after=x&lang=en",
        ),
        ("/search?lang=ja", "/search?lang=en"),
    ] {
        assert_eq!(frame(path).language_links()[1].href, expected);
    }
}

#[test]
fn one_entry_of_the_navigation_is_current() {
    let current = |path: &str| -> Vec<String> {
        let frame = frame(path);
        let found = frame.nav.iter().filter(|item| frame.is_current(item));
        found.map(|item| item.href.clone()).collect()
    };
    assert_eq!(current("/reports/rpt_1?lang=ja"), ["/reports"]);
    assert_eq!(current("/reportsx"), [""; 0]);
    assert_eq!(current("/duty"), ["/duty"]);
}
