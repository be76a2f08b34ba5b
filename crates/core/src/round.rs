//! A round: the places that are free go to those who wait, and nobody who has a place is moved.

use feriematch_model::{ApplicantIx, JobIx, PlacedBy, StreamIx};

use crate::run::Record;
use crate::stage::Place;
use crate::{Preparation, Ranking, RunError, RunOptions};

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
/// place locked to it (between placements of equal cost it may choose otherwise), but no such season is set up and no evidence kept: for whoever plays thousands of seasons through. There is
/// one standing an applicant.
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
    record.serve(preparation, ranking, options, &mut |_| {})?;
    let waited = record.places.iter().zip(standings).filter(|(_, standing)| **standing == Standing::Waits);
    let places = waited.filter_map(|(place, _)| place.as_ref());
    Ok(places.map(|&(Place { applicant, job, stream, rank }, _)| NewPlace { applicant, job, stream, rank }).collect())
}
