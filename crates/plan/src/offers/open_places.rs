//! Which places offers are to fill, and who may be asked: from a season's files, and its record if there is one.

use feriematch_core::Preparation;
use feriematch_model::{ApplicantIx, DistrictIx, Job, Payer, Season, StreamIx};
use feriematch_rounds::{Holding, Life, State};
use jiff::civil::Date;

use crate::offers::{HomePool, Pool};

/// The places that offers are to fill, by who pays for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenPlaces {
    /// Those that home districts pay for, within their budgets.
    pub home: Pool,
    /// Those that only employers or others outside pay for.
    pub others: Pool,
    /// Offers whose deadline has passed: they are not answered, and no longer can be.
    pub overdue: u32,
}

impl OpenPlaces {
    /// Counts places and youths on a day. A place that somebody has belongs to whoever pays for it; a free one to the home districts if they may pay.
    ///
    /// The record is one of this season: whomever and whatever it knows is in the files.
    pub fn new(preparation: &Preparation<'_>, state: Option<&State>, day: Date) -> Self {
        let season = preparation.season();
        let settings = season.settings();
        let mut open = Count::new(season, false);
        let mut others = Count::new(season, true);
        let mut overdue = 0;
        for job in season.jobs() {
            let places = state.and_then(|state| state.places(&job.id)).unwrap_or(job.capacity);
            *(if pays_at_home(season, job) { &mut open.places } else { &mut others.places }) += places;
        }
        let life = |id: &str| state.and_then(|state| state.life(id));
        for (at, applicant) in season.applicants().iter().enumerate() {
            let home = applicant.home_district.get();
            let Some(place) = life(&applicant.id).and_then(|life| life.place.as_ref()) else {
                let has_left = life(&applicant.id).is_some_and(|Life { left, .. }| left.is_some());
                let takes_part = |count: &Count| count.streams.iter().any(|&s| preparation.takes_part(ApplicantIx::new(at), s));
                for count in [&mut open, &mut others] {
                    count.homes[home].waiting += u32::from(!has_left && takes_part(count));
                }
                continue;
            };
            let stream = settings.find_stream(&place.stream).map(|stream| settings.streams[stream.get()].payer);
            let is_home = stream == Some(Payer::HomeDistrict);
            if !is_home && season.find_job(&place.job).is_some_and(|job| pays_at_home(season, season.job(job))) {
                open.places = open.places.saturating_sub(1);
                others.places += 1;
            }
            let count = if is_home { &mut open } else { &mut others };
            match place.holding {
                Holding::Offered if place.deadline < day => overdue += 1,
                Holding::Offered => count.homes[home].unanswered += 1,
                Holding::Accepted | Holding::Signed => count.accept(home),
            }
        }
        Self { home: open.pool(), others: others.pool(), overdue }
    }
}

/// Returns whether the home district of whoever has the job may pay for it.
pub fn pays_at_home(season: &Season, job: &Job) -> bool {
    job.streams.rows().any(|row| season.settings().streams[row].payer == Payer::HomeDistrict)
}

/// What is counted of the places that some streams pay for.
struct Count {
    streams: Vec<StreamIx>,
    places: u32,
    /// What all streams together may pay for, if each says.
    cap: Option<u32>,
    homes: Vec<HomePool>,
}

impl Count {
    fn new(season: &Season, by_others: bool) -> Self {
        let settings = season.settings();
        let of_kind = |&at: &usize| (settings.streams[at].payer == Payer::HomeDistrict) != by_others;
        let streams: Vec<usize> = (0..settings.streams.len()).filter(of_kind).collect();
        let ceiling = |row: usize| season.home_cap(DistrictIx::new(row)).filter(|_| !by_others);
        let home = |row: usize| HomePool { ceiling: ceiling(row), ..HomePool::default() };
        Self {
            cap: streams.iter().map(|&at| settings.streams[at].cap).sum(),
            streams: streams.into_iter().map(StreamIx::new).collect(),
            places: 0,
            homes: (0..settings.districts.len()).map(home).collect(),
        }
    }

    fn accept(&mut self, home: usize) {
        self.places = self.places.saturating_sub(1);
        for most in [&mut self.cap, &mut self.homes[home].ceiling] {
            *most = most.map(|most| most.saturating_sub(1));
        }
    }

    fn pool(self) -> Pool {
        // Without any stream the sum of their caps is nothing, and there is no place either.
        Pool { places: self.cap.map_or(self.places, |cap| cap.min(self.places)), homes: self.homes }
    }
}
