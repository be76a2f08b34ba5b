//! Scenarios beside the season as it is: in every format, in parts, and with files that cannot be.

use std::collections::BTreeMap;
use std::fs;

use crate::program::{Run, feriematch};
use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

/// Two scenarios and a grid of two axes.
const SCENARIOS: &str = "format = 1\n\n[[scenarios]]\nname = \"same\"\nplaces = [{ percent = 100 }]\n\n[[scenarios]]\nname = \"födda 2000 också\"\n\
                         cohorts = { add = [{ year = 2000, like = 1999, applicants = 50 }] }\n\n[[grids]]\nname = \"budgets and places\"\n\n[[grids.axes]]\nname = \"budgets\"\n\
                         levels = [{ name = \"as now\" }, { name = \"-20 %\", budgets = [{ percent = 80 }] }]\n\n[[grids.axes]]\nname = \"places\"\n\
                         levels = [{ name = \"50 %\", places = [{ percent = 50 }] }, { name = \"100 %\" }]\n";

fn stockholm() -> SeasonFolder {
    let season = SeasonFolder::stockholm();
    fs::write(season.root().join("scenarios.toml"), SCENARIOS).expect("it can be written");
    season
}

fn whatif(season: &SeasonFolder, args: &[&str]) -> Run {
    feriematch(season.root(), ["plan", "whatif", "season", "scenarios.toml"].iter().chain(args).copied())
}

/// Returns the values of every figure of a scenario, by figure.
fn figures(csv: &str, scenario: &str) -> BTreeMap<String, Vec<String>> {
    let columns = ["mean", "half_width", "sd", "p5", "p50", "p95", "min", "max"];
    let table = Rows::parse(csv, b',');
    let named = |row: crate::rows::Row<'_>| [row.get("figure"), row.get("by"), row.get("key")].join("/");
    let of = table.iter().filter(|row| row.get("scenario") == scenario);
    of.map(|row| (named(row), columns.iter().map(|column| row.get(column).to_owned()).collect())).collect()
}

#[test]
fn differences_are_told_with_what_they_mean() {
    let season = stockholm();
    let run = whatif(&season, &["--seasons", "8"]).succeeds();
    for part in [
        "6 scenarios beside the season as it is, 8 seasons of each, seeds \"whatif 1\" to \"whatif 8\", mechanism priority",
        "Offers declined: 21 of 206 in Kungsholmen",
        "\n as it is ",
        "\n budgets and places: budgets -20 %, places 50 % ",
        "Who never has an offer, by priority class",
        "What it means: every scenario had the same lotteries",
        "of what separate draws would give",
        "Made up: in `födda 2000 också`, those born in 2000 may apply: 50 made-up applicants, like those born in 1999.",
        "What it does not mean:",
    ] {
        run.says_also(part);
    }
    let row = |name: &str| run.stdout.lines().find(|line| line.starts_with(&format!(" {name} "))).expect("a row").to_owned();
    assert_eq!(row("same").matches("no difference").count(), 6, "{}", row("same"));
    let half = row("budgets and places: budgets as now, places 50 %");
    assert!(half.contains(" -") && half.contains('\u{b1}'), "{half}");
    let one = whatif(&season, &["--seasons", "8", "--figure", "unplaced/class/P"]).succeeds();
    one.says_also("Never had an offer, priority class Prioriterade");
    one.says_also("If drawn apart");
}

#[test]
fn parts_print_and_draw_the_bytes_of_the_whole() {
    let season = stockholm();
    let files = ["--picture", "p.svg", "--page", "p.html"];
    let left = || ["p.svg", "p.html"].map(|name| fs::read_to_string(season.root().join(name)).expect("the file"));
    let whole =
        whatif(&season, &[&["--seasons", "9", "--threads", "1", "--out", "whole.json"], &files[..]].concat()).succeeds().stdout;
    let drawn = left();
    for number in 1..=3 {
        let (shard, out) = (format!("{number}/3"), format!("part-{number}.json"));
        let said = whatif(&season, &["--seasons", "9", "--threads", "2", "--shard", &shard, "--out", &out]).succeeds();
        assert_eq!(said.stdout, "");
    }
    let parts = ["--parts", "part-2.json", "--parts", "part-3.json", "--parts", "part-1.json"];
    let merged = whatif(&season, &[&parts[..], &files[..], &["--out", "merged.json"]].concat()).succeeds();
    assert_eq!((merged.stdout, left()), (whole, drawn));
    let bytes = |name: &str| fs::read(season.root().join(name)).expect("the file");
    assert_eq!(bytes("merged.json"), bytes("whole.json"));
    for format in ["csv", "json"] {
        let expected = whatif(&season, &["--seasons", "9", "--format", format]).succeeds().stdout;
        assert_eq!(whatif(&season, &[&parts[..], &["--format", format]].concat()).succeeds().stdout, expected);
        assert!(expected.contains("whatif"), "the seed is in it");
    }
    whatif(&season, &["--parts", "part-1.json", "--parts", "part-3.json"])
        .ends_with(3)
        .complains("parts of the study are missing: 2/3");
    whatif(&season, &["--parts", "part-1.json", "--seasons", "9"]).ends_with(2);
    let merge = ["plan", "merge", "part-1.json", "part-2.json", "part-3.json"];
    feriematch(season.root(), merge).ends_with(2).complains("feriematch plan whatif DIR SCENARIOS --parts FILE");
    let other = SCENARIOS.replace("percent = 80", "percent = 81");
    fs::write(season.root().join("scenarios.toml"), other).expect("it can be written");
    whatif(&season, &parts).ends_with(3).complains("the parts are of another study");
}

