//! The advisories of two years: who issues what to whom.

use std::sync::LazyLock;

use domain::advisory::AdvisoryKind;
use domain::handling::Tlp;
use domain::organization::{OrganizationKind, Tier};
use domain::part::field::Field;
use serde::Deserialize;

use super::organizations::position_of;
use super::quota::YEAR_DAYS;
use super::{Moment, Plan, PlannedAdvisory, Story};
use crate::catalog::built_in;
use crate::draw::Draw;

/// Advisories of the older and the last year: fiscal 2022 and 2023 of the published statistics.
pub(crate) const PUBLISHED_ADVISORIES: [usize; 2] = [83, 127];

/// In a hundred advisories of the last year, those written after a real public one.
const PUBLIC_PERCENT: usize = 22;

const PRODUCTS: [&str; 8] = [
    "KumoLink Gate 4",
    "HayateVPN 9",
    "MizuView Server 3",
    "TetsuBridge 300",
    "SoraMail Plus",
    "KageAuth 2",
    "AkariCam NVR-16",
    "NamiForm 5",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    key: String,
    kind: String,
    story: Option<String>,
    /// Days after the story began.
    #[serde(default)]
    days_after: i64,
    title: String,
    gist: String,
    detail: String,
    executive: Option<String>,
    ciso: Option<String>,
    system: Option<String>,
    ot: Option<String>,
}

/// A real public advisory, in our words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Public {
    source: String,
    product: String,
    cve: Vec<String>,
    title: String,
    gist: String,
    groups: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    advisory: Vec<Written>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PublicFile {
    public: Vec<Public>,
}

static WRITTEN: LazyLock<Vec<Written>> =
    LazyLock::new(|| built_in::<WrittenFile>(include_str!("../../data/advisories.toml")).advisory);
static PUBLIC: LazyLock<Vec<Public>> = LazyLock::new(|| {
    built_in::<PublicFile>(include_str!("../../data/public_advisories.toml")).public
});

/// Every advisory, oldest first.
pub(super) fn advisories(plan: &Plan) -> Vec<PlannedAdvisory> {
    let mut found = of_stories(plan);
    for (year, published) in PUBLISHED_ADVISORIES.into_iter().enumerate() {
        let mut draw = Draw::new(plan.seed, &format!("advisories/{year}"));
        let told = found
            .iter()
            .filter(|one| one.issued.days_back < YEAR_DAYS)
            .count();
        let rest = if year == 0 {
            published
        } else {
            published.saturating_sub(told)
        };
        found.extend((0..rest).filter_map(|number| {
            // The first of the last year go through the public ones, so that each occurs.
            let public = PUBLIC.get(number).filter(|_| year == 1);
            ordinary(plan, &mut draw, year, public)
        }));
    }
    found.sort_by_key(|one| (-one.issued.days_back, one.issued.second));
    found
}

fn of_stories(plan: &Plan) -> Vec<PlannedAdvisory> {
    let mut draw = Draw::new(plan.seed, "advisories/stories");
    let begins: Vec<(Story, i64)> = [Story::Wave, Story::Flood, Story::Cascade]
        .into_iter()
        .flat_map(|story| {
            let mut days: Vec<i64> = plan
                .reports
                .iter()
                .filter(|report| report.story == Some(story))
                .map(|report| report.accepted.days_back)
                .collect();
            days.sort_unstable();
            // A gap of more than ten days is another burst of the same story.
            let later = days
                .get(1..)
                .unwrap_or_default()
                .iter()
                .map(Some)
                .chain([None]);
            let firsts: Vec<(Story, i64)> = days
                .iter()
                .zip(later)
                .filter(|(day, later)| later.is_none_or(|later| later - **day > 10))
                .map(|(day, _)| (story, *day))
                .collect();
            firsts
        })
        .collect();
    let mut found = Vec::new();
    for (story, began) in begins {
        let word = match story {
            Story::Wave => "wave",
            Story::Flood => "flood",
            Story::Cascade => "cascade",
        };
        for written in WRITTEN
            .iter()
            .filter(|one| one.story.as_deref() == Some(word))
        {
            let days_back = (began - written.days_after).max(0);
            let groups: &[&str] = match story {
                Story::Wave => &["electricity", "medical", "local-government", "water", "gas"],
                Story::Flood => &["electricity", "banks", "railways", "airports"],
                Story::Cascade => &["electricity", "t-ceptoar", "medical", "water"],
            };
            let issuer = position_of("center");
            let one = issuer.and_then(|issuer| {
                let communities = members_of(plan, groups.iter().copied());
                issued(
                    plan,
                    &mut draw,
                    issuer,
                    days_back,
                    communities,
                    written,
                    Some(story),
                )
            });
            found.extend(one);
        }
    }
    found
}

fn ordinary(
    plan: &Plan,
    draw: &mut Draw,
    year: usize,
    public: Option<&Public>,
) -> Option<PlannedAdvisory> {
    let youngest = if year == 0 { YEAR_DAYS } else { 1 };
    let days_back = youngest + draw.between(0, YEAR_DAYS - 2);
    let again = (year == 1 && draw.chance(PUBLIC_PERCENT)).then(|| draw.pick(&PUBLIC));
    if let Some(public) = public.or(again) {
        return from_public(plan, draw, days_back, public);
    }
    let list: Vec<&Written> = WRITTEN.iter().filter(|one| one.story.is_none()).collect();
    let written = *draw.pick(&list);
    let (issuer, community) = issuer_and_community(plan, draw, written.ot.is_some())?;
    issued(
        plan,
        draw,
        issuer,
        days_back,
        vec![community],
        written,
        None,
    )
}

