//! The figures: they agree with the outcome, with each other, and say where a published table contradicts itself.

use std::collections::BTreeMap;

use crate::rows::Rows;
use crate::season_folder::{SeasonFolder, placed};

/// The figures of `report --format csv` by group, key and measure.
struct Figures(BTreeMap<[String; 3], String>);

impl Figures {
    fn of(season: &SeasonFolder) -> Self {
        let table = Rows::parse(&season.run("report", ["--format", "csv"]).succeeds().stdout, b',');
        assert_eq!(table.header, ["group", "key", "measure", "value"]);
        let rows = table.rows.len();
        let figures: BTreeMap<_, _> = table
            .rows
            .into_iter()
            .map(|row| <[String; 4]>::try_from(row).expect("four cells"))
            .map(|[g, k, m, v]| ([g, k, m], v))
            .collect();
        assert_eq!(figures.len(), rows, "a figure is there twice");
        Self(figures)
    }

    #[track_caller]
    fn count(&self, group: &str, key: &str, measure: &str) -> usize {
        let value = &self.0[&[group, key, measure].map(str::to_owned)];
        value.parse().unwrap_or_else(|_| panic!("{group} {key} {measure} is `{value}`"))
    }

    /// Adds up a measure over the groups of one kind.
    fn sum(&self, group: &str, measure: &str) -> usize {
        let keys = self.0.keys().filter(|[g, _, m]| g == group && m == measure);
        keys.map(|[g, k, m]| self.count(g, k, m)).sum()
    }
}

#[test]
fn figures_agree_with_the_files_and_with_each_other() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let outcome = season.outcome();
    let (applicants, jobs) = (season.table("applicants.csv"), season.table("jobs.csv"));
    let figures = Figures::of(&season);

    let home = |id: &str| applicants.find("applicant_id", id).get("home_district");
    let employer = |job: &str| jobs.find("job_id", job).get("employer");
    for (district, applied) in [("kungsholmen", 566), ("norrmalm", 571), ("ostermalm", 374)] {
        assert_eq!(figures.count("district", district, "applications"), applied);
        assert_eq!(applicants.iter().filter(|row| row.get("home_district") == district).count(), applied);
        let selected = placed(&outcome).filter(|(id, _)| home(id) == district).count();
        assert_eq!(figures.count("district", district, "selected"), selected);
        let paid = placed(&outcome).filter(|(id, place)| home(id) == district && place.stream == "district").count();
        assert_eq!(figures.count("payer", district, "placed"), paid);
        let own =
            jobs.iter().filter(|row| row.get("employer") == district).map(|row| row.number("capacity") as usize).sum::<usize>();
        assert_eq!(figures.count("district", district, "places"), own);
        let filled = placed(&outcome).filter(|(_, place)| employer(&place.job) == district).count();
        assert_eq!(figures.count("district", district, "filled"), filled);
        assert_eq!(figures.count("district", district, "unfilled"), own - filled);
    }
    for cohort in ["1995", "1996", "1997", "1998", "1999"] {
        let born = |row: &crate::rows::Row<'_>| row.get("birth_date").starts_with(cohort);
        assert_eq!(figures.count("cohort", cohort, "applications"), applicants.iter().filter(born).count());
    }

    let total = |measure: &str| figures.count("total", "all", measure);
    assert_eq!(total("applications"), applicants.rows.len());
    assert_eq!(total("selected"), placed(&outcome).count());
    for group in ["district", "cohort", "class"] {
        for measure in ["applications", "eligible", "selected", "girls_selected", "boys_applications"] {
            assert_eq!(figures.sum(group, measure), total(measure), "{measure} by {group}");
        }
    }
    for group in ["period", "area"] {
        for measure in ["selected", "places", "filled"] {
            assert_eq!(figures.sum(group, measure), total(measure), "{measure} by {group}");
        }
    }
    assert_eq!(figures.sum("district", "places") + figures.sum("department", "places"), total("places"));
    assert_eq!(figures.sum("payer", "placed"), total("placed"));
    let by_wish: usize = (1..=20)
        .filter_map(|rank| figures.0.get(&["total".into(), "all".into(), format!("wish_{rank}")]))
        .map(|v| v.parse::<usize>().expect("a count"))
        .sum();
    assert_eq!(by_wish, total("placed"));
    assert_eq!(total("placed") + total("not_placed"), total("eligible"));
}

