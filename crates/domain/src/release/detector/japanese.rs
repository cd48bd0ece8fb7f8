//! Names of organizations, facilities and persons in Japanese text: a name and what follows it.

use std::ops::Range;

use super::family_names::FAMILY_NAMES;
use super::folded::Folded;
use super::{Hit, Label};

/// Forms of organizations, folded (㈱ becomes (株)).
const FORMS: &[&str] = &[
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "一般社団法人",
    "公益社団法人",
    "一般財団法人",
    "公益財団法人",
    "独立行政法人",
    "国立大学法人",
    "地方独立行政法人",
    "医療法人社団",
    "医療法人",
    "学校法人",
    "社会福祉法人",
    "協同組合",
    "企業団",
    "(株)",
    "(有)",
    "(同)",
    "(一社)",
    "(公財)",
    "(独)",
    "(医)",
];

/// What names of organizations and facilities end in. Longer ones first.
const ENDINGS: &[&str] = &[
    "水道企業団",
    "上下水道局",
    "医療センター",
    "データセンター",
    "信用金庫",
    "信用組合",
    "電力送配電",
    "ネットワーク",
    "市役所",
    "町役場",
    "村役場",
    "区役所",
    "上水道局",
    "下水道局",
    "水道局",
    "交通局",
    "電力",
    "電気",
    "電灯",
    "病院",
    "医院",
    "診療所",
    "銀行",
    "証券",
    "生命保険",
    "損害保険",
    "生命",
    "鉄道",
    "電鉄",
    "高速鉄道",
    "航空",
    "空港",
    "港湾",
    "埠頭",
    "ふ頭",
    "ガス",
    "瓦斯",
    "石油",
    "化学",
    "化成",
    "製油所",
    "物流",
    "運輸",
    "運送",
    "倉庫",
    "通信",
    "テレコム",
    "放送",
    "テレビ",
    "ケーブル",
    "クレジット",
    "カード",
    "工業",
    "製作所",
    "発電所",
    "変電所",
    "浄水場",
    "配水場",
    "配水池",
    "ポンプ場",
    "処理場",
    "制御所",
    "給電所",
    "工場",
    "事業所",
    "出張所",
    "中継所",
    "送信所",
    "局舎",
    "管制塔",
    "支局",
    "本社",
    "車両基地",
    "備蓄基地",
    "基地",
    "油槽所",
    "操車場",
    "検車区",
    "車両所",
    "集配所",
    "取水場",
    "供給所",
    "整圧所",
    "電気所",
    "分室",
    "庁舎",
    "分院",
    "病棟",
    "ヤード",
    "バース",
    "コンテナ埠頭",
    "管理所",
    "センター",
    "サービスステーション",
    "倉庫",
    "電算室",
    "エンジニアリング",
    "コンサルティング",
    "営業所",
    "支社",
    "支店",
    "本店",
    "支所",
    "駅",
    "県庁",
    "府庁",
    "道庁",
    "都庁",
    "大学",
    "クリニック",
    "ターミナル",
    "サービス株式会社",
    "システムズ",
    "ソリューションズ",
    "エナジー",
    "エネルギー",
    "ホールディングス",
    "グループ本社",
];

/// Titles behind a person's name.
const TITLES: &[&str] = &[
    "本部長",
    "副部長",
    "次長",
    "部長",
    "課長補佐",
    "課長",
    "係長",
    "主任",
    "主査",
    "室長",
    "所長",
    "局長",
    "班長",
    "社長",
    "院長",
    "参事",
    "専務",
    "常務",
    "氏",
    "さん",
    "様",
    "主幹",
];

