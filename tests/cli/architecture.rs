//! Which crate may know which: docs/architecture.md.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

use crate::program::CHECKOUT;

/// Each crate with the crates of ours that it depends on, other than in tests.
const ARROWS: [(&str, &[&str]); 16] = [
    ("feriematch-apportion", &[]),
    ("feriematch-audit", &["model"]),
    ("feriematch-core", &["model", "solver"]),
    ("feriematch-ingest", &["model"]),
    ("feriematch-ledger", &[]),
    ("feriematch-letters", &["model", "payroll"]),
    ("feriematch-model", &[]),
    ("feriematch-payroll", &["model"]),
    ("feriematch-plan", &["apportion", "core", "ingest", "model", "payroll", "rounds", "solver"]),
    ("feriematch-privacy", &[]),
    ("feriematch-python", &["audit", "core", "ingest", "model", "plan", "report"]),
    ("feriematch-report", &["audit", "core", "ingest", "model", "payroll", "privacy"]),
    ("feriematch-rounds", &[]),
    ("feriematch-solver", &[]),
    ("feriematch-synth", &["apportion", "model"]),
    (
        "feriematch",
        &[
            "apportion",
            "audit",
            "core",
            "ingest",
            "ledger",
            "letters",
            "model",
            "payroll",
            "plan",
            "privacy",
            "report",
            "rounds",
            "synth",
        ],
    ),
];

#[test]
fn crates_depend_on_each_other_only_along_the_arrows() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(CHECKOUT)
        .output()
        .expect("cargo can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    // A kind is `dev` or `build`; a normal dependency has none.
    let known_to = |package: &Value| -> BTreeSet<String> {
        let normal = list(&package["dependencies"]).into_iter().filter(|d| d["kind"].is_null());
        normal.map(|d| text(&d["name"])).filter(|name| name.starts_with("feriematch")).collect()
    };
    let found: BTreeMap<String, BTreeSet<String>> =
        list(&metadata["packages"]).iter().map(|package| (text(&package["name"]), known_to(package))).collect();
    let with_prefix = |names: &[&str]| names.iter().map(|name| format!("feriematch-{name}")).collect();
    assert_eq!(found, ARROWS.map(|(name, known)| (name.to_owned(), with_prefix(known))).into());
}