/// Who issues, and to the members of which CEPTOAR: the center to any, a ministry or secretariat to
/// its own.
fn issuer_and_community(plan: &Plan, draw: &mut Draw, control: bool) -> Option<(usize, usize)> {
    let relays: Vec<usize> = plan
        .organizations
        .iter()
        .enumerate()
        .filter(|(at, one)| {
            let runs_control = plan
                .organizations
                .iter()
                .any(|member| member.reports_to == Some(*at) && member.has_control_systems);
            one.kind == OrganizationKind::Ceptoar && (runs_control || !control)
        })
        .map(|(at, _)| at)
        .collect();
    let relay = *draw.pick(&relays);
    let community = plan
        .communities
        .iter()
        .position(|one| one.secretariat == Some(relay))?;
    let issuer = match draw.below(100) {
        0..=54 => position_of("center")?,
        55..=79 => plan.organizations.get(relay)?.reports_to?,
        _ => relay,
    };
    Some((issuer, community))
}

fn members_of<'a>(plan: &Plan, groups: impl Iterator<Item = &'a str>) -> Vec<usize> {
    groups
        .filter_map(|group| {
            plan.communities
                .iter()
                .position(|one| one.code.as_deref() == Some(group))
        })
        .collect()
}

fn issued(
    plan: &Plan,
    draw: &mut Draw,
    issuer: usize,
    days_back: i64,
    communities: Vec<usize>,
    written: &Written,
    story: Option<Story>,
) -> Option<PlannedAdvisory> {
    let product = *draw.pick(&PRODUCTS);
    let fill = |text: &str| text.replace("{product}", product);
    let actions = [
        (Tier::Executive, &written.executive),
        (Tier::Ciso, &written.ciso),
        (Tier::SystemStaff, &written.system),
        (Tier::OtStaff, &written.ot),
    ];
    let mut texts = vec![
        (Field::Title, fill(&written.title)),
        (Field::Gist, fill(&written.gist)),
        (Field::Detail, fill(&written.detail)),
    ];
    let mut tiers = Vec::new();
    for (tier, action) in actions {
        if let Some(action) = action {
            texts.push((Field::action_of(tier), fill(action)));
            tiers.push((tier, due_days(draw, story)));
        }
    }
    if texts.iter().any(|(_, text)| text.contains(product)) {
        texts.push((Field::Products, product.to_owned()));
    }
    let kind = written.kind.parse().ok()?;
    let tlp = if story.is_some() {
        Tlp::Amber
    } else {
        *draw.pick(&[Tlp::Green, Tlp::Green, Tlp::Amber])
    };
    plan.organizations.get(issuer)?;
    Some(PlannedAdvisory {
        issuer,
        template: written.key.clone(),
        kind,
        grade: grade(story),
        issued: at(draw, days_back),
        tlp,
        communities,
        texts,
        tiers,
        story,
    })
}

fn from_public(
    plan: &Plan,
    draw: &mut Draw,
    days_back: i64,
    public: &Public,
) -> Option<PlannedAdvisory> {
    let issuer = position_of("center")?;
    let group = draw.pick(&public.groups);
    let communities = members_of(plan, [group.as_str()].into_iter());
    let system = "該当の製品の有無を確かめ、製造元の案内に従って更新してください。更新できない場合は外からの接続を断ってください。";
    let ciso = "利用の有無と、更新の予定を回答してください。";
    let texts = vec![
        (Field::Title, public.title.clone()),
        (Field::Gist, public.gist.clone()),
        (Field::Products, public.product.clone()),
        (
            Field::Detail,
            format!("該当の番号: {}", public.cve.join(", ")),
        ),
        (
            Field::References,
            format!(
                "CISA {} をもとに書きました。\nWritten after CISA advisory {}.",
                public.source, public.source
            ),
        ),
        (Field::action_of(Tier::Ciso), ciso.to_owned()),
        (Field::action_of(Tier::SystemStaff), system.to_owned()),
    ];
    Some(PlannedAdvisory {
        issuer,
        template: public.source.clone(),
        kind: AdvisoryKind::Vulnerability,
        grade: "outside-act",
        issued: at(draw, days_back),
        tlp: Tlp::Clear,
        communities,
        texts,
        tiers: vec![
            (Tier::Ciso, due_days(draw, None)),
            (Tier::SystemStaff, due_days(draw, None)),
        ],
        story: None,
    })
}

const fn grade(story: Option<Story>) -> &'static str {
    match story {
        Some(_) => "for-provision",
        None => "outside-act",
    }
}

fn due_days(draw: &mut Draw, story: Option<Story>) -> i64 {
    match story {
        Some(_) => draw.between(1, 2),
        None => draw.between(5, 30),
    }
}

fn at(draw: &mut Draw, days_back: i64) -> Moment {
    Moment {
        days_back,
        second: draw.between(9 * 3_600, 19 * 3_600),
    }
}
