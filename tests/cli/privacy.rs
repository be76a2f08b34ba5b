//! What is disclosed, what is kept when a season is retired, and what the next year makes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::program::{Run, command};
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

/// Returns the personal number of an invented person, with Luhn's digit.
fn personal_id(born: &str, serial: u32) -> String {
    let nine = format!("{}{serial:03}", &born.replace('-', "")[2..]);
    let sum: u32 = nine
        .bytes()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0') * if at % 2 == 0 { 2 } else { 1 };
            digit / 10 + digit % 10
        })
        .sum();
    format!("{}-{serial:03}{}", born.replace('-', ""), (10 - sum % 10) % 10)
}

/// A season that was played to its end: every applicant but the last has a personal id; of the first round's offers every third was declined, every
/// fourth of the others withdrawn after the contract was signed.
struct Played {
    season: SeasonFolder,
    signed: BTreeSet<String>,
}

impl Played {
    fn new() -> Self {
        let season = SeasonFolder::stockholm();
        let mut applicants = season.table("applicants.csv");
        applicants.header.extend(["personal_id".to_owned(), "name".to_owned()]);
        let last = applicants.rows.len() - 1;
        let mut born: BTreeMap<(String, String), u32> = BTreeMap::new();
        for (number, row) in applicants.rows.iter_mut().enumerate() {
            // The serial number tells the sex: odd for boys. Some have none recorded.
            let alike = born.entry((row[1].clone(), row[2].clone())).or_insert(0);
            *alike += 1;
            let serial = 2 * *alike + u32::from(row[2] == "M");
            let has_id = number != last && ["F", "M"].contains(&row[2].as_str());
            let id = if has_id { personal_id(&row[1], serial) } else { String::new() };
            row.extend([id, format!("Förnamn{number} Efternamn{number}")]);
        }
        season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
        let on = |day: &str, words: &[&str], args: &[&str]| {
            season.run_words(words, args.iter().copied().chain(["--by", "anna", "--date", day])).succeeds()
        };
        on("2015-03-01", &["ledger", "init"], &[]);
        on("2015-03-02", &["lottery", "draw"], &["--seed", "stockholm-2015"]);
        on("2015-03-30", &["publish"], &["--days", "7"]);
        let offers = season.table("rounds/1/offers.csv");
        let ids: Vec<&str> = offers.iter().map(|row| row.get("applicant_id")).collect();
        let mut answers = "applicant_id,answer,because\n".to_owned();
        let mut signed = Vec::new();
        for (at, id) in ids.iter().enumerate() {
            let declines = at % 3 == 0;
            answers.push_str(&format!("{id},{}\n", if declines { "decline,hemligt skäl" } else { "accept," }));
            if !declines {
                signed.push(*id);
            }
        }
        season.write("answers.csv", answers);
        on("2015-04-01", &["answer"], &["--file", "season/answers.csv"]);
        fs::remove_file(season.path("answers.csv")).expect("a file to remove");
        on("2015-04-02", &["sign"], &signed);
        let (gone, stay): (Vec<&str>, Vec<&str>) = signed.iter().partition(|id| id.ends_with('7'));
        for id in gone.iter().take(3) {
            on("2015-04-03", &["answer"], &[id, "withdraw", "--because", "flyttar till Xköping"]);
        }
        let signed = stay.into_iter().chain(gone.into_iter().skip(3)).map(str::to_owned).collect();
        Self { season, signed }
    }

    fn key(&self) -> PathBuf {
        self.season.root().join("city.key")
    }

    fn retire(&self, more: &[&str]) -> Run {
        let key = self.key().display().to_string();
        let confirm = "Feriejobb 2015: Kungsholmen, Norrmalm, Östermalm";
        self.season.run("retire", ["--key", &key, "--confirm", confirm].into_iter().chain(more.iter().copied()))
    }

