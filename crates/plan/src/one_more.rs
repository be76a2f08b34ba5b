//! One more place, or one more within a cap: what it would give, found by matching the season anew.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use feriematch_core::{Ranking, RunOptions};
use feriematch_model::{DepartmentIx, DistrictIx, Employer, Evidence, JobIx, Outcome, Season, SeasonDraft, StreamIx};
use rayon::prelude::*;

use crate::changed::changed;
use crate::{Bottleneck, Difference, HomeShortage, PlanError, Scarce, Shortage, Solution};

/// What there is one more of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct OneMore {
    /// A place of this job.
    pub job: Option<JobIx>,
    /// A youth within this department's cap.
    pub department: Option<DepartmentIx>,
    /// A place within this funding stream's cap.
    pub stream: Option<StreamIx>,
    /// A youth within this home district's cap.
    pub home: Option<DistrictIx>,
}

/// What one more gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gain {
    /// One more of what.
    pub of: OneMore,
    /// The row of the bottleneck in [`Shortage::bottlenecks`], or nothing for a home district's cap.
    pub bottleneck: Option<usize>,
    /// What it gives.
    pub gives: Difference,
}

impl OneMore {
    fn place(job: JobIx) -> Self {
        Self { job: Some(job), ..Self::default() }
    }

    /// Returns the season with one more.
    ///
    /// # Errors
    ///
    /// Returns an error if the season with one more does not fit together.
    pub fn added_to(&self, season: &Season) -> Result<Season, PlanError> {
        let home = self.home.map(|district| (district, season.home_cap(district)));
        changed(season, |draft: &mut SeasonDraft| {
            let settings = &mut draft.settings;
            if let Some(job) = self.job {
                draft.jobs[job.get()].capacity += 1;
            }
            if let Some(department) = self.department {
                add_one(&mut settings.departments[department.get()].cap);
            }
            if let Some(stream) = self.stream {
                add_one(&mut settings.streams[stream.get()].cap);
            }
            if let Some((district, cap)) = home {
                let district = &mut settings.districts[district.get()];
                (district.budget, district.cap) = (None, cap);
                add_one(&mut district.cap);
            }
        })
    }
}

fn add_one(cap: &mut Option<u32>) {
    *cap = cap.map(|cap| cap + 1);
}

impl Shortage {
    /// Finds what one more would give, by matching the season with each candidate: what gives most places first, then what costs least in ranks.
    ///
    /// Candidates are: of each bottleneck the job whose place is dearest by the prices of the placement, and each cap that binds; each home
    /// district's cap that keeps somebody out; then more jobs of bottlenecks, the dearest first, up to `most` in all. Where neither a place nor
    /// a cap alone gives a place in a bottleneck, both together are tried, too. `outcome` is the one that the shortage was found in; `ranking` and
    /// `options` are those of the season, whose mechanism may be another.
    ///
    /// # Errors
    ///
    /// Returns why the season cannot be matched, as it is or with one more.
    ///
    /// # Complexity
    ///
    /// That of setting up and matching the season once a candidate, on the threads of the current pool.
    pub fn gains(
        &self,
        season: &Season,
        outcome: &Outcome,
        ranking: &Ranking,
        options: &RunOptions,
        most: usize,
        done: &(dyn Fn() + Sync),
    ) -> Result<Vec<Gain>, PlanError> {
        let as_it_is = Solution::new(season, ranking, options)?;
        let gain = |&Candidate { of, bottleneck }: &Candidate| {
            let solution = Solution::new(&of.added_to(season)?, ranking, options)?;
            done();
            Ok(Gain { of, bottleneck, gives: as_it_is.difference(&solution) })
        };
        let solve = |candidates: &[Candidate]| {
            let gains: Vec<Result<Gain, PlanError>> = candidates.par_iter().map(gain).collect();
            gains.into_iter().collect::<Result<Vec<Gain>, PlanError>>()
        };
        let prices = Prices { season, outcome };
        let mut gains = solve(&self.candidates(&prices, most))?;
        let together = self.together(&prices, &gains);
        gains.extend(solve(&together)?);
        gains.sort_by_key(|gain| (Reverse(gain.gives.places), gain.gives.rank_cost, gain.bottleneck, gain.of));
        Ok(gains)
    }

