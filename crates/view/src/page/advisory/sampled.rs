//! Made-up text for the samples of the pages about advisories.

use std::collections::BTreeMap;

use domain::confidential::Confidential;
use domain::handling::Tlp;
use domain::part::PartBody;
use domain::part::field::{Field, Value};
use domain::release::own;

use super::AdvisoryText;
use crate::part::HandlingBar;
use crate::words::{Language, Words};

pub(crate) fn issuer(words: Words) -> String {
    say(
        words,
        "国家サイバー統括センター(架空)",
        "National center (fictional)",
    )
}

pub(crate) fn bar(words: Words) -> HandlingBar {
    HandlingBar {
        tlp: Tlp::Amber,
        purposes: vec![say(words, "防御", "Defense")],
        circles: vec![words.t("advisory-reaches-named").into_owned()],
        expires_at: None,
    }
}

pub(crate) fn text(words: Words) -> AdvisoryText {
    let texts = [
        (
            Field::Title,
            "遠隔保守用VPN装置に管理者を追加する攻撃",
            "Attackers add administrators to VPN gateways used for remote maintenance",
        ),
        (
            Field::Gist,
            "公開された脆弱性を使い、装置に見覚えのない管理者を追加する攻撃が3分野で続いています。",
            "A published flaw is used in three sectors to add unknown administrators to gateways.",
        ),
        (
            Field::Background,
            "攻撃は11月18日に始まり、夜間に集中しています。",
            "It began on 18 November and mostly happens at night.",
        ),
        (
            Field::References,
            "CVE-2026-00001（架空）",
            "CVE-2026-00001 (fictional)",
        ),
        (
            Field::ActionSystemStaff,
            "装置の管理者一覧を確かめ、見覚えのない者を止める。\n更新プログラムを適用する。",
            "Check the list of administrators and stop any you do not know.\nApply the update.",
        ),
        (
            Field::ActionExecutive,
            "夜間の遠隔保守を止めるかどうかを判断する。",
            "Decide whether to stop remote maintenance at night.",
        ),
    ];
    let fields: BTreeMap<Field, Value> = texts
        .into_iter()
        .map(|(field, ja, en)| (field, Value::Text(say(words, ja, en))))
        .collect();
    AdvisoryText(own(Confidential::new(PartBody::new(fields))))
}

pub(crate) fn say(words: Words, ja: &str, en: &str) -> String {
    match words.language() {
        Language::Ja => ja,
        Language::En => en,
    }
    .to_owned()
}
