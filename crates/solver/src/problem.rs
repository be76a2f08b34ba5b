//! The problem: rows, columns, sparse arcs, and the forest of capacities.
//!
//! Columns and groups are the *nodes* of the capacity forest: node `j` is column `j`, node `columns + g` is group `g`.
//! A node without a parent stands directly above the (implicit) sink.

use std::ops::Range;

use crate::SolveError;

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

    /// Returns the arcs of a row as (column, cost), ascending by column.
    #[inline]
    pub fn arcs(&self, row: u32) -> impl ExactSizeIterator<Item = (u32, i64)> + Clone {
        let range = self.arc_range(row);
        self.arc_column[range.clone()].iter().copied().zip(self.arc_cost[range].iter().copied())
    }

    /// Returns the cost of the arc between a row and a column, if there is one.
    pub fn cost(&self, row: u32, column: u32) -> Option<i64> {
        let range = self.arc_range(row);
        let offset = self.arc_column[range.clone()].binary_search(&column).ok()?;
        Some(self.arc_cost[range.start + offset])
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
    /// Rows are numbered anew, in the order given.
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
        };
        for &row in rows {
            for (column, cost) in self.arcs(row).filter(|&(column, _)| has(column)) {
                part.arc_column.push(column);
                part.arc_cost.push(cost);
            }
            part.row_start.push(part.arc_column.len() as u32);
        }
        part
    }

    fn group_at(&self, node: u32) -> Option<u32> {
        (node != NONE).then(|| node - self.columns)
    }

    pub(crate) fn arc_range(&self, row: u32) -> Range<usize> {
        self.row_start[row as usize] as usize..self.row_start[row as usize + 1] as usize
    }

    pub(crate) fn arc_column(&self, arc: usize) -> u32 {
        self.arc_column[arc]
    }

    pub(crate) fn arc_columns(&self) -> &[u32] {
        &self.arc_column
    }

    pub(crate) fn arc_cost(&self, arc: usize) -> i64 {
        self.arc_cost[arc]
    }

    pub(crate) fn max_cost(&self) -> i64 {
        self.arc_cost.iter().copied().max().unwrap_or(0)
    }

    pub(crate) fn node_count(&self) -> usize {
        self.capacity.len()
    }

    pub(crate) fn is_column(&self, node: u32) -> bool {
        node < self.columns
    }

    pub(crate) fn node_capacity(&self, node: u32) -> u32 {
        self.capacity[node as usize]
    }

    /// Returns the node above, or [`NONE`] where the sink is.
    pub(crate) fn node_parent(&self, node: u32) -> u32 {
        self.parent[node as usize]
    }

    /// Returns the nodes directly below a node; none below a column.
    pub(crate) fn node_children(&self, node: u32) -> &[u32] {
        match node.checked_sub(self.columns) {
            None => &[],
            Some(group) => {
                let group = group as usize;
                &self.children[self.child_start[group] as usize..self.child_start[group + 1] as usize]
            }
        }
    }

    /// Returns every node, each after its parent.
    pub(crate) fn nodes_top_down(&self) -> impl DoubleEndedIterator<Item = u32> {
        // Groups are numbered after their parents; columns are nobody's parent.
        (self.columns..self.node_count() as u32).chain(0..self.columns)
    }
}

/// Builds a [`Problem`] piece by piece, and checks each piece.
///
/// A parent is added before its children, a column before the rows with arcs to it. Rows are added in ranking order.
/// After an error the builder is as it was before.
#[derive(Debug, Clone, Default)]
pub struct ProblemBuilder {
    /// Where each row's arcs end.
    row_end: Vec<u32>,
    arc_column: Vec<u32>,
    arc_cost: Vec<i64>,
    row_group: Vec<u32>,
    row_group_cap: Vec<u32>,
    column_capacity: Vec<u32>,
    column_group: Vec<u32>,
    group_capacity: Vec<u32>,
    group_parent: Vec<u32>,
}

impl ProblemBuilder {
    /// Returns a builder without rows, columns or groups.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns a builder with room for so many rows and arcs.
    pub fn with_capacity(rows: usize, arcs: usize) -> Self {
        Self {
            row_end: Vec::with_capacity(rows + 1),
            row_group: Vec::with_capacity(rows),
            arc_column: Vec::with_capacity(arcs),
            arc_cost: Vec::with_capacity(arcs),
            ..Self::default()
        }
    }

