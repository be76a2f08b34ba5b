//! `feriematch chances`: the probability of a place, over lotteries.

use std::iter;

use feriematch_model::{ApplicantIx, Season};
use feriematch_plan::{Chance, Chances, Group, GroupBy, GroupChances, Sampling, chances};
use feriematch_report::{Group as ReportGroup, Table, Value, grouped};
use serde_json::json;

use super::print_table;
use crate::cli::TableFormat;
use crate::cli::questions::ChancesArgs;
use crate::exit_code::{Failure, print};
use crate::planned::{Planned, failed};
use crate::{diagnostics, progress, season, whole_file};

pub(crate) fn run(args: &ChancesArgs) -> Result<(), Failure> {
    let planned = Planned::read(&args.season, &args.method)?;
    let season = &planned.season;
    let applicant = args.applicant.as_deref().map(|id| season::applicant(season, id)).transpose()?;
    let (preparation, warnings) = planned.prepare()?;
    let sampling = Sampling { draws: args.draws, seed: args.seed.clone(), precision: args.precision };
    let bar = progress::bar(args.draws.get().into(), "drawing lotteries");
    let found = chances(&preparation, &planned.options, &sampling, &|| bar.inc(1)).map_err(failed)?;
    bar.finish_and_clear();
    diagnostics::print_to_stderr(&warnings);
    if let Some(file) = &args.out {
        whole_file::replace(file, of_everybody(season, &found).to_csv().as_bytes())?;
    }
    let account = Account { args, planned: &planned, chances: &found };
    match (applicant, args.format) {
        (Some(applicant), TableFormat::Text) => print(&account.of_one(applicant)),
        (Some(applicant), format) => print_table(&of_one(season, &found, applicant), format),
        (None, TableFormat::Text) => print(&account.of_groups()),
        (None, TableFormat::Csv) => print(&of_groups(&found, Words::Codes).to_csv()),
        (None, TableFormat::Json) => print(&account.to_json()),
    }
}

/// How groups are named.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    /// For programs: by id.
    Codes,
    /// For people.
    Names,
}

/// What is said of the lotteries that were drawn.
struct Account<'a> {
    args: &'a ChancesArgs,
    planned: &'a Planned,
    chances: &'a Chances,
}

impl Account<'_> {
    fn heading(&self) -> String {
        let (draws, seed) = (self.chances.draws, &self.args.seed);
        let mut text = format!(
            "{}: chances over {} lotteries, seeds \"{seed} 1\" to \"{seed} {draws}\", mechanism {}\n",
            self.planned.season.settings().name,
            grouped(i64::from(draws)),
            self.planned.options.mechanism,
        );
        if let Some(precision) = self.args.precision {
            text.push_str(if self.chances.half_width() <= precision {
                "They are as many as the precision asked for takes.\n"
            } else {
                "They are too few for the precision asked for: draw more.\n"
            });
        }
        text
    }

    fn of_groups(&self) -> String {
        let hundredths = (self.chances.mean_places() * 100.0).round() as i64;
        let places = match hundredths % 100 {
            0 => grouped(hundredths / 100),
            _ => Value::Hundredths(hundredths).for_people(),
        };
        format!(
            "{}\n{}\nA lottery gives {places} places on average. Mean, least and greatest: of the probabilities of those in the group who \
             may take a job that they wish for. Error: the standard error of the mean, in percentage points, from the spread over \
             lotteries. One applicant's probability is known to within {:.1} percentage points either way (95 %).\n\
             What others wish, and who applies, is as in the files now: a chance is no forecast for another season. After the draw \
             nobody has a chance, but a number.\n",
            self.heading(),
            of_groups(self.chances, Words::Names).to_text(),
            100.0 * self.chances.half_width(),
        )
    }

    fn of_one(&self, applicant: ApplicantIx) -> String {
        let season = &self.planned.season;
        let of = season.applicant(applicant);
        let mut text = self.heading();
        if of.protected {
            text.push_str(&format!("\n{}: the identity is protected, and so nothing is shown.\n", of.id));
            return text;
        }
        if !self.chances.is_eligible(applicant) {
            text.push_str(&format!(
                "\n{} may take none of the jobs wished for, whatever the lottery: `feriematch check {}` says why.\n",
                of.id,
                self.args.season.dir.display()
            ));
            return text;
        }
        let Chance { p, low, high } = self.chances.of(applicant);
        let [p, low, high] = [p, low, high].map(|share| Value::Share(share).for_people());
        text.push_str(&format!("\n{} gets a place with a probability of {p} (95 %: {low} to {high}).\n\n", of.id));
        text.push_str(&of_one(season, self.chances, applicant).to_text());
        text.push_str(
            "\nWhat others wish, and who applies, is as in the files now. To leave out a wish never helps to get a place.\n",
        );
        text
    }

    fn to_json(&self) -> String {
        let report = json!({
            "season": self.planned.season.settings().name,
            "mechanism": self.planned.options.mechanism,
            "seed": self.args.seed,
            "draws": self.chances.draws,
            "half_width": Value::Share(self.chances.half_width()).for_json(),
            "mean_places": Value::Share(self.chances.mean_places()).for_json(),
            "groups": of_groups(self.chances, Words::Codes).to_json(),
        });
        format!("{report:#}\n")
    }
}

