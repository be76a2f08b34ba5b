//! Says what the figures are, what they become, and how well districts predict each other.

use feriematch_model::Season;
use feriematch_plan::offers::{AnswerCounts, Likeness};
use feriematch_report::picture::{Axis, Bar, BarGroup, GroupedBars, PictureError, Unit};
use feriematch_report::{Table, Value};
use serde_json::json;

use super::figures::{District, Figures};
use super::hold_out::{Held, consequences, likeness, predictions};
use crate::cli::TableFormat;
use crate::cli::plan::calibrate::CalibrateArgs;
use crate::commands::plan::learned::Learned;
use crate::exit_code::Failure;

/// Mid-ranks beyond this are far from what was predicted.
const FAR: f64 = 0.001;

/// What is said.
pub(super) struct Account<'a> {
    pub(super) args: &'a CalibrateArgs,
    pub(super) season: &'a Season,
    pub(super) learned: &'a Learned,
    pub(super) figures: &'a Figures,
    pub(super) held: &'a [Held<'a>],
}

impl Account<'_> {
    /// Returns everything in a format.
    pub(super) fn print(&self, format: TableFormat) -> String {
        match format {
            TableFormat::Text => self.to_text(),
            TableFormat::Csv => predictions(self.held).to_csv(),
            TableFormat::Json => self.to_json(),
        }
    }

    fn to_text(&self) -> String {
        let mut text = format!(
            "{}: assumptions from {}\n\n{}\n",
            self.season.settings().name,
            self.learned.sources.join(" and "),
            for_people(self.figures.table.clone())
        );
        match &self.args.out {
            Some(file) => text.push_str(&format!("Wrote the shares of offers that are not accepted to {}.\n", file.display())),
            None => text.push_str("Nothing is written; --out planning.toml writes the shares of offers that are not accepted.\n"),
        }
        if self.held.is_empty() {
            text.push_str("With one district there is no other to predict it from.\n");
            return text;
        }
        text.push_str(&format!("\n{}\n{}\n", for_people(predictions(self.held)), for_people(consequences(self.held))));
        for held in self.held {
            text.push_str(&verdict(held));
        }
        text.push_str(&self.meaning());
        text
    }

    /// Says what the check means.
    fn meaning(&self) -> String {
        let missed: Vec<&Held<'_>> = self.held.iter().filter(|held| is_missed(held)).collect();
        let names =
            |far: bool| missed.iter().filter(|held| is_far(held) == far).map(|held| &*held.district.name).collect::<Vec<_>>();
        let mut text = match (&*names(true), &*names(false)) {
            ([], []) => "It means: in these figures, districts predict each other about as well as chance allows.\n".to_owned(),
            (far, near) => {
                let all: Vec<String> =
                    far.iter().map(|name| format!("{name} (by far)")).chain(near.iter().map(|name| (*name).to_owned())).collect();
                format!(
                    "It means: a rate learned in other districts is no ground for overbooking. One rate for all would have missed {} of {}: {}. Where nothing is known of \
                     a district itself, go by \"{}\", which takes hardly more offers than there are places.\n",
                    missed.len(),
                    self.held.len(),
                    all.join(", "),
                    likeness(Likeness::Similar).1
                )
            }
        };
        text.push_str(
            "It does not mean that a wide interval is right because it holds the figure: how much districts differ is itself hardly known from so few. Offers \
             as many as there are youths mean: those, or never enough. Mid-rank: the \
             predicted probability of less, and half of that of just as much. Cost: as many as accept of the offers made, each at what a place cost in the others; \
             that such costs differ, too, is not in the interval.\n",
        );
        text
    }

    fn to_json(&self) -> String {
        let report = json!({
            "seed": null,
            "season": self.season.settings().name,
            "sources": self.learned.sources,
            "cost_per_place": self.figures.cost_per_place.map(|cost| cost.to_string()),
            "risk": self.args.risk,
            "figures": self.figures.table.to_json(),
            "held_out": predictions(self.held).to_json(),
            "consequences": consequences(self.held).to_json(),
        });
        format!("{report:#}\n")
    }

    /// Writes the assumptions, with where each comes from.
    pub(super) fn to_toml(&self) -> Result<String, Failure> {
        let settings = self.season.settings();
        let of_season = self.learned.of_season(self.season);
        let lives_there = |row: usize| self.season.applicants().iter().any(|applicant| applicant.home_district.get() == row);
        let mut text = format!(
            "# What is assumed of offers, taken from figures as they are, not rounded and not smoothed.\n# From: {}\n\
             # Add [calendar] and [population] by hand: no figure says them. docs/planning/capacity.md describes this file.\n",
            self.learned.sources.join(" and ").replace(['\n', '\r'], " ")
        );
        let mut unknown = Vec::new();
        for (row, counts) in of_season.iter().enumerate().filter(|&(row, _)| lives_there(row)) {
            let district = &settings.districts[row];
            if counts.answered().offers == 0 {
                unknown.push(&*district.id);
                continue;
            }
            text.push_str(&format!("\n# {}\n[[answers]]\ndistrict = {}\n", in_words(counts), quoted(&district.id)?));
            text.push_str(&shares(counts));
        }
        if !unknown.is_empty() {
            text.push_str(&format!(
                "\n# Nothing is known of {}: what all districts of the figures did together. How far one district may be from others, `plan calibrate` says.\n# {}\n[[answers]]\n",
                unknown.join(", "),
                in_words(&self.learned.total())
            ));
            text.push_str(&shares(&self.learned.total()));
        }
        if let Some(cost) = self.figures.cost_per_place {
            text.push_str(&format!(
                "\n# A place cost {cost} kronor on average, cost_tkr over worked of all districts: `cost_per_place` in season.toml.\n"
            ));
        }
        Ok(text)
    }

    /// Draws what was predicted, and what was published.
    pub(super) fn to_svg(&self) -> Result<String, PictureError> {
        let group = |held: &Held<'_>| {
            let predicted = held.predictions.iter().map(|of| {
                let declined = &of.declined;
                Some(Bar { value: declined.median, interval: Some((declined.low, declined.high)) })
            });
            let published = Bar { value: held.predictions[0].declined.observed, interval: None };
            BarGroup { name: held.district.name.clone(), bars: predicted.chain([Some(published)]).collect() }
        };
        let [same, similar] = Likeness::ALL.map(|of| format!("predicted: {}", likeness(of).1));
        GroupedBars {
            title: format!("{}: offers not accepted, predicted from the other districts", self.season.settings().name),
            description: "Of each district the offers that were not accepted, and how many the other districts would have predicted, nine of ten times.".to_owned(),
            axis: Axis { label: "Offers not accepted".to_owned(), unit: Unit::Count },
            series: vec![same, similar, "published".to_owned()],
            groups: self.held.iter().map(group).collect(),
            mark: None,
        }
        .to_svg()
    }
}

