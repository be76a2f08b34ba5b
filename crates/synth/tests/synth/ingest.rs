//! What is written reads like any other season: without an error or a warning.

use std::fs;
use std::path::Path;

use feriematch_ingest::{ReadOptions, read_season};
use feriematch_model::Season;
use feriematch_synth::{Margins, Recipe};

fn season(dir: &Path) -> Season {
    let loaded = read_season(dir, ReadOptions::default()).unwrap_or_else(|error| panic!("{error:#?}"));
    assert!(loaded.warnings.is_empty(), "{}", loaded.warnings[0]);
    loaded.season
}

#[test]
fn a_recipe_reads() {
    let dir = tempfile::tempdir().unwrap();
    Recipe::default().write_to(dir.path(), &|_| ()).unwrap();
    let season = season(dir.path());
    assert_eq!((season.applicants().len(), season.jobs().len()), (1_511, 110));
    assert!(season.settings().districts.iter().all(|district| district.cap.is_none() && district.budget.is_none()));
}

#[test]
fn the_example_season_reads() {
    let season = season(&crate::stockholm_2015::folder());
    assert_eq!((season.applicants().len(), season.jobs().len()), (1_511, 218));
    for row in 0..3 {
        assert_eq!(season.home_cap(feriematch_model::DistrictIx::new(row)), Some(203));
    }
}

#[test]
fn margins_with_every_key_read() {
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(crate::stockholm_2015::folder().join("margins.toml")).unwrap();
    let text = text
        .replacen("rank_costs = \"linear\"", "rank_costs = [1, 2, 4]", 1)
        .replacen("name = \"Trafikkontoret\"", "name = \"Trafikkontoret\"\nbudget = \"300000.50\"\ncap = 30", 1)
        .replacen("cap = 67", "cap = 67\nclasses = [\"1\"]\ncohorts = [1997]\nhome_districts = [\"norrmalm\"]", 1)
        .replacen("min_age = 17\n", "min_age = 17\nmax_age = 19\n", 1);
    Margins::from_toml(&text).unwrap().write_to(dir.path(), &|_| ()).unwrap();
    let season = season(dir.path());
    let settings = season.settings();
    assert_eq!(settings.rank_costs, feriematch_model::RankCosts::Table(vec![1, 2, 4]));
    assert_eq!(settings.departments[2].cap, Some(30));
    assert_eq!(settings.departments[2].budget, Some(feriematch_model::Money::from_ore(30_000_050)));
    assert_eq!(settings.streams[1].cohorts, [1997]);
    assert_eq!((settings.streams[1].classes.len(), settings.streams[1].home_districts.len()), (1, 1));
    assert!(season.jobs().iter().any(|job| job.max_age == Some(19)));
}
