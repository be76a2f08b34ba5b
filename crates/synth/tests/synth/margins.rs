//! Margins files that are refused, and with which words.

use feriematch_synth::{Margins, MarginsProblem};

/// A small margins file that is in order.
const GOOD: &str = r#"format = 1
seed = 1
[settings.season]
name = "Prov"
year = 2027
cohorts = [2009, 2010]
rule_pack = "sweden-minors"
[settings.mechanism]
name = "priority"
rank_costs = "linear"
[[settings.classes]]
code = "1"
name = "Ett; två"
[[settings.periods]]
id = "1"
name = "Period 1"
first_day = 2027-06-14
last_day = 2027-07-02
[[settings.areas]]
id = "park"
name = "Park"
[[settings.districts]]
id = "norr"
name = "Norr"
[[settings.funding]]
id = "district"
name = "Budget"
payer = "home-district"
[applicants]
id_prefix = "A"
protected = 1
districts = [{ district = "norr", count = 10, girls_percent = 50 }]
cohorts = [{ cohort = 2009, weight = 1 }, { cohort = 2010, weight = 1 }]
classes = [{ class = "1", weight = 1 }]
periods = { every_percent = 100 }
[jobs]
kinds = [{ code = "PARK", title = "Blommor; \"träd\"", area = "park", weight = 1, capacity = [1, 3] }]
places = [{ employer = "norr", prefix = "N", count = 5, kinds = ["PARK"], funding = ["district"] }]
[wishes]
ranks = [1, 3]
home_percent = 50
tie_percent = 0
unsuited_percent = 0
any_percent = 0
forms = { job = 1 }
areas = [{ area = "park", weight = 1 }]
"#;

/// Checks that replacing a text of the file by another gives an error at the given text, and returns what the error says.
fn refused(old: &str, new: &str, at: &str) -> String {
    assert_eq!(GOOD.matches(old).count(), 1, "`{old}` has to be unique");
    let text = GOOD.replace(old, new);
    let error = Margins::from_toml(&text).err().unwrap_or_else(|| panic!("`{new}` was accepted"));
    let line = text.lines().nth(error.line - 1).unwrap();
    let rest: String = line.chars().skip(error.column - 1).collect();
    assert!(rest.starts_with(at), "the error is at `{rest}`: {error}");
    assert!(error.to_string().starts_with(&format!("line {}, column {}: ", error.line, error.column)));
    error.problem.to_string()
}

#[test]
fn titles_may_hold_any_character() {
    let dir = tempfile::tempdir().unwrap();
    Margins::from_toml(GOOD).unwrap().write_to(dir.path(), &|_| ()).unwrap();
    let jobs = crate::read::table(dir.path(), "jobs.csv");
    assert_eq!(crate::read::sum(&jobs, "capacity"), 5);
    assert!(jobs.iter().all(|job| job["title"] == "Blommor; \"träd\""));
    let settings: toml::Table = std::fs::read_to_string(dir.path().join("season.toml")).unwrap().parse().unwrap();
    assert_eq!(settings["classes"][0]["name"].as_str(), Some("Ett; två"));
    assert_eq!(settings["format"].as_integer(), Some(1));
}

#[test]
fn lists_are_never_empty() {
    // Five jobs at most, and twenty ranks wished for: the lists end early, none of them before it has begun.
    let dir = tempfile::tempdir().unwrap();
    let margins = Margins::from_toml(&GOOD.replace("ranks = [1, 3]", "ranks = [20, 20]")).unwrap();
    margins.write_to(dir.path(), &|_| ()).unwrap();
    let jobs = crate::read::table(dir.path(), "jobs.csv").len();
    for row in crate::read::table(dir.path(), "applicants.csv") {
        assert_eq!(crate::read::ranks(&row).len(), jobs, "{row:?}");
    }
}

#[test]
fn the_form_of_the_file_is_checked() {
    assert_eq!(refused("format = 1", "format = 2", "2"), "format 2 is not known; this version reads format 1");
    assert_eq!(refused("seed = 1\n", "", "format"), "missing field `seed`");
    assert!(refused("protected = 1", "\"åäö\" = 1", "\"åäö\"").starts_with("unknown field `åäö`, expected one of"));
    assert!(refused("payer = \"home", "pays = 1\npayer = \"home", "pays").starts_with("unknown field `pays`"));
    assert_eq!(refused("{ job = 1 }", "{ job = 1000001 }", "1000001"), "a weight is at most 1000000");
    assert_eq!(refused("girls_percent = 50", "girls_percent = 101", "101"), "a percentage is at most 100");
    let date = refused("first_day = 2027-06-14", "first_day = 08:00:00", "08:00:00");
    assert_eq!(date, "expected a date such as 2015-06-15");
    let time = refused("capacity = [1, 3]", "start_time = 2027-06-14, capacity = [1, 3]", "2027-06-14");
    assert_eq!(time, "expected a time such as 08:00:00");
    let money = refused("rule_pack =", "cost_per_place = 98.33\nrule_pack =", "98.33");
    assert_eq!(money, "a whole number or a quoted decimal");
    refused("seed = 1", "seed = ", "");
}

