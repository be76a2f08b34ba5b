//! A state as bytes, so that it need not be folded anew from all steps.
//!
//! First comes a [`Head`], then a [`KeptLife`] for everybody who was offered a place or left, in the order of their ids. Jobs and
//! funding streams are named by their position in the head, and who holds a place is counted when it is read: a hundred
//! thousand lives are read in some tens of milliseconds, and cannot contradict the jobs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Contract, Counts, Decision, DecisionKind, Holding, Leaving, Life, Place, Round, State};
use crate::present::{Places, Present};

/// Why bytes are not a state.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// They are not of this format.
    #[error("it is not a snapshot of this format")]
    Form(#[from] postcard::Error),
    /// A date is none.
    #[error("it holds a date that is none")]
    Date(#[from] jiff::Error),
    /// Something comes after it.
    #[error("{bytes} bytes follow it")]
    Longer {
        /// How many bytes.
        bytes: usize,
    },
    /// It names a job, a funding stream or a round that is not in it, somebody twice, or more holders of a job than places.
    #[error("it contradicts itself")]
    Contradiction,
}

/// Year, month and day: shorter than a text, and sooner read.
type Day = (i16, i8, i8);

fn day(date: Date) -> Day {
    (date.year(), date.month(), date.day())
}

fn date((year, month, day): Day) -> Result<Date, SnapshotError> {
    Ok(Date::new(year, month, day)?)
}

#[derive(Serialize, Deserialize)]
struct Head<'a> {
    taken: u64,
    last: Option<Day>,
    #[serde(borrow)]
    season: Option<&'a str>,
    commitment: Option<&'a str>,
    seed: Option<&'a str>,
    /// The jobs by id, and how many places each has.
    jobs: Vec<(&'a str, u32)>,
    streams: Vec<&'a str>,
    /// The rounds: when published, the last day to answer, what became of the offers.
    rounds: Vec<(Day, Day, Counts)>,
    decisions: Vec<KeptDecision<'a>>,
    ceded: Vec<(&'a str, u32)>,
    lives: u64,
}

#[derive(Serialize, Deserialize)]
struct KeptDecision<'a> {
    applicant: &'a str,
    job: &'a str,
    #[serde(borrow)]
    kind: KeptKind<'a>,
    because: &'a str,
    by: &'a str,
    day: Day,
}

#[derive(Serialize, Deserialize)]
enum KeptKind<'a> {
    #[serde(borrow)]
    Lock(Option<&'a str>),
    Forbid,
}

#[derive(Serialize, Deserialize)]
struct KeptLife<'a> {
    id: &'a str,
    place: Option<KeptPlace>,
    #[serde(borrow)]
    left: Option<(Day, KeptLeaving<'a>)>,
    displaced: Option<Day>,
    had: Option<usize>,
    contracts: Vec<KeptContract>,
}

#[derive(Serialize, Deserialize)]
struct KeptContract {
    job: usize,
    stream: usize,
    worked: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct KeptPlace {
    job: usize,
    stream: usize,
    rank: Option<u16>,
    round: u32,
    deadline: Day,
    holding: Holding,
    since: Day,
    or_better: bool,
}

#[derive(Serialize, Deserialize)]
enum KeptLeaving<'a> {
    Declined(&'a str),
    Lapsed,
    Withdrawn(&'a str),
}

fn keep_decision<'a>(applicant: &'a str, job: &'a str, decision: &'a Decision) -> KeptDecision<'a> {
    let Decision { kind, because, by, day: on } = decision;
    let kind = match kind {
        DecisionKind::Lock { stream } => KeptKind::Lock(stream.as_deref()),
        DecisionKind::Forbid => KeptKind::Forbid,
    };
    KeptDecision { applicant, job, kind, because, by, day: day(*on) }
}

fn decisions(kept: Vec<KeptDecision<'_>>) -> Result<BTreeMap<String, BTreeMap<String, Decision>>, SnapshotError> {
    let mut decisions: BTreeMap<String, BTreeMap<String, Decision>> = BTreeMap::new();
    for KeptDecision { applicant, job, kind, because, by, day } in kept {
        let kind = match kind {
            KeptKind::Lock(stream) => DecisionKind::Lock { stream: stream.map(str::to_owned) },
            KeptKind::Forbid => DecisionKind::Forbid,
        };
        let decision = Decision { kind, because: because.to_owned(), by: by.to_owned(), day: date(day)? };
        decisions.entry(applicant.to_owned()).or_default().insert(job.to_owned(), decision);
    }
    Ok(decisions)
}

impl State {
    /// Tells snapshots of this version from others.
    ///
    /// It is another whenever a state holds something else, or the same steps lead to another state.
    pub const SNAPSHOT_FORMAT: u32 = 2;

    /// Returns the state as bytes: equal states are equal bytes, whatever steps led to them.
    ///
    /// # Errors
    ///
    /// Never for a state that steps have led to.
    pub fn to_snapshot(&self) -> Result<Vec<u8>, SnapshotError> {
        let Self { present, standing: _, taken, last, restored: _ } = self;
        let Present { season, commitment, seed, jobs, lives, rounds, decisions, ceded } = present;
        let places = || lives.values().filter_map(|life| life.place.as_ref());
        let contracts = lives.values().flat_map(|life| &life.contracts);
        let streams: BTreeSet<&str> =
            places().map(|place| &*place.stream).chain(contracts.map(|contract| &*contract.stream)).collect();
        let head = Head {
            taken: *taken,
            last: last.map(day),
            season: season.as_deref(),
            commitment: commitment.as_deref(),
            seed: seed.as_deref(),
            jobs: jobs.iter().map(|(job, places)| (&**job, places.all)).collect(),
            streams: streams.into_iter().collect(),
            rounds: rounds.iter().map(|round| (day(round.published), day(round.deadline), round.counts)).collect(),
            decisions: decisions
                .iter()
                .flat_map(|(applicant, on)| on.iter().map(move |(job, decision)| keep_decision(applicant, job, decision)))
                .collect(),
            ceded: ceded.iter().map(|(to, &places)| (&**to, places)).collect(),
            lives: lives.len() as u64,
        };
        let mut bytes = postcard::to_allocvec(&head)?;
        for (id, life) in lives {
            bytes = postcard::to_extend(&head.keep(id, life)?, bytes)?;
        }
        Ok(bytes)
    }

    /// Returns the state that was kept as bytes of the format [`SNAPSHOT_FORMAT`](Self::SNAPSHOT_FORMAT).
    ///
    /// It can go on like the one that was kept, but refuses to undo ([`Refusal::Restored`](crate::Refusal::Restored)).
    ///
    /// # Errors
    ///
    /// Returns an error if the bytes are not those of a state.
    ///
    /// # Complexity
    ///
    /// O(bytes).
    pub fn from_snapshot(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let (head, mut rest) = postcard::take_from_bytes::<Head<'_>>(bytes)?;
        let shared = Shared::of(&head);
        let mut jobs: Vec<Places> = head.jobs.iter().map(|&(_, all)| Places { all, held: 0 }).collect();
        // A map is sooner made of a list in order than one by one.
        let mut lives = Vec::with_capacity(rest.len().min(head.lives as usize));
        for _ in 0..head.lives {
            let (life, after) = postcard::take_from_bytes::<KeptLife<'_>>(rest)?;
            lives.push(head.life(life, &mut jobs, &shared)?);
            rest = after;
        }
        let lives: BTreeMap<_, _> = lives.into_iter().collect();
        if !rest.is_empty() {
            return Err(SnapshotError::Longer { bytes: rest.len() });
        }
        let jobs: BTreeMap<_, _> = head.jobs.iter().map(|&(job, _)| job.to_owned()).zip(jobs).collect();
        if lives.len() as u64 != head.lives || jobs.len() != head.jobs.len() {
            return Err(SnapshotError::Contradiction);
        }
        let round = |(published, deadline, counts)| {
            Ok::<_, SnapshotError>(Round { published: date(published)?, deadline: date(deadline)?, counts })
        };
        let present = Present {
            season: head.season.map(str::to_owned),
            commitment: head.commitment.map(str::to_owned),
            seed: head.seed.map(str::to_owned),
            rounds: head.rounds.into_iter().map(round).collect::<Result<_, _>>()?,
            decisions: decisions(head.decisions)?,
            ceded: head.ceded.into_iter().map(|(to, places)| (to.to_owned(), places)).collect(),
            jobs,
            lives,
        };
        let last = head.last.map(date).transpose()?;
        Ok(Self { present, standing: Vec::new(), taken: head.taken, last, restored: true })
    }
}

/// The ids of jobs and funding streams, each kept once however many hold a place of it.
struct Shared {
    jobs: Vec<Arc<str>>,
    streams: Vec<Arc<str>>,
}

impl Shared {
    fn of(head: &Head<'_>) -> Self {
        Self {
            jobs: head.jobs.iter().map(|&(job, _)| job.into()).collect(),
            streams: head.streams.iter().map(|&stream| stream.into()).collect(),
        }
    }
}

impl Head<'_> {
    fn keep<'a>(&self, id: &'a str, life: &'a Life) -> Result<KeptLife<'a>, SnapshotError> {
        let Life { place, left, displaced, had, contracts } = life;
        let leaving = |leaving: &'a Leaving| match leaving {
            Leaving::Declined(because) => KeptLeaving::Declined(because),
            Leaving::Lapsed => KeptLeaving::Lapsed,
            Leaving::Withdrawn(because) => KeptLeaving::Withdrawn(because),
        };
        Ok(KeptLife {
            id,
            place: place.as_ref().map(|place| self.keep_place(place)).transpose()?,
            left: left.as_ref().map(|(since, how)| (day(*since), leaving(how))),
            displaced: displaced.map(day),
            had: had.as_ref().map(|job| self.job(job)).transpose()?,
            contracts: contracts.iter().map(|contract| self.keep_contract(contract)).collect::<Result<_, _>>()?,
        })
    }

    fn keep_contract(&self, contract: &Contract) -> Result<KeptContract, SnapshotError> {
        let Contract { job, stream, worked } = contract;
        Ok(KeptContract { job: self.job(job)?, stream: self.stream(stream)?, worked: *worked })
    }

    fn keep_place(&self, place: &Place) -> Result<KeptPlace, SnapshotError> {
        let Place { job, stream, rank, round, deadline, holding, since, or_better } = place;
        Ok(KeptPlace {
            job: self.job(job)?,
            stream: self.stream(stream)?,
            rank: *rank,
            round: *round,
            deadline: day(*deadline),
            holding: *holding,
            since: day(*since),
            or_better: *or_better,
        })
    }

    /// Returns the position of a job.
    fn job(&self, id: &str) -> Result<usize, SnapshotError> {
        self.jobs.binary_search_by_key(&id, |&(id, _)| id).map_err(|_| SnapshotError::Contradiction)
    }

    /// Returns the position of a funding stream.
    fn stream(&self, id: &str) -> Result<usize, SnapshotError> {
        self.streams.binary_search(&id).map_err(|_| SnapshotError::Contradiction)
    }

    /// Restores a life, and counts its place.
    fn life(&self, kept: KeptLife<'_>, jobs: &mut [Places], shared: &Shared) -> Result<(String, Box<Life>), SnapshotError> {
        let leaving = |leaving| match leaving {
            KeptLeaving::Declined(because) => Leaving::Declined(because.to_owned()),
            KeptLeaving::Lapsed => Leaving::Lapsed,
            KeptLeaving::Withdrawn(because) => Leaving::Withdrawn(because.to_owned()),
        };
        let had = kept.had.map(|job| shared.jobs.get(job).ok_or(SnapshotError::Contradiction)).transpose()?;
        let life = Life {
            place: kept.place.map(|place| self.place(&place, jobs, shared)).transpose()?,
            left: kept.left.map(|(since, how)| Ok::<_, SnapshotError>((date(since)?, leaving(how)))).transpose()?,
            displaced: kept.displaced.map(date).transpose()?,
            had: had.cloned(),
            contracts: kept.contracts.into_iter().map(|contract| self.contract(&contract)).collect::<Result<_, _>>()?,
        };
        Ok((kept.id.to_owned(), Box::new(life)))
    }

    fn contract(&self, kept: &KeptContract) -> Result<Contract, SnapshotError> {
        let (Some(&(job, _)), Some(&stream)) = (self.jobs.get(kept.job), self.streams.get(kept.stream)) else {
            return Err(SnapshotError::Contradiction);
        };
        Ok(Contract { job: job.to_owned(), stream: stream.to_owned(), worked: kept.worked })
    }

    fn place(&self, kept: &KeptPlace, jobs: &mut [Places], shared: &Shared) -> Result<Place, SnapshotError> {
        let KeptPlace { job, stream, rank, round, deadline, holding, since, or_better } = *kept;
        let (Some(job), Some(places), Some(stream)) = (shared.jobs.get(job), jobs.get_mut(job), shared.streams.get(stream))
        else {
            return Err(SnapshotError::Contradiction);
        };
        places.held += 1;
        if places.held > places.all || round == 0 || round as usize > self.rounds.len() {
            return Err(SnapshotError::Contradiction);
        }
        let (deadline, since) = (date(deadline)?, date(since)?);
        Ok(Place { job: job.clone(), stream: stream.clone(), rank, round, deadline, holding, since, or_better })
    }
}
