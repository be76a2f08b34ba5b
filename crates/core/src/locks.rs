//! Room that is left, and the locks that take the first of it; `docs/mechanisms.md`, sections 4 and 5.

use feriematch_model::{
    ApplicantIx, DistrictIx, Employer, JobIx, Override, OverrideKind, Payer, PlacedBy, Rule, Season, StreamIx,
};

use crate::Eligibility;

/// What is left of every capacity and cap.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    jobs: Vec<u32>,
    departments: Vec<Option<u32>>,
    streams: Vec<Option<u32>>,
    homes: Vec<Option<u32>>,
}

/// A capacity or cap that has no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shortage {
    Job,
    Department,
    Stream,
    Home,
}

impl Room {
    /// Returns the room before anybody has a place.
    pub(crate) fn new(season: &Season) -> Self {
        let settings = season.settings();
        Self {
            jobs: season.jobs().iter().map(|job| job.capacity).collect(),
            departments: settings.departments.iter().map(|department| department.cap).collect(),
            streams: settings.streams.iter().map(|stream| stream.cap).collect(),
            homes: (0..settings.districts.len()).map(|d| season.home_cap(DistrictIx::new(d))).collect(),
        }
    }

    /// Returns the free places of a job, caps aside.
    pub(crate) fn job(&self, job: JobIx) -> u32 {
        self.jobs[job.get()]
    }

    /// Returns the rest of a department's cap, if it has one.
    pub(crate) fn departments(&self) -> &[Option<u32>] {
        &self.departments
    }

    /// Returns the rest of a stream's cap, if it has one.
    pub(crate) fn stream(&self, stream: StreamIx) -> Option<u32> {
        self.streams[stream.get()]
    }

    /// Returns the rest of every home district's cap, where it has one.
    pub(crate) fn homes(&self) -> &[Option<u32>] {
        &self.homes
    }

    /// Returns the first capacity or cap that keeps an applicant from a place paid by a stream.
    pub(crate) fn shortage(&self, season: &Season, applicant: ApplicantIx, job: JobIx, stream: StreamIx) -> Option<Shortage> {
        if self.is_home_full(season, season.applicant(applicant).home_district, stream) {
            return Some(Shortage::Home);
        }
        if self.jobs[job.get()] == 0 {
            return Some(Shortage::Job);
        }
        if self.is_department_full(season, job) {
            return Some(Shortage::Department);
        }
        (self.streams[stream.get()] == Some(0)).then_some(Shortage::Stream)
    }

    /// Returns whether a stream would pay for one more place of somebody who lives in a district.
    pub(crate) fn pays_for(&self, season: &Season, home: DistrictIx, stream: StreamIx) -> bool {
        self.streams[stream.get()] != Some(0) && !self.is_home_full(season, home, stream)
    }

    /// Returns whether a job has one more place, whoever pays for it.
    pub(crate) fn has_place(&self, season: &Season, job: JobIx) -> bool {
        self.jobs[job.get()] > 0 && !self.is_department_full(season, job)
    }

    /// Returns whether a stream is paid by home districts, and the cap of this one is used up.
    pub(crate) fn is_home_full(&self, season: &Season, home: DistrictIx, stream: StreamIx) -> bool {
        season.settings().streams[stream.get()].payer == Payer::HomeDistrict && self.homes[home.get()] == Some(0)
    }

    /// Returns whether a job's employer is a department whose cap is used up.
    fn is_department_full(&self, season: &Season, job: JobIx) -> bool {
        matches!(season.job(job).employer, Employer::Department(d) if self.departments[d.get()] == Some(0))
    }

    /// Lets nobody have a free place of a job.
    pub(crate) fn close(&mut self, job: JobIx) {
        self.jobs[job.get()] = 0;
    }

    /// Takes a place. There must be room for it.
    pub(crate) fn take(&mut self, season: &Season, applicant: ApplicantIx, job: JobIx, stream: StreamIx) {
        self.change(season, applicant, job, stream, |left| left - 1);
    }

    /// Gives back a place that was taken.
    pub(crate) fn give_back(&mut self, season: &Season, applicant: ApplicantIx, job: JobIx, stream: StreamIx) {
        self.change(season, applicant, job, stream, |left| left + 1);
    }

