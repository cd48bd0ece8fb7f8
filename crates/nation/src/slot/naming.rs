//! Firms, sites, departments, telephone numbers and ticket numbers as people write them.

use crate::catalog::{PLACES, Place};
use crate::draw::Draw;
use crate::narrative::Language;
use crate::plan::{PlannedOrganization, phone};

/// A contractor or maker, with its legal form in one of the usual spellings.
pub(super) fn firm(draw: &mut Draw, language: Language) -> String {
    const JAPANESE: [&str; 12] = [
        "{p}システム株式会社",
        "株式会社{p}電算センター",
        "{p}情報サービス㈱",
        "（株）{p}テクノ",
        "{p}電機工業株式会社",
        "有限会社{p}計装",
        "{p}ネットサポート株式会社",
        "合同会社{p}クラウド",
        "㈱{p}エンジニアリング",
        "{p}印刷株式会社",
        "(株){p}ソリューションズ",
        "一般財団法人{p}保安協会",
    ];
    const ENGLISH: [&str; 6] = [
        "{p} Systems Co., Ltd.",
        "{p} Engineering K.K.",
        "{p} Network Services Inc.",
        "{p} Software Corp.",
        "{p} Instruments Co., Ltd.",
        "{p} Consulting LLC",
    ];
    let place = place(draw);
    match language {
        Language::Japanese => draw.pick(&JAPANESE).replace("{p}", &place.ja),
        Language::English => draw.pick(&ENGLISH).replace("{p}", &place.en),
    }
}

/// A site, named after the organization's own place or one nearby.
pub(super) fn site(
    draw: &mut Draw,
    organization: &PlannedOrganization,
    language: Language,
) -> String {
    let drawn = place(draw);
    let own = PLACES
        .place
        .iter()
        .chain(&PLACES.wide)
        .find(|place| Some(&place.ja) == organization.place.as_ref());
    let place = match own {
        Some(own) if draw.chance(60) => own,
        _ => drawn,
    };
    let (japanese, english) = *draw.pick(sites(organization.ceptoar.as_deref()));
    match language {
        Language::Japanese => format!("{}{japanese}", place.ja),
        Language::English => format!("{} {english}", place.en),
    }
}

fn sites(ceptoar: Option<&str>) -> &'static [(&'static str, &'static str)] {
    match ceptoar.unwrap_or_default() {
        "electricity" => &[
            ("変電所", "substation"),
            ("第二変電所", "No. 2 substation"),
            ("火力発電所", "thermal power station"),
            ("給電指令所", "dispatching center"),
        ],
        "gas" => &[
            ("供給所", "supply station"),
            ("製造所", "gas works"),
            ("導管センター", "pipeline center"),
        ],
        "water" => &[
            ("浄水場", "purification plant"),
            ("配水場", "service reservoir"),
            ("第三ポンプ場", "No. 3 pumping station"),
        ],
        "railways" => &[
            ("駅", "station"),
            ("運輸指令所", "control center"),
            ("車両基地", "depot"),
        ],
        "airports" | "aviation" => &[
            ("空港旅客ターミナル", "passenger terminal"),
            ("空港貨物上屋", "cargo shed"),
        ],
        "ports" => &[("港第一ゲート", "gate 1"), ("港管理棟", "port office")],
        "medical" => &[
            ("病院本館", "hospital main building"),
            ("病院東棟", "hospital east wing"),
        ],
        "petroleum" | "chemical" => &[
            ("製油所", "refinery"),
            ("工場", "works"),
            ("油槽所", "oil depot"),
        ],
        "t-ceptoar" | "cable-television" | "broadcasting" => &[
            ("局舎", "exchange"),
            ("中継所", "relay station"),
            ("送信所", "transmitter"),
        ],
        "local-government" => &[("支所", "branch office"), ("出張所", "local office")],
        "logistics" => &[("物流センター", "logistics center"), ("営業所", "depot")],
        _ => &[("支店", "branch"), ("事務センター", "operations center")],
    }
}

/// A department; nobody is recognized by it.
pub(super) fn department(draw: &mut Draw, language: Language) -> String {
    const JAPANESE: [&str; 9] = [
        "総務課",
        "経理課",
        "設備保全課",
        "営業課",
        "情報システム課",
        "資材課",
        "工務課",
        "広報室",
        "企画課",
    ];
    const ENGLISH: [&str; 6] = [
        "accounting",
        "maintenance",
        "general affairs",
        "procurement",
        "sales",
        "planning",
    ];
    match language {
        Language::Japanese => (*draw.pick(&JAPANESE)).to_owned(),
        Language::English => (*draw.pick(&ENGLISH)).to_owned(),
    }
}

/// A telephone number in one of the spellings people use.
pub(super) fn written_phone(draw: &mut Draw, area: &str) -> String {
    let plain = phone(draw, area);
    match draw.below(10) {
        0 => plain
            .replacen('-', ")", 1)
            .replacen(area, &format!("({area}"), 1),
        1 => plain.chars().map(full_width).collect(),
        2 => format!("+81-{}", plain.trim_start_matches('0')),
        3 => format!("090-0{:03}-{:04}", draw.below(1_000), draw.below(10_000)),
        _ => plain,
    }
}

/// A number of the source's own register.
pub(super) fn ticket(draw: &mut Draw, abbreviation: &str) -> String {
    match draw.below(6) {
        0 => format!("INC{:07}", draw.below(100_000)),
        1 => format!("{abbreviation}-INC-{:04}", draw.below(10_000)),
        2 => format!("SR#{:05}", draw.below(100_000)),
        3 => format!("CHG{:07}", draw.below(100_000)),
        4 => format!("TKT-{:05}", draw.below(100_000)),
        _ => format!("{abbreviation}-{:06}", draw.below(1_000_000)),
    }
}

fn place(draw: &mut Draw) -> &'static Place {
    draw.pick(&PLACES.place)
}

fn full_width(letter: char) -> char {
    match letter {
        '!'..='~' => char::from_u32(u32::from(letter) - 0x21 + 0xFF01).unwrap_or(letter),
        _ => letter,
    }
}
