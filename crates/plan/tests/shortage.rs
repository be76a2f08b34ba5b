//! Who competes for which places, beside the definition carried out by brute force.

#![expect(clippy::unwrap_used, reason = "what a test builds is known to be there")]

mod toy;

use std::collections::BTreeSet;

use feriematch_core::{Preparation, Ranking, RunOptions, run};
use feriematch_model::*;
use feriematch_plan::{Bottleneck, IdleBecause, OneMore, Shortage, idle_places, shortage};
use proptest::prelude::*;

use toy::{draft_of, season};

const OPTIONS: RunOptions = RunOptions::with(Mechanism::Priority, PlacementRule::LeastTotalRank);
const SEED: &str = "shortage";

fn outcome_of(season: &Season) -> Outcome {
    run(&Preparation::new(season), &Ranking::draw(season, SEED), &OPTIONS, &mut |_| ()).unwrap()
}

fn shortage_of(season: &Season) -> Shortage {
    shortage(&Preparation::new(season), &outcome_of(season))
}

/// Returns what one more gives, and of what, with the rows of bottlenecks.
fn gains_of(season: &Season, most: usize) -> Vec<(Option<usize>, OneMore, i64)> {
    let (outcome, ranking) = (outcome_of(season), Ranking::draw(season, SEED));
    let gains = shortage_of(season).gains(season, &outcome, &ranking, &OPTIONS, most, &|| ()).unwrap();
    gains.into_iter().map(|gain| (gain.bottleneck, gain.of, gain.gives.places)).collect()
}

/// A season whose jobs are all paid by the first stream, of payer `external`.
fn one_stream(capacities: &[u32], wishes: &[Vec<usize>]) -> SeasonDraft {
    let applicants: Vec<_> = wishes.iter().map(|wishes| (0, wishes.clone())).collect();
    let mut draft = draft_of(&season(capacities, &applicants, [None, None]));
    draft.settings.streams.truncate(1);
    draft.settings.streams[0].payer = Payer::External;
    draft.jobs.iter_mut().for_each(|job| job.streams = [StreamIx::new(0)].into_iter().collect());
    draft
}

/// Puts jobs into a department with a cap.
fn with_department(draft: &mut SeasonDraft, jobs: &[usize], cap: u32) {
    draft.settings.departments.push(Department { id: "traffic".into(), name: "traffic".into(), budget: None, cap: Some(cap) });
    let department = DepartmentIx::new(draft.settings.departments.len() - 1);
    for &job in jobs {
        draft.jobs[job].employer = Employer::Department(department);
    }
}

const fn place(job: usize) -> OneMore {
    OneMore { job: Some(JobIx::new(job)), department: None, stream: None, home: None }
}

/// Three for one place of job 0, two for one of job 1; job 2 has room for the one who wishes for it besides.
#[test]
fn jobs_that_have_no_applicant_in_common_are_bottlenecks_apart() {
    let wishes = [vec![0], vec![0], vec![0], vec![1], vec![1, 2], vec![1], vec![2]];
    let mut draft = one_stream(&[1, 1, 3], &wishes);
    draft.settings.areas.push(Area { id: "office".into(), name: "office".into() });
    draft.jobs[1].area = AreaIx::new(1);
    draft.jobs[2].area = AreaIx::new(1);
    let season = Season::new(draft).unwrap();
    let found = shortage_of(&season);
    assert_eq!(found.waiting, 3);
    let numbers: Vec<_> = found
        .bottlenecks
        .iter()
        .map(|scarce| {
            (scarce.jobs(), scarce.sum(|p| p.confined.len() as u32), scarce.sum(|p| p.places), scarce.sum(Bottleneck::without))
        })
        .collect();
    // Whoever could take job 2 as well does not compete for job 1 alone.
    assert_eq!(numbers, [(vec![JobIx::new(0)], 3, 1, 2), (vec![JobIx::new(1)], 2, 1, 1)]);
    assert_eq!(found.bottlenecks[1].traits.area, Some(AreaIx::new(1)));
    let gains = gains_of(&season, 10);
    assert_eq!(gains, [(Some(0), place(0), 1), (Some(1), place(1), 1)]);
    let idle = idle_places(&Preparation::new(&season), &outcome_of(&season));
    assert_eq!((idle.len(), idle[0].left, idle[0].wish, idle[0].because()), (1, 1, 2, IdleBecause::NobodyWaits));
}

/// Bottlenecks of one description are told together.
#[test]
fn bottlenecks_that_a_person_would_call_the_same_are_one() {
    let season = Season::new(one_stream(&[1, 2], &[vec![0], vec![0], vec![1], vec![1], vec![1], vec![1]])).unwrap();
    let found = shortage_of(&season);
    assert_eq!((found.bottlenecks.len(), found.bottlenecks[0].parts.len()), (1, 2));
    assert_eq!(found.bottlenecks[0].sum(Bottleneck::without), 3);
    assert_eq!((found.bottlenecks[0].traits.job, found.bottlenecks[0].traits.area), (None, Some(AreaIx::new(0))));
}

