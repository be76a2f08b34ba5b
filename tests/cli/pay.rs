//! Time reports, what is approved, and what it costs.

use std::collections::BTreeMap;

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::program::Run;
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

/// The starter season with every offer accepted and all contracts but one signed.
struct Season {
    folder: SeasonFolder,
    /// Who has signed, with the job.
    signed: BTreeMap<String, String>,
    /// Who has accepted and not signed.
    unsigned: String,
}

impl Season {
    fn signed() -> Self {
        let folder = SeasonFolder::starter();
        let on = |day: &str, words: &[&str], args: &[&str]| {
            let all = args.iter().copied().chain(["--by", "anna", "--date", day]);
            folder.run_words(words, all).succeeds();
        };
        on("2027-03-01", &["ledger", "init"], &[]);
        on("2027-03-02", &["lottery", "draw"], &["--seed", "s"]);
        on("2027-03-03", &["publish"], &["--days", "7"]);
        let offers = folder.table("rounds/1/offers.csv");
        let mut signed: BTreeMap<String, String> =
            offers.iter().map(|row| (row.get("applicant_id").to_owned(), row.get("job_id").to_owned())).collect();
        for id in signed.keys() {
            on("2027-03-04", &["answer"], &[id, "accept"]);
        }
        let (unsigned, _) = signed.pop_last().expect("an offer");
        let ids: Vec<&str> = signed.keys().map(String::as_str).collect();
        on("2027-03-05", &["sign"], &ids);
        Self { folder, signed, unsigned }
    }

    fn job(&self, id: &str) -> BTreeMap<String, String> {
        let jobs = self.folder.table("jobs.csv");
        let row = jobs.find("job_id", &self.signed[id]);
        jobs.header.iter().map(|name| (name.clone(), row.get(name).to_owned())).collect()
    }

    /// Returns three weeks of shifts exactly as agreed.
    fn as_agreed(&self, id: &str) -> Vec<[String; 5]> {
        let job = self.job(id);
        let first = if job["period"] == "1" { 14 } else { 5 + 30 };
        let days = if job["hours"] == "90" { 15 } else { 14 };
        let date = |day: u32| if day <= 30 { format!("2027-06-{day:02}") } else { format!("2027-07-{:02}", day - 30) };
        (0..days)
            .map(|n| {
                let end = if n < 14 || days == 15 { &job["end_time"] } else { "" };
                [id.to_owned(), date(first + n / 5 * 7 + n % 5), job["start_time"].clone(), end.to_owned(), "30".to_owned()]
            })
            .collect()
    }

    fn write(&self, shifts: &[[String; 5]]) {
        let mut text = "applicant_id;date;start;end;break_minutes\n".to_owned();
        for shift in shifts {
            text.push_str(&format!("{}\n", shift.join(";")));
        }
        self.folder.write("reports.csv", text);
    }

    #[track_caller]
    fn hours(&self, args: &[&str]) -> Run {
        let act = ["--by", "anna", "--date", "2027-08-01"];
        self.folder.run("hours", ["season/reports.csv"].into_iter().chain(args.iter().copied()).chain(act))
    }

    fn ledger(&self) -> String {
        self.folder.run_words(&["ledger", "export"], []).succeeds().stdout
    }

    /// Returns the exceptions: when, code, allowed, reported.
    fn exceptions(&self) -> Vec<[String; 5]> {
        let run = self.hours(&["--format", "csv", "--table", "exceptions"]);
        let rows = Rows::parse(&run.stdout, b',');
        rows.iter()
            .map(|row| ["applicant_id", "when", "exception", "allowed", "reported"].map(|c| row.get(c).to_owned()))
            .collect()
    }

    fn cost(&self, args: &[&str]) -> Vec<BTreeMap<String, String>> {
        let all = ["--format", "csv", "--table", "payers"].into_iter().chain(args.iter().copied());
        let rows = Rows::parse(&self.folder.run("cost", all).succeeds().stdout, b',');
        rows.rows.iter().map(|row| rows.header.iter().cloned().zip(row.iter().cloned()).collect()).collect()
    }
}

/// Somebody who signed for a job of 90 hours.
fn with_90_hours(season: &Season) -> String {
    season.signed.keys().find(|id| season.job(id)["hours"] == "90").expect("a job of 90 hours").clone()
}