    /// Adds a group, which caps what its columns and subgroups hold together, and returns its index.
    ///
    /// # Errors
    ///
    /// [`SolveError::UnknownGroup`] if the parent has not been added, [`SolveError::TooMany`].
    pub fn add_group(&mut self, capacity: u32, parent: Option<u32>) -> Result<u32, SolveError> {
        self.check_group(parent)?;
        let index = self.next_node("groups", self.group_capacity.len())?;
        self.group_capacity.push(capacity);
        self.group_parent.push(parent.unwrap_or(NONE));
        Ok(index)
    }

    /// Adds a column and returns its index.
    ///
    /// # Errors
    ///
    /// [`SolveError::UnknownGroup`] if the group has not been added, [`SolveError::TooMany`].
    pub fn add_column(&mut self, capacity: u32, group: Option<u32>) -> Result<u32, SolveError> {
        self.check_group(group)?;
        let index = self.next_node("columns", self.column_capacity.len())?;
        self.column_capacity.push(capacity);
        self.column_group.push(group.unwrap_or(NONE));
        Ok(index)
    }

    /// Adds a row group, of which at most `cap` rows are kept by [`select`](crate::select()), and returns its index.
    ///
    /// # Errors
    ///
    /// [`SolveError::TooMany`].
    pub fn add_row_group(&mut self, cap: u32) -> Result<u32, SolveError> {
        let index = next_index("row groups", self.row_group_cap.len())?;
        self.row_group_cap.push(cap);
        Ok(index)
    }

    /// Adds the next row in ranking order with its arcs (column, cost), ascending by column, and returns its index.
    ///
    /// # Errors
    ///
    /// [`SolveError::UnknownColumn`], [`SolveError::ArcOrder`], [`SolveError::NegativeCost`],
    /// [`SolveError::UnknownRowGroup`], [`SolveError::TooMany`].
    pub fn add_row(&mut self, row_group: Option<u32>, arcs: impl IntoIterator<Item = (u32, i64)>) -> Result<u32, SolveError> {
        let row = next_index("rows", self.row_end.len())?;
        if let Some(row_group) = row_group
            && row_group as usize >= self.row_group_cap.len()
        {
            return Err(SolveError::UnknownRowGroup { row, row_group });
        }
        let start = self.arc_column.len();
        match self.push_arcs(row, arcs) {
            Ok(end) => {
                self.row_end.push(end);
                self.row_group.push(row_group.unwrap_or(NONE));
                Ok(row)
            }
            Err(error) => {
                self.arc_column.truncate(start);
                self.arc_cost.truncate(start);
                Err(error)
            }
        }
    }

    /// Returns the finished problem.
    pub fn build(self) -> Problem {
        let columns = self.column_capacity.len() as u32;
        let node_of = |group: u32| if group == NONE { NONE } else { columns + group };
        let mut capacity = self.column_capacity;
        capacity.extend(&self.group_capacity);
        let parent: Vec<u32> = self.column_group.iter().chain(&self.group_parent).map(|&group| node_of(group)).collect();

        let group_of = |node: &u32| (*node != NONE).then(|| (*node - columns) as usize);
        let groups = self.group_capacity.len();
        let mut child_start = vec![0; groups + 1];
        for group in parent.iter().filter_map(group_of) {
            child_start[group + 1] += 1;
        }
        for group in 0..groups {
            child_start[group + 1] += child_start[group];
        }
        let mut next = child_start.clone();
        let mut children = vec![NONE; child_start[groups] as usize];
        for (node, group) in parent.iter().enumerate().filter_map(|(node, up)| Some((node, group_of(up)?))) {
            children[next[group] as usize] = node as u32;
            next[group] += 1;
        }

        let mut row_start = self.row_end;
        row_start.insert(0, 0);
        Problem {
            row_start,
            arc_column: self.arc_column,
            arc_cost: self.arc_cost,
            row_group: self.row_group,
            row_group_cap: self.row_group_cap,
            columns,
            capacity,
            parent,
            child_start,
            children,
        }
    }