#[test]
fn mentions_are_found() {
    for (old, new, at, problem) in [
        ("{ district = \"norr\"", "{ district = \"nor\"", "\"nor\"", "unknown district `nor`"),
        ("{ cohort = 2010", "{ cohort = 2011", "2011", "unknown cohort `2011`"),
        ("class = \"1\"", "class = \"9\"", "\"9\"", "unknown class `9`"),
        ("weight = 1 }]\nperiods", "weight = 1, cohorts = [2008] }]\nperiods", "2008", "unknown cohort `2008`"),
        ("area = \"park\", weight = 1, c", "area = \"p\", weight = 1, c", "\"p\"", "unknown area `p`"),
        ("area = \"park\", weight = 1 }", "area = \"p\", weight = 1 }", "\"p\"", "unknown area `p`"),
        ("employer = \"norr\"", "employer = \"x\"", "\"x\"", "unknown district or department `x`"),
        ("kinds = [\"PARK\"]", "kinds = [\"P\"]", "\"P\"", "unknown kind of work `P`"),
        ("funding = [\"district\"]", "funding = [\"x\"]", "\"x\"", "unknown funding stream `x`"),
        ("count = 5,", "count = 5, host = \"x\",", "\"x\"", "unknown district `x`"),
        ("count = 5,", "count = 5, open_to = [\"x\"],", "\"x\"", "unknown district `x`"),
        ("capacity =", "requires = [\"x\"], capacity =", "\"x\"", "unknown qualification `x`"),
        ("capacity =", "periods = [\"2\"], capacity =", "\"2\"", "unknown period `2`"),
    ] {
        assert_eq!(refused(old, new, at), problem);
    }
}

#[test]
fn nothing_is_given_twice() {
    assert_eq!(refused("{ cohort = 2010", "{ cohort = 2009", "2009, weight = 1 }]"), "cohort `2009` is given twice");
    let class = refused("weight = 1 }]\nperiods", "weight = 1 }, { class = \"1\", weight = 2 }]\nperiods", "\"1\", weight = 2");
    assert_eq!(class, "class `1` is given twice");
    assert_eq!(refused("id = \"park\"", "id = \"norr\"", ""), "area or district `norr` is given twice");
    assert_eq!(refused("id = \"park\"", "id = \"any\"", ""), "area or district `any` is given twice");
}

#[test]
fn totals_have_to_be_possible() {
    assert_eq!(refused("protected = 1", "protected = 11", "11"), "11 of 10 applicants cannot be protected");
    let class = "weight = 1 }]\nperiods";
    assert_eq!(refused(class, "weight = 0 }]\nperiods", "[{ class"), "the weights of classes are all zero");
    assert_eq!(
        refused(class, "weight = 1, cohorts = [2009] }]\nperiods", "\"norr\""),
        "the applicants of `norr` do not fit: the cohorts that class `1` allows are too small"
    );
    let popularity = "areas = [{ area = \"park\", weight = 1 }]";
    assert_eq!(refused(popularity, "areas = []", "[]"), "area `park` has no entry");
    let none = refused(popularity, "areas = [{ area = \"park\", weight = 0 }]", "[{ area");
    assert_eq!(none, "the weights of areas with places are all zero");
    assert_eq!(refused("{ cohort = 2010", "{ cohort = 10000", "10000"), "10000 is no birth year");
    assert_eq!(refused("kinds = [\"PARK\"]", "kinds = []", "[]"), "the weights of kinds of work are all zero");
    assert_eq!(refused("{ job = 1 }", "{ job = 0 }", "{ job = 0 }"), "the weights of forms of a wish are all zero");
}

#[test]
fn intervals_ascend_within_bounds() {
    let ranks = |new, at| refused("ranks = [1, 3]", new, at);
    assert_eq!(ranks("ranks = [3, 21]", "[3, 21]"), "the number of ranks goes from 3 to 21; it must ascend within 1 to 20");
    assert_eq!(ranks("ranks = [3, 1]", "[3, 1]"), "the number of ranks goes from 3 to 1; it must ascend within 1 to 20");
    let capacity = refused("capacity = [1, 3]", "capacity = [0, 3]", "[0, 3]");
    assert!(capacity.starts_with("a posting's capacity goes from 0 to 3"), "{capacity}");
    let days = refused(
        "periods = { every_percent = 100 }",
        "periods = { every_percent = 100 }\nextract = { percent = 1, first_day = 2027-01-02, last_day = 2027-01-01 }",
        "2027-01-01",
    );
    assert_eq!(days, "the last day comes before the first");
}

#[test]
fn ids_are_plain() {
    let id = refused("id_prefix = \"A\"", "id_prefix = \"a b\"", "\"a b\"");
    assert_eq!(id, "`a b` cannot be part of an id: letters A to Z and digits can");
    assert!(refused(" prefix = \"N\"", " prefix = \"\"", "\"\"").starts_with("`` cannot be part of an id"));
    assert!(refused("code = \"PARK\"", "code = \"PÅRK\"", "\"PÅRK\"").starts_with("`PÅRK` cannot be part of an id"));
}

#[test]
fn problems_can_be_told_apart_by_programs() {
    let error = Margins::from_toml(&GOOD.replace("protected = 1", "protected = 99")).err().unwrap();
    assert!(matches!(error.problem, MarginsProblem::Protected { protected: 99, applicants: 10 }));
}
