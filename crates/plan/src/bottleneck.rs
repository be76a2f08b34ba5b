//! Bottlenecks: the deficient sets of a stage, split into the parts that have nothing to do with each other.
//!
//! **Problem.** In a stage, applicants compete for the free places of jobs, within caps. Wanted are sets of jobs for which more applicants compete than
//! can be placed there, and who could take nothing outside of them: there somebody goes without, whatever the order of the ranking.
//!
//! **Decomposition.** Of a largest placeable set of applicants, those left over and everything that alternating paths reach from them are the
//! *over-determined* part of Dulmage and Mendelsohn's decomposition of the bipartite graph; it does not depend on which largest set that was. The
//! selection of the mechanism `priority` is one, within the home districts' caps, and the jobs reached are the closed jobs of its evidence. Every applicant who sits in
//! one of them, or was refused, could take closed jobs only; the *confined*. The connected components of closed jobs and confined applicants are
//! the bottlenecks. Jobs below a cap that binds are one component, since a place in one is a place less in the others.
//!
//! **Invariant.** In each component: confined = what places and caps admit + refused.
//!
//! References: Dulmage and Mendelsohn, *Coverings of bipartite graphs*, Canadian Journal of Mathematics 10 (1958); Pothen and Fan, *Computing the
//! block triangular form of a sparse matrix*, ACM Transactions on Mathematical Software 16 (1990); Hall, *On representatives of subsets*, Journal
//! of the London Mathematical Society 10 (1935).

use std::collections::BTreeMap;

use feriematch_core::JobSet;
use feriematch_model::{ApplicantIx, DepartmentIx, DistrictIx, Employer, JobIx, StreamIx};

use crate::disjoint_sets::DisjointSets;
use crate::stage_view::StageView;

/// Jobs of which a stage has fewer places than applicants who could take nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bottleneck {
    /// The funding stream of the stage.
    pub stream: StreamIx,
    /// The jobs, ascending.
    pub jobs: Vec<JobIx>,
    /// Who takes part in the stage and could take none but these jobs, ascending.
    pub confined: Vec<ApplicantIx>,
    /// How many of them the places and caps admit.
    pub places: u32,
    /// The free places of the jobs, caps aside.
    pub free: u32,
    /// Those who are refused, ascending: as many as the confined less the places.
    pub refused: Vec<ApplicantIx>,
    /// How many of the refused get a place of a later stream.
    pub served_later: u32,
    /// The departments whose cap, not their places, is too small.
    pub departments: Vec<DepartmentIx>,
    /// Whether the stream's cap is too small.
    pub stream_cap: bool,
}

/// Those who are refused in a stage since the cap of their home district is used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HomeShortage {
    /// The funding stream of the stage.
    pub stream: StreamIx,
    /// The district.
    pub district: DistrictIx,
    /// The cap.
    pub cap: u32,
    /// Who is refused, ascending.
    pub refused: Vec<ApplicantIx>,
    /// How many of them get a place of a later stream.
    pub served_later: u32,
}

impl Bottleneck {
    /// Returns how many go without a place in the end.
    pub fn without(&self) -> u32 {
        self.refused.len() as u32 - self.served_later
    }

    /// Returns whether a cap is what is too small, so that a place alone does not help.
    pub fn is_capped(&self) -> bool {
        self.stream_cap || !self.departments.is_empty()
    }
}

impl HomeShortage {
    /// Returns how many go without a place in the end.
    pub fn without(&self) -> u32 {
        self.refused.len() as u32 - self.served_later
    }
}

