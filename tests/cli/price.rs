//! What each rule costs all others: beside the outcomes of seasons whose files do not have the rule.

use std::collections::BTreeMap;

use crate::rows::Rows;
use crate::season_folder::{SeasonFolder, placed};

/// Returns the ranks of those who have a place, by id.
fn ranks(season: &SeasonFolder) -> BTreeMap<String, i64> {
    let outcome = season.outcome();
    placed(&outcome).map(|(id, place)| (id.to_owned(), place.rank.expect("nobody is locked").into())).collect()
}

/// Returns a column of a table with its entries edited.
fn with_column(table: &Rows, column: &str, edit: impl Fn(&str) -> String) -> String {
    let at = table.header.iter().position(|name| name == column).expect("the column");
    let mut table = table.clone();
    table.rows.iter_mut().for_each(|row| row[at] = edit(&row[at]));
    table.to_csv(b';', csv::Terminator::Any(b'\n'))
}

/// Each rule is taken out of the files by hand, the season matched, and the lists compared.
#[test]
fn a_price_is_what_changes_when_the_files_do_not_have_the_rule() {
    type Edit = fn(&SeasonFolder);
    let season = SeasonFolder::stockholm().matched(&[]);
    let with = ranks(&season);
    let list = Rows::parse(&season.run("price", ["--format", "csv"]).succeeds().stdout, b',');
    let edits: [(&str, &str, Edit); 7] = [
        ("home-cap", "norrmalm", |season| {
            season.edit("season.toml", "name = \"Norrmalm\"\nbudget = 2000000\n", "name = \"Norrmalm\"\n");
        }),
        ("stream-cap", "department", |season| season.edit("season.toml", "cap = 67\n", "")),
        ("extract", "", |season| {
            let settings = season.read("season.toml").replace("extract = true", "extract = false");
            season.write("season.toml", settings);
        }),
        ("periods", "", |season| {
            season.write("applicants.csv", with_column(&season.table("applicants.csv"), "periods", |_| String::new()));
        }),
        ("classes", "", |season| {
            season.write("applicants.csv", with_column(&season.table("applicants.csv"), "class", |_| "1".to_owned()));
        }),
        ("open-to", "", |season| {
            season.write("jobs.csv", with_column(&season.table("jobs.csv"), "open_to", |_| String::new()));
        }),
        ("stream-order", "department>district", |season| {
            let text = season.read("season.toml");
            let (head, streams) = text.split_once("[[funding]]\n").expect("streams");
            let (district, rest) = streams.split_once("[[funding]]\n").expect("two streams");
            let (department, tail) = rest.split_once("[[wages]]").expect("wages");
            season.write("season.toml", format!("{head}[[funding]]\n{department}[[funding]]\n{district}[[wages]]{tail}"));
        }),
    ];
    for (rule, of, edit) in edits {
        let without = SeasonFolder::stockholm();
        edit(&without);
        let without = ranks(&without.matched(&[]));
        let row = list.iter().find(|row| row.get("rule") == rule && row.get("of") == of);
        let row = row.unwrap_or_else(|| panic!("no price of {rule} {of}"));
        let number = |column: &str| row.get(column).parse::<i64>().expect("a whole number");
        let gain = without.keys().filter(|id| !with.contains_key(*id)).count() as i64;
        let lose = with.keys().filter(|id| !without.contains_key(*id)).count() as i64;
        let first = |ranks: &BTreeMap<String, i64>| ranks.values().filter(|&&rank| rank == 1).count() as i64;
        let sum = |ranks: &BTreeMap<String, i64>| ranks.values().sum::<i64>();
        assert_eq!(
            ["places", "gain_place", "lose_place", "first_wishes", "rank_sum"].map(number),
            [gain - lose, gain, lose, first(&without) - first(&with), sum(&without) - sum(&with)],
            "{rule} {of}"
        );
        let decides = match (gain + lose, row.get("rank_sum")) {
            (0, "0") => "nothing",
            (0, _) => "where",
            _ => "who",
        };
        assert_eq!(row.get("binds"), decides, "{rule} {of}");
    }
}

