//! Many seasons, played through on all threads.

use rayon::prelude::*;

use crate::{ByPayer, Distribution, PlanError, Played, Player, Tally};

/// What came out of many seasons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Replays {
    /// How many rounds had something to offer.
    pub rounds: Distribution,
    /// How many places nobody had at the end.
    pub free: Distribution,
    /// For each home district, what became of the offers to those who live there.
    pub homes: Vec<ByPayer<Distribution>>,
    /// What became of the offers to everybody.
    pub total: ByPayer<Distribution>,
}

impl Player<'_, '_> {
    /// Plays a season through for each seed. `done` is told each time another one is.
    ///
    /// # Errors
    ///
    /// Returns why the first that cannot be played cannot.
    ///
    /// # Determinism
    ///
    /// The same seeds give the same distributions in any order and for any number of threads.
    pub fn play_all(&self, seeds: &[String], done: &(dyn Fn() + Sync)) -> Result<Replays, PlanError> {
        let play = |seed: &String| {
            let played = self.play(seed);
            done();
            played
        };
        let all: Vec<Result<Played, PlanError>> = seeds.par_iter().map(play).collect();
        let districts = self.season().settings().districts.len();
        let mut replays = Replays { homes: vec![ByPayer::default(); districts], ..Replays::default() };
        for played in all {
            replays.add(&played?);
        }
        Ok(replays)
    }
}

impl Replays {
    fn add(&mut self, played: &Played) {
        self.rounds.add(played.rounds);
        self.free.add(played.free);
        self.total.add_each(&played.total());
        self.homes.iter_mut().zip(&played.homes).for_each(|(all, one)| all.add_each(one));
    }
}

impl ByPayer<Distribution> {
    fn add_each(&mut self, numbers: &ByPayer<u32>) {
        self.home.add_each(&numbers.home);
        self.others.add_each(&numbers.others);
    }
}

impl Tally<Distribution> {
    fn add_each(&mut self, numbers: &Tally<u32>) {
        self.offered.add(numbers.offered);
        self.declined.add(numbers.declined);
        self.hired.add(numbers.hired);
    }
}
