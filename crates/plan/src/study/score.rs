//! Counts what becomes of a season.

use feriematch_core::{GivenPlace, Preparation};
use feriematch_model::{ApplicantIx, Employer, Payer, Season, StreamIx};
use feriematch_payroll::Pay;

use super::part::PartOfSeason;
use super::{Dimension, Figure, FigureKey};
use crate::groups::Groups;
use crate::{GroupBy, Response};

/// The figures of each group.
const OF_GROUP: [Figure; 4] = [Figure::Applicants, Figure::Offered, Figure::Hired, Figure::Unplaced];

/// Which figures of a season there are, and where each is counted.
#[derive(Debug)]
pub(crate) struct Score<'s> {
    season: &'s Season,
    /// The figures, sorted.
    keys: Vec<FigureKey>,
    parts: Vec<PartOfSeason>,
    /// Where each figure of the whole season is, if it is counted.
    totals: [Option<usize>; Figure::ALL.len()],
    /// For each applicant, the group by each of [`GroupBy::ALL`]; for each group, where its figures are.
    groups: Groups,
    of_group: Vec<[usize; OF_GROUP.len()]>,
    is_eligible: Vec<bool>,
    /// Where the places filled by each job's employer and area are counted.
    of_job: Vec<[usize; 2]>,
    payers: Vec<PayerSlots>,
}

/// Where what a payer pays is counted.
#[derive(Debug, Clone, Copy)]
struct PayerSlots {
    cost: Option<usize>,
    hired: usize,
    over_budget: Option<(usize, i64)>,
}

/// The figures of one season, in the order of the keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts(Vec<i64>);

impl<'s> Score<'s> {
    /// Sets up the figures of a season. `in_files` is the season as it is in the files, where this one has copies of its applicants.
    pub(crate) fn new(preparation: &Preparation<'s>, in_files: &Season, has_calendar: bool) -> Self {
        let season = preparation.season();
        let groups = Groups::new(season);
        let parts = parts(season, in_files, &groups);
        let has_wages = !season.settings().wages.is_empty();
        let is_counted = |figure: &Figure| match figure {
            Figure::Weeks => has_calendar,
            Figure::Cost | Figure::Unpriced => has_wages,
            Figure::UnderBudget => has_wages && parts.iter().any(|part| part.budget_ore.is_some()),
            Figure::OverBudget => false,
            _ => true,
        };
        let mut keys: Vec<FigureKey> = Figure::ALL.into_iter().filter(is_counted).map(FigureKey::from).collect();
        for part in &parts {
            let figures: &[Figure] = match part.dimension {
                Dimension::Group(_) => &OF_GROUP,
                Dimension::Employer | Dimension::Area => &[Figure::Hired],
                Dimension::Payer if !has_wages => &[Figure::Hired],
                Dimension::Payer if part.budget_ore.is_some() => &[Figure::Hired, Figure::Cost, Figure::OverBudget],
                Dimension::Payer => &[Figure::Hired, Figure::Cost],
            };
            keys.extend(figures.iter().map(|&figure| part.key(figure)));
        }
        keys.sort_unstable();
        let at = |key: &FigureKey| keys.binary_search(key).ok();
        let slot = |figure, part: &PartOfSeason| at(&part.key(figure));
        let known = |slot: Option<usize>| slot.unwrap_or_else(|| unreachable!("every part has its figures"));
        let of_dimension = |dimension| parts.iter().filter(move |part| part.dimension == dimension);
        let of_group = groups.groups.iter().map(|group| {
            let part = of_dimension(Dimension::Group(group.by)).find(|part| *part.id == *group.id);
            OF_GROUP.map(|figure| known(part.and_then(|part| slot(figure, part))))
        });
        let filled = |dimension, id: &str| {
            known(of_dimension(dimension).find(|part| *part.id == *id).and_then(|part| slot(Figure::Hired, part)))
        };
        let areas = &season.settings().areas;
        let of_job = season.jobs().iter().map(|job| {
            [filled(Dimension::Employer, season.employer_id(job.employer)), filled(Dimension::Area, &areas[job.area.get()].id)]
        });
        let payers = of_dimension(Dimension::Payer).map(|part| PayerSlots {
            cost: slot(Figure::Cost, part),
            hired: known(slot(Figure::Hired, part)),
            over_budget: slot(Figure::OverBudget, part).zip(part.budget_ore),
        });
        Self {
            totals: Figure::ALL.map(|figure| at(&figure.into())),
            of_group: of_group.collect(),
            is_eligible: (0..season.applicants().len()).map(|row| preparation.has_acceptable(ApplicantIx::new(row))).collect(),
            of_job: of_job.collect(),
            payers: payers.collect(),
            season,
            keys,
            parts,
            groups,
        }
    }