    fn copy(&self, name: &str) -> Rows {
        Rows::read(&self.season.root().join("copy").join(name), b';')
    }
}

#[test]
fn a_copy_has_no_key_by_which_anybody_could_be_found() {
    let played = Played::new();
    let season = &played.season;
    season.run("disclose", ["--out", "copy"]).succeeds().says("whose key nobody has");
    let files = ["offers.csv", "waiting-list.csv", "jobs.csv", "rounds.csv", "record.csv", "tables.csv"];
    let applicants = season.table("applicants.csv");
    let offers = season.table("rounds/1/offers.csv");
    let waiting = season.table("rounds/1/waiting-list.csv");
    let mut secrets: BTreeSet<&str> = BTreeSet::from(["anna", "Xköping", "hemligt"]);
    for row in applicants.iter() {
        secrets.extend(["applicant_id", "birth_date", "personal_id", "name"].map(|column| row.get(column)));
    }
    for row in offers.iter().chain(waiting.iter()) {
        secrets.insert(row.get("lottery_number"));
    }
    secrets.remove("");
    // Whatever a cell or a word of one is, it is nobody's.
    for file in files {
        let table = played.copy(file);
        for cell in table.rows.iter().flatten() {
            assert!(!secrets.contains(cell.as_str()), "{file} has {cell}");
            let word = cell.split([' ', ',', '(', ')']).find(|word| secrets.contains(word));
            assert_eq!(word, None, "{file} has {cell}");
        }
        for column in
            ["class", "gender", "lottery_number", "ranking_position", "birth_date", "name", "reason", "by", "time", "wish"]
        {
            assert!(!table.header.iter().any(|name| name == column), "{file} has a column {column}");
        }
    }
    // Nor does the order of the lines tell anything: it is that of the pseudonyms.
    for file in ["waiting-list.csv", "offers.csv"] {
        let table = played.copy(file);
        let key = |row: crate::rows::Row<'_>| {
            let job = if file == "offers.csv" { row.get("job_id").to_owned() } else { String::new() };
            (job, row.get("person").to_owned())
        };
        let keys: Vec<_> = table.iter().map(key).collect();
        assert!(keys.is_sorted(), "{file}");
    }
    // In the record that holds within what happened in one way on one day; nothing numbers the events.
    let record = played.copy("record.csv");
    assert_eq!(record.header, ["day", "kind", "person", "job_id", "detail"]);
    for alike in record.rows.chunk_by(|a, b| a[..2] == b[..2]) {
        assert!(alike.is_sorted_by_key(|row| &row[2..]), "{alike:?}");
    }
    assert!(record.iter().filter(|row| row.get("kind") == "offered").count() > 600);
    // A second copy has other pseudonyms; a third with the same key has the same.
    let persons = |copy: &str| -> BTreeSet<String> {
        let path = season.root().join(copy).join("offers.csv");
        Rows::read(&path, b';').iter().map(|row| row.get("person").to_owned()).collect()
    };
    let key = played.key().display().to_string();
    season.run("disclose", ["--out", "second"]).succeeds();
    season.run("disclose", ["--out", "third", "--key", &key, "--new-key"]).succeeds().says("with the key given");
    season.run("disclose", ["--out", "fourth", "--key", &key]).succeeds();
    assert!(persons("copy").is_disjoint(&persons("second")));
    assert_eq!(persons("third"), persons("fourth"));
    season.run("disclose", ["--out", "copy"]).ends_with(2).complains("holds something already");
}

