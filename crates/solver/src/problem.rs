//! The problem: rows, columns, sparse arcs, and the forest of capacities.
//!
//! Columns and groups are the *nodes* of the capacity forest: node `j` is column `j`, node `columns + g` is group `g`.
//! A node without a parent stands directly above the (implicit) sink.
//!
//! A *class* is a set of columns that a row may name all at once, at one cost. An arc to a class leads to a node of its
//! own, after those of the forest, from where it goes on to any column of the class. Who is at a class is counted in
//! its columns, but in no particular one: rows that name a class never cost rows × columns.

mod builder;

use std::ops::Range;

use crate::{Left, SolveError};

pub use builder::ProblemBuilder;

/// Marks an absent index.
pub(crate) const NONE: u32 = u32::MAX;

/// A sparse capacitated assignment problem; made by a [`ProblemBuilder`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where each row's arcs start, and at the end where the last row's end.
    row_start: Vec<u32>,
    arc_column: Vec<u32>,
    arc_cost: Vec<i64>,
    row_group: Vec<u32>,
    row_group_cap: Vec<u32>,
    columns: u32,
    /// Capacity and parent of each node.
    capacity: Vec<u32>,
    parent: Vec<u32>,
    /// Where each group's children start in `children`, and where the last group's end.
    child_start: Vec<u32>,
    children: Vec<u32>,
    /// The columns of each class, ascending, and the class nodes of each column.
    class_columns: Lists,
    column_classes: Lists,
}

/// Lists of numbers, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Lists {
    end: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn len(&self) -> usize {
        self.end.len()
    }

    fn clear(&mut self) {
        self.end.clear();
        self.items.clear();
    }

    fn push(&mut self, items: impl IntoIterator<Item = u32>) {
        self.items.extend(items);
        self.end.push(self.items.len() as u32);
    }

    /// Returns a list, empty if there are none at all.
    fn get(&self, list: usize) -> &[u32] {
        let Some(&end) = self.end.get(list) else { return &[] };
        let start = list.checked_sub(1).map_or(0, |before| self.end[before]);
        &self.items[start as usize..end as usize]
    }
}

impl Problem {
    /// Returns the number of rows.
    pub fn row_count(&self) -> usize {
        self.row_start.len() - 1
    }

    /// Returns the number of columns.
    pub fn column_count(&self) -> usize {
        self.columns as usize
    }

    /// Returns the number of groups.
    pub fn group_count(&self) -> usize {
        self.capacity.len() - self.column_count()
    }

    /// Returns the number of arcs.
    pub fn arc_count(&self) -> usize {
        self.arc_column.len()
    }

    /// Returns the number of classes.
    pub fn class_count(&self) -> usize {
        self.class_columns.len()
    }

    /// Returns the columns of a class, ascending.
    pub fn class(&self, class: u32) -> &[u32] {
        self.class_columns.get(class as usize)
    }

    /// Returns the arcs of a row to classes as (class, cost), ascending by class.
    pub fn class_arcs(&self, row: u32) -> impl ExactSizeIterator<Item = (u32, i64)> + Clone {
        let range = self.class_arc_range(row);
        let first = self.node_count() as u32;
        self.arc_column[range.clone()].iter().map(move |&node| node - first).zip(self.arc_cost[range].iter().copied())
    }

    /// Returns the same problem with an arc to each column instead of arcs to classes: the cheapest of each row to it.
    ///
    /// # Complexity
    ///
    /// Time and memory O(arcs + rows × size of the classes that each names).
    #[must_use]
    pub fn expanded(&self) -> Self {
        let mut expanded = Self { row_start: vec![0], arc_column: Vec::new(), arc_cost: Vec::new(), ..self.clone() };
        expanded.class_columns = Lists::default();
        expanded.column_classes = Lists::default();
        for row in 0..self.row_count() as u32 {
            let named =
                self.class_arcs(row).flat_map(|(class, cost)| self.class(class).iter().map(move |&column| (column, cost)));
            let mut arcs: Vec<(u32, i64)> = self.arcs(row).chain(named).collect();
            arcs.sort_unstable();
            arcs.dedup_by_key(|&mut (column, _)| column);
            expanded.arc_column.extend(arcs.iter().map(|&(column, _)| column));
            expanded.arc_cost.extend(arcs.iter().map(|&(_, cost)| cost));
            expanded.row_start.push(expanded.arc_column.len() as u32);
        }
        expanded
    }