    /// Changes what is left of everything that has a part in a place.
    fn change(&mut self, season: &Season, applicant: ApplicantIx, job: JobIx, stream: StreamIx, by_one: impl Fn(u32) -> u32) {
        let change = |left: &mut Option<u32>| *left = left.map(&by_one);
        self.jobs[job.get()] = by_one(self.jobs[job.get()]);
        if let Employer::Department(department) = season.job(job).employer {
            change(&mut self.departments[department.get()]);
        }
        change(&mut self.streams[stream.get()]);
        if season.settings().streams[stream.get()].payer == Payer::HomeDistrict {
            change(&mut self.homes[season.applicant(applicant).home_district.get()]);
        }
    }
}

/// A place that a lock gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LockedPlace {
    pub(crate) applicant: ApplicantIx,
    pub(crate) job: JobIx,
    pub(crate) stream: StreamIx,
    pub(crate) by: PlacedBy,
}

/// Why a lock cannot stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockProblem {
    /// The pair is not eligible.
    #[error("the rule `{0}` refuses the pair")]
    Ineligible(Rule),
    /// The lock states a stream that is not one of the job's, or whose conditions the applicant does not meet.
    #[error("the funding stream stated does not pay for this job, or not for this applicant")]
    Stream,
    /// Earlier locks hold all places of the job.
    #[error("the job has no place left for it")]
    JobFull,
    /// Earlier locks use up the department's cap.
    #[error("the department's cap leaves no place for it")]
    DepartmentCap,
    /// Earlier locks use up the cap of the stream that would pay.
    #[error("the funding stream's cap leaves no place for it")]
    StreamCap,
    /// Earlier locks use up the home district's cap.
    #[error("the home district's cap leaves no place for it")]
    HomeCap,
}

impl From<Shortage> for LockProblem {
    fn from(shortage: Shortage) -> Self {
        match shortage {
            Shortage::Job => Self::JobFull,
            Shortage::Department => Self::DepartmentCap,
            Shortage::Stream => Self::StreamCap,
            Shortage::Home => Self::HomeCap,
        }
    }
}

/// Gives everybody of some applicants who is locked the place, in the order of the overrides.
///
/// Returns the places, and the locks that cannot stand as rows of [`Season::overrides`].
pub(crate) fn place_locks(
    eligibility: &Eligibility<'_>,
    season: &Season,
    room: &mut Room,
    whose: impl Fn(ApplicantIx) -> bool,
) -> (Vec<LockedPlace>, Vec<(usize, LockProblem)>) {
    let mut places = Vec::new();
    let mut problems = Vec::new();
    let locks = season.overrides().iter().enumerate().filter(|(_, o)| o.kind.gives_place() && whose(o.applicant));
    for (row, lock) in locks {
        let &Override { applicant, job, .. } = lock;
        let paid_by =
            stream_for(eligibility, season, lock).and_then(|stream| match room.shortage(season, applicant, job, stream) {
                None => Ok(stream),
                Some(shortage) => Err(shortage.into()),
            });
        match paid_by {
            Ok(stream) => {
                room.take(season, applicant, job, stream);
                let by = if lock.kind == OverrideKind::Hold { PlacedBy::Hold } else { PlacedBy::Lock };
                places.push(LockedPlace { applicant, job, stream, by });
            }
            Err(problem) => problems.push((row, problem)),
        }
    }
    (places, problems)
}

/// Returns the locks that cannot stand, as rows of [`Season::overrides`], each with the reason.
///
/// [`findings`](crate::findings) says this too, and more, but needs a [`Preparation`](crate::Preparation).
///
/// # Complexity
///
/// Linear in jobs and overrides.
pub fn lock_problems(season: &Season) -> Vec<(usize, LockProblem)> {
    place_locks(&Eligibility::new(season), season, &mut Room::new(season), |_| true).1
}

/// Returns the stream that pays for a locked pair: of the job's streams whose conditions the applicant meets the one stated, or
/// the first if none is.
fn stream_for(eligibility: &Eligibility<'_>, season: &Season, lock: &Override) -> Result<StreamIx, LockProblem> {
    let &Override { applicant, job, stream: stated, .. } = lock;
    eligibility.check(applicant, job).map_err(LockProblem::Ineligible)?;
    let admits = |&stream: &StreamIx| eligibility.stream_admits(stream, season.applicant(applicant));
    let mut payers = season.job(job).streams.rows().map(StreamIx::new).filter(admits);
    // An eligible pair has a payer: the check refuses a pair that none of the job's streams pays for.
    payers.find(|&payer| stated.is_none_or(|stated| stated == payer)).ok_or(LockProblem::Stream)
}
