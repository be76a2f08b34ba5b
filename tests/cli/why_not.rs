//! Why one applicant did not get one job, and what it would have cost others.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::{Decision, Outcome, Verdict};
use serde_json::{Value as Json, json};

use crate::changed::{Changed, has_place};
use crate::recorded::Season;
use crate::season_folder::SeasonFolder;

/// Asks in both languages and for JSON, makes sure that nobody else is named, and returns the JSON and the English text.
#[track_caller]
fn asked(season: &SeasonFolder, outcome: &Outcome, id: &str, job: &str, more: &[&str]) -> (Json, String) {
    let ask = |form: [&str; 2]| season.run("why-not", [id, job].into_iter().chain(form).chain(more.iter().copied())).succeeds();
    let texts = [ask(["--lang", "sv"]).stdout, ask(["--lang", "en"]).stdout];
    let json = ask(["--format", "json"]);
    for text in texts.iter().chain([&json.stdout]) {
        let named = outcome.decisions.iter().map(|d| d.applicant.as_str()).find(|other| *other != id && text.contains(other));
        assert_eq!(named, None, "{text}");
    }
    assert!(texts[0].starts_with(&format!("Ansökan {id} och jobbet ")) && texts[0].contains(&format!("({job})")), "{}", texts[0]);
    assert_eq!(texts[0].lines().count(), texts[1].lines().count(), "{texts:?}");
    let english = texts[1].clone();
    (json.json(), english)
}

/// The jobs that an applicant names one by one, each with its rank.
fn named(list: &str) -> Vec<(u16, String)> {
    let ranks = (1..).zip(list.split('>'));
    let wishes = ranks.flat_map(|(rank, tied)| tied.split('=').map(move |wish| (rank, wish.trim().to_owned())));
    wishes.filter(|(_, wish)| wish.starts_with(|c: char| c.is_ascii_uppercase()) && wish.contains('-')).collect()
}

/// Works out from the files what it costs others to lock a pair.
#[track_caller]
fn price(season: &SeasonFolder, outcome: &Outcome, id: &str, job: &str) -> Json {
    let locked = Changed::new(season).locked(id, job);
    let rank = |decision: &Decision| match &decision.verdict {
        Verdict::Placed(placed) => i64::from(placed.rank.expect("a wish")),
        _ => 0,
    };
    let own = outcome.decisions.iter().find(|decision| decision.applicant == id).expect("a decision").position;
    let (mut lose, mut ahead, mut gain, mut costs) = (0, 0, 0, 0);
    for (now, then) in outcome.decisions.iter().zip(&locked.decisions).filter(|(now, _)| now.applicant != id) {
        assert_eq!(now.applicant, then.applicant);
        match (has_place(now), has_place(then)) {
            (true, false) => {
                lose += 1;
                ahead += u32::from(now.position < own);
            }
            (false, true) => gain += 1,
            _ => costs += rank(then) - rank(now),
        }
    }
    json!({ "lose": lose, "lose_ahead": ahead, "gain": gain, "costs": (lose + gain == 0).then_some(costs) })
}

#[test]
fn what_it_would_have_cost_is_what_a_lock_costs() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let applicants = season.table("applicants.csv");
    let mut answers: BTreeMap<String, u32> = BTreeMap::new();
    let mut prices: BTreeSet<String> = BTreeSet::new();
    for decision in outcome.decisions.iter().step_by(37) {
        let row = applicants.find("applicant_id", &decision.applicant);
        // Of somebody with a place their first wish, of others their last.
        let mut jobs = named(row.get("wishes")).into_iter();
        let job = if has_place(decision) { jobs.next() } else { jobs.next_back() };
        let Some((rank, job)) = job else { continue };
        if row.get("protected") == "yes" {
            continue;
        }
        let (json, text) = asked(&season, &outcome, &decision.applicant, &job, &[]);
        let answer = json["answer"].as_str().expect("an answer");
        *answers.entry(answer.to_owned()).or_default() += 1;
        assert!(json["rank"].as_u64().is_some_and(|told| told <= u64::from(rank)), "{json}");
        assert_eq!(json["has_place"], has_place(decision));
        let is_priced = matches!(answer, "has-less" | "waits");
        assert_eq!(json["price"].is_null(), !is_priced, "{json}");
        if is_priced {
            assert_eq!(json["price"], price(&season, &outcome, &decision.applicant, &job), "{json}");
            prices.insert(json["price"].to_string());
            let loses = json["price"]["lose"].as_u64().expect("a count");
            let said = if loses == 0 { "Nobody else would have lost their place." } else { "would have lost their place." };
            assert!(text.contains("What it would have cost to give it to you\n") && text.contains(said), "{text}");
        }
    }
    assert!(
        answers.get("waits").is_some_and(|count| *count > 2) && answers.get("has-less").is_some_and(|count| *count > 0),
        "{answers:?}"
    );
    assert!(prices.len() > 1, "{prices:?}");
}

