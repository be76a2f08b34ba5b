//! What one applicant is told.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::{Decision, Outcome, StageReason, Verdict};

use crate::season_folder::{SeasonFolder, placed};

/// Explains one applicant's outcome in both languages, and makes sure that no other applicant is named.
#[track_caller]
fn explained(season: &SeasonFolder, outcome: &Outcome, id: &str) -> [String; 2] {
    let texts = ["sv", "en"].map(|lang| season.run("why", [id, "--lang", lang]).succeeds().stdout);
    assert_eq!(season.run("why", [id]).succeeds().stdout, texts[0]);
    for (text, heading) in texts.iter().zip(["Ansökan", "Application"]) {
        assert!(text.starts_with(&format!("{heading} {id}\n")), "{text}");
        let named = outcome.decisions.iter().map(|d| d.applicant.as_str()).find(|other| *other != id && text.contains(other));
        assert_eq!(named, None, "{text}");
    }
    texts
}

/// Asserts that the explanations, Swedish and English, say something each.
#[track_caller]
fn say(texts: &[String; 2], swedish: &str, english: &str) {
    for (text, what) in texts.iter().zip([swedish, english]) {
        assert!(text.contains(what), "`{what}` is not in:\n{text}");
    }
}

fn first(outcome: &Outcome, verdict: impl Fn(&Verdict) -> bool) -> &Decision {
    outcome.decisions.iter().find(|d| verdict(&d.verdict)).expect("a decision of this kind")
}

#[test]
fn somebody_with_a_place_is_told_which_and_what_number_they_drew() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let decision = first(&outcome, |v| matches!(v, Verdict::Placed(p) if p.rank == Some(2)));
    let texts = explained(&season, &outcome, &decision.applicant);
    let offers = season.table("outcome/offers.csv");
    let offer = offers.find("applicant_id", &decision.applicant);
    let (title, employer, first_day, last_day) =
        (offer.get("title"), offer.get("employer"), offer.get("first_day"), offer.get("last_day"));
    say(
        &texts,
        &format!("Du erbjuds en plats: {title} hos {employer}, från {first_day} till {last_day}."),
        &format!("You are offered a place: {title} at {employer}, from {first_day} to {last_day}."),
    );
    say(&texts, "Den är nummer 2 på din önskelista.", "It is number 2 on your list of wishes.");
    let lottery = decision.lottery.to_string();
    say(&texts, &lottery, &lottery);
    say(&texts, "Varför inte ett önskemål högre upp", "Why not a wish higher on your list?");
}

#[test]
fn somebody_stopped_by_the_home_cap_is_told_the_cap() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let stopped = |v: &Verdict| matches!(v, Verdict::Waiting { reasons } if reasons[0] == StageReason::HomeCap);
    let decision = first(&outcome, stopped);
    let applicants = season.table("applicants.csv");
    let home = |id: &str| applicants.find("applicant_id", id).get("home_district").to_owned();
    let district = home(&decision.applicant);
    let name = season
        .read("season.toml")
        .split_once(&format!("id = \"{district}\"\nname = \""))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(name, _)| name.to_owned())
        .expect("the district's name");

    // As many as the cap live there, are paid by it, and come before.
    let positions: BTreeMap<&str, u32> = outcome.decisions.iter().map(|d| (d.applicant.as_str(), d.position)).collect();
    let paid = placed(&outcome).filter(|(id, place)| place.stream == "district" && home(id) == district);
    assert_eq!(paid.filter(|(id, _)| positions[id] < decision.position).count(), 203);

    let texts = explained(&season, &outcome, &decision.applicant);
    say(
        &texts,
        &format!("{name} betalar för 203 ungdomar som bor där"),
        &format!("{name} pays for 203 young people who live there"),
    );
    let waiting = season.table("outcome/waiting-list.csv");
    let place = waiting.find("applicant_id", &decision.applicant).get("place");
    say(&texts, &format!("Du är nummer {place} på reservlistan"), &format!("You are number {place} on the waiting list"));
}

