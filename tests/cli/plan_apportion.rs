//! Places and money over districts, from files.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::program::{CHECKOUT, feriematch};
use crate::rows::Rows;

const HEADER: &str = "district;name;youths;poor;before;least;most\n";

/// Three districts with 60, 30 and 10 per cent of the youths.
fn write(dir: &Path) {
    let rows = "b;Norr;300;10;33;;\na;Söder;600;10;60;;\nc;Ö;100;20;7;;\n";
    fs::write(dir.join("indicators.csv"), format!("{HEADER}{rows}")).expect("can be written");
}

fn given(report: &Value) -> Vec<i64> {
    let rows = report["methods"][0]["districts"].as_array().expect("rows");
    rows.iter().map(|row| row["given"].as_i64().expect("a number")).collect()
}

#[test]
fn a_new_key_is_phased_in() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    write(temp.path());
    let run = |more: &[&str]| {
        let args = ["plan", "apportion", "indicators.csv", "--places", "1000", "--weights", "poor=100", "--format", "json"];
        feriematch(temp.path(), args.into_iter().chain(more.iter().copied())).succeeds().json()
    };
    assert_eq!(given(&run(&[])), [250, 250, 500], "sorted by district: a, b, c");
    let old = ["--old-weights", "youths=100"];
    let phased = run(&[old[0], old[1], "--new-share", "70"]);
    // 70 % of 250, 250, 500 and 30 % of 600, 300, 100.
    assert_eq!(given(&phased), [355, 265, 380]);
    let first = &phased["methods"][0]["districts"][0];
    assert_eq!(
        (&first["by_old"], &first["against_old"], &first["against_before"]),
        (&600.into(), &Value::from(-245), &295.into())
    );
    let text = feriematch(
        temp.path(),
        [
            "plan",
            "apportion",
            "indicators.csv",
            "--places",
            "1000",
            "--weights",
            "poor=100",
            "--old-weights",
            "youths=100",
            "--new-share",
            "70",
        ],
    );
    text.succeeds().says("70 % by the new key (poor 100 %), 30 % by the old one (youths 100 %)").says_also("1 gain and 2 lose");
}

#[test]
fn the_order_of_rows_changes_no_byte_and_equal_claims_are_told() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let run = |rows: [&str; 3]| {
        fs::write(temp.path().join("i.csv"), format!("district,n\n{}", rows.concat())).expect("can be written");
        feriematch(temp.path(), ["plan", "apportion", "i.csv", "--places", "4", "--weights", "n=100"]).succeeds().stdout
    };
    let text = run(["x,1\n", "y,1\n", "z,1\n"]);
    assert_eq!(text, run(["z,1\n", "x,1\n", "y,1\n"]));
    assert!(text.contains("Equal claims by the largest remainder (Hamilton): x got one, y, z did not."), "{text}");
}

#[test]
fn money_adds_up_to_the_ore() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    fs::write(temp.path().join("i.csv"), "district;n;least\nx;1;\ny;1;\nz;1;40,5\n").expect("can be written");
    let csv = feriematch(
        temp.path(),
        ["plan", "apportion", "i.csv", "--money", "100", "--unit", "ore", "--weights", "n=100", "--format", "csv"],
    );
    let rows = Rows::parse(&csv.succeeds().stdout, b',');
    let kronor: Vec<String> = ["x", "y", "z"].map(|id| rows.find("district", id).get("given").to_owned()).into();
    assert_eq!(kronor, ["29.75", "29.75", "40.50"]);
    assert_eq!(rows.find("district", "z").get("bound"), "least");
    let args = ["plan", "apportion", "i.csv", "--money", "100", "--weights", "n=100"];
    feriematch(temp.path(), args).ends_with(3).complains("no whole number of kronor").complains("i.csv:4:5");
}

#[test]
fn what_cannot_be_divided_is_refused_with_the_remedy() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    write(temp.path());
    let run =
        |args: &[&str]| feriematch(temp.path(), ["plan", "apportion", "indicators.csv"].into_iter().chain(args.iter().copied()));
    run(&["--places", "10", "--weights", "youth=100"]).ends_with(2).complains("no indicator `youth`").complains("`youths`");
    run(&["--places", "10", "--weights", "youths=90"]).ends_with(2).complains("90.00 per cent, not to 100");
    run(&["--places", "10"]).ends_with(2).complains("--key");
    run(&["--weights", "youths=100"]).ends_with(2).complains("--places");
    run(&["--places", "10", "--weights", "youths=100", "--new-share", "70"]).ends_with(2).complains("--old-weights");
    run(&["--places", "10", "--weights", "youths=100", "--least", "4"]).ends_with(4).complains("together is 12");
    run(&["--places", "10", "--weights", "youths=100", "--most", "3"]).ends_with(4).complains("get 9 places at most");
    run(&["--places", "10", "--weights", "youths=100", "--first-divisor", "1.4"]).ends_with(2).complains("modified-sainte-lague");
    run(&["--places", "10", "--weights", "youths=100", "--method", "hamilton"]).succeeds().says("(Hamilton)");
    fs::write(temp.path().join("key.toml"), "new_share = 70\n[new]\nyouth = 60\npoor = 40.5\n").expect("can be written");
    run(&["--places", "10", "--key", "key.toml"])
        .ends_with(3)
        .complains("key.toml:3:9")
        .complains("did you mean `youths`?")
        .complains("floating-point")
        .complains("there is no old one");
    fs::write(temp.path().join("indicators.csv"), format!("{HEADER}a;A;1;x;;5;4\na;A;2;2;;;\n")).expect("can be written");
    run(&["--places", "10", "--weights", "youths=100"])
        .ends_with(3)
        .complains("`x` in column `poor`")
        .complains("the most is 4, the least 5");
}

/// The example that comes with the program: all methods divide all of it, and differ by a place or two.
#[test]
fn the_example_is_divided_by_every_method() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let data = Path::new(CHECKOUT).join("data/indicators");
    let [indicators, key] = ["indicators.csv", "key.toml"].map(|file| data.join(file).display().to_string());
    let args = ["plan", "apportion", &indicators, "--places", "6700", "--key", &key, "--all-methods", "--format", "csv"];
    let with_picture = args.into_iter().chain(["--picture", "gains.svg"]);
    let rows = Rows::parse(&feriematch(temp.path(), with_picture).succeeds().stdout, b',');
    let methods = ["largest-remainder", "sainte-lague", "modified-sainte-lague", "huntington-hill", "dhondt", "adams", "dean"];
    for method in methods {
        assert_eq!(rows.find("district", "all").number(method), 6_700);
        let differs = |row: crate::rows::Row<'_>| row.number(method).abs_diff(row.number("sainte-lague"));
        assert!(rows.iter().all(|row| differs(row) <= 2), "{method}");
    }
    let picture = fs::read_to_string(temp.path().join("gains.svg")).expect("a picture");
    assert!(
        picture.contains("Gains and losses against the old key") && picture.contains("Rinkeby-Kista, more: 92."),
        "{picture}"
    );
}
