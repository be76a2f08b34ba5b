//! What a round changes, chain by chain: who takes a place that came free, who takes the place that they leave, and so on.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{Leaving, Move, Offer, State};

/// Somebody gets a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Who.
    pub applicant: String,
    /// Which of their wishes it meets, from 1.
    pub rank: Option<u16>,
    /// The job of the place that they leave, and which of their wishes that met; nothing for those who waited.
    pub from: Option<(String, Option<u16>)>,
    /// The job of the place that they get.
    pub to: String,
}

/// Why the place was there that begins a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Somebody gave it up since the round before.
    GivenUp {
        /// Who.
        applicant: String,
        /// When.
        day: Date,
        /// How.
        leaving: Leaving,
    },
    /// Nobody held it.
    Free,
    /// The last in the chain left it: people change places in a circle.
    Circle,
}

/// Places that are taken one after the other, each by whoever leaves the next: the first link takes the place of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Why the first place was there.
    pub source: Source,
    /// Who takes it, who takes theirs, and so on.
    pub links: Vec<Link>,
}

/// Tells what offers and moves change in a state as chains, by the job of the first place, then applicant.
///
/// Where a job has several places, it is a matter of words who takes whose: those who move in come before those who waited, both by
/// id, and take the places given up first.
///
/// # Complexity
///
/// O(n log n) in the lives of the state.
pub fn chains(before: &State, offers: &[Offer], moves: &[Move]) -> Vec<Chain> {
    let mut entering: BTreeMap<&str, Vec<Link>> = BTreeMap::new();
    let mut by_mover: Vec<&Move> = moves.iter().collect();
    by_mover.sort_unstable_by_key(|movement| &movement.applicant);
    for Move { applicant, job, rank, .. } in by_mover {
        let from = before.place_of(applicant).map(|place| (place.job.to_string(), place.rank));
        entering.entry(job).or_default().push(Link { applicant: applicant.clone(), rank: Some(*rank), from, to: job.clone() });
    }
    let mut waiting: Vec<&Offer> = offers.iter().collect();
    waiting.sort_unstable_by_key(|offer| &offer.applicant);
    for Offer { applicant, job, rank, .. } in waiting {
        entering.entry(job).or_default().push(Link { applicant: applicant.clone(), rank: *rank, from: None, to: job.clone() });
    }
    // Taken from the end.
    for links in entering.values_mut() {
        links.reverse();
    }
    let mut given_up = places_given_up(before);

    let mut leaving: BTreeMap<&str, usize> = BTreeMap::new();
    for place in moves.iter().filter_map(|movement| before.place_of(&movement.applicant)) {
        *leaving.entry(&place.job).or_default() += 1;
    }

    let jobs: Vec<&str> = entering.keys().copied().collect();
    let mut chains = Vec::new();
    for &job in &jobs {
        // Those who leave a place here hand theirs on; the rest of those who come take what was free.
        let free = entering[job].len().saturating_sub(leaving.get(job).copied().unwrap_or(0));
        for _ in 0..free {
            let source = given_up.get_mut(job).and_then(Vec::pop).unwrap_or(Source::Free);
            chains.push(Chain { source, links: follow(job, &mut entering) });
        }
    }
    for job in jobs {
        while entering.get(job).is_some_and(|links| !links.is_empty()) {
            chains.push(Chain { source: Source::Circle, links: follow(job, &mut entering) });
        }
    }
    chains
}

/// Takes somebody who enters a job, whoever enters the job that they leave, and so on.
fn follow(job: &str, entering: &mut BTreeMap<&str, Vec<Link>>) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut next = job.to_owned();
    while let Some(link) = entering.get_mut(&*next).and_then(Vec::pop) {
        let from = link.from.clone();
        links.push(link);
        match from {
            Some((job, _)) => next = job,
            None => break,
        }
    }
    links
}

/// Returns the places given up since the newest round was published, by job, the first given up last.
fn places_given_up(state: &State) -> BTreeMap<&str, Vec<Source>> {
    let since = state.rounds().last().map(|round| round.published);
    let mut given_up: BTreeMap<&str, Vec<(Date, &str, Source)>> = BTreeMap::new();
    for (applicant, life) in state.lives() {
        if let (Some((day, leaving)), Some(had)) = (&life.left, &life.had)
            && since.is_some_and(|since| *day >= since)
        {
            let source = Source::GivenUp { applicant: applicant.to_owned(), day: *day, leaving: leaving.clone() };
            given_up.entry(had).or_default().push((*day, applicant, source));
        }
    }
    let in_order = |(job, mut sources): (_, Vec<(Date, &str, Source)>)| {
        sources.sort_unstable_by_key(|(day, applicant, _)| (*day, *applicant));
        (job, sources.into_iter().rev().map(|(_, _, source)| source).collect())
    };
    given_up.into_iter().map(in_order).collect()
}
