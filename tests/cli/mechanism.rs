//! The mechanisms, and the two solvers of the first.

use std::collections::BTreeMap;

use feriematch_model::Evidence;

use crate::season_folder::{SeasonFolder, placed};

#[test]
fn every_mechanism_matches_the_season_of_2015_and_is_verified() {
    for mechanism in ["priority", "serial-dictatorship", "paper-lottery"] {
        let season = SeasonFolder::stockholm();
        let run = season.run("match", ["--mechanism", mechanism]).succeeds();
        assert!(run.stdout.lines().next().is_some_and(|line| line.contains(&format!(": {mechanism}, seed "))), "{}", run.stdout);
        assert_eq!(season.outcome().mechanism.name(), mechanism);
        let verified = season.verifies();
        assert_eq!(verified.stdout.contains("season.toml names another mechanism"), mechanism != "priority");
    }
}

#[test]
fn a_mechanism_of_season_toml_is_used() {
    let season = SeasonFolder::starter();
    season.edit("season.toml", "name = \"priority\" ", "name = \"paper-lottery\" ");
    let season = season.matched(&[]);
    assert_eq!(season.outcome().mechanism.name(), "paper-lottery");
}

/// Where wishes are strict, whoever comes earlier in the ranking holds every place that somebody would rather have: nothing is wasted.
#[test]
fn in_serial_dictatorship_everything_better_is_held_by_those_ahead() {
    for mechanism in ["serial-dictatorship", "paper-lottery"] {
        let season = SeasonFolder::drawn(400, 60, 380, 3).matched(&["--mechanism", mechanism]);
        let outcome = season.outcome();
        let (applicants, jobs) = (season.table("applicants.csv"), season.table("jobs.csv"));
        let capacities: BTreeMap<&str, u32> = jobs.iter().map(|row| (row.get("job_id"), row.number("capacity"))).collect();
        let places: BTreeMap<&str, _> = placed(&outcome).collect();
        let mut order: Vec<_> = outcome.decisions.iter().map(|d| (d.position, d.applicant.as_str())).collect();
        order.sort_unstable();

        let mut held: BTreeMap<&str, u32> = BTreeMap::new();
        for (_, id) in order {
            let wishes: Vec<&str> = applicants.find("applicant_id", id).get("wishes").split(" > ").collect();
            let place = places.get(id);
            let better = place.and_then(|p| p.rank).map_or(wishes.len(), |rank| usize::from(rank) - 1);
            for &job in &wishes[..better] {
                let taken = held.get(job).copied().unwrap_or(0);
                assert_eq!(taken, capacities[job], "{mechanism}: `{id}` would rather have {job}, which is not full");
            }
            if let Some(place) = place {
                assert_eq!(place.job, wishes[better]);
                *held.entry(&place.job).or_default() += 1;
            }
        }
        let free: u32 = capacities.iter().map(|(job, capacity)| capacity - held.get(job).copied().unwrap_or(0)).sum();
        assert!(free > 0 && places.len() < applicants.rows.len(), "the season leaves nothing to look for");
    }
}

/// Returns what a run's placements cost together, as its evidence says.
fn total_cost(season: &SeasonFolder) -> i64 {
    let cost = |evidence: Evidence| match evidence {
        Evidence::Certificate { placement, .. } => placement.cost,
        Evidence::Replay | Evidence::Profile { .. } | Evidence::Order { .. } => panic!("no certificate"),
    };
    season.outcome().stages.into_iter().map(|stage| cost(stage.evidence)).sum()
}

#[test]
fn the_textbook_solver_finds_placements_of_the_same_cost() {
    let seasons = [SeasonFolder::starter(), SeasonFolder::drawn(300, 40, 150, 6), SeasonFolder::drawn(200, 30, 220, 3)];
    for season in seasons {
        let sparse = season.matched(&[]);
        let cost = total_cost(&sparse);
        let ids = |season: &SeasonFolder| placed(&season.outcome()).map(|(id, _)| id.to_owned()).collect::<Vec<_>>();
        let selected = ids(&sparse);
        let reference = sparse.matched(&["--solver", "reference"]);
        assert_eq!(total_cost(&reference), cost);
        assert_eq!(ids(&reference), selected);
        reference.verifies();
    }
}

#[test]
fn the_textbook_solver_says_where_a_season_is_too_large_for_it() {
    let season = SeasonFolder::drawn(3_000, 300, 2_500, 4);
    season
        .run("match", ["--solver", "reference"])
        .ends_with(4)
        .complains("the dense matrix would have")
        .complains("leave out --solver");
    assert!(!season.path("outcome").exists());
}

