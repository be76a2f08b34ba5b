//! Whom each applicant's wishes lead to: the eligible jobs, with wishes for classes of jobs kept as lists that applicants
//! share.
//!
//! A wish such as `any` may name every job of the season. Written out, such wishes would take applicants × jobs of room.
//! Applicants who are alike in everything the rules look at (a *profile*) get the same verdict on every job, jobs that are
//! alike in everything the rules look at are judged by a *sample*, and jobs that are alike in everything the wishes look at
//! too (a *kind*) come together. So a list of kinds is made once for each verdict and class of jobs. An applicant's choices are [`Choice`]s, each a single job or such a list.
//!
//! Lists of one applicant have no job in common, and a job that a list names is no choice of its own at a worse rank. But a
//! list may hold a job that is a choice of its own at a better rank; only that counts. Where costs never fall with the rank, and
//! where who has failed to get into a job at a better rank fails again at a worse one, the second changes nothing; elsewhere it has to
//! be left out.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::{
    Applicant, ApplicantIx, AreaIx, DailyTime, Employer, Job, JobFilter, JobIx, OverrideKind, Rule, Season, SmallSet, StreamIx,
    Target, age_on,
};

use crate::eligibility::{Extract, refusal, refusal_by_rules};

/// One entry of an applicant's list of acceptable jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The rank of the wish.
    pub(crate) rank: u16,
    /// The target: a job's row, or the number of jobs plus a list's.
    pub(crate) target: u32,
}

/// The acceptable jobs of every applicant.
pub(crate) struct Acceptable<'a> {
    season: &'a Season,
    /// One job for each of those that the rules tell apart.
    samples: Vec<JobIx>,
    kinds: Vec<Kind>,
    /// The kind of each job.
    kind_of: Vec<u32>,
    /// The kinds to which wishes for a class of jobs lead applicants with one verdict.
    lists: Vec<Box<[u32]>>,
    /// Where each applicant's choices start, and the end of all.
    starts: Vec<u32>,
    /// Choices, by applicant, then rank.
    choices: Vec<Choice>,
}

/// Acceptable jobs as a certificate lists them, for a season that knows no wishes.
#[derive(Debug, Default)]
pub(crate) struct ListedChoices {
    /// Sets of jobs.
    pub(crate) sets: Vec<BTreeSet<JobIx>>,
    /// What each applicant may take, by rank: single jobs and rows of sets.
    pub(crate) wishes: Vec<Vec<(u16, Result<JobIx, usize>)>>,
}

/// Jobs that rules, wishes and caps do not tell apart, ascending.
pub(crate) struct Kind {
    pub(crate) jobs: Vec<JobIx>,
    /// The sample by which they are judged.
    sample: u32,
}

impl<'a> Acceptable<'a> {
    /// Finds the acceptable jobs of every applicant.
    ///
    /// # Complexity
    ///
    /// Time is linear in the wishes for single jobs, plus profiles × samples and verdicts × classes of jobs wished for × kinds.
    pub(crate) fn of(season: &'a Season) -> Self {
        let (samples, kinds) = kinds_of(season);
        let mut made = Self::without_choices(season, samples, kinds);
        let mut profiles: BTreeMap<Profile, u32> = BTreeMap::new();
        let mut verdicts: BTreeMap<Vec<bool>, u32> = BTreeMap::new();
        let mut list_of: BTreeMap<(u32, Vec<JobFilter>), u32> = BTreeMap::new();
        for (row, applicant) in season.applicants().iter().enumerate() {
            let index = ApplicantIx::new(row);
            let singled_out = season.overrides_on(index).iter().any(|o| o.kind == OverrideKind::Forbid);
            let mut verdict = None;
            // The classes of jobs wished for so far.
            let mut classes: Vec<JobFilter> = Vec::new();
            for wish in &applicant.wishes {
                match wish.target {
                    Target::Job(job) if classes.iter().any(|class| class.admits(season.job(job))) => {}
                    Target::Job(job) => made.push_job(index, wish.rank, job),
                    Target::Jobs(filter) if singled_out => {
                        for job in (0..season.jobs().len()).map(JobIx::new).filter(|&j| filter.admits(season.job(j))) {
                            made.push_job(index, wish.rank, job);
                        }
                    }
                    Target::Jobs(filter) => {
                        let verdict = *verdict.get_or_insert_with(|| {
                            *profiles.entry(Profile::of(season, applicant)).or_insert_with(|| {
                                let next = verdicts.len() as u32;
                                *verdicts.entry(made.judge(applicant)).or_insert(next)
                            })
                        });
                        classes.push(filter);
                        let list = *list_of.entry((verdict, classes.clone())).or_insert_with(|| {
                            let list = made.list(&made.judge(applicant), &classes);
                            made.lists.push(list);
                            made.lists.len() as u32 - 1
                        });
                        if !made.lists[list as usize].is_empty() {
                            made.choices.push(Choice { rank: wish.rank, target: season.jobs().len() as u32 + list });
                        }
                    }
                }
            }
            made.starts.push(made.choices.len() as u32);
        }
        made
    }

