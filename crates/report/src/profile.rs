//! Which wishes were met, and what the places were given by.

use feriematch_core::PaperDraw;
use feriematch_model::{Outcome, PlacedBy, Season, Verdict};

/// How many got their first wish, their second, and so on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RankProfile {
    /// By rank, from 1.
    pub ranks: Vec<u32>,
    /// Placed by hand outside their wishes.
    pub outside: u32,
    /// Eligible, and without a place.
    pub waiting: u32,
}

impl RankProfile {
    /// Counts an outcome.
    pub fn of(outcome: &Outcome) -> Self {
        let mut profile = Self::default();
        for decision in &outcome.decisions {
            match &decision.verdict {
                Verdict::Placed(placed) => profile.add(placed.rank),
                Verdict::Waiting { .. } => profile.waiting += 1,
                Verdict::Ineligible { .. } => {}
            }
        }
        profile
    }

    /// Counts a paper lottery.
    pub fn of_paper(draw: &PaperDraw) -> Self {
        let mut profile = Self { waiting: draw.waiting, ..Self::default() };
        draw.ranks.iter().for_each(|&rank| profile.add(rank));
        profile
    }

    /// Counts one more who has a place.
    fn add(&mut self, rank: Option<u16>) {
        match rank.map(usize::from) {
            Some(rank) => {
                if self.ranks.len() < rank {
                    self.ranks.resize(rank, 0);
                }
                self.ranks[rank - 1] += 1;
            }
            None => self.outside += 1,
        }
    }

    /// Returns how many have a place.
    pub fn placed(&self) -> u32 {
        self.ranks.iter().sum::<u32>() + self.outside
    }

    /// Returns how many have a wish of a rank.
    pub fn at(&self, rank: usize) -> u32 {
        self.ranks.get(rank - 1).copied().unwrap_or(0)
    }

    /// Returns the share of the first wish among the placed.
    pub fn first_share(&self) -> Option<f64> {
        (self.placed() > 0).then(|| f64::from(self.at(1)) / f64::from(self.placed()))
    }

    /// Returns the average rank of those placed on a wish.
    pub fn average(&self) -> Option<f64> {
        let placed: u32 = self.ranks.iter().sum();
        let total: u64 = (1..).zip(&self.ranks).map(|(rank, &count)| rank * u64::from(count)).sum();
        #[allow(clippy::cast_precision_loss, reason = "sums of ranks are far below 2^53")]
        (placed > 0).then(|| total as f64 / f64::from(placed))
    }
}

/// What places were given by, those of earlier rounds included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origins {
    /// Those locked by hand.
    pub hand: u32,
    /// Those of people in whose class nobody who could take a place waits: there the lottery decided nothing.
    pub class: u32,
    /// Those of people in whose class somebody waits who drew a worse number, or had other wishes.
    pub lottery: u32,
    /// How many of all of them were given in an earlier round.
    pub earlier: u32,
}

impl Origins {
    /// Counts an outcome of a season.
    pub fn of(season: &Season, outcome: &Outcome) -> Self {
        let mut waits = vec![false; season.settings().classes.len()];
        let decided = || season.applicants().iter().zip(&outcome.decisions);
        for (applicant, decision) in decided() {
            waits[applicant.class.get()] |= matches!(decision.verdict, Verdict::Waiting { .. });
        }
        let mut origins = Self::default();
        for (applicant, decision) in decided() {
            let Verdict::Placed(placed) = &decision.verdict else { continue };
            *match placed.by {
                PlacedBy::Lock => &mut origins.hand,
                PlacedBy::Ranking | PlacedBy::Hold if waits[applicant.class.get()] => &mut origins.lottery,
                PlacedBy::Ranking | PlacedBy::Hold => &mut origins.class,
            } += 1;
            origins.earlier += u32::from(placed.by == PlacedBy::Hold);
        }
        origins
    }
}