#[test]
fn girls_boys_others_and_unknown_add_up() {
    let season = SeasonFolder::stockholm();
    let mut applicants = season.table("applicants.csv");
    for (number, row) in applicants.rows.iter_mut().enumerate() {
        match number % 10 {
            3 => row[2] = "other".to_owned(),
            7 => row[2] = String::new(),
            _ => {}
        }
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let season = season.matched(&[]);
    let outcome = season.outcome();
    let figures = Figures::of(&season);
    let groups: Vec<(&str, &str)> =
        figures.0.keys().filter(|[_, _, m]| m == "eligible").map(|[g, k, _]| (g.as_str(), k.as_str())).collect();
    assert!(groups.len() > 25, "{groups:?}");
    for (group, key) in groups {
        for stage in ["applications", "eligible", "selected"] {
            let kinds = ["girls", "boys", "other", "unknown"].map(|kind| figures.count(group, key, &format!("{kind}_{stage}")));
            assert_eq!(kinds.iter().sum::<usize>(), figures.count(group, key, stage), "{group} {key}");
        }
    }
    for (cell, kind) in [("F", "girls"), ("M", "boys"), ("other", "other"), ("", "unknown")] {
        let is = |id: &str| applicants.find("applicant_id", id).get("gender") == cell;
        assert_eq!(
            figures.count("total", "all", &format!("{kind}_applications")),
            applicants.iter().filter(|row| row.get("gender") == cell).count()
        );
        assert_eq!(figures.count("total", "all", &format!("{kind}_selected")), placed(&outcome).filter(|(id, _)| is(id)).count());
    }
}

#[test]
fn money_is_counted_to_the_ore_from_wages_hours_and_the_employers_fee() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let offers = season.table("outcome/offers.csv");
    let (applicants, jobs) = (season.table("applicants.csv"), season.table("jobs.csv"));
    let table = Rows::parse(&season.run("report", ["--format", "csv"]).succeeds().stdout, b',');
    for district in ["kungsholmen", "norrmalm", "ostermalm"] {
        let mut ore: i64 = 0;
        for offer in offers.iter().filter(|row| row.get("funding") == "Stadsdelens budget") {
            let applicant = applicants.find("applicant_id", offer.get("applicant_id"));
            if applicant.get("home_district") == district {
                // The age on the first working day decides the wage.
                let day = |text: &str| text.replace('-', "").parse::<i64>().expect("a date");
                let age = (day(offer.get("first_day")) - day(applicant.get("birth_date"))) / 10_000;
                let wage = match age {
                    15 | 16 => 8_700,
                    17 => 9_700,
                    18 => 10_700,
                    _ => 11_700,
                };
                let wages = wage * i64::from(jobs.find("job_id", offer.get("job_id")).number("hours"));
                ore += (wages * 13_142 + 5_000) / 10_000;
            }
        }
        let figure = table.rows.iter().find(|row| row[..3] == ["payer", district, "cost"]).expect("a cost");
        assert_eq!(figure[3], format!("{}.{:02}", ore / 100, ore % 100), "{district}");
    }
}

#[test]
fn json_has_the_same_figures_as_csv() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let figures = Figures::of(&season);
    let report = season.run("report", ["--format", "json"]).succeeds().json();
    for group in ["district", "department", "cohort", "period", "area", "class"] {
        let rows = report["tables"][group].as_array().unwrap_or_else(|| panic!("no table {group}"));
        assert!(!rows.is_empty());
        for row in rows {
            let key = row["id"].as_str().expect("an id");
            for measure in ["applications", "eligible", "selected"] {
                assert_eq!(row[measure], figures.count(group, key, measure), "{group} {key} {measure}");
            }
        }
    }
    assert_eq!(report["seed"], "stockholm-2015");
}

#[test]
fn the_published_table_of_2015_contradicts_itself_three_times() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let against = ["--against", "season/published.csv"];
    let text = season.run("report", against).succeeds().stdout;
    let (_, flagged) =
        text.split_once("The published table contradicts itself (flagged, not mended):\n").expect("contradictions");
    let flagged: Vec<&str> = flagged.lines().collect();
    let expected = [["534", "539"], ["19", "18"], ["20", "19"]];
    assert_eq!(flagged.len(), expected.len(), "{flagged:#?}");
    for (line, numbers) in flagged.iter().zip(expected) {
        let words: Vec<&str> = line.split([' ', ',']).collect();
        assert!(numbers.iter().all(|number| words.contains(number)), "{line} does not say {numbers:?}");
    }
    let json = season.run("report", against.into_iter().chain(["--format", "json"])).succeeds().json();
    let listed: Vec<String> =
        json["contradictions"].as_array().expect("a list").iter().map(|c| format!("  {}", c.as_str().expect("a text"))).collect();
    assert_eq!(listed, flagged);

    // Every published figure is there, beside this run's where a run knows it.
    let published = Rows::read(&season.path("published.csv"), b',');
    let table = Rows::parse(&season.run("report", against.into_iter().chain(["--format", "csv"])).succeeds().stdout, b',');
    assert_eq!(table.rows.len(), published.rows.len());
    for (ours, theirs) in table.iter().zip(published.iter()) {
        assert_eq!(
            [ours.get("group"), ours.get("key"), ours.get("measure"), ours.get("published")],
            ["group", "key", "measure", "value"].map(|column| theirs.get(column))
        );
    }
    assert!(table.iter().any(|row| row.get("measure") == "declined" && row.get("ours").is_empty()));
    assert!(
        table.iter().any(|row| row.get("measure") == "places_district_stated"
            && row.get("ours") == "539"
            && row.get("difference") == "5")
    );
}

#[test]
fn a_report_is_a_published_table_that_does_not_contradict_itself() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let report = season.run("report", ["--format", "csv"]).succeeds().stdout;
    season.write("ours.csv", report);
    let text = season.run("report", ["--against", "season/ours.csv"]).succeeds().stdout;
    assert!(text.ends_with("The published table does not contradict itself.\n"), "{text}");
    let table = Rows::parse(&season.run("report", ["--against", "season/ours.csv", "--format", "csv"]).succeeds().stdout, b',');
    assert!(table.rows.len() > 500);
    for row in table.iter() {
        assert_eq!(row.get("difference"), if row.get("published").is_empty() { "" } else { "0" }, "{row:?}");
    }
}

#[test]
fn a_broken_published_table_is_refused_with_its_lines() {
    let season = SeasonFolder::stockholm().matched(&[]);
    season.write("broken.csv", "group,key,measure,value\ntotal,all,worked,many\ntotal,all,offered,1\ntotal,all,offered,2\n");
    season
        .run("report", ["--against", "season/broken.csv"])
        .ends_with(3)
        .complains("broken.csv: line 2: `many` is not a number")
        .complains("broken.csv: line 4: `offered` of total `all` stands in line 3 already");
    season.run("report", ["--against", "season/nowhere.csv"]).ends_with(74).complains("cannot read season/nowhere.csv");
}