/// Says what became of offers.
fn in_words(counts: &AnswerCounts) -> String {
    let AnswerCounts { accepted, declined, lapsed, withdrawn, .. } = counts;
    let offers = counts.answered().offers;
    format!(
        "{offers} offers: {accepted} accepted, {declined} declined, {lapsed} lapsed; {withdrawn} of those who accepted withdrew."
    )
}

/// Returns the shares of what becomes of offers, as lines of a file.
fn shares(counts: &AnswerCounts) -> String {
    let offers = counts.answered().offers;
    let mut text = format!("declined = \"{} of {offers}\"\n", counts.declined);
    if counts.lapsed > 0 {
        text.push_str(&format!("lapsed = \"{} of {offers}\"\n", counts.lapsed));
    }
    if counts.withdrawn > 0 {
        text.push_str(&format!("withdrawn = \"{} of {}\"\n", counts.withdrawn, counts.accepted));
    }
    text
}

/// Returns a text as TOML writes it.
fn quoted(text: &str) -> Result<String, Failure> {
    // Basic strings of TOML and JSON have the same escapes for what an id can hold.
    Ok(serde_json::to_string(text).map_err(anyhow::Error::from)?)
}

/// Returns whether what was not accepted is far from what one rate for all predicts.
fn is_far(held: &Held<'_>) -> bool {
    let rank = held.predictions[0].declined.mid_rank;
    !(FAR..=1.0 - FAR).contains(&rank)
}

/// Returns whether what was not accepted is none of the nine of ten that one rate for all predicts.
fn is_missed(held: &Held<'_>) -> bool {
    !held.predictions[0].declined.is_expected()
}

/// Says how well the others predict a district.
fn verdict(held: &Held<'_>) -> String {
    let District { name, .. } = held.district;
    let [same, similar] = [&held.predictions[0].declined, &held.predictions[1].declined];
    let other = match held
        .missed()
        .iter()
        .map(|measure| measure.in_words())
        .filter(|words| !words.starts_with("not accepted"))
        .collect::<Vec<_>>()
    {
        missed if missed.is_empty() => String::new(),
        missed => format!(" Outside, too: {}.", missed.join(", ")),
    };
    if !is_missed(held) {
        return format!(
            "{name} is predicted: of its {} offers {} were not accepted, and the others, with one rate for all, say {} to {}.{other}\n",
            held.district.answered().offers,
            same.observed,
            same.low,
            same.high
        );
    }
    format!(
        "{name} is missed{}: of its {} offers {} were not accepted, where the others, with one rate for all, say {} to {}. If rates may differ they say {} to {}, which {} \
         it.{other}\n",
        if is_far(held) { " by far" } else { "" },
        held.district.answered().offers,
        same.observed,
        same.low,
        same.high,
        similar.low,
        similar.high,
        if similar.is_expected() { "holds" } else { "does not hold" }
    )
}

/// Leaves out what only programs read.
fn for_people(mut table: Table) -> String {
    let is_hidden = |name: &str| ["key", "measure", "district", "model"].contains(&name);
    let shown: Vec<usize> = (0..table.columns.len()).filter(|&at| !is_hidden(table.columns[at].0)).collect();
    table.columns = shown.iter().map(|&at| table.columns[at]).collect();
    table.rows = table.rows.iter().map(|row| shown.iter().map(|&at| row[at].clone()).collect::<Vec<Value>>()).collect();
    table.to_text()
}
