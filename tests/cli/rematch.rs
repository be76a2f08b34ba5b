//! Rounds in which people are moved: to make room, or up; what they change, and whether the record bears them out.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::recorded::Season;

/// A season in which every seventh has declined, and every third of the others would rather have a better place.
pub(crate) fn answered() -> Season {
    let season = Season::published();
    let word = |at: usize| match at {
        at if at.is_multiple_of(7) => "decline",
        at if at.is_multiple_of(3) => "accept-or-better",
        _ => "accept",
    };
    let lines = season.pairs(1).into_keys().enumerate().map(|(at, id)| format!("{id};{}\n", word(at)));
    season.0.write("answers.csv", format!("applicant_id;answer\n{}", lines.collect::<String>()));
    season.on("2015-04-08", "answer", &["--file", "season/answers.csv"]).succeeds();
    season
}

/// Returns who has another job than before.
fn moved(season: &Season) -> BTreeMap<String, (String, String)> {
    let after = season.pairs(2);
    let before = season.pairs(1).into_iter();
    let moved = before.filter_map(|(id, from)| Some((id.clone(), (from, after.get(&id)?.clone()))));
    moved.filter(|(_, (from, to))| from != to).collect()
}

fn verified(season: &Season, round: &str) -> Value {
    season.0.run("verify", ["--round", round, "--format", "json"]).succeeds().json()
}

#[test]
fn nobody_is_moved_unless_that_is_allowed_and_then_no_more_than_must_be() {
    let season = answered();
    season.on("2015-04-13", "publish", &["--days", "5"]).succeeds().says("nobody who holds one is moved");
    assert!(moved(&season).is_empty());
    assert_eq!(verified(&season, "2")["moved"], 0);

    let season = answered();
    let preview = season.on("2015-04-13", "publish", &["--days", "5", "--max-moves", "600", "--preview"]).succeeds();
    let all = preview.stdout.split_once(" held and ").and_then(|(_, text)| text.split(' ').next()).expect("a number of moves");
    let all: u64 = all.parse().unwrap_or_else(|_| panic!("{}", preview.stdout));
    assert!(all > 1, "{}", preview.stdout);
    let one_less = (all - 1).to_string();
    let said = season.on("2015-04-13", "publish", &["--days", "5", "--max-moves", &one_less]).succeeds();
    said.says(&format!("{one_less} who hold one are moved, and no fewer would do"));
    let moved = moved(&season);
    assert_eq!(moved.len() as u64, all - 1);
    let verified = verified(&season, "2");
    assert_eq!((verified["verified"].as_bool(), verified["moved"].as_u64()), (Some(true), Some(all - 1)));
    // Whoever is moved has an offer to answer.
    let id = moved.keys().next().expect("somebody who is moved");
    season.on("2015-04-14", "answer", &[id, "accept"]).succeeds();
    // The round before is still what it was.
    season.0.run("verify", ["--round", "1"]).succeeds();
}

#[test]
fn those_who_asked_for_it_move_up_and_both_lotteries_are_compared() {
    for lottery in ["same", "reversed"] {
        let season = answered();
        let said = season.on("2015-04-13", "publish", &["--days", "5", "--upgrade", lottery]).succeeds();
        for row in ["nobody moves", "same lottery", "reversed lottery"] {
            said.says_also(row);
        }
        let moved = moved(&season);
        assert!(!moved.is_empty(), "{}", said.stdout);
        let ids = season.pairs(1).into_keys().collect::<Vec<_>>();
        for (id, (from, to)) in &moved {
            let at = ids.iter().position(|other| other == id).expect("an offer");
            assert!(at.is_multiple_of(3), "{id} did not ask to move");
            let wish = |round, job: &str| -> u32 {
                let offers = season.offers(round);
                let row = offers.iter().find(|row| row.get("applicant_id") == id && row.get("job_id") == job);
                row.expect("an offer").get("wish").parse().expect("a wish")
            };
            assert!(wish(2, to) < wish(1, from), "{id} moved from {from} to {to}");
        }
        assert_eq!(verified(&season, "2")["moved"], moved.len());
        // They have accepted beforehand.
        season.refuses("2015-04-14", "answer", &[moved.keys().next().expect("one"), "accept"], 5, "has answered already");
    }
}

