//! Gender balance: recounted from the files, the outcome and the answers; nothing here uses the engine.

use std::collections::BTreeMap;

use feriematch_model::Verdict;

use crate::recorded::Season;
use crate::rows::Rows;
use crate::season_folder::{SeasonFolder, placed};

/// The figures of `balance --format csv` by group, key and measure.
struct Figures(BTreeMap<[String; 3], String>);

impl Figures {
    fn of(season: &SeasonFolder, args: &[&str]) -> Self {
        let args = args.iter().copied().chain(["--format", "csv"]);
        let table = Rows::parse(&season.run("balance", args).succeeds().stdout, b',');
        assert_eq!(table.header, ["group", "key", "measure", "value"]);
        let rows = table.rows.len();
        let figures: BTreeMap<_, _> = table
            .rows
            .into_iter()
            .map(|row| <[String; 4]>::try_from(row).expect("four cells"))
            .map(|[group, key, measure, value]| ([group, key, measure], value))
            .collect();
        assert_eq!(figures.len(), rows, "a figure is there twice");
        Self(figures)
    }

    #[track_caller]
    fn text(&self, group: &str, key: &str, measure: &str) -> &str {
        let name = [group, key, measure].map(str::to_owned);
        self.0.get(&name).unwrap_or_else(|| panic!("there is no {name:?}"))
    }

    #[track_caller]
    fn count(&self, group: &str, key: &str, measure: &str) -> usize {
        let value = self.text(group, key, measure);
        value.parse().unwrap_or_else(|_| panic!("{group} {key} {measure} is `{value}`"))
    }

    #[track_caller]
    fn share(&self, group: &str, key: &str, measure: &str) -> f64 {
        self.text(group, key, measure).parse().expect("a share")
    }

    /// Returns the four recorded sexes in a stage.
    #[track_caller]
    fn sexes(&self, group: &str, key: &str, stage: &str) -> [usize; 4] {
        let sexes = ["girls", "boys", "other", "unknown"].map(|sex| self.count(group, key, &format!("{sex}_{stage}")));
        assert_eq!(sexes.iter().sum::<usize>(), self.count(group, key, stage), "{group} {key} {stage}");
        sexes
    }

    fn keys(&self, group: &str) -> Vec<&str> {
        let mut keys: Vec<&str> = self.0.keys().filter(|[g, ..]| g == group).map(|[_, key, _]| key.as_str()).collect();
        keys.dedup();
        keys
    }
}

/// Returns which of the four recorded sexes a cell of the file says.
fn sex(cell: &str) -> usize {
    ["F", "M", "other", ""].iter().position(|known| *known == cell).expect("a sex as the file writes it")
}

/// Returns how many of each recorded sex these applicants are.
fn counted<'a>(applicants: &Rows, ids: impl IntoIterator<Item = &'a str>) -> [usize; 4] {
    let of: BTreeMap<&str, usize> = applicants.iter().map(|row| (row.get("applicant_id"), sex(row.get("gender")))).collect();
    let mut counts = [0; 4];
    ids.into_iter().for_each(|id| counts[of[id]] += 1);
    counts
}

