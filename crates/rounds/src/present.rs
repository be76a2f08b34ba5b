//! The present: what the steps that stand have led to, which steps may be taken, and what they do.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::state::{Contract, Counts, Decision, DecisionKind, Holding, Leaving, Life, Place, Round};
use crate::{Move, Offer, Refusal, Step};

/// A job's places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) all: u32,
    pub(crate) held: u32,
}

/// What the steps that stand have led to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Present {
    pub(crate) season: Option<String>,
    pub(crate) commitment: Option<String>,
    pub(crate) seed: Option<String>,
    pub(crate) jobs: BTreeMap<String, Places>,
    /// In boxes, so that a map of a hundred thousand is made and searched without moving or passing over all of them.
    pub(crate) lives: BTreeMap<String, Box<Life>>,
    pub(crate) rounds: Vec<Round>,
    /// What was decided by hand, by applicant and job.
    pub(crate) decisions: BTreeMap<String, BTreeMap<String, Decision>>,
    /// How many places were ceded to whom.
    pub(crate) ceded: BTreeMap<String, u32>,
}

impl Present {
    /// Says why a step cannot be taken.
    pub(crate) fn check(&self, day: Date, step: &Step) -> Result<(), Refusal> {
        if matches!(step, Step::Open { .. }) {
            return if self.season.is_some() { Err(Refusal::OpenAlready) } else { Ok(()) };
        }
        if self.season.is_none() {
            return Err(Refusal::NotOpen);
        }
        match step {
            Step::Open { .. } | Step::Undo { .. } => Ok(()),
            Step::Commit { .. } => match (&self.seed, &self.commitment) {
                (Some(seed), _) => Err(Refusal::Drawn { seed: seed.clone() }),
                (None, Some(commitment)) => Err(Refusal::Committed { commitment: commitment.clone() }),
                (None, None) => Ok(()),
            },
            Step::Draw { .. } => match &self.seed {
                Some(seed) => Err(Refusal::Drawn { seed: seed.clone() }),
                None => Ok(()),
            },
            Step::Publish { round, deadline, offers, moves, .. } => self.check_publish(day, *round, *deadline, offers, moves),
            Step::Accept { applicant, .. } | Step::Decline { applicant, .. } => self.check_answer(day, applicant),
            Step::Withdraw { applicant, .. } => self.check_present(applicant),
            Step::Lapse { applicants } => self.check_lapse(day, applicants),
            Step::Sign { applicant } => {
                let place = self.place(applicant)?;
                if place.holding == Holding::Accepted {
                    return Ok(());
                }
                Err(Refusal::NotAccepted { applicant: applicant.clone(), job: place.job.to_string(), holding: place.holding })
            }
            Step::Cut { job, places, displaced } => self.check_cut(job, *places, displaced),
            Step::Grow { job, places } => match self.jobs.get(job) {
                Some(now) if now.all >= *places => {
                    Err(Refusal::NoChange { job: job.clone(), now: now.all, places: *places, change: "growth" })
                }
                _ => Ok(()),
            },
            Step::Work { applicant, job, minutes } => self.check_work(applicant, job, *minutes),
            Step::Cede { places, .. } => self.check_cede(places),
            Step::Lock { applicant, job, .. } => self.check_lock(applicant, job),
            Step::Forbid { applicant, job, .. } => self.check_forbid(applicant, job),
            Step::Release { applicant, job } => match self.decision(applicant, job) {
                Some(_) => Ok(()),
                None => Err(Refusal::NotDecided { applicant: applicant.clone(), job: job.clone() }),
            },
        }
    }

    fn check_publish(&self, day: Date, round: u32, deadline: Date, offers: &[Offer], moves: &[Move]) -> Result<(), Refusal> {
        let next = self.rounds.len() as u32 + 1;
        if self.seed.is_none() {
            return Err(Refusal::NotDrawn);
        }
        if round != next {
            return Err(Refusal::Round { round, next });
        }
        if deadline <= day {
            return Err(Refusal::Deadline { deadline, day });
        }
        let offered = offers.iter().map(|offer| (&offer.applicant, &offer.job));
        let entering = moves.iter().map(|entry| (&entry.applicant, &entry.job));
        check_names(offered.clone().chain(entering.clone()).map(|(applicant, _)| applicant))?;
        for (applicant, _) in offered.clone() {
            self.check_present(applicant)?;
            if let Some(place) = self.lives.get(applicant).and_then(|life| life.place.as_ref()) {
                return Err(Refusal::HasPlace { applicant: applicant.clone(), job: place.job.to_string() });
            }
        }
        let mut holders: BTreeMap<&str, u32> = BTreeMap::new();
        for movement in moves {
            let from = &self.check_move(movement)?.job;
            *holders.entry(from).or_insert_with(|| self.held(from)) -= 1;
        }
        for (applicant, job) in offered.chain(entering) {
            if let Some(decision) = self.decision(applicant, job)
                && decision.kind == DecisionKind::Forbid
            {
                return Err(decided(applicant, job, decision));
            }
            let places = self.jobs.get(job).ok_or_else(|| Refusal::UnknownJob { job: job.clone() })?.all;
            let holders = holders.entry(job).or_insert_with(|| self.held(job));
            *holders += 1;
            if *holders > places {
                return Err(Refusal::Full { job: job.clone(), places, holders: *holders });
            }
        }
        Ok(())
    }

