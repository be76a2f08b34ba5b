//! Letters: who gets one, what it says, and what keeps all of them from being written.

use std::collections::BTreeSet;
use std::fs;

use crate::program::Run;
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

/// The starter season with names that try to be markup, a round published, and a sender.
struct Season(SeasonFolder);

/// The letters of the starter season, in order. A-0005 has a protected identity.
const PROTECTED: &str = "A-0005";

impl Season {
    fn published() -> Self {
        let season = Self(SeasonFolder::starter());
        let applicants = season.0.read("applicants.csv");
        let named = applicants.lines().enumerate().map(|(at, line)| match at {
            0 => format!("{line};name\n"),
            1 => format!("{line};Åsa <b>&Öst\n"),
            _ => format!("{line};Person {at}\n"),
        });
        season.0.write("applicants.csv", named.collect::<String>());
        season.on("2027-03-01", "ledger", &["init"]).succeeds();
        season.on("2027-03-02", "lottery", &["draw", "--seed", "s"]).succeeds();
        season.on("2027-03-03", "publish", &["--days", "7"]).succeeds();
        season
    }

    fn with_sender() -> Self {
        let season = Self::published();
        season.0.run("letters", ["--write-templates", "templates"]).succeeds();
        let sender = season.0.read("letters.toml").replace("\"<", "\"").replace(">\"", "\"");
        season.0.write("letters.toml", sender);
        season
    }

    #[track_caller]
    fn on(&self, day: &str, verb: &str, args: &[&str]) -> Run {
        let who = ["--by", "anna", "--date", day];
        match verb {
            "ledger" | "lottery" => self.0.run_words(&[verb, args[0]], args[1..].iter().copied().chain(who)),
            _ => self.0.run(verb, args.iter().copied().chain(who)),
        }
    }

    #[track_caller]
    fn letters(&self, day: &str, args: &[&str]) -> Run {
        self.0.run("letters", args.iter().copied().chain(["--date", day]))
    }

    fn offered(&self) -> BTreeSet<String> {
        self.0.table("rounds/1/offers.csv").iter().map(|row| row.get("applicant_id").to_owned()).collect()
    }

    fn list(&self, folder: &str) -> Rows {
        self.0.table(&format!("letters/{folder}/letters.csv"))
    }

    /// Replaces a text in a file of the templates.
    fn spoil(&self, file: &str, from: &str, to: &str) {
        let path = self.0.root().join("templates").join(file);
        let text = fs::read_to_string(&path).expect("a template");
        assert!(text.contains(from), "{file} does not hold {from}");
        fs::write(&path, text.replacen(from, to, 1)).expect("a template to write");
    }
}

#[test]
fn everybody_with_an_open_offer_gets_one_letter_and_nobody_else() {
    let season = Season::with_sender();
    let offered = season.offered();
    assert!(offered.len() >= 4 && offered.contains(PROTECTED), "{offered:?}");
    let said = format!("Wrote {} offers to season/letters/offer-sv.\n", offered.len());
    season.letters("2027-03-03", &["--kind", "offer"]).succeeds().says(&said).says("1 has a protected identity");
    let list = season.list("offer-sv");
    assert_eq!(list.iter().map(|row| row.get("applicant_id").to_owned()).collect::<BTreeSet<_>>(), offered);
    for row in list.iter() {
        let id = row.get("applicant_id");
        for ending in ["html", "text"] {
            let letter = season.0.read(&format!("letters/offer-sv/{}", row.get(ending)));
            assert!(letter.contains(id), "{id}");
            assert!(letter.contains("fredag 12\u{a0}mars 2027"), "{id} is not told the deadline:\n{letter}");
            for other in offered.iter().filter(|other| *other != id) {
                assert!(!letter.contains(other.as_str()), "the letter to {id} names {other}");
            }
        }
    }
    let all = season.0.read("letters/offer-sv/letters.html");
    assert_eq!(all.matches("<article").count(), offered.len() - 1, "the protected one must not go with the others");
    assert!(!all.contains(PROTECTED));
}

