//! How many offers to send: beside counts made here from the season's files and record, and sums made here one by one.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::program::feriematch;
use crate::recorded::Season;
use crate::season_folder::SeasonFolder;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

/// Returns the row of a table in which some columns have some values.
#[track_caller]
fn row<'r>(report: &'r Value, table: &str, with: &[(&str, &str)]) -> &'r Value {
    let rows = report["tables"][table].as_array().unwrap_or_else(|| panic!("no table {table}"));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is_it = |row: &&Value| with.iter().all(|&(column, value)| text(&row[column]) == value);
    rows.iter().find(is_it).unwrap_or_else(|| panic!("no row with {with:?} in {table}"))
}

fn offers(season: &SeasonFolder, args: &[&str]) -> Value {
    let args = args.iter().copied().chain(["--format", "json"]);
    season.run_words(&["plan", "offers"], args).succeeds().json()
}

/// 185 places at a yield of 546/640, as in 2015: 217 offers overbook with 48.1 %, 207 with 3.6 %, 208 with more than 5 %.
#[test]
fn the_offers_of_2015() {
    let season = SeasonFolder::stockholm();
    let report = offers(&season, &["--places", "185", "--yield", "546/640", "--offers", "300"]);
    assert_eq!(row(&report, "offers", &[("plan", "one-pool"), ("district", "all")])["offers"], 207);
    let risk = |offers: &str| number(&row(&report, "risks", &[("offers", offers)])["risk"]);
    assert!((risk("217") - 0.480_580).abs() < 1e-6 && (risk("207") - 0.035_556).abs() < 1e-6 && risk("208") > 0.05);
    assert!(risk("300") > 0.999);
    // Each alone takes fewer altogether, and the rooms are the places.
    let each =
        |district: &str, column: &str| number(&row(&report, "offers", &[("plan", "each"), ("district", district)])[column]);
    let districts = ["kungsholmen", "norrmalm", "ostermalm"];
    assert!((districts.iter().map(|district| each(district, "room")).sum::<f64>() - 185.0).abs() < 1e-9);
    assert!(districts.iter().map(|district| each(district, "offers")).sum::<f64>() < 207.0);
    assert!(districts.iter().all(|district| each(district, "risk") <= 0.05));
    season
        .run_words(&["plan", "offers"], ["--places", "185", "--yield", "546 of 640"])
        .succeeds()
        .says("Send 207 offers: ")
        .says("217 offers fill 185 places on average, at a rate of 85.3 %; but more accept with 48.1 %.")
        .says("It means: ")
        .says("It does not mean ");
}

/// The budgets allow 203 youths in each district (docs of the data); the districts' streams pay for 558 places.
#[test]
fn budgets_are_ceilings() {
    let season = SeasonFolder::stockholm();
    let report = offers(&season, &["--yield", "85%", "--places", "100000"]);
    for district in ["kungsholmen", "norrmalm", "ostermalm"] {
        let row = row(&report, "offers", &[("plan", "one-pool"), ("district", district)]);
        assert_eq!(row["room"], 203);
        // The most offers with which more than 203 accept with 5 % at most, from the sum of binomial probabilities.
        let above = |n: i32| {
            let mut term = 0.15_f64.powi(n);
            let mut at_most = term;
            for k in 0..203 {
                term *= f64::from(n - k) / f64::from(k + 1) * (0.85 / 0.15);
                at_most += term;
            }
            1.0 - at_most
        };
        let most = (203..500).take_while(|&n| above(n) <= 0.05).last().expect("some");
        assert_eq!(row["offers"], most);
    }
    assert_eq!(offers(&season, &["--yield", "85%"])["places"], 558);
}