fn ore(amount: &str) -> i64 {
    amount.replace('.', "").parse().expect("an amount with two decimals")
}

#[test]
fn reports_as_agreed_are_approved_and_paid() {
    let season = Season::signed();
    let id = with_90_hours(&season);
    season.write(&season.as_agreed(&id));
    season.hours(&[]).succeeds().says("1 applicant reported 90 h 00 min; no exceptions.\n");
    let before = season.ledger();
    season.hours(&["--approve"]).succeeds().says("Approved the hours of 1 contract.\n");
    let ledger = season.ledger();
    let added: Value = serde_json::from_str(ledger.strip_prefix(&before).expect("events are added")).expect("one event");
    let event = added.to_string();
    assert!(event.contains("worked") && event.contains("5400") && event.contains(&id), "{event}");
    // Once more is no more.
    season.hours(&["--approve"]).succeeds().says("1 had been approved before, with the same hours.\n");
    assert_eq!(season.ledger(), ledger);
    let worked: u32 = season
        .cost(&[])
        .iter()
        .filter(|row| row["of_whom"] == "worked, as approved" && row["id"] != "all")
        .map(|row| row["youths"].parse::<u32>().expect("a number"))
        .sum();
    assert_eq!(worked, 1);
}

#[test]
fn every_exception_names_the_day_the_rule_and_both_figures() {
    let season = Season::signed();
    let id = with_90_hours(&season);
    let mut shifts = season.as_agreed(&id);
    let day = shifts[1][1].clone();
    // Two hours later on the second day, and an hour of it once more.
    shifts[1][3] = "16:31".to_owned();
    shifts.push([&id, &day, "10:00", "11:00", "0"].map(str::to_owned));
    shifts.push([&season.unsigned, "2027-06-14", "08:00", "12:00", "0"].map(str::to_owned));
    season.write(&shifts);
    let exceptions = season.exceptions();
    let is_told = |expected: [&str; 5]| exceptions.contains(&expected.map(str::to_owned));
    assert!(is_told([&id, &day, "overlap", "one shift at a time", "two at once"]), "{exceptions:?}");
    assert!(
        is_told([&id, "all", "more-than-agreed", "90:00", "93:01"])
            || is_told([&id, "all", "more-than-agreed", "90:00", "92:31"]),
        "{exceptions:?}"
    );
    assert!(is_told([&season.unsigned, "2027-06-14", "no-contract", "a signed contract", "none"]), "{exceptions:?}");
    let run = season.hours(&[]).ends_with(1);
    let first = run.stdout.find("Exceptions (").expect("exceptions");
    assert!(first < run.stdout.find("Reported (").expect("people"), "exceptions come first");
    run.says("reports.csv:17:1");
    let json = season.hours(&["--format", "json"]).ends_with(1).json();
    assert_eq!(json["exceptions"].as_array().map(Vec::len), Some(exceptions.len()));
}

#[test]
fn a_minor_has_the_rules_of_their_age() {
    let season = Season::signed();
    // A-0004 was born on 2011-01-19, so is 16 in the summer of 2027, and works from 10 to 16 in July.
    let id = "A-0004";
    let day = |date: &str, start: &str, end: &str, pause: &str| [id, date, start, end, pause].map(str::to_owned);
    season.write(&[
        day("2027-07-05", "08:00", "16:31", "30"),
        day("2027-07-06", "17:00", "23:01", "30"),
        day("2027-07-07", "09:00", "14:00", "0"),
    ]);
    let law: Vec<[String; 5]> = season.exceptions().into_iter().filter(|e| e[2] != "more-than-agreed").collect();
    let expected = [
        [id, "2027-07-05", "hours-per-day", "8:00", "8:01"],
        [id, "2027-07-06", "working-time", "06:00-22:00 or 07:00-23:00", "17:00-23:01"],
        [id, "2027-07-07", "break", "4:30 without a break", "5:00"],
        [id, "2027-07-07", "daily-rest", "at least 12:00 of rest", "9:59"],
    ];
    assert_eq!(law, expected.map(|row| row.map(str::to_owned)));
    // At 18 the same is nobody's business but the contract's.
    let birth_date = "2011-01-19";
    season.folder.edit("applicants.csv", birth_date, "2009-01-19");
    assert!(season.exceptions().iter().all(|e| e[2] == "more-than-agreed"), "{:?}", season.exceptions());
}