/// Lays out the chances of the groups.
fn of_groups(chances: &Chances, words: Words) -> Table {
    let masked = masked(chances);
    let row = |(at, (group, of)): (usize, &(Group, GroupChances))| {
        let is_named = at > 0 && chances.groups[at - 1].0.by == group.by;
        let mut row = match words {
            Words::Codes => vec![Value::from(group.by.key()), Value::from(&*group.id)],
            Words::Names => vec![Value::from(if is_named { "" } else { in_words(group.by) }), Value::from(&*group.name)],
        };
        let share = |share: Option<f64>| share.map_or(Value::Blank, Value::Share);
        let error = match words {
            Words::Codes => share(of.standard_error),
            Words::Names => of.standard_error.map_or(Value::Blank, |error| Value::Hundredths((error * 1e4).round() as i64)),
        };
        let values = [of.applicants.into(), of.eligible.into(), share(of.mean), error, share(of.min), share(of.max)];
        row.extend(values.into_iter().map(|value| if masked[at] { Value::Masked } else { value }));
        row
    };
    Table {
        name: "groups",
        title: "Probability of a place".to_owned(),
        columns: vec![
            ("group", "By"),
            ("key", "Group"),
            ("applicants", "Applicants"),
            ("eligible", "May take a job"),
            ("mean", "Mean"),
            ("standard_error", "Error"),
            ("min", "Least"),
            ("max", "Greatest"),
        ],
        rows: chances.groups.iter().enumerate().map(row).collect(),
    }
}

/// Returns which groups are masked: those of few applicants of whom one has a protected identity, and where that is one group of its kind, the next
/// smallest too.
fn masked(chances: &Chances) -> Vec<bool> {
    let groups = || chances.groups.iter().enumerate();
    let mut masked = vec![false; chances.groups.len()];
    for by in GroupBy::ALL {
        let of_kind = || groups().filter(|(_, (group, _))| group.by == by);
        let small = of_kind().filter(|(_, (_, of))| of.protected > 0 && of.applicants < ReportGroup::LEAST);
        let mut hidden: Vec<usize> = small.map(|(at, _)| at).collect();
        if let [only] = *hidden {
            let others = of_kind().filter(|(at, _)| *at != only);
            hidden.extend(others.min_by_key(|(_, (_, of))| of.applicants).map(|(at, _)| at));
        }
        for at in hidden {
            masked[at] = true;
        }
    }
    masked
}

fn in_words(by: GroupBy) -> &'static str {
    match by {
        GroupBy::Class => "priority class",
        GroupBy::District => "home district",
        GroupBy::Cohort => "birth year",
        GroupBy::Gender => "sex",
    }
}

/// Lays out the chances of one applicant: of each wish, of a place by hand, of none.
fn of_one(season: &Season, chances: &Chances, applicant: ApplicantIx) -> Table {
    let of = season.applicant(applicant);
    let mut ranks: Vec<u16> = of.wishes.iter().map(|wish| wish.rank).collect();
    ranks.dedup();
    let row = |what: String, Chance { p, low, high }: Chance| {
        iter::once(Value::Text(what)).chain([p, low, high].map(Value::Share)).collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<Value>> =
        ranks.iter().map(|&rank| row(format!("wish {rank}"), chances.of_rank(applicant, rank))).collect();
    let by_hand = chances.by_hand(applicant);
    if by_hand.p > 0.0 {
        rows.push(row("by hand".to_owned(), by_hand));
    }
    let Chance { p, low, high } = chances.of(applicant);
    rows.push(row("none".to_owned(), Chance { p: 1.0 - p, low: 1.0 - high, high: 1.0 - low }));
    if of.protected {
        rows.iter_mut().flat_map(|row| &mut row[1..]).for_each(|value| *value = Value::Masked);
        rows.truncate(1);
        rows[0][0] = Value::Masked;
    }
    Table {
        name: "chances",
        title: "Probability of each".to_owned(),
        columns: vec![("place", "Gets"), ("p", "Probability"), ("low", "From"), ("high", "To")],
        rows,
    }
}

/// Lays out the chances of everybody, one a row.
fn of_everybody(season: &Season, chances: &Chances) -> Table {
    /// The names of the columns of ranks: a list of wishes has at most so many.
    const RANKS: [&str; 20] = [
        "wish_1", "wish_2", "wish_3", "wish_4", "wish_5", "wish_6", "wish_7", "wish_8", "wish_9", "wish_10", "wish_11",
        "wish_12", "wish_13", "wish_14", "wish_15", "wish_16", "wish_17", "wish_18", "wish_19", "wish_20",
    ];
    let ranks = usize::from(chances.ranks()).min(RANKS.len());
    let columns = ["applicant_id", "p", "low", "high"].into_iter().chain(RANKS.into_iter().take(ranks)).chain(["by_hand"]);
    let columns: Vec<_> = columns.map(|name| (name, "")).collect();
    let row = |row: usize| {
        let applicant = ApplicantIx::new(row);
        let of = season.applicant(applicant);
        let Chance { p, low, high } = chances.of(applicant);
        let ranks = (1..=ranks as u16).map(|rank| chances.of_rank(applicant, rank).p);
        let values = [p, low, high].into_iter().chain(ranks).chain([chances.by_hand(applicant).p]);
        let values = values.map(|p| if of.protected { Value::Masked } else { Value::Share(p) });
        iter::once(Value::from(&*of.id)).chain(values).collect()
    };
    Table { name: "applicants", title: String::new(), columns, rows: (0..season.applicants().len()).map(row).collect() }
}