/// Serial dictatorship asks for the order of wishes alone, so that it does not matter that those for the job are gone from the lists.
#[test]
fn a_job_closed_is_a_job_deleted_from_the_files() {
    let season = SeasonFolder::drawn(80, 8, 40, 4);
    season.write("planning.toml", "[[answers]]\ndeclined = 20\nlapsed = 10\n");
    let jobs = season.table("jobs.csv");
    let closed = jobs.rows[2][0].clone();
    let scenario = format!(
        "format = 1\n[[scenarios]]\nname = \"closed\"\nclose = [{{ job = \"{closed}\" }}]\n[[scenarios]]\nname = \"fee\"\nanswers = [{{ of = \"declined\", percent = 150 }}]\n"
    );
    fs::write(season.root().join("scenarios.toml"), scenario).expect("it can be written");
    let args = ["--seasons", "6", "--mechanism", "serial-dictatorship", "--format", "csv"];
    let before = whatif(&season, &args).succeeds().stdout;

    let semicolons = csv::Terminator::Any(b'\n');
    let mut kept = jobs.clone();
    kept.rows.remove(2);
    season.write("jobs.csv", kept.to_csv(b';', semicolons));
    let mut applicants = season.table("applicants.csv");
    let wishes = applicants.header.iter().position(|name| name == "wishes").expect("wishes");
    for row in &mut applicants.rows {
        let others: Vec<&str> = row[wishes].split('>').map(str::trim).filter(|wish| *wish != closed).collect();
        row[wishes] = others.join(" > ");
    }
    season.write("applicants.csv", applicants.to_csv(b';', semicolons));
    fs::write(season.root().join("scenarios.toml"), "format = 1\n[[scenarios]]\nname = \"x\"\nplaces = [{ percent = 90 }]\n")
        .expect("it can be written");
    let after = whatif(&season, &args).succeeds().stdout;

    let [mut closed, deleted, untouched] =
        [figures(&before, "closed"), figures(&after, "as it is"), figures(&before, "as it is")];
    // Whoever wished for nothing else may take nothing now, but could take it if there were places.
    closed.retain(|figure, _| deleted.contains_key(figure));
    assert!(closed.len() > 20 && closed != untouched);
    for (figure, values) in closed.iter().filter(|(figure, _)| !figure.starts_with("ineligible")) {
        assert_eq!(Some(values), deleted.get(figure), "{figure}");
    }
}

#[test]
fn pages_and_pictures_hold_everything_and_load_nothing() {
    let season = stockholm();
    let draw = |args: &[&str]| whatif(&season, &[&["--seasons", "4"], args].concat());
    draw(&["--page", "p.html", "--picture", "grid.svg"]).succeeds();
    let page = fs::read_to_string(season.root().join("p.html")).expect("the page");
    for part in [
        "<html lang=\"en\">",
        "födda 2000 också",
        "&quot;whatif 1&quot; to &quot;whatif 4&quot;",
        "Fingerprint of settings",
        "What it does not mean:",
        "Made up: ",
    ] {
        assert!(page.contains(part), "the page lacks `{part}`");
    }
    assert!(page.matches("<svg role=\"img\"").count() >= 6 && page.matches("<desc>").count() == page.matches("<svg").count());
    for loads in ["src=", "href=", "url(", "@import", "https:"] {
        assert!(!page.contains(loads), "the page has `{loads}`");
    }
    let grid = fs::read_to_string(season.root().join("grid.svg")).expect("the picture");
    assert!(grid.contains("<title>Hired: budgets and places</title>") && grid.contains("budgets -20 %: 50: "), "{grid}");
    draw(&["--picture", "own.svg", "--picture-of", "scenarios", "--figure", "cost"]).succeeds();
    let own = fs::read_to_string(season.root().join("own.svg")).expect("the picture");
    assert!(
        own.contains("<title>Cost, wages and fees, tkr: more or less than as it is</title>") && own.contains("same: 0 (0 to 0)."),
        "{own}"
    );
    draw(&["--picture", "x.svg", "--picture-of", "budgets and plces"])
        .ends_with(2)
        .complains("did you mean `budgets and places`?");
}