    /// Returns the figures, sorted.
    pub(crate) fn keys(&self) -> &[FigureKey] {
        &self.keys
    }

    /// Returns what figures are counted of.
    pub(crate) fn parts(&self) -> &[PartOfSeason] {
        &self.parts
    }

    /// Returns a figure of the whole season.
    pub(crate) fn total(&self, figure: Figure, counts: &Counts) -> i64 {
        self.totals[figure as usize].map_or(0, |at| counts.0[at])
    }

    /// Begins to count a season.
    pub(crate) fn begin(&self, counts: &mut Counts) {
        counts.0.clear();
        counts.0.resize(self.keys.len(), 0);
    }

    /// Counts somebody who applies. Until they have an offer they count as without.
    pub(crate) fn applies(&self, applicant: ApplicantIx, counts: &mut Counts) {
        self.add(Figure::Applicants, 1, counts);
        self.add(Figure::Unplaced, 1, counts);
        if !self.is_eligible[applicant.get()] {
            self.add(Figure::Ineligible, 1, counts);
        }
        self.add_to_groups(applicant, |[applicants, _, _, unplaced]| [applicants, unplaced], counts);
    }

    /// Counts an offer, and what becomes of it.
    pub(crate) fn offered(&self, place: &GivenPlace, response: Response, counts: &mut Counts) {
        self.add(Figure::Offered, 1, counts);
        self.add(Figure::Unplaced, -1, counts);
        let hired = response == Response::Accepts;
        for group in self.groups.of[place.applicant.get()] {
            let [_, offered, of_hired, unplaced] = self.of_group[group as usize];
            counts.0[offered] += 1;
            counts.0[unplaced] -= 1;
            counts.0[of_hired] += i64::from(hired);
        }
        match response {
            Response::Declines => self.add(Figure::Declined, 1, counts),
            Response::Lapses => self.add(Figure::Lapsed, 1, counts),
            Response::Withdraws => self.add(Figure::Withdrawn, 1, counts),
            Response::Accepts => self.hired(place, counts),
        }
    }

    fn hired(&self, place: &GivenPlace, counts: &mut Counts) {
        let (applicant, job) = (self.season.applicant(place.applicant), self.season.job(place.job));
        self.add(Figure::Hired, 1, counts);
        for at in self.of_job[place.job.get()] {
            counts.0[at] += 1;
        }
        let payer = self.payers[payer(self.season, applicant.home_district.get(), job.employer, place.stream)];
        counts.0[payer.hired] += 1;
        if let Some(cost) = payer.cost {
            match Pay::agreed(self.season, applicant, job) {
                Some(pay) => {
                    counts.0[cost] += pay.cost().ore();
                    self.add(Figure::Cost, pay.cost().ore(), counts);
                }
                None => self.add(Figure::Unpriced, 1, counts),
            }
        }
    }

    /// Counts what is only known at the end.
    pub(crate) fn finish(&self, rounds: u32, weeks: u32, counts: &mut Counts) {
        self.add(Figure::Rounds, rounds.into(), counts);
        self.add(Figure::Weeks, weeks.into(), counts);
        let places: i64 = self.season.jobs().iter().map(|job| i64::from(job.capacity)).sum();
        self.add(Figure::Free, places - self.total(Figure::Hired, counts), counts);
        for payer in &self.payers {
            if let (Some(cost), Some((at, budget))) = (payer.cost, payer.over_budget) {
                let left = budget - counts.0[cost];
                counts.0[at] = i64::from(left < 0);
                self.add(Figure::UnderBudget, left, counts);
            }
        }
    }