#[test]
fn names_are_escaped_and_a_protected_one_is_never_written() {
    let season = Season::with_sender();
    season.letters("2027-03-03", &["--kind", "offer", "--lang", "en"]).succeeds();
    let html = season.0.read("letters/offer-en/A-0001.html");
    assert!(html.contains("Hello Åsa &lt;b&gt;&amp;Öst!"), "{html}");
    assert!(season.0.read("letters/offer-en/A-0001.txt").contains("Hello Åsa <b>&Öst!"));
    for (name, content) in season.0.files("letters/offer-en").into_iter().chain(season.0.files("letters/offer-en/by-hand")) {
        let text = String::from_utf8(content).expect("a text");
        assert!(!text.contains("Person 5"), "{name} names somebody with a protected identity");
        // Whose birth date is 2009-08-07, and who lives in Norrmalm.
        assert!(!name.starts_with(PROTECTED) || (!text.contains("2009") && !text.contains("home")), "{name}:\n{text}");
    }
    let by_hand = season.0.read("letters/offer-en/by-hand/A-0005.html");
    assert!(by_hand.contains("to be sent by hand") && by_hand.contains("<p>Hello!</p>"), "{by_hand}");
}

#[test]
fn a_contract_says_the_wage_of_the_first_day_and_the_limits_of_each_age() {
    let season = Season::with_sender();
    let jobs = season.0.table("jobs.csv");
    let applicants = season.0.table("applicants.csv");
    for id in season.offered() {
        season.on("2027-03-04", "answer", &[&id, "accept"]).succeeds();
    }
    season.letters("2027-03-05", &["--kind", "contract"]).succeeds();
    let list = season.list("contract-sv");
    for row in list.iter() {
        let (id, job) = (row.get("applicant_id"), jobs.find("job_id", row.get("job_id")));
        let (first, final_day) =
            if job.get("period") == "1" { ("2027-06-14", "2027-07-02") } else { ("2027-07-05", "2027-07-23") };
        let birthday = applicants.find("applicant_id", id).get("birth_date");
        let age = |day: &str| {
            let (born, day): (Vec<_>, Vec<_>) = (birthday.split('-').collect(), day.split('-').collect());
            let year = |date: &[&str]| date[0].parse::<i32>().expect("a year");
            year(&day) - year(&born) - i32::from(born[1..] > day[1..])
        };
        let html = season.0.read(&format!("letters/contract-sv/{}", row.get("html")));
        let wage = match age(first) {
            15 | 16 => 87,
            17 => 97,
            _ => 107,
        };
        assert!(html.contains(&format!("{wage}\u{a0}kronor i timmen")), "{id}, {}:\n{html}", age(first));
        assert_eq!(html.contains("35\u{a0}timmar i veckan"), age(first) < 16, "{id}");
        assert_eq!(html.contains("40\u{a0}timmar i veckan"), age(final_day) >= 16 && age(first) < 18, "{id}");
        assert_eq!(html.contains("Vårdnadshavare: ort och datum"), age(first) < 18, "{id}");
        assert_eq!(html.contains(&format!("{birthday} – ")), id != PROTECTED, "{id}");
    }
    assert_eq!(list.rows.len(), season.offered().len());
    // Whoever has signed needs no contract, and whoever has accepted no offer.
    let signed = list.rows[0][0].clone();
    season.on("2027-03-06", "sign", &[&signed]).succeeds();
    season.letters("2027-03-06", &["--kind", "contract"]).succeeds();
    assert!(season.list("contract-sv").iter().all(|row| row.get("applicant_id") != signed));
    let refused = season.letters("2027-03-06", &["--kind", "offer", "--applicant", &signed, "A-0O01"]);
    refused
        .ends_with(5)
        .complains(&format!("{signed}: signed the place of"))
        .complains("A-0O01: is no applicant; did you mean A-0001?");
}

#[test]
fn a_contract_without_a_wage_is_not_written() {
    let season = Season::with_sender();
    for id in season.offered() {
        season.on("2027-03-04", "answer", &[&id, "accept"]).succeeds();
    }
    season.0.edit("season.toml", "from_age = 17\nto_age = 17", "from_age = 30\nto_age = 31");
    season.0.edit("season.toml", "from_age = 18\nto_age = 18", "from_age = 32\nto_age = 33");
    let refused = season.letters("2027-03-05", &["--kind", "contract"]).ends_with(3);
    refused.complains("`[[wages]]` has no band for that age").complains("A-0001 is 18 on the first day of");
    assert!(!season.0.path("letters").join("contract-sv").exists());
}