#[test]
fn a_cost_is_known_where_wages_and_hours_are() {
    let season = SeasonFolder::stockholm();
    let list = season.run("price", ["--format", "json"]).succeeds().json();
    assert!(list["as_it_is"]["cost"].is_string() && list["rules"][0]["cost"].is_string(), "{list}");
    season.write("jobs.csv", with_column(&season.table("jobs.csv"), "hours", |_| String::new()));
    let list = season.run("price", ["--format", "json"]).succeeds().json();
    assert!(list["as_it_is"]["cost"].is_null() && list["rules"][0]["cost"].is_null(), "{list}");
    season.run("price", []).succeeds().says("What they cost is not known");
}

#[test]
fn rules_that_a_season_does_not_have_are_named_in_one_line() {
    let season = SeasonFolder::drawn(60, 8, 30, 4);
    let list = season.run("price", []).succeeds();
    list.says_also("Rules that the season does not have: department's cap, stream's cap, home district's cap, all caps,");
    assert!(!list.stdout.contains("\n home district's cap"), "{}", list.stdout);
    let list = season.run("price", ["--format", "json"]).succeeds().json();
    let codes: Vec<&str> = list["rules"].as_array().expect("rules").iter().filter_map(|rule| rule["rule"].as_str()).collect();
    assert_eq!(codes, ["classes", "cohorts", "minors"]);
}

#[test]
fn a_place_locked_by_hand_that_another_order_cannot_pay_for_is_said() {
    let season = SeasonFolder::drawn(20, 3, 6, 3);
    // The second stream pays for nobody; so a lock that it would pay for first cannot stand.
    let settings = season.read("season.toml");
    let (head, streams) = settings.split_once("[[funding]]\n").expect("a stream");
    let id = streams.lines().find_map(|line| line.strip_prefix("id = ")).expect("an id").trim_matches('"').to_owned();
    let other = "[[funding]]\nid = \"other\"\nname = \"Other\"\npayer = \"external\"\ncap = 0\n";
    season.write("season.toml", format!("{head}[[funding]]\n{streams}\n{other}"));
    let mut jobs = season.table("jobs.csv");
    jobs.header.push("funding".to_owned());
    jobs.rows.iter_mut().for_each(|row| row.push(format!("{id}|other")));
    season.write("jobs.csv", jobs.to_csv(b';', csv::Terminator::Any(b'\n')));
    let (job, applicant) = (jobs.rows[0][0].clone(), season.table("applicants.csv").rows[0][0].clone());
    season.write("overrides.csv", format!("kind;applicant_id;job_id;reason;by\nlock;{applicant};{job};test;anna\n"));
    let list = season.run("price", []).succeeds();
    list.says_also("a lock");
    list.says_also("A lock: a place locked by hand could not be given");
}

#[test]
fn a_picture_shows_the_rules_that_decide_who() {
    let season = SeasonFolder::stockholm();
    let list = season.run("price", ["--picture", "season/price.svg", "--format", "csv"]).succeeds();
    let picture = season.read("price.svg");
    assert!(picture.starts_with("<svg "), "{picture}");
    let decides_who = Rows::parse(&list.stdout, b',').iter().any(|row| row.get("rule") == "extract" && row.get("binds") == "who");
    assert_eq!(picture.contains("register extract"), decides_who);
    assert!(!picture.contains("birth years"), "everybody is of the cohorts");
    season.run("price", ["--picture", "nowhere/price.svg"]).ends_with(74).complains("nowhere/price.svg");
}

#[test]
fn without_a_seed_a_price_list_says_what_to_do() {
    let season = SeasonFolder::starter();
    season.remove_lines("season.toml", &["seed = "]);
    season.run("price", []).ends_with(2).complains("no seed").complains("--seed");
    let one = season.run("price", ["--seed", "S", "--threads", "1"]).succeeds().stdout;
    assert_eq!(one, season.run("price", ["--seed", "S", "--threads", "3"]).succeeds().stdout);
}
