//! What is said of the seasons that were played.

use feriematch_model::{Mechanism, Payer, Season};
use feriematch_plan::{ByPayer, Distribution};
use feriematch_report::{Histogram, HistogramRow, Table, Value, grouped, histograms};
use serde_json::{Map, Value as Json, json};

use super::Scenario;
use super::published::{PublishedDistrict, PublishedSeason};
use crate::cli::questions::ReplayArgs;

/// What is said of the seasons that were played.
pub(super) struct Account<'a> {
    pub(super) args: &'a ReplayArgs,
    pub(super) season: &'a Season,
    pub(super) mechanism: Mechanism,
    pub(super) published: &'a PublishedSeason,
    pub(super) scenarios: &'a [Scenario],
}

/// A figure of all seasons played, beside the published one.
struct Figure<'a> {
    group: &'static str,
    key: &'a str,
    name: &'a str,
    measure: &'static str,
    published: Option<u32>,
    seasons: &'a Distribution,
}

/// The measures of the offers to those who live in a district, by their published names.
const MEASURES: [&str; 4] = ["offered", "declined", "worked", "hired_by_departments"];

impl<'a> Account<'a> {
    /// Returns the figures of a scenario: of the districts, of all, and of the season.
    fn figures(&self, scenario: &'a Scenario) -> Vec<Figure<'a>> {
        let of = |group, key, name, published: [Option<u32>; 4], by_payer: &'a ByPayer<Distribution>| {
            let seasons = [&by_payer.home.offered, &by_payer.home.declined, &by_payer.home.hired, &by_payer.others.hired];
            let figures = MEASURES.into_iter().zip(published).zip(seasons);
            figures.map(move |((measure, published), seasons)| Figure { group, key, name, measure, published, seasons })
        };
        let settings = self.season.settings();
        let homes = settings.districts.iter().zip(&self.published.districts).zip(&scenario.replays.homes);
        let mut figures: Vec<_> = homes
            .flat_map(|((district, published), home)| of("district", &*district.id, &*district.name, measures(published), home))
            .collect();
        let totals = [0, 1, 2, 3].map(|row| self.published.sum(|published| measures(published)[row]));
        figures.extend(of("total", "all", "All", totals, &scenario.replays.total));
        let of_season = [("rounds", &scenario.replays.rounds), ("places_left", &scenario.replays.free)];
        let figure = |(measure, seasons)| Figure { group: "total", key: "all", name: "All", measure, published: None, seasons };
        figures.extend(of_season.map(figure));
        figures
    }

    /// Lays everything out for people.
    pub(super) fn to_text(&self) -> String {
        let count = self.args.seeds.get();
        let seed = &self.args.seed;
        let mut text = format!(
            "{}: {} seasons each way, seeds \"{seed} 1\" to \"{seed} {count}\", mechanism {}\n",
            self.season.settings().name,
            grouped(i64::from(count)),
            self.mechanism
        );
        let rates = self.season.settings().districts.iter().zip(self.published.rates());
        let shares = rates.map(|(district, rate)| {
            let (declined, offered) = rate.parts();
            format!("{declined} of {offered} in {}", district.name)
        });
        text.push_str(&format!("Offers are declined as was published: {}.\n", listed(shares)));
        for scenario in self.scenarios {
            text.push_str(&format!("\n{}", self.table_for_people(scenario).to_text()));
        }
        text.push_str(&format!("\n{}", self.remarks()));
        text
    }

    fn table_for_people(&self, scenario: &Scenario) -> Table {
        let figures = self.figures(scenario);
        let row = |(at, figure): (usize, &Figure<'_>)| {
            let is_named = at > 0 && figures[at - 1].name == figure.name;
            let mut row = vec![Value::from(if is_named { "" } else { figure.name }), Value::from(in_words(figure.measure))];
            row.extend(figure.values());
            row
        };
        Table {
            name: "figures",
            title: self.heading(scenario),
            columns: [("name", "District"), ("measure", "Measure")].into_iter().chain(COLUMNS).collect(),
            rows: figures.iter().enumerate().map(row).collect(),
        }
    }

    /// Says what sets the limits of a scenario.
    fn heading(&self, scenario: &Scenario) -> String {
        let districts = self.season.settings().districts.iter().zip(&scenario.ceilings);
        let ceilings = districts.map(|(district, ceiling)| match ceiling {
            Some(ceiling) => format!("{ceiling} in {}", district.name),
            None => format!("as many as there are places in {}", district.name),
        });
        match scenario.name {
            "season" => format!("Ceilings of season.toml: at home's expense are hired at most {}", listed(ceilings)),
            _ => format!("Ceilings as many as worked: at home's expense are hired at most {}", listed(ceilings)),
        }
    }