/// Finds the bottlenecks of a stage that was decided by `priority`, in the order of their first jobs.
///
/// # Complexity
///
/// Near-linear in the wishes of the stage and the jobs of classes of jobs.
pub(crate) fn bottlenecks(stage: &StageView<'_, '_>) -> Vec<Bottleneck> {
    let season = stage.holdings.season();
    let closed: Vec<JobIx> = (0..season.jobs().len()).filter(|&row| stage.closed[row]).map(JobIx::new).collect();
    if closed.is_empty() {
        return Vec::new();
    }
    let mut parts = DisjointSets::new(season.jobs().len());
    let confined = confined(stage, &mut parts);
    let departments = binding_departments(stage, &closed);
    for &department in &departments {
        let of_department = closed.iter().filter(|&&job| season.job(job).employer == Employer::Department(department));
        parts.unite_all(of_department.map(|job| job.get()));
    }
    let stream_cap = stage.cap.is_some_and(|cap| cap < stage.admits_but_for_cap(&closed));
    if stream_cap {
        parts.unite_all(closed.iter().map(|job| job.get()));
    }

    let mut found: BTreeMap<usize, Bottleneck> = BTreeMap::new();
    let new = || Bottleneck {
        stream: stage.stream,
        jobs: Vec::new(),
        confined: Vec::new(),
        places: 0,
        free: 0,
        refused: Vec::new(),
        served_later: 0,
        departments: Vec::new(),
        stream_cap,
    };
    for &job in &closed {
        found.entry(parts.find(job.get())).or_insert_with(new).jobs.push(job);
    }
    for &(applicant, job) in &confined {
        found.entry(parts.find(job.get())).or_insert_with(new).confined.push(applicant);
    }
    let mut refused = stage.full.clone();
    refused.sort_unstable();
    for applicant in refused {
        let Ok(at) = confined.binary_search_by_key(&applicant, |&(applicant, _)| applicant) else { continue };
        let bottleneck = found.entry(parts.find(confined[at].1.get())).or_insert_with(new);
        bottleneck.refused.push(applicant);
        bottleneck.served_later += u32::from(stage.holdings.has_place(applicant));
    }
    let mut all: Vec<Bottleneck> = found.into_values().collect();
    for bottleneck in &mut all {
        bottleneck.places = stage.admits(&bottleneck.jobs);
        bottleneck.free = bottleneck.jobs.iter().map(|job| stage.free[job.get()]).sum();
        let is_here = |department: &DepartmentIx| {
            bottleneck.jobs.iter().any(|&job| season.job(job).employer == Employer::Department(*department))
        };
        bottleneck.departments = departments.iter().copied().filter(is_here).collect();
    }
    all.sort_unstable_by_key(|bottleneck| bottleneck.jobs.first().copied());
    all
}

/// Finds whom home districts' caps keep out of a stage, by district.
pub(crate) fn home_shortages(stage: &StageView<'_, '_>) -> Vec<HomeShortage> {
    let season = stage.holdings.season();
    let mut found: BTreeMap<DistrictIx, HomeShortage> = BTreeMap::new();
    for &applicant in &stage.home_cap {
        let district = season.applicant(applicant).home_district;
        let shortage = found.entry(district).or_insert_with(|| HomeShortage {
            stream: stage.stream,
            district,
            cap: season.home_cap(district).unwrap_or_default(),
            refused: Vec::new(),
            served_later: 0,
        });
        shortage.refused.push(applicant);
        shortage.served_later += u32::from(stage.holdings.has_place(applicant));
    }
    for shortage in found.values_mut() {
        shortage.refused.sort_unstable();
    }
    found.into_values().collect()
}

/// Returns the departments whose cap admits fewer than the places of their closed jobs.
fn binding_departments(stage: &StageView<'_, '_>, closed: &[JobIx]) -> Vec<DepartmentIx> {
    let season = stage.holdings.season();
    let mut free = vec![0; stage.departments.len()];
    for &job in closed {
        if let Employer::Department(department) = season.job(job).employer {
            free[department.get()] += stage.free[job.get()];
        }
    }
    let binds = |&row: &usize| stage.departments[row].is_some_and(|cap| cap < free[row]);
    (0..free.len()).filter(binds).map(DepartmentIx::new).collect()
}

/// Finds those of a stage who could take closed jobs only, each with one of these, and puts the jobs of each into one part. Sorted by
/// applicant.
fn confined(stage: &StageView<'_, '_>, parts: &mut DisjointSets) -> Vec<(ApplicantIx, JobIx)> {
    let preparation = stage.holdings.preparation;
    let jobs_of = |set: &JobSet| set.jobs.iter().copied().filter(|&job| stage.pays_for(job)).collect::<Vec<_>>();
    // The jobs of each set that the stage may pay for; a set that many name is looked at once.
    let sets: Vec<Vec<JobIx>> = preparation.job_sets().iter().map(jobs_of).collect();
    let is_closed = |job: &JobIx| stage.closed[job.get()];
    let is_closed_set: Vec<bool> = sets.iter().map(|jobs| jobs.iter().all(is_closed)).collect();
    let mut is_named = vec![false; sets.len()];
    let mut confined = Vec::new();
    for &applicant in stage.selected.iter().chain(&stage.full) {
        let single = || preparation.single(applicant).iter().map(|acceptable| acceptable.job).filter(|&job| stage.pays_for(job));
        let shared = || preparation.shared(applicant).iter().map(|wish| wish.set as usize);
        if !single().all(|job| is_closed(&job)) || !shared().all(|set| is_closed_set[set]) {
            continue;
        }
        let mut jobs = single().chain(shared().filter_map(|set| sets[set].first().copied()));
        let Some(job) = jobs.next() else { continue };
        jobs.for_each(|other| parts.unite(job.get(), other.get()));
        shared().for_each(|set| is_named[set] = true);
        confined.push((applicant, job));
    }
    for jobs in sets.iter().zip(is_named).filter_map(|(jobs, is_named)| is_named.then_some(jobs)) {
        parts.unite_all(jobs.iter().map(|job| job.get()));
    }
    confined.sort_unstable();
    confined
}