    /// Checks that somebody may be moved, and returns the place they have.
    fn check_move(&self, movement: &Move) -> Result<&Place, Refusal> {
        let Move { applicant, job: to, rank, agreed, .. } = movement;
        let place = self.place(applicant)?;
        let (applicant, job) = (applicant.clone(), place.job.to_string());
        if place.holding == Holding::Signed {
            return Err(Refusal::SignedStays { applicant, job });
        }
        if job == *to {
            return Err(Refusal::NoMove { applicant, job });
        }
        let wants = place.or_better && place.rank.is_none_or(|now| *rank < now);
        if *agreed && !wants { Err(Refusal::NotAgreed { applicant, job, to: to.clone() }) } else { Ok(place) }
    }

    fn check_cede(&self, places: &BTreeMap<String, u32>) -> Result<(), Refusal> {
        if places.is_empty() {
            return Err(Refusal::Nobody);
        }
        for (job, &count) in places {
            let now = self.jobs.get(job).ok_or_else(|| Refusal::UnknownJob { job: job.clone() })?;
            let free = now.all - now.held;
            if count == 0 || count > free {
                return Err(Refusal::NotFree { job: job.clone(), free, places: count });
            }
        }
        Ok(())
    }

    fn check_lock(&self, applicant: &str, job: &str) -> Result<(), Refusal> {
        self.check_present(applicant)?;
        if let Some(place) = self.lives.get(applicant).and_then(|life| life.place.as_ref()) {
            return Err(Refusal::HasPlace { applicant: applicant.into(), job: place.job.to_string() });
        }
        let is_lock = |decision: &Decision| matches!(decision.kind, DecisionKind::Lock { .. });
        let mut of_applicant = self.decisions.get(applicant).into_iter().flatten();
        if let Some((on, decision)) = of_applicant.find(|(on, decision)| *on == job || is_lock(decision)) {
            return Err(decided(applicant, on, decision));
        }
        let places = self.jobs.get(job).ok_or_else(|| Refusal::UnknownJob { job: job.into() })?;
        let is_waiting = |id: &str| self.lives.get(id).is_none_or(|life| life.place.is_none() && life.left.is_none());
        let on_job = self.decisions.iter().filter_map(|(of, on)| Some((of, on.get(job)?)));
        let locks = on_job.filter(|(of, decision)| is_lock(decision) && is_waiting(of));
        let holders = places.held + locks.count() as u32 + 1;
        if holders > places.all { Err(Refusal::Full { job: job.into(), places: places.all, holders }) } else { Ok(()) }
    }

    fn check_forbid(&self, applicant: &str, job: &str) -> Result<(), Refusal> {
        self.check_present(applicant)?;
        if !self.jobs.contains_key(job) {
            return Err(Refusal::UnknownJob { job: job.into() });
        }
        if let Some(place) = self.lives.get(applicant).and_then(|life| life.place.as_ref()).filter(|place| *place.job == *job) {
            return Err(Refusal::HasPlace { applicant: applicant.into(), job: place.job.to_string() });
        }
        match self.decision(applicant, job) {
            Some(decision) => Err(decided(applicant, job, decision)),
            None => Ok(()),
        }
    }

    fn check_answer(&self, day: Date, applicant: &str) -> Result<(), Refusal> {
        let place = self.place(applicant)?;
        if place.holding != Holding::Offered {
            return Err(Refusal::Answered { applicant: applicant.into(), job: place.job.to_string(), holding: place.holding });
        }
        if day > place.deadline { Err(Refusal::TooLate { deadline: place.deadline }) } else { Ok(()) }
    }

    fn check_lapse(&self, day: Date, applicants: &[String]) -> Result<(), Refusal> {
        check_names(applicants.iter())?;
        applicants.iter().try_for_each(|applicant| match self.check_answer(day, applicant) {
            Err(Refusal::TooLate { .. }) => Ok(()),
            Err(other) => Err(other),
            Ok(()) => Err(Refusal::TooEarly { applicant: applicant.clone(), deadline: self.place(applicant)?.deadline }),
        })
    }

