//! The starter season reads without a finding.

use std::fs;

use feriematch_ingest::{ReadOptions, read_season, starter_files};
use feriematch_model::{ApplicantIx, JobIx, Target};

#[test]
fn the_starter_reads_without_errors_or_warnings() {
    let dir = tempfile::tempdir().unwrap();
    for (name, content) in starter_files() {
        fs::write(dir.path().join(name), content).unwrap();
    }
    let loaded = match read_season(dir.path(), ReadOptions::default()) {
        Ok(loaded) => loaded,
        Err(error) => panic!("{error:#?}"),
    };
    assert_eq!(loaded.warnings, []);
    let season = &loaded.season;
    assert_eq!((season.applicants().len(), season.jobs().len(), season.overrides().len()), (6, 5, 2));
    let wishes = &season.applicant(ApplicantIx::new(1)).wishes;
    assert_eq!(wishes.iter().map(|wish| wish.rank).collect::<Vec<_>>(), [1, 1, 2]);
    assert_eq!(wishes[1].target, Target::Job(JobIx::new(3)));
    assert_eq!(season.job(JobIx::new(4)).minutes_per_week, Some(1650));
    assert_eq!(loaded.sources.applicant(ApplicantIx::new(2)).to_string(), "applicants.csv:4:1");
    assert_eq!(loaded.sources.override_row(0).to_string(), "overrides.csv:3:8");
    for (path, line) in [("lottery.seed", "seed = "), ("districts[1].cap", "cap = 5"), ("season.colour", "[season]")] {
        assert_eq!(loaded.sources.setting(path).line(), Some(line_beginning(line)), "{path}");
    }
}

/// Returns the number of the line of the starter's season.toml that begins so.
fn line_beginning(text: &str) -> u32 {
    let (_, season) = starter_files()[0];
    season.lines().position(|line| line.starts_with(text)).expect("a line of the starter") as u32 + 1
}
