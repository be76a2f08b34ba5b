//! The same content gives the same bytes, whatever the order of its rows and the number of threads.

use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

/// Puts rows into another order, the same every time: by their characters read backwards.
fn shuffled(mut rows: Rows) -> Rows {
    let before = rows.rows.clone();
    rows.rows.sort_by_cached_key(|row| row.concat().chars().rev().collect::<String>());
    assert_ne!(rows.rows, before);
    rows
}

#[test]
fn the_order_of_rows_changes_no_byte_of_the_outcome() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let before = season.outcome_files();
    for name in ["applicants.csv", "jobs.csv"] {
        season.write(name, shuffled(season.table(name)).to_csv(b';', csv::Terminator::Any(b'\n')));
    }
    let season = season.matched(&[]);
    assert_eq!(season.outcome_files(), before);
}

#[test]
fn the_number_of_threads_changes_no_byte_of_the_outcome() {
    for mechanism in ["priority", "serial-dictatorship", "paper-lottery"] {
        let season = SeasonFolder::stockholm();
        let mut outcomes = ["1", "2", "5"].map(|threads| {
            season.run("match", ["--threads", threads, "--mechanism", mechanism]).succeeds();
            season.outcome_files()
        });
        let first = outcomes[0].clone();
        assert!(outcomes.iter_mut().all(|outcome| *outcome == first), "{mechanism}");
    }
}

#[test]
fn another_seed_is_another_lottery() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let one = season.outcome();
    let season = season.matched(&["--seed", "another"]);
    let another = season.outcome();
    assert_eq!(another.seed, "another");
    assert!(one.decisions.iter().zip(&another.decisions).all(|(a, b)| a.applicant == b.applicant && a.lottery != b.lottery));
    let moved = one.decisions.iter().zip(&another.decisions).filter(|(a, b)| a.position != b.position).count();
    assert!(moved > one.decisions.len() / 2, "{moved} moved");
}

#[test]
fn whoever_comes_or_goes_changes_nobody_elses_lottery_number() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let before = season.outcome();
    let mut applicants = season.table("applicants.csv");
    let gone = applicants.rows.remove(700)[0].clone();
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let season = season.matched(&[]);
    let left = before.decisions.iter().filter(|d| d.applicant != gone).map(|d| (&d.applicant, d.lottery));
    assert!(left.eq(season.outcome().decisions.iter().map(|d| (&d.applicant, d.lottery))));
}
