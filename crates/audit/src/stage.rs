//! One stage: what is left for a stream to give, and to whom (docs/mechanisms.md, section 5).

use feriematch_model::{ApplicantIx, Employer, JobIx, Payer, PlacedBy, Season, StageReason, StreamIx};

use crate::acceptable::{Acceptable, Choice};
use crate::claims::Claims;
use crate::eligibility::condition_failed;
use crate::lottery::Ranking;

/// Stands for a cap that does not exist. Sums of places stay far below it.
pub(crate) const UNLIMITED: u64 = 1 << 62;

/// A place that an outcome gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) job: JobIx,
    pub(crate) stream: StreamIx,
    pub(crate) by: PlacedBy,
}

/// Counts of places given, by everything that has a limit.
#[derive(Debug, Clone)]
pub(crate) struct Tally {
    pub(crate) jobs: Vec<u32>,
    /// By department, and one entry for the jobs of districts, which have no cap.
    pub(crate) departments: Vec<u32>,
    pub(crate) streams: Vec<u32>,
    /// Places that home districts pay for, by district.
    pub(crate) homes: Vec<u32>,
}

impl Tally {
    /// Starts counting.
    pub(crate) fn new(season: &Season) -> Self {
        let settings = season.settings();
        Self {
            jobs: vec![0; season.jobs().len()],
            departments: vec![0; settings.departments.len() + 1],
            streams: vec![0; settings.streams.len()],
            homes: vec![0; settings.districts.len()],
        }
    }

    /// Counts a place.
    pub(crate) fn add(&mut self, season: &Season, applicant: ApplicantIx, seat: Seat) {
        self.jobs[seat.job.get()] += 1;
        self.departments[department_row(season, seat.job)] += 1;
        self.streams[seat.stream.get()] += 1;
        if season.settings().streams[seat.stream.get()].payer == Payer::HomeDistrict {
            self.homes[season.applicant(applicant).home_district.get()] += 1;
        }
    }
}

/// Returns the row of the department that employs in a job; all jobs of districts share the row after the last.
pub(crate) fn department_row(season: &Season, job: JobIx) -> usize {
    match season.job(job).employer {
        Employer::Department(department) => department.get(),
        Employer::District(_) => season.settings().departments.len(),
    }
}

/// The tree of limits above the jobs: places of a job, a department's cap, the stream's cap.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    pub(crate) jobs: Vec<u64>,
    /// The department row of each job.
    pub(crate) department_of: Vec<u32>,
    pub(crate) departments: Vec<u64>,
    pub(crate) stream: u64,
}

/// Somebody who takes part in a stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entrant {
    pub(crate) applicant: ApplicantIx,
    /// When it is the entrant's turn, from 1; 0 for those who come before all others because they have a place already.
    pub(crate) turn: u32,
    /// The job that the outcome gives in this stage.
    pub(crate) job: Option<JobIx>,
    /// The job on which the entrant has a claim.
    pub(crate) claim: Option<JobIx>,
    /// Whether the stream's conditions admit the applicant.
    admitted: bool,
}

/// A stage as the outcome has it: what is left before it, who takes part, whom it selects.
pub(crate) struct Stage<'a> {
    pub(crate) acceptable: &'a Acceptable<'a>,
    pub(crate) stream: StreamIx,
    pub(crate) room: Room,
    /// What is left of home districts' caps; unlimited where the stream is not paid by them.
    pub(crate) homes: Vec<u64>,
    /// Everyone without a place before the stage, or with a claim on one, in the order of turns.
    pub(crate) entrants: Vec<Entrant>,
    /// Whom the outcome refuses for the limit on moves, by entrant.
    move_limited: Vec<bool>,
    /// Whether it may have refused others for it, too: there is a limit, and somebody without a place here has one of a later stream, so that the
    /// outcome states no reasons.
    may_be_limited: bool,
    /// Whether the stream funds a job of the target.
    pub(crate) funded: Vec<bool>,
}

