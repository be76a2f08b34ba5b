//! Surplus places go to others by the rule of season.toml.

use crate::recorded::Season;

const RULE: &str =
    "\n[[reversion]]\nto = \"Rinkeby-Kista\"\nshare = 3\n\n[[reversion]]\nto = \"Hässelby-Vällingby\"\nshare = 2\n";

#[test]
fn five_surplus_places_go_three_to_two() {
    let season = Season::published();
    season.refuses("2015-04-01", "cede", &[], 2, "does not say who gets surplus places");
    season.0.write("season.toml", format!("{}{RULE}", season.0.read("season.toml")));
    season.on("2015-04-01", "cede", &[]).succeeds().says("There is no surplus: nothing is ceded.\n");
    // Everybody who waits leaves, and then five who have a place.
    let waiting: Vec<String> =
        season.0.table("rounds/1/waiting-list.csv").iter().map(|row| row.get("applicant_id").to_owned()).collect();
    let leaving = waiting.into_iter().map(|id| format!("{id};withdraw\n"));
    let declining = season.pairs(1).into_keys().take(5).map(|id| format!("{id};decline\n"));
    let lines: String = leaving.chain(declining).collect();
    season.0.write("answers.csv", format!("applicant_id;answer\n{lines}"));
    season.on("2015-04-01", "answer", &["--file", "season/answers.csv"]).succeeds();
    let before = season.ledger();
    season.on("2015-04-02", "cede", &["--preview"]).succeeds().says("  3 to Rinkeby-Kista: ").says("  2 to Hässelby-Vällingby: ");
    assert_eq!(season.ledger(), before, "a preview was recorded");
    season.on("2015-04-02", "cede", &[]).succeeds().says("5 places that nobody who waits can take").says("Ceded.\n");
    let status = season.status("2015-04-02");
    assert_eq!((status["places"].as_u64(), status["free"].as_u64()), (Some(620), Some(0)));
    season.0.run_words(&["ledger", "log"], []).succeeds().says("3 places to Rinkeby-Kista");
}

#[test]
fn what_somebody_who_waits_can_take_is_not_surplus() {
    let season = Season::published();
    season.0.write("season.toml", format!("{}{RULE}", season.0.read("season.toml")));
    let id = season.pairs(1).into_keys().next().expect("an offer");
    season.on("2015-04-01", "answer", &[&id, "decline"]).succeeds();
    let said = season.on("2015-04-01", "cede", &[]).succeeds();
    said.says("1 free place can still be taken by people who wait").says("nothing is ceded");
}

#[test]
fn a_rule_that_names_somebody_twice_or_gives_nothing_is_refused() {
    let season = Season::drawn();
    let rule = RULE.replace("Hässelby-Vällingby", "Rinkeby-Kista").replace("share = 3", "share = 0");
    season.0.write("season.toml", format!("{}{rule}", season.0.read("season.toml")));
    season.0.run("check", []).ends_with(3).says("error[F2007]").says("season.toml:");
    let rule = RULE.replace("Hässelby-Vällingby", "Rinkeby-Kista");
    let settings = season.0.read("season.toml");
    let (settings, _) = settings.split_once("\n[[reversion]]").expect("the rule");
    season.0.write("season.toml", format!("{settings}{rule}"));
    season.0.run("check", []).ends_with(3).says("error[F2101]").says("named twice");
}
