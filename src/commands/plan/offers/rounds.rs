//! How many rounds it takes, and what is lost by waiting.

use feriematch_model::Season;
use feriematch_plan::offers::{DatedRound, RoundsUntilFull, Start, Yields, pays_at_home, timetable};
use feriematch_plan::study::RoundCalendar;
use feriematch_report::{Table, Value};
use jiff::civil::Date;

use super::Plan;
use super::rates::Rates;
use crate::exit_code::Failure;
use crate::planned::failed;

/// How many rounds are looked at.
const ROUNDS: u32 = 12;
/// In how many equally likely values a rate that is learned is split.
const RATES: u32 = 15;

/// How many offers are sent in each round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As many as there are places free.
    AsManyAsFree,
    /// As many as the risk allows.
    AtRisk,
}

impl Way {
    const ALL: [Self; 2] = [Self::AsManyAsFree, Self::AtRisk];

    const fn key(self) -> &'static str {
        match self {
            Self::AsManyAsFree => "as-many-as-free",
            Self::AtRisk => "at-risk",
        }
    }

    const fn in_words(self) -> &'static str {
        match self {
            Self::AsManyAsFree => "one offer a free place",
            Self::AtRisk => "at the stated risk",
        }
    }
}

/// What is left after each round.
pub(super) struct Rounds {
    /// Each home district with its share of the places, each way.
    homes: Vec<[RoundsUntilFull; 2]>,
    /// All home districts, each way.
    all: [RoundsUntilFull; 2],
    /// The rounds with their days, if there is a calendar, until the last period is too near.
    pub(super) dates: Option<Vec<DatedRound>>,
    /// For each period, the places that home districts may pay for.
    places: Vec<u32>,
    /// How many of all are free before any of these rounds.
    free: u32,
}

impl Rounds {
    pub(super) fn new(
        risk: f64,
        plan: &Plan,
        rates: &Rates,
        season: &Season,
        calendar: Option<RoundCalendar>,
        day: Option<Date>,
    ) -> Result<Self, Failure> {
        let pool = &plan.open.home;
        let of_home = |(at, room): (usize, u32)| {
            let home = pool.homes[at];
            let start = Start { places: room, unanswered: home.unanswered, waiting: home.waiting };
            let values = values(&rates.yields, at);
            let allowed = allowed(&rates.yields, at, room, risk);
            Way::ALL.map(|way| {
                RoundsUntilFull::play(start, &values, ROUNDS, |free| match way {
                    Way::AsManyAsFree => free,
                    Way::AtRisk => allowed[free as usize],
                })
            })
        };
        let homes: Vec<[RoundsUntilFull; 2]> = pool.rooms().into_iter().enumerate().map(of_home).collect();
        let all = Way::ALL.map(|way| together(homes.iter().map(|home| &home[way as usize])));
        let dates = calendar.map(|calendar| timetable(&calendar, day.unwrap_or(calendar.first_offers), season)).transpose();
        let mut places = vec![0; season.settings().periods.len()];
        for job in season.jobs().iter().filter(|job| pays_at_home(season, job)) {
            places[job.period.get()] += job.capacity;
        }
        Ok(Self { homes, all, dates: dates.map_err(failed)?, places, free: pool.rooms().iter().sum() })
    }

    /// Returns after which round everything is filled with such a probability, one offer a free place or at the risk.
    pub(super) fn by(&self, way: Way, probability: f64) -> Option<u32> {
        self.all[way as usize].by(probability)
    }

