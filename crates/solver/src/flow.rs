//! The state that all algorithms share: who sits where, how full every node is, and how an augmenting path changes
//! that.
//!
//! The network has an arc row → column for each arc of the problem, and an arc of the node's capacity from each node
//! of the forest to its parent (or the sink). In the residual graph a path may
//!
//! - go from a row to any of its columns ([`Step::Arc`]),
//! - go back from a column to any row that sits there, and on to another column of that row,
//! - go up from a node with room to its parent ([`Step::Up`]),
//! - go down from a group to a child that holds somebody, and push one of them out ([`Step::Down`]),
//! - go from a class to any of its columns ([`Step::Out`]),
//! - go back from a column to a class for which it holds somebody ([`Step::Back`]), and on to another column of the
//!   class or another arc of a row that sits there.
//!
//! A path from an unplaced row to the sink is an augmenting path. Rows that are placed stay placed.

use crate::Problem;
use crate::problem::NONE;

/// How a search came to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// By an arc of a row, which is unplaced or sits elsewhere.
    Arc { row: u32, arc: u32 },
    /// Up from a child that has room.
    Up(u32),
    /// Down from the parent.
    Down,
    /// From a class to a column of it.
    Out(u32),
    /// From a column back to a class for which it holds somebody.
    Back(u32),
}

/// A placement under construction.
#[derive(Debug, Clone)]
pub(crate) struct Flow<'p> {
    problem: &'p Problem,
    /// The arc that each row is placed by, or [`NONE`].
    arc_of: Vec<u32>,
    /// Where each placed row is in `seats`.
    seat_of: Vec<u32>,
    /// The rows that sit in each column or class, in the first of its seats, and how many they are.
    seats: Vec<u32>,
    seat_start: Vec<u32>,
    seated: Vec<u32>,
    /// How many rows each node of the forest holds.
    load: Vec<u32>,
    /// For which class nodes each column holds rows, and how many; nothing if there are no classes.
    held: Vec<Vec<(u32, u32)>>,
}

impl<'p> Flow<'p> {
    /// Returns the empty placement.
    pub(crate) fn new(problem: &'p Problem) -> Self {
        let rows = problem.row_count();
        let seat_start = seat_starts(problem);
        Self {
            problem,
            arc_of: vec![NONE; rows],
            seat_of: vec![NONE; rows],
            seats: vec![NONE; seat_start.last().map_or(0, |&end| end as usize)],
            seated: vec![0; seat_start.len() - 1],
            seat_start,
            load: vec![0; problem.node_count()],
            held: if problem.class_count() == 0 { Vec::new() } else { vec![Vec::new(); problem.column_count()] },
        }
    }

    /// Lets everybody leave.
    pub(crate) fn clear(&mut self) {
        self.arc_of.fill(NONE);
        self.seated.fill(0);
        self.load.fill(0);
        self.held.iter_mut().for_each(Vec::clear);
    }

