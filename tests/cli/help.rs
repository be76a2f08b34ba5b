//! What the program says about itself, and about a command line that asks for what is not there.

use crate::program::feriematch;
use crate::season_folder::SeasonFolder;

const VERBS: &[&str] = &[
    "init",
    "check",
    "match",
    "rules",
    "why",
    "why-not",
    "verify",
    "report",
    "compare",
    "balance",
    "synth",
    "replay",
    "price",
    "shortage",
    "chances",
    "plan capacity",
    "plan merge",
    "plan places",
    "plan apportion",
    "plan workload",
    "plan caseload",
    "plan whatif",
    "plan offers",
    "plan calibrate",
    "ledger init",
    "ledger log",
    "ledger verify",
    "ledger export",
    "ledger import",
    "lottery commit",
    "lottery draw",
    "lottery verify",
    "publish",
    "answer",
    "expire",
    "sign",
    "places",
    "diff",
    "lock",
    "forbid",
    "release",
    "overrides",
    "cede",
    "todo",
    "status",
    "undo",
    "letters",
    "hours",
    "cost",
    "disclose",
    "retire",
    "classes",
];

#[test]
fn every_command_has_help_with_examples_that_use_its_own_options() {
    let temp = tempfile::tempdir().expect("a temporary folder");
    let overview = feriematch(temp.path(), ["--help"]).succeeds().stdout;
    assert!(overview.contains("Exit codes:"), "{overview}");
    for &verb in VERBS {
        let words: Vec<&str> = verb.split(' ').collect();
        assert!(overview.contains(&format!("\n  {} ", words[0])), "the overview leaves out {verb}");
        let help = feriematch(temp.path(), words.into_iter().chain(["--help"])).succeeds().stdout;
        let (options, examples) = help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{verb} has no examples"));
        assert!(examples.contains(&format!("  feriematch {verb} ")), "{examples}");
        for option in examples.split_whitespace().filter(|word| word.starts_with("--")) {
            assert!(
                options.split_whitespace().any(|word| word == option),
                "an example of {verb} has {option}, which is not an option"
            );
        }
    }
    assert_eq!(feriematch(temp.path(), ["--version"]).succeeds().stdout, concat!("feriematch ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused_with_help() {
    let season = SeasonFolder::starter();
    season.run("match", ["--mechanism", "serial-dictator"]).ends_with(2).complains("'serial-dictatorship'");
    season.run("match", ["--sede", "1"]).ends_with(2).complains("--seed");
    season.run("matches", []).ends_with(2).complains("'match'");
    season.run("match", ["--threads", "0"]).ends_with(2).complains("--threads");
    season.run("why", []).ends_with(2).complains("<APPLICANT>");
    season
        .run("match", ["--solver", "reference", "--mechanism", "paper-lottery"])
        .ends_with(2)
        .complains("--mechanism priority")
        .complains("--solver");
    assert!(!season.path("outcome").exists());
}

#[test]
fn a_run_without_a_seed_is_refused_with_the_remedy() {
    let season = SeasonFolder::starter();
    season.remove_lines("season.toml", &["seed = "]);
    season.run("check", []).succeeds();
    season.run("match", []).ends_with(2).complains("no seed").complains("--seed").complains("[lottery]");
    assert!(!season.path("outcome").exists());
    season.run("match", ["--seed", "drawn in public"]).succeeds();
    assert_eq!(season.outcome().seed, "drawn in public");
    season.verifies().says("season.toml does not name this seed");
}

#[test]
fn what_needs_an_outcome_says_how_to_get_one() {
    let season = SeasonFolder::starter();
    for (verb, args) in [("why", vec!["A-0001"]), ("verify", vec![]), ("report", vec![])] {
        season.run(verb, args).ends_with(2).complains("there is no outcome").complains("feriematch match season");
    }
}
