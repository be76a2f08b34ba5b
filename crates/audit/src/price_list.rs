//! Prices of what is limited, and how much of each limit a placement uses.

use std::collections::BTreeMap;

use feriematch_model::JobIx;

use crate::findings::Findings;
use crate::refutation::Refutation;
use crate::stage::{Stage, UNLIMITED};
use crate::subject::Priced;

/// Something of a stage that is limited and may have a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Limit {
    /// The stream's cap.
    Stream,
    /// A department's cap.
    Department(usize),
    /// The places of a job.
    Job(usize),
    /// A home district's cap.
    Home(usize),
}

impl Limit {
    fn room(self, stage: &Stage<'_>) -> u64 {
        match self {
            Self::Stream => stage.room.stream,
            Self::Department(row) => stage.room.departments[row],
            Self::Job(row) => stage.room.jobs[row],
            Self::Home(row) => stage.homes[row],
        }
    }

    fn name(self, stage: &Stage<'_>) -> Priced {
        let season = stage.season();
        match self {
            Self::Stream => Priced::Stream,
            Self::Department(row) => Priced::Department(season.settings().departments[row].id.to_string()),
            Self::Job(row) => Priced::Job(season.jobs()[row].id.to_string()),
            Self::Home(row) => Priced::Home(season.settings().districts[row].id.to_string()),
        }
    }
}

/// Prices as evidence states them; what is not listed has the price 0.
pub(crate) struct Stated<'e> {
    pub(crate) jobs: &'e BTreeMap<String, i64>,
    pub(crate) departments: &'e BTreeMap<String, i64>,
    pub(crate) stream: i64,
    /// Nothing where home districts' caps are none of the placement's limits.
    pub(crate) homes: Option<&'e BTreeMap<String, i64>>,
}

/// The prices of a stage.
pub(crate) struct PriceList {
    jobs: Vec<i128>,
    departments: Vec<i128>,
    homes: Vec<i128>,
    stream: i128,
}

impl PriceList {
    /// Reads prices; refutes those of what is not in the stage.
    pub(crate) fn read(stage: &Stage<'_>, stated: &Stated<'_>, findings: &mut Findings) -> Self {
        let season = stage.season();
        let mut prices = Self {
            jobs: vec![0; season.jobs().len()],
            departments: vec![0; stage.room.departments.len()],
            homes: vec![0; stage.homes.len()],
            stream: i128::from(stated.stream),
        };
        let mut set = |slot: Option<&mut i128>, item: Priced, price: i64| match slot {
            Some(slot) => *slot = i128::from(price),
            None => findings.push(Refutation::PriceUnknown { stream: stage.id(), item }),
        };
        for (id, &price) in stated.jobs {
            let job = season.find_job(id).filter(|job| stage.funded[job.get()]);
            set(job.map(|job| &mut prices.jobs[job.get()]), Priced::Job(id.clone()), price);
        }
        for (id, &price) in stated.departments {
            let department = season.settings().find_department(id);
            set(department.map(|d| &mut prices.departments[d.get()]), Priced::Department(id.clone()), price);
        }
        for (id, &price) in stated.homes.into_iter().flatten() {
            let home = season.settings().districts.iter().position(|district| *district.id == **id);
            set(home.map(|home| &mut prices.homes[home]), Priced::Home(id.clone()), price);
        }
        prices
    }

    /// Returns the price of a place, the home district's aside.
    pub(crate) fn of_place(&self, stage: &Stage<'_>, job: JobIx) -> i128 {
        self.jobs[job.get()] + self.departments[stage.room.department_of[job.get()] as usize] + self.stream
    }

    /// Returns what a place costs more for whoever lives in a district.
    pub(crate) fn of_home(&self, home: usize) -> i128 {
        self.homes[home]
    }

    /// Returns everything that has a price.
    pub(crate) fn priced(&self) -> impl Iterator<Item = (Limit, i128)> {
        let rows = |prices: &'_ [i128], limit: fn(usize) -> Limit| {
            prices.iter().enumerate().map(|(row, &price)| (limit(row), price)).collect::<Vec<_>>()
        };
        let all = [(Limit::Stream, self.stream)].into_iter();
        let all = all.chain(rows(&self.departments, Limit::Department)).chain(rows(&self.jobs, Limit::Job));
        all.chain(rows(&self.homes, Limit::Home)).filter(|&(_, price)| price != 0)
    }

    /// Refutes negative prices, but of what has to stay full anyhow.
    pub(crate) fn check_signs(&self, stage: &Stage<'_>, stays_full: impl Fn(Limit) -> bool, findings: &mut Findings) {
        for (limit, price) in self.priced().filter(|&(limit, price)| price < 0 && !stays_full(limit)) {
            findings.push(Refutation::NegativePrice { stream: stage.id(), item: limit.name(stage), price: saturate(price) });
        }
    }

    /// Refutes prices of what is not used up; returns what all limits are worth at these prices.
    pub(crate) fn check_used(&self, stage: &Stage<'_>, used: &Used, findings: &mut Findings) -> i128 {
        let mut worth = 0;
        for (limit, price) in self.priced() {
            let (room, used) = (limit.room(stage), used.of(limit));
            if price > 0 && used < room {
                let room = (room < UNLIMITED).then(|| room - used);
                let (item, price) = (limit.name(stage), saturate(price));
                findings.push(Refutation::PriceWithRoom { stream: stage.id(), item, price, room });
            }
            worth += price * i128::from(room);
        }
        worth
    }
}

fn saturate(price: i128) -> i64 {
    i64::try_from(price).unwrap_or(if price < 0 { i64::MIN } else { i64::MAX })
}

/// How many places of each limit a placement uses.
pub(crate) struct Used {
    jobs: Vec<u64>,
    departments: Vec<u64>,
    homes: Vec<u64>,
    stream: u64,
}

impl Used {
    /// Counts the places that an outcome gives in a stage.
    pub(crate) fn count(stage: &Stage<'_>) -> Self {
        let room = &stage.room;
        let mut used = Self {
            jobs: vec![0; room.jobs.len()],
            departments: vec![0; room.departments.len()],
            homes: vec![0; stage.homes.len()],
            stream: 0,
        };
        for entrant in &stage.entrants {
            let Some(job) = entrant.job else { continue };
            used.jobs[job.get()] += 1;
            used.departments[room.department_of[job.get()] as usize] += 1;
            used.homes[stage.home_of(entrant)] += 1;
            used.stream += 1;
        }
        used
    }

    fn of(&self, limit: Limit) -> u64 {
        match limit {
            Limit::Stream => self.stream,
            Limit::Department(row) => self.departments[row],
            Limit::Job(row) => self.jobs[row],
            Limit::Home(row) => self.homes[row],
        }
    }
}