    /// Says what is counted, what lies far out, and what the comparison is worth.
    fn remarks(&self) -> String {
        let mut remarks = vec![
            "Counted as the published rows: offers whose place the home district pays for, by where the youth lives. Places that \
             somebody else pays for are apart, in \"hired by others\"; offers of them are declined with the same share, which is not \
             published."
                .to_owned(),
            "Mid-rank: the share of seasons with less than the published figure, and half of those with the same. 50 % is the middle."
                .to_owned(),
        ];
        for scenario in self.scenarios {
            remarks.extend(self.outliers(scenario));
        }
        remarks.push(self.limits(&self.scenarios[0]));
        if self.scenarios.len() > 1 {
            remarks.extend(self.closed_form());
        }
        remarks.into_iter().map(|remark| format!("{remark}\n")).collect()
    }

    /// Names the published figures that nine of ten seasons do not reach, or exceed.
    fn outliers(&self, scenario: &Scenario) -> Option<String> {
        let figures = self.figures(scenario);
        let compared = figures.iter().filter(|figure| figure.published.is_some()).count();
        let far_out = figures.iter().filter_map(|figure| {
            let (published, seasons) = (figure.published?, figure.seasons);
            let (low, high) = (seasons.percentile(5)?, seasons.percentile(95)?);
            let is_far_out = !(low..=high).contains(&i64::from(published));
            is_far_out.then(|| format!("{} {} ({published}; seasons {low} to {high})", figure.name, in_words(figure.measure)))
        });
        let far_out: Vec<_> = far_out.collect();
        let ceilings = if scenario.name == "season" { "the ceilings of season.toml" } else { "as many as worked for ceilings" };
        (compared > 0).then(|| match far_out.len() {
            0 => format!("With {ceilings}, all {compared} published figures lie within what 90 of 100 seasons give."),
            count => format!(
                "With {ceilings}, {count} of {compared} published figures lie outside of what 90 of 100 seasons give: {}.",
                far_out.join(", ")
            ),
        })
    }

    /// Says whether the ceilings or the places end the season of the files.
    fn limits(&self, scenario: &Scenario) -> String {
        let settings = self.season.settings();
        let at_home = |stream: usize| settings.streams[stream].payer == Payer::HomeDistrict;
        let jobs = self.season.jobs().iter().filter(|job| job.streams.rows().any(at_home));
        let places: u32 = jobs.map(|job| job.capacity).sum();
        let ceilings: Option<u32> = scenario.ceilings.iter().copied().sum();
        let worked = self.published.sum(|published| published.worked);
        let places = grouped(i64::from(places));
        let mut text = match ceilings {
            Some(sum) => {
                format!("season.toml lets the home districts hire {} together, in {places} places", grouped(i64::from(sum)))
            }
            None => format!("season.toml gives a home district no ceiling; there are {places} places that they may pay for"),
        };
        match worked {
            Some(worked) => text.push_str(&format!("; {} worked.", grouped(i64::from(worked)))),
            None => text.push('.'),
        }
        text
    }

    /// Says what the mean must be where nothing but the ceiling ends the offers.
    fn closed_form(&self) -> Option<String> {
        let settings = self.season.settings();
        let districts = settings.districts.iter().zip(&self.published.districts).zip(self.published.rates());
        let expected = districts.filter_map(|((district, published), rate)| {
            let (declined, offered) = rate.parts();
            let accepted = u64::from(offered - declined);
            let hundredths = (u64::from(published.worked?) * u64::from(offered) * 100 + accepted / 2).checked_div(accepted)?;
            Some(format!("{} in {}", Value::Hundredths(hundredths as i64).for_people(), district.name))
        });
        let expected: Vec<_> = expected.collect();
        (!expected.is_empty()).then(|| {
            format!(
                "Where only the ceiling ends the offers, it takes worked × offered / (offered − declined) of them on average: {}. The \
                 shares come from the same table, so that mean shows nothing new; the spread, the rounds, and that enough \
                 youths wait to reach the ceilings, do.",
                listed(expected.into_iter())
            )
        })
    }