#[test]
fn the_first_answer_that_applies() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let applicants = season.table("applicants.csv");
    let ask = |id: &str, job: &str| asked(&season, &outcome, id, job, &[]);
    // A job that the applicant has, and one that they ranked lower.
    let (mut has_it, mut as_good) = (false, false);
    for decision in &outcome.decisions {
        let Verdict::Placed(placed) = &decision.verdict else { continue };
        let row = applicants.find("applicant_id", &decision.applicant);
        if row.get("protected") == "yes" || (has_it && as_good) {
            continue;
        }
        if !has_it {
            let (json, text) = ask(&decision.applicant, &placed.job);
            assert_eq!(json["answer"], "has-it");
            assert!(text.contains("You have this job."), "{text}");
            has_it = true;
        }
        let lower = named(row.get("wishes"))
            .into_iter()
            .find(|(rank, job)| placed.rank.is_some_and(|own| *rank > own) && *job != placed.job);
        if let Some((rank, job)) = lower.filter(|_| !as_good) {
            let (json, text) = ask(&decision.applicant, &job);
            if json["answer"] == "has-as-good" {
                let own = placed.rank.expect("a wish");
                assert!(text.contains(&format!("it is number {own} on your list, and this job is number {rank}")), "{text}");
                as_good = true;
            }
        }
    }
    assert!(has_it && as_good);

    let (json, text) = ask("A-0967", "NM-FSK-08");
    assert_eq!((&json["answer"], &json["rule"]), (&json!("not-eligible"), &json!("extract-missing")));
    assert!(text.contains("You may not take this job: it needs an extract from the police register"), "{text}");
    let (json, text) = ask("A-0967", "NM-PARK-01");
    assert_eq!(json["reasons"], json!([{ "stream": "district", "reason": "home-cap" }]));
    assert!(text.contains("Norrmalm pays for 203 young people who live there"), "{text}");
    let last = outcome
        .decisions
        .iter()
        .filter(|decision| matches!(&decision.verdict, Verdict::Placed(placed) if placed.job == "NM-PARK-01"))
        .max_by_key(|decision| decision.position)
        .expect("somebody has it");
    assert_eq!((&json["last"]["position"], &json["last"]["lottery_number"]), (&json!(last.position), &json!(last.lottery)));
    let class = applicants.find("applicant_id", &last.applicant).get("class").to_owned();
    assert_eq!(json["last"]["class"], json!(class));
    assert!(text.contains(&format!("went to number {} in the order (group ", last.position)), "{text}");
}

#[test]
fn a_wish_that_was_not_made() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let changed = Changed::new(&season);
    let mut seen: BTreeMap<bool, u32> = BTreeMap::new();
    for job in ["KF-KYR-05", "TK-RAK-03", "OM-PARK-01", "NM-KON-01"] {
        let (json, text) = asked(&season, &outcome, "A-0967", job, &[]);
        if json["answer"] != "not-wished" {
            continue;
        }
        let is_enough = json["enough_as_wish"].as_bool().expect("an answer");
        *seen.entry(is_enough).or_default() += 1;
        let decision = changed.cell("A-0967", "wishes", |list| format!("{list} > {job}"));
        assert_eq!(has_place(&decision), is_enough, "{json}");
        assert_eq!(text.contains("Had you wished for it"), is_enough, "{text}");
    }
    assert!(seen.len() == 2, "{seen:?}");
}

#[test]
fn of_a_protected_identity_nothing_is_told_that_tells_about_the_person() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let applicants = season.table("applicants.csv");
    let protected: Vec<_> = applicants.iter().filter(|row| row.get("protected") == "yes").collect();
    assert!(!protected.is_empty());
    let mut answers = BTreeSet::new();
    for row in &protected {
        for job in ["NM-FSK-08", "OM-PARK-01"] {
            let (json, text) = asked(&season, &outcome, row.get("applicant_id"), job, &[]);
            for key in ["answer", "rank", "rule", "has", "reasons", "enough_as_wish", "price"] {
                assert!(json.get(key).is_none(), "{key} is told: {json}");
            }
            assert!(text.contains("Your identity is protected"), "{text}");
            for word in ["wish for", "may not take", "cost", "number 1 on your list"] {
                assert!(!text.contains(word), "`{word}` is told:\n{text}");
            }
            // The same sentences for whoever has a place elsewhere, wished or not, eligible or not.
            answers.insert(text.lines().nth(2).expect("an answer").to_owned());
        }
    }
    assert!(answers.iter().all(|answer| answer.starts_with("You have ")), "{answers:?}");
    // Where the last who got a job is protected, the group is not told.
    let is_protected = |id: &str| protected.iter().any(|row| row.get("applicant_id") == id);
    let mut last: BTreeMap<&str, &Decision> = BTreeMap::new();
    for decision in &outcome.decisions {
        if let Verdict::Placed(placed) = &decision.verdict {
            let known = last.entry(&placed.job).or_insert(decision);
            if known.position < decision.position {
                *known = decision;
            }
        }
    }
    let (job, _) =
        last.iter().find(|(_, decision)| is_protected(&decision.applicant)).expect("a job whose last place went to one");
    let (json, text) = asked(&season, &outcome, "A-0967", job, &[]);
    assert!(json["last"]["class"].is_null() && json["last"]["position"].is_u64(), "{json}");
    assert!(text.contains(" in the order (lottery number "), "{text}");
}