/// Five wish for two jobs of three places each in a department that may take two.
#[test]
fn where_a_cap_is_too_small_a_place_does_not_help() {
    let mut draft = one_stream(&[3, 3], &[vec![0, 1], vec![0], vec![1, 0], vec![1], vec![0]]);
    with_department(&mut draft, &[0, 1], 2);
    let season = Season::new(draft).unwrap();
    let found = shortage_of(&season);
    let part = &found.bottlenecks[0].parts[0];
    assert_eq!((part.confined.len(), part.places, part.free, part.without()), (5, 2, 6, 3));
    assert_eq!((&*part.departments, part.stream_cap), (&[DepartmentIx::new(0)][..], false));
    let cap = OneMore { department: Some(DepartmentIx::new(0)), ..OneMore::default() };
    let gains = gains_of(&season, 10);
    assert_eq!(gains[0], (Some(0), cap, 1));
    assert!(gains[1..].iter().all(|&(_, of, gives)| of.department.is_none() && gives == 0), "{gains:?}");
}

/// As many places as the cap allows: neither alone helps.
#[test]
fn where_places_and_cap_are_both_used_up_both_are_tried_together() {
    let mut draft = one_stream(&[1, 1], &[vec![0], vec![0], vec![1], vec![1]]);
    with_department(&mut draft, &[0, 1], 2);
    let season = Season::new(draft).unwrap();
    let gains = gains_of(&season, 10);
    let (_, best, gives) = gains[0];
    assert_eq!((best.job.is_some(), best.department, gives), (true, Some(DepartmentIx::new(0)), 1));
    assert!(gains[1..].iter().filter(|(_, of, _)| of.department.is_none()).all(|&(_, _, gives)| gives == 0), "{gains:?}");
}

#[test]
fn a_home_cap_that_is_used_up_is_told_apart() {
    let season = season(&[5], &[(0, vec![0]), (0, vec![0]), (0, vec![0]), (1, vec![0])], [Some(1), None]);
    let found = shortage_of(&season);
    assert!(found.bottlenecks.is_empty());
    let home = &found.homes[0];
    assert_eq!((home.cap, home.without(), home.district), (1, 2, DistrictIx::new(0)));
    let cap = OneMore { home: Some(DistrictIx::new(0)), ..OneMore::default() };
    assert_eq!(gains_of(&season, 10), [(None, cap, 1)]);
    let idle = idle_places(&Preparation::new(&season), &outcome_of(&season));
    assert_eq!((idle[0].left, idle[0].wait, idle[0].because()), (3, 2, IdleBecause::Cap));
}

/// In a bottleneck of two jobs, three could take job 0 only, which has one place.
#[test]
fn inside_a_bottleneck_the_jobs_that_are_too_small_for_their_own_are_named() {
    let mut draft = one_stream(&[1, 2], &[vec![0], vec![0], vec![0], vec![0, 1], vec![1, 0], vec![1, 0]]);
    draft.settings.areas.push(Area { id: "office".into(), name: "office".into() });
    draft.jobs[1].area = AreaIx::new(1);
    let found = shortage_of(&Season::new(draft).unwrap());
    let [scarce] = &*found.bottlenecks else { panic!("{:?}", found.bottlenecks) };
    assert_eq!((scarce.jobs().len(), scarce.sum(Bottleneck::without)), (2, 3));
    let [tight] = &*scarce.tight else { panic!("{:?}", scarce.tight) };
    assert_eq!((tight.jobs[0], tight.confined, tight.places, tight.without()), (JobIx::new(0), 3, 1, 2));
}

/// Jobs, caps, places given before: what is left for a stage.
#[derive(Clone)]
struct Left {
    jobs: Vec<u32>,
    departments: Vec<Option<u32>>,
    stream: Option<u32>,
}

impl Left {
    fn take(&mut self, season: &Season, job: JobIx) -> bool {
        let mut caps = vec![&mut self.stream];
        if let Employer::Department(d) = season.job(job).employer {
            caps.push(&mut self.departments[d.get()]);
        }
        if self.jobs[job.get()] == 0 || caps.iter().any(|cap| **cap == Some(0)) {
            return false;
        }
        self.jobs[job.get()] -= 1;
        for cap in caps {
            *cap = cap.map(|cap| cap - 1);
        }
        true
    }
}

