use std::collections::BTreeSet;
use std::path::Path;

use web::routes::table;

/// `METHOD path needs`, one line per route, sorted by path.
fn printed() -> String {
    let mut lines: Vec<String> = table()
        .iter()
        .map(|route| format!("{:<5} {:<44} {}", route.method, route.path, route.needs))
        .collect();
    lines.sort_by(|a, b| a.get(6..).cmp(&b.get(6..)));
    lines.join("\n") + "\n"
}

#[test]
fn golden_routes() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/routes.txt");
    let now = printed();
    if std::env::var_os("NOROSHI_BLESS").is_some() {
        std::fs::write(&file, &now).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == now,
        "the routes changed; look at them, then run `cargo xtask gen`\n{now}"
    );
}

#[test]
fn no_route_stands_twice() {
    let routes = table();
    let distinct: BTreeSet<_> = routes
        .iter()
        .map(|route| (route.method, route.path))
        .collect();
    assert_eq!(distinct.len(), routes.len());
}

#[test]
fn whatever_changes_something_is_posted() {
    for route in table() {
        assert!(
            matches!(route.method, "GET" | "POST"),
            "{} {}",
            route.method,
            route.path
        );
    }
}
