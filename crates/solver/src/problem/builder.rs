//! How a problem is made: piece by piece, each checked when it comes.

use super::{Lists, NONE, Problem};
use crate::SolveError;

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
    classes: Lists,
    /// The arcs that lead to classes.
    class_arcs: Vec<u32>,
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

    /// Adds a class, a set of columns given in ascending order, and returns its index.
    ///
    /// # Errors
    ///
    /// [`SolveError::UnknownColumn`] or [`SolveError::ArcOrder`], with the index of the class as row, and
    /// [`SolveError::TooMany`].
    pub fn add_class(&mut self, columns: &[u32]) -> Result<u32, SolveError> {
        let class = next_index("classes", self.classes.len())?;
        if let Some(&column) = columns.iter().find(|&&column| column as usize >= self.column_capacity.len()) {
            return Err(SolveError::UnknownColumn { row: class, column });
        }
        if let Some(pair) = columns.windows(2).find(|pair| pair[0] >= pair[1]) {
            return Err(SolveError::ArcOrder { row: class, column: pair[1] });
        }
        next_index("columns in classes", self.classes.items.len() + columns.len())?;
        self.classes.push(columns.iter().copied());
        Ok(class)
    }

    /// Adds the next row in ranking order with its arcs (column, cost) and its arcs to classes (class, cost), both
    /// ascending, and returns its index.
    ///
    /// An arc to a class stands for an arc at that cost to each of its columns. Where several arcs lead to one column,
    /// the cheapest counts.
    ///
    /// # Errors
    ///
    /// As [`add_row`](Self::add_row), and [`SolveError::UnknownClass`].
    pub fn add_row_with_classes(
        &mut self,
        row_group: Option<u32>,
        arcs: impl IntoIterator<Item = (u32, i64)>,
        class_arcs: impl IntoIterator<Item = (u32, i64)>,
    ) -> Result<u32, SolveError> {
        let (arc_count, class_arc_count) = (self.arc_column.len(), self.class_arcs.len());
        let row = self.add_row(row_group, arcs)?;
        self.push_class_arcs(row, class_arcs).inspect_err(|_| {
            self.arc_column.truncate(arc_count);
            self.arc_cost.truncate(arc_count);
            self.class_arcs.truncate(class_arc_count);
            self.row_end.pop();
            self.row_group.pop();
        })?;
        Ok(row)
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
        let mut arc_column = self.arc_column;
        for arc in self.class_arcs {
            arc_column[arc as usize] += capacity.len() as u32;
        }
        let mut problem = Problem {
            row_start,
            arc_column,
            arc_cost: self.arc_cost,
            row_group: self.row_group,
            row_group_cap: self.row_group_cap,
            columns,
            capacity,
            parent,
            child_start,
            children,
            class_columns: self.classes,
            column_classes: Lists::default(),
        };
        problem.index_classes();
        problem
    }

    /// Appends the arcs of the last row to classes; those to classes without columns lead nowhere.
    fn push_class_arcs(&mut self, row: u32, arcs: impl IntoIterator<Item = (u32, i64)>) -> Result<(), SolveError> {
        let mut before = None;
        for (class, cost) in arcs {
            if class as usize >= self.classes.len() {
                return Err(SolveError::UnknownClass { row, class });
            }
            if before >= Some(class) {
                return Err(SolveError::ArcOrder { row, column: class });
            }
            if cost < 0 {
                return Err(SolveError::NegativeCost { row, column: class });
            }
            before = Some(class);
            if !self.classes.get(class as usize).is_empty() {
                self.class_arcs.push(next_index("arcs", self.arc_column.len())?);
                self.arc_column.push(class);
                self.arc_cost.push(cost);
            }
        }
        if let Some(end) = self.row_end.last_mut() {
            *end = next_index("arcs", self.arc_column.len())?;
        }
        Ok(())
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
