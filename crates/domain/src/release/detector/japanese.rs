//! Names of organizations, facilities and persons in Japanese text: a name and what follows it.

mod words;

use std::ops::Range;

use super::family_names::FAMILY_NAMES;
use super::folded::Folded;
use super::{Hit, Label};
use words::{ENDINGS, FORMS, GENERAL, POSTS, TITLES};

/// Most letters of a name before an ending.
const NAME_CHARS_MAX: usize = 12;
/// Most letters of a name beside a form: フューチャーエンジニアリング has 14.
const FORM_NAME_CHARS_MAX: usize = 24;
/// Most letters of a person's name before a title.
const PERSON_CHARS_MAX: usize = 4;

/// Finds them.
pub(super) fn scan(folded: &Folded, found: &mut Vec<Hit>) {
    for at in 0..folded.len() {
        if let Some(form) = FORMS.iter().find(|form| folded.reads(at, form)) {
            let range = beside_form(folded, at..at + form.chars().count());
            found.extend(range.map(|range| folded.hit(range, Label::Organization)));
        }
        if let Some(ending) = ENDINGS.iter().find(|ending| folded.reads(at, ending)) {
            let range = before_ending(folded, at, ending);
            found.extend(range.map(|range| folded.hit(range, Label::Organization)));
        }
        if let Some(title) = TITLES.iter().find(|title| folded.reads(at, title)) {
            let range = before_title(folded, at, title);
            found.extend(range.map(|range| folded.hit(range, Label::Person)));
        }
        let person = person(folded, at);
        found.extend(person.map(|range| folded.hit(range, Label::Person)));
    }
}

/// A family name with a given name behind it: 金子 里沙, 後藤陽子.
fn person(folded: &Folded, at: usize) -> Option<Range<usize>> {
    const GIVEN_CHARS_MAX: usize = 3;
    let (family, _) = FAMILY_NAMES
        .iter()
        .filter(|(kanji, _)| folded.reads(at, kanji))
        .max_by_key(|(kanji, _)| kanji.len())?;
    // 管理者清水詩織: a post may stand before the name, another word may not.
    let post = |letter: char| {
        matches!(
            letter,
            '者' | '任' | '当' | '員' | '長' | '口' | '主' | '役'
        )
    };
    if folded
        .before(at)
        .is_some_and(|letter| is_kanji(letter) && !post(letter))
    {
        return None;
    }
    let mut given = at + family.chars().count();
    let apart = folded.letter(given).is_some_and(char::is_whitespace);
    if apart {
        given += 1;
    }
    // 森 and 東 begin too many other words to be read as a name without a blank.
    if family.chars().count() == 1 && !apart {
        return None;
    }
    let end = folded.run_ahead(given, GIVEN_CHARS_MAX + 1, is_kanji);
    let length = end - given;
    let fits = (1..=GIVEN_CHARS_MAX).contains(&length);
    // 石川県, 福島市: a place, not a person.
    let place = folded.letter(given).is_some_and(|letter| {
        matches!(
            letter,
            '県' | '市' | '町' | '村' | '区' | '駅' | '港' | '支'
        )
    });
    let is_name = length > 1 || apart || folded.letter(end).is_none_or(|next| !is_katakana(next));
    (fits && !place && is_name).then_some(at..end)
}

/// A folded name without the form of its organization.
pub(super) fn without_form(name: &str) -> String {
    let mut rest = name.to_owned();
    for form in FORMS {
        rest = rest.replace(form, "");
    }
    rest
}

/// The name before or behind a form, with the form.
fn beside_form(folded: &Folded, form: Range<usize>) -> Option<Range<usize>> {
    let start = folded.run_back(form.start, FORM_NAME_CHARS_MAX, is_name_letter);
    let end = folded.run_ahead(form.end, FORM_NAME_CHARS_MAX, is_name_letter);
    let before = folded.text(start..form.start);
    let behind = folded.text(form.end..end);
    let names = |text: &str| text.chars().count() >= 2 && !GENERAL.contains(&text);
    match (names(&before), names(&behind)) {
        (true, _) => Some(start..form.end),
        (false, true) => Some(form.start..end),
        (false, false) => None,
    }
}

/// The name that ends in `ending`, which begins at `at`.
fn before_ending(folded: &Folded, at: usize, ending: &str) -> Option<Range<usize>> {
    let end = at + ending.chars().count();
    // 電力量, 通信機器, 病院長: the ending is part of a longer word.
    if folded.letter(end).is_some_and(is_kanji) && !follows_name(folded, end) {
        return None;
    }
    let last = folded.before(at)?;
    let start = if is_kanji(last) {
        folded.run_back(at, NAME_CHARS_MAX, |letter| {
            is_kanji(letter) || matches!(letter, 'ヶ' | 'ケ' | 'ノ')
        })
    } else if is_katakana(last) {
        folded.run_back(at, NAME_CHARS_MAX, is_katakana)
    } else if last.is_ascii_alphanumeric() {
        folded.run_back(at, NAME_CHARS_MAX, |letter| letter.is_ascii_alphanumeric())
    } else {
        return None;
    };
    let name = folded.text(start..at);
    let general = is_general(&name);
    let short = name.chars().count() < 2;
    (!general && !short).then_some(start..end)
}

/// Whether nothing is left of a name but general words: 大手, 業務監視.
fn is_general(name: &str) -> bool {
    let mut rest = name;
    loop {
        if GENERAL.contains(&rest) || rest.chars().count() < 2 {
            return true;
        }
        let longest = GENERAL
            .iter()
            .filter_map(|word| rest.strip_suffix(word))
            .min_by_key(|rest| rest.len());
        match longest {
            Some(shorter) => rest = shorter,
            None => return false,
        }
    }
}

/// What may follow a name of kanji directly: another part of the name or of the sentence.
fn follows_name(folded: &Folded, at: usize) -> bool {
    const FOLLOWING: &[&str] = &[
        "様",
        "殿",
        "側",
        "内",
        "間",
        "宛",
        "向",
        "等",
        "社",
        "本",
        "支",
        "営業所",
        "発電所",
        "変電所",
        "株式会社",
        "管内",
        "職員",
        "社員",
        "担当",
        "本店",
        "構内",
        "第",
        "中央",
        "北",
        "南",
        "東",
        "西",
        "新",
    ];
    FOLLOWING.iter().any(|word| folded.reads(at, word))
}

/// The name before `title`, which begins at `at`.
fn before_title(folded: &Folded, at: usize, title: &str) -> Option<Range<usize>> {
    let end = at + title.chars().count();
    // 氏名, 様子, 様式, 部長会: the title is part of a longer word.
    if folded.letter(end).is_some_and(is_kanji) {
        return None;
    }
    let start = folded.run_back(at, PERSON_CHARS_MAX + 1, |letter| {
        is_kanji(letter) || letter == '々'
    });
    let name = folded.text(start..at);
    let length = name.chars().count();
    let post = POSTS.iter().any(|word| name.ends_with(word));
    ((1..=PERSON_CHARS_MAX).contains(&length) && !post).then_some(start..end)
}

fn is_kanji(letter: char) -> bool {
    matches!(letter, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '々' | '〆')
}

fn is_katakana(letter: char) -> bool {
    matches!(letter, '\u{30A1}'..='\u{30FC}')
}

/// Letters of a name beside a form: no hiragana, since particles would run into it.
fn is_name_letter(letter: char) -> bool {
    is_kanji(letter)
        || is_katakana(letter)
        || letter.is_ascii_alphanumeric()
        || matches!(letter, '・' | '&' | '-')
}