    /// Takes the acceptable jobs of every applicant from lists of them.
    ///
    /// # Complexity
    ///
    /// Time is linear in the lists, but for sets that one applicant names together with others.
    pub(crate) fn listed(season: &'a Season, listed: &ListedChoices) -> Self {
        let jobs = (0..season.jobs().len()).map(JobIx::new);
        let kinds = jobs.map(|job| Kind { jobs: vec![job], sample: 0 }).collect();
        let mut made = Self::without_choices(season, Vec::new(), kinds);
        let mut list_of: BTreeMap<Vec<usize>, u32> = BTreeMap::new();
        for wishes in &listed.wishes {
            let mut named: Vec<usize> = Vec::new();
            let first = made.choices.len();
            for &(rank, target) in wishes {
                let target = match target {
                    Ok(job) if named.iter().any(|&set| listed.sets[set].contains(&job)) => continue,
                    Ok(job) => job.get() as u32,
                    Err(set) => {
                        let is_new = |job: &&JobIx| !named.iter().any(|&before| listed.sets[before].contains(job));
                        let rows = || listed.sets[set].iter().filter(is_new).map(|job| job.get() as u32).collect();
                        let key: Vec<usize> = named.iter().copied().chain([set]).collect();
                        let list = *list_of.entry(key).or_insert_with(|| {
                            made.lists.push(rows());
                            made.lists.len() as u32 - 1
                        });
                        named.push(set);
                        season.jobs().len() as u32 + list
                    }
                };
                let is_repeated = made.choices[first..].iter().any(|choice| choice.target == target);
                let is_empty = made.resolve(target).is_err_and(<[u32]>::is_empty);
                if !is_repeated && !is_empty {
                    made.choices.push(Choice { rank, target });
                }
            }
            made.starts.push(made.choices.len() as u32);
        }
        made
    }

    fn without_choices(season: &'a Season, samples: Vec<JobIx>, kinds: Vec<Kind>) -> Self {
        let mut kind_of = vec![0; season.jobs().len()];
        for (row, kind) in (0..).zip(&kinds) {
            kind.jobs.iter().for_each(|job| kind_of[job.get()] = row);
        }
        Self { season, samples, kinds, kind_of, lists: Vec::new(), starts: vec![0], choices: Vec::new() }
    }

    /// Judges the samples for everyone who is like an applicant.
    fn judge(&self, applicant: &Applicant) -> Vec<bool> {
        let jobs = self.samples.iter().map(|&job| self.season.job(job));
        jobs.map(|job| refusal_by_rules(self.season, applicant, job).is_none()).collect()
    }

    /// Returns the kinds of the last class, and of none before, that a verdict admits.
    fn list(&self, verdict: &[bool], classes: &[JobFilter]) -> Box<[u32]> {
        let Some((&class, before)) = classes.split_last() else { return Box::default() };
        let is_new = |kind: &Kind| !before.iter().any(|class| class.admits(self.season.job(kind.jobs[0])));
        let kinds = self.kinds_in(class).filter(|(_, kind)| verdict[kind.sample as usize] && is_new(kind));
        kinds.map(|(row, _)| row).collect()
    }