#[test]
fn in_a_copy_everybody_is_like_four_others_at_least() {
    let played = Played::new();
    played.season.run("disclose", ["--out", "copy"]).succeeds();
    for (file, known, traits) in [
        ("waiting-list.csv", None, ["home_district", "birth_year"]),
        ("offers.csv", Some("job_id"), ["birth_year", "home_district"]),
    ] {
        // What is known of somebody anyway, and what the list shows of them besides.
        let table = played.copy(file);
        let mut classes: BTreeMap<(&str, [&str; 2]), u32> = BTreeMap::new();
        let mut of_known: BTreeMap<&str, u32> = BTreeMap::new();
        for row in table.iter() {
            let known = known.map_or("", |column| row.get(column));
            *classes.entry((known, traits.map(|name| row.get(name)))).or_default() += 1;
            *of_known.entry(known).or_default() += 1;
        }
        for ((known, shown), count) in &classes {
            let are_few = of_known[known] < 5;
            assert!(*count >= 5 || (are_few && *shown == ["***"; 2]), "{file}: {count} of {known} show {shown:?}");
            assert!(shown[0] != "***" || shown[1] == "***", "{file}: {shown:?}");
        }
        assert!(classes.keys().any(|(_, shown)| shown[0] == "***"), "{file}");
    }
    // Protected identities are among those of whom nothing is shown, and not the only ones.
    let protected = played.season.table("applicants.csv").iter().filter(|row| row.get("protected") == "yes").count();
    assert_eq!(protected, 6);
    let waiting = played.copy("waiting-list.csv");
    assert!(waiting.iter().any(|row| row.get("birth_year") != "***"));
    let tables = played.copy("tables.csv");
    let counts = tables.rows.iter().filter(|row| row[1] != "all").flat_map(|row| &row[2..]);
    assert!(counts.clone().all(|count| count == "***" || count.parse::<u32>().is_ok_and(|count| count == 0 || count >= 5)));
    assert!(counts.filter(|count| *count == "***").count() >= 4, "{tables:?}");
    // The sums of all are the same in both tables, so that neither tells what the other hides.
    let sums: BTreeSet<&[String]> = tables.rows.iter().filter(|row| row[1] == "all").map(|row| &row[2..]).collect();
    assert_eq!(sums.len(), 1, "{sums:?}");
    assert!(sums.into_iter().flatten().all(|sum| sum != "***"));
}

#[test]
fn a_copy_can_be_checked_as_it_says() {
    let played = Played::new();
    let season = &played.season;
    season.run("disclose", ["--out", "copy"]).succeeds();
    let (offers, waiting, jobs) = (played.copy("offers.csv"), played.copy("waiting-list.csv"), played.copy("jobs.csv"));
    let mut given: BTreeMap<&str, u32> = BTreeMap::new();
    for row in offers.iter() {
        *given.entry(row.get("job_id")).or_default() += 1;
    }
    for row in jobs.iter() {
        assert_eq!(row.number("places"), row.number("given") + row.number("free"));
        assert_eq!(row.number("given"), given.get(row.get("job_id")).copied().unwrap_or(0));
    }
    let holding: BTreeSet<&str> = offers.iter().map(|row| row.get("person")).collect();
    assert_eq!(holding.len(), offers.rows.len());
    assert_eq!(holding.len(), played.signed.len());
    assert!(waiting.iter().all(|row| !holding.contains(row.get("person"))));
    // Following the record gives the offers.
    let record = played.copy("record.csv");
    let mut holders: BTreeMap<String, (String, &str)> = BTreeMap::new();
    for row in record.iter() {
        let person = row.get("person").to_owned();
        match row.get("kind") {
            "offered" => drop(holders.insert(person, (row.get("job_id").to_owned(), "offered"))),
            kind @ ("accepted" | "signed") => holders.get_mut(&person).expect("a holder").1 = kind,
            "declined" | "withdrawn" | "lapsed" => drop(holders.remove(&person)),
            _ => {}
        }
    }
    let listed = offers.iter().map(|row| (row.get("person").to_owned(), (row.get("job_id").to_owned(), row.get("standing"))));
    assert_eq!(holders, listed.collect());
    let round = played.copy("rounds.csv");
    let declined = record.iter().filter(|row| row.get("kind") == "declined").count();
    assert_eq!(round.find("round", "1").number("declined") as usize, declined);
    let readme = fs::read_to_string(season.root().join("copy/README.txt")).expect("a README");
    let head = season.run_words(&["ledger", "verify"], []).succeeds().stdout;
    let head = head.lines().find_map(|line| line.strip_prefix("Newest: ")).expect("a head");
    for text in [head, "VAD SOM ÄR MASKAT", "WHAT IS MASKED", "21 kap. 3, 3 a och 7 §§", "chapter 21"] {
        assert!(readme.contains(text), "{text}: {readme}");
    }
}