    pub(crate) fn problem(&self) -> &'p Problem {
        self.problem
    }

    /// Returns the arc that a row is placed by.
    pub(crate) fn arc_of(&self, row: u32) -> Option<usize> {
        let arc = self.arc_of[row as usize];
        (arc != NONE).then_some(arc as usize)
    }

    /// Returns the column or class node where a row sits.
    pub(crate) fn node_of(&self, row: u32) -> Option<u32> {
        self.arc_of(row).map(|arc| self.problem.arc_column(arc))
    }

    /// Returns the column of each row, if it has one.
    ///
    /// The rows of a class take its columns in turn, both ascending.
    pub(crate) fn columns(&self) -> Vec<Option<u32>> {
        let mut columns: Vec<Option<u32>> = (0..self.arc_of.len() as u32).map(|row| self.node_of(row)).collect();
        if self.held.is_empty() {
            return columns;
        }
        let mut places = vec![Vec::new(); self.problem.class_count()];
        let first = self.problem.node_count() as u32;
        for (column, held) in (0..).zip(&self.held) {
            for &(class, count) in held {
                places[(class - first) as usize].extend(std::iter::repeat_n(column, count as usize));
            }
        }
        let mut places: Vec<_> = places.into_iter().map(Vec::into_iter).collect();
        for column in &mut columns {
            if let Some(class) = column.filter(|&node| self.problem.is_class(node)) {
                *column = places[(class - first) as usize].next();
            }
        }
        columns
    }

    /// Returns the rows that sit in a column or class; nobody sits in a group itself.
    pub(crate) fn occupants(&self, node: u32) -> &[u32] {
        match self.seat_index(node) {
            None => &[],
            Some(index) => {
                let start = self.seat_start[index] as usize;
                &self.seats[start..start + self.seated[index] as usize]
            }
        }
    }

    /// Returns the class nodes for which a column holds rows.
    pub(crate) fn held_for(&self, node: u32) -> impl Iterator<Item = u32> {
        let held = self.held.get(node as usize).map_or(&[][..], Vec::as_slice);
        held.iter().filter(|&&(_, count)| count > 0).map(|&(class, _)| class)
    }

    /// Returns whether a column holds rows for a class.
    pub(crate) fn holds_for(&self, column: u32, class: u32) -> bool {
        self.held_for(column).any(|held| held == class)
    }

    fn seat_index(&self, node: u32) -> Option<usize> {
        if self.problem.is_column(node) {
            Some(node as usize)
        } else if self.problem.is_class(node) {
            Some(node as usize - self.problem.group_count())
        } else {
            None
        }
    }

    pub(crate) fn load(&self, node: u32) -> u32 {
        self.load[node as usize]
    }

    /// Returns whether a node can hold one more, regardless of the nodes above it.
    pub(crate) fn has_room(&self, node: u32) -> bool {
        self.load.get(node as usize).is_some_and(|&load| load < self.problem.node_capacity(node))
    }

    /// Returns whether there is room from a node all the way up to the sink.
    pub(crate) fn has_way(&self, mut node: u32) -> bool {
        while node != NONE {
            if !self.has_room(node) {
                return false;
            }
            node = self.problem.node_parent(node);
        }
        true
    }

    /// Places an unplaced row by one of its arcs in a column from where there is a way to the sink.
    pub(crate) fn place(&mut self, row: u32, arc: usize, column: u32) {
        let node = self.problem.arc_column(arc);
        self.seat(row, arc as u32, node);
        if node != column {
            self.hold(column, node);
        }
        let mut node = self.problem.node_parent(column);
        while node != NONE {
            self.load[node as usize] += 1;
            node = self.problem.node_parent(node);
        }
    }

    /// Takes out a placed row, and returns the arc that it was placed by and the column where there is room now.
    pub(crate) fn take_out(&mut self, row: u32) -> Option<(usize, u32)> {
        let arc = self.arc_of(row)?;
        let node = self.unseat(row)?;
        let mut column = node;
        if self.problem.is_class(node) {
            column = self.problem.class_of(node).iter().copied().find(|&column| self.holds_for(column, node))?;
            self.release(column, node);
        }
        self.arc_of[row as usize] = NONE;
        let mut node = self.problem.node_parent(column);
        while node != NONE {
            self.load[node as usize] -= 1;
            node = self.problem.node_parent(node);
        }
        Some((arc, column))
    }

    /// Augments along the path that `steps` lead back from `end`, a node with room directly above the sink.
    ///
    /// Works from the sink backwards, so that everybody moves to a seat that has just become free.
    pub(crate) fn augment(&mut self, end: u32, steps: &[Step]) {
        let columns = self.problem.column_count() as u32;
        let mut node = end;
        // A column's load changes with the rows that come and go, a group's with the path's steps.
        if node >= columns {
            self.load[node as usize] += 1;
        }
        loop {
            match steps[node as usize] {
                Step::Up(child) => {
                    node = child;
                    if node >= columns {
                        self.load[node as usize] += 1;
                    }
                }
                Step::Down => {
                    if node >= columns {
                        self.load[node as usize] -= 1;
                    }
                    node = self.problem.node_parent(node);
                }
                Step::Arc { row, arc } => {
                    let left = self.unseat(row);
                    self.seat(row, arc, node);
                    match left {
                        Some(left) => node = left,
                        None => return,
                    }
                }
                Step::Out(class) => {
                    self.hold(node, class);
                    node = class;
                }
                Step::Back(column) => {
                    self.release(column, node);
                    node = column;
                }
            }
        }
    }

    /// Lets a column hold one more row for a class.
    fn hold(&mut self, column: u32, class: u32) {
        self.load[column as usize] += 1;
        let held = &mut self.held[column as usize];
        match held.iter_mut().find(|(other, _)| *other == class) {
            Some((_, count)) => *count += 1,
            None => held.push((class, 1)),
        }
    }

    /// Lets a column hold one row less for a class.
    fn release(&mut self, column: u32, class: u32) {
        self.load[column as usize] -= 1;
        if let Some((_, count)) = self.held[column as usize].iter_mut().find(|(other, _)| *other == class) {
            *count -= 1;
        }
    }

    fn seat(&mut self, row: u32, arc: u32, node: u32) {
        let Some(index) = self.seat_index(node) else { return };
        let seat = self.seat_start[index] + self.seated[index];
        self.seated[index] += 1;
        if self.problem.is_column(node) {
            self.load[index] += 1;
        }
        self.seats[seat as usize] = row;
        self.seat_of[row as usize] = seat;
        self.arc_of[row as usize] = arc;
    }

    /// Takes a row from where it sits, if it does; the last occupant takes the seat.
    fn unseat(&mut self, row: u32) -> Option<u32> {
        let node = self.node_of(row)?;
        let index = self.seat_index(node)?;
        self.seated[index] -= 1;
        if self.problem.is_column(node) {
            self.load[index] -= 1;
        }
        let last = self.seat_start[index] + self.seated[index];
        let seat = self.seat_of[row as usize];
        let moved = self.seats[last as usize];
        self.seats[seat as usize] = moved;
        self.seat_of[moved as usize] = seat;
        Some(node)
    }
}

/// Returns where the seats of each column and class start: as many as the capacity, but no more than rows could come.
fn seat_starts(problem: &Problem) -> Vec<u32> {
    let columns = problem.column_count();
    let mut seats: Vec<u32> = (0..columns as u32).map(|column| problem.column_capacity(column)).collect();
    let places = seats.iter().map(|&count| u64::from(count)).sum::<u64>();
    if problem.class_count() > 0 || places > problem.arc_count() as u64 {
        let mut degree = vec![0_u32; columns + problem.class_count()];
        for &node in problem.arc_columns() {
            degree[if problem.is_class(node) { node as usize - problem.group_count() } else { node as usize }] += 1;
        }
        seats.resize(degree.len(), u32::MAX);
        for (seats, degree) in seats.iter_mut().zip(degree) {
            *seats = degree.min(*seats);
        }
    }
    let mut end = 0;
    let mut starts = vec![0];
    starts.extend(seats.into_iter().map(|count| {
        end += count;
        end
    }));
    starts
}
