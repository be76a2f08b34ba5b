//! A lottery that anybody can check: commit, draw, verify.

use std::fs;

use crate::program::{Run, feriematch};
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

const SEED: &str = "lotto 2015-03-02: 3 11 17 22 30 34";

/// The starter season or that of 2015, whose record is begun.
struct Season(SeasonFolder);

impl Season {
    fn begun() -> Self {
        let season = Self(SeasonFolder::stockholm());
        season.on(&["ledger", "init"], &[]).succeeds();
        season
    }

    fn committed() -> (Self, String) {
        let season = Self::begun();
        let said = season.on(&["lottery", "commit"], &[]).succeeds().stdout;
        let commitment = said.lines().map(str::trim).find(|line| line.len() == 64).expect("a commitment").to_owned();
        (season, commitment)
    }

    fn drawn() -> (Self, String) {
        let (season, commitment) = Self::committed();
        season.draw().succeeds();
        (season, commitment)
    }

    fn draw(&self) -> Run {
        self.on(&["lottery", "draw"], &["--seed", SEED])
    }

    #[track_caller]
    fn on(&self, words: &[&str], args: &[&str]) -> Run {
        self.0.run_words(words, args.iter().copied().chain(["--by", "anna", "--date", "2015-03-02"]))
    }

    fn numbers(&self) -> Rows {
        self.0.table("lottery/numbers.csv")
    }

    fn ledger(&self) -> String {
        self.0.run_words(&["ledger", "export"], []).succeeds().stdout
    }

    /// Checks the lottery in a folder where nothing is but what was published.
    fn verify(&self, commitment: &str, seed: &str, files: &[&str], more: &[&str]) -> Run {
        let outside = tempfile::tempdir().expect("a temporary folder");
        for file in ["lottery/list.csv", "lottery/rules.json"].iter().chain(files) {
            let name = file.rsplit('/').next().expect("a name");
            fs::copy(self.0.path(file), outside.path().join(name)).expect("a file to publish");
        }
        let args = ["lottery", "verify", "list.csv", "--rules", "rules.json", "--commitment", commitment, "--seed", seed];
        feriematch(outside.path(), args.iter().chain(more))
    }

    fn verify_numbers(&self, commitment: &str) -> Run {
        self.verify(commitment, SEED, &["lottery/numbers.csv"], &["--numbers", "numbers.csv"])
    }

    /// Returns the first applicant's line of applicants.csv.
    fn a_line(&self) -> String {
        self.0.read("applicants.csv").lines().nth(1).expect("an applicant").to_owned()
    }
}

#[test]
fn whoever_has_what_was_published_can_check_the_lottery() {
    let (season, commitment) = Season::drawn();
    season.verify_numbers(&commitment).succeeds().says("Verified:").says("of 1 511 applicants in numbers.csv follow");
    // It is the lottery that is matched by.
    let matched = SeasonFolder::stockholm().matched(&["--seed", SEED]);
    let numbers = season.numbers();
    for decision in matched.outcome().decisions {
        let row = numbers.find("applicant_id", &decision.applicant);
        assert_eq!(row.get("lottery_number"), decision.lottery.to_string());
        assert_eq!(row.number("position"), decision.position);
    }
    let json = season.verify(&commitment, SEED, &[], &["--format", "json"]).succeeds().json();
    assert_eq!((&json["holds"], &json["listed"]), (&true.into(), &1_511.into()));
    assert_eq!(json["commitment"], commitment.as_str());
}

#[test]
fn whatever_is_not_as_committed_or_drawn_is_refuted() {
    let (season, commitment) = Season::drawn();
    let refutes = |commitment: &str, seed: &str, why: &str| {
        let run = season.verify(commitment, seed, &["lottery/numbers.csv"], &["--numbers", "numbers.csv"]);
        run.ends_with(1).says("Refuted:").says(why);
    };
    refutes(&"0".repeat(64), SEED, "are not those that were committed to");
    refutes(&commitment, "another", "and the seed gives");
    let first = season.numbers().rows[0].clone();
    let numbers = season.0.read("lottery/numbers.csv");
    // Somebody who came after the seed was known, with a lucky id.
    season.0.write("lottery/numbers.csv", format!("{numbers}A-9999;P;0000000000000001;1\n"));
    refutes(&commitment, SEED, "A-9999 is in the ranking and not on the list");
    season.0.write("lottery/numbers.csv", numbers.replacen(&first[2], "0000000000000001", 1));
    refutes(&commitment, SEED, &format!("{} has the number 0000000000000001", first[0]));
    let gone: Vec<&str> = numbers.lines().filter(|line| !line.starts_with(&first[0])).collect();
    season.0.write("lottery/numbers.csv", gone.join("\n"));
    refutes(&commitment, SEED, &format!("{} is on the list and has no number", first[0]));
    season.0.write("lottery/numbers.csv", &numbers);
    let list = season.0.read("lottery/list.csv");
    season.0.write("lottery/list.csv", format!("{list}A-9999;P\n"));
    refutes(&commitment, SEED, "are not those that were committed to");
    season.0.write("lottery/list.csv", list);
    season.verify_numbers(&commitment).succeeds();
}

#[test]
fn what_is_no_lottery_is_refused_with_the_remedy() {
    let (season, commitment) = Season::drawn();
    season.verify("4b3c", SEED, &[], &[]).ends_with(2).complains("64 hexadecimal digits");
    season.verify(&commitment, SEED, &[], &["--numbers", "nowhere.csv"]).ends_with(74).complains("cannot read nowhere.csv");
    season.verify(&commitment, SEED, &[], &["--numbers", "rules.json"]).ends_with(3).complains("the ranking");
    season.0.write("lottery/rules.json", "{}");
    season.verify(&commitment, SEED, &[], &[]).ends_with(3).complains("the rules cannot be read").complains("byte for byte");
}

