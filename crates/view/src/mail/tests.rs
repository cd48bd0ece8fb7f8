use super::*;
use crate::layout::sample;
use crate::words::Language;

const JA: Words = Words::new(Language::Ja);

#[test]
fn lines_hold_36_full_width_characters() {
    let text = "あ".repeat(80);
    let lines: Vec<usize> = wrap(&text, "")
        .lines()
        .map(|line| line.chars().count())
        .collect();
    assert_eq!(lines, [36, 36, 8]);
}

#[test]
fn no_line_begins_with_a_mark_that_closes() {
    let text = format!("{}。{}「い", "あ".repeat(36), "う".repeat(33));
    for line in wrap(&text, "").lines() {
        assert!(!line.starts_with('。') && !line.ends_with('「'), "{line}");
        assert!(
            line.chars().map(cells).sum::<usize>() <= CELLS_MAX,
            "{line}"
        );
    }
}

#[test]
fn an_address_is_never_broken() {
    let url = format!("https://hub.example/advisories/{}", "a".repeat(80));
    let text = wrap(&format!("次の画面で引き受けてください {url} を開く"), "  ");
    assert!(text.lines().any(|line| line.trim() == url), "{text}");
    let english = wrap(&"word ".repeat(40), "");
    assert!(
        english
            .lines()
            .all(|line| line.len() <= CELLS_MAX && !line.ends_with(' '))
    );
}

#[test]
fn a_letter_says_which_world_and_label_first() {
    let frame = sample::drill(JA, "/duty");
    let letter = Letter {
        words: JA,
        hub: &frame.hub,
        banners: &frame.banners,
        tlp: Some(Tlp::Green),
        title: "VPN装置の更新\r\nBcc: all@example".to_owned(),
        blocks: vec![
            Block::Paragraph("あなたの組織宛ての注意喚起が1件あります。".to_owned()),
            Block::Facts(vec![(
                "期限".to_owned(),
                "2026年11月21日（土） 18:00 JST".to_owned(),
            )]),
            Block::Steps(vec!["装置の版を確かめる".to_owned(), "更新する".to_owned()]),
            Block::Link {
                label: "引き受ける".to_owned(),
                url: "https://hub.example/a/1".to_owned(),
            },
        ],
    };
    assert_eq!(
        letter.subject(),
        "【訓練】[TLP:GREEN] VPN装置の更新 Bcc: all@example"
    );
    let expected = format!(
        "【訓練】これは訓練です。実際の事案ではありません。\nTLP:GREEN\n\
         VPN装置の更新 Bcc: all@example\n{RULE}\n\n\
         あなたの組織宛ての注意喚起が1件あります。\n\n期限: 2026年11月21日（土） 18:00 JST\n\n\
         1. 装置の版を確かめる\n2. 更新する\n\n引き受ける\nhttps://hub.example/a/1\n\n{RULE}\n\
         架空の国のハブ\n電話 03-5550-0100\n\
         このメールを開いただけでは、何も引き受けたことになりません。\n"
    );
    assert_eq!(letter.text(), expected);
}
