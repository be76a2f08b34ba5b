//! Says how many offers to send: tables, sentences, a picture.

use feriematch_model::Money;
use feriematch_report::picture::{Axis, Line, LineChart, LinePoint, PictureError, Unit};
use feriematch_report::{Table, Value, grouped};
use serde_json::{Map, Value as Json, json};

use super::rounds::{Rounds, Way, expected};
use super::{Plan, Question, Sent, on_average};
use crate::cli::TableFormat;
use crate::cli::plan::offers::OffersTable;
use crate::commands::counted;
use crate::exit_code::Failure;

/// What comes of offers.
const SENT_COLUMNS: [(&str, &str); 6] = [
    ("risk", "Risk"),
    ("risk_if_known", "Rate known"),
    ("accepted", "Accept"),
    ("excess", "Too many"),
    ("excess_cost", "Cost"),
    ("free", "Left free"),
];

/// What is said.
pub(super) struct Account<'a> {
    pub(super) question: Question<'a>,
    pub(super) plan: &'a Plan,
    pub(super) rounds: &'a Rounds,
}

impl Account<'_> {
    /// Returns one table.
    pub(super) fn table(&self, table: OffersTable) -> Result<Table, Failure> {
        let season = self.question.season;
        let homes = self.question.homes(&self.plan.open.home);
        Ok(match table {
            OffersTable::Rates => self.question.rates.table(season, &homes),
            OffersTable::Offers => self.offers(&homes),
            OffersTable::Risks => self.risks(),
            OffersTable::Rounds => self.rounds.table(season, &homes),
            OffersTable::Periods => self.rounds.periods(season).ok_or_else(|| Failure::Usage {
                message: "there is no calendar of rounds".to_owned(),
                help: "add [calendar] to planning.toml in the season folder, or name a file that has one with --assumptions"
                    .to_owned(),
            })?,
        })
    }

    /// Returns everything in a format.
    pub(super) fn print(&self, format: TableFormat) -> String {
        let homes = self.question.homes(&self.plan.open.home);
        match format {
            TableFormat::Text => self.to_text(&homes),
            TableFormat::Csv => self.offers(&homes).to_csv(),
            TableFormat::Json => self.to_json(&homes),
        }
    }

    /// Returns what too many cost, at the planned cost of a place.
    fn cost(&self, excess: f64) -> Value {
        let unit = self.question.season.settings().cost_per_place;
        #[allow(clippy::cast_precision_loss, reason = "a mean is rounded anyway")]
        let cost = |unit: Money| Value::Money(Money::from_ore((excess * unit.ore() as f64).round() as i64));
        unit.map_or(Value::Blank, cost)
    }

    /// Lays out how many offers to send.
    fn offers(&self, homes: &[usize]) -> Table {
        let pool = &self.plan.open.home;
        let mut rows = Vec::new();
        let mut row = |plan: &str, id: &str, name: &str, room: Value, out: u32, sent: &Sent| {
            let is_limited = room != Value::Blank;
            // What is left of a budget is no free place.
            let is_budget = plan == "one-pool" && id != "all";
            let offers = sent.forecast.offers.into();
            let comes = SENT_COLUMNS.iter().zip(self.sent(sent)).map(|((column, _), value)| match *column {
                "risk" | "risk_if_known" | "excess" | "excess_cost" if !is_limited => Value::Blank,
                "free" if is_budget => Value::Blank,
                _ => value,
            });
            rows.push([plan.into(), id.into(), name.into(), room, out.into(), offers].into_iter().chain(comes).collect());
        };
        let districts = &self.question.season.settings().districts;
        for &at in homes {
            let (district, home) = (&districts[at], &pool.homes[at]);
            let room = Value::count_or_blank(home.ceiling);
            row("one-pool", &district.id, &district.name, room, home.unanswered, &self.plan.together[at]);
        }
        row("one-pool", "all", "all", pool.places.into(), pool.unanswered(), &self.plan.together_all);
        for &at in homes {
            let (district, home, sent) = (&districts[at], &pool.homes[at], &self.plan.alone[at]);
            row("each", &district.id, &district.name, sent.forecast.room.into(), home.unanswered, sent);
        }
        row("each", "all", "all", pool.places.into(), pool.unanswered(), &self.plan.alone_all);
        if let Some(sent) = &self.plan.others {
            let others = &self.plan.open.others;
            row("others", "all", "all", others.places.into(), others.unanswered(), sent);
        }
        Table {
            name: "offers",
            title: String::new(),
            columns: [
                ("plan", "Plan"),
                ("district", "Id"),
                ("name", "District"),
                ("room", "May accept"),
                ("unanswered", "Out"),
                ("offers", "Send"),
            ]
            .into_iter()
            .chain(SENT_COLUMNS)
            .collect(),
            rows,
        }
    }

    /// Returns what comes of offers: the values of [`SENT_COLUMNS`].
    fn sent(&self, Sent { forecast, if_known }: &Sent) -> [Value; SENT_COLUMNS.len()] {
        [
            Value::Share(forecast.risk),
            Value::Share(if_known.risk),
            expected(forecast.accepted),
            expected(forecast.excess),
            self.cost(forecast.excess),
            expected(forecast.free),
        ]
    }

    /// Lays out what other numbers of offers to the whole city would risk.
    fn risks(&self) -> Table {
        let row = |sent: &Sent| [sent.forecast.offers.into()].into_iter().chain(self.sent(sent)).collect();
        Table {
            name: "risks",
            title: format!("More and fewer offers to the whole city, for {} places", grouped(self.plan.open.home.places.into())),
            columns: [("offers", "Offers")].into_iter().chain(SENT_COLUMNS).collect(),
            rows: self.plan.risks.iter().map(row).collect(),
        }
    }

    /// Returns the columns of a table for people: without ids and what says nothing new.
    fn for_people(&self, mut table: Table, title: &str, plan: Option<&str>) -> String {
        table.rows.retain(|row| plan.is_none_or(|plan| row[0] == Value::from(plan)));
        if !title.is_empty() {
            title.clone_into(&mut table.title);
        }
        let is_learned = self.question.rates.learned.is_some();
        let is_hidden = |at: usize| {
            let name = table.columns[at].0;
            ["plan", "district", "key", "way", "period"].contains(&name)
                || (name == "risk_if_known" && !is_learned)
                || table.rows.iter().all(|row| row[at] == Value::Blank)
        };
        let shown: Vec<usize> = (0..table.columns.len()).filter(|&at| !is_hidden(at)).collect();
        let columns = shown.iter().map(|&at| table.columns[at]).collect();
        let rows = table.rows.iter().map(|row| shown.iter().map(|&at| row[at].clone()).collect()).collect();
        Table { columns, rows, ..table }.to_text()
    }

    fn to_text(&self, homes: &[usize]) -> String {
        let Question { args, season, rates, .. } = &self.question;
        let risk = Value::Share(args.risk).for_people();
        let mut text =
            format!("{}: how many offers to send now, at a risk of {risk} that more accept than may\n", season.settings().name);
        text.push_str(&self.basis());
        text.push_str(&format!("Rates: {}.\n\n", rates.source));
        text.push_str(&self.for_people(rates.table(season, homes), "", None));
        text.push_str(&paragraphs(&rates.remarks()));
        let offers = || self.offers(homes);
        text.push('\n');
        let title = "The places as one pool, within what each home district's budget allows";
        text.push_str(&self.for_people(offers(), title, Some("one-pool")));
        text.push_str(&format!("{}\n\n", self.advice(homes)));
        let title = "Each home district with its share of the places to itself, in proportion to those who wait";
        text.push_str(&self.for_people(offers(), title, Some("each")));
        if self.plan.others.is_some() {
            text.push('\n');
            text.push_str(&self.for_people(offers(), "Places that only employers or others outside pay for", Some("others")));
        }
        text.push('\n');
        text.push_str(&self.for_people(self.risks(), "", None));
        text.push_str(&format!("{}\n\n", self.on_average()));
        text.push_str(&self.for_people(self.rounds.table(season, homes), "", None));
        text.push_str(&format!("{}\n", self.waiting()));
        if let Some(periods) = self.rounds.periods(season) {
            text.push('\n');
            text.push_str(&self.for_people(periods, "", None));
        }
        text.push_str(&format!("\n{}", paragraphs(&meaning())));
        text
    }

    /// Says where places and youths are counted.
    fn basis(&self) -> String {
        let open = &self.plan.open;
        let free = grouped(open.home.places.into());
        let mut text = match (self.question.state, self.question.day) {
            (Some(state), Some(day)) => {
                let rounds = counted(state.rounds().len(), "round");
                let out = counted((open.home.unanswered() + open.others.unanswered()) as usize, "offer");
                format!(
                    "By the record on {day}, after {rounds}: {free} places that home districts pay for are not accepted; {out} out."
                )
            }
            _ => format!("By the files, before any offer: {free} places that home districts may pay for."),
        };
        if self.question.args.places.is_some() {
            text = text.replace("places that", "places, as asked for, that");
        }
        if open.overdue > 0 {
            text.push_str(&format!(
                " {} nobody can accept any more: `feriematch expire` lets them lapse.",
                counted(open.overdue as usize, "overdue offer")
            ));
        }
        text.push('\n');
        text
    }

    /// Says how many offers to send to whom.
    fn advice(&self, homes: &[usize]) -> String {
        let sent = &self.plan.together_all;
        let districts = &self.question.season.settings().districts;
        let each = homes.iter().map(|&at| format!("{} to {}", self.plan.together[at].forecast.offers, districts[at].name));
        let risk = Value::Share(sent.forecast.risk).for_people();
        if sent.forecast.offers == 0 && sent.forecast.risk > self.question.args.risk {
            return format!("Send none: the offers that are out bring a risk of {risk} already.");
        }
        let mut text =
            format!("Send {}: {}. ", counted(sent.forecast.offers as usize, "offer"), each.collect::<Vec<_>>().join(", "));
        let is_enough = |at: &usize| self.plan.together[*at].forecast.offers == self.plan.open.home.homes[*at].waiting;
        text.push_str(&format!("The risk that more than {} accept is {risk}", grouped(sent.forecast.room.into())));
        match &self.question.rates.learned {
            Some(_) => text
                .push_str(&format!("; it would be {} if the rates were known.", Value::Share(sent.if_known.risk).for_people())),
            None => text.push('.'),
        }
        if homes.iter().all(is_enough) {
            text.push_str(" There is nobody else to ask.");
        }
        text
    }

    /// Says what it would risk to fill all places on average.
    fn on_average(&self) -> String {
        let pool = &self.plan.open.home;
        let rate = self.question.rates.mean(pool);
        let offers = on_average(pool, rate);
        let found = self.plan.risks.iter().find(|sent| sent.forecast.offers == offers);
        found.map_or(String::new(), |sent| {
            format!(
                "{} offers fill {} places on average, at a rate of {}; but more accept with {}.",
                grouped(offers.into()),
                grouped(pool.places.into()),
                Value::Share(rate).for_people(),
                Value::Share(sent.forecast.risk).for_people()
            )
        })
    }

    /// Says how long it takes, and what waiting costs.
    fn waiting(&self) -> String {
        let by = |way| {
            let round =
                |probability| self.rounds.by(way, probability).map_or("none of twelve".to_owned(), |round| round.to_string());
            format!("round {} (half of the time) or {} (95 %)", round(0.5), round(0.95))
        };
        let mut text = format!(
            "All places are filled by {} with one offer a free place, and by {} at the stated risk.",
            by(Way::AsManyAsFree),
            by(Way::AtRisk)
        );
        match self.question.calendar {
            None => text.push_str(
                " How long a round takes, and which periods are then too near, is not known: planning.toml has no [calendar].",
            ),
            Some(calendar) => text.push_str(&format!(
                " Each round takes {}: {} to answer, and {} until the next offers.",
                counted((calendar.days_to_answer + calendar.days_between) as usize, "working day"),
                calendar.days_to_answer,
                calendar.days_between
            )),
        }
        text
    }

    fn to_json(&self, homes: &[usize]) -> String {
        let Question { args, season, state, day, rates, .. } = &self.question;
        let mut tables = vec![rates.table(season, homes), self.offers(homes), self.risks(), self.rounds.table(season, homes)];
        tables.extend(self.rounds.periods(season));
        let named: Map<String, Json> = tables.into_iter().map(|table| (table.name.to_owned(), table.to_json())).collect();
        let report = json!({
            "seed": null,
            "season": season.settings().name,
            "counted_from": if state.is_some() { "ledger" } else { "files" },
            "date": day.map(|day| day.to_string()),
            "risk": args.risk,
            "rates_from": rates.source,
            "learned": rates.learned.is_some(),
            "places": self.plan.open.home.places,
            "unanswered": self.plan.open.home.unanswered(),
            "overdue": self.plan.open.overdue,
            "tables": named,
        });
        format!("{report:#}\n")
    }

    /// Draws the risk of numbers of offers.
    pub(super) fn to_svg(&self) -> Result<String, PictureError> {
        let Question { args, season, rates, .. } = &self.question;
        let line = |name: &str, risk: &dyn Fn(&Sent) -> f64| Line {
            name: name.to_owned(),
            points: self
                .plan
                .risks
                .iter()
                .map(|sent| LinePoint { x: sent.forecast.offers, y: Unit::thousandths(risk(sent)), band: None })
                .collect(),
        };
        let chosen = &self.plan.together_all.forecast;
        let shown = format!("{} offers: {}", grouped(chosen.offers.into()), Value::Share(chosen.risk).for_people());
        let chosen = Line {
            name: format!("chosen at a risk of {}, {shown}", Value::Share(args.risk).for_people()),
            points: vec![LinePoint { x: chosen.offers, y: Unit::thousandths(chosen.risk), band: None }],
        };
        let lines = if rates.learned.is_some() {
            let learned = line("rates learned", &|sent| sent.forecast.risk);
            vec![learned, line("if the rates were known", &|sent| sent.if_known.risk), chosen]
        } else {
            vec![line("rates taken for known", &|sent| sent.forecast.risk), chosen]
        };
        LineChart {
            title: format!(
                "{}: the risk of offers for {} places",
                season.settings().name,
                grouped(self.plan.open.home.places.into())
            ),
            description:
                "How likely it is that more accept than there are places, by the number of new offers to the whole city."
                    .to_owned(),
            x: Axis { label: "New offers".to_owned(), unit: Unit::Count },
            y: Axis { label: "Risk that too many accept, %".to_owned(), unit: Unit::Thousandths },
            lines,
        }
        .to_svg()
    }
}

/// Says what the figures are, what they mean, and what they do not.
fn meaning() -> Vec<String> {
    let waits = "Nothing is drawn: probabilities are exact sums, and no seed is needed. May accept: places, or what is left of the district's budget. Out: offers \
                 not answered yet, which are part of the risk. Too many: on average over all seasons, also those in which none is; its cost is at the planned cost \
                 of a place. Left free: once these offers are answered, before another round.";
    let means = "It means: if everybody answers by themselves, each with the rate of their home district, more accept than may in no more seasons \
                 than the risk says. It does not mean that no workplace gets too many: offers go by the ranking, places are counted over the city. And friends, \
                 or a school, who answer alike make both more and fewer yeses likelier than this.";
    vec![waits.to_owned(), means.to_owned()]
}

/// Puts each paragraph on a line of its own.
fn paragraphs(all: &[String]) -> String {
    all.iter().map(|paragraph| format!("{paragraph}\n")).collect()
}