#[test]
fn a_template_that_names_what_there_is_not_is_refused_with_its_line_and_nothing_is_written() {
    let season = Season::with_sender();
    let with_templates = ["--kind", "offer", "--templates", "templates"];
    season.letters("2027-03-03", &with_templates).succeeds();
    let before = season.0.files("letters/offer-sv");
    let own = season.letters("2027-03-03", &["--kind", "offer", "--out", "elsewhere"]).succeeds();
    own.says("to elsewhere.\n");
    assert_eq!(before["A-0001.html"], fs::read(season.0.root().join("elsewhere/A-0001.html")).expect("a letter"));

    season.spoil("job.sv.txt", "{{ job.area }}", "{{ job.aera }}");
    season.spoil("offer.sv.html", "{{ sender.phone }}", "{{ applicant.phone }}");
    let refused = season.letters("2027-03-03", &with_templates).ends_with(3);
    refused.complains("job.sv.txt:4: `job.aera` is undefined").complains("offer.sv.html:22: `applicant.phone` is undefined");
    season.spoil("job.sv.txt", "{{ job.aera }}", "{{ job.district }}");
    season.spoil("offer.sv.html", "{{ applicant.phone }}", "{{ job.area|weekday }}");
    season.letters("2027-03-03", &with_templates).ends_with(3).complains("offer.sv.html:22: ").complains("is not a day");
    season.spoil("offer.sv.html", "{{ job.area|weekday }}", "{% if %}");
    season.letters("2027-03-03", &with_templates).ends_with(3).complains("offer.sv.html:22: ");
    fs::remove_file(season.0.root().join("templates/offer.sv.html")).expect("a template to remove");
    season.letters("2027-03-03", &with_templates).ends_with(3).complains("there is no template offer.sv.html");
    assert_eq!(season.0.files("letters/offer-sv"), before);
}

#[test]
fn a_gap_is_no_value() {
    let season = Season::with_sender();
    // Not everybody's name may be written.
    season.spoil("offer.sv.html", "<h1>", "<h1>{{ applicant.name }}, ");
    let refused = season.letters("2027-03-03", &["--kind", "offer", "--templates", "templates"]).ends_with(3);
    refused.complains("offer.sv.html:5: ").complains("this is not known of everybody");
}

#[test]
fn the_sender_must_be_filled_in() {
    let season = Season::published();
    season
        .letters("2027-03-03", &["--kind", "offer"])
        .ends_with(2)
        .complains("letters.toml is not there")
        .complains("--write-templates");
    season.0.run("letters", ["--write-templates", "templates"]).succeeds().says("Fill in season/letters.toml first");
    season.letters("2027-03-03", &["--kind", "offer"]).ends_with(3).complains("letters.toml:5: still to be filled in: name = ");
    season.0.run("letters", ["--write-templates", "templates"]).ends_with(2).complains("is there already");
    let sender = season.0.read("letters.toml").replace("\"<", "\"").replace(">\"", "\"");
    season.0.write("letters.toml", sender.replace("\nen = ", "\n# en = "));
    season.letters("2027-03-03", &["--kind", "offer"]).succeeds();
    let refused = season.letters("2027-03-03", &["--kind", "offer", "--lang", "en"]).ends_with(3);
    refused.complains("`en` is missing or empty under `[answer]`");
    season.0.write("letters.toml", sender.replace("phone = ", "fax = "));
    season.letters("2027-03-03", &["--kind", "offer"]).ends_with(3).complains("letters.toml:9: unknown field `fax`");
}

#[test]
fn letters_that_come_too_late_or_to_nobody_are_refused() {
    let season = Season::with_sender();
    season
        .letters("2027-03-13", &["--kind", "reminder"])
        .ends_with(5)
        .complains("had to answer before 2027-03-13")
        .complains("expire");
    season
        .letters("2027-03-03", &["--kind", "offer", "--round", "2"])
        .ends_with(5)
        .complains("nobody has an open offer of round 2");
    season.letters("2027-03-03", &["--kind", "contract"]).ends_with(5).complains("nobody has accepted a place");
    season.letters("2027-03-12", &["--kind", "reminder", "--round", "1"]).succeeds().says("reminder-sv-round-1");
    // A folder with something else in it is left alone.
    season.0.write("letters/reminder-sv-round-1/mine.doc", "");
    let refused = season.letters("2027-03-12", &["--kind", "reminder", "--round", "1"]).ends_with(2);
    refused.complains("holds `mine.doc`, which is not of letters");
}