    /// Lays out what is left after each round.
    pub(super) fn table(&self, season: &Season, homes: &[usize]) -> Table {
        let mut rows = Vec::new();
        for way in Way::ALL {
            let of_homes = homes.iter().map(|&at| {
                let district = &season.settings().districts[at];
                (&*district.id, &*district.name, &self.homes[at][way as usize])
            });
            for (id, name, rounds) in of_homes.chain([("all", "all", &self.all[way as usize])]) {
                let mut row = vec![Value::from(way.key()), way.in_words().into(), id.into(), name.into()];
                row.extend(rounds.free.iter().take(4).map(|&free| expected(free)));
                row.extend([0.5, 0.95].map(|probability| Value::count_or_blank(rounds.by(probability))));
                row.push(expected(rounds.excess));
                rows.push(row);
            }
        }
        Table {
            name: "rounds",
            title: "Places still free on average after each round, and the round by which all are filled".to_owned(),
            columns: vec![
                ("way", "Way"),
                ("way_in_words", "Offers in each round"),
                ("district", "Id"),
                ("name", "District"),
                ("free_1", "1st"),
                ("free_2", "2nd"),
                ("free_3", "3rd"),
                ("free_4", "4th"),
                ("full_50", "Full, 50 %"),
                ("full_95", "Full, 95 %"),
                ("excess", "Too many"),
            ],
            rows,
        }
    }

    /// Lays out until when each period can be offered, and what is still free then, if there is a calendar.
    pub(super) fn periods(&self, season: &Season) -> Option<Table> {
        let dates = self.dates.as_ref()?;
        let all: u32 = self.places.iter().sum();
        let row = |(at, period): (usize, &feriematch_model::Period)| {
            let last = dates.iter().filter(|round| round.open[at]).count();
            let mut row = vec![Value::from(&*period.id), Value::from(&*period.name), Value::Text(period.first_day.to_string())];
            row.extend([self.places[at].into(), Value::from(last as u32)]);
            row.push(last.checked_sub(1).map_or(Value::Blank, |last| Value::Text(dates[last].offers.to_string())));
            for way in Way::ALL {
                let after = &self.all[way as usize].free;
                // After the last of the rounds that are looked at nothing changes any more that could be seen here.
                let free = last.min(after.len()).checked_sub(1).map_or(f64::from(self.free), |last| after[last]);
                row.push(expected(free * f64::from(self.places[at]) / f64::from(all.max(1))));
            }
            row
        };
        Some(Table {
            name: "periods",
            title: "Until when each period can be offered, and how many of its places are free then on average".to_owned(),
            columns: vec![
                ("period", "Id"),
                ("name", "Period"),
                ("first_day", "First day"),
                ("places", "Places"),
                ("last_round", "Last round"),
                ("offers", "Its offers"),
                ("free_as_many_as_free", "Free, one offer a place"),
                ("free_at_risk", "Free, at the risk"),
            ],
            rows: season.settings().periods.iter().enumerate().map(row).collect(),
        })
    }
}

/// Returns a mean in hundredths.
pub(super) fn expected(mean: f64) -> Value {
    Value::Hundredths((mean * 100.0).round() as i64)
}

/// Returns the values that a district's rate may have, with their weights: one if it is known, or else the medians of equally likely parts.
fn values(yields: &Yields, at: usize) -> Vec<(f64, f64)> {
    if yields.is_known() {
        return vec![(1.0, yields.mean(at))];
    }
    let middle = |part: u32| yields.quantile(at, (f64::from(part) + 0.5) / f64::from(RATES));
    (0..RATES).map(|part| (1.0 / f64::from(RATES), middle(part))).collect()
}

/// Returns for each number of free places how many offers the risk allows.
fn allowed(yields: &Yields, at: usize, room: u32, risk: f64) -> Vec<u32> {
    let mut allowed = vec![0];
    let mut offers = 0;
    for free in 1..=room {
        // As many as there are places are never too many; some hundred more for a rate that may be next to nothing.
        offers = offers.max(free);
        while offers < 4 * room + 100 && yields.accepted(at, offers + 1).above(free) <= risk {
            offers += 1;
        }
        allowed.push(offers);
    }
    allowed
}

/// Adds up home districts, as if what is not known of one were independent of the others.
fn together<'r>(homes: impl Iterator<Item = &'r RoundsUntilFull>) -> RoundsUntilFull {
    let mut all = RoundsUntilFull { free: vec![0.0; ROUNDS as usize], full: vec![1.0; ROUNDS as usize], excess: 0.0 };
    for home in homes {
        all.free.iter_mut().zip(&home.free).for_each(|(all, free)| *all += free);
        all.full.iter_mut().zip(&home.full).for_each(|(all, full)| *all *= full);
        all.excess += home.excess;
    }
    all
}