/// The example of docs/mechanisms.md, section 7: two jobs with a place each; the first wishes x, then y, the second only x.
fn two_for_two(first_wishes: &str) -> SeasonFolder {
    let season = SeasonFolder::starter();
    let applicants = "applicant_id;birth_date;home_district;class;wishes\n\
                      A-1;2010-01-01;norrmalm;P;WISHES\nA-2;2010-01-01;norrmalm;A;J-X\n";
    season.write("applicants.csv", applicants.replace("WISHES", first_wishes));
    let jobs = "job_id;title;employer;area;capacity;period;funding\n\
                J-X;X;norrmalm;park;1;1;district\nJ-Y;Y;norrmalm;park;1;1;district\n";
    season.write("jobs.csv", jobs);
    season.write("overrides.csv", "kind;applicant_id;job_id;reason;by\n");
    season
}

#[test]
fn the_example_where_mechanisms_differ_is_as_the_docs_say() {
    let places = |season: &SeasonFolder| -> Vec<(String, String)> {
        placed(&season.outcome()).map(|(id, place)| (id.to_owned(), place.job.clone())).collect()
    };
    let pairs = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(id, job)| ((*id).to_owned(), (*job).to_owned())).collect()
    };
    let priority = two_for_two("J-X > J-Y").matched(&[]);
    assert_eq!(places(&priority), pairs(&[("A-1", "J-Y"), ("A-2", "J-X")]));
    // Leaving out the second wish is what makes the mechanism not strategy-proof.
    let truncated = two_for_two("J-X").matched(&[]);
    assert_eq!(places(&truncated), pairs(&[("A-1", "J-X")]));
    let wishes_alone = two_for_two("J-X > J-Y").matched(&["--mechanism", "rank-maximal"]);
    assert_eq!(places(&wishes_alone), places(&priority));
    for mechanism in ["deferred-acceptance", "serial-dictatorship", "top-trading-cycles", "paper-lottery"] {
        let season = two_for_two("J-X > J-Y").matched(&["--mechanism", mechanism]);
        assert_eq!(places(&season), pairs(&[("A-1", "J-X")]));
        let gap = "1 more would fit under the caps if other applicants or places were chosen: this mechanism";
        season.verifies().says(gap);
    }
}

/// The example of docs/mechanisms.md, section 7, where jobs' priorities matter: x is a job of the south, y of the north.
#[test]
fn the_example_of_priorities_is_as_the_docs_say() {
    let season = SeasonFolder::starter();
    let ranked = |mechanism: &str| {
        season.run("match", ["--mechanism", mechanism]).succeeds();
        let outcome = season.outcome();
        placed(&outcome).map(|(id, place)| (id.to_owned(), place.job.clone())).collect::<Vec<_>>()
    };
    let jobs = "job_id;title;employer;area;capacity;period;funding\n\
                J-X;X;ostermalm;park;1;1;district\nJ-Y;Y;norrmalm;park;1;1;district\n";
    season.write("jobs.csv", jobs);
    season.write("overrides.csv", "kind;applicant_id;job_id;reason;by\n");
    // By the seed of the starter season the ids are drawn in this order.
    let ids = drawn_in_order(&season, 3);
    let row = |at: usize, home: &str, wishes: &str| format!("{};2010-01-01;{home};A;{wishes}\n", ids[at]);
    let applicants = format!(
        "applicant_id;birth_date;home_district;class;wishes\n{}{}{}",
        row(0, "norrmalm", "J-X > J-Y"),
        row(1, "ostermalm", "J-Y > J-X"),
        row(2, "ostermalm", "J-X"),
    );
    season.write("applicants.csv", applicants);
    let pairs = |first: &str, second: &str| {
        let mut pairs = vec![(ids[0].clone(), first.to_owned()), (ids[1].clone(), second.to_owned())];
        pairs.sort();
        pairs
    };
    assert_eq!(ranked("deferred-acceptance"), pairs("J-Y", "J-X"));
    assert_eq!(ranked("top-trading-cycles"), pairs("J-X", "J-Y"));
    assert_eq!(ranked("priority"), pairs("J-X", "J-Y"));
}

/// Returns so many ids in the order in which the season's lottery draws them.
fn drawn_in_order(season: &SeasonFolder, count: usize) -> Vec<String> {
    let rows: String = (1..=count).map(|n| format!("A-{n};2010-01-01;norrmalm;A;J-X\n")).collect();
    season.write("applicants.csv", format!("applicant_id;birth_date;home_district;class;wishes\n{rows}"));
    season.run("match", []).succeeds();
    let mut decisions = season.outcome().decisions;
    decisions.sort_by_key(|decision| decision.position);
    decisions.into_iter().map(|decision| decision.applicant).collect()
}