    /// Returns the kinds of a class of jobs, and their rows.
    fn kinds_in(&self, filter: JobFilter) -> impl Iterator<Item = (u32, &Kind)> {
        let admits = move |kind: &Kind| kind.jobs.first().is_some_and(|&job| filter.admits(self.season.job(job)));
        (0..).zip(&self.kinds).filter(move |(_, kind)| admits(kind))
    }

    /// Adds a job to the choices of the applicant whose turn it is, if the applicant may take it and it is none of them yet.
    fn push_job(&mut self, applicant: ApplicantIx, rank: u16, job: JobIx) {
        let choice = Choice { rank, target: job.get() as u32 };
        let first = self.starts.last().map_or(0, |&start| start as usize);
        let is_new = !self.choices[first..].iter().any(|earlier| earlier.target == choice.target);
        if is_new && refusal(self.season, applicant, job).is_none() {
            self.choices.push(choice);
        }
    }

    /// Returns the season.
    pub(crate) fn season(&self) -> &'a Season {
        self.season
    }

    /// Returns an applicant's choices, by rank. Nobody can take any job wished for exactly if they are empty.
    pub(crate) fn choices(&self, applicant: ApplicantIx) -> &[Choice] {
        &self.choices[self.starts[applicant.get()] as usize..self.starts[applicant.get() + 1] as usize]
    }

    /// Returns the best rank at which an applicant wished for a job, if the applicant may take it.
    pub(crate) fn rank_of(&self, applicant: ApplicantIx, job: JobIx) -> Option<u16> {
        self.choices(applicant).iter().find(|choice| self.leads_to(choice.target, job)).map(|choice| choice.rank)
    }

    /// Returns whether a job is one of a target's.
    pub(crate) fn leads_to(&self, target: u32, job: JobIx) -> bool {
        match self.resolve(target) {
            Ok(single) => single == job,
            Err(kinds) => kinds.binary_search(&self.kind_of[job.get()]).is_ok(),
        }
    }

    /// Returns how many choices there are in all.
    pub(crate) fn choice_count(&self) -> usize {
        self.choices.len()
    }

    /// Returns how many targets there are: jobs, then lists.
    pub(crate) fn target_count(&self) -> usize {
        self.season.jobs().len() + self.lists.len()
    }

    /// Returns the kinds of jobs.
    pub(crate) fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// Returns the kinds that a target leads to, or else the single job that it is.
    pub(crate) fn resolve(&self, target: u32) -> Result<JobIx, &[u32]> {
        let target = target as usize;
        match target.checked_sub(self.season.jobs().len()) {
            None => Ok(JobIx::new(target)),
            Some(list) => Err(&self.lists[list]),
        }
    }

    /// Returns the jobs of a target.
    pub(crate) fn jobs_of(&self, target: u32) -> impl Iterator<Item = JobIx> {
        let (single, kinds) = match self.resolve(target) {
            Ok(job) => (Some(job), [].as_slice()),
            Err(kinds) => (None, kinds),
        };
        single.into_iter().chain(kinds.iter().flat_map(|&kind| self.kinds[kind as usize].jobs.iter().copied()))
    }

    /// Combines a value of the jobs that a stream funds over every target; `None` for a target without such a job.
    pub(crate) fn fold_targets<T: Copy>(
        &self,
        stream: StreamIx,
        of_job: impl Fn(JobIx) -> T,
        combine: impl Fn(T, T) -> T,
    ) -> Vec<Option<T>> {
        let jobs = self.season.jobs().iter().enumerate();
        let mut values: Vec<Option<T>> =
            jobs.map(|(row, job)| job.streams.contains(stream).then(|| of_job(JobIx::new(row)))).collect();
        let by_kind: Vec<Option<T>> =
            self.kinds.iter().map(|kind| kind.jobs.iter().filter_map(|job| values[job.get()]).reduce(&combine)).collect();
        values.extend(self.lists.iter().map(|list| list.iter().filter_map(|&kind| by_kind[kind as usize]).reduce(&combine)));
        values
    }

    /// Returns the rules that keep an applicant from the jobs wished for, sorted, each once.
    pub(crate) fn refused_by(&self, applicant: ApplicantIx) -> Vec<Rule> {
        let season = self.season;
        let mut rules = BTreeSet::new();
        for wish in &season.applicant(applicant).wishes {
            match wish.target {
                Target::Job(job) => rules.extend(refusal(season, applicant, job)),
                Target::Jobs(filter) if season.overrides_on(applicant).is_empty() => {
                    let samples: BTreeSet<u32> = self.kinds_in(filter).map(|(_, kind)| kind.sample).collect();
                    let jobs = samples.into_iter().map(|sample| season.job(self.samples[sample as usize]));
                    rules.extend(jobs.filter_map(|job| refusal_by_rules(season, season.applicant(applicant), job)));
                }
                Target::Jobs(filter) => {
                    let jobs = (0..season.jobs().len()).map(JobIx::new).filter(|&job| filter.admits(season.job(job)));
                    rules.extend(jobs.filter_map(|job| refusal(season, applicant, job)));
                }
            }
        }
        rules.into_iter().collect()
    }
}