impl<'a> Stage<'a> {
    /// Sets up the stage of a stream after locks and earlier stages, which `given` counts.
    pub(crate) fn new(
        acceptable: &'a Acceptable<'a>,
        ranking: &Ranking,
        seats: &[Option<Seat>],
        given: &Tally,
        stream: StreamIx,
        claims: &Claims<'_>,
    ) -> Self {
        let season = acceptable.season();
        let settings = season.settings();
        let terms = &settings.streams[stream.get()];
        let left = |cap: Option<u32>, given: u32| cap.map_or(UNLIMITED, |cap| u64::from(cap.saturating_sub(given)));
        let home_cap = |district| match terms.payer {
            Payer::HomeDistrict => season.home_cap(feriematch_model::DistrictIx::new(district)),
            Payer::Employer | Payer::External => None,
        };
        let cap_of = |department: usize| settings.departments.get(department).and_then(|d| d.cap);
        let room = Room {
            jobs: season.jobs().iter().zip(&given.jobs).map(|(job, &n)| left(Some(job.capacity), n)).collect(),
            department_of: (0..season.jobs().len()).map(|j| department_row(season, JobIx::new(j)) as u32).collect(),
            departments: given.departments.iter().enumerate().map(|(d, &n)| left(cap_of(d), n)).collect(),
            stream: left(terms.cap, given.streams[stream.get()]),
        };
        let entrant = |&applicant: &ApplicantIx| {
            let claim = claims.in_stage(applicant, stream);
            let job = match seats[applicant.get()] {
                Some(seat) if seat.by.is_before_stages() || seat.stream < stream => return None,
                _ if claim.is_none() && claims.of(applicant).is_some() => return None,
                seat => seat.filter(|seat| seat.stream == stream).map(|seat| seat.job),
            };
            let admitted = condition_failed(terms, season.applicant(applicant)).is_none();
            // To make room, those who have a claim come before all others; for their own sake they wait their turn.
            let is_first = claim.is_some() && !claims.are_upgraded();
            Some(Entrant { applicant, turn: u32::from(!is_first), job, claim, admitted })
        };
        let mut entrants: Vec<Entrant> = ranking.turns(season, claims.lottery()).iter().filter_map(entrant).collect();
        entrants.sort_by_key(|entrant| entrant.turn != 0);
        number_turns(&mut entrants);
        let is_limited = claims.are_limited_in(stream);
        let mut homes: Vec<u64> = given.homes.iter().enumerate().map(|(district, &n)| left(home_cap(district), n)).collect();
        // Whoever has a claim keeps a place, whatever happens.
        for entrant in entrants.iter().filter(|entrant| entrant.claim.is_some()) {
            let home = &mut homes[season.applicant(entrant.applicant).home_district.get()];
            *home = home.saturating_sub(1);
        }
        Self {
            acceptable,
            stream,
            room,
            homes,
            may_be_limited: is_limited && entrants.iter().any(|of| of.job.is_none() && seats[of.applicant.get()].is_some()),
            move_limited: entrants
                .iter()
                .map(|entrant| is_limited && claims.says_move_limit(entrant.applicant, stream))
                .collect(),
            entrants,
            funded: acceptable.fold_targets(stream, |_| (), |(), ()| ()).iter().map(Option::is_some).collect(),
        }
    }