/// Returns whether everybody of some can be placed at once, by trying everything.
fn placeable(season: &Season, left: &Left, wishes: &[&BTreeSet<JobIx>]) -> bool {
    let Some((first, rest)) = wishes.split_first() else { return true };
    first.iter().any(|&job| {
        let mut left = left.clone();
        left.take(season, job) && placeable(season, &left, rest)
    })
}

/// Returns the largest number of some who can be placed at once.
fn most_placeable(season: &Season, left: &Left, wishes: &[&BTreeSet<JobIx>]) -> usize {
    let mut kept: Vec<&BTreeSet<JobIx>> = Vec::new();
    for of_one in wishes {
        kept.push(of_one);
        if !placeable(season, left, &kept) {
            kept.pop();
        }
    }
    kept.len()
}

proptest! {
    /// Each stage is decided anew by the definition, and every bottleneck counted.
    #[test]
    fn bottlenecks_are_what_the_definition_says(
        capacities in prop::collection::vec(0_u32..3, 1..5),
        applicants in prop::collection::vec((0_usize..2, prop::collection::btree_set(0_usize..5, 0..4)), 1..9),
        caps in [prop::option::weighted(0.4, 0_u32..4), prop::option::weighted(0.4, 0_u32..4)],
        streams in prop::collection::vec(1_u8..4, 5),
        department in prop::collection::vec(any::<bool>(), 5),
        department_cap in prop::option::of(0_u32..4),
        stream_caps in [prop::option::weighted(0.3, 0_u32..4), prop::option::weighted(0.3, 0_u32..4)],
    ) {
        let known = |wishes: &BTreeSet<usize>| wishes.iter().copied().filter(|&job| job < capacities.len()).collect::<Vec<_>>();
        let applicants: Vec<_> = applicants.iter().map(|(home, wishes)| (*home, known(wishes))).collect();
        let mut draft = draft_of(&season(&capacities, &applicants, caps));
        for (row, job) in draft.jobs.iter_mut().enumerate() {
            job.streams = (0..2).filter(|stream| streams[row] >> stream & 1 == 1).map(StreamIx::new).collect();
        }
        if let Some(cap) = department_cap {
            let jobs: Vec<usize> = (0..capacities.len()).filter(|&row| department[row]).collect();
            with_department(&mut draft, &jobs, cap);
        }
        for (stream, cap) in draft.settings.streams.iter_mut().zip(stream_caps) {
            stream.cap = cap;
        }
        let season = Season::new(draft).unwrap();
        let outcome = outcome_of(&season);
        let found = shortage(&Preparation::new(&season), &outcome);

        let mut left = Left {
            jobs: capacities.clone(),
            departments: season.settings().departments.iter().map(|d| d.cap).collect(),
            stream: None,
        };
        let mut homes = [0, 1].map(|d| season.home_cap(DistrictIx::new(d)));
        let mut order: Vec<usize> = (0..applicants.len()).collect();
        order.sort_by_key(|&row| outcome.decisions[row].position);
        let placed = |row: usize| match &outcome.decisions[row].verdict {
            Verdict::Placed(placed) => Some((season.find_job(&placed.job).unwrap(), season.settings().find_stream(&placed.stream).unwrap())),
            _ => None,
        };
        let mut refused_before = BTreeSet::new();
        let mut without = BTreeSet::new();
        for stream in [0, 1].map(StreamIx::new) {
            left.stream = season.settings().streams[stream.get()].cap;
            let at_home = stream.get() == 0;
            let wishes: Vec<BTreeSet<JobIx>> = applicants
                .iter()
                .map(|(_, wishes)| wishes.iter().map(|&job| JobIx::new(job)).filter(|&j| season.job(j).streams.contains(stream)).collect())
                .collect();
            let takes_part = |row: &usize| !wishes[*row].is_empty() && placed(*row).is_none_or(|(_, of)| of >= stream);
            // Who: in ranking order, as section 5.1 of docs/mechanisms.md has it.
            let (mut selected, mut full) = (Vec::new(), BTreeSet::new());
            let mut kept: Vec<&BTreeSet<JobIx>> = Vec::new();
            let mut home_refused = [0, 0];
            for row in order.iter().copied().filter(takes_part) {
                let home = applicants[row].0;
                if at_home && homes[home] == Some(0) {
                    home_refused[home] += 1;
                    continue;
                }
                kept.push(&wishes[row]);
                if placeable(&season, &left, &kept) {
                    selected.push(row);
                    if at_home {
                        homes[home] = homes[home].map(|cap| cap - 1);
                    }
                } else {
                    kept.pop();
                    full.insert(row);
                }
            }
            let of_stage: Vec<&Bottleneck> = found.bottlenecks.iter().flat_map(|s| &s.parts).filter(|p| p.stream == stream).collect();
            let mut jobs_seen = BTreeSet::new();
            let mut refused_seen = BTreeSet::new();
            for part in of_stage {
                let jobs: BTreeSet<JobIx> = part.jobs.iter().copied().collect();
                prop_assert!(jobs.iter().all(|&job| jobs_seen.insert(job)), "a job is in two bottlenecks");
                let confined: BTreeSet<usize> =
                    selected.iter().chain(&full).copied().filter(|&row| wishes[row].is_subset(&jobs)).collect();
                prop_assert_eq!(part.confined.iter().map(|a| a.get()).collect::<BTreeSet<_>>(), confined.clone());
                let refused: BTreeSet<usize> = part.refused.iter().map(|a| a.get()).collect();
                prop_assert_eq!(&refused, &confined.intersection(&full).copied().collect());
                prop_assert!(!refused.is_empty(), "somebody competes in vain");
                let theirs: Vec<&BTreeSet<JobIx>> = confined.iter().map(|&row| &wishes[row]).collect();
                prop_assert_eq!(most_placeable(&season, &left, &theirs), part.places as usize);
                prop_assert_eq!(confined.len() - part.places as usize, refused.len());
                prop_assert_eq!(part.served_later as usize, refused.iter().filter(|&&row| placed(row).is_some()).count());
                prop_assert_eq!(part.free, part.jobs.iter().map(|job| left.jobs[job.get()]).sum::<u32>());
                refused_seen.extend(refused);
            }
            // Left out is only what an earlier stage has said.
            prop_assert!(full.difference(&refused_seen).all(|row| refused_before.contains(row)), "somebody refused is in no bottleneck");
            refused_before.extend(refused_seen.iter().copied());
            without.extend(refused_seen.into_iter().filter(|&row| placed(row).is_none()));
            for (district, count) in home_refused.into_iter().enumerate() {
                let told = found.homes.iter().filter(|h| h.stream == stream && h.district.get() == district);
                prop_assert_eq!(told.map(|h| h.refused.len()).sum::<usize>(), count);
            }
            without.extend(found.homes.iter().flat_map(|h| &h.refused).map(|a| a.get()).filter(|&row| placed(row).is_none()));
            for (job, _) in (0..applicants.len()).filter_map(placed).filter(|&(_, of)| of == stream) {
                prop_assert!(left.take(&season, job));
            }
        }
        prop_assert_eq!(without.len(), found.waiting as usize, "everybody who waits is in some bottleneck");
        let idle: u32 = idle_places(&Preparation::new(&season), &outcome).iter().map(|idle| idle.left).sum();
        prop_assert_eq!(idle, left.jobs.iter().sum::<u32>());
    }

    /// With one stream and no caps, one more place anywhere in a bottleneck is one more youth with a place; and classes that are too small are.
    #[test]
    fn one_more_place_in_a_bottleneck_is_one_more_youth(
        capacities in prop::collection::vec(0_u32..3, 1..6),
        wishes in prop::collection::vec(prop::collection::btree_set(0_usize..6, 1..4), 1..14),
        areas in prop::collection::vec(0_usize..2, 6),
    ) {
        let known = |wishes: &BTreeSet<usize>| wishes.iter().copied().filter(|&job| job < capacities.len()).collect::<Vec<_>>();
        let wishes: Vec<Vec<usize>> = wishes.iter().map(known).collect();
        let mut draft = one_stream(&capacities, &wishes);
        draft.settings.areas.push(Area { id: "office".into(), name: "office".into() });
        draft.jobs.iter_mut().zip(&areas).for_each(|(job, &area)| job.area = AreaIx::new(area));
        let season = Season::new(draft).unwrap();
        let found = shortage_of(&season);
        let jobs: usize = found.bottlenecks.iter().map(|scarce| scarce.jobs().len()).sum();
        let gains = gains_of(&season, 100);
        prop_assert_eq!(gains.len(), jobs);
        prop_assert!(gains.iter().all(|&(_, _, places)| places == 1), "{:?}", gains);
        prop_assert_eq!(found.bottlenecks.iter().map(|scarce| scarce.sum(Bottleneck::without)).sum::<u32>(), found.waiting);
        for (scarce, tight) in found.bottlenecks.iter().flat_map(|scarce| scarce.tight.iter().map(move |tight| (scarce, tight))) {
            let confined = wishes.iter().filter(|wishes| {
                !wishes.is_empty() && wishes.iter().all(|&job| tight.jobs.contains(&JobIx::new(job)))
            });
            prop_assert_eq!(confined.count(), tight.confined as usize);
            prop_assert_eq!(tight.jobs.iter().map(|job| capacities[job.get()]).sum::<u32>(), tight.places);
            prop_assert!(tight.without() > 0 && tight.without() <= scarce.sum(Bottleneck::without));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        prop_assert_eq!(pool.install(|| gains_of(&season, 100)), gains);
    }
}