#[test]
fn without_a_record_the_outcome_is_disclosed() {
    let season = SeasonFolder::stockholm();
    season.run("disclose", ["--out", "copy"]).ends_with(2).complains("feriematch match season");
    let season = season.matched(&[]);
    season.run("disclose", ["--out", "copy"]).succeeds().says("625 persons with a place");
    let copied: Vec<_> =
        fs::read_dir(season.root().join("copy")).expect("a copy").map(|e| e.expect("a file").file_name()).collect();
    assert_eq!(copied.len(), 5, "{copied:?}");
    season.run("disclose", ["--out", "copy2", "--ledger", "season/none.ledger"]).ends_with(2).complains("there is no ledger");
}

#[test]
fn a_retired_season_keeps_marks_and_counts_and_nothing_else() {
    let played = Played::new();
    let season = &played.season;
    let applicants = season.table("applicants.csv");
    let head = season.run_words(&["ledger", "verify"], []).succeeds().stdout;
    season.write("answers 2.csv", "left by somebody");
    let said = played.retire(&["--new-key"]).succeeds();
    said.says("answers 2.csv").says("This cannot reach backups");
    assert_eq!(
        season.entries(),
        [
            "README.md",
            "answers 2.csv",
            "jobs.csv",
            "margins.toml",
            "planning.toml",
            "published.csv",
            "retired",
            "scenarios.toml",
            "season.toml"
        ]
    );
    let kept = season.files("retired");
    assert!(kept.keys().eq(["history.csv", "removed.csv", "summary.csv", "summary.json"]), "{:?}", kept.keys());
    let all: String = kept.values().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    for row in applicants.iter() {
        for column in ["applicant_id", "personal_id", "name"] {
            assert!(row.get(column).is_empty() || !all.contains(row.get(column)), "{} is kept", row.get(column));
        }
    }
    let history = Rows::parse(&season.read("retired/history.csv"), b',');
    let with_id: Vec<_> = applicants.iter().filter(|row| !row.get("personal_id").is_empty()).collect();
    assert_eq!(history.rows.len(), with_id.len());
    let workers = with_id.iter().filter(|row| played.signed.contains(row.get("applicant_id"))).count();
    assert_eq!(history.iter().filter(|row| row.get("had") == "had-a-job").count(), workers);
    let summary: Value = serde_json::from_str(&season.read("retired/summary.json")).expect("JSON");
    assert!(head.contains(summary["ledger"]["hash"].as_str().expect("a hash")));
    assert_eq!(summary["seed"], "stockholm-2015");
    let counts = Rows::parse(&season.read("retired/summary.csv"), b',');
    assert_eq!(counts.find("key", "kungsholmen").number("applied"), 566);
    assert!(
        counts
            .rows
            .iter()
            .filter(|row| row[1] != "all")
            .flat_map(|row| &row[2..])
            .all(|cell| cell == "***" || cell.parse().is_ok_and(|n: u32| n == 0 || n >= 5))
    );
    // Nothing more to do, and it is no error to ask.
    played.retire(&[]).succeeds().says("0 of ");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(played.key()).expect("a key").permissions().mode() & 0o777, 0o600);
        fs::set_permissions(played.key(), fs::Permissions::from_mode(0o640)).expect("a mode");
        played.retire(&[]).ends_with(2).complains("chmod 600");
    }
}