    fn check_cut(&self, job: &str, places: u32, displaced: &[String]) -> Result<(), Refusal> {
        let now = self.jobs.get(job).ok_or_else(|| Refusal::UnknownJob { job: job.into() })?;
        if places >= now.all {
            return Err(Refusal::NoChange { job: job.into(), now: now.all, places, change: "cut" });
        }
        if !displaced.is_empty() {
            check_names(displaced.iter())?;
        }
        for applicant in displaced {
            if self.place(applicant).map_or(true, |place| *place.job != *job) {
                return Err(Refusal::NotThere { applicant: applicant.clone(), job: job.into() });
            }
        }
        let holders = now.held - displaced.len() as u32;
        if holders > places {
            return Err(Refusal::Full { job: job.into(), places, holders });
        }
        // Who could have stayed must not lose the place.
        if !displaced.is_empty() && holders < places {
            return Err(Refusal::TooMany { job: job.into(), places, holders });
        }
        Ok(())
    }

    /// Checks that there is a contract, and that something else is approved than before.
    fn check_work(&self, applicant: &str, job: &str, minutes: u32) -> Result<(), Refusal> {
        let contracts = self.lives.get(applicant).map_or(&[][..], |life| &life.contracts);
        match contracts.iter().rfind(|contract| contract.job == job) {
            None => Err(Refusal::NotSigned { applicant: applicant.into(), job: job.into() }),
            Some(contract) if contract.worked == Some(minutes) => {
                Err(Refusal::Approved { applicant: applicant.into(), job: job.into(), minutes })
            }
            Some(_) => Ok(()),
        }
    }

    /// Checks that somebody has not left.
    fn check_present(&self, applicant: &str) -> Result<(), Refusal> {
        match self.lives.get(applicant).and_then(|life| life.left.as_ref()) {
            Some((day, leaving)) => Err(Refusal::Left { applicant: applicant.into(), day: *day, how: leaving.how() }),
            None => Ok(()),
        }
    }

    fn place(&self, applicant: &str) -> Result<&Place, Refusal> {
        self.check_present(applicant)?;
        let place = self.lives.get(applicant).and_then(|life| life.place.as_ref());
        place.ok_or_else(|| Refusal::NoOffer { applicant: applicant.into() })
    }

    /// Applies a step that may be taken.
    pub(crate) fn apply(&mut self, day: Date, step: &Step) {
        match step {
            Step::Open { season, jobs } => {
                self.season = Some(season.clone());
                self.jobs = jobs.iter().map(|(job, &all)| (job.clone(), Places { all, held: 0 })).collect();
            }
            Step::Commit { commitment } => self.commitment = Some(commitment.clone()),
            Step::Draw { seed } => self.seed = Some(seed.clone()),
            Step::Publish { round, deadline, offers, moves, .. } => {
                let counts = Counts { offered: (offers.len() + moves.len()) as u32, ..Counts::default() };
                self.rounds.push(Round { published: day, deadline: *deadline, counts });
                for Move { applicant, job, stream, rank, agreed } in moves {
                    if let Some(counts) = self.vacate(applicant) {
                        counts.moved += 1;
                    }
                    let offer =
                        Offer { applicant: applicant.clone(), job: job.clone(), stream: stream.clone(), rank: Some(*rank) };
                    self.offer(day, *round, *deadline, &offer);
                    if *agreed {
                        self.accept(day, applicant, true);
                    }
                }
                for offer in offers {
                    self.offer(day, *round, *deadline, offer);
                }
            }
            Step::Accept { applicant, or_better } => self.accept(day, applicant, *or_better),
            Step::Sign { applicant } => self.sign(day, applicant),
            Step::Work { applicant, job, minutes } => {
                let contracts = self.lives.get_mut(applicant).map_or(&mut [][..], |life| &mut life.contracts);
                if let Some(contract) = contracts.iter_mut().rfind(|contract| contract.job == *job) {
                    contract.worked = Some(*minutes);
                }
            }
            Step::Decline { applicant, because } => self.leave(day, applicant, Leaving::Declined(because.clone())),
            Step::Withdraw { applicant, because } => self.leave(day, applicant, Leaving::Withdrawn(because.clone())),
            Step::Lapse { applicants } => {
                for applicant in applicants {
                    self.leave(day, applicant, Leaving::Lapsed);
                }
            }
            Step::Cut { job, places, displaced } => {
                for applicant in displaced {
                    self.lives.entry(applicant.clone()).or_default().displaced = Some(day);
                    if let Some(counts) = self.vacate(applicant) {
                        counts.displaced += 1;
                    }
                }
                self.set_places(job, *places);
            }
            Step::Grow { job, places } => self.set_places(job, *places),
            Step::Cede { to, places } => {
                for (job, &count) in places {
                    if let Some(places) = self.jobs.get_mut(job) {
                        places.all -= count;
                    }
                }
                *self.ceded.entry(to.clone()).or_default() += places.values().sum::<u32>();
            }
            Step::Lock { applicant, job, stream, because, by } => {
                let kind = DecisionKind::Lock { stream: stream.clone() };
                self.decide(day, (applicant, job), kind, (because, by));
            }
            Step::Forbid { applicant, job, because, by } => {
                self.decide(day, (applicant, job), DecisionKind::Forbid, (because, by));
            }
            Step::Release { applicant, job } => {
                if let Some(of_applicant) = self.decisions.get_mut(applicant) {
                    of_applicant.remove(job);
                    if of_applicant.is_empty() {
                        self.decisions.remove(applicant);
                    }
                }
            }
            Step::Undo { .. } => {}
        }
    }

