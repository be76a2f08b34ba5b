//! A season round by round: offers, answers, silence, contracts, and what is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::thread;

use crate::recorded::Season;
use crate::season_folder::SeasonFolder;

#[test]
fn the_first_round_offers_what_a_match_gives() {
    let season = Season::published();
    let matched = SeasonFolder::stockholm().matched(&[]);
    assert_eq!(season.0.read("rounds/1/offers.csv"), matched.read("outcome/offers.csv"));
    assert_eq!(season.0.read("rounds/1/outcome.json"), matched.read("outcome/outcome.json"));
}

#[test]
fn a_preview_writes_nothing() {
    let season = Season::drawn();
    let before = season.ledger();
    let preview = season.on("2015-03-30", "publish", &["--days", "7", "--preview"]).succeeds();
    preview.says("Round 1: 625 offers for 625 free places").says("nothing was written.\n");
    assert_eq!(season.ledger(), before);
    assert!(!season.0.path("rounds").exists());
}

#[test]
fn freed_places_go_to_those_who_wait_and_nobody_moves() {
    let season = Season::published();
    let first = season.pairs(1);
    // Every third declines, every fifth does not answer, the others accept.
    let kind = |at: usize| if at.is_multiple_of(3) { "decline" } else { "accept" };
    let answered = || first.keys().enumerate().filter(|(at, _)| at % 5 != 1);
    let lines = answered().map(|(at, id)| format!("{id};{};\n", kind(at)));
    season.0.write("answers.csv", format!("applicant_id;answer;because\n{}", lines.collect::<String>()));
    let said = format!("Recorded {} answers.\n", answered().count());
    season.on("2015-04-08", "answer", &["--file", "season/answers.csv"]).succeeds().says(&said);
    season.refuses("2015-04-11", "answer", &[first.keys().nth(1).unwrap(), "accept"], 5, "the last day to answer was 2015-04-10");
    let silent = first.len() - answered().count();
    season.on("2015-04-11", "expire", &[]).succeeds().says(&format!("{silent} offers lapsed: "));
    season.on("2015-04-13", "publish", &["--days", "5"]).succeeds().says("Round 2: ");

    let accepted: BTreeMap<_, _> =
        first.iter().enumerate().filter(|(at, _)| at % 5 != 1 && at % 3 != 0).map(|(_, pair)| pair).collect();
    let second = season.pairs(2);
    for (id, job) in &accepted {
        assert_eq!(second.get(*id), Some(*job), "{id} was moved");
    }
    let gone: BTreeSet<_> = first.keys().filter(|id| !accepted.contains_key(id)).collect();
    assert!(second.keys().all(|id| !gone.contains(id)), "somebody who left was offered a place");
    let status = season.status("2015-04-13");
    assert_eq!(status["accepted"], accepted.len());
    assert_eq!(status["offered"], second.len() - accepted.len());
    assert_eq!(status["free"], 625 - second.len());
    // The waiting list is long: whatever somebody on it could take is offered again.
    assert!(second.len() > accepted.len() + (gone.len() * 9 / 10), "{} of {} freed places", second.len(), gone.len());
    let rounds = status["rounds"].as_array().expect("rounds");
    assert_eq!(rounds[0]["offered"], 625);
    assert_eq!(rounds[0]["lapsed"], silent);
    assert_eq!(rounds[0]["accepted"].as_u64().unwrap() + rounds[0]["declined"].as_u64().unwrap() + silent as u64, 625);
    season.0.run_words(&["ledger", "verify"], []).succeeds().says("none changed, removed or moved, and each could happen");
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_recorded() {
    let season = Season::published();
    let offers = season.pairs(1);
    let mut ids = offers.keys().map(String::as_str);
    let (first, second) = (ids.next().unwrap(), ids.next().unwrap());
    season.refuses("2015-03-30", "lottery", &["draw", "--seed", "another"], 5, "a lottery is drawn once");
    season.refuses("2015-03-31", "answer", &["A-9999", "accept"], 5, "A-9999 has no offer");
    season.refuses("2015-03-31", "sign", &[first], 5, "has not accepted");
    season.refuses("2015-03-29", "answer", &[first, "accept"], 5, "steps are taken in the order of their days");
    season
        .on("2015-03-31", "answer", &[first, "accept"])
        .succeeds()
        .says(&format!("{first}: accepted the place of {}.\n", offers[first]));
    season.refuses("2015-03-31", "answer", &[first, "decline"], 5, "has answered already");
    season.refuses("2015-03-31", "publish", &["--days", "5"], 5, "there is nothing to publish");
    season.refuses("2015-03-31", "places", &["NO-SUCH-JOB", "1"], 2, "there is no job NO-SUCH-JOB");
    season.0.write("answers.csv", format!("applicant_id,answer\n{second},accept\n{first},accept\nA-9999,decline\n"));
    season.refuses("2015-03-31", "answer", &["--file", "season/answers.csv"], 5, "answers.csv:3:1: ");
    season.refuses("2015-03-31", "answer", &["--file", "season/answers.csv"], 5, "answers.csv:4:1: A-9999 has no offer");
    season.0.write("answers.csv", format!("applicant_id,answr,because\n{second},accept,\n"));
    season.refuses("2015-03-31", "answer", &["--file", "season/answers.csv"], 3, "did you mean `answer`?");
}

#[test]
fn an_employer_who_takes_places_back_displaces_the_last() {
    let season = Season::published();
    let offers = season.pairs(1);
    let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    // The list is in ranking order.
    let ranking = season.offers(1);
    for row in ranking.iter() {
        holders.entry(&offers[row.get("applicant_id")]).or_default().push(row.get("applicant_id"));
    }
    let (job, ranked) = holders.iter().find(|(_, holders)| holders.len() >= 3).expect("a job with three places");
    // The last in the ranking has accepted, and is kept before those who have not answered.
    let last = ranked[ranked.len() - 1];
    season.on("2015-03-31", "answer", &[last, "accept"]).succeeds();
    let displaced = ranked[ranked.len() - 2];
    let left = (ranked.len() - 1).to_string();
    season.on("2015-04-01", "places", &[job, &left]).succeeds().says(&format!("{displaced} lost a place"));
    assert_eq!(season.status("2015-04-01")["places"], 624);
    season.on("2015-04-02", "places", &[job, &ranked.len().to_string()]).succeeds();
    season.on("2015-04-02", "publish", &["--days", "5"]).succeeds().says("Round 2: 1 offer for 1 free place");
}

#[test]
fn the_newest_step_can_be_undone_and_the_record_keeps_both() {
    let season = Season::published();
    let before = season.status("2015-03-31");
    let id = season.pairs(1).into_keys().next().expect("an offer");
    season.on("2015-03-31", "answer", &[&id, "decline"]).succeeds().says("has left the season. 1 places are free.\n");
    assert_ne!(season.status("2015-03-31"), before);
    season.on("2015-03-31", "undo", &["--reason", "the wrong person"]).succeeds().says(&format!("declined {id}.\n"));
    assert_eq!(season.status("2015-03-31"), before);
    let log = season.0.run_words(&["ledger", "log"], ["--format", "csv"]).succeeds().stdout;
    let kinds: Vec<_> = log.lines().skip(1).map(|line| line.split(',').nth(4).expect("a kind").to_owned()).collect();
    assert_eq!(kinds, ["opened", "lottery-drawn", "published", "declined", "undone"]);
    assert!(log.lines().last().expect("a line").ends_with("the wrong person"), "{log}");
}

#[test]
fn an_export_is_read_into_another_ledger_and_a_forged_one_is_not() {
    let season = Season::published();
    let exported = season.ledger();
    season.0.write("season.jsonl", &exported);
    let other = season.0.path("other.ledger").display().to_string();
    season.0.run_words(&["ledger", "import"], ["season/season.jsonl", "--ledger", &other]).succeeds().says("Read 3 events");
    let again = season.0.run_words(&["ledger", "export"], ["--ledger", &other]).succeeds().stdout;
    assert_eq!(again, exported);
    season.0.write("season.jsonl", exported.replacen("KH-", "NM-", 1));
    let third = season.0.path("third.ledger").display().to_string();
    season.0.run_words(&["ledger", "import"], ["season/season.jsonl", "--ledger", &third]).ends_with(3).complains("line 1: ");
    assert!(!season.0.path("third.ledger").exists(), "half a ledger is left");
}

#[test]
fn of_two_who_publish_at_once_one_is_told_to_look_again() {
    let season = Season::drawn();
    let codes: Vec<_> = thread::scope(|scope| {
        let publish = |days: &'static str| scope.spawn(|| season.on("2015-03-30", "publish", &["--days", days]).code);
        let both = ["5", "9"].map(publish);
        both.into_iter().map(|one| one.join().expect("a run")).collect()
    });
    // Whoever begins when the other is done finds nothing to publish, which is a conflict too.
    assert_eq!(codes.iter().filter(|&&code| code == Some(0)).count(), 1, "{codes:?}");
    assert!(codes.contains(&Some(5)), "{codes:?}");
    let folders: Vec<_> =
        fs::read_dir(season.0.path("rounds")).expect("rounds").map(|e| e.expect("a folder").file_name()).collect();
    assert_eq!(folders, ["1"]);
    assert_eq!(season.status("2015-03-30")["offered"], season.pairs(1).len());
}

#[test]
fn files_that_no_longer_allow_what_is_recorded_are_refused() {
    let season = Season::published();
    let (id, job) = season.pairs(1).into_iter().next().expect("an offer");
    season.on("2015-03-31", "answer", &[&id, "decline"]).succeeds();
    let settings = season.0.read("season.toml");
    let costly: Vec<_> = settings
        .lines()
        .map(|line| if line.starts_with("cost_per_place") { "cost_per_place = \"500000,00\"" } else { line })
        .collect();
    season.0.write("season.toml", costly.join("\n"));
    season.refuses("2015-04-01", "publish", &["--days", "5"], 3, "cannot keep the place of");
    season.0.write("season.toml", settings);
    season.on("2015-04-01", "publish", &["--days", "5"]).succeeds();
    assert!(!season.pairs(2).contains_key(&id), "{id} is back at {job}");
}

#[test]
fn answers_of_many_writers_are_all_recorded() {
    let season = Season::published();
    let ids: Vec<String> = season.pairs(1).into_keys().take(64).collect();
    thread::scope(|scope| {
        for part in ids.chunks(8) {
            let season = &season;
            scope.spawn(move || {
                for id in part {
                    season.on("2015-03-31", "answer", &[id, "accept"]).succeeds();
                }
            });
        }
    });
    assert_eq!(season.status("2015-03-31")["accepted"], ids.len());
    season.0.run_words(&["ledger", "verify"], []).succeeds();
}

#[test]
fn there_is_one_ledger_and_it_is_not_made_by_chance() {
    let season = SeasonFolder::stockholm();
    season.run("status", []).ends_with(2).complains("feriematch ledger init season");
    let season = Season::drawn();
    season.on("2015-03-03", "ledger", &["init"]).ends_with(2).complains("is there already");
}