#[test]
fn only_those_without_exceptions_are_approved_unless_they_are_named_with_a_reason() {
    let season = Season::signed();
    let mut ids = season.signed.keys().filter(|id| season.job(id)["hours"] == "90");
    let (long, clean) = (ids.next().expect("two").clone(), ids.next().expect("two").clone());
    let mut shifts = season.as_agreed(&clean);
    shifts.extend(season.as_agreed(&long));
    let last = shifts.last_mut().expect("a shift");
    last[3] = "18:00".to_owned();
    season.write(&shifts);
    season
        .hours(&["--approve"])
        .ends_with(1)
        .says("Approved the hours of 1 contract.\n")
        .says("1 applicant with exceptions: nothing was recorded for them.");
    let before = season.ledger();
    season.hours(&["--approve", "--applicant", &long]).ends_with(5).complains("say with --reason why they are approved");
    season.hours(&["--approve", "--applicant", "A-9999"]).ends_with(5).complains("A-9999 is no applicant");
    season.hours(&["--approve", "--applicant", &season.unsigned]).ends_with(5).complains("has no shift in the reports");
    assert_eq!(season.ledger(), before, "something was recorded");
    let named = season.hours(&["--approve", "--applicant", &long, "--reason", "agreed with the foreman"]);
    named.succeeds().says("Approved the hours of 1 contract, 1 of them in spite of exceptions.\n");
    assert!(season.ledger().contains("agreed with the foreman"));

    // Other hours than those approved are an exception; who approves them says why.
    let mut other = season.as_agreed(&clean);
    other.pop();
    season.write(&other);
    assert_eq!(season.exceptions(), [[&clean, "all", "approved-otherwise", "90:00", "84:00"].map(str::to_owned)]);
    season.hours(&["--approve", "--applicant", &clean, "--reason", "ill on the last day"]).succeeds();
    assert_eq!(season.exceptions(), Vec::<[String; 5]>::new());

    // What nobody can know is approved by nobody.
    other.push(other[0].clone());
    season.write(&other);
    let refused = season.hours(&["--approve", "--applicant", &clean, "--reason", "please"]).ends_with(5);
    refused.complains("overlap: nobody can say what is to be paid");
}

#[test]
fn a_workbook_with_local_headers_says_the_same() {
    let season = Season::signed();
    let id = with_90_hours(&season);
    let mut shifts = season.as_agreed(&id);
    shifts[3][3] = "18:00".to_owned();
    season.write(&shifts);
    let from_csv = season.exceptions();
    assert!(!from_csv.is_empty());
    let settings = season.folder.read("season.toml");
    let columns = "\n[columns.time_reports]\napplicant_id = \"Id\"\ndate = \"Datum\"\nstart = \"Från\"\nend = \"Till\"\nbreak_minutes = \"Rast\"\n";
    season.folder.write("season.toml", settings + columns);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let header = ["Id", "Datum", "Från", "Till", "Rast"].map(str::to_owned);
    for (at, row) in (0..).zip([header].iter().chain(&shifts)) {
        for (column, cell) in (0..).zip(row) {
            sheet.write_string(at, column, cell).expect("a cell");
        }
    }
    workbook.save(season.folder.path("reports.xlsx")).expect("a workbook");
    let args = ["season/reports.xlsx", "--format", "csv", "--table", "exceptions"];
    let rows = Rows::parse(&season.folder.run("hours", args).ends_with(1).stdout, b',');
    let columns = ["applicant_id", "when", "exception", "allowed", "reported"];
    let from_workbook: Vec<_> = rows.iter().map(|row| columns.map(|c| row.get(c).to_owned())).collect();
    assert_eq!(from_workbook, from_csv);
}

#[test]
fn a_broken_report_is_refused_whole() {
    let season = Season::signed();
    let id = with_90_hours(&season);
    let mut shifts = season.as_agreed(&id);
    shifts[2][3] = "07:00".to_owned();
    shifts[4][0] = "A-0oo1".to_owned();
    season.write(&shifts);
    let before = season.ledger();
    let refused = season.hours(&["--approve"]).ends_with(3);
    refused
        .complains("error[F7001]")
        .complains("reports.csv:4:")
        .complains("error[F1609]: unknown applicant `A-0oo1`")
        .complains("2 errors");
    season.folder.run("cost", ["--reports", "season/reports.csv"]).ends_with(3).complains("error[F7001]");
    assert_eq!(season.ledger(), before);
    season.folder.run("hours", ["season/reports.csv", "--format", "csv"]).ends_with(2).complains("--table");
}