#[test]
fn a_diff_tells_each_place_once_chain_by_chain() {
    let season = answered();
    let declined = season.pairs(1).into_keys().step_by(7).collect::<Vec<_>>();
    season.on("2015-04-13", "publish", &["--days", "5", "--max-moves", "600"]).succeeds();
    let moved = moved(&season);
    let changes = season.0.run("diff", ["--format", "json"]).succeeds().json();
    let rows = changes["rows"].as_array().or(changes.as_array()).expect("rows").clone();
    let (before, after) = (season.pairs(1), season.pairs(2));
    let news = after.iter().filter(|(id, job)| before.get(*id) != Some(job)).count();
    assert_eq!(rows.len(), news);
    for row in &rows {
        let id = row["applicant"].as_str().expect("an applicant");
        assert_eq!(row["job"].as_str(), after.get(id).map(String::as_str));
        assert_eq!(row["from_job"].as_str(), moved.get(id).map(|(from, _)| from.as_str()));
        if let Some(by) = row["given_up_by"].as_str() {
            assert!(declined.iter().any(|id| id == by));
            assert_eq!(row["job"].as_str(), before.get(by).map(String::as_str));
        }
    }
    // Each link after the first takes the place that the one before leaves.
    for pair in rows.windows(2).filter(|pair| pair[0]["chain"] == pair[1]["chain"]) {
        assert_eq!(pair[1]["job"], pair[0]["from_job"]);
    }
    let text = season.0.run("diff", ["--round", "2"]).succeeds().stdout;
    assert_eq!(text.lines().skip(1).count(), rows.iter().filter(|row| row["step"] == 1).count());
    for verb in ["diff", "verify", "report"] {
        season.0.run(verb, ["--round", "3"]).ends_with(2).complains("name one of 1 to 2");
    }
}

#[test]
fn a_round_that_was_changed_afterwards_is_refuted() {
    let season = answered();
    season.on("2015-04-13", "publish", &["--days", "5", "--max-moves", "600"]).succeeds();
    let outcome = season.0.read("rounds/2/outcome.json");
    season.0.write("rounds/2/outcome.json", outcome.replacen("\"moves\":", "\"moves\": ", 1));
    season.0.run("verify", ["--round", "2"]).ends_with(1).says("refuted[outcome-hash]");
    season.0.run("why", ["A-0001", "--round", "2"]).ends_with(3).complains("not the one whose hash was recorded");
    season.0.write("rounds/2/outcome.json", &outcome);
    season.0.run("verify", ["--round", "2"]).succeeds();
    let offers = season.0.read("rounds/2/offers.csv");
    season.0.write("rounds/2/offers.csv", offers.replacen("ranking", "lock", 1));
    season.0.run("verify", ["--round", "2"]).ends_with(1).says("refuted[list-differs]");
}

#[test]
fn those_whose_place_was_taken_back_come_first() {
    let season = Season::published();
    let offers = season.pairs(1);
    // The last in the ranking who has a job alone loses it.
    let ranking = season.offers(1);
    let alone = |job: &str| offers.values().filter(|other| *other == job).count() == 1;
    let ids: Vec<&str> = ranking.iter().map(|row| row.get("applicant_id")).collect();
    let unlucky = *ids.iter().rev().find(|id| alone(&offers[**id])).expect("somebody alone in a job");
    season.on("2015-04-01", "places", &[&offers[unlucky], "0"]).succeeds().says(&format!("{unlucky} lost a place"));
    // One place comes free somewhere, for which many wait who are ahead of them.
    let wishes: Vec<String> =
        season.0.table("applicants.csv").find("applicant_id", unlucky).get("wishes").split(" > ").map(str::to_owned).collect();
    let wanted = ids.iter().find(|id| wishes.iter().any(|wish| *wish == offers[**id]) && **id != unlucky);
    let Some(declining) = wanted else { panic!("nobody has a place that {unlucky} wishes for: {wishes:?}") };
    season.on("2015-04-02", "answer", &[declining, "decline"]).succeeds();
    season.on("2015-04-02", "publish", &["--days", "5"]).succeeds();
    assert_eq!(season.pairs(2).get(unlucky), offers.get(*declining), "{unlucky} did not come first");
    season.0.run("verify", ["--round", "2"]).succeeds();
}
