//! The paper lottery: what a team with a printed list does, as the yardstick; `docs/mechanisms.md`, section 5.3.
//!
//! One pass over the ranking; each takes the first wish with a free place; nobody is looked at twice. It is a serial
//! dictatorship that breaks ties blindly and cannot make room for anybody, so it leaves places empty that others would have taken.
//! O(arcs) time.

use feriematch_model::{ApplicantIx, Season, StageReason, StreamIx};

use crate::locks::{Room, Shortage};
use crate::stage::Place;
use crate::{Acceptable, Eligibility, Preparation};

/// What the paper lottery gives one applicant: a place, or for each stream the reason why it did not pay for one.
pub(crate) type Drawn = Result<Place, Vec<StageReason>>;

/// Goes down the list of those who have no place yet.
pub(crate) fn draw(preparation: &Preparation<'_>, list: &[ApplicantIx], room: &mut Room) -> Vec<Drawn> {
    let season = preparation.season();
    let mut by_rank: Vec<Acceptable> = Vec::new();
    list.iter()
        .map(|&applicant| {
            by_rank.clear();
            by_rank.extend(preparation.acceptable(applicant));
            by_rank.sort_unstable_by_key(|a| (a.rank, a.job));
            let taken = by_rank.iter().find_map(|&a| {
                payer(preparation.eligibility(), season, applicant, a, room).map(|stream| Place {
                    applicant,
                    job: a.job,
                    stream,
                    rank: Some(a.rank),
                })
            });
            match taken {
                Some(place) => {
                    room.take(season, applicant, place.job, place.stream);
                    Ok(place)
                }
                None => Err(reasons(preparation, applicant, room)),
            }
        })
        .collect()
}

/// Returns the first stream of a job that admits the applicant and, like the job, has room.
fn payer(
    eligibility: &Eligibility<'_>,
    season: &Season,
    applicant: ApplicantIx,
    wish: Acceptable,
    room: &Room,
) -> Option<StreamIx> {
    season.job(wish.job).streams.rows().map(StreamIx::new).find(|&stream| {
        eligibility.stream_admits(stream, season.applicant(applicant))
            && room.shortage(season, applicant, wish.job, stream).is_none()
    })
}

/// Returns, for each stream, why it paid for no place.
fn reasons(preparation: &Preparation<'_>, applicant: ApplicantIx, room: &Room) -> Vec<StageReason> {
    let season = preparation.season();
    (0..season.settings().streams.len())
        .map(StreamIx::new)
        .map(|stream| {
            let funded = preparation.stage_jobs(applicant, stream).next();
            match funded.map(|a| room.shortage(season, applicant, a.job, stream)) {
                None => StageReason::NoEligibleJob,
                Some(Some(Shortage::Home)) => StageReason::HomeCap,
                Some(_) => StageReason::Full,
            }
        })
        .collect()
}