#[test]
fn a_season_that_is_not_over_or_not_meant_is_not_retired() {
    let played = Played::new();
    let season = &played.season;
    let before = (season.entries(), season.run_words(&["ledger", "export"], []).stdout);
    let key = played.key().display().to_string();
    season.run("retire", ["--key", &key, "--new-key", "--confirm", "Feriejobb"]).ends_with(2).complains("Kungsholmen, Norrmalm");
    assert!(!played.key().exists());
    played.retire(&[]).ends_with(2).complains("--new-key");
    season
        .run("retire", ["--key", "season/city.key", "--new-key", "--confirm", "x"])
        .ends_with(2)
        .complains("with what it protects");
    played.retire(&["--new-key", "--out", "season/outcome"]).ends_with(2).complains("lies in what is removed");
    assert_eq!((season.entries(), season.run_words(&["ledger", "export"], []).stdout), before);
    season.run("publish", ["--days", "5", "--by", "anna", "--date", "2015-04-13"]).succeeds();
    played.retire(&[]).ends_with(5).complains("not answered");
    assert!(!season.path("retired").exists());
    played.retire(&["--unfinished"]).succeeds();
}

/// The starter season with a published round, and the key of a city beside it.
fn small_season() -> SeasonFolder {
    let season = SeasonFolder::starter();
    let on = |words: &[&str], args: &[&str]| {
        season.run_words(words, args.iter().copied().chain(["--by", "anna", "--date", "2027-03-01"])).succeeds();
    };
    on(&["ledger", "init"], &[]);
    on(&["lottery", "draw"], &["--seed", "drawn in public"]);
    on(&["publish"], &["--days", "5"]);
    write_key(&season.root().join("city.key"));
    season
}

fn write_key(path: &Path) {
    fs::write(path, format!("feriematch key 1\n{}\n", "ab".repeat(32))).expect("a key");
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("a mode");
}

#[test]
fn retiring_is_finished_after_an_interruption_anywhere() {
    let season = SeasonFolder::starter();
    let name = season
        .read("season.toml")
        .lines()
        .find_map(|line| line.strip_prefix("name = ").map(|name| name.trim_matches('"').to_owned()));
    let name = name.expect("a name");
    let args = ["retire", "season", "--key", "city.key", "--unfinished", "--confirm", &name];
    let mut interrupted = BTreeSet::new();
    for delay in 0..30 {
        let season = small_season();
        let mut child = command(season.root()).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a run");
        thread::sleep(Duration::from_millis(2 * delay));
        let was_running = child.try_wait().expect("a child").is_none();
        child.kill().expect("a child that can be killed");
        child.wait().expect("a child");
        let kept = season.path("retired/summary.json").exists();
        let gone =
            ["applicants.csv", "overrides.csv", "rounds/1/offers.csv", "season.ledger"].map(|file| !season.path(file).exists());
        if was_running {
            interrupted.insert((kept, gone));
        }
        // Whatever is left: nothing goes before all that is kept has its name, and another run finishes.
        assert!(kept || gone == [false; 4], "{gone:?} after {delay}");
        let history = kept.then(|| season.read("retired/history.csv"));
        crate::program::feriematch(season.root(), args).succeeds();
        assert_eq!(season.entries(), ["jobs.csv", "retired", "season.toml"]);
        let found = season.read("retired/history.csv");
        assert!(history.is_none_or(|history| history == found));
    }
    assert!(!interrupted.is_empty(), "no run was interrupted");
}

#[test]
fn what_has_come_since_is_not_removed() {
    let played = Played::new();
    let season = &played.season;
    let applicants = season.read("applicants.csv");
    played.retire(&["--new-key"]).succeeds();
    // Next year's files in the same folder are not those that were retired.
    season.write("applicants.csv", &applicants);
    played.retire(&[]).succeeds().says("1 of ");
    season.write("applicants.csv", applicants + "A-2000;1998-01-01;F;norrmalm;1;park;;;;;;\n");
    played.retire(&[]).ends_with(5).complains("has come or changed since");
    assert!(season.path("applicants.csv").exists());
    season.edit("retired/history.csv", "year,key", "year;key");
    played.retire(&[]).ends_with(3).complains("history.csv has changed");
}

