//! A season simulated thousands of times, under assumptions, and in several ways at once.
//!
//! A season of a [`Study`] is played as one is run: who applies is taken from the files or redrawn, the lottery is drawn, places are offered, declined,
//! left unanswered or given up, and offered again with nobody moved, round after round until nothing can be offered or the calendar ends.
//! A [`Cell`] is a scenario. In season r of a study the lottery, everybody's answers and how many applicants each stands for follow from the seed, r and
//! the applicant's id alone: what differs between cells differs because of the scenario (common random numbers).
//!
//! What comes out is a [`StudyPart`]: distributions of [`Figure`]s in whole numbers, for all seasons or for a [`Shard`] of them, so that a study can
//! be played on several machines and put together to the same bytes. `docs/planning/capacity.md` says what the figures mean.

mod assumptions;
mod cell_player;
mod figure;
mod masked;
mod part;
mod population;
mod score;
mod shard;

use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};

use feriematch_core::{Preparation, RunOptions};
use feriematch_model::{Balance, Fingerprint, Mechanism, PlacementRule, RankCosts, Season};
use rayon::prelude::*;
use serde::Serialize;

use crate::PlanError;
use cell_player::{CellPlayer, Memory};
use population::Crowd;

pub(crate) use assumptions::rate;
pub use assumptions::{Assumptions, Population, RoundCalendar};
pub use figure::{Dimension, Figure, FigureKey, ParseFigureError};
pub use masked::Masked;
pub(crate) use part::hash_side_by_side;
pub use part::{AnotherStudy, CellFacts, CellTotals, Convergence, MergeError, PartOfSeason, StudyPart};
pub use shard::{ParseShardError, Shard};

/// How many seasons are played before the precision is looked at again.
const BATCH: u32 = 250;

/// How many seasons a thread plays before it hands over what came out.
const BLOCK: u32 = 16;

/// One way to play a season.
#[derive(Debug, Clone)]
pub struct Cell<'s> {
    /// What it is called.
    pub name: String,
    /// The season as it is in the files, or changed.
    pub season: &'s Season,
    /// How places are assigned.
    pub options: RunOptions,
    /// What is assumed.
    pub assumptions: Assumptions,
}

/// Ways to play a season, each thousands of times. The first is the one that the others are compared with.
#[derive(Debug, Clone)]
pub struct Study<'s> {
    /// The ways, of which there is at least one.
    pub cells: Vec<Cell<'s>>,
    /// The seeds of the seasons are this text and their numbers, from 1.
    pub seed: String,
    /// How many seasons there are.
    pub seasons: u32,
}

