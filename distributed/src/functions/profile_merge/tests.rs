use datafusion::arrow::array::{Int32Array, RecordBatch};
use datafusion::arrow::datatypes::{Field, Schema};
use datafusion::logical_expr::{Expr, ExprFunctionExt as _, col, lit};
use datafusion::prelude::DataFrame;
use flow::column::{Address, Ending};
use flow::engine::{Engine, Settings};
use flow::profile::Linking;
use flow::sealed::{Opened, SealedPort, Talk, Way};
use seal::subscriber::SubscriberToken;

use super::*;
use crate::cluster::embedded;
use crate::functions::profile_merge;

/// The profile of one server in one hour, in which so many clients called.
fn profile(hour: i64, clients: u64) -> KeptProfile {
    let mut engine = Engine::new(Settings::default());
    engine.keep(Linking(hour.unsigned_abs() % 2));
    let talks: Vec<_> = (0..clients).map(|client| call(hour, client)).collect();
    engine.take(&talks);
    let mut rows = Vec::new();
    engine.end_hour(hour, |row| rows.push(row));
    rows.pop().unwrap().profile
}

fn call(hour: i64, client: u64) -> Talk<Address> {
    let start_ms = hour * 3_600_000 + client.cast_signed() * 1_000;
    Talk {
        server: Address::v4(0xcb00_7109),
        server_port: 4_444,
        subscriber: SubscriberToken::from_bits(u128::from(client) << 64),
        household: 0,
        subscriber_port: SealedPort::kept(1, 0),
        protocol: 6,
        flags: 0x1b,
        way: Way::Forth,
        packets: 6,
        bytes: 400 + client,
        start_ms,
        end_ms: start_ms,
        sampling: 1,
        ending: Ending::Ended,
        opened: Opened::Inside,
    }
}

/// A table of states in parts, in batches of three rows.
fn table(states: &[(i32, Option<Vec<u8>>)]) -> DataFrame {
    let context = embedded(4).unwrap();
    let fields = [
        Field::new("part", DataType::Int32, false),
        Field::new("state", DataType::Binary, true),
    ];
    let schema = Arc::new(Schema::new(fields.to_vec()));
    let batch = |rows: &[(i32, Option<Vec<u8>>)]| {
        let parts = rows.iter().map(|(part, _)| *part);
        let states = rows.iter().map(|(_, state)| state.as_deref());
        let columns: [ArrayRef; 2] = [
            Arc::new(parts.collect::<Int32Array>()),
            Arc::new(states.collect::<BinaryArray>()),
        ];
        RecordBatch::try_new(Arc::clone(&schema), columns.to_vec()).unwrap()
    };
    let batches = states.chunks(3).map(|rows| vec![batch(rows)]).collect();
    let table = datafusion::datasource::MemTable::try_new(Arc::clone(&schema), batches);
    context.read_table(Arc::new(table.unwrap())).unwrap()
}

fn merged() -> Expr {
    profile_merge().call(vec![col("state")])
}

/// The one merged state of each row of an answer.
async fn asked(answer: DataFrame) -> Result<Vec<Option<Vec<u8>>>> {
    let batches = answer.collect().await?;
    let states = batches.iter().flat_map(|batch| {
        let states = batch.column_by_name("merged").unwrap().as_binary::<i32>();
        let states = states.iter().map(|octets| octets.map(<[u8]>::to_vec));
        states.collect::<Vec<_>>()
    });
    Ok(states.collect())
}

/// By `part`, in its order.
fn grouped(table: DataFrame, state: Expr) -> DataFrame {
    let states = table.aggregate(vec![col("part")], vec![state.alias("merged")]);
    states.unwrap().sort_by(vec![col("part")]).unwrap()
}

/// Of one part, without groups.
fn of_part(table: DataFrame, part: i32) -> DataFrame {
    let rows = table.filter(col("part").eq(lit(part))).unwrap();
    rows.aggregate(vec![], vec![merged().alias("merged")])
        .unwrap()
}

#[tokio::test]
async fn states_of_a_group_merge_as_profiles_do() {
    let kept: Vec<_> = (0..20)
        .map(|hour| profile(500_000 + hour, 3 + hour.unsigned_abs()))
        .collect();
    let mut states: Vec<(i32, Option<Vec<u8>>)> = (0..)
        .zip(&kept)
        .map(|(row, profile)| (row % 2, Some(profile.to_bytes())))
        .collect();
    // A row without a state adds nothing.
    states.push((1, None));
    let expected = |part: usize| {
        let mut merged = KeptProfile::none();
        for profile in kept.iter().skip(part).step_by(2) {
            merged.merge(profile);
        }
        Some(merged.to_bytes())
    };
    let table = table(&states);
    let by_part = asked(grouped(table.clone(), merged())).await.unwrap();
    assert_eq!(by_part, [expected(0), expected(1)]);
    let one = asked(of_part(table.clone(), 0)).await.unwrap();
    assert_eq!(one, [expected(0)]);
    let none = asked(of_part(table.clone(), 7)).await.unwrap();
    assert_eq!(none, [None]);
    let only_one = merged().filter(col("part").eq(lit(1))).build().unwrap();
    let some = asked(grouped(table, only_one)).await.unwrap();
    assert_eq!(some, [None, expected(1)]);
}

#[tokio::test]
async fn what_is_no_profile_is_an_error_and_not_left_out() {
    let table = table(&[
        (0, Some(profile(500_000, 4).to_bytes())),
        (0, Some(vec![9, 9])),
    ]);
    assert!(asked(of_part(table.clone(), 0)).await.is_err());
    assert!(asked(grouped(table, merged())).await.is_err());
}