    /// Returns a problem of some of the rows, in another order, whose arcs cost what `cost(row, column, cost)` says: rows by their
    /// numbers in this problem, and no arc where it says nothing. Arcs to classes become arcs to columns.
    ///
    /// # Errors
    ///
    /// [`SolveError::NegativeCost`] for a cost below zero; [`SolveError::TooMany`] for more arcs than 32-bit indices tell apart.
    ///
    /// # Complexity
    ///
    /// As [`expanded`](Self::expanded).
    pub fn rearranged(
        &self,
        rows: impl IntoIterator<Item = u32>,
        cost: impl Fn(u32, u32, i64) -> Option<i64>,
    ) -> Result<Self, SolveError> {
        let expanded = if self.class_count() == 0 { None } else { Some(self.expanded()) };
        let all = expanded.as_ref().unwrap_or(self);
        let mut builder = ProblemBuilder::with_capacity(self.row_count(), all.arc_count());
        for group in 0..self.group_count() as u32 {
            builder.add_group(self.group_capacity(group), self.parent_of_group(group))?;
        }
        for column in 0..self.column_count() as u32 {
            builder.add_column(self.column_capacity(column), self.group_of_column(column))?;
        }
        for &cap in self.row_group_caps() {
            builder.add_row_group(cap)?;
        }
        for row in rows {
            let arcs = all.arcs(row).filter_map(|(column, now)| Some((column, cost(row, column, now)?)));
            builder.add_row(self.row_group(row), arcs)?;
        }
        Ok(builder.build())
    }

    /// Returns the arcs of a row to columns as (column, cost), ascending by column.
    #[inline]
    pub fn arcs(&self, row: u32) -> impl ExactSizeIterator<Item = (u32, i64)> + Clone {
        let range = self.column_arc_range(row);
        self.arc_column[range.clone()].iter().copied().zip(self.arc_cost[range].iter().copied())
    }

    /// Returns the cost of the arc between a row and a column, the cheapest if classes make it several.
    pub fn cost(&self, row: u32, column: u32) -> Option<i64> {
        let range = self.column_arc_range(row);
        let own = self.arc_column[range.clone()].binary_search(&column).ok().map(|offset| self.arc_cost[range.start + offset]);
        if self.class_count() == 0 {
            return own;
        }
        let named = self.class_arcs(row).filter(|&(class, _)| self.class(class).binary_search(&column).is_ok());
        own.into_iter().chain(named.map(|(_, cost)| cost)).min()
    }

    /// Returns the capacity of a column.
    pub fn column_capacity(&self, column: u32) -> u32 {
        self.capacity[..self.column_count()][column as usize]
    }

    /// Returns the group directly above a column.
    pub fn group_of_column(&self, column: u32) -> Option<u32> {
        self.group_at(self.parent[..self.column_count()][column as usize])
    }

    /// Returns the capacity of a group.
    pub fn group_capacity(&self, group: u32) -> u32 {
        self.capacity[self.column_count()..][group as usize]
    }

    /// Returns the group directly above a group.
    pub fn parent_of_group(&self, group: u32) -> Option<u32> {
        self.group_at(self.parent[self.column_count()..][group as usize])
    }

    /// Returns the row group of a row.
    #[inline]
    pub fn row_group(&self, row: u32) -> Option<u32> {
        Some(self.row_group[row as usize]).filter(|&group| group != NONE)
    }

    /// Returns the caps of the row groups.
    pub fn row_group_caps(&self) -> &[u32] {
        &self.row_group_cap
    }