#[test]
fn next_year_classes_are_proposed_from_the_history() {
    let played = Played::new();
    let season = &played.season;
    let before = season.read("applicants.csv");
    let applicants = season.table("applicants.csv");
    played.retire(&["--new-key"]).succeeds();
    fs::copy(season.path("retired/history.csv"), season.root().join("2015.csv")).expect("a history to copy");
    // The same people apply again a year later, but for some who are new.
    season.write("applicants.csv", &before);
    season.edit("season.toml", "year = 2015", "year = 2016");
    let text = season.read("season.toml").replace("day = 2015-", "day = 2016-");
    season.write("season.toml", text);
    let mut again = applicants.clone();
    for row in again.rows.iter_mut().step_by(10).filter(|row| !row[10].is_empty()) {
        let serial: u32 = row[10][9..12].parse().expect("a serial number");
        row[10] = personal_id(&row[1], serial + 800);
    }
    season.write("applicants.csv", again.to_csv(b';', csv::Terminator::CRLF));
    let key = played.key().display().to_string();
    let codes = ["--applied-before", "1", "--first-time", "2", "--had-a-job", "3"];
    let propose = |more: &[&str]| {
        let all: Vec<&str> =
            ["--history", "2015.csv", "--key", &key].into_iter().chain(codes).chain(more.iter().copied()).collect();
        season.run("classes", all)
    };
    let inputs = season.files(".");
    let said = propose(&["--format", "csv"]).succeeds();
    assert_eq!(season.files("."), inputs, "the input was changed");
    let table = Rows::parse(&said.stdout, b',');
    assert_eq!(table.rows.len(), again.rows.len());
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for (number, (row, applicant)) in table.iter().zip(again.iter()).enumerate() {
        let id = applicant.get("applicant_id");
        assert_eq!(row.get("applicant_id"), id);
        let stated = applicant.get("class");
        let expected = if applicant.get("protected") == "yes" {
            "***"
        } else if stated == "P" || applicant.get("personal_id").is_empty() {
            stated
        } else if number % 10 == 0 {
            "2"
        } else if played.signed.contains(id) {
            "3"
        } else {
            "1"
        };
        assert_eq!(row.get("proposed"), expected, "{id}");
        if expected != "***" {
            assert_eq!(row.get("differs"), if expected == stated { "no" } else { "yes" }, "{id}");
        }
        *seen.entry(row.get("proposed")).or_default() += 1;
    }
    assert!(["1", "2", "3", "P", "***"].iter().all(|class| seen.contains_key(class)), "{seen:?}");
    propose(&[]).succeeds().says("had a job in 2015").says("applied in 2015, and had no job").says("in no earlier history");

    let other = season.root().join("other.key").display().to_string();
    season.run("disclose", ["--out", "copy", "--key", &other, "--new-key"]).ends_with(2);
    assert!(!season.root().join("other.key").exists());
    write_key(&season.root().join("other.key"));
    let with = |args: &[&str]| season.run("classes", args.iter().copied());
    with(&[&["--history", "2015.csv", "--key", &other], &codes[..]].concat())
        .ends_with(3)
        .complains("2015.csv:2: it was made with the key");
    with(&[&["--history", "2015.csv", "--history", "2015.csv", "--key", &key], &codes[..]].concat())
        .ends_with(3)
        .complains("twice");
    with(&["--history", "2015.csv", "--key", &key, "--applied-before", "9", "--first-time", "2", "--had-a-job", "3"])
        .ends_with(2)
        .complains("no class `9`")
        .complains("`1` (Sökt förut, aldrig fått)");
}
