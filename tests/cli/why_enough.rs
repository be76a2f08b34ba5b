//! What would have been enough: every sentence that says so is proved by editing the season's files and matching again.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::{Decision, Verdict};

use crate::changed::{Changed, has_place};
use crate::season_folder::SeasonFolder;

/// Returns the sentences about what would have been enough, without the one on how they were found out.
#[track_caller]
fn enough(season: &SeasonFolder, id: &str) -> Vec<String> {
    let text = season.run("why", [id, "--lang", "en"]).succeeds().stdout;
    let (_, rest) = text.split_once("\nWhat would have been enough\n").unwrap_or_else(|| panic!("nothing is said:\n{text}"));
    let swedish = season.run("why", [id]).succeeds().stdout;
    let (_, in_swedish) = swedish.split_once("\nVad som hade räckt\n").unwrap_or_else(|| panic!("nothing is said:\n{swedish}"));
    let sentences =
        |text: &str| text.lines().take_while(|line| !line.is_empty()).map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let mut said = sentences(rest);
    assert_eq!(said.len(), sentences(in_swedish).len(), "{text}{swedish}");
    assert!(said.pop().is_some_and(|last| last.starts_with("This is hindsight")), "{text}");
    said
}

/// Returns what stands between two texts.
fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    Some(text.split_once(before)?.1.split_once(after)?.0)
}

/// Which number would have been enough: those with other ids draw other numbers, and have a place just when the sentence says so.
#[track_caller]
fn prove_number(season: &SeasonFolder, id: &str, sentence: &str, ids: u32) -> [u32; 2] {
    let changed = Changed::new(season);
    let last: Option<u32> =
        between(sentence, "As number ", " in the order, or earlier,").map(|number| number.parse().expect("a number"));
    let drawn = between(sentence, "That is place ", " in your group").map(|place| {
        let below = between(sentence, "would have had to be below ", ".").expect("a lottery number");
        (place.parse::<u32>().expect("a place"), below.to_owned())
    });
    assert!(last.is_some() || sentence.starts_with("Not even as number 1"), "{sentence}");
    let classes: BTreeMap<String, String> = season
        .table("applicants.csv")
        .iter()
        .map(|row| (row.get("applicant_id").to_owned(), row.get("class").to_owned()))
        .collect();
    let outcome = season.outcome();
    let of_class = |decision: &&Decision| classes[&decision.applicant] == classes[id];
    let first = outcome.decisions.iter().filter(of_class).map(|decision| decision.position).min().expect("the class");
    if let (Some(last), Some((place, _))) = (last, &drawn) {
        assert_eq!(last - first + 1, *place, "{sentence}");
    }
    let mut seen = [0, 0];
    for other in (0..ids).map(|number| format!("Z-{number}")) {
        let decision = changed.cell(id, "applicant_id", |_| other);
        let is_enough = last.is_some_and(|last| decision.position <= last);
        assert_eq!(has_place(&decision), is_enough, "{sentence}\n{decision:?}");
        assert_eq!(
            drawn.as_ref().is_some_and(|(_, below)| decision.lottery.to_string() < *below),
            is_enough,
            "{sentence}\n{decision:?}"
        );
        seen[usize::from(is_enough)] += 1;
    }
    seen
}

#[test]
fn the_number_that_would_have_been_enough_is_the_last_one() {
    let season = SeasonFolder::drawn(120, 20, 70, 3).matched(&[]);
    let outcome = season.outcome();
    let waiting = outcome.decisions.iter().filter(|decision| matches!(decision.verdict, Verdict::Waiting { .. }));
    let mut seen = [0, 0];
    for decision in waiting.step_by(11) {
        let sentences = enough(&season, &decision.applicant);
        let [more, fewer] = prove_number(&season, &decision.applicant, &sentences[0], 12);
        seen = [seen[0] + more, seen[1] + fewer];
    }
    assert!(seen.iter().all(|&count| count > 3), "{seen:?}");
}

#[test]
fn the_number_within_a_home_cap_and_a_class() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let sentences = enough(&season, "A-0967");
    assert!(
        sentences[0].starts_with("As number 514 in the order, or earlier, you would have got a place, and not later."),
        "{sentences:?}"
    );
    prove_number(&season, "A-0967", &sentences[0], 6);
    // Somebody of the last class: nobody of it has a number that would have been enough.
    let outcome = season.outcome();
    let last = outcome.decisions.iter().max_by_key(|decision| decision.position).expect("somebody");
    let sentences = enough(&season, &last.applicant);
    assert!(sentences[0].contains("no lottery number would have been enough"), "{sentences:?}");
    prove_number(&season, &last.applicant, &sentences[0], 3);
}

