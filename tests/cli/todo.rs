//! Who has to do what, and by when.

use serde_json::Value;

use crate::recorded::Season;

fn todo(season: &Season, args: &[&str]) -> Vec<Value> {
    let list = season.0.run("todo", args.iter().copied().chain(["--format", "json"])).succeeds().json();
    list["rows"].as_array().or(list.as_array()).expect("rows").clone()
}

#[test]
fn the_list_follows_the_season() {
    let season = Season::drawn();
    let places = todo(&season, &["--date", "2015-03-03"]);
    assert_eq!(places.len(), 625);
    assert!(places.iter().all(|task| task["what"] == "offer the place" && task["due"].is_null()));
    season.on("2015-03-30", "publish", &["--days", "7"]).succeeds();
    let ids: Vec<String> = season.pairs(1).into_keys().take(3).collect();
    season.on("2015-03-31", "answer", &[&ids[0], "accept"]).succeeds();
    season.on("2015-03-31", "answer", &[&ids[1], "decline"]).succeeds();
    let all = todo(&season, &["--date", "2015-04-01"]);
    let count = |what: &str| all.iter().filter(|task| task["what"] == what).count();
    assert_eq!((count("answer the offer"), count("sign the contract"), count("offer the place")), (623, 1, 1));
    assert!(todo(&season, &["--date", "2015-04-01", "--due", "2015-04-09"]).is_empty());
    assert_eq!(todo(&season, &["--date", "2015-04-01", "--due", "2015-04-10"]).len(), 623);
    let late = todo(&season, &["--date", "2015-04-11", "--due", "2015-04-11"]);
    assert!(late.len() == 623 && late.iter().all(|task| task["how"] == "feriematch expire"));
    season.0.run("todo", ["--due", "2015-04-09"]).succeeds().says("Nothing is to be done.\n");
}