    fn add(&self, figure: Figure, number: i64, counts: &mut Counts) {
        if let Some(at) = self.totals[figure as usize] {
            counts.0[at] += number;
        }
    }

    fn add_to_groups(&self, applicant: ApplicantIx, which: impl Fn([usize; OF_GROUP.len()]) -> [usize; 2], counts: &mut Counts) {
        for group in self.groups.of[applicant.get()] {
            for at in which(self.of_group[group as usize]) {
                counts.0[at] += 1;
            }
        }
    }
}

impl Counts {
    /// Returns the figures in the order of the keys.
    pub(crate) fn numbers(&self) -> &[i64] {
        &self.0
    }
}

impl PartOfSeason {
    /// Returns the key of a figure of it.
    fn key(&self, figure: Figure) -> FigureKey {
        FigureKey { figure, of: Some((self.dimension, self.id.clone())) }
    }

    fn new(dimension: Dimension, id: &str, name: &str) -> Self {
        let (id, name) = (id.into(), name.into());
        Self { dimension, id, name, applicants: None, has_protected: false, places: None, budget_ore: None }
    }
}

/// Returns the row among the payers of who pays for a place: districts, then departments, then streams.
fn payer(season: &Season, home: usize, employer: Employer, stream: StreamIx) -> usize {
    let settings = season.settings();
    let districts = settings.districts.len();
    match (settings.streams[stream.get()].payer, employer) {
        (Payer::HomeDistrict, _) => home,
        (Payer::Employer, Employer::District(district)) => district.get(),
        (Payer::Employer, Employer::Department(department)) => districts + department.get(),
        (Payer::External, _) => districts + settings.departments.len() + stream.get(),
    }
}

/// Lists what figures are counted of, in the order of `season.toml`.
fn parts(season: &Season, in_files: &Season, groups: &Groups) -> Vec<PartOfSeason> {
    let settings = season.settings();
    let mut parts = Vec::new();
    let of_files = Groups::new(in_files);
    for group in &groups.groups {
        let row = of_files.groups.iter().position(|other| other == group);
        let is_member = |of: &[u32; GroupBy::ALL.len()]| row.is_some_and(|row| of.contains(&(row as u32)));
        let members = || in_files.applicants().iter().zip(&of_files.of).filter(|(_, of)| is_member(of));
        parts.push(PartOfSeason {
            applicants: Some(members().count() as u32),
            has_protected: members().any(|(applicant, _)| applicant.protected),
            ..PartOfSeason::new(Dimension::Group(group.by), &group.id, &group.name)
        });
    }
    let places = |is_one: &dyn Fn(&feriematch_model::Job) -> bool| {
        season.jobs().iter().filter(|job| is_one(job)).map(|job| job.capacity).sum::<u32>()
    };
    let mut employers: Vec<Employer> = season.jobs().iter().map(|job| job.employer).collect();
    employers.sort_unstable();
    employers.dedup();
    for employer in employers {
        parts.push(PartOfSeason {
            places: Some(places(&|job| job.employer == employer)),
            ..PartOfSeason::new(Dimension::Employer, season.employer_id(employer), season.employer_name(employer))
        });
    }
    for (row, area) in settings.areas.iter().enumerate().filter(|&(row, _)| season.jobs().iter().any(|job| job.area.get() == row))
    {
        parts.push(PartOfSeason {
            places: Some(places(&|job| job.area.get() == row)),
            ..PartOfSeason::new(Dimension::Area, &area.id, &area.name)
        });
    }
    let payer = |id: &str, name: &str, budget: Option<feriematch_model::Money>| PartOfSeason {
        budget_ore: budget.map(feriematch_model::Money::ore),
        ..PartOfSeason::new(Dimension::Payer, id, name)
    };
    parts.extend(settings.districts.iter().map(|d| payer(&d.id, &d.name, d.budget)));
    parts.extend(settings.departments.iter().map(|d| payer(&d.id, &d.name, d.budget)));
    // A stream may have the id of a district.
    parts.extend(settings.streams.iter().map(|stream| payer(&format!("stream/{}", stream.id), &stream.name, None)));
    parts
}