/// Everything about an applicant that the rules look at.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Profile {
    birth_year: i16,
    /// The ages on the first and the last day and the state of the extract, by period.
    by_period: Box<[(i16, i16, Extract)]>,
    periods: u64,
    qualifications: u64,
    home_district: u32,
    class: u32,
}

impl Profile {
    fn of(season: &Season, applicant: &Applicant) -> Self {
        let born = applicant.birth_date;
        let periods = season.settings().periods.iter();
        let most = season.settings().rule_pack.extract_age;
        Self {
            birth_year: born.year(),
            by_period: periods
                .map(|p| (age_on(born, p.first_day), age_on(born, p.last_day), Extract::of(applicant, p, most)))
                .collect(),
            periods: bits(applicant.periods),
            qualifications: bits(applicant.qualifications),
            home_district: applicant.home_district.into(),
            class: applicant.class.into(),
        }
    }
}

/// Groups the jobs by everything that rules, wishes and caps look at, except the capacity, and finds a sample of each
/// group that the rules alone make.
fn kinds_of(season: &Season) -> (Vec<JobIx>, Vec<Kind>) {
    let minutes = |time: DailyTime| (time.start, time.end);
    let rules_see = |job: &Job| {
        let demands = (job.period, job.min_age, job.max_age, bits(job.requires), job.extract, job.hazardous, bits(job.open_to));
        (bits(job.streams), demands, (job.minutes_per_day, job.minutes_per_week, job.daily_time.map(minutes)))
    };
    let mut samples = Vec::new();
    let mut sample_of = BTreeMap::new();
    let mut kinds: BTreeMap<_, Vec<JobIx>> = BTreeMap::new();
    for (row, job) in season.jobs().iter().enumerate() {
        let sample = *sample_of.entry(rules_see(job)).or_insert_with(|| {
            samples.push(JobIx::new(row));
            samples.len() as u32 - 1
        });
        let department = match job.employer {
            Employer::District(_) => None,
            Employer::Department(d) => Some(d),
        };
        let wishes_see: (AreaIx, _) = (job.area, job.host_district);
        kinds.entry((sample, department, wishes_see)).or_default().push(JobIx::new(row));
    }
    let kinds = kinds.into_iter().map(|((sample, ..), jobs)| Kind { jobs, sample }).collect();
    (samples, kinds)
}

/// Returns a small set as a number that can be compared.
fn bits<I: Copy + Into<u32>>(set: SmallSet<I>) -> u64 {
    set.rows().fold(0, |bits, row| bits | 1 << row)
}
