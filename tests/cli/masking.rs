//! Protected identities: whatever the program prints or writes, it tells nothing of them but the pseudonym, the number in the order and the
//! place.

use std::fs;
use std::path::Path;

use crate::program::Run;
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

/// Youths with protected identities, all of one district and one class: one gets a place, one waits, one may take nothing.
const PROTECTED: [[&str; 4]; 3] = [
    ["A-9001", "Xerxes Kvastsopare", "1998-03-05", "S-MINE > S-ONE"],
    ["A-9002", "Ylva Kvastsopare", "1997-05-07", "S-ONE"],
    ["A-9003", "Zorro Kvastsopare", "1996-05-09", "S-MINE"],
];

/// What nobody may read anywhere, but for tables that list every district and class.
const HOME_AND_CLASS: [&str; 4] = ["hemliga", "Hemligstaden", "Q7", "Kvartsgruppen"];

/// The season of 2015 with the protected youths in it.
fn season() -> SeasonFolder {
    let season = SeasonFolder::stockholm();
    season.edit(
        "season.toml",
        "[[districts]]\nid = \"kungsholmen\"",
        "[[districts]]\nid = \"hemliga\"\nname = \"Hemligstaden\"\n\n[[districts]]\nid = \"kungsholmen\"",
    );
    season.edit(
        "season.toml",
        "[[classes]]\ncode = \"P\"",
        "[[classes]]\ncode = \"Q7\"\nname = \"Kvartsgruppen\"\n\n[[classes]]\ncode = \"P\"",
    );
    let jobs = season.read("jobs.csv");
    let job = |id: &str, area: &str| format!("{id};Ett jobb;norrmalm;;{area};1;1;;;;;;district;60;4;20;09:00;13:30\n");
    season.write("jobs.csv", format!("{jobs}{}{}", job("S-MINE", "preschool"), job("S-ONE", "park")));
    let mut applicants = season.table("applicants.csv");
    applicants.header.push("name".to_owned());
    for row in &mut applicants.rows {
        assert!(PROTECTED.iter().all(|[.., born, _]| row[1] != *born), "{row:?} is born on the same day");
        row.push("Anna Andersson".to_owned());
    }
    for [id, name, born, wishes] in PROTECTED {
        let row = [id, born, "", "hemliga", "Q7", wishes, "", "swimming", "", "yes", name];
        applicants.rows.push(row.map(str::to_owned).to_vec());
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    season
}

/// Returns the name and the content of every file in a folder and the folders in it.
fn files_under(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            found.extend(files_under(&path));
        } else {
            let bytes = fs::read(&path).expect("a readable file");
            found.push((path.display().to_string(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    found
}

/// Asserts that a text tells nothing of the protected youths. In tables of all districts and classes these may stand.
#[track_caller]
fn tells_nothing(what: &str, text: &str, is_table_of_groups: bool) {
    for [id, name, born, _] in PROTECTED {
        let short = born.replace('-', "");
        for secret in ["Kvastsopare", name, born, &short, &short[2..]] {
            assert!(!text.contains(secret), "{what} tells {secret}:\n{text}");
        }
        for line in text.lines().filter(|line| line.contains(id) && line.len() < 1_000) {
            assert!(!line.contains("S-MINE"), "{what} tells a wish: {line}");
        }
    }
    for secret in HOME_AND_CLASS.iter().filter(|_| !is_table_of_groups) {
        assert!(!text.contains(secret), "{what} tells {secret}:\n{text}");
    }
}

#[test]
fn no_output_tells_of_a_protected_identity() {
    let season = season();
    let told = |words: &[&str], args: &[&str], is_table_of_groups: bool| -> Run {
        let run = season.run_words(words, args.iter().copied()).succeeds();
        let what = format!("{words:?} {args:?}");
        tells_nothing(&what, &run.stdout, is_table_of_groups);
        tells_nothing(&what, &run.stderr, is_table_of_groups);
        run
    };
    let step = |day: &str, words: &[&str], args: &[&str]| -> Run {
        let dated: Vec<&str> = args.iter().copied().chain(["--by", "anna", "--date", day]).collect();
        told(words, &dated, false)
    };
    told(&["check"], &[], false).says("A-9003").says("since the identity is protected");
    told(&["check"], &["--format", "json"], false);
    told(&["match"], &[], false);
    told(&["match"], &["--format", "json"], true);
    told(&["verify"], &[], false);
    told(&["verify"], &["--format", "json"], false);
    for [id, ..] in PROTECTED {
        for lang in ["sv", "en"] {
            let why = told(&["why"], &[id, "--lang", lang], false).says(id);
            assert!(
                !why.stdout.contains("S-MINE") && !why.stdout.contains("utdrag") && !why.stdout.contains("extract"),
                "{}",
                why.stdout
            );
        }
    }
    step("2015-03-01", &["ledger", "init"], &[]);
    step("2015-03-02", &["lottery", "draw"], &["--seed", "stockholm-2015"]);
    step("2015-03-30", &["publish"], &["--days", "7"]);
    let offers = season.table("rounds/1/offers.csv");
    let placed: Vec<&str> =
        PROTECTED.iter().map(|[id, ..]| *id).filter(|id| offers.iter().any(|row| row.get("applicant_id") == *id)).collect();
    let [placed] = placed[..] else { panic!("{placed:?} have a place") };
    assert_eq!(offers.find("applicant_id", placed).get("job_id"), "S-ONE");
    told(&["letters"], &["--write-templates", "templates"], false);
    season.write("letters.toml", season.read("letters.toml").replace("\"<", "\"").replace(">\"", "\""));
    for lang in ["sv", "en"] {
        told(&["letters"], &["--kind", "offer", "--lang", lang, "--date", "2015-03-31"], false);
        told(&["letters"], &["--kind", "offer", "--lang", lang, "--date", "2015-03-31", "--applicant", placed], false);
    }
    step("2015-03-31", &["answer"], &[placed, "accept"]);
    told(&["letters"], &["--kind", "contract", "--date", "2015-03-31"], false);
    step("2015-03-31", &["sign"], &[placed]);
    step("2015-04-01", &["places"], &["S-ONE", "0"]).says(placed);
    step("2015-04-01", &["undo"], &[]);
    step("2015-04-13", &["expire"], &[]);
    step("2015-04-13", &["publish"], &["--days", "5", "--preview"]);
    step("2015-04-13", &["publish"], &["--days", "5"]);
    for format in ["text", "csv", "json"] {
        told(&["status"], &["--date", "2015-04-13", "--format", format], false);
        told(&["ledger", "log"], &["--format", format], false);
        told(&["diff"], &["--round", "2", "--format", format], false);
        told(&["report"], &["--format", format], true);
        told(&["balance"], &["--format", format, "--by", "district,department,area,job,cohort,class,period"], true);
        told(&["balance"], &["--format", format, "--public"], true);
    }
    told(&["ledger", "export"], &[], false);
    told(&["ledger", "verify"], &[], false);
    let inputs = ["season.toml", "letters.toml", "applicants.csv", "jobs.csv", "margins.toml", "README.md", "published.csv"];
    let mut written = 0;
    for (name, content) in files_under(&season.dir()) {
        if inputs.iter().all(|input| season.path(input).display().to_string() != name) {
            tells_nothing(&name, &content, false);
            written += 1;
        }
    }
    assert!(written >= 16, "{written} files were looked at");
    told(&["disclose"], &["--out", "copy"], false);
    let kept =
        ["--key", "city.key", "--new-key", "--unfinished", "--confirm", "Feriejobb 2015: Kungsholmen, Norrmalm, Östermalm"];
    told(&["retire"], &kept, false);
    for (name, content) in files_under(&season.root().join("copy")).into_iter().chain(files_under(&season.path("retired"))) {
        tells_nothing(&name, &content, name.ends_with("tables.csv") || name.ends_with("summary.csv"));
    }
}

#[test]
fn a_group_of_few_is_masked_in_reports_and_cannot_be_computed_from_the_rest() {
    let season = season().matched(&[]);
    let report = Rows::parse(&season.run("report", ["--format", "csv"]).succeeds().stdout, b',');
    for (group, key) in [("district", "hemliga"), ("class", "Q7")] {
        let masked = |key: &str| {
            let mut rows = report.iter().filter(|row| row.get("group") == group && row.get("key") == key);
            rows.all(|row| ["places", "filled", "unfilled"].contains(&row.get("measure")) || row.get("value") == "***")
        };
        assert!(masked(key), "{key} is not masked");
        let keys: std::collections::BTreeSet<&str> =
            report.iter().filter(|row| row.get("group") == group).map(|row| row.get("key")).collect();
        assert_eq!(keys.into_iter().filter(|key| masked(key)).count(), 2, "{group}");
    }
    let payer = |key: &str| {
        let mut rows =
            report.iter().filter(|row| row.get("group") == "payer" && row.get("key") == key && row.get("measure") == "cost");
        rows.next().map(|row| row.get("value").to_owned())
    };
    assert_eq!(payer("hemliga").as_deref(), Some("***"));
    assert_ne!(payer("kungsholmen").as_deref(), Some("***"));
    let text = season.run("report", []).succeeds().stdout;
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("Hemligstaden") || line.contains("Kvartsgruppen")).collect();
    assert!(lines.len() >= 4 && lines.iter().all(|line| line.contains("***")), "{lines:#?}");
    let json = season.run("report", ["--format", "json"]).succeeds().json();
    assert_eq!(json["tables"]["district"][0]["applications"], "***");
}

#[test]
fn what_is_wrong_with_a_protected_row_is_said_without_its_values() {
    let season = season();
    let mut applicants = season.table("applicants.csv");
    let last = applicants.rows.len() - 1;
    let wrong = [
        "A-9003",
        "1996-05-38",
        "xq",
        "Hemligstadn",
        "Q8",
        "NM-PARK-0777 > S-MNE > park=",
        "",
        "swiming",
        "",
        "perhaps",
        "Zorro",
    ];
    applicants.rows[last] = wrong.map(str::to_owned).to_vec();
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let line = last + 2;
    for format in ["text", "json"] {
        let said = season.run("check", ["--format", format]).ends_with(3).stdout;
        for value in ["1996-05", "xq", "Hemligst", "hemliga", "Q7", "Q8", "0777", "S-MNE", "S-MINE", "swim", "perhaps"] {
            assert!(!said.contains(value), "{value} is told:\n{said}");
        }
        assert!(said.contains("unknown district; the value is not shown, since the identity is protected"), "{said}");
        if format == "text" {
            assert_eq!(said.matches(&format!("applicants.csv:{line}:")).count(), 9, "{said}");
        }
    }
    // The same row of somebody whose identity is not protected is quoted.
    applicants.rows[last][9] = String::new();
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    season.run("check", []).ends_with(3).says("`1996-05-38`").says("did you mean `Hemligstaden`?");
}

#[test]
fn the_balance_of_few_is_masked_and_cannot_be_computed_from_the_rest() {
    let season = season().matched(&[]);
    let by = "district,class,job,area";
    let figures = Rows::parse(&season.run("balance", ["--format", "csv", "--by", by]).succeeds().stdout, b',');
    let value = |group: &str, key: &str, measure: &str| {
        let is = |row: &crate::rows::Row<'_>| row.get("group") == group && row.get("key") == key && row.get("measure") == measure;
        figures.iter().find(is).unwrap_or_else(|| panic!("{group} {key} {measure}")).get("value").to_owned()
    };
    let keys = |group: &str| -> std::collections::BTreeSet<&str> {
        figures.iter().filter(|row| row.get("group") == group).map(|row| row.get("key")).collect()
    };
    for (group, key) in [("district", "hemliga"), ("class", "Q7")] {
        let of_group: Vec<_> = figures.iter().filter(|row| row.get("group") == group && row.get("key") == key).collect();
        assert!(of_group.len() > 20 && of_group.iter().all(|row| row.get("value") == "***"), "{key} is shown");
        let masked = keys(group).into_iter().filter(|key| value(group, key, "girls_placed") == "***").count();
        assert_eq!(masked, 2, "{group}");
    }
    // Whoever has the single place of a job is not told by the job; nor are they by the jobs that are shown.
    assert_eq!(value("job", "S-ONE", "boys_placed"), "***");
    assert_eq!(value("job", "S-ONE", "unknown_placed"), "***");
    let all: u32 = value("total", "all", "placed").parse().expect("a number");
    let shown: u32 = keys("job").into_iter().filter_map(|key| value("job", key, "placed").parse::<u32>().ok()).sum();
    assert!(all - shown >= 5, "{all} are placed, and {shown} of them shown");
    let text = season.run("balance", []).succeeds().stdout;
    let lines: Vec<&str> = text.lines().filter(|line| line.contains("Hemligstaden") || line.contains("Kvartsgruppen")).collect();
    assert!(lines.len() >= 2 && lines.iter().all(|line| line.contains("***")), "{lines:#?}");
}
