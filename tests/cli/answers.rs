//! Files of answers, as offices have them.

use rust_xlsxwriter::Workbook;

use crate::recorded::Season;

/// Returns the first two who have an offer.
fn two(season: &Season) -> [String; 2] {
    let mut ids = season.pairs(1).into_keys();
    [ids.next().expect("an offer"), ids.next().expect("another offer")]
}

#[test]
fn a_file_with_local_headers_in_a_local_encoding_is_read() {
    let season = Season::published();
    let [first, second] = two(&season);
    let settings = season.0.read("season.toml");
    season.0.write("season.toml", format!("{settings}\n[columns.answers]\napplicant_id = \"Sökande\"\nanswer = \"Svar\"\n"));
    let rows = format!("Sökande\tSvar\tbecause\r\n{first}\tTackat Ja\t\r\n\r\n{second}\tnej\t\"flyttar till Åre\"\r\n");
    let windows: Vec<u8> = rows.chars().map(|letter| u8::try_from(letter).expect("a letter of Windows-1252")).collect();
    season.0.write("svar.csv", &windows);
    let read = ["--file", "season/svar.csv"];
    season.refuses("2015-03-31", "answer", &[&read[..], &["--encoding", "utf-8"]].concat(), 3, "F1102");
    season.on("2015-03-31", "answer", &read).succeeds().says("Recorded 2 answers.\n");
    let log = season.0.run_words(&["ledger", "log"], ["--format", "csv"]).succeeds().stdout;
    assert!(log.contains(&format!("{second} (flyttar till Åre)")), "{log}");
}

#[test]
fn a_workbook_is_read() {
    let season = Season::published();
    let [first, second] = two(&season);
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip([["applicant_id", "answer"], [&first, "accept-or-better"], [&second, "withdraw"]]) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).expect("a cell");
        }
    }
    workbook.save(season.0.path("answers.xlsx")).expect("a workbook");
    season.on("2015-03-31", "answer", &["--file", "season/answers.xlsx"]).succeeds().says("Recorded 2 answers.\n");
    season.refuses("2015-03-31", "answer", &["--file", "season/answers.xlsx"], 5, "answers.xlsx:Sheet1!A2: ");
}

#[test]
fn every_problem_of_a_file_is_named_and_nothing_recorded() {
    let season = Season::published();
    let [first, _] = two(&season);
    season.0.write("answers.csv", format!("applicant_id;answer;because\n{first};kanske;\n;ja;\n{first};nej;a;b\n"));
    for problem in ["F6001", "answers.csv:2:", "F1501", "answers.csv:3:1", "F1203", "answers.csv:4:1", "3 errors"] {
        season.refuses("2015-03-31", "answer", &["--file", "season/answers.csv"], 3, problem);
    }
    season.refuses("2015-03-31", "answer", &["--file", "season/no-such-file.csv"], 3, "no-such-file.csv");
    season.0.write("answers.csv", format!("applicant_id;answer;because\n{first};ja;a remark\n"));
    season.on("2015-03-31", "answer", &["--file", "season/answers.csv"]).succeeds().complains("warning[W6002]");
}

#[test]
fn a_mistyped_id_is_asked_about() {
    let season = Season::published();
    let [first, _] = two(&season);
    let mistyped = format!("{first}x");
    let meant = format!("did you mean `{first}`?");
    season.refuses("2015-03-31", "answer", &[&mistyped, "accept"], 5, &meant);
    // Whoever waits has nothing in the record, but stands in the files; this one does not.
    season.refuses("2015-03-31", "answer", &[&mistyped, "withdraw"], 2, "there is no applicant");
    season.0.write("answers.csv", format!("applicant_id;answer\n{first};ja\n{mistyped};withdraw\n"));
    season.refuses("2015-03-31", "answer", &["--file", "season/answers.csv"], 3, "answers.csv:3:1");
    season.refuses("2015-03-31", "answer", &[&first, "accept", "--because", "why not"], 2, "--because");
    season.refuses("2015-03-31", "answer", &["--file", "season/answers.csv", "--because", "why not"], 2, "--because");
    let waiting = season.0.table("rounds/1/waiting-list.csv");
    let waiting = waiting.iter().next().expect("somebody who waits").get("applicant_id").to_owned();
    season.on("2015-03-31", "answer", &[&waiting, "withdraw"]).succeeds().says(&format!("{waiting} has left the season."));
}