#[test]
fn the_list_is_fixed_once_and_before_the_draw() {
    let (season, commitment) = Season::committed();
    let before = (season.ledger(), season.0.files("lottery"));
    season.on(&["lottery", "commit"], &[]).ends_with(5).complains(&commitment);
    assert_eq!((season.ledger(), season.0.files("lottery")), before);
    season.draw().succeeds();
    let after = (season.ledger(), season.0.files("lottery"));
    season.draw().ends_with(5).complains("a lottery is drawn once");
    season.on(&["lottery", "commit"], &[]).ends_with(5).complains("has been drawn");
    assert_eq!((season.ledger(), season.0.files("lottery")), after, "a refused step left something");

    let late = Season::begun();
    late.draw().succeeds();
    late.on(&["lottery", "commit"], &[]).ends_with(5).complains("a lottery is drawn once");
    assert!(!late.0.path("lottery").exists());
}

/// Whoever could undo a draw could draw until it fits.
#[test]
fn a_draw_is_not_undone() {
    let (season, _) = Season::drawn();
    let before = season.ledger();
    season.on(&["undo"], &["--reason", "the wrong seed"]).ends_with(5).complains("a lottery is drawn once");
    assert_eq!(season.ledger(), before);
}

#[test]
fn striking_somebody_changes_no_other_number() {
    let (season, _) = Season::drawn();
    let (other, _) = Season::committed();
    let line = other.a_line();
    let struck = line.split(';').next().expect("an id").to_owned();
    other.0.write("applicants.csv", other.0.read("applicants.csv").replacen(&format!("{line}\n"), "", 1));
    other.draw().succeeds().complains(&format!("1 applicant struck: {struck}."));
    // The numbers are those of the list that was committed to, whoever is struck later.
    assert_eq!(other.numbers(), season.numbers());
    // Without a commitment the season is all there is: nobody's number changes, and positions close up.
    let with = SeasonFolder::stockholm().matched(&["--seed", SEED]).outcome();
    let without = SeasonFolder::stockholm();
    without.write("applicants.csv", without.read("applicants.csv").replacen(&format!("{line}\n"), "", 1));
    let without = without.matched(&["--seed", SEED]).outcome();
    let mut expected: Vec<_> = with.decisions.iter().filter(|d| d.applicant != struck).collect();
    expected.sort_by_key(|decision| decision.position);
    let mut found: Vec<_> = without.decisions.iter().collect();
    found.sort_by_key(|decision| decision.position);
    assert_eq!(found.len(), 1_510);
    let pairs = expected.iter().zip(&found);
    assert!(pairs.into_iter().all(|(a, b)| (&a.applicant, a.lottery) == (&b.applicant, b.lottery)));
}

#[test]
fn who_came_or_changed_class_after_the_commitment_is_named() {
    let (season, commitment) = Season::committed();
    let applicants = season.0.read("applicants.csv");
    let line = season.a_line();
    let added = line.replacen("A-0001", "A-9999", 1);
    let moved = line.replacen(";1;", ";P;", 1);
    assert_ne!(line, moved, "the first applicant of 2015 is in class 1");
    season.0.write("applicants.csv", format!("{}{added}\n", applicants.replacen(&line, &moved, 1)));
    let draw = season.draw().succeeds();
    draw.complains("1 applicant added, who could not be chosen before: A-9999.").complains("A-0001 (from 1 to P).");
    season.verify_numbers(&commitment).succeeds();

    let published = season.on(&["publish"], &["--days", "7"]).succeeds();
    published.says("added, who could not be chosen before: A-9999.").says("moved to another class: A-0001 (from 1 to P).");
    // The lists of the round show it to outsiders as well.
    let lists = ["offers.csv", "waiting-list.csv"].map(|list| {
        let file = format!("rounds/1/{list}");
        season.verify(&commitment, SEED, &[&file], &["--numbers", list])
    });
    let refuted: String = lists.iter().map(|run| run.stdout.as_str()).collect();
    assert!(refuted.contains("A-9999 is in the ranking and not on the list that was committed to"), "{refuted}");
    assert!(refuted.contains("A-0001 is in class P, and in class 1 on the list"), "{refuted}");
}

#[test]
fn the_lists_of_a_round_follow_from_the_lottery() {
    let (season, commitment) = Season::drawn();
    season.on(&["publish"], &["--days", "7"]).succeeds().says("Everybody in the ranking is on the list that was committed to.");
    for list in ["offers.csv", "waiting-list.csv"] {
        season.verify(&commitment, SEED, &[&format!("rounds/1/{list}")], &["--numbers", list]).succeeds().says("Verified:");
    }
}

#[test]
fn a_draw_from_files_other_than_those_committed_to_is_refused() {
    let (season, _) = Season::committed();
    let list = season.0.read("lottery/list.csv");
    let before = season.ledger();
    season.0.write("lottery/list.csv", format!("{list}A-9999;P\n"));
    season.draw().ends_with(3).complains("are not those that were committed to").complains("put back");
    assert_eq!(season.ledger(), before);
    assert!(!season.0.path("lottery/numbers.csv").exists());
    season.0.write("lottery/list.csv", list);
    season.0.edit("season.toml", "rank_costs = \"linear\"", "rank_costs = \"convex\"");
    season.draw().succeeds().complains("The rules have changed since they were committed to");
}