impl Study<'_> {
    /// Plays a shard of the seasons. `done` is told each time another season is played in every cell, and may stop it.
    ///
    /// # Errors
    ///
    /// Returns why the first season that cannot be played cannot, or that it was stopped.
    ///
    /// # Complexity
    ///
    /// Seasons × cells × the matching of the rounds, seasons and cells side by side on the threads of the current pool. Memory does not grow with the
    /// number of seasons, but with the spread of the figures.
    ///
    /// # Determinism
    ///
    /// The same for any number of threads; and [`StudyPart::merge`] makes of any shards what comes of the whole.
    pub fn play(&self, shard: Shard, done: Done<'_>) -> Result<StudyPart, PlanError> {
        self.with_stage(|stage| {
            let mut totals = stage.empty();
            stage.play(shard, 0..shard.len(self.seasons), &mut totals, done)?;
            Ok(StudyPart::new(self.identity(self.seasons)?, self.seed.clone(), self.seasons, shard, totals))
        })
    }

    /// Plays seasons until the mean number of those hired in the first cell is known to within half an interval of so many hundredths, or all are
    /// played; looked at every 250 seasons. The result is that of a study of as many seasons as were played.
    ///
    /// # Errors
    ///
    /// As [`play`](Self::play).
    pub fn play_until(&self, half_width: u64, done: Done<'_>) -> Result<StudyPart, PlanError> {
        self.with_stage(|stage| {
            let mut totals = stage.empty();
            let mut played = 0;
            while played < self.seasons {
                let next = self.seasons.min(played.saturating_add(BATCH));
                stage.play(Shard::WHOLE, played..next, &mut totals, done)?;
                played = next;
                let hired = totals.first().and_then(|cell| cell.total(Figure::Hired)?.half_width());
                if hired.is_some_and(|now| now <= half_width) {
                    break;
                }
            }
            Ok(StudyPart::new(self.identity(played)?, self.seed.clone(), played, Shard::WHOLE, totals))
        })
    }

    /// Sets up every cell.
    fn with_stage<T>(&self, play: impl FnOnce(&Stage<'_>) -> Result<T, PlanError>) -> Result<T, PlanError> {
        let crowd = |cell: &Cell<'_>| match cell.assumptions.population {
            Population::AsInFiles => Ok(None),
            Population::Redrawn { percent } => Crowd::new(cell.season, percent).map(Some),
        };
        // Of several errors the first is returned, whichever thread finds one first.
        let crowds = self.cells.par_iter().map(crowd).collect::<Vec<_>>().into_iter().collect::<Result<Vec<_>, _>>()?;
        let seasons = self.cells.par_iter().zip(&crowds).map(|(cell, crowd)| crowd.as_ref().map_or(cell.season, Crowd::season));
        let preparations: Vec<Preparation<'_>> = seasons.map(Preparation::new).collect();
        let players = self.cells.par_iter().zip(&crowds).zip(&preparations);
        let players = players.map(|((cell, crowd), preparation)| CellPlayer::new(cell, crowd.as_ref(), preparation));
        let players = players.collect::<Vec<_>>().into_iter().collect::<Result<_, _>>()?;
        play(&Stage::new(players, &self.seed))
    }

    /// Returns the hash of everything that decides what comes out.
    pub(crate) fn identity(&self, seasons: u32) -> Result<String, PlanError> {
        #[derive(Serialize)]
        struct Identity<'a> {
            program: &'a str,
            seed: &'a str,
            seasons: u32,
            cells: Vec<CellIdentity<'a>>,
        }
        #[derive(Serialize)]
        struct CellIdentity<'a> {
            name: &'a str,
            season: Fingerprint,
            rank_costs: &'a RankCosts,
            fees: Vec<(&'a [i16], u32)>,
            mechanism: Mechanism,
            placement: PlacementRule,
            balance: &'a Balance,
            assumptions: &'a Assumptions,
        }
        let cells = self.cells.par_iter().map(|of| {
            let settings = of.season.settings();
            CellIdentity {
                name: &of.name,
                season: Fingerprint::of(of.season),
                rank_costs: &settings.rank_costs,
                fees: settings.reduced_fees.iter().map(|fee| (&*fee.cohorts, fee.basis_points)).collect(),
                mechanism: of.options.mechanism,
                placement: of.options.placement,
                balance: &of.options.balance,
                assumptions: &of.assumptions,
            }
        });
        let identity = Identity { program: env!("CARGO_PKG_VERSION"), seed: &self.seed, seasons, cells: cells.collect() };
        let bytes = serde_json::to_vec(&identity).map_err(PlanError::Identity)?;
        Ok(blake3::Hasher::new_derive_key("feriematch 1 study").update(&bytes).finalize().to_hex().to_string())
    }
}

/// Is told that another season is played, and says whether to go on.
pub type Done<'a> = &'a (dyn Fn() -> ControlFlow<()> + Sync);

/// The cells, ready to be played.
struct Stage<'a> {
    players: Vec<CellPlayer<'a>>,
    seed: &'a str,
    /// For each cell but the first, the figures that it or the first has, and where each has them.
    differences: Vec<Vec<Difference>>,
}

/// A figure of two cells.
struct Difference {
    key: FigureKey,
    here: Option<usize>,
    in_first: Option<usize>,
}

/// What came out of some seasons, or the first of them that cannot be played, and why.
type Played = Result<Vec<CellTotals>, Box<(u32, PlanError)>>;

