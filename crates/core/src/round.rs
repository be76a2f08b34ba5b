//! A round: the places that are free go to those who wait, and nobody who has a place is moved.

use feriematch_model::{ApplicantIx, JobIx, Mechanism, PlacedBy, StreamIx};

use crate::locks::Room;
use crate::run::Record;
use crate::stage::Place;
use crate::{JobSet, Preparation, Ranking, RunError, RunOptions};

/// Where an applicant stands before a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Without a place, and wants one.
    Waits,
    /// With a place of this job, which this stream pays for.
    Holds(JobIx, StreamIx),
    /// Out of the season.
    HasLeft,
}

/// A place that somebody gets in a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewPlace {
    /// Who.
    pub applicant: ApplicantIx,
    /// Of which job.
    pub job: JobIx,
    /// Who pays.
    pub stream: StreamIx,
    /// Which of the applicant's wishes it meets, from 1; nothing if it was given by hand against them.
    pub rank: Option<u16>,
}

/// Gives the free places to those who wait, and returns who gets which, sorted by applicant.
///
/// These are the places that a [`run`](crate::run()) gives on the season without those who left and with everybody who has a
/// place locked to it; between placements of equal cost it may choose otherwise. But no such season is set up and no evidence
/// kept: for whoever plays thousands of seasons through. There is one standing an applicant, and nobody has a claim: what
/// `options` say of a rematch is not looked at.
///
/// # Errors
///
/// Returns who cannot keep a place, which lock of somebody who waits cannot stand, or why the solver could not take a stage's
/// problem.
///
/// # Complexity
///
/// That of the stages' selections and placements, for those who wait.
pub fn fill(
    preparation: &Preparation<'_>,
    ranking: &Ranking,
    options: &RunOptions,
    standings: &[Standing],
) -> Result<Vec<NewPlace>, RunError> {
    fill_open(preparation, ranking, options, standings, |_| true)
}

/// As [`fill`], with the free places of some jobs only. Places given by hand are given in any case.
///
/// # Errors
///
/// As [`fill`].
pub fn fill_open(
    preparation: &Preparation<'_>,
    ranking: &Ranking,
    options: &RunOptions,
    standings: &[Standing],
    is_open: impl Fn(JobIx) -> bool,
) -> Result<Vec<NewPlace>, RunError> {
    let season = preparation.season();
    let mut record = Record::new(season);
    for (row, standing) in standings.iter().enumerate() {
        let applicant = ApplicantIx::new(row);
        match *standing {
            Standing::Waits => {}
            Standing::HasLeft => record.has_left[row] = true,
            Standing::Holds(job, stream) => {
                if let Some(shortage) = record.room.shortage(season, applicant, job, stream) {
                    return Err(RunError::Held {
                        applicant: season.applicant(applicant).id.clone().into_string(),
                        job: season.job(job).id.clone().into_string(),
                        problem: shortage.into(),
                    });
                }
                record.room.take(season, applicant, job, stream);
                record.places[row] = Some((Place { applicant, job, stream, rank: None }, PlacedBy::Hold));
            }
        }
    }
    record.lock(preparation)?;
    (0..season.jobs().len()).map(JobIx::new).filter(|&job| !is_open(job)).for_each(|job| record.room.close(job));
    let open = Open::new(preparation, &record.room);
    let mut somebody_can = false;
    for (row, standing) in standings.iter().enumerate().filter(|&(row, _)| record.places[row].is_none()) {
        let applicant = ApplicantIx::new(row);
        let has_left = *standing == Standing::HasLeft;
        let can_take = !has_left && open.to(applicant);
        // Whoever could only take jobs that are full has no part in the round, but where turns are added up they have theirs.
        record.has_left[row] = has_left || !(can_take || options.mechanism == Mechanism::RankMaximal);
        somebody_can = somebody_can || (can_take && open.is_paid_for(applicant));
    }
    if !somebody_can {
        // Nothing but locks.
        return Ok(new_places(&record, standings));
    }
    record.serve(preparation, ranking, options, &mut |_| {})?;
    Ok(new_places(&record, standings))
}

/// Returns the places of those who waited.
fn new_places(record: &Record<'_>, standings: &[Standing]) -> Vec<NewPlace> {
    let waited = record.places.iter().zip(standings).filter(|(_, standing)| **standing == Standing::Waits);
    let places = waited.filter_map(|(place, _)| place.as_ref());
    places.map(|&(Place { applicant, job, stream, rank }, _)| NewPlace { applicant, job, stream, rank }).collect()
}

/// What is open to those who wait, once everybody who has a place sits.
struct Open<'p, 's> {
    preparation: &'p Preparation<'s>,
    room: &'p Room,
    /// Whether each set of jobs has one with room.
    sets: Vec<bool>,
}

impl<'p, 's> Open<'p, 's> {
    fn new(preparation: &'p Preparation<'s>, room: &'p Room) -> Self {
        let season = preparation.season();
        let has_place = |set: &JobSet| set.jobs.iter().any(|&job| room.has_place(season, job));
        Self { preparation, room, sets: preparation.job_sets().iter().map(has_place).collect() }
    }

    /// Returns whether any job that an applicant would take has room.
    fn to(&self, applicant: ApplicantIx) -> bool {
        let has_place = |job| self.room.has_place(self.preparation.season(), job);
        self.preparation.single(applicant).iter().any(|acceptable| has_place(acceptable.job))
            || self.preparation.shared(applicant).iter().any(|wish| self.sets[wish.set as usize])
    }

    /// Returns whether any stream that admits an applicant would still pay for a place.
    fn is_paid_for(&self, applicant: ApplicantIx) -> bool {
        let season = self.preparation.season();
        let applicant = season.applicant(applicant);
        let admitting = self.preparation.eligibility().streams_admitting(applicant);
        admitting.rows().any(|stream| self.room.pays_for(season, applicant.home_district, StreamIx::new(stream)))
    }
}
