//! One season, played through.

use feriematch_core::{NewPlace, Preparation, Ranking, RunOptions, Standing, fill};
use feriematch_model::{ApplicantIx, DistrictIx, Payer, Season, StreamIx};
use feriematch_rounds::{Offer, State, Step, calendar};
use jiff::civil::Date;

use crate::changed::changed;
use crate::{Answers, ByPayer, PlanError, Rate, Tally};

/// How many working days there are to answer an offer.
const DAYS_TO_ANSWER: u32 = 5;

/// Plays seasons through: the same applicants and jobs, with another lottery and other answers for each seed.
#[derive(Debug)]
pub struct Player<'p, 's> {
    preparation: &'p Preparation<'s>,
    options: RunOptions,
    /// For each home district, the share of offers that are declined.
    rates: Vec<Rate>,
    first_day: Date,
}

/// What came out of one season.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Played {
    /// How many rounds had something to offer.
    pub rounds: u32,
    /// How many places nobody has at the end.
    pub free: u32,
    /// For each home district, what became of the offers to those who live there.
    pub homes: Vec<ByPayer<u32>>,
}

impl Played {
    /// Returns what became of the offers to everybody.
    pub fn total(&self) -> ByPayer<u32> {
        let mut total = ByPayer::default();
        self.homes.iter().for_each(|home| total.add(home));
        total
    }
}

impl<'p, 's> Player<'p, 's> {
    /// Prepares to play a season, of which such a share of the offers is declined in each home district.
    ///
    /// # Errors
    ///
    /// Returns an error unless there is one share a district.
    pub fn new(preparation: &'p Preparation<'s>, options: RunOptions, rates: Vec<Rate>) -> Result<Self, PlanError> {
        let settings = preparation.season().settings();
        let districts = settings.districts.len();
        if rates.len() != districts {
            return Err(PlanError::Districts { what: "shares", found: rates.len(), districts });
        }
        // Answers do not depend on the day; the rounds only need some.
        let first_day = Date::new(settings.year, 1, 1).map_err(|_| PlanError::Calendar)?;
        Ok(Self { preparation, options, rates, first_day })
    }

    /// Returns the season that is played.
    pub fn season(&self) -> &'s Season {
        self.preparation.season()
    }

    /// Plays the season of a seed through.
    ///
    /// # Errors
    ///
    /// Returns why a round could not be matched, or which step cannot be.
    ///
    /// # Complexity
    ///
    /// That of matching each round, plus O(offers log offers).
    pub fn play(&self, seed: &str) -> Result<Played, PlanError> {
        self.play_to(seed).map(|(played, _)| played)
    }

    /// Plays the season of a seed through, and also returns the record's state at the end.
    ///
    /// # Errors
    ///
    /// As [`play`](Self::play).
    pub fn play_to(&self, seed: &str) -> Result<(Played, State), PlanError> {
        let season = self.season();
        let ranking = Ranking::draw(season, seed);
        let answers = Answers::new(seed);
        let mut played = Played { homes: vec![ByPayer::default(); self.rates.len()], ..Played::default() };
        let mut standings = vec![Standing::Waits; season.applicants().len()];
        let mut state = State::new();
        let mut day = self.first_day;
        let places = season.jobs().iter().map(|job| (&*job.id, job.capacity));
        state.take(day, Step::open(&*season.settings().name, places))?;
        state.take(day, Step::Draw { seed: seed.to_owned() })?;
        loop {
            let round = played.rounds + 1;
            let places = fill(self.preparation, &ranking, &self.options, &standings)
                .map_err(|source| PlanError::Round { round, source })?;
            if places.is_empty() {
                break;
            }
            played.rounds = round;
            let deadline = calendar::working_days_after(day, DAYS_TO_ANSWER).ok_or(PlanError::Calendar)?;
            let offers = places.iter().map(|place| self.offer(place)).collect();
            state.take(day, Step::Publish { round, deadline, offers, moves: Vec::new(), outcome: None })?;
            for NewPlace { applicant, job, stream, .. } in places {
                let home = season.applicant(applicant).home_district;
                let tally = self.tally(&mut played, home, stream);
                tally.offered += 1;
                let id = self.id(applicant);
                if answers.declines(&id, self.rates[home.get()]) {
                    tally.declined += 1;
                    standings[applicant.get()] = Standing::HasLeft;
                    state.take(deadline, Step::Decline { applicant: id, because: String::new() })?;
                } else {
                    tally.hired += 1;
                    standings[applicant.get()] = Standing::Holds(job, stream);
                    state.take(deadline, Step::Accept { applicant: id, or_better: false })?;
                }
            }
            day = deadline;
        }
        played.free = state.free();
        Ok((played, state))
    }

    /// Returns where the offers of a stream to those who live in a district are counted.
    fn tally<'a>(&self, played: &'a mut Played, home: DistrictIx, stream: StreamIx) -> &'a mut Tally<u32> {
        let by_payer = &mut played.homes[home.get()];
        match self.season().settings().streams[stream.get()].payer {
            Payer::HomeDistrict => &mut by_payer.home,
            Payer::Employer | Payer::External => &mut by_payer.others,
        }
    }

    fn offer(&self, place: &NewPlace) -> Offer {
        let season = self.season();
        Offer {
            applicant: self.id(place.applicant),
            job: season.job(place.job).id.clone().into_string(),
            stream: season.settings().streams[place.stream.get()].id.clone().into_string(),
            rank: place.rank,
        }
    }

    fn id(&self, applicant: ApplicantIx) -> String {
        self.season().applicant(applicant).id.clone().into_string()
    }
}

/// Returns the season in which each home district has a ceiling, in place of what its budget and its cap say.
///
/// # Errors
///
/// Returns an error unless there is one ceiling a district.
pub fn with_ceilings(season: &Season, ceilings: &[u32]) -> Result<Season, PlanError> {
    let districts = season.settings().districts.len();
    if ceilings.len() != districts {
        return Err(PlanError::Districts { what: "ceilings", found: ceilings.len(), districts });
    }
    changed(season, |draft| {
        for (district, &ceiling) in draft.settings.districts.iter_mut().zip(ceilings) {
            district.budget = None;
            district.cap = Some(ceiling);
        }
    })
}
