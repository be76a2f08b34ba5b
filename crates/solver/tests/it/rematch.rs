use feriematch_solver::{
    Problem, ProblemBuilder, RematchOutcome, Rematched, RowOutcome, Selection, SolveError, Standing, Violation, place,
    place_reference, rematch, select,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::brute_force::groups_above;
use crate::certificate::assert_proven;
use crate::classes;
use crate::instances::{Limits, SMALL, TINY, problems};

/// How full each column, group and row group is.
#[derive(Debug, Clone)]
struct Load {
    columns: Vec<u32>,
    groups: Vec<u32>,
    row_groups: Vec<u32>,
}

impl Load {
    fn new(problem: &Problem) -> Self {
        let zeros = |count: usize| vec![0; count];
        Self {
            columns: zeros(problem.column_count()),
            groups: zeros(problem.group_count()),
            row_groups: zeros(problem.row_group_caps().len()),
        }
    }

    fn group_has_room(&self, problem: &Problem, row: u32) -> bool {
        problem.row_group(row).is_none_or(|group| self.row_groups[group as usize] < problem.row_group_caps()[group as usize])
    }

    fn has_room(&self, problem: &Problem, column: u32) -> bool {
        self.columns[column as usize] < problem.column_capacity(column)
            && groups_above(problem, column).iter().all(|&group| self.groups[group as usize] < problem.group_capacity(group))
    }

    fn seat(&mut self, problem: &Problem, column: u32) {
        self.columns[column as usize] += 1;
        for group in groups_above(problem, column) {
            self.groups[group as usize] += 1;
        }
    }

    fn count(&mut self, problem: &Problem, row: u32) {
        if let Some(group) = problem.row_group(row) {
            self.row_groups[group as usize] += 1;
        }
    }
}

/// Returns the least (moves, cost) of placing these rows, each with its claim, beside a load, by trying everything.
fn least(problem: &Problem, load: &Load, rows: &[(u32, Option<u32>)]) -> Option<(u32, i64)> {
    let Some((&(row, claim), rest)) = rows.split_first() else {
        return Some((0, 0));
    };
    let tried = problem.arcs(row).filter(|&(column, _)| load.has_room(problem, column)).filter_map(|(column, cost)| {
        let mut load = load.clone();
        load.seat(problem, column);
        let (moves, further) = least(problem, &load, rest)?;
        Some((moves + u32::from(claim.is_some_and(|claim| claim != column)), cost + further))
    });
    tried.min()
}

/// What a rematch is by definition.
struct Defined {
    outcomes: Vec<Option<RematchOutcome>>,
    moves: u32,
    cost: i64,
}

/// Replays the definition turn by turn. The outcomes of rows that have a place, wherever, are `None`.
fn defined(problem: &Problem, standings: &[Standing], max_moves: Option<u32>, unlimited: Option<&Defined>) -> Defined {
    let mut load = Load::new(problem);
    for (row, standing) in (0..).zip(standings) {
        if let Standing::Locked(column) = *standing {
            load.seat(problem, column);
            load.count(problem, row);
        }
    }
    let beside_locked = load.clone();
    let mut placed = Vec::new();
    let mut displaced = Vec::new();
    for (row, standing) in (0..).zip(standings) {
        if let Standing::Movable(column) = *standing {
            let room = load.has_room(problem, column) && load.group_has_room(problem, row);
            if room && problem.cost(row, column).is_some() {
                load.seat(problem, column);
                load.count(problem, row);
                placed.push((row, Some(column)));
            } else {
                displaced.push(row);
            }
        }
    }
    let waiting = (0..).zip(standings).filter(|(_, standing)| **standing == Standing::Waiting).map(|(row, _)| row);
    let mut outcomes: Vec<_> =
        standings.iter().map(|standing| (*standing == Standing::Gone).then_some(RematchOutcome::Gone)).collect();
    let is_shut_out = |row: u32| !problem.arcs(row).any(|(column, _)| beside_locked.has_room(problem, column));
    for row in displaced.into_iter().chain(waiting) {
        placed.push((row, None));
        let fits = least(problem, &beside_locked, &placed).is_some_and(|(moves, _)| max_moves.is_none_or(|most| moves <= most));
        let refusal = if problem.arcs(row).len() == 0 {
            Some(RematchOutcome::NoArc)
        } else if !load.group_has_room(problem, row) {
            Some(RematchOutcome::RowCap)
        } else if fits {
            None
        } else if is_shut_out(row) || unlimited.is_none_or(|defined| defined.outcomes[row as usize] == Some(RematchOutcome::Full))
        {
            Some(RematchOutcome::Full)
        } else {
            Some(RematchOutcome::MoveLimit)
        };
        outcomes[row as usize] = refusal;
        match refusal {
            None => load.count(problem, row),
            Some(_) => drop(placed.pop()),
        }
    }
    let (moves, cost) = least(problem, &beside_locked, &placed).unwrap();
    Defined { outcomes, moves, cost }
}

/// Asserts that a rematch is as defined, and that what it says about it is true.
fn assert_as_defined(problem: &Problem, standings: &[Standing], rematched: &Rematched, defined: &Defined) {
    let mut load = Load::new(problem);
    for (row, (outcome, expected)) in (0..).zip(rematched.outcomes.iter().zip(&defined.outcomes)) {
        match (*outcome, *expected) {
            (RematchOutcome::Placed(column), None) => {
                assert!(load.has_room(problem, column) && load.group_has_room(problem, row), "row {row} sits in no place");
                load.seat(problem, column);
                load.count(problem, row);
                match standings[row as usize] {
                    Standing::Locked(own) => assert_eq!(column, own, "row {row} is locked"),
                    _ => assert!(problem.cost(row, column).is_some(), "row {row} sits where it has no arc"),
                }
            }
            (outcome, expected) => assert_eq!(Some(outcome), expected, "row {row}"),
        }
    }
    assert_eq!((rematched.moves, rematched.cost), (defined.moves, defined.cost));
}

/// Returns problems and standings of their rows: somewhere by an arc or by none, waiting, or gone. What is locked fits.
fn rematches(limits: Limits) -> impl Strategy<Value = (Problem, Vec<Standing>)> {
    with_standings(problems(limits), limits.rows)
}

fn with_standings(problems: impl Strategy<Value = Problem>, rows: usize) -> impl Strategy<Value = (Problem, Vec<Standing>)> {
    (problems, vec((0_u8..10, any::<Index>()), rows)).prop_map(|(problem, wishes)| {
        let by_columns = problem.expanded();
        let mut load = Load::new(&problem);
        let standing = |(row, (kind, index)): (u32, (u8, Index))| {
            let anywhere = index.index(problem.column_count()) as u32;
            let arcs = by_columns.arcs(row).len();
            let at_arc = (arcs > 0).then(|| by_columns.arcs(row).nth(index.index(arcs)).unwrap().0);
            let (column, is_locked) = match kind {
                0 | 1 => (at_arc.unwrap_or(anywhere), true),
                2 => (anywhere, true),
                3..7 => (at_arc.unwrap_or(anywhere), false),
                7 => (anywhere, false),
                8 => return Standing::Waiting,
                _ => return Standing::Gone,
            };
            if !is_locked {
                return Standing::Movable(column);
            }
            if !load.has_room(&problem, column) || !load.group_has_room(&problem, row) {
                return Standing::Waiting;
            }
            load.seat(&problem, column);
            load.count(&problem, row);
            Standing::Locked(column)
        };
        let standings = (0..problem.row_count() as u32).zip(wishes).map(standing).collect();
        (problem, standings)
    })
}

fn without_movable(standings: &[Standing]) -> Vec<Standing> {
    let stay = |standing: &Standing| match *standing {
        Standing::Movable(_) => Standing::Waiting,
        other => other,
    };
    standings.iter().map(stay).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn does_what_the_definition_says((problem, standings) in rematches(TINY)) {
        let unlimited = defined(&problem, &standings, None, None);
        let rematched = rematch(&problem, &standings, None).unwrap();
        assert_as_defined(&problem, &standings, &rematched, &unlimited);
        prop_assert_eq!(rematched.check(&problem, &standings), Ok(()));
        assert_proven(&rematched.evidence.problem, &rematched.evidence.unlimited);
        prop_assert_eq!(&rematch(&problem, &standings, None).unwrap(), &rematched);
        for most in 0..4 {
            let limited = rematch(&problem, &standings, Some(most)).unwrap();
            let expected = defined(&problem, &standings, Some(most), Some(&unlimited));
            assert_as_defined(&problem, &standings, &limited, &expected);
            prop_assert!(limited.moves <= most);
            prop_assert_eq!(limited.unlimited_moves, rematched.moves);
            prop_assert_eq!(limited.check(&problem, &standings), Ok(()));
        }
    }
}

/// The problem of the rows that wait, in the room beside the locked; the others have no arc.
fn reduced(problem: &Problem, standings: &[Standing]) -> Problem {
    let mut load = Load::new(problem);
    for (row, standing) in (0..).zip(standings) {
        if let Standing::Locked(column) = *standing {
            load.seat(problem, column);
            load.count(problem, row);
        }
    }
    let mut builder = ProblemBuilder::new();
    for (group, used) in (0..).zip(load.groups) {
        builder.add_group(problem.group_capacity(group) - used, problem.parent_of_group(group)).unwrap();
    }
    for (column, used) in (0..).zip(load.columns) {
        builder.add_column(problem.column_capacity(column) - used, problem.group_of_column(column)).unwrap();
    }
    for (cap, used) in problem.row_group_caps().iter().zip(load.row_groups) {
        builder.add_row_group(cap - used).unwrap();
    }
    for (row, standing) in (0..).zip(standings) {
        let arcs = problem.arcs(row).filter(|_| *standing == Standing::Waiting);
        builder.add_row(problem.row_group(row), arcs).unwrap();
    }
    builder.build()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn with_all_locked_is_select_and_place_of_the_rest((problem, standings) in rematches(SMALL)) {
        let standings = without_movable(&standings);
        let rematched = rematch(&problem, &standings, None).unwrap();
        let reduced = reduced(&problem, &standings);
        let selection = select(&reduced);
        prop_assert_eq!(rematched.cost, place(&reduced, &selection).unwrap().cost);
        prop_assert_eq!(rematched.moves, 0);
        prop_assert_eq!(rematched.check(&problem, &standings), Ok(()));
        assert_proven(&rematched.evidence.problem, &rematched.evidence.unlimited);
        for ((standing, outcome), reduced) in standings.iter().zip(&rematched.outcomes).zip(&selection.outcomes) {
            let agree = match (*standing, *outcome) {
                (Standing::Locked(own), RematchOutcome::Placed(column)) => own == column,
                (Standing::Gone, outcome) => outcome == RematchOutcome::Gone,
                (_, RematchOutcome::Placed(_)) => matches!(reduced, RowOutcome::Kept(_)),
                (_, RematchOutcome::NoArc) => *reduced == RowOutcome::NoArc,
                (_, RematchOutcome::RowCap) => *reduced == RowOutcome::RowCap,
                (_, RematchOutcome::Full) => *reduced == RowOutcome::Full,
                _ => false,
            };
            prop_assert!(agree, "{:?} {:?} {:?}", standing, outcome, reduced);
        }
    }

    #[test]
    fn agrees_with_the_reference((problem, standings) in rematches(SMALL)) {
        let rematched = rematch(&problem, &standings, None).unwrap();
        prop_assert_eq!(rematched.check(&problem, &standings), Ok(()));
        let evidence = &rematched.evidence;
        assert_proven(&evidence.problem, &evidence.unlimited);
        let anew = select(&evidence.problem);
        prop_assert!(anew.kept().eq(evidence.unlimited.kept()));
        prop_assert_eq!(place_reference(&evidence.problem, &anew).unwrap().cost, evidence.placement.cost);
    }
}

/// The same problem where a move costs one and all else nothing.
fn moves_only(problem: &Problem, move_cost: i64) -> Problem {
    let mut builder = ProblemBuilder::new();
    for group in 0..problem.group_count() as u32 {
        builder.add_group(problem.group_capacity(group), problem.parent_of_group(group)).unwrap();
    }
    for column in 0..problem.column_count() as u32 {
        builder.add_column(problem.column_capacity(column), problem.group_of_column(column)).unwrap();
    }
    for row in 0..problem.row_count() as u32 {
        let counted = |(column, cost)| (column, i64::from(move_cost > 0 && cost >= move_cost));
        builder.add_row(None, problem.arcs(row).map(counted)).unwrap();
    }
    builder.build()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whoever is refused for the limit, or let in, would need more moves than allowed, or no more.
    #[test]
    fn counts_moves_turn_by_turn((problem, standings) in rematches(SMALL), part in 0.0..1.0) {
        let unlimited = rematch(&problem, &standings, None).unwrap();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a small count")]
        let most = (f64::from(unlimited.moves) * part) as u32;
        let rematched = rematch(&problem, &standings, Some(most)).unwrap();
        prop_assert_eq!(rematched.check(&problem, &standings), Ok(()));
        let evidence = &rematched.evidence;
        let counted = moves_only(&evidence.problem, evidence.move_cost);
        let refused = RowOutcome::Full;
        let mut so_far = Selection { outcomes: vec![refused; evidence.rows.len()], closed_by: Vec::new() };
        for (turn, &row) in evidence.rows.iter().enumerate() {
            let outcome = rematched.outcomes[row as usize];
            so_far.outcomes[turn] = RowOutcome::Kept(0);
            if matches!(outcome, RematchOutcome::RowCap | RematchOutcome::Full) {
                so_far.outcomes[turn] = refused;
            } else if outcome == RematchOutcome::MoveLimit {
                if let Ok(placement) = place_reference(&counted, &so_far) {
                    prop_assert!(placement.cost > i64::from(most));
                }
                so_far.outcomes[turn] = refused;
            }
        }
        prop_assert_eq!(place_reference(&evidence.problem, &so_far).unwrap().cost, evidence.placement.cost);
        prop_assert_eq!(place_reference(&counted, &so_far).unwrap().cost, i64::from(rematched.moves));
        prop_assert!(rematched.moves <= most);
    }
}

fn is_placed(rematched: &Rematched) -> Vec<bool> {
    rematched.outcomes.iter().map(|outcome| matches!(outcome, RematchOutcome::Placed(_))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Who sits somewhere by an arc to a class is moved away from there like anybody else.
    #[test]
    fn arcs_to_classes_mean_arcs_to_their_columns((problem, standings) in with_standings(classes::problems(40), 40)) {
        let expanded = problem.expanded();
        for standings in [&standings, &without_movable(&standings)] {
            for most in [None, Some(0), Some(1), Some(3)] {
                let rematched = rematch(&problem, standings, most).unwrap();
                prop_assert_eq!(rematched.check(&problem, standings), Ok(()));
                let by_columns = rematch(&expanded, standings, most).unwrap();
                prop_assert_eq!(is_placed(&rematched), is_placed(&by_columns));
                let figures = |rematched: &Rematched| (rematched.moves, rematched.unlimited_moves, rematched.cost);
                prop_assert_eq!(figures(&rematched), figures(&by_columns));
            }
        }
    }
}

/// Columns of one place in a row; everybody has the next one as an alternative, and the last is free.
fn chain(length: u32) -> (Problem, Vec<Standing>) {
    let mut builder = ProblemBuilder::new();
    for _ in 0..=length {
        builder.add_column(1, None).unwrap();
    }
    for row in 0..length {
        builder.add_row(None, [(row, 1), (row + 1, 0)]).unwrap();
    }
    builder.add_row(None, [(0, 7)]).unwrap();
    let mut standings: Vec<Standing> = (0..length).map(Standing::Movable).collect();
    standings.push(Standing::Waiting);
    (builder.build(), standings)
}

#[test]
fn moves_a_whole_chain_if_allowed() {
    const LENGTH: u32 = 1_000;
    let (problem, standings) = chain(LENGTH);
    for allowed in [None, Some(LENGTH), Some(u32::MAX)] {
        let rematched = rematch(&problem, &standings, allowed).unwrap();
        let shifted = (1..=LENGTH).chain([0]).map(RematchOutcome::Placed);
        assert!(shifted.eq(rematched.outcomes.iter().copied()));
        assert_eq!((rematched.moves, rematched.cost), (LENGTH, 7));
        assert_eq!(rematched.check(&problem, &standings), Ok(()));
    }
    for allowed in [0, 1, LENGTH - 1] {
        let rematched = rematch(&problem, &standings, Some(allowed)).unwrap();
        let unmoved = (0..LENGTH).map(RematchOutcome::Placed).chain([RematchOutcome::MoveLimit]);
        assert!(unmoved.eq(rematched.outcomes.iter().copied()), "nobody moves without need, though it would cost less");
        assert_eq!((rematched.moves, rematched.unlimited_moves, rematched.cost), (0, LENGTH, i64::from(LENGTH)));
        assert_eq!(rematched.check(&problem, &standings), Ok(()));
    }
}

/// If the first row moved to the last column, each of the others would get its first wish: hundreds of wishes are not
/// worth a move.
#[test]
fn moves_nobody_to_save_cost() {
    const NEW: u32 = 300;
    let mut builder = ProblemBuilder::new();
    for _ in 0..=NEW + 1 {
        builder.add_column(1, None).unwrap();
    }
    builder.add_row(None, [(0, 0), (NEW + 1, 0)]).unwrap();
    for row in 1..=NEW {
        builder.add_row(None, [(row - 1, 0), (row, 1)]).unwrap();
    }
    let problem = builder.build();
    let mut standings = vec![Standing::Waiting; NEW as usize + 1];
    standings[0] = Standing::Movable(0);
    let rematched = rematch(&problem, &standings, None).unwrap();
    assert!((0..=NEW).map(RematchOutcome::Placed).eq(rematched.outcomes.iter().copied()));
    assert_eq!((rematched.moves, rematched.cost), (0, i64::from(NEW)));
    assert_eq!(rematched.check(&problem, &standings), Ok(()));
    assert!(rematched.evidence.move_cost > i64::from(NEW));
}

/// The park loses two of three places and then all: the lowest-ranked have to leave, and come before who waits.
#[test]
fn displaces_the_lowest_ranked_and_seats_them_first() {
    let season = |park_places: u32| {
        let mut builder = ProblemBuilder::new();
        let park = builder.add_column(park_places, None).unwrap();
        let office = builder.add_column(1, None).unwrap();
        builder.add_row(None, [(park, 1), (office, 3)]).unwrap();
        builder.add_row(None, [(office, 1)]).unwrap();
        builder.add_row(None, [(park, 1), (office, 1)]).unwrap();
        builder.add_row(None, [(park, 1)]).unwrap();
        builder.build()
    };
    let standings = [Standing::Movable(0), Standing::Waiting, Standing::Movable(0), Standing::Movable(0)];
    let outcomes = |places| rematch(&season(places), &standings, None).unwrap().outcomes;
    let (park, office, full) = (RematchOutcome::Placed(0), RematchOutcome::Placed(1), RematchOutcome::Full);
    assert_eq!(outcomes(3), [park, office, park, park]);
    assert_eq!(outcomes(2), [park, full, office, park]);
    assert_eq!(outcomes(1), [park, full, office, full]);
    assert_eq!(outcomes(0), [office, full, full, full]);
    // With two places the third row moves so that the displaced fourth keeps a place; with one, nobody has to.
    assert_eq!([2, 1].map(|places| rematch(&season(places), &standings, None).unwrap().moves), [1, 0]);
    let unmoved = rematch(&season(2), &standings, Some(0)).unwrap();
    assert_eq!(unmoved.outcomes, [park, office, park, RematchOutcome::MoveLimit]);
}

#[test]
fn refuses_standings_that_do_not_fit() {
    let mut builder = ProblemBuilder::new();
    let group = builder.add_group(1, None).unwrap();
    let park = builder.add_column(1, Some(group)).unwrap();
    let office = builder.add_column(1, Some(group)).unwrap();
    let forest = builder.add_column(2, None).unwrap();
    let row_group = builder.add_row_group(1).unwrap();
    builder.add_row(Some(row_group), []).unwrap();
    builder.add_row(Some(row_group), []).unwrap();
    builder.add_row(None, []).unwrap();
    let problem = builder.build();
    let refused = |standings: &[Standing]| rematch(&problem, standings, None).err();
    let (locked, waiting) = (Standing::Locked, Standing::Waiting);
    assert_eq!(refused(&[waiting]), Some(SolveError::StandingsMismatch { standings: 1, rows: 3 }));
    assert_eq!(refused(&[waiting, Standing::Movable(9), waiting]), Some(SolveError::UnknownColumn { row: 1, column: 9 }));
    assert_eq!(refused(&[waiting, waiting, locked(3)]), Some(SolveError::UnknownColumn { row: 2, column: 3 }));
    let overfull = |row, column| Some(SolveError::LockedOverfull { row, column });
    assert_eq!(refused(&[locked(park), waiting, locked(park)]), overfull(2, park));
    assert_eq!(refused(&[locked(park), waiting, locked(office)]), overfull(2, office));
    assert_eq!(refused(&[locked(forest), locked(forest), waiting]), overfull(1, forest));
    assert_eq!(refused(&[locked(forest), waiting, locked(forest)]), None);
}

/// Costs that are fine for a placement may leave no room for moves, which cost more.
#[test]
fn refuses_costs_that_leave_no_room_for_moves() {
    for (cost, is_fine) in [(1 << 40, true), (1 << 58, false)] {
        let mut builder = ProblemBuilder::new();
        let columns = [(); 2].map(|()| builder.add_column(2, None).unwrap());
        for _ in 0..2 {
            builder.add_row(None, columns.map(|column| (column, cost))).unwrap();
        }
        let problem = builder.build();
        assert!(rematch(&problem, &[Standing::Locked(0), Standing::Waiting], None).is_ok());
        let refused = rematch(&problem, &[Standing::Movable(0), Standing::Waiting], None).err();
        assert_eq!(refused.is_none(), is_fine);
        assert!(refused.is_none_or(|error| matches!(error, SolveError::CostRange { .. })));
    }
}

#[test]
fn check_refutes_every_corruption() {
    let mut builder = ProblemBuilder::new();
    let columns = [2, 1, 1].map(|capacity| builder.add_column(capacity, None).unwrap());
    builder.add_row(None, [(columns[0], 1)]).unwrap();
    builder.add_row(None, [(columns[0], 1), (columns[1], 2)]).unwrap();
    builder.add_row(None, [(columns[0], 1), (columns[2], 5)]).unwrap();
    let row_group = builder.add_row_group(1).unwrap();
    builder.add_row(Some(row_group), [(columns[0], 1)]).unwrap();
    builder.add_row(None, [(columns[0], 1)]).unwrap();
    builder.add_row(Some(row_group), [(columns[0], 1)]).unwrap();
    let problem = builder.build();
    let movable = Standing::Movable;
    let standings = [Standing::Locked(0), movable(0), movable(2), Standing::Waiting, Standing::Gone, Standing::Waiting];
    let valid = rematch(&problem, &standings, None).unwrap();
    let (placed, gone) = (RematchOutcome::Placed, RematchOutcome::Gone);
    assert_eq!(valid.outcomes, [placed(0), placed(1), placed(2), placed(0), gone, RematchOutcome::RowCap]);
    assert_eq!((valid.moves, valid.cost), (1, 8));
    assert_eq!(valid.check(&problem, &standings), Ok(()));

    let refuted = |corrupt: &dyn Fn(&mut Rematched)| {
        let mut rematched = valid.clone();
        corrupt(&mut rematched);
        rematched.check(&problem, &standings).unwrap_err()
    };
    assert_eq!(refuted(&|r| r.outcomes.truncate(1)), Violation::Shape);
    assert_eq!(refuted(&|r| r.outcomes[0] = placed(1)), Violation::Standing { row: 0 });
    assert_eq!(refuted(&|r| r.outcomes[2] = RematchOutcome::Full), Violation::Standing { row: 2 });
    assert_eq!(refuted(&|r| r.outcomes[3] = placed(1)), Violation::Standing { row: 3 });
    assert_eq!(refuted(&|r| r.outcomes[4] = placed(1)), Violation::Standing { row: 4 });
    assert_eq!(refuted(&|r| r.moves = 0), Violation::Moves { stated: 0, actual: 1 });
    assert_eq!(refuted(&|r| r.cost = 7), Violation::Cost { stated: 7, actual: 8 });
    assert_eq!(refuted(&|r| r.evidence.move_cost += 1), Violation::Evidence);
    assert_eq!(refuted(&|r| r.evidence.rows.swap(0, 1)), Violation::Evidence);
    assert_eq!(refuted(&|r| r.evidence.problem = problem.clone()), Violation::Evidence);
    let no_place = refuted(&|r| {
        r.outcomes[2] = RematchOutcome::Full;
        r.evidence.placement.column_of[1] = None;
    });
    assert_eq!(no_place, Violation::NotPlaced { row: 2 });
    let crowd = refuted(&|r| {
        r.outcomes[5] = placed(0);
        r.evidence.placement.column_of[3] = Some(0);
    });
    assert_eq!(crowd, Violation::RowGroupOverfull { row_group });
    // The second and the third both move, though one move is enough.
    let moved = refuted(&|r| {
        (r.outcomes[1], r.outcomes[2]) = (placed(1), placed(0));
        r.outcomes[3] = RematchOutcome::Full;
        r.evidence.placement.column_of = vec![Some(1), Some(0), None, None];
        r.evidence.placement.cost = 2 * r.evidence.move_cost + 3;
        (r.moves, r.cost) = (2, 3);
    });
    assert_eq!(refuted(&|r| r.evidence.fewest_moves = None), Violation::Evidence);
    let counted = refuted(&|r| r.evidence.fewest_moves.as_mut().unwrap().cost = 0);
    assert_eq!(counted, Violation::Cost { stated: 0, actual: 1 });
    assert!(matches!(moved, Violation::ColumnPrice { .. } | Violation::ReducedCost { .. }), "{moved}");
}
