//! Which planning commands draw something, and with which seed.

use serde_json::Value;

use crate::season_folder::SeasonFolder;

#[test]
fn every_planning_command_names_its_seed_or_says_that_nothing_is_drawn() {
    let season = SeasonFolder::stockholm();
    let data = |file: &str| format!("{}/data/{file}", env!("CARGO_MANIFEST_DIR"));
    let seed = |args: &str| {
        let args = args.split(' ').map(|word| word.strip_prefix("data/").map_or_else(|| word.to_owned(), data));
        let args: Vec<String> =
            ["plan".to_owned()].into_iter().chain(args).chain(["--format".to_owned(), "json".to_owned()]).collect();
        let report = crate::program::feriematch(season.root(), &args).succeeds().json();
        report.get("seed").unwrap_or_else(|| panic!("{args:?} does not say its seed")).clone()
    };
    assert_eq!(seed("capacity season --seasons 2 --seed my"), Value::from("my"));
    assert_eq!(seed("whatif season data/stockholm-2015/scenarios.toml --seasons 2 --seed my"), Value::from("my"));
    assert_eq!(seed("places season --count 1 --candidates 3 --seed my"), Value::from("my"));
    for args in [
        "offers season",
        "calibrate season",
        "apportion data/indicators/indicators.csv --places 6700 --key data/indicators/key.toml",
        "workload season --figures data/workload/workload.toml",
        "caseload data/workload/cases.csv data/workload/handlers.csv",
    ] {
        assert!(seed(args).is_null(), "{args}");
    }
}