    /// Returns the part of the problem that some rows and columns make, with so many places already used at each node.
    ///
    /// Rows are numbered anew, in the order given. Classes keep their numbers and lose columns.
    pub(crate) fn part(&self, rows: &[u32], used: &[u32], has: impl Fn(u32) -> bool) -> Self {
        let mut part = Self {
            row_start: vec![0],
            arc_column: Vec::new(),
            arc_cost: Vec::new(),
            row_group: vec![NONE; rows.len()],
            row_group_cap: Vec::new(),
            columns: self.columns,
            capacity: self.capacity.iter().zip(used).map(|(capacity, used)| capacity - used).collect(),
            parent: self.parent.clone(),
            child_start: self.child_start.clone(),
            children: self.children.clone(),
            class_columns: Lists::default(),
            column_classes: Lists::default(),
        };
        for class in 0..self.class_count() as u32 {
            part.class_columns.push(self.class(class).iter().copied().filter(|&column| has(column)));
        }
        part.index_classes();
        for &row in rows {
            for arc in self.arc_range(row) {
                let node = self.arc_column[arc];
                if if self.is_class(node) { !part.class_of(node).is_empty() } else { has(node) } {
                    part.arc_column.push(node);
                    part.arc_cost.push(self.arc_cost[arc]);
                }
            }
            part.row_start.push(part.arc_column.len() as u32);
        }
        part
    }

    /// Returns the same problem with other costs of arcs, each as a function of row, column or class node, and cost.
    pub(crate) fn recosted(&self, cost: impl Fn(u32, u32, i64) -> i64) -> Self {
        let mut recosted = self.clone();
        for row in 0..self.row_count() as u32 {
            for arc in self.arc_range(row) {
                recosted.arc_cost[arc] = cost(row, self.arc_column[arc], self.arc_cost[arc]);
            }
        }
        recosted
    }

    fn group_at(&self, node: u32) -> Option<u32> {
        (node != NONE).then(|| node - self.columns)
    }

    pub(crate) fn arc_range(&self, row: u32) -> Range<usize> {
        self.row_start[row as usize] as usize..self.row_start[row as usize + 1] as usize
    }

    pub(crate) fn class_arc_range(&self, row: u32) -> Range<usize> {
        self.column_arc_range(row).end..self.arc_range(row).end
    }

    fn column_arc_range(&self, row: u32) -> Range<usize> {
        let range = self.arc_range(row);
        if self.class_count() == 0 {
            return range;
        }
        let columns = self.arc_column[range.clone()].partition_point(|&node| node < self.columns);
        range.start..range.start + columns
    }

    /// Returns the column or class node that an arc leads to.
    pub(crate) fn arc_column(&self, arc: usize) -> u32 {
        self.arc_column[arc]
    }

    /// Returns the columns and class nodes that arcs lead to.
    pub(crate) fn arc_columns(&self) -> &[u32] {
        &self.arc_column
    }

    pub(crate) fn arc_costs(&self) -> &[i64] {
        &self.arc_cost
    }

    pub(crate) fn arc_cost(&self, arc: usize) -> i64 {
        self.arc_cost[arc]
    }

    pub(crate) fn max_cost(&self) -> i64 {
        self.arc_cost.iter().copied().max().unwrap_or(0)
    }

    /// Returns the number of columns and groups.
    pub(crate) fn node_count(&self) -> usize {
        self.capacity.len()
    }

    /// Returns the number of columns, groups and classes.
    pub(crate) fn vertex_count(&self) -> usize {
        self.node_count() + self.class_count()
    }

    pub(crate) fn is_class(&self, node: u32) -> bool {
        node as usize >= self.node_count()
    }

    /// Returns the columns of a class node; none of another node.
    pub(crate) fn class_of(&self, node: u32) -> &[u32] {
        match (node as usize).checked_sub(self.node_count()) {
            None => &[],
            Some(class) => self.class_columns.get(class),
        }
    }

    /// Returns the class nodes of a column; none of another node.
    pub(crate) fn classes_of(&self, node: u32) -> &[u32] {
        self.column_classes.get(node as usize)
    }