#[test]
fn offers_that_are_out_are_part_of_the_risk_and_overdue_ones_are_not() {
    let season = Season::published();
    let applicants = season.0.table("applicants.csv");
    let home: BTreeMap<&str, &str> = applicants.iter().map(|row| (row.get("applicant_id"), row.get("home_district"))).collect();
    let sent = season.offers(1);
    let of_districts: Vec<&str> =
        sent.iter().filter(|row| row.get("funding") == "Stadsdelens budget").map(|row| row.get("applicant_id")).collect();
    let [accepts, declines, withdraws] = [of_districts[0], of_districts[1], of_districts[2]];
    season.on("2015-04-01", "answer", &[accepts, "accept"]).succeeds();
    season.on("2015-04-01", "answer", &[declines, "decline"]).succeeds();
    season.on("2015-04-01", "answer", &[withdraws, "withdraw"]).succeeds();
    let report = offers(&season.0, &["--yield", "546/640", "--date", "2015-04-02"]);
    assert_eq!((&report["counted_from"], &report["date"]), (&"ledger".into(), &"2015-04-02".into()));
    assert_eq!((&report["places"], &report["unanswered"]), (&557.into(), &(of_districts.len() - 3).into()));
    for district in ["kungsholmen", "norrmalm", "ostermalm"] {
        let lives_there = |id: &&&str| home[**id] == district;
        let answered = [accepts, declines, withdraws];
        let out = of_districts.iter().filter(|id| !answered.contains(id)).filter(lives_there).count();
        let row = row(&report, "offers", &[("plan", "one-pool"), ("district", district)]);
        assert_eq!(row["unanswered"], out, "{district}");
        assert_eq!(row["room"], if home[accepts] == district { 202 } else { 203 });
    }
    // After the deadline no answer can come: the places are free for others.
    let late = offers(&season.0, &["--yield", "546/640", "--date", "2015-04-13"]);
    assert_eq!((&late["overdue"], &late["unanswered"]), (&(sent.rows.len() - 3).into(), &0.into()));
    season.0.run_words(&["plan", "offers"], ["--yield", "90%", "--date", "2015-04-13"]).succeeds().says("feriematch expire");
}

#[test]
fn rates_are_learned_from_a_record() {
    let season = Season::published();
    let applicants = season.0.table("applicants.csv");
    let home: BTreeMap<&str, &str> = applicants.iter().map(|row| (row.get("applicant_id"), row.get("home_district"))).collect();
    let ids: Vec<String> = season.pairs(1).into_keys().collect();
    let mut rows = String::from("applicant_id;answer\n");
    let mut expected: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (at, id) in ids.iter().take(120).enumerate() {
        let accepts = at % 4 != 0;
        rows.push_str(&format!("{id};{}\n", if accepts { "ja" } else { "nej" }));
        let counts = expected.entry(home[&**id]).or_default();
        *counts = (counts.0 + 1, counts.1 + u32::from(accepts));
    }
    season.0.write("answers.csv", rows);
    season.on("2015-04-01", "answer", &["--file", "season/answers.csv"]).succeeds();
    // What is undone has not happened.
    season.on("2015-04-01", "answer", &[&ids[200], "decline"]).succeeds();
    season.on("2015-04-01", "undo", &[]).succeeds();
    let report = offers(&season.0, &["--learn", "season", "--date", "2015-04-02"]);
    assert_eq!(report["learned"], true);
    for (district, (answered, accepted)) in expected {
        let row = row(&report, "rates", &[("group", "district"), ("key", district)]);
        assert_eq!((&row["answered"], &row["accepted"]), (&answered.into(), &accepted.into()), "{district}");
        let [low, rate, high] = ["low", "rate", "high"].map(|column| number(&row[column]));
        assert!(low < rate && rate < high && (0.0..1.0).contains(&number(&row["from_others"])));
        // Not knowing the rate makes too many yeses likelier where they are unlikely.
        let sent = self::row(&report, "offers", &[("plan", "each"), ("district", district)]);
        assert!(number(&sent["risk"]) > number(&sent["risk_if_known"]), "{sent}");
    }
    let classes = report["tables"]["rates"].as_array().expect("rows").iter().filter(|row| row["group"] == "class");
    let answered: f64 = classes.map(|row| number(&row["answered"])).sum();
    assert!((answered - 120.0).abs() < 1e-9);
}

