//! Checks that no placement has a better profile of ranks, by prices level by level (docs/mechanisms.md, section 6).
//!
//! A level decides how many are placed at one rank. Its prices prove by linear-programming duality that no placement of those that
//! the levels before leave does better, if everyone has a place of least cost plus price, and whatever has a price is full
//! (complementary slackness). And they tell which placements do as well: those in which both hold. So all other choices are struck,
//! and what has a price has to stay full, for which reason its price may be negative from then on.
//!
//! A rank needs no level if nobody can choose any more between it and something else, or if nothing else is left to choose after
//! it: then the numbers at all other ranks settle it.

use std::collections::BTreeSet;

use feriematch_model::{JobIx, Level, LevelEvidence};

use crate::face::{Face, Standing, Sums};
use crate::findings::Findings;
use crate::price_list::{Limit, PriceList, Stated, Used};
use crate::refutation::Refutation;
use crate::stage::{Entrant, Stage};
use crate::subject::Priced;

/// Which placements are compared, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Objective {
    /// Of the selected: the most at rank 1, then at rank 2, and so on.
    RankMaximal,
    /// Of the selected: the fewest at the worst rank, then at the worst but one, and so on.
    Generous,
    /// Of everyone, within home districts' caps too: the most at rank 1, and so on; and then the first in the ranking.
    RankMaximalOfAll,
}

/// Checks the levels of a stage.
///
/// # Complexity
///
/// Each level takes time linear in the choices, in what lists hold and in what the levels before leave of them.
pub(crate) fn check(stage: &Stage<'_>, objective: Objective, levels: &[LevelEvidence], findings: &mut Findings) {
    let everyone = objective == Objective::RankMaximalOfAll;
    let mut proof = Proof { face: Face::new(stage, everyone), stays_full: BTreeSet::new(), used: Used::count(stage) };
    let mut last: Option<Level> = None;
    for level in levels {
        let is_next = match (last, level.decides) {
            (_, Level::Ranking) => everyone && last != Some(Level::Ranking),
            (None, Level::Rank(_)) => true,
            (Some(Level::Rank(before)), Level::Rank(rank)) if objective == Objective::Generous => rank < before,
            (Some(Level::Rank(before)), Level::Rank(rank)) => rank > before,
            (Some(Level::Ranking), Level::Rank(_)) => false,
        };
        if !is_next {
            findings.push(Refutation::LevelOrder { stream: stage.id(), level: level.decides });
            return;
        }
        if let Some(missing) = undecided(&proof.face, objective, last, Some(level.decides)) {
            findings.push(Refutation::LevelMissing { stream: stage.id(), level: missing });
            return;
        }
        last = Some(level.decides);
        let mut of_level = Findings::default();
        proof.go_on(stage, objective, level, &mut of_level);
        if let Err(refutations) = of_level.settle() {
            for refutation in refutations {
                findings.push(Refutation::AtLevel { level: level.decides, refutation: Box::new(refutation) });
            }
            return;
        }
    }
    if let Some(missing) = undecided(&proof.face, objective, last, None) {
        findings.push(Refutation::LevelMissing { stream: stage.id(), level: missing });
    }
}

/// What the levels so far have proved.
struct Proof<'a> {
    face: Face<'a>,
    /// What has had a price, and so is full in every placement that is left.
    stays_full: BTreeSet<Limit>,
    used: Used,
}

impl Proof<'_> {
    /// Checks the prices of one level, and strikes what they show to be worse.
    fn go_on(&mut self, stage: &Stage<'_>, objective: Objective, level: &LevelEvidence, findings: &mut Findings) {
        let everyone = objective == Objective::RankMaximalOfAll;
        if let (false, Some(home)) = (everyone, level.homes.keys().next()) {
            findings.push(Refutation::PriceUnknown { stream: stage.id(), item: Priced::Home(home.clone()) });
        }
        let homes = everyone.then_some(&level.homes);
        let stated = Stated { jobs: &level.jobs, departments: &level.departments, stream: level.stream, homes };
        let prices = PriceList::read(stage, &stated, findings);
        prices.check_signs(stage, |limit| self.stays_full.contains(&limit), findings);
        prices.check_used(stage, &self.used, findings);
        self.stays_full.extend(prices.priced().map(|(limit, _)| limit));
        let sums = LevelSums { stage, objective, decides: level.decides, prices: &prices };
        self.face.strike(
            &sums,
            |home| prices.of_home(home),
            |entrant, pays, least| {
                if pays == least {
                    return;
                }
                let (stream, applicant) = (stage.id(), stage.id_of(entrant));
                findings.push(match entrant.job {
                    Some(job) => {
                        Refutation::DearPlace { stream, applicant, job: stage.season().job(job).id.to_string(), pays, least }
                    }
                    None => Refutation::DearStay { stream, applicant, pays, least },
                });
            },
        );
    }
}

/// What choices cost at a level.
struct LevelSums<'p> {
    stage: &'p Stage<'p>,
    objective: Objective,
    decides: Level,
    prices: &'p PriceList,
}

impl Sums for LevelSums<'_> {
    fn of_rank(&self, entrant: &Entrant, rank: u16) -> i128 {
        match (self.decides, self.objective) {
            (Level::Ranking, _) => i128::from(entrant.turn),
            (Level::Rank(decided), Objective::Generous) => i128::from(rank == decided),
            (Level::Rank(decided), _) => i128::from(rank != decided),
        }
    }

    fn of_staying_out(&self) -> i128 {
        i128::from(self.decides != Level::Ranking)
    }

    fn price(&self, job: JobIx) -> i128 {
        self.prices.of_place(self.stage, job)
    }
}

/// Returns the first thing between two levels that is left to be decided.
fn undecided(face: &Face<'_>, objective: Objective, last: Option<Level>, next: Option<Level>) -> Option<Level> {
    let mut open: Vec<Standing> = face.open().into_iter().collect();
    if objective == Objective::Generous {
        open.reverse();
    }
    // Where is a level in the order of the objective? The ranking decides who stays out, after all ranks.
    let key = |standing: Standing| match (standing, objective) {
        (Standing::Out, _) => i32::MAX - 1,
        (Standing::Rank(rank), Objective::Generous) => -i32::from(rank),
        (Standing::Rank(rank), _) => i32::from(rank),
    };
    let key_of_level = |level: Level| match level {
        Level::Rank(rank) => key(Standing::Rank(rank)),
        Level::Ranking => i32::MAX - 1,
    };
    let after = last.map_or(i32::MIN, key_of_level);
    let before = next.map_or(i32::MAX, key_of_level);
    let mut between = open.iter().enumerate().filter(|&(_, &standing)| key(standing) > after && key(standing) < before);
    between.find_map(|(at, &standing)| match standing {
        Standing::Rank(rank) => (at + 1 < open.len()).then_some(Level::Rank(rank)),
        Standing::Out => Some(Level::Ranking),
    })
}