#[test]
fn costs_add_up_to_the_ore_by_payer_by_stream_and_by_hand() {
    let season = Season::signed();
    let id = with_90_hours(&season);
    let mut shifts = season.as_agreed(&id);
    shifts[0][3] = "13:37".to_owned();
    season.write(&shifts);
    let applicants = season.folder.table("applicants.csv");
    // 31.42 % on wages; each rounded half up.
    let by_hand = |id: &str, minutes: i64| {
        let first = if season.signed.contains_key(id) && season.job(id)["period"] == "2" { "07-05" } else { "06-14" };
        let birth_date = applicants.find("applicant_id", id).get("birth_date");
        let age = 2027 - birth_date[..4].parse::<i64>().expect("a year") - i64::from(&birth_date[5..] > first);
        let per_hour = match age {
            15 | 16 => 8_700,
            17 => 9_700,
            _ => 10_700,
        };
        let wages = (per_hour * minutes + 30) / 60;
        wages + (wages * 3_142 + 5_000) / 10_000
    };
    let minutes_of = |id: &String| season.job(id)["hours"].parse::<i64>().expect("hours") * 60;
    let agreed: i64 = season.signed.keys().map(|id| by_hand(id, minutes_of(id))).sum();
    let sum = |rows: &[BTreeMap<String, String>], of_whom: &str, id: &str| -> i64 {
        let chosen = rows.iter().filter(|row| row["of_whom"] == of_whom && (row["id"] == "all") == (id == "all"));
        chosen.map(|row| ore(&row["cost"])).sum()
    };
    let rows = season.cost(&[]);
    assert_eq!(sum(&rows, "signed, as agreed", "each"), agreed);
    assert_eq!(sum(&rows, "signed, as agreed", "all"), agreed);
    assert_eq!(sum(&rows, "all of them", "each"), sum(&rows, "all of them", "all"));
    for row in &rows {
        assert_eq!(ore(&row["wages"]) + ore(&row["fee"]), ore(&row["cost"]), "{row:?}");
        if !row["budget"].is_empty() {
            assert_eq!(ore(&row["budget"]) - ore(&row["cost"]), ore(&row["left"]), "{row:?}");
        }
    }
    let worked = by_hand(&id, shifts.len() as i64 * 360 - (360 - 307));
    let start = &season.job(&id)["start_time"];
    assert_eq!(start, "08:00", "the first shift of 5 h 07 min assumes it");
    let reported = season.cost(&["--reports", "season/reports.csv"]);
    assert_eq!(sum(&reported, "worked, not approved", "each"), worked);
    assert_eq!(sum(&reported, "signed, as agreed", "each"), agreed - by_hand(&id, 5_400));
    season.hours(&["--approve", "--applicant", &id, "--reason", "left early"]).succeeds();
    let approved = season.cost(&[]);
    assert_eq!(sum(&approved, "worked, as approved", "each"), worked);
    // Who leaves afterwards is paid all the same, and counted no more for what is to come.
    let withdraw = ["--by", "anna", "--date", "2027-08-02"];
    season.folder.run("answer", [id.as_str(), "withdraw"].into_iter().chain(withdraw)).succeeds();
    assert_eq!(season.cost(&[]), approved);
    let by_stream = season.folder.run("cost", ["--format", "json"]).succeeds().json();
    let total = |table: &str| {
        let rows = by_stream[table].as_array().expect("rows");
        let sums = rows.iter().filter(|row| row["of_whom"] == "all of them" && row["id"] != "all");
        sums.map(|row| ore(row["cost"].as_str().expect("an amount"))).sum::<i64>()
    };
    assert_eq!(total("payers"), total("streams"));
}

#[test]
fn what_is_not_known_is_left_empty_and_said() {
    let season = Season::signed();
    season.folder.edit("season.toml", "from_age = 18\nto_age = 18", "from_age = 40\nto_age = 40");
    season.folder.run("cost", []).succeeds().says("the wage or the hours are not known");
    assert!(season.cost(&[]).iter().any(|row| row["cost"].is_empty() && row["youths"] != "0"));
}
