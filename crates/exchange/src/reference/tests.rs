use super::*;

#[test]
fn the_shipped_data_parses_and_checks_clean() {
    let faults = shipped().err().unwrap_or_default();
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}