/// What stands before an ending without making a name of it: 当病院, 大手電力, 各空港.
const GENERAL: &[&str] = &[
    "操作",
    "遠隔操作",
    "設備",
    "工事",
    "機器",
    "装置",
    "系統",
    "電源",
    "施設",
    "共同",
    "拠点",
    "担当",
    "備蓄",
    "車両",
    "観測",
    "無人",
    "有人",
    "事故",
    "災害",
    "窓口",
    "文章生成",
    "閲覧",
    "コール",
    "サポート",
    "ビジネス",
    "お客様",
    "オペレーション",
    "セキュリティ",
    "セキュリティー",
    "情報",
    "調整",
    "運用",
    "受付",
    "事務",
    "給電指令",
    "指令",
    "対策",
    "対応",
    "統括",
    "クラウド",
    "インターネット",
    "基幹業務",
    "管理",
    "会計",
    "予約",
    "顧客",
    "公開",
    "認証",
    "配信",
    "電子",
    "運行",
    "料金",
    "決済",
    "勤怠",
    "メール",
    "オペレーティング",
    "ウェブ",
    "web",
    "ot",
    "it",
    "erp",
    "経理",
    "人事",
    "契約",
    "生産管理",
    "在庫",
    "受発注",
    "物流",
    "予備",
    "中央",
    "保護",
    "情報系",
    "制御系",
    "基幹系",
    "遠隔監視",
    "監視制御",
    "防災",
    "放送",
    "通信",
    "診療",
    "電子カルテ",
    "旅客",
    "搭乗",
    "地図",
    "検針",
    "入退室",
    "当",
    "同",
    "各",
    "本",
    "他",
    "全",
    "某",
    "両",
    "該",
    "自",
    "御",
    "貴",
    "弊",
    "該当",
    "当該",
    "一般",
    "総合",
    "大手",
    "地域",
    "複数",
    "全国",
    "国内",
    "海外",
    "民間",
    "都市",
    "主要",
    "中小",
    "近隣",
    "関連",
    "関係",
    "大規模",
    "小規模",
    "同種",
    "同業",
    "別",
    "新",
    "旧",
    "再生可能",
    "都内",
    "県内",
    "市内",
    "地方",
    "中核",
    "基幹",
    "取引",
    "決済",
    "無線",
    "有線",
    "外部",
    "内部",
    "不正",
    "不審",
    "暗号",
    "暗号化",
    "定期",
    "遠隔",
    "平文",
    "異常",
    "双方向",
    "常時",
    "制御",
    "監視",
    "業務",
    "社内",
    "社外",
    "構内",
    "専用",
    "公衆",
    "光",
    "衛星",
    "携帯",
    "重",
    "軽",
    "商",
    "鉱",
    "軽油",
    "原子力",
    "火力",
    "水力",
    "太陽光",
    "風力",
    "地熱",
    "水素",
    "都市ガス",
    "天然",
    "液化",
    "排",
    "有毒",
    "監視カメラ",
    "仮想",
    "sim",
    "ic",
    "usb",
    "sd",
    "lan",
    "id",
    "メモリ",
    "メモリー",
    "グラフィック",
    "グラフィックス",
    "キャッシュ",
    "ポイント",
    "医療",
    "救急",
    "精神",
    "公立",
    "私立",
    "国立",
    "県立",
    "市立",
    "町立",
    "大",
    "小",
    "中",
    "消費",
    "供給",
    "余剰",
    "待機",
    "最大",
    "総",
    "定格",
    "受",
    "送",
    "発",
    "停",
    "節",
    "本人",
    "最寄",
    "最寄り",
    "始発",
    "終着",
    "有線lan",
    "無線lan",
    "端末",
    "機器間",
    "装置間",
    "サーバー間",
    "拠点間",
    "当社",
    "自社",
    "他社",
    "全社",
    "各社",
    "両社",
    "同社",
    "弊社",
    "生産",
    "製造",
    "主力",
    "委託先",
    "取引先",
    "保守",
    "その",
];

/// What stands before a title without being a name: 情報システム課長, 担当部長.
const POSTS: &[&str] = &[
    "担当",
    "副",
    "総務",
    "情報",
    "技術",
    "工務",
    "営業",
    "企画",
    "管理",
    "運用",
    "保守",
    "システム",
    "経営",
    "当直",
    "現場",
    "各",
    "同",
    "両",
    "全",
    "当",
    "元",
    "前",
    "前任",
    "後任",
    "統括",
    "総括",
    "代表取締役",
    "取締役",
    "お客",
    "客",
    "利用者",
    "患者",
    "皆",
    "業者",
    "神",
    "有",
    "多",
    "仕",
    "模",
    "同",
    "一",
    "異",
    "別",
    "担当者",
    "職員",
    "社員",
    "班",
    "奥",
    "みな",
    "病",
    "研究",
    "発電",
    "変電",
    "営業",
    "事業",
    "支",
    "出張",
    "事務",
    "安全",
    "品質",
    "設備",
    "施設",
    "水道",
    "交通",
    "下水道",
];

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