    /// Appends the arcs of a row, checks them, and returns where they end.
    fn push_arcs(&mut self, row: u32, arcs: impl IntoIterator<Item = (u32, i64)>) -> Result<u32, SolveError> {
        let mut before = None;
        for (column, cost) in arcs {
            if column as usize >= self.column_capacity.len() {
                return Err(SolveError::UnknownColumn { row, column });
            }
            if before >= Some(column) {
                return Err(SolveError::ArcOrder { row, column });
            }
            if cost < 0 {
                return Err(SolveError::NegativeCost { row, column });
            }
            before = Some(column);
            self.arc_column.push(column);
            self.arc_cost.push(cost);
        }
        next_index("arcs", self.arc_column.len())
    }

    fn check_group(&self, group: Option<u32>) -> Result<(), SolveError> {
        match group {
            Some(group) if group as usize >= self.group_capacity.len() => Err(SolveError::UnknownGroup { group }),
            _ => Ok(()),
        }
    }

    /// Returns the next index of a kind of node, provided that one more node can still be numbered.
    fn next_node(&self, what: &'static str, index: usize) -> Result<u32, SolveError> {
        next_index(what, self.column_capacity.len() + self.group_capacity.len())?;
        Ok(index as u32)
    }
}

/// Returns a count as an index, provided that it can be told from [`NONE`].
fn next_index(what: &'static str, count: usize) -> Result<u32, SolveError> {
    u32::try_from(count).ok().filter(|&index| index != NONE).ok_or(SolveError::TooMany { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_does_not_fit_and_stays_as_it_was() {
        let mut builder = ProblemBuilder::new();
        assert_eq!(builder.add_group(1, Some(0)), Err(SolveError::UnknownGroup { group: 0 }));
        assert_eq!(builder.add_column(1, Some(0)), Err(SolveError::UnknownGroup { group: 0 }));
        let column = builder.add_column(2, None).unwrap();
        let other = builder.add_column(2, None).unwrap();
        assert_eq!(builder.add_row(None, [(column, 1), (7, 1)]), Err(SolveError::UnknownColumn { row: 0, column: 7 }));
        assert_eq!(builder.add_row(None, [(other, 1), (column, 1)]), Err(SolveError::ArcOrder { row: 0, column }));
        assert_eq!(builder.add_row(None, [(column, 1), (column, 2)]), Err(SolveError::ArcOrder { row: 0, column }));
        assert_eq!(builder.add_row(None, [(column, -1)]), Err(SolveError::NegativeCost { row: 0, column }));
        assert_eq!(builder.add_row(Some(0), [(column, 1)]), Err(SolveError::UnknownRowGroup { row: 0, row_group: 0 }));
        assert_eq!(builder.add_row(None, [(column, 5)]), Ok(0));
        let problem = builder.build();
        assert_eq!(problem.arc_count(), 1);
        assert_eq!(problem.arcs(0).collect::<Vec<_>>(), [(column, 5)]);
        assert_eq!((problem.cost(0, column), problem.cost(0, other)), (Some(5), None));
    }

    #[test]
    fn knows_the_forest() {
        let mut builder = ProblemBuilder::new();
        let stream = builder.add_group(9, None).unwrap();
        let direct = builder.add_column(3, Some(stream)).unwrap();
        let department = builder.add_group(4, Some(stream)).unwrap();
        let within = builder.add_column(5, Some(department)).unwrap();
        let outside = builder.add_column(6, None).unwrap();
        let problem = builder.build();
        assert_eq!((problem.row_count(), problem.column_count(), problem.group_count()), (0, 3, 2));
        assert_eq!(problem.group_of_column(direct), Some(stream));
        assert_eq!(problem.group_of_column(within), Some(department));
        assert_eq!(problem.group_of_column(outside), None);
        assert_eq!(problem.parent_of_group(department), Some(stream));
        assert_eq!(problem.parent_of_group(stream), None);
        assert_eq!((problem.group_capacity(department), problem.column_capacity(outside)), (4, 6));
        assert_eq!(problem.node_children(3), [direct, 4]);
        assert_eq!(problem.node_children(4), [within]);
        assert_eq!(problem.nodes_top_down().collect::<Vec<_>>(), [3, 4, 0, 1, 2]);
    }
}