#[test]
fn a_calendar_says_what_waiting_costs() {
    let season = SeasonFolder::stockholm();
    let calendar = "[[answers]]\ndeclined = 10\nlapsed = 5\n\n[calendar]\nfirst_offers = 2015-05-18\ndays_to_answer = 5\ndays_between = 2\nlead_days = 5\n";
    season.write("planning.toml", calendar);
    let report = offers(&season, &[]);
    assert!((number(&row(&report, "rates", &[("key", "norrmalm")])["rate"]) - 0.85).abs() < 1e-9);
    // The first round goes out on Monday 18 May and ends on the 25th; the second, two working days later, on the 27th and on 3 June, from which five
    // working days lead to the 10th. The third would end on 12 June, too late for what begins on the 15th.
    let first = row(&report, "periods", &[("period", "1")]);
    assert_eq!((&first["last_round"], &first["offers"]), (&2.into(), &"2015-05-27".into()));
    assert!(number(&first["free_as_many_as_free"]) > number(&first["free_at_risk"]));
    let periods = report["tables"]["periods"].as_array().expect("rows");
    let places: f64 = periods.iter().map(|period| number(&period["places"])).sum();
    assert!((places - 558.0).abs() < 1e-9);
    season
        .run_words(&["plan", "offers"], [])
        .succeeds()
        .says("Each round takes 7 working days: 5 to answer, and 2 until the next offers.");
}

#[test]
fn threads_change_no_byte_and_a_picture_is_drawn() {
    let season = SeasonFolder::drawn(60, 8, 30, 4);
    season.write("published.csv", "group,key,measure,value\ndistrict,kungsholmen,offered,20\ndistrict,kungsholmen,declined,2\n");
    let run = |threads: &str, format: &str| {
        let svg = format!("season/{threads}.svg");
        let args = ["--learn", "season", "--threads", threads, "--format", format, "--picture", &svg];
        season.run_words(&["plan", "offers"], args).succeeds().stdout
    };
    for format in ["text", "csv", "json"] {
        assert_eq!(run("1", format), run("3", format));
    }
    let svg = season.read("1.svg");
    assert_eq!(svg, season.read("3.svg"));
    assert!(svg.contains("chosen at a risk of 5.0 %") && svg.contains("if the rates were known"), "{svg}");
    assert!(run("1", "csv").starts_with("plan,district,name,room,unanswered,offers,risk,risk_if_known,"));
}

#[test]
fn what_cannot_be_is_refused_with_the_remedy() {
    let season = SeasonFolder::drawn(20, 4, 10, 3);
    let run = |args: &[&str]| season.run_words(&["plan", "offers"], args.iter().copied());
    run(&[]).ends_with(2).complains("nothing says which share").complains("--yield").complains("--learn");
    run(&["--yield", "641/640"]).ends_with(2).complains("546/640");
    run(&["--yield", "85%", "--learn", "season"]).ends_with(2).complains("--learn");
    run(&["--yield", "85%", "--risk", "5"]).ends_with(2).complains("write it as 5% or 0.05");
    run(&["--learn", "season"]).ends_with(2).complains("neither a ledger nor published.csv");
    run(&["--learn", "nowhere.csv"]).ends_with(74).complains("nowhere.csv");
    run(&["--yield", "85%", "--table", "periods"]).ends_with(2).complains("calendar");
    run(&["--yield", "85%", "--ledger", "none.ledger"]).ends_with(2).complains("ledger init");
    run(&["--assumptions", "none.toml"]).ends_with(3).complains("none.toml");
    season.write("planning.toml", "[[answers]]\ndeclined = \"3 of 2\"\n");
    run(&[]).ends_with(3).complains("planning.toml:2:12").complains("22 of 198");
    fs::remove_file(season.path("planning.toml")).expect("the file");
    season.write("figures.csv", "group,key,measure,value\ndistrict,a,offered,3\ndistrict,b,offered,2\ndistrict,b,declined,3\n");
    run(&["--learn", "season/figures.csv"])
        .ends_with(3)
        .complains("district `a` has no figure `declined`")
        .complains("district `b`: more");
    season.write("figures.csv", "group,key,measure,value\ndistrict,a,offered,0\ndistrict,a,declined,0\n");
    run(&["--learn", "season/figures.csv"]).ends_with(2).complains("no offer in season/figures.csv was answered");
    feriematch(season.root(), ["plan"]).ends_with(2).complains("offers");
}