impl<'a> Stage<'a> {
    fn new(players: Vec<CellPlayer<'a>>, seed: &'a str) -> Self {
        let difference = |player: &CellPlayer<'_>| {
            let first = players[0].score().keys();
            let mut keys: Vec<FigureKey> = first.iter().chain(player.score().keys()).cloned().collect();
            keys.sort_unstable();
            keys.dedup();
            let at = |keys: &[FigureKey], key: &FigureKey| keys.binary_search(key).ok();
            let pair = |key: FigureKey| Difference { here: at(player.score().keys(), &key), in_first: at(first, &key), key };
            keys.into_iter().map(pair).collect()
        };
        let differences =
            players.iter().enumerate().map(|(cell, player)| if cell == 0 { Vec::new() } else { difference(player) });
        Self { differences: differences.collect(), players, seed }
    }

    /// Returns totals without seasons.
    fn empty(&self) -> Vec<CellTotals> {
        let keys = |differences: &[Difference]| differences.iter().map(|difference| difference.key.clone()).collect::<Vec<_>>();
        self.players.iter().zip(&self.differences).map(|(player, differences)| player.empty(&keys(differences))).collect()
    }

    /// Plays seasons of a shard, counted from 0 in it, and adds what comes out.
    fn play(&self, shard: Shard, seasons: Range<u32>, totals: &mut [CellTotals], done: Done<'_>) -> Result<(), PlanError> {
        let memory = || self.players.iter().map(CellPlayer::memory).collect::<Vec<_>>();
        let is_stopped = AtomicBool::new(false);
        let block = |memory: &mut Vec<Memory<'_>>, from: u32| {
            let mut totals = self.empty();
            let mut differences = Vec::new();
            for season in (from..seasons.end.min(from.saturating_add(BLOCK))).map(|after| shard.season(after)) {
                if is_stopped.load(Ordering::Relaxed) {
                    return Err(Box::new((season, PlanError::Stopped)));
                }
                self.play_one(season, memory, &mut differences, &mut totals).map_err(|error| Box::new((season, error)))?;
                if done().is_break() {
                    is_stopped.store(true, Ordering::Relaxed);
                }
            }
            Ok(totals)
        };
        let merge = |a: Played, b: Played| match (a, b) {
            (Ok(mut a), Ok(b)) => {
                a.iter_mut().zip(&b).for_each(|(a, b)| a.merge(b));
                Ok(a)
            }
            // The first that cannot be played, in order, is the one returned.
            (Err(a), Err(b)) => Err(if a.0 <= b.0 { a } else { b }),
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
        let played =
            seasons.clone().into_par_iter().step_by(BLOCK as usize).map_init(memory, block).reduce(|| Ok(self.empty()), merge);
        let played = played.map_err(|first| first.1)?;
        totals.iter_mut().zip(&played).for_each(|(totals, played)| totals.merge(played));
        Ok(())
    }

    /// Plays one season in every cell.
    fn play_one(
        &self,
        season: u32,
        memory: &mut [Memory<'_>],
        differences: &mut Vec<i64>,
        totals: &mut [CellTotals],
    ) -> Result<(), PlanError> {
        let seed = format!("{} {season}", self.seed);
        // Cells too are played side by side: a grid may have fewer seasons than there are threads.
        let played = self.players.par_iter().zip(memory.par_iter_mut()).map(|(player, memory)| player.play(&seed, memory));
        played.collect::<Vec<_>>().into_iter().collect::<Result<(), _>>()?;
        for (cell, player) in self.players.iter().enumerate() {
            let (first, here) = (memory[0].counts.numbers(), memory[cell].counts.numbers());
            let number = |numbers: &[i64], at: Option<usize>| at.map_or(0, |at| numbers[at]);
            differences.clear();
            let of = self.differences[cell].iter();
            differences.extend(of.map(|difference| number(here, difference.here) - number(first, difference.in_first)));
            let hired = player.score().total(Figure::Hired, &memory[cell].counts);
            totals[cell].add(season, here, hired, differences);
        }
        Ok(())
    }
}