    /// Writes one table for programs.
    pub(super) fn to_csv(&self) -> String {
        let row = |scenario: &Scenario, figure: &Figure<'_>| {
            let mut row = [scenario.name, figure.group, figure.key, figure.measure].map(Value::from).to_vec();
            row.extend(figure.values());
            row
        };
        let names = [("scenario", ""), ("group", ""), ("key", ""), ("measure", "")];
        let rows = |scenario| self.figures(scenario).iter().map(|figure| row(scenario, figure)).collect::<Vec<_>>();
        Table {
            name: "figures",
            title: String::new(),
            columns: names.into_iter().chain(COLUMNS).collect(),
            rows: self.scenarios.iter().flat_map(rows).collect(),
        }
        .to_csv()
    }

    /// Writes everything for programs, with all numbers that came out.
    pub(super) fn to_json(&self) -> String {
        let districts = || self.season.settings().districts.iter();
        let figure = |figure: &Figure<'_>| {
            let mut object = Map::new();
            for (name, text) in [("group", figure.group), ("key", figure.key), ("measure", figure.measure)] {
                object.insert(name.to_owned(), text.into());
            }
            let values =
                Table { name: "", title: String::new(), columns: COLUMNS.to_vec(), rows: vec![figure.values().to_vec()] };
            if let Json::Object(values) = values.to_json()[0].take() {
                object.extend(values);
            }
            object.insert("seasons".to_owned(), figure.seasons.counts().map(|(number, count)| json!([number, count])).collect());
            Json::Object(object)
        };
        let scenario = |scenario: &Scenario| {
            let ceilings: Map<_, _> = districts()
                .zip(&scenario.ceilings)
                .map(|(district, ceiling)| (district.id.to_string(), json!(ceiling)))
                .collect();
            let figures: Vec<_> = self.figures(scenario).iter().map(figure).collect();
            json!({ "name": scenario.name, "ceilings": ceilings, "figures": figures })
        };
        let rates: Map<_, _> = districts()
            .zip(self.published.rates())
            .map(|(district, rate)| {
                let (declined, offered) = rate.parts();
                (district.id.to_string(), json!({ "declined": declined, "offered": offered }))
            })
            .collect();
        let report = json!({
            "season": self.season.settings().name,
            "mechanism": self.mechanism,
            "seed": self.args.seed,
            "seeds": self.args.seeds,
            "rates": rates,
            "scenarios": self.scenarios.iter().map(scenario).collect::<Vec<_>>(),
        });
        format!("{report:#}\n")
    }

    /// Draws the figures that a published one stands beside.
    pub(super) fn to_svg(&self) -> String {
        let mut rows = Vec::new();
        for scenario in self.scenarios {
            let figures = self.figures(scenario);
            for measure in &MEASURES[..3] {
                let of_measure = figures.iter().filter(|figure| figure.measure == *measure);
                let panels = of_measure.map(|figure| Histogram {
                    title: figure.name.to_owned(),
                    counts: figure
                        .seasons
                        .counts()
                        .filter_map(|(number, count)| Some((u32::try_from(number).ok()?, count)))
                        .collect(),
                    mark: figure.published,
                });
                let ceilings = if scenario.name == "season" { "ceilings of season.toml" } else { "ceilings as many as worked" };
                rows.push(HistogramRow { heading: format!("{}, {ceilings}", in_words(measure)), panels: panels.collect() });
            }
        }
        let title = format!("{}, played {} times", self.season.settings().name, grouped(i64::from(self.args.seeds.get())));
        let description = "How many seasons gave how many offers. The red line is the published figure.";
        histograms(&title, description, &rows)
    }
}

/// The columns of the figures, after those that name them.
const COLUMNS: [(&str, &str); 9] = [
    ("published", "Published"),
    ("mean", "Mean"),
    ("sd", "SD"),
    ("p5", "5 %"),
    ("p50", "50 %"),
    ("p95", "95 %"),
    ("min", "Min"),
    ("max", "Max"),
    ("mid_rank", "Mid-rank"),
];

impl Figure<'_> {
    /// Returns the values of [`COLUMNS`].
    fn values(&self) -> [Value; 9] {
        let seasons = self.seasons;
        let hundredths = |number: Option<i64>| number.map_or(Value::Blank, Value::Hundredths);
        let count = |number: Option<i64>| number.map_or(Value::Blank, Value::Count);
        let mid_rank = self.published.and_then(|published| seasons.mid_rank(published.into()));
        [
            Value::count_or_blank(self.published),
            hundredths(seasons.mean()),
            hundredths(seasons.standard_deviation().map(|number| number as i64)),
            count(seasons.percentile(5)),
            count(seasons.percentile(50)),
            count(seasons.percentile(95)),
            count(seasons.min()),
            count(seasons.max()),
            mid_rank.map_or(Value::Blank, |rank| Value::Share(f64::from(rank) / 10_000.0)),
        ]
    }
}

/// Returns the published figures in the order of [`MEASURES`].
fn measures(published: &PublishedDistrict) -> [Option<u32>; 4] {
    [published.offered, published.declined, published.worked, published.hired_by_departments]
}

/// Returns a measure as a person reads it.
fn in_words(measure: &str) -> &str {
    match measure {
        "worked" => "hired",
        "hired_by_departments" => "hired by others",
        "places_left" => "places left",
        other => other,
    }
}

/// Joins parts with commas and `and`.
fn listed(parts: impl Iterator<Item = String>) -> String {
    let parts: Vec<_> = parts.collect();
    match parts.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => parts.concat(),
    }
}
