use super::*;

fn counted(row: &str, sources: &[u8]) -> Vec<Counted> {
    let one = |source: &u8| Counted {
        row: row.parse().unwrap(),
        source: (*source > 0).then(|| OrganizationId::from_random([*source; 16])),
    };
    sources.iter().map(one).collect()
}

fn published_week(counted: Vec<Counted>) -> PublishedWeek {
    PublishedWeek {
        shown: week(&counted).content().clone(),
        counted,
    }
}

#[test]
fn a_week_shows_only_rows_with_five_named_sources() {
    let mut reports = counted("water", &[1, 2, 3, 4, 5, 0]);
    reports.extend(counted("gas", &[6, 7, 8, 9]));
    reports.extend(counted("banks", &[0; 30]));
    let shown = week(&reports);
    assert_eq!(shown.content().len(), 1);
    assert_eq!(shown.content()["water"], 6);
    assert_eq!(shown.handling().tlp, Tlp::Amber);
}

#[test]
fn a_quarter_is_the_sum_of_its_weeks_as_they_were_published() {
    let open = || published_week(counted("water", &[1, 2, 3, 4, 5]));
    let whole = quarter(&BTreeSet::new(), &[open(), open()]);
    assert_eq!(whole.content().sectors["water"], 10);
    assert_eq!(whole.content().whole, Some(10));
    assert_eq!(whole.handling().tlp, Tlp::Green);
    // One more source in another week would be told by the difference.
    let late = published_week(counted("water", &[6]));
    let figures = quarter(&BTreeSet::new(), &[open(), open(), late]);
    assert!(figures.content().sectors.is_empty());
    assert_eq!(figures.content().whole, None);
}

#[test]
fn an_empty_sector_is_withheld_like_a_small_one() {
    let open = || published_week(counted("water", &[1, 2, 3, 4, 5]));
    let rows = ["water", "gas"].map(|row| row.parse().unwrap()).into();
    let figures = quarter(&rows, &[open(), open()]);
    assert_eq!(figures.content().sectors.len(), 1);
    assert_eq!(figures.content().whole, None);
}

#[test]
fn a_week_that_was_withheld_stays_withheld_in_its_quarter() {
    // Published when four had reported; it is not checked again with what is known today.
    let withheld = PublishedWeek {
        shown: Shown::new(),
        counted: counted("water", &[1, 2, 3, 4, 5]),
    };
    let open = published_week(counted("water", &[1, 2, 3, 4, 5]));
    assert_eq!(
        quarter(&BTreeSet::new(), &[withheld, open])
            .content()
            .sectors["water"],
        10
    );
}

/// Two hubs whose stores differ by one report: no figure that both publish differs by less than a
/// set that passes, and a figure that one withholds and the other shows is not the sum of a shown
/// one and that report.
#[test]
fn a_report_more_never_shows_as_one_more_between_tables_of_one_hub() {
    let base: Vec<Vec<Counted>> = vec![
        counted("water", &[1, 2, 3, 4, 5, 6]),
        counted("water", &[1, 2, 3]),
        counted("water", &[4, 5, 7, 8, 9]),
    ];
    for at in 0..base.len() {
        let mut more = base.clone();
        more[at].extend(counted("water", &[9]));
        let weeks: Vec<PublishedWeek> = more.into_iter().map(published_week).collect();
        let figures = quarter(&BTreeSet::new(), &weeks);
        let told: u64 = weeks
            .iter()
            .filter_map(|week| week.shown.get("water"))
            .sum();
        if let Some(whole) = figures.content().sectors.get("water") {
            let rest = whole - told;
            let hidden = weeks
                .iter()
                .filter(|week| week.shown.is_empty())
                .flat_map(|week| &week.counted)
                .filter_map(|counted| counted.source)
                .collect::<BTreeSet<_>>();
            assert!(rest == 0 || hidden.len() >= crate::statistic::SOURCES_MIN);
        }
    }
}