#[test]
fn somebody_for_whom_all_is_full_is_told_a_bottleneck_that_holds() {
    let season = SeasonFolder::drawn(400, 60, 380, 3).matched(&[]);
    let outcome = season.outcome();
    let (applicants, jobs) = (season.table("applicants.csv"), season.table("jobs.csv"));
    let wishes: BTreeMap<&str, Vec<&str>> =
        applicants.iter().map(|row| (row.get("applicant_id"), row.get("wishes").split(" > ").collect())).collect();
    let capacities: BTreeMap<&str, u32> = jobs.iter().map(|row| (row.get("job_id"), row.number("capacity"))).collect();
    let positions: BTreeMap<&str, u32> = outcome.decisions.iter().map(|d| (d.applicant.as_str(), d.position)).collect();
    let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, place) in placed(&outcome) {
        holders.entry(&place.job).or_default().push(id);
    }

    let mut told = BTreeSet::new();
    for decision in outcome.decisions.iter().filter(|d| matches!(d.verdict, Verdict::Waiting { .. })).step_by(7) {
        // The jobs that could be reached by moving those who hold places, one after the other.
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut queue = wishes[decision.applicant.as_str()].clone();
        let mut held = 0;
        while let Some(job) = queue.pop() {
            if reached.insert(job) {
                let of_job = holders.get(job).map_or(&[][..], Vec::as_slice);
                assert_eq!(of_job.len() as u32, capacities[job], "{job} has a free place");
                assert!(of_job.iter().all(|id| positions[id] < decision.position), "{job} is held by somebody behind");
                held += of_job.len();
                queue.extend(of_job.iter().flat_map(|id| &wishes[id]));
            }
        }
        let texts = explained(&season, &outcome, &decision.applicant);
        let jobs = reached.len();
        let (of, of_in_english) = match jobs {
            1 => ("ett enda jobb".to_owned(), "one job".to_owned()),
            _ => (format!("{jobs} jobb"), format!("{jobs} jobs")),
        };
        let (by, by_in_english) = match held {
            1 => (
                "En av de platserna har en person före dig".to_owned(),
                "One of these places is held by a person ahead of you".to_owned(),
            ),
            _ => (
                format!("{held} av de platserna har {held} personer före dig"),
                format!("{held} of these places are held by {held} people ahead of you"),
            ),
        };
        say(&texts, &format!("hör till {of}. {by}"), &format!("are those of {of_in_english}. {by_in_english}"));
        told.insert((jobs, held));
    }
    assert!(told.len() > 1, "everybody is told the same: {told:?}");
}

#[test]
fn somebody_who_may_take_nothing_is_told_the_rule_with_each_wish() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let decision = first(&outcome, |v| matches!(v, Verdict::Ineligible { .. }));
    let texts = explained(&season, &outcome, &decision.applicant);
    say(&texts, "Du kan inte få något av de jobb du har önskat.", "You may not take any of the jobs you wished for.");
    let rules = season.table("outcome/not-eligible.csv");
    let rules: BTreeSet<&str> = rules.rows.iter().filter(|row| row[0] == decision.applicant).map(|row| row[3].as_str()).collect();
    assert_eq!(rules, BTreeSet::from(["extract-missing"]));
    let wishes = season.table("applicants.csv").find("applicant_id", &decision.applicant).get("wishes").split(['>', '=']).count();
    for (text, reason) in
        texts.iter().zip(["det kräver ett utdrag ur belastningsregistret", "it needs an extract from the police register"])
    {
        assert_eq!(text.matches(reason).count(), wishes, "{text}");
    }
}

#[test]
fn a_protected_identity_is_told_what_was_decided_and_nothing_about_the_person() {
    let season = SeasonFolder::stockholm();
    let mut applicants = season.table("applicants.csv");
    applicants.header.push("name".to_owned());
    for row in &mut applicants.rows {
        let name = format!("Förnamn{0} Efternamn{0}", &row[0][2..]);
        row.push(name);
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let season = season.matched(&[]);
    let outcome = season.outcome();
    let protected: Vec<_> = applicants.iter().filter(|row| row.get("protected") == "yes").collect();
    assert_eq!(protected.len(), 6);
    for row in protected {
        for text in explained(&season, &outcome, row.get("applicant_id")) {
            assert!(!text.contains("Efternamn") && !text.contains(row.get("birth_date")), "{text}");
            assert!(text.contains("personuppgifter är skyddade") || text.contains("identity is protected"), "{text}");
            assert!(!text.contains("önskelista") && !text.contains("list of wishes"), "the rank of a wish is told: {text}");
            let wished = |job: &str| row.get("wishes").contains(job);
            let named =
                season.table("jobs.csv").iter().map(|job| job.get("job_id").to_owned()).find(|job| text.contains(job.as_str()));
            assert!(named.is_none_or(|job| !wished(&job)), "{text}");
        }
    }
}

#[test]
fn somebody_who_did_not_apply_cannot_be_explained() {
    let season = SeasonFolder::starter().matched(&[]);
    season.run("why", ["A-9999"]).ends_with(2).complains("there is no applicant A-9999 in the files");
    season.run("why", ["a-0001"]).ends_with(2).complains("did you mean `A-0001`?");
    season.run("why", ["A-0001", "--lang", "de"]).ends_with(2).complains("possible values: sv, en");
}

#[test]
fn an_outcome_of_other_files_is_not_explained() {
    let season = SeasonFolder::starter().matched(&[]);
    season.edit("jobs.csv", "J-02;Parkskötsel på Gärdet;ostermalm;;park;1;", "J-02;Parkskötsel på Gärdet;ostermalm;;park;2;");
    season.run("why", ["A-0001"]).ends_with(3).complains("other jobs").complains("feriematch match season");
    season.run("report", []).ends_with(3).complains("other jobs");
}