/// The season of 2015 with one in ten recorded as other, and one in ten not recorded.
fn with_all_sexes() -> SeasonFolder {
    let season = SeasonFolder::stockholm();
    let mut applicants = season.table("applicants.csv");
    for (number, row) in applicants.rows.iter_mut().enumerate() {
        match number % 10 {
            3 => "other".clone_into(&mut row[2]),
            7 => row[2] = String::new(),
            _ => {}
        }
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    season
}

#[test]
fn every_recorded_sex_is_counted_and_nobody_is_lost() {
    let season = with_all_sexes().matched(&[]);
    let (applicants, outcome) = (season.table("applicants.csv"), season.outcome());
    let figures = Figures::of(&season, &[]);
    let of = |is: fn(&Verdict) -> bool| outcome.decisions.iter().filter(move |d| is(&d.verdict)).map(|d| d.applicant.as_str());
    let stages: [(&str, Vec<&str>); 5] = [
        ("applications", of(|_| true).collect()),
        ("eligible", of(|verdict| !matches!(verdict, Verdict::Ineligible { .. })).collect()),
        ("not_eligible", of(|verdict| matches!(verdict, Verdict::Ineligible { .. })).collect()),
        ("waiting", of(|verdict| matches!(verdict, Verdict::Waiting { .. })).collect()),
        ("placed", of(|verdict| matches!(verdict, Verdict::Placed(_))).collect()),
    ];
    let groups = [("district", "home_district"), ("class", "class"), ("cohort", "birth_date")];
    for (stage, ids) in &stages {
        assert_eq!(figures.sexes("total", "all", stage), counted(&applicants, ids.iter().copied()), "{stage}");
        for (group, column) in groups {
            let mut sum = [0; 4];
            for key in figures.keys(group) {
                let is_in = |id: &&&str| applicants.find("applicant_id", id).get(column).starts_with(key);
                let expected = counted(&applicants, ids.iter().filter(is_in).copied());
                // A district and a class are known to be whole: the whole is shown, and no group of the season is masked.
                let found = figures.sexes(group, key, stage);
                assert_eq!(found, expected, "{group} {key} {stage}");
                (0..4).for_each(|sex| sum[sex] += found[sex]);
            }
            assert_eq!(sum, figures.sexes("total", "all", stage), "{group} {stage}");
        }
    }
    // Whoever has a place has it in one area and one period.
    for group in ["area", "period"] {
        let sum: usize = figures.keys(group).iter().map(|key| figures.count(group, key, "placed")).sum();
        assert_eq!(sum, figures.count("total", "all", "placed"), "{group}");
    }
    let by_job = Figures::of(&season, &["--by", "job"]);
    let jobs: usize = by_job.keys("job").iter().filter_map(|key| by_job.text("job", key, "placed").parse::<usize>().ok()).sum();
    let masked = by_job.keys("job").iter().filter(|key| by_job.text("job", key, "placed") == "***").count();
    assert!(masked > 0 && jobs < figures.count("total", "all", "placed"), "{masked} jobs with a protected youth are masked");
    assert!(by_job.keys("district").is_empty());
}

/// Returns the two-sided p value of Fisher's exact test of a out of m girls and b out of n boys, from logarithms of factorials.
fn fisher(a: usize, m: usize, b: usize, n: usize) -> f64 {
    let ln_factorial = |k: usize| (1..=k).map(|i| f64::from(i as u32).ln()).sum::<f64>();
    let ln_choose = |n: usize, k: usize| ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
    let probability = |x: usize| (ln_choose(m, x) + ln_choose(n, a + b - x) - ln_choose(m + n, a + b)).exp();
    let seen = probability(a);
    let possible = (a + b).saturating_sub(n)..=m.min(a + b);
    possible.map(probability).filter(|p| *p <= seen * (1.0 + 1e-7)).sum()
}

/// Returns the first of so many each, and the others.
fn every<'a>(many: usize, ids: &[&'a str]) -> (Vec<&'a str>, Vec<&'a str>) {
    let (first, others): (Vec<_>, Vec<_>) = ids.iter().copied().enumerate().partition(|(number, _)| number % many == 0);
    let ids = |numbered: Vec<(usize, &'a str)>| numbered.into_iter().map(|(_, id)| id).collect();
    (ids(first), ids(others))
}

#[test]
fn what_became_of_offers_is_told_by_the_record_and_girls_are_compared_with_boys() {
    let season = Season::published();
    let folder = &season.0;
    let applicants = folder.table("applicants.csv");
    let is_girl = |id: &str| applicants.find("applicant_id", id).get("gender") == "F";
    let offers = season.pairs(1);
    let (girls, boys): (Vec<&str>, Vec<&str>) = offers.keys().map(String::as_str).partition(|id| is_girl(id));
    // A quarter of the girls and an eighth of the boys decline, five of each do not answer, one girl gives the place back; half of the rest sign.
    let (girls_declining, girls_left) = every(4, &girls);
    let (boys_declining, boys_left) = every(8, &boys);
    let (declining, rest) = ([girls_declining, boys_declining].concat(), [girls_left, boys_left].concat());
    let (silent, saying_yes): (Vec<&str>, Vec<&str>) = {
        let of = |girl: bool| rest.iter().copied().filter(move |id| is_girl(id) == girl).take(5);
        let silent: Vec<&str> = of(true).chain(of(false)).collect();
        let yes = rest.iter().copied().filter(|id| !silent.contains(id)).collect();
        (silent, yes)
    };
    let answer = |id: &&str| format!("{id};decline\n");
    let accept = |id: &&str| format!("{id};accept\n");
    let rows: String = declining.iter().map(answer).chain(saying_yes.iter().map(accept)).collect();
    folder.write("answers.csv", format!("applicant_id;answer\n{rows}"));
    season.on("2015-04-01", "answer", &["--file", "season/answers.csv"]).succeeds();
    let signing: Vec<&str> = saying_yes.iter().copied().step_by(2).collect();
    season.on("2015-04-02", "sign", &signing).succeeds();
    season.on("2015-04-13", "expire", &[]).succeeds();
    let withdrawn = *saying_yes[1..].iter().step_by(2).find(|id| is_girl(id)).expect("a girl who accepted");
    season.on("2015-04-13", "answer", &[withdrawn, "withdraw"]).succeeds();
    let waiting = season.0.table("rounds/1/waiting-list.csv").rows[0].clone();
    let waiting = waiting.iter().find(|cell| cell.starts_with("A-")).expect("an id").clone();
    season.on("2015-04-13", "answer", &[&waiting, "withdraw"]).succeeds();

    let figures = Figures::of(folder, &["--by", "district"]);
    let of = |ids: &[&str]| counted(&applicants, ids.iter().copied());
    let accepted: Vec<&str> = saying_yes.iter().copied().filter(|id| !signing.contains(id) && *id != withdrawn).collect();
    for (stage, expected) in [
        ("offered", of(&offers.keys().map(String::as_str).collect::<Vec<_>>())),
        ("open", [0; 4]),
        ("accepted", of(&accepted)),
        ("signed", of(&signing)),
        ("declined", of(&declining)),
        ("lapsed", of(&silent)),
        ("withdrew", of(&[withdrawn])),
        ("displaced", [0; 4]),
        ("left_before_offer", of(&[&waiting])),
    ] {
        assert_eq!(figures.sexes("total", "all", stage), expected, "{stage}");
    }
    let all = |stage: &str| figures.count("total", "all", stage);
    assert_eq!(all("applications"), all("not_eligible") + all("waiting") + all("left_before_offer") + all("offered"));
    let answers = ["open", "accepted", "signed", "declined", "lapsed", "withdrew", "displaced"].map(all);
    assert_eq!(answers.iter().sum::<usize>(), all("offered"));

    // Of those who said yes or let it go; whoever gave the place back is in neither.
    let turned_down = of(&[&declining[..], &silent[..]].concat());
    let said_yes = of(&[&accepted[..], &signing[..]].concat());
    let expected = fisher(turned_down[0], turned_down[0] + said_yes[0], turned_down[1], turned_down[1] + said_yes[1]);
    let p = figures.share("total", "all", "turned_down_p_value");
    assert!((p - expected).abs() < 1e-6 && p < 0.01, "{p} {expected}");
    let text = folder.run("balance", []).succeeds();
    let girls_asked = turned_down[0] + said_yes[0];
    text.says_also(&format!("{} of {girls_asked} (", turned_down[0]));
    text.says_also("turned their offer down: a difference larger than chance (p");
    // The record agrees with the command that shows where the season stands.
    let status = season.status("2015-04-13");
    assert_eq!(status["places"], 625);
    assert_eq!(Some(all("signed") as u64), status["signed"].as_u64());

    // A round shows who had a place when it was drawn, and nothing of answers.
    let round = Figures::of(folder, &["--round", "1"]);
    assert_eq!(round.count("total", "all", "placed"), offers.len());
    assert!(!round.0.keys().any(|[_, _, measure]| measure.contains("declined") || measure.contains("offered")));
    folder.run("balance", ["--round", "1"]).succeeds().says("nothing is said about declines");
    folder.run("balance", ["--round", "2"]).ends_with(2).complains("round 2 has not been published");
}

/// Returns the index of dissimilarity of girls and boys in units.
fn dissimilarity<'a>(units: impl IntoIterator<Item = (&'a str, bool)>) -> f64 {
    let mut counts: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    let mut all = [0.0; 2];
    for (unit, is_girl) in units {
        counts.entry(unit).or_default()[usize::from(!is_girl)] += 1.0;
        all[usize::from(!is_girl)] += 1.0;
    }
    counts.values().map(|[girls, boys]| (girls / all[0] - boys / all[1]).abs()).sum::<f64>() / 2.0
}