#[test]
fn what_is_not_there_is_asked_back() {
    let season = SeasonFolder::starter().matched(&[]);
    season.run("why-not", ["A-0008", "J-1"]).ends_with(2).complains("there is no applicant A-0008");
    season.run("why-not", ["A-0001", "J-1"]).ends_with(2).complains("there is no job J-1 in the files");
    season.run("why-not", ["A-001", "J-01"]).ends_with(2).complains("there is no applicant A-001");
    season.run("why-not", ["A-0001", "J01"]).ends_with(2).complains("did you mean `J-01`?");
    season.run("why-not", ["A-0001"]).ends_with(2).complains("<JOB>");
    let season = SeasonFolder::starter();
    season.run("why-not", ["A-0001", "J-01"]).ends_with(2).complains("there is no outcome");
}

#[test]
fn every_mechanism_can_be_asked() {
    for mechanism in ["serial-dictatorship", "paper-lottery", "deferred-acceptance", "rank-maximal", "top-trading-cycles"] {
        let season = SeasonFolder::drawn(120, 20, 70, 3);
        season.edit("season.toml", "name = \"priority\"", &format!("name = \"{mechanism}\""));
        let season = season.matched(&[]);
        let outcome = season.outcome();
        let applicants = season.table("applicants.csv");
        let mut priced = 0;
        for decision in outcome.decisions.iter().step_by(9) {
            let (_, job) = named(applicants.find("applicant_id", &decision.applicant).get("wishes")).remove(0);
            let (json, _) = asked(&season, &outcome, &decision.applicant, &job, &[]);
            assert_eq!(json["mechanism"], mechanism);
            if !json["price"].is_null() {
                assert_eq!(json["price"], price(&season, &outcome, &decision.applicant, &job), "{mechanism}: {json}");
                priced += 1;
            }
        }
        assert!(priced > 2, "{mechanism}: {priced}");
    }
}

#[test]
fn a_published_round_can_be_asked() {
    let season = Season::published();
    let outcome: Outcome = serde_json::from_str(&season.0.read("rounds/1/outcome.json")).expect("an outcome");
    let (json, _) = asked(&season.0, &outcome, "A-0967", "NM-PARK-01", &["--round", "1"]);
    assert_eq!(json["answer"], "waits");
    // The next round finds people with places: whoever has one keeps it.
    let holder = season.offers(1).iter().next().expect("an offer").get("applicant_id").to_owned();
    let other = season.offers(1).iter().nth(1).expect("an offer").get("applicant_id").to_owned();
    season.on("2015-04-01", "answer", &[holder.as_str(), "accept"]).succeeds();
    season.on("2015-04-01", "answer", &[other.as_str(), "decline"]).succeeds();
    season.on("2015-04-02", "publish", &["--days", "7", "--max-moves", "2"]).succeeds();
    let outcome: Outcome = serde_json::from_str(&season.0.read("rounds/2/outcome.json")).expect("an outcome");
    let wished = season.0.table("applicants.csv").find("applicant_id", &holder).get("wishes").to_owned();
    let place = outcome.decisions.iter().find(|decision| decision.applicant == holder).expect("a decision");
    let Verdict::Placed(place) = &place.verdict else { panic!("{place:?}") };
    let (_, job) = named(&wished).into_iter().find(|(_, job)| *job != place.job).expect("another wish");
    let (json, _) = asked(&season.0, &outcome, &holder, &job, &["--round", "2"]);
    assert_eq!(json["has"]["job"], json!(place.job));
    let waits = outcome.decisions.iter().find(|decision| matches!(decision.verdict, Verdict::Waiting { .. })).expect("somebody");
    let text = season.0.run("why", [waits.applicant.as_str(), "--round", "2", "--lang", "en"]).succeeds().stdout;
    assert!(text.contains("What would have been enough") || text.contains("identity is protected"), "{text}");
}