#[test]
fn grids_of_three_axes_are_told_level_by_level() {
    let season = SeasonFolder::stockholm();
    let axis_of = |name: &str, change: &str, percents: &[u32]| {
        let level = |percent: &u32| format!("{{ name = \"{percent}\", {change} = [{{ percent = {percent} }}] }}");
        let levels: Vec<String> = percents.iter().map(level).collect();
        format!("\n[[grids.axes]]\nname = \"{name}\"\nlevels = [{}]\n", levels.join(", "))
    };
    let axes = [
        axis_of("places", "places", &[50, 80, 120]),
        axis_of("budgets", "budgets", &[70, 130]),
        axis_of("wages", "wages", &[90, 110]),
    ];
    let file = format!("format = 1\n\n[[grids]]\nname = \"all\"\n{}", axes.concat());
    fs::write(season.root().join("scenarios.toml"), file).expect("it can be written");

    let run = whatif(&season, &["--seasons", "3", "--picture", "levels.svg"]).succeeds();
    let csv = whatif(&season, &["--seasons", "3", "--format", "csv"]).succeeds().stdout;
    // What is told of a level is the mean of the scenarios that have it, whatever their places in the grid.
    let mean = |level: &str| {
        let table = Rows::parse(&csv, b',');
        let of = table.iter().filter(|row| row.get("figure") == "hired" && row.get("by") == "season");
        let of = of.filter(|row| row.get("levels").split('|').any(|part| part == level));
        let found: Vec<f64> = of.map(|row| row.get("difference").parse().expect("a number")).collect();
        (found.len(), found.iter().sum::<f64>() / f64::from(u32::try_from(found.len()).expect("few")))
    };
    let told = run.stdout.split("all: each level averaged over all other axes").nth(1).expect("the levels");
    let rows: Vec<&str> = told.lines().skip(2).take(7).collect();
    for (row, level, scenarios) in
        [(rows[0], "places=50", 4), (rows[2], "places=120", 4), (rows[3], "budgets=70", 6), (rows[6], "wages=110", 6)]
    {
        let (of, name) = level.split_once('=').expect("an axis and a level");
        let words: Vec<&str> = row.split_whitespace().collect();
        let at = words.iter().position(|word| *word == name).expect("the level");
        assert!(at == 0 || words[0] == of, "{row}");
        let (count, mean) = mean(level);
        assert_eq!(count, scenarios, "{level}");
        let shown: f64 = words[at + 1].parse().expect("a number");
        assert!((shown - mean).abs() <= 0.06, "{level}: {shown} is told, {mean} is in the table");
    }
    let picture = fs::read_to_string(season.root().join("levels.svg")).expect("the picture");
    assert!(picture.contains("<title>Hired: all, level by level</title>") && picture.contains("budgets 130: "), "{picture}");
    assert_eq!(picture.matches("places 50: ").count(), 1, "a row a level");
    let one = whatif(&season, &["--seasons", "3", "--figure", "hired"]).succeeds();
    let level = one.stdout.lines().find(|line| line.starts_with(" budgets  70 ")).expect("the level");
    let told: Vec<&str> = level.split_whitespace().skip(2).collect();
    assert!(rows[3].contains(&told.join(" ")), "{level}");
}

#[test]
fn what_is_not_there_is_refused_with_what_may_be_meant() {
    let season = stockholm();
    whatif(&season, &["--seasons", "2", "--figure", "hired/district/normalm"])
        .ends_with(2)
        .complains("did you mean `hired/district/norrmalm`?");
    whatif(&season, &["--figure", "hires"]).ends_with(2).complains("`hires` is no figure of a season");
    whatif(&season, &["--seasons", "1"]).ends_with(2);
    whatif(&season, &["--shard", "1/2"]).ends_with(2).complains("--out");
    fs::write(season.root().join("scenarios.toml"), SCENARIOS.replace("like = 1999", "like = 1899")).expect("it can be written");
    whatif(&season, &[]).ends_with(3).complains("scenarios.toml:9:");
    fs::remove_file(season.root().join("scenarios.toml")).expect("it is there");
    whatif(&season, &[]).ends_with(3).complains("scenarios.toml");
}