    fn decide(&mut self, day: Date, (applicant, job): (&str, &str), kind: DecisionKind, (because, by): (&str, &str)) {
        let decision = Decision { kind, because: because.to_owned(), by: by.to_owned(), day };
        self.decisions.entry(applicant.to_owned()).or_default().insert(job.to_owned(), decision);
    }

    /// Returns what was decided by hand on an applicant and a job.
    pub(crate) fn decision(&self, applicant: &str, job: &str) -> Option<&Decision> {
        self.decisions.get(applicant)?.get(job)
    }

    fn held(&self, job: &str) -> u32 {
        self.jobs.get(job).map_or(0, |places| places.held)
    }

    fn offer(&mut self, day: Date, round: u32, deadline: Date, offer: &Offer) {
        let Offer { applicant, job, stream, rank } = offer;
        if let Some(places) = self.jobs.get_mut(job) {
            places.held += 1;
        }
        let life = self.lives.entry(applicant.clone()).or_default();
        life.displaced = None;
        life.place = Some(Place {
            job: job.as_str().into(),
            stream: stream.as_str().into(),
            rank: *rank,
            round,
            deadline,
            holding: Holding::Offered,
            since: day,
            or_better: false,
        });
    }

    fn accept(&mut self, day: Date, applicant: &str, or_better: bool) {
        self.hold(day, applicant, Holding::Accepted);
        if let Some(place) = self.lives.get_mut(applicant).and_then(|life| life.place.as_mut()) {
            place.or_better = or_better;
        }
    }

    fn sign(&mut self, day: Date, applicant: &str) {
        self.hold(day, applicant, Holding::Signed);
        let Some(life) = self.lives.get_mut(applicant) else { return };
        if let Some(Place { job, stream, .. }) = &life.place {
            life.contracts.push(Contract { job: job.to_string(), stream: stream.to_string(), worked: None });
        }
    }

    fn hold(&mut self, day: Date, applicant: &str, holding: Holding) {
        let Some(place) = self.lives.get_mut(applicant).and_then(|life| life.place.as_mut()) else { return };
        place.holding = holding;
        place.since = day;
        if let Some(Round { counts, .. }) = self.rounds.get_mut(place.round as usize - 1) {
            match holding {
                Holding::Offered => {}
                Holding::Accepted => counts.accepted += 1,
                Holding::Signed => counts.signed += 1,
            }
        }
    }

    fn leave(&mut self, day: Date, applicant: &str, leaving: Leaving) {
        if let Some(counts) = self.vacate(applicant) {
            match leaving {
                Leaving::Declined(_) => counts.declined += 1,
                Leaving::Lapsed => counts.lapsed += 1,
                Leaving::Withdrawn(_) => counts.withdrawn += 1,
            }
        }
        self.lives.entry(applicant.to_owned()).or_default().left = Some((day, leaving));
    }

    /// Takes the place that somebody has, and returns the counts of the round it was offered in.
    fn vacate(&mut self, applicant: &str) -> Option<&mut Counts> {
        let life = self.lives.get_mut(applicant)?;
        let place = life.place.take()?;
        life.had = Some(place.job.clone());
        if let Some(places) = self.jobs.get_mut(&*place.job) {
            places.held -= 1;
        }
        self.rounds.get_mut(place.round as usize - 1).map(|round| &mut round.counts)
    }

    fn set_places(&mut self, job: &str, all: u32) {
        self.jobs.entry(job.to_owned()).or_insert(Places { all, held: 0 }).all = all;
    }
}

fn decided(applicant: &str, job: &str, decision: &Decision) -> Refusal {
    let Decision { kind, because, by, .. } = decision;
    Refusal::Decided { applicant: applicant.into(), job: job.into(), how: kind.how(), by: by.clone(), because: because.clone() }
}

/// Checks that somebody is named, and nobody twice.
fn check_names<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(Refusal::Twice { applicant: name.clone() });
        }
    }
    if seen.is_empty() { Err(Refusal::Nobody) } else { Ok(()) }
}
