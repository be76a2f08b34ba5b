//! Deferred acceptance and top trading cycles, word by word (docs/mechanisms.md, sections 5.3 to 5.5).

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::{Employer, StageReason};

use crate::reference::{Reference, Rest};

type Decided = (Vec<(usize, usize)>, BTreeMap<usize, StageReason>);

/// Where an applicant comes at a job.
fn standing(reference: &Reference<'_>, rest: &Rest, a: usize, j: usize) -> (bool, usize, bool, usize) {
    let applicant = &reference.season.applicants()[a];
    let lives_there = matches!(reference.season.jobs()[j].employer, Employer::District(d) if d == applicant.home_district);
    let class = if applicant.displaced { 0 } else { applicant.class.get() };
    (!applicant.displaced, class, !lives_there, rest.entrants.iter().position(|&b| a == b).unwrap())
}

/// The jobs of an applicant, the best first.
fn wishes(rest: &Rest, a: usize) -> Vec<usize> {
    let mut wishes: Vec<(u16, usize)> = rest.options[a].iter().map(|(&j, &rank)| (rank, j)).collect();
    wishes.sort_unstable();
    wishes.into_iter().map(|(_, j)| j).collect()
}

/// Those who take part at first, and those of each home district who may follow, in ranking order.
fn enter(reference: &Reference<'_>, rest: &Rest) -> (Vec<usize>, Vec<usize>) {
    let mut room = rest.homes.clone();
    let players = rest.entrants.iter().copied().filter(|&a| !rest.options[a].is_empty());
    players.partition(|&a| match &mut room[reference.home(a)] {
        Some(0) => false,
        Some(room) => {
            *room -= 1;
            true
        }
        None => true,
    })
}

fn reasons(rest: &Rest, places: &[(usize, usize)], outside: &[usize]) -> BTreeMap<usize, StageReason> {
    let waits = rest.entrants.iter().filter(|a| !places.iter().any(|(b, _)| *a == b));
    let reason = |&a: &usize| match a {
        a if rest.options[a].is_empty() => (a, StageReason::NoEligibleJob),
        a if outside.contains(&a) => (a, StageReason::HomeCap),
        a => (a, StageReason::Full),
    };
    waits.map(reason).collect()
}

/// In rounds: all who have no place propose at once, and then everything that is offered is compared anew.
pub(crate) fn deferred_acceptance(reference: &Reference<'_>, rest: &Rest) -> Decided {
    let (mut players, mut outside) = enter(reference, rest);
    let mut refused: BTreeSet<(usize, usize)> = BTreeSet::new();
    loop {
        let wish = |&a: &usize| Some((a, wishes(rest, a).into_iter().find(|&j| !refused.contains(&(a, j)))?));
        let mut offers: Vec<(usize, usize)> = players.iter().filter_map(wish).collect();
        let gone: Vec<usize> = players.iter().copied().filter(|&a| wish(&a).is_none()).collect();
        players.retain(|a| !gone.contains(a));
        for a in &gone {
            // The next of the same home district takes part.
            if let Some(at) = outside.iter().position(|&b| reference.home(b) == reference.home(*a)) {
                players.push(outside.remove(at));
            }
        }
        offers.sort_by_key(|&(a, j)| standing(reference, rest, a, j));
        let mut held: Vec<(usize, usize)> = Vec::new();
        for (a, j) in offers {
            let of_job = held.iter().filter(|&&(_, k)| k == j).count() as u32;
            let d = reference.department(j);
            let of_department = held.iter().filter(|&&(_, k)| reference.department(k) == d).count() as u32;
            if of_job < rest.jobs[j]
                && d.and_then(|d| rest.departments[d]).is_none_or(|cap| of_department < cap)
                && rest.stream.is_none_or(|cap| (held.len() as u32) < cap)
            {
                held.push((a, j));
            } else {
                refused.insert((a, j));
            }
        }
        if gone.is_empty() && held.len() == players.len() {
            assert_stable(reference, rest, &held, &outside);
            let reasons = reasons(rest, &held, &outside);
            return (held, reasons);
        }
    }
}

