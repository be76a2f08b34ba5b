//! The paper lottery: what a team with a printed list does, as the yardstick; `docs/mechanisms.md`, section 5.7.
//!
//! One pass over the ranking; each takes the first wish with a free place; nobody is looked at twice. It is a serial
//! dictatorship that breaks ties blindly and cannot make room for anybody, so it leaves places empty that others would have taken.
//! Time is linear in wishes for single jobs; somebody who also wishes for a class of jobs goes on from where the last one with the
//! same wish and the same streams had to stop.

use feriematch_model::{ApplicantIx, SmallSet, StageReason, StreamIx};
use rustc_hash::FxHashMap;

use crate::locks::{Room, place_locks};
use crate::stage::Place;
use crate::{Acceptable, Preparation, Ranking, SharedWish};

/// What the paper lottery gives everybody, without reasons: all that a comparison needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperDraw {
    /// For each applicant who gets a place, the rank of the wish; none where the place is locked and not wished for.
    pub ranks: Vec<Option<u16>>,
    /// How many could take some job wished for, and get no place.
    pub waiting: u32,
}

impl PaperDraw {
    /// Goes down the ranking of a season whose locks can stand.
    ///
    /// # Complexity
    ///
    /// Time linear in the wishes, plus the sets of jobs × combinations of streams with room that applicants meet.
    pub fn new(preparation: &Preparation<'_>, ranking: &Ranking) -> Self {
        let season = preparation.season();
        let mut room = Room::new(season);
        let (locked, _) = place_locks(preparation.eligibility(), season, &mut room, |_| true);
        let mut ranks: Vec<Option<u16>> = locked.iter().map(|l| preparation.rank(l.applicant, l.job)).collect();
        let mut is_locked = vec![false; season.applicants().len()];
        for l in &locked {
            is_locked[l.applicant.get()] = true;
        }
        let list: Vec<ApplicantIx> = ranking.order().iter().copied().filter(|a| !is_locked[a.get()]).collect();
        let mut waiting = 0;
        draw(preparation, &list, &mut room, |applicant, place, _| match place {
            Some(place) => ranks.push(place.rank),
            None => waiting += u32::from(preparation.has_acceptable(applicant)),
        });
        Self { ranks, waiting }
    }
}

/// Goes down the list of those who have no place yet, and tells of each the place, if any, and the room that is then left.
pub(crate) fn draw(
    preparation: &Preparation<'_>,
    list: &[ApplicantIx],
    room: &mut Room,
    mut tell: impl FnMut(ApplicantIx, Option<Place>, &Room),
) {
    let season = preparation.season();
    let mut by_rank: Vec<Acceptable> = Vec::new();
    // How far into each set of jobs nothing is left for whom only some streams would pay. Room never comes back.
    let mut passed: FxHashMap<(u32, SmallSet<StreamIx>), usize> = FxHashMap::default();
    for &applicant in list {
        let admitting = preparation.eligibility().streams_admitting(season.applicant(applicant));
        let home = season.applicant(applicant).home_district;
        let paying: SmallSet<StreamIx> =
            admitting.rows().map(StreamIx::new).filter(|&stream| room.pays_for(season, home, stream)).collect();
        // The first stream of the job that admits the applicant and, like the job, has room.
        let payer = |job| {
            let streams = preparation.eligibility().streams_of(job).intersection(paying);
            streams.rows().map(StreamIx::new).next().filter(|_| room.has_place(season, job))
        };
        by_rank.clear();
        by_rank.extend(preparation.single(applicant).iter().filter(|a| room.job(a.job) > 0));
        for &SharedWish { set, rank } in preparation.shared(applicant) {
            let jobs = &preparation.job_sets()[set as usize].jobs;
            let passed = passed.entry((set, paying)).or_default();
            *passed += jobs[*passed..].iter().take_while(|&&job| payer(job).is_none()).count();
            by_rank.extend(jobs.get(*passed).map(|&job| Acceptable { job, rank }));
        }
        by_rank.sort_unstable_by_key(|a| (a.rank, a.job));
        let taken = by_rank.iter().find_map(|a| payer(a.job).map(|stream| (a.job, stream, a.rank)));
        let place = taken.map(|(job, stream, rank)| Place { applicant, job, stream, rank: Some(rank) });
        if let Some(place) = place {
            room.take(season, applicant, place.job, place.stream);
        }
        tell(applicant, place, room);
    }
}

/// Returns, for each stream, why it paid for no place.
pub(crate) fn reasons(preparation: &Preparation<'_>, applicant: ApplicantIx, room: &Room) -> impl Iterator<Item = StageReason> {
    let season = preparation.season();
    (0..season.settings().streams.len()).map(StreamIx::new).map(move |stream| {
        let home = season.applicant(applicant).home_district;
        if !preparation.takes_part(applicant, stream) {
            StageReason::NoEligibleJob
        } else if room.is_home_full(season, home, stream) {
            StageReason::HomeCap
        } else {
            StageReason::Full
        }
    })
}