    /// Returns the season.
    pub(crate) fn season(&self) -> &'a Season {
        self.acceptable.season()
    }

    /// Returns the id of the stream.
    pub(crate) fn id(&self) -> String {
        self.season().settings().streams[self.stream.get()].id.to_string()
    }

    /// Returns the id of an entrant.
    pub(crate) fn id_of(&self, entrant: &Entrant) -> String {
        self.season().applicant(entrant.applicant).id.to_string()
    }

    /// Returns the entrants in another order of turns, given by their rows.
    pub(crate) fn in_order(mut self, order: &[usize]) -> Self {
        self.entrants = order.iter().map(|&row| self.entrants[row]).collect();
        self.move_limited = order.iter().map(|&row| self.move_limited[row]).collect();
        number_turns(&mut self.entrants);
        self
    }

    /// Returns the entrant whose turn it is, counted from 1.
    pub(crate) fn at_turn(&self, turn: u32) -> &Entrant {
        &self.entrants[turn as usize - 1]
    }

    /// Returns all choices of an entrant, whether or not this stream pays for one of their jobs; none where it does not pay for the entrant.
    pub(crate) fn all_choices(&self, entrant: &Entrant) -> &'a [Choice] {
        if entrant.admitted { self.acceptable.choices(entrant.applicant) } else { &[] }
    }

    /// Returns the choices of an entrant that this stream may pay for.
    pub(crate) fn choices(&self, entrant: &Entrant) -> impl Iterator<Item = Choice> {
        self.all_choices(entrant).iter().copied().filter(|choice| self.funded[choice.target as usize])
    }

    /// Returns the rank of the place that an entrant gets.
    pub(crate) fn rank(&self, entrant: &Entrant) -> Option<u16> {
        self.acceptable.rank_of(entrant.applicant, entrant.job?)
    }

    /// Returns the district whose cap counts an entrant.
    pub(crate) fn home_of(&self, entrant: &Entrant) -> usize {
        self.season().applicant(entrant.applicant).home_district.get()
    }

    /// Returns how many entrants are moved from where they had a claim.
    pub(crate) fn moves(&self) -> u32 {
        self.entrants.iter().filter(|entrant| entrant.claim.is_some() && entrant.claim != entrant.job).count() as u32
    }

    /// Returns whether the outcome refuses somebody for the limit on moves.
    pub(crate) fn is_limited(&self) -> bool {
        self.move_limited.contains(&true)
    }

    /// Returns whether the outcome may refuse somebody for the limit on moves without saying so.
    pub(crate) fn may_be_limited(&self) -> bool {
        self.may_be_limited
    }

    /// Returns why each entrant is not selected in their turn, `None` for those who are.
    ///
    /// The reason is the first that applies: no acceptable job, the home district's cap, and else that all is full,
    /// which is taken for granted here and has to be shown elsewhere.
    pub(crate) fn refusals(&self) -> Vec<Option<StageReason>> {
        let mut homes = self.homes.clone();
        let refusal = |(entrant, &move_limited): (&Entrant, &bool)| {
            let home = self.home_of(entrant);
            if entrant.job.is_some() {
                homes[home] = homes[home].saturating_sub(u64::from(entrant.claim.is_none()));
                return None;
            }
            Some(if self.choices(entrant).next().is_none() {
                StageReason::NoEligibleJob
            } else if homes[home] == 0 {
                StageReason::HomeCap
            } else if move_limited {
                StageReason::MoveLimit
            } else {
                StageReason::Full
            })
        };
        self.entrants.iter().zip(&self.move_limited).map(refusal).collect()
    }

    /// Returns why each entrant is not placed where it is not turns that count, but what all of a home district get together.
    pub(crate) fn refusals_whatever_the_turn(&self) -> Vec<Option<StageReason>> {
        let mut homes = self.homes.clone();
        for entrant in self.entrants.iter().filter(|entrant| entrant.job.is_some()) {
            let home = &mut homes[self.home_of(entrant)];
            *home = home.saturating_sub(1);
        }
        let refusal = |entrant: &Entrant| match entrant.job {
            Some(_) => None,
            None if self.choices(entrant).next().is_none() => Some(StageReason::NoEligibleJob),
            None if homes[self.home_of(entrant)] == 0 => Some(StageReason::HomeCap),
            None => Some(StageReason::Full),
        };
        self.entrants.iter().map(refusal).collect()
    }
}

/// Numbers the turns of those who do not come before all others.
fn number_turns(entrants: &mut [Entrant]) {
    for (turn, entrant) in (1..).zip(entrants).filter(|(_, entrant)| entrant.turn != 0) {
        entrant.turn = turn;
    }
}
