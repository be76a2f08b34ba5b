//! Decisions by hand in the record: they hold in every later round, and what cannot be is refused by the rule's name.

use crate::recorded::Season;

/// Returns somebody who waits after the first round, and a job.
fn waiting(season: &Season) -> String {
    season.0.table("rounds/1/waiting-list.csv").iter().next().expect("somebody waits").get("applicant_id").to_owned()
}

#[test]
fn a_lock_gives_the_next_free_place_and_survives_every_rerun() {
    let season = Season::published();
    let (holder, job) = season.pairs(1).into_iter().next().expect("an offer");
    let waiting = waiting(&season);
    let lock = [waiting.as_str(), &job, "--reason", "promised in the minutes of 3 March"];
    season.refuses("2015-03-31", "lock", &lock[..2], 2, "a decision by hand needs a reason");
    season.refuses("2015-03-31", "lock", &["A-99999", &job, "--reason", "x"], 2, "there is no applicant A-99999");
    season.refuses("2015-03-31", "lock", &[&holder, &job, "--reason", "x"], 5, "has a place of");
    season.refuses("2015-03-31", "lock", &lock, 5, "places, and");
    season.on("2015-03-31", "answer", &[&holder, "decline"]).succeeds();
    let lock_it = season.on("2015-04-01", "lock", &lock);
    if lock_it.code == Some(5) {
        // The pair may be refused by a rule; then the rule is named.
        lock_it.complains("the rule `");
        return;
    }
    lock_it.succeeds();
    season.refuses("2015-04-01", "lock", &lock, 5, "locked");
    season.refuses("2015-04-01", "forbid", &lock, 5, "release that first");
    season.on("2015-04-02", "publish", &["--days", "5"]).succeeds();
    assert_eq!(season.pairs(2).get(&waiting), Some(&job));
    let listed = season.0.run("overrides", ["--format", "json"]).succeeds().json();
    let row = &listed["rows"].as_array().or(listed.as_array()).expect("rows")[0];
    assert_eq!((row["applicant"].as_str(), row["by"].as_str()), (Some(waiting.as_str()), Some("anna")));
    assert_eq!((row["decided"].as_str(), row["standing"].as_str()), (Some("2015-04-01"), Some("offered, round 2")));
    season.0.run("overrides", []).succeeds().says("Of 625 places held, 1 were given by hand, 0.2 %.");
    season.0.run("report", ["--round", "2"]).succeeds().says(" hand             1   0.2 %");
    season.0.run("verify", ["--round", "2"]).succeeds().says("and 1 by hand");
}

#[test]
fn what_no_rule_allows_is_refused_with_its_name() {
    let season = Season::published();
    let applicants = season.0.table("applicants.csv");
    // The season refuses one applicant every job that they wish for, for want of an extract.
    let (id, job) =
        ("A-0623", applicants.find("applicant_id", "A-0623").get("wishes").split(" > ").last().expect("a wish").to_owned());
    let holder = season.pairs(1).into_iter().find(|(_, other)| *other == job);
    if let Some((holder, _)) = holder {
        season.on("2015-03-31", "answer", &[&holder, "decline"]).succeeds();
    }
    season.refuses("2015-03-31", "lock", &[id, &job, "--reason", "a favour"], 5, "the rule `");
}

#[test]
fn whoever_is_forbidden_a_job_gets_another_or_none() {
    let season = Season::drawn();
    let preview = season.on("2015-03-30", "publish", &["--days", "7", "--preview"]).succeeds();
    preview.says("Round 1: 625 offers");
    let matched = crate::season_folder::SeasonFolder::stockholm().matched(&[]);
    let offers = matched.table("outcome/offers.csv");
    let first = offers.iter().next().expect("an offer");
    let (id, job) = (first.get("applicant_id"), first.get("job_id"));
    season.on("2015-03-29", "forbid", &[id, job, "--reason", "a parent is the supervisor"]).succeeds();
    season.on("2015-03-30", "publish", &["--days", "7"]).succeeds();
    assert_ne!(season.pairs(1).get(id).map(String::as_str), Some(job));
    season.0.run("verify", ["--round", "1"]).succeeds();
    season.on("2015-03-31", "release", &[id, job, "--reason", "the supervisor has changed"]).succeeds();
    season.refuses("2015-03-31", "release", &[id, job, "--reason", "again"], 5, "nothing was decided by hand");
    season.0.run("overrides", []).succeeds().says("Nothing is decided by hand.");
}
