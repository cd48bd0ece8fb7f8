use rusqlite::{Connection, StatementStatus, named_params};

use super::{DATA_STEPS, keep_plans, migrate};

/// How often one statement was planned anew while it was asked for different readers.
fn planned_anew(connection: &Connection) -> i32 {
    let mut statement = connection
        .prepare(
            "SELECT part_id FROM part_audience
             WHERE audience_key = :key AND purpose = :purpose AND clearance <= :clearance
             LIMIT :limit",
        )
        .unwrap();
    for number in 1..=5 {
        let bound = named_params! {
            ":key": format!("org_{number}"), ":purpose": "defense", ":clearance": number % 4,
            ":limit": number,
        };
        assert!(statement.query(bound).unwrap().next().unwrap().is_none());
    }
    statement.get_status(StatementStatus::RePrepare)
}

#[test]
fn a_statement_is_planned_once_whoever_asks() {
    let connection = Connection::open_in_memory().unwrap();
    migrate(&connection, DATA_STEPS).unwrap();
    assert_ne!(planned_anew(&connection), 0, "the measure sees nothing");
    keep_plans(&connection).unwrap();
    assert_eq!(planned_anew(&connection), 0);
}