#[test]
fn segregation_is_measured_before_and_after_and_told_from_chance() {
    let season = SeasonFolder::drawn(400, 40, 150, 5);
    let jobs = season.table("jobs.csv");
    let area = |job: &str| jobs.find("job_id", job).get("area");
    let mut applicants = season.table("applicants.csv");
    let column = |name: &str| applicants.header.iter().position(|header| header == name).expect("a column");
    let (id, gender, wishes) = (column("applicant_id"), column("gender"), column("wishes"));
    let first_wish = |row: &[String]| row[wishes].split('>').next().expect("a wish").trim().to_owned();
    let areas: Vec<&str> = jobs.iter().map(|row| row.get("area")).collect();
    let half: Vec<&str> = {
        let mut areas: Vec<&str> = areas;
        areas.sort_unstable();
        areas.dedup();
        areas.iter().copied().step_by(2).collect()
    };
    let measure = |season: &SeasonFolder, applicants: &Rows| {
        let figures = Figures::of(season, &["--by", "area"]);
        let is_girl = |id_of: &str| applicants.find("applicant_id", id_of).get("gender") == "F";
        let outcome = season.outcome();
        let wishes: Vec<(String, bool)> =
            applicants.rows.iter().map(|row| (area(&first_wish(row)).to_owned(), is_girl(&row[id]))).collect();
        let before = dissimilarity(wishes.iter().map(|(unit, girl)| (unit.as_str(), *girl)));
        let after = dissimilarity(placed(&outcome).map(|(id, place)| (area(&place.job), is_girl(id))));
        let by_job = dissimilarity(placed(&outcome).map(|(id, place)| (place.job.as_str(), is_girl(id))));
        for (group, whom, expected) in [("area", "first_wishes", before), ("area", "places", after), ("job", "places", by_job)] {
            let found = figures.share(&format!("segregation_{group}"), whom, "dissimilarity");
            assert!((found - expected).abs() < 1e-6, "{group} {whom}: {found} {expected}");
        }
        figures
    };
    // Nine of ten wish for work of one half of the areas, if they are girls, and of the other if they are boys.
    let deal = |row: &[String], number: usize| half.contains(&area(&first_wish(row))) != number.is_multiple_of(10);
    let apart: Vec<bool> = applicants.rows.iter().enumerate().map(|(number, row)| deal(row, number)).collect();
    for (row, is_girl) in applicants.rows.iter_mut().zip(apart) {
        row[gender] = if is_girl { "F" } else { "M" }.to_owned();
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let season = season.matched(&[]);
    let figures = measure(&season, &applicants);
    assert!(figures.share("segregation_area", "first_wishes", "dissimilarity") > 0.6);
    assert!((figures.share("segregation_area", "first_wishes", "p_value") - 0.0005).abs() < 1e-9);
    season.run("balance", []).succeeds().says("By area, first wishes of all who applied").says("larger than chance (p = 0.003)");

    // Every second one a girl, whatever they wish for.
    for (number, row) in applicants.rows.iter_mut().enumerate() {
        row[gender] = if number % 2 == 0 { "F" } else { "M" }.to_owned();
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let season = season.matched(&[]);
    let figures = measure(&season, &applicants);
    assert!(figures.share("segregation_area", "first_wishes", "p_value") > 0.05);
    // Few places a job: D is large, and so is what chance gives.
    let by_job = |measure: &str| figures.share("segregation_job", "places", measure);
    assert!(by_job("dissimilarity") > 0.2 && by_job("chance_low") < by_job("dissimilarity"));
    assert!(by_job("p_value") > 0.05 && by_job("dissimilarity") < by_job("chance_high") + 0.05);
}

/// Asserts that no count of a published table is of 1 to 4, and returns how many are left out.
#[track_caller]
fn published(figures: &Figures) -> usize {
    let counts = figures.0.iter().filter(|([group, ..], _)| !group.starts_with("segregation"));
    for (name, value) in counts.clone() {
        assert!(!["1", "2", "3", "4"].contains(&value.as_str()), "{name:?} is {value}");
    }
    counts.filter(|(_, value)| *value == "***").count()
}

#[test]
fn what_is_published_tells_of_no_few_people_and_keeps_its_totals() {
    let season = SeasonFolder::stockholm();
    let mut applicants = season.table("applicants.csv");
    // Three who are not recorded as girls or boys: too few for a column of their own.
    for number in [10, 500, 900] {
        applicants.rows[number][2] = "other".to_owned();
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let season = season.matched(&[]);
    let whole = Figures::of(&season, &[]);
    let public = Figures::of(&season, &["--public"]);
    assert!(published(&public) >= 4);
    let sums = [
        "girls_with_a_place",
        "boys_other_or_unknown_with_a_place",
        "girls_without_a_place",
        "boys_other_or_unknown_without_a_place",
    ];
    for group in ["district", "cohort", "class"] {
        let found = sums.map(|measure| public.count(group, "all", measure));
        assert_eq!(found.iter().sum::<usize>(), applicants.rows.len(), "{group}");
        assert_eq!(found, sums.map(|measure| public.count("total", "all", measure)));
        assert_eq!(found[0], whole.count("total", "all", "girls_placed"));
        for key in public.keys(group).iter().filter(|key| **key != "all") {
            // What is shown is what is so.
            let shown = public.text(group, key, "girls_with_a_place");
            assert!(shown == "***" || shown == whole.text(group, key, "girls_placed"), "{group} {key}: {shown}");
        }
    }
    assert!(!public.0.keys().any(|[_, _, measure]| measure.starts_with("other") || measure.starts_with("unknown")));
    let text = season.run("balance", ["--public"]).succeeds();
    text.says_also("they are counted with the boys, and shares are of all");
    assert!(!text.stdout.contains("By area, places"), "boys have no column, so there is no index of places:\n{}", text.stdout);
    season.run("balance", ["--public", "--by", "job,area"]).ends_with(2).complains("a table by job is not published");

    // With many of them they have a column; the starter season is too small for any.
    let public = Figures::of(&with_all_sexes().matched(&[]), &["--public"]);
    published(&public);
    assert!(public.count("total", "all", "other_or_unknown_with_a_place") > 100);
    let starter = SeasonFolder::starter().matched(&[]);
    starter.run("balance", ["--public"]).succeeds().says("There are too few people to publish counts");
    assert_eq!(published(&Figures::of(&starter, &["--public"])), 0);
}

#[test]
fn one_area_with_few_leaves_no_index_from_which_it_could_be_computed() {
    let season = SeasonFolder::stockholm();
    season.edit(
        "season.toml",
        "[[areas]]\nid = \"park\"",
        "[[areas]]\nid = \"rare\"\nname = \"Sällsynt\"\nextract = false\n\n[[areas]]\nid = \"park\"",
    );
    let season = season.matched(&[]);
    let before = Figures::of(&season, &["--public"]);
    assert!(before.keys("segregation_area").contains(&"places"));
    let jobs = season.read("jobs.csv");
    let job = "S-RARE;Ett jobb;norrmalm;;rare;3;1;;;;;;district;60;4;20;09:00;13:30\n";
    season.write("jobs.csv", format!("{jobs}{job}"));
    let mut applicants = season.table("applicants.csv");
    let wishes = applicants.header.iter().position(|name| name == "wishes").expect("wishes");
    for row in applicants.rows.iter_mut().filter(|row| row[4] == "P").take(3) {
        row[wishes] = "S-RARE".to_owned();
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let season = season.matched(&[]);
    let public = Figures::of(&season, &["--public"]);
    assert!(published(&public) >= 2);
    assert_eq!(public.text("area", "rare", "girls_with_a_place"), "***");
    assert_eq!(public.keys("segregation_area"), ["first_wishes", "first_wishes_of_placed"]);
    season.run("balance", ["--public", "--picture", "girls.svg"]).succeeds();
    let svg = std::fs::read_to_string(season.root().join("girls.svg")).expect("a picture");
    assert!(svg.contains("Sällsynt, first wish: not shown. Sällsynt, have a place (95 % interval): not shown."), "{svg}");
}

#[test]
fn a_picture_shows_the_shares_of_the_tables_and_is_the_same_every_time() {
    let season = SeasonFolder::stockholm().matched(&[]);
    let draw = |name: &str, threads: &str| {
        season.run("balance", ["--picture", name, "--threads", threads]).succeeds();
        std::fs::read_to_string(season.root().join(name)).expect("a picture")
    };
    let svg = draw("one.svg", "1");
    assert_eq!(svg, draw("two.svg", "3"));
    season.run("report", ["--picture", "three.svg"]).succeeds();
    assert_eq!(svg, std::fs::read_to_string(season.root().join("three.svg")).expect("a picture"), "the report draws the same");
    let figures = Figures::of(&season, &[]);
    for (id, name) in [("park", "Parkskötsel"), ("elderly-care", "Äldreomsorg"), ("culture", "Kultur")] {
        let share = figures.share("area", id, "girls_share_placed") * 100.0;
        assert!(svg.contains(&format!("{name}, have a place (95 % interval): {share:.1} % (")), "{name} {share}");
    }
    season.run("balance", ["--picture", "not/there.svg"]).ends_with(74).complains("cannot write not/there.svg: No such file");
    let outputs = ["1", "3"].map(|threads| season.run("balance", ["--by", "job,area", "--threads", threads]).succeeds().stdout);
    assert_eq!(outputs[0], outputs[1]);
}

#[test]
fn what_cannot_be_looked_at_is_refused() {
    let season = SeasonFolder::starter();
    season.run("balance", []).ends_with(2).complains("there is no outcome").complains("feriematch match season");
    season.run("balance", ["--by", "sex"]).ends_with(2).complains("possible values");
    season.run("balance", ["--outcome", "x.json", "--ledger", "y"]).ends_with(2).complains("cannot be used with");
    let season = Season::published();
    season.0.remove_lines("applicants.csv", &[season.pairs(1).keys().next().expect("an offer")]);
    season.0.run("balance", []).ends_with(3).complains("the files no longer have applicant");
}
