//! One stage: the best of the placements that are [left](crate::face), and prices that prove it.
//!
//! # Algorithm
//!
//! Rows that have no choice left are taken out, with the room they use. The others and their admitted arcs are a
//! problem for [`place`](crate::place()), with the costs of the stage; what the prices it finds do not admit is struck.
//!
//! Some nodes are full whatever happens: columns of [full layers](crate::layers), and nodes that rows with a single
//! column left fill. Others have to be, for prices of earlier stages. With h of them above each other at most, an arc to
//! a column at or below h' of them costs P · (h − h') more. P is more than all costs of the stage can add up to, so to leave
//! a place empty in one of these nodes never pays, as there is a placement that fills them all: the one of the stage
//! before. With P taken off the prices of these nodes, they are prices for the costs of the stage, with the same reduced
//! costs.
//!
//! An arc to a class costs the same more for all its columns, or else the class is taken apart.
//!
//! Outside is a column with room for all. A row group of which n rows are left and k may still be placed, with n > k, has
//! another column of n − k places, which has to be full: only its rows may sit there, at the cost of the outside. If the
//! group itself has to be full, they have no other outside. The negative of this column's price is that of the cap: added
//! to all arcs of the row it makes the column free, as the outside is.
//!
//! Unused arcs cost stages. Prices are therefore raised, before arcs are struck, where that keeps them optimal and
//! makes arcs that nobody can use costlier than others: the earlier a full layer, the more, and where rows without
//! a choice fill a node or a cap.
//!
//! The placement of one stage is where the next begins: if hardly anybody could sit cheaper, only they are taken out and
//! placed again by [shortest paths](crate::primal_dual).
//!
//! # References
//!
//! R. Ahuja, T. Magnanti, J. Orlin: Network Flows, Prentice Hall 1993, section 2.4 (lower bounds of flows).

use std::collections::BTreeMap;

use crate::face::{Arc, Decision, Face, Seat};
use crate::flow::Flow;
use crate::layers::{Layers, REST};
use crate::placement::Placement;
use crate::primal_dual;
use crate::problem::NONE;
use crate::{Problem, ProblemBuilder, RowOutcome, Selection, SolveError, place};

/// A stage begins with the placement at hand if at most one in so many rows can sit cheaper.
const FEW: usize = 32;

/// The prices that a stage has found.
#[derive(Debug)]
pub(crate) struct StagePrices {
    pub(crate) columns: Vec<i64>,
    pub(crate) groups: Vec<i64>,
    /// Empty where row groups have no caps.
    pub(crate) row_groups: Vec<i64>,
}

impl Face<'_> {
    /// Finds the best of these placements for a decision, beginning with one of them if there is one, and its prices.
    ///
    /// What is known of closed columns helps, and may be empty.
    pub(crate) fn optimise(
        &self,
        layers: &Layers,
        closed_by: &[Option<u32>],
        decision: Decision,
        column_of: &mut [Option<u32>],
    ) -> Result<StagePrices, SolveError> {
        let open = Open::new(self, column_of)?;
        let penalty = open.highest_total(self, decision)?;
        let forced = |node: u32| {
            let in_full_layer = self.problem.is_column(node) && layers.of_column(node) != REST;
            self.full[node as usize] && open.room[node as usize] > 0 && !in_full_layer
        };
        let extra = ExtraCosts::new(self, &open, forced, penalty);
        let market = open.market(self, &extra, decision)?;
        let seats = open.seats(column_of, self.has_outside);
        let placement = if let Some(placement) = place_from(&market, &seats)? {
            placement
        } else {
            let everybody = vec![RowOutcome::Kept(0); open.rows.len()];
            place(&market, &Selection { outcomes: everybody, closed_by: closed_by.to_vec() })?
        };
        let columns = self.problem.column_count();
        for (&row, column) in open.rows.iter().zip(&placement.column_of) {
            column_of[row as usize] = column.filter(|&column| (column as usize) < columns);
        }

        let own_price = |(node, &price): (u32, &i64)| {
            let raise = i64::from(open.room[node as usize] == 0);
            price + raise - if forced(node) { penalty } else { 0 }
        };
        let column_price = |(column, price): (u32, &i64)| {
            let raise = match layers.of_column(column) {
                REST => 0,
                layer => i64::from(layers.count() - layer),
            };
            own_price((column, price)) + raise
        };
        let cap_price = |caps: &OpenCap| {
            caps.stay.map_or(0, |stay| {
                let stay_price = placement.column_prices[stay.column as usize] - if stay.rows > 0 { penalty } else { 0 };
                i64::from(caps.room == 0) - i64::from(stay.rows == 0) - stay_price
            })
        };
        Ok(StagePrices {
            columns: (0..).zip(&placement.column_prices[..columns]).map(column_price).collect(),
            groups: (columns as u32..).zip(&placement.group_prices).map(own_price).collect(),
            row_groups: open.caps.iter().map(cap_price).collect(),
        })
    }
}

