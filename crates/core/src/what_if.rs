//! What would have happened, had one thing been otherwise: the season is solved again with just that changed.
//!
//! The one about whom it is keeps the id, so that everybody keeps the lottery number, and the applications of all others stay as they are. What
//! comes out is hindsight: it depends on what everybody else wished for, and on who drew which number.

use feriematch_model::{
    Applicant, ApplicantIx, JobIx, Outcome, Override, OverrideKind, PeriodIx, QualificationIx, RankCosts, Season, SeasonDraft,
    SeasonError, SmallSet, Target, Verdict, Wish,
};
use jiff::civil::Date;

use crate::{Preparation, Ranking, RunError, RunOptions, Standing, fill, run};

/// One thing that is otherwise about an applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A further wish, after all others.
    Wish(Target),
    /// The register extract was shown on this day.
    ExtractShown(Date),
    /// The applicant can work in this period, too.
    Period(PeriodIx),
    /// The applicant has these qualifications, too.
    Qualifications(SmallSet<QualificationIx>),
    /// The applicant was born on this day.
    Born(Date),
}

impl Change {
    fn apply(self, applicant: &mut Applicant) {
        match self {
            Self::Wish(target) => {
                let rank = applicant.wishes.last().map_or(0, |wish| wish.rank) + 1;
                let added = std::iter::once(Wish { rank, target });
                applicant.wishes = applicant.wishes.iter().copied().chain(added).collect();
            }
            Self::ExtractShown(day) => applicant.extract_shown = Some(day),
            // None stands for all.
            Self::Period(period) if !applicant.periods.is_empty() => applicant.periods.insert(period),
            Self::Period(_) => {}
            Self::Qualifications(more) => more.rows().for_each(|row| applicant.qualifications.insert(QualificationIx::new(row))),
            Self::Born(day) => applicant.birth_date = day,
        }
    }
}

/// Why nothing can be said about what would have happened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WhatIfError {
    /// Solved again without a change, the season does not give the outcome's places to the same people.
    #[error("the season gives other people a place than the outcome does")]
    NotReproduced,
    /// A changed season cannot be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A changed season does not fit together: a fault of this crate.
    #[error("a changed season does not fit together: {0}")]
    Season(#[from] SeasonError),
}

/// Somebody's place: the job, and the rank of the wish that it meets.
pub(crate) type Given = Option<(JobIx, Option<u16>)>;

/// An outcome that can be asked what would have happened otherwise.
pub(crate) struct WhatIf<'p, 's> {
    preparation: &'p Preparation<'s>,
    ranking: Ranking,
    options: RunOptions,
    rank_costs: RankCosts,
    applicant: ApplicantIx,
    /// Told before each time the season is solved.
    at: &'p mut dyn FnMut(),
}

impl<'p, 's> WhatIf<'p, 's> {
    /// Prepares questions about an applicant, and makes sure that the season gives the outcome in the first place.
    pub(crate) fn new(
        preparation: &'p Preparation<'s>,
        outcome: &Outcome,
        applicant: ApplicantIx,
        at: &'p mut dyn FnMut(),
    ) -> Result<Self, WhatIfError> {
        let season = preparation.season();
        let (balance, rematch) = (outcome.balance.clone(), outcome.rematch.clone());
        let options = RunOptions { balance, rematch, ..RunOptions::with(outcome.mechanism, outcome.placement) };
        let ranking = Ranking::draw(season, &outcome.seed);
        at();
        let as_it_was = solve(preparation, &ranking, &options)?;
        let has_place = |verdict: &Verdict| matches!(verdict, Verdict::Placed(_));
        let same =
            as_it_was.iter().map(Option::is_some).eq(outcome.decisions.iter().map(|decision| has_place(&decision.verdict)));
        if !same {
            return Err(WhatIfError::NotReproduced);
        }
        Ok(Self { preparation, ranking, options, rank_costs: outcome.rank_costs.clone(), applicant, at })
    }

    pub(crate) fn ranking(&self) -> &Ranking {
        &self.ranking
    }

    /// Returns whether the applicant would have a place, had one thing been otherwise.
    pub(crate) fn has_place_after(&mut self, change: Change) -> Result<bool, WhatIfError> {
        let season = self.changed(|draft, applicant| change.apply(&mut draft.applicants[applicant.get()]))?;
        (self.at)();
        let places = solve(&Preparation::new(&season), &self.ranking, &self.options)?;
        Ok(places[self.applicant.get()].is_some())
    }

    /// Returns whether the applicant would have a place at another position in the order, all others keeping theirs among themselves.
    pub(crate) fn has_place_at(&mut self, position: u32) -> Result<bool, WhatIfError> {
        let ranking = self.ranking.moved(self.applicant, position);
        (self.at)();
        let places = solve(self.preparation, &ranking, &self.options)?;
        Ok(places[self.applicant.get()].is_some())
    }

    /// Returns everybody's place, had the applicant been locked to a job.
    pub(crate) fn places_with_lock(&mut self, job: JobIx) -> Result<Vec<Given>, WhatIfError> {
        let season = self.changed(|draft, applicant| {
            draft.overrides.retain(|o| o.applicant != applicant || !o.kind.gives_place());
            let at = draft.overrides.partition_point(|o| (o.applicant, o.job) < (applicant, job));
            let (kind, stream) = (OverrideKind::Lock, None);
            draft.overrides.insert(at, Override { kind, applicant, job, stream, reason: "what if".into(), by: "what if".into() });
        })?;
        let mut options = self.options.clone();
        if let Some(rematch) = &mut options.rematch {
            let id = &*season.applicant(self.applicant).id;
            rematch.claims.retain(|claim| claim.applicant != *id);
        }
        (self.at)();
        solve(&Preparation::new(&season), &self.ranking, &options)
    }

    /// Returns the season with a change, under the rank costs of the outcome.
    fn changed(&self, change: impl FnOnce(&mut SeasonDraft, ApplicantIx)) -> Result<Season, WhatIfError> {
        let season = self.preparation.season();
        let mut draft = SeasonDraft {
            settings: season.settings().clone(),
            applicants: season.applicants().to_vec(),
            jobs: season.jobs().to_vec(),
            overrides: season.overrides().to_vec(),
        };
        draft.settings.rank_costs = self.rank_costs.clone();
        change(&mut draft, self.applicant);
        Ok(Season::new(draft)?)
    }
}

/// Returns everybody's place.
fn solve(preparation: &Preparation<'_>, ranking: &Ranking, options: &RunOptions) -> Result<Vec<Given>, WhatIfError> {
    let season = preparation.season();
    let mut places = vec![None; season.applicants().len()];
    if options.rematch.is_none() {
        let standings = vec![Standing::Waits; places.len()];
        for place in fill(preparation, ranking, options, &standings)? {
            places[place.applicant.get()] = Some((place.job, place.rank));
        }
    } else {
        // Claims take the long way.
        let outcome = run(preparation, ranking, options, &mut |_| {})?;
        for (place, decision) in places.iter_mut().zip(&outcome.decisions) {
            if let Verdict::Placed(placed) = &decision.verdict {
                *place = season.find_job(&placed.job).map(|job| (job, placed.rank));
            }
        }
    }
    Ok(places)
}