/// Nobody would rather have a place that is free under the caps, or that somebody who comes later holds.
fn assert_stable(reference: &Reference<'_>, rest: &Rest, held: &[(usize, usize)], outside: &[usize]) {
    for &a in rest.entrants.iter().filter(|a| !outside.contains(a)) {
        let own = held.iter().find(|(b, _)| a == *b).map(|&(_, j)| j);
        for j in wishes(rest, a).into_iter().take_while(|&j| Some(j) != own) {
            if own.is_some_and(|own| rest.options[a][&own] == rest.options[a][&j]) {
                continue;
            }
            // Who of those would be kept, if the place were offered?
            let mut offers: Vec<_> = held.to_vec();
            offers.push((a, j));
            offers.sort_by_key(|&(a, j)| standing(reference, rest, a, j));
            let mut kept: Vec<(usize, usize)> = Vec::new();
            for (b, k) in offers {
                let d = reference.department(k);
                let fits = !kept.iter().any(|&(c, _)| b == c)
                    && (kept.iter().filter(|&&(_, l)| l == k).count() as u32) < rest.jobs[k]
                    && d.and_then(|d| rest.departments[d])
                        .is_none_or(|cap| (kept.iter().filter(|&&(_, l)| reference.department(l) == d).count() as u32) < cap)
                    && rest.stream.is_none_or(|cap| (kept.len() as u32) < cap);
                if fits {
                    kept.push((b, k));
                }
            }
            assert!(!kept.contains(&(a, j)), "{a} and {j} block");
        }
    }
}

/// In rounds, with an owner for each job or cap.
pub(crate) fn top_trading_cycles(reference: &Reference<'_>, rest: &Rest) -> Decided {
    // Owners: jobs by row, then the caps of departments, then the stream's.
    let owner = |j: usize| {
        let department = reference.department(j).filter(|&d| rest.departments[d].is_some());
        let (jobs, departments) = (rest.jobs.len(), rest.departments.len());
        if rest.stream.is_some() { jobs + departments } else { department.map_or(j, |d| jobs + d) }
    };
    let comes = |owner: usize, a: usize| match owner {
        j if j < rest.jobs.len() => standing(reference, rest, a, j),
        _ => (false, 0, false, rest.entrants.iter().position(|&b| a == b).unwrap()),
    };
    let has_room = |places: &[(usize, usize)], j: usize| {
        let d = reference.department(j);
        (places.iter().filter(|&&(_, k)| k == j).count() as u32) < rest.jobs[j]
            && d.and_then(|d| rest.departments[d])
                .is_none_or(|cap| (places.iter().filter(|&&(_, k)| reference.department(k) == d).count() as u32) < cap)
            && rest.stream.is_none_or(|cap| (places.len() as u32) < cap)
    };
    let best = |places: &[(usize, usize)], a: usize| wishes(rest, a).into_iter().find(|&j| has_room(places, j));
    let (mut players, mut outside) = enter(reference, rest);
    let mut places: Vec<(usize, usize)> = Vec::new();
    let mut points_to: BTreeMap<usize, usize> = BTreeMap::new();
    loop {
        while let Some(at) = players.iter().position(|&a| best(&places, a).is_none()) {
            let leaver = players.remove(at);
            if let Some(at) = outside.iter().position(|&b| reference.home(b) == reference.home(leaver)) {
                players.push(outside.remove(at));
            }
        }
        if players.is_empty() {
            let reasons = reasons(rest, &places, &outside);
            return (places, reasons);
        }
        for j in 0..rest.jobs.len() {
            let owner = owner(j);
            if points_to.get(&owner).is_none_or(|a| !players.contains(a)) {
                points_to.insert(owner, *players.iter().min_by_key(|&&a| comes(owner, a)).unwrap());
            }
        }
        let next = |a: usize| points_to[&owner(best(&places, a).unwrap())];
        // Whoever comes back to themselves is on a cycle.
        let is_on_cycle = |&&a: &&usize| {
            (1..=players.len())
                .scan(a, |b, _| {
                    *b = next(*b);
                    Some(*b)
                })
                .any(|b| b == a)
        };
        let trading: Vec<usize> = players.iter().filter(is_on_cycle).copied().collect();
        let taken: Vec<(usize, usize)> = trading.iter().map(|&a| (a, best(&places, a).unwrap())).collect();
        players.retain(|a| !trading.contains(a));
        places.extend(taken);
    }
}