    fn candidates(&self, prices: &Prices<'_>, most: usize) -> Vec<Candidate> {
        let mut candidates = Vec::new();
        let mut further = Vec::new();
        for (at, part) in self.parts() {
            let in_bottleneck = |of| Candidate { of, bottleneck: Some(at) };
            let jobs = prices.dearest(part);
            candidates.extend(jobs.first().map(|&job| in_bottleneck(OneMore::place(job))));
            candidates
                .extend(part.departments.iter().map(|&d| in_bottleneck(OneMore { department: Some(d), ..OneMore::default() })));
            candidates
                .extend(part.stream_cap.then(|| in_bottleneck(OneMore { stream: Some(part.stream), ..OneMore::default() })));
            // Below a cap one place is as good as another.
            let others = jobs.iter().skip(1).filter(|_| !part.is_capped());
            further.extend(others.map(|&job| (Reverse(prices.of(part.stream, job)), in_bottleneck(OneMore::place(job)))));
        }
        let home = |shortage: &HomeShortage| OneMore { home: Some(shortage.district), ..OneMore::default() };
        candidates.extend(self.homes.iter().map(|shortage| Candidate { of: home(shortage), bottleneck: None }));
        further.sort_by_key(|&(price, candidate)| (price, candidate));
        candidates.extend(further.into_iter().map(|(_, candidate)| candidate));
        // A job may be in bottlenecks of several stages, and a home district's cap be used up in several.
        let mut seen = BTreeSet::new();
        candidates.retain(|candidate| seen.insert(candidate.of));
        candidates.truncate(most);
        candidates
    }

    /// Returns a place and every cap above it, of each bottleneck in which nothing that was tried alone gives a place.
    fn together(&self, prices: &Prices<'_>, gains: &[Gain]) -> Vec<Candidate> {
        let tried = |at| gains.iter().filter(move |gain| gain.bottleneck == Some(at));
        let is_stuck = |at| tried(at).next().is_some() && tried(at).all(|gain| gain.gives.places == 0);
        let parts = self.parts().filter(|&(at, _)| is_stuck(at));
        let candidates = parts.filter_map(|(at, part)| {
            let of = prices.place_and_caps(part).filter(|of| of.department.is_some() || of.stream.is_some())?;
            Some(Candidate { of, bottleneck: Some(at) })
        });
        let mut seen = BTreeSet::new();
        candidates.filter(|candidate| seen.insert(candidate.of)).collect()
    }

    /// Returns the caps that bind, each alone, and of each bottleneck its dearest place with every cap above it, and with each home district's.
    pub(crate) fn caps_and_places(&self, season: &Season, outcome: &Outcome) -> Vec<OneMore> {
        let prices = Prices { season, outcome };
        let caps = self.candidates(&prices, usize::MAX).into_iter().map(|candidate| candidate.of).filter(|of| of.job.is_none());
        let places: Vec<OneMore> = self.parts().filter_map(|(_, part)| prices.place_and_caps(part)).collect();
        let with_homes =
            self.homes.iter().flat_map(|shortage| places.iter().map(|place| OneMore { home: Some(shortage.district), ..*place }));
        let is_capped = |of: &&OneMore| of.department.is_some() || of.stream.is_some();
        let all: BTreeSet<OneMore> = caps.chain(places.iter().filter(is_capped).copied()).chain(with_homes).collect();
        all.into_iter().collect()
    }

    /// Returns every bottleneck, with the row of those it is named with.
    fn parts(&self) -> impl Iterator<Item = (usize, &Bottleneck)> {
        self.bottlenecks.iter().enumerate().flat_map(|(at, Scarce { parts, .. })| parts.iter().map(move |part| (at, part)))
    }
}

/// One more of something that may help, and the row of the bottleneck in which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    of: OneMore,
    bottleneck: Option<usize>,
}

/// The prices of the placement that an outcome proves to be of least cost.
pub(crate) struct Prices<'o> {
    pub(crate) season: &'o Season,
    pub(crate) outcome: &'o Outcome,
}

impl Prices<'_> {
    /// Returns the price of a place of a job in a stage, caps included.
    pub(crate) fn of(&self, stream: StreamIx, job: JobIx) -> i64 {
        let Evidence::Certificate { placement, .. } = &self.outcome.stages[stream.get()].evidence else { return 0 };
        let job = self.season.job(job);
        let of_department = match job.employer {
            Employer::Department(_) => {
                placement.departments.get(self.season.employer_id(job.employer)).copied().unwrap_or_default()
            }
            Employer::District(_) => 0,
        };
        placement.jobs.get(&*job.id).copied().unwrap_or_default() + of_department + placement.stream
    }

    /// Returns the dearest place of a bottleneck, with every cap of a department or a stream above it.
    fn place_and_caps(&self, part: &Bottleneck) -> Option<OneMore> {
        let job = *self.dearest(part).first()?;
        let settings = self.season.settings();
        let department = match self.season.job(job).employer {
            Employer::Department(d) => Some(d).filter(|d| settings.departments[d.get()].cap.is_some()),
            Employer::District(_) => None,
        };
        let stream = Some(part.stream).filter(|stream| settings.streams[stream.get()].cap.is_some());
        Some(OneMore { job: Some(job), department, stream, home: None })
    }

    /// Returns the jobs of a bottleneck, the one with the dearest place first.
    fn dearest(&self, part: &Bottleneck) -> Vec<JobIx> {
        let mut jobs = part.jobs.clone();
        jobs.sort_by_cached_key(|&job| (Reverse(self.of(part.stream, job)), job));
        jobs
    }
}