    /// Returns the same problem without rows and classes.
    pub(crate) fn without_rows(&self) -> Self {
        let mut empty =
            Self { row_start: vec![0], arc_column: Vec::new(), arc_cost: Vec::new(), row_group: Vec::new(), ..self.clone() };
        empty.class_columns = Lists::default();
        empty.column_classes = Lists::default();
        empty
    }

    /// Takes all rows and classes out, and sets capacities and caps.
    pub(crate) fn clear_rows(&mut self, left: Left<'_>) {
        self.row_start.truncate(1);
        self.arc_column.clear();
        self.arc_cost.clear();
        self.row_group.clear();
        self.class_columns.clear();
        self.column_classes.clear();
        let columns = self.column_count();
        self.capacity[..columns].copy_from_slice(left.columns);
        self.capacity[columns..].copy_from_slice(left.groups);
        self.row_group_cap.copy_from_slice(left.row_groups);
    }

    /// Adds a class. The classes of each column are to be [worked out](Self::index_classes) after the last one.
    pub(crate) fn push_class(&mut self, columns: &[u32]) {
        self.class_columns.push(columns.iter().copied());
    }

    /// Adds a row of another problem of the same columns, whose arcs to columns end there, with these arcs to classes, ascending.
    pub(crate) fn push_row_of(&mut self, other: &Self, row: u32, end: usize, class_arcs: &[(u32, i64)]) {
        let arcs = other.row_start[row as usize] as usize..end;
        let first_class = self.node_count() as u32;
        self.arc_column.extend_from_slice(&other.arc_column[arcs.clone()]);
        self.arc_column.extend(class_arcs.iter().map(|(class, _)| first_class + class));
        self.arc_cost.extend_from_slice(&other.arc_cost[arcs]);
        self.arc_cost.extend(class_arcs.iter().map(|&(_, cost)| cost));
        self.row_start.push(self.arc_column.len() as u32);
        self.row_group.push(other.row_group[row as usize]);
    }

    /// Works out the class nodes of each column.
    pub(crate) fn index_classes(&mut self) {
        if self.class_count() == 0 {
            return;
        }
        let first_class = self.node_count() as u32;
        let Lists { end, items } = &mut self.column_classes;
        end.clear();
        end.resize(self.columns as usize, 0);
        self.class_columns.items.iter().for_each(|&column| end[column as usize] += 1);
        let mut start = 0;
        for end in &mut *end {
            // Where the next of the column goes; at last, where they end.
            start += std::mem::replace(end, start);
        }
        items.clear();
        items.resize(self.class_columns.items.len(), NONE);
        for class in 0..self.class_columns.len() as u32 {
            for &column in self.class_columns.get(class as usize) {
                let next = &mut end[column as usize];
                items[*next as usize] = first_class + class;
                *next += 1;
            }
        }
    }

    pub(crate) fn is_column(&self, node: u32) -> bool {
        node < self.columns
    }

    /// Returns the capacity of a node of the forest; a class has no room of its own.
    pub(crate) fn node_capacity(&self, node: u32) -> u32 {
        self.capacity.get(node as usize).copied().unwrap_or_default()
    }

    /// Returns the node above, or [`NONE`] where the sink is. Nothing is above a class.
    pub(crate) fn node_parent(&self, node: u32) -> u32 {
        self.parent.get(node as usize).copied().unwrap_or(NONE)
    }

    /// Returns the nodes directly below a node; none below a column.
    pub(crate) fn node_children(&self, node: u32) -> &[u32] {
        match node.checked_sub(self.columns) {
            Some(group) if !self.is_class(node) => {
                let group = group as usize;
                &self.children[self.child_start[group] as usize..self.child_start[group + 1] as usize]
            }
            _ => &[],
        }
    }

    /// Returns every node, each after its parent.
    pub(crate) fn nodes_top_down(&self) -> impl DoubleEndedIterator<Item = u32> {
        // Groups are numbered after their parents; columns are nobody's parent.
        (self.columns..self.node_count() as u32).chain(0..self.columns)
    }
}
