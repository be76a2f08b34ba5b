//! Decisions by hand on one pair.

use feriematch_model::{PlacedBy, Verdict};

use crate::season_folder::{SeasonFolder, placed};

const HEADER: &str = "kind;applicant_id;job_id;reason;by\n";

impl SeasonFolder {
    fn override_pairs(&self, pairs: &[(&str, &str, &str)]) {
        let row = |(kind, applicant, job): &(&str, &str, &str)| format!("{kind};{applicant};{job};because;me\n");
        self.write("overrides.csv", HEADER.to_owned() + &pairs.iter().map(row).collect::<String>());
    }
}

#[test]
fn a_lock_gives_a_place_to_somebody_who_had_none() {
    let season = SeasonFolder::drawn(200, 20, 60, 5).matched(&[]);
    let last = season.outcome().decisions.into_iter().max_by_key(|d| d.position).expect("somebody applied");
    assert!(matches!(last.verdict, Verdict::Waiting { .. }), "{last:?}");
    let wishes = season.table("applicants.csv").find("applicant_id", &last.applicant).get("wishes").to_owned();
    let third = wishes.split(" > ").nth(2).expect("five wishes");

    season.override_pairs(&[("lock", &last.applicant, third)]);
    let season = season.matched(&[]);
    let outcome = season.outcome();
    let (_, place) = placed(&outcome).find(|(id, _)| *id == last.applicant).expect("a place");
    assert_eq!((place.job.as_str(), place.rank, place.by), (third, Some(3), PlacedBy::Lock));
    assert_eq!(placed(&outcome).filter(|(_, place)| place.by == PlacedBy::Lock).count(), 1);
    assert_eq!(season.table("outcome/offers.csv").find("applicant_id", &last.applicant).get("given_by"), "lock");
    season.verifies().says(" by ranking and 1 by hand");
}

#[test]
fn a_lock_may_name_a_job_that_was_not_wished_for() {
    let season = SeasonFolder::drawn(200, 20, 60, 5);
    let applicants = season.table("applicants.csv");
    let jobs = season.table("jobs.csv");
    let first = applicants.iter().next().expect("somebody applied");
    let wished = |job: &str| first.get("wishes").split(" > ").any(|wish| wish == job);
    let job = jobs.iter().map(|row| row.get("job_id")).find(|job| !wished(job)).expect("a job that was not wished for");
    season.override_pairs(&[("lock", first.get("applicant_id"), job)]);
    let season = season.matched(&[]);
    let outcome = season.outcome();
    let (_, place) = placed(&outcome).find(|(id, _)| *id == first.get("applicant_id")).expect("a place");
    assert_eq!((place.job.as_str(), place.rank), (job, None));
    season.verifies();
    season.run("why", [first.get("applicant_id"), "--lang", "en"]).succeeds().says("An administrator decided on this place");
}

/// The job J-05 of the starter season is paid by the department, or else by the home district, which comes first.
#[test]
fn a_lock_may_say_which_stream_pays() {
    let season = SeasonFolder::starter();
    let lock = |job: &str, stream: &str| {
        season.write(
            "overrides.csv",
            format!("kind;applicant_id;job_id;stream;reason;by\nlock;A-0004;{job};{stream};because;me\n"),
        );
    };
    for (stated, pays) in [("", "district"), ("department", "department"), ("Fackförvaltningens budget", "department")] {
        lock("J-05", stated);
        season.run("match", []).succeeds();
        let outcome = season.outcome();
        let (_, place) = placed(&outcome).find(|(id, _)| *id == "A-0004").expect("a place");
        assert_eq!((place.job.as_str(), place.stream.as_str(), place.by), ("J-05", pays, PlacedBy::Lock));
        season.verifies();
    }
    lock("J-02", "department");
    season.run("check", []).ends_with(3).says("error[F5103]").says("--> overrides.csv:2:");
}

#[test]
fn a_forbidden_pair_is_kept_apart() {
    let season = SeasonFolder::drawn(200, 20, 60, 5).matched(&[]);
    let first = season.outcome().decisions.into_iter().find(|d| d.position == 1).expect("somebody applied");
    let Verdict::Placed(place) = first.verdict else { panic!("the first in the ranking has a place") };
    season.override_pairs(&[("forbid", &first.applicant, &place.job)]);
    let season = season.matched(&[]);
    let outcome = season.outcome();
    let (_, other) = placed(&outcome).find(|(id, _)| *id == first.applicant).expect("the first in the ranking has a place");
    assert_ne!(other.job, place.job);
    season.verifies();
    let text = season.run("why", [first.applicant.as_str(), "--lang", "en"]).succeeds().stdout;
    let about = text.lines().find(|line| line.contains(&format!("({})", place.job))).expect("a line about the wish");
    assert!(about.contains("an administrator has decided that you cannot have it"), "{about}");
}

#[test]
fn a_lock_of_an_ineligible_pair_is_refused_where_it_stands() {
    let season = SeasonFolder::starter();
    // J-05 has a least age of 16 and asks for swimmers; A-0006 is 16 and has not stated it, A-0004 is locked there already.
    season.edit(
        "jobs.csv",
        "J-05;Badplatsvärd;trafikkontoret;ostermalm;park;1;",
        "J-05;Badplatsvärd;trafikkontoret;ostermalm;park;2;",
    );
    season.edit("overrides.csv", "forbid;A-0001;", "lock;A-0006;J-05;Kan simma;handläggare 1\nforbid;A-0001;");
    season.run("match", []).ends_with(3).complains("error[F5101]").complains("`A-0006`").complains("--> overrides.csv:3:");
    season.run("check", []).ends_with(3).says("error[F5101]");
    assert!(!season.path("outcome").exists());
}

#[test]
fn more_locks_than_places_are_refused_where_they_stand() {
    let season = SeasonFolder::drawn(200, 20, 60, 5);
    let jobs = season.table("jobs.csv");
    let job = jobs.iter().min_by_key(|row| row.number("capacity")).expect("a job");
    let capacity = job.number("capacity") as usize;
    let applicants = season.table("applicants.csv");
    let ids: Vec<&str> = applicants.iter().map(|row| row.get("applicant_id")).take(capacity + 1).collect();
    let locks: Vec<_> = ids.iter().map(|&id| ("lock", id, job.get("job_id"))).collect();
    season.override_pairs(&locks[1..]);
    season.run("check", []).succeeds();
    season.override_pairs(&locks);
    let line = capacity + 2;
    season.run("match", []).ends_with(3).complains("error[F5005]").complains(&format!("--> overrides.csv:{line}:"));
    assert!(!season.path("outcome").exists());
}

#[test]
fn locks_beyond_a_cap_are_refused_where_they_stand() {
    // The lock of the starter season: A-0004 of Östermalm at Trafikkontoret, paid by the home district.
    for (from, to) in [("cap = 5", "cap = 0"), ("cap = 3", "cap = 0")] {
        let season = SeasonFolder::starter();
        season.run("check", []).succeeds();
        season.edit("season.toml", from, to);
        season.run("match", []).ends_with(3).complains("error[F5102]").complains("--> overrides.csv:2:");
        assert!(!season.path("outcome").exists());
    }
}