/// Checks a sentence about something other than numbers; returns what kind it is.
#[track_caller]
fn prove(changed: &Changed<'_>, id: &str, sentence: &str) -> &'static str {
    let is_enough = !sentence.contains(" not ");
    let further =
        |list: &str, sign: &str, more: &str| if list.is_empty() { more.to_owned() } else { format!("{list}{sign}{more}") };
    let check = |column: &str, value: &dyn Fn(&str) -> String, expected: bool| {
        let decision = changed.cell(id, column, value);
        assert_eq!(has_place(&decision), expected, "{id}: {sentence}\n{column}: {decision:?}");
    };
    let wish = |more: &str, expected: bool| check("wishes", &|list| further(list, " > ", more), expected);
    if let Some(day) = between(sentence, "A new extract from the police register, shown on ", ",") {
        check("extract_shown", &|_| day.to_owned(), is_enough);
        if is_enough { "extract is enough" } else { "extract is not enough" }
    } else if let Some(period) = between(sentence, "Being able to work in ", " would") {
        check("periods", &|list| further(list, "|", period), is_enough);
        if is_enough { "period is enough" } else { "period is not enough" }
    } else if let Some(names) = between(sentence, "Having ", " would") {
        check("qualifications", &|list| further(list, "|", &names.replace(", ", "|")), is_enough);
        if is_enough { "qualification is enough" } else { "qualification is not enough" }
    } else if let Some(day) = between(sentence, "Being older, born on ", ",") {
        check("birth_date", &|_| day.to_owned(), is_enough);
        if is_enough { "age is enough" } else { "age is not enough" }
    } else if sentence.starts_with("A further wish for any job") {
        wish("any", true);
        match between(sentence, "these work areas: ", ".") {
            Some(areas) => areas.split(", ").for_each(|area| wish(area, true)),
            None => ["Kontor", "Skola"].into_iter().for_each(|area| wish(area, false)),
        }
        "wishes are enough"
    } else if sentence.starts_with("Further wishes would not have helped") {
        wish("any", false);
        "wishes are not enough"
    } else {
        assert!(sentence.starts_with("You have wished for every job that you may take"), "{sentence}");
        wish("any", false);
        "every job is wished for"
    }
}

#[test]
fn every_other_thing_that_would_have_been_enough() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let applicants = season.table("applicants.csv");
    let outcome = season.outcome();
    let is_ineligible = |decision: &&Decision| matches!(decision.verdict, Verdict::Ineligible { .. });
    let ineligible = outcome.decisions.iter().filter(is_ineligible).map(|decision| decision.applicant.as_str());
    let is_protected = |id: &str| !applicants.find("applicant_id", id).get("protected").is_empty();
    let changed = Changed::new(&season);
    let mut seen: BTreeSet<&'static str> = BTreeSet::new();
    for id in ["A-0237", "A-0309", "A-0324", "A-0953", "A-1129"].into_iter().chain(ineligible.filter(|id| !is_protected(id))) {
        for sentence in enough(&season, id).iter().filter(|sentence| !sentence.contains(" in the order")) {
            seen.insert(prove(&changed, id, sentence));
        }
    }
    let expected = [
        "age is enough",
        "age is not enough",
        "every job is wished for",
        "extract is enough",
        "extract is not enough",
        "period is not enough",
        "qualification is not enough",
        "wishes are enough",
        "wishes are not enough",
    ];
    assert_eq!(seen, BTreeSet::from(expected));
}

#[test]
fn a_period_or_a_qualification_that_would_have_been_enough() {
    let season = SeasonFolder::starter();
    season.write("overrides.csv", "kind;applicant_id;job_id;reason;by\n");
    season.edit("applicants.csv", "A-0003;2010-11-02;F;ostermalm;B;forskola > J-02;;", "A-0003;2010-11-02;F;ostermalm;B;J-02;1;");
    season.edit("applicants.csv", "B;J-05 > J-01 > home;2;simkunnig;;", "B;J-05;2;;;");
    let season = season.matched(&[]);
    let changed = Changed::new(&season);
    for (id, what) in [("A-0003", "period is enough"), ("A-0004", "qualification is enough")] {
        let kinds: Vec<&str> = enough(&season, id).iter().map(|sentence| prove(&changed, id, sentence)).collect();
        assert!(kinds.contains(&what), "{id}: {kinds:?}");
    }
}

#[test]
fn a_place_is_not_explained_away() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let placed = outcome.decisions.iter().find(|decision| has_place(decision)).expect("somebody with a place");
    let text = season.run("why", [placed.applicant.as_str()]).succeeds().stdout;
    assert!(!text.contains("Vad som hade räckt"), "{text}");
    // Nor is anything said where the outcome is not what the season gives.
    let forged = season.read("outcome/outcome.json");
    let waits = outcome.decisions.iter().find(|decision| !has_place(decision)).expect("somebody without a place");
    let placed_json = serde_json::to_string(placed).expect("a decision");
    let (mut taken, mut given) = (placed.clone(), waits.clone());
    std::mem::swap(&mut taken.verdict, &mut given.verdict);
    let waits_json = serde_json::to_string(waits).expect("a decision");
    let compact: serde_json::Value = serde_json::from_str(&forged).expect("JSON");
    let text = serde_json::to_string(&compact).expect("JSON");
    let sorted =
        |json: &str| serde_json::to_string(&serde_json::from_str::<serde_json::Value>(json).expect("JSON")).expect("JSON");
    let swapped = |decision: &Decision| sorted(&serde_json::to_string(decision).expect("a decision"));
    let text = text.replacen(&sorted(&placed_json), &swapped(&taken), 1).replacen(&sorted(&waits_json), &swapped(&given), 1);
    season.write("outcome/outcome.json", text);
    season
        .run("why", [placed.applicant.as_str()])
        .ends_with(3)
        .complains("gives other people a place")
        .complains("feriematch verify season");
}