/// What rows without a choice leave to decide.
struct Open<'f> {
    /// The rows that have a choice, and their admitted arcs.
    rows: Vec<u32>,
    arcs: Vec<&'f [Arc]>,
    /// The row group of each of them, if row groups count.
    row_group: Vec<Option<u32>>,
    /// The room at each node and in each row group.
    room: Vec<u32>,
    caps: Vec<OpenCap>,
    /// The column of the problem to be solved that is the outside.
    outside: u32,
}

/// What is open in a row group.
#[derive(Debug, Clone, Copy, Default)]
struct OpenCap {
    /// How many rows have a choice, and how many may still be placed.
    rows: u32,
    room: u32,
    /// Where rows have to stay outside, if that is more than the others choose to.
    stay: Option<Stay>,
    /// Whether all that may be placed must be.
    full: bool,
}

/// Where some rows of a row group have to stay outside.
#[derive(Debug, Clone, Copy)]
struct Stay {
    column: u32,
    /// How many have to.
    rows: u32,
}

impl<'f> Open<'f> {
    /// Returns what is open, and notes where the other rows sit.
    fn new(face: &'f Face<'_>, column_of: &mut [Option<u32>]) -> Result<Self, SolveError> {
        let problem = face.problem;
        let groups = if face.has_outside { problem.row_group_caps() } else { &[] };
        let mut open = Self {
            rows: Vec::with_capacity(face.rows.len()),
            arcs: Vec::with_capacity(face.rows.len()),
            row_group: Vec::with_capacity(face.rows.len()),
            room: (0..problem.node_count() as u32).map(|node| problem.node_capacity(node)).collect(),
            caps: groups.iter().map(|&room| OpenCap { room, ..OpenCap::default() }).collect(),
            outside: problem.column_count() as u32,
        };
        for (&row, arcs) in face.rows.iter().zip(face.arcs_by_row()) {
            let row_group = problem.row_group(row).filter(|_| face.has_outside);
            if let Some(seat) = face.only_seat(arcs) {
                column_of[row as usize] = match seat {
                    Seat::Outside => None,
                    Seat::Column(column) => {
                        open.take(problem, column, row_group)?;
                        Some(column)
                    }
                };
                continue;
            }
            open.rows.push(row);
            open.arcs.push(arcs);
            open.row_group.push(row_group);
            if let Some(group) = row_group {
                open.caps[group as usize].rows += 1;
            }
        }
        for (caps, &full) in open.caps.iter_mut().zip(&face.row_group_full) {
            caps.full = full;
            let binds = caps.rows > 0 && (full || caps.rows > caps.room);
            if binds {
                let rows = caps.rows.checked_sub(caps.room).ok_or(SolveError::Infeasible)?;
                caps.stay = Some(Stay { column: open.outside, rows });
                open.outside += 1;
            }
        }
        Ok(open)
    }

    /// Takes a place for a row that has no choice.
    fn take(&mut self, problem: &Problem, column: u32, row_group: Option<u32>) -> Result<(), SolveError> {
        let mut node = column;
        while node != NONE {
            let room = &mut self.room[node as usize];
            *room = room.checked_sub(1).ok_or(SolveError::Infeasible)?;
            node = problem.node_parent(node);
        }
        if let Some(group) = row_group {
            let room = &mut self.caps[group as usize].room;
            *room = room.checked_sub(1).ok_or(SolveError::Infeasible)?;
        }
        Ok(())
    }

    /// Returns more than all costs of the stage can add up to.
    fn highest_total(&self, face: &Face<'_>, decision: Decision) -> Result<i64, SolveError> {
        let highest = |(&row, arcs): (&u32, &&[Arc])| arcs.iter().map(|&arc| face.cost(row, arc, decision)).max();
        let mut costs = self.rows.iter().zip(&self.arcs).filter_map(highest);
        let total = costs.try_fold(1_i64, i64::checked_add);
        total.ok_or(SolveError::CostRange { cost: i64::MAX, rows: self.rows.len() })
    }

    /// Returns the open rows with the costs of a stage, as a problem in which all of them are placed.
    fn market(&self, face: &Face<'_>, extra: &ExtraCosts, decision: Decision) -> Result<Problem, SolveError> {
        let problem = face.problem;
        let arcs = self.arcs.iter().map(|arcs| arcs.len()).sum::<usize>();
        let mut builder = ProblemBuilder::with_capacity(self.rows.len(), arcs);
        let (column_room, group_room) = self.room.split_at(problem.column_count());
        for (group, &room) in (0..).zip(group_room) {
            builder.add_group(room, problem.parent_of_group(group))?;
        }
        for (column, &room) in (0..).zip(column_room) {
            builder.add_column(room, problem.group_of_column(column))?;
        }
        if face.has_outside {
            for stay in self.caps.iter().filter_map(|caps| caps.stay) {
                builder.add_column(stay.rows, None)?;
            }
            builder.add_column(self.rows.len() as u32, None)?;
        }
        let parts = add_classes(face, &mut builder, extra)?;
        let mut columns = Vec::new();
        for ((&row, arcs), row_group) in self.rows.iter().zip(&self.arcs).zip(&self.row_group) {
            let cost = |arc: &Arc, extra: i64| extra.saturating_add(face.cost(row, *arc, decision));
            let outside = arcs.last().filter(|&&arc| face.leads_outside(arc));
            let arcs = &arcs[..arcs.len() - usize::from(outside.is_some())];
            let (near, classes) = arcs.split_at(arcs.partition_point(|arc| face.class(arc.node).is_none()));
            columns.clear();
            columns.extend(near.iter().map(|arc| (arc.node, cost(arc, extra.columns[arc.node as usize]))));
            if let Some(arc) = outside {
                let caps = row_group.map(|group| self.caps[group as usize]).unwrap_or_default();
                columns.extend(caps.stay.map(|stay| (stay.column, cost(arc, extra.stay(stay)))));
                columns.extend((!caps.full).then(|| (self.outside, cost(arc, extra.outside))));
            }
            let classes = classes.iter().flat_map(|arc| {
                let parts = face.class(arc.node).map_or(&[][..], |class| &parts[class]);
                parts.iter().map(move |&(part, extra)| (part, cost(arc, extra)))
            });
            builder.add_row_with_classes(None, columns.iter().copied(), classes)?;
        }
        Ok(builder.build())
    }

    /// Returns where the open rows sit, in columns of that problem; those outside stay there first where they have to.
    fn seats(&self, column_of: &[Option<u32>], has_outside: bool) -> Vec<Option<u32>> {
        let mut stays: Vec<Option<Stay>> = self.caps.iter().map(|caps| caps.stay).collect();
        let seat = |(&row, row_group): (&u32, &Option<u32>)| {
            column_of[row as usize].or_else(|| {
                let stay = row_group.and_then(|group| stays[group as usize].as_mut()).filter(|stay| stay.rows > 0);
                match stay {
                    Some(stay) => {
                        stay.rows -= 1;
                        Some(stay.column)
                    }
                    None => has_outside.then_some(self.outside),
                }
            })
        };
        self.rows.iter().zip(&self.row_group).map(seat).collect()
    }
}

/// What arcs cost in addition, for it to pay to fill some nodes first.
struct ExtraCosts {
    columns: Vec<i64>,
    /// To where rows have to stay outside, if any have to.
    forced_stay: i64,
    outside: i64,
}

impl ExtraCosts {
    fn new(face: &Face<'_>, open: &Open<'_>, forced: impl Fn(u32) -> bool, penalty: i64) -> Self {
        let problem = face.problem;
        let mut above = vec![0; problem.node_count()];
        for node in problem.nodes_top_down() {
            let parent = problem.node_parent(node);
            above[node as usize] = i64::from(forced(node)) + if parent == NONE { 0 } else { above[parent as usize] };
        }
        above.truncate(problem.column_count());
        let stays = open.caps.iter().any(|caps| caps.stay.is_some_and(|stay| stay.rows > 0));
        let most = above.iter().copied().max().unwrap_or_default().max(i64::from(stays));
        let extra = |above: i64| (most - above).saturating_mul(penalty);
        Self { columns: above.into_iter().map(extra).collect(), forced_stay: extra(1.min(most)), outside: extra(0) }
    }

    fn stay(&self, stay: Stay) -> i64 {
        if stay.rows > 0 { self.forced_stay } else { self.outside }
    }
}

/// Adds the classes, taken apart by what arcs to their columns cost in addition, and returns the parts of each.
fn add_classes(face: &Face<'_>, builder: &mut ProblemBuilder, extra: &ExtraCosts) -> Result<Vec<Vec<(u32, i64)>>, SolveError> {
    let mut parts = Vec::with_capacity(face.classes.len());
    for columns in &face.classes {
        let mut by_extra: BTreeMap<i64, Vec<u32>> = BTreeMap::new();
        for &column in columns {
            by_extra.entry(extra.columns[column as usize]).or_default().push(column);
        }
        let add = |(extra, columns): (i64, Vec<u32>)| Ok((builder.add_class(&columns)?, extra));
        parts.push(by_extra.into_iter().map(add).collect::<Result<_, SolveError>>()?);
    }
    Ok(parts)
}

/// Returns a least-cost placement that begins with everybody in these seats, if few can sit cheaper.
fn place_from(problem: &Problem, seats: &[Option<u32>]) -> Result<Option<Placement>, SolveError> {
    let mut flow = Flow::new(problem);
    let mut others = Vec::new();
    let limit = seats.len() / FEW;
    for (row, &seat) in (0..).zip(seats) {
        let arcs = problem.arc_range(row);
        let least = arcs.clone().map(|arc| problem.arc_cost(arc)).min();
        let leads = |node: u32, seat: u32| node == seat || problem.class_of(node).binary_search(&seat).is_ok();
        let at = |seat: u32| move |&arc: &usize| Some(problem.arc_cost(arc)) == least && leads(problem.arc_column(arc), seat);
        match seat.and_then(|seat| Some((seat, arcs.clone().find(at(seat))?))) {
            Some((seat, arc)) => flow.place(row, arc, seat),
            None => others.push(row),
        }
        if others.len() > limit {
            return Ok(None);
        }
    }
    let (flow, potential) = primal_dual::place_beside(flow, &others)?;
    Ok(Some(Placement::from_potentials(problem, flow.columns(), potential)))
}
