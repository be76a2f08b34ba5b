//! The answer to "where": a placement with its dual certificate, and the check of both.
//!
//! # Notation
//!
//! Row i sits in column j(i) at cost c. A column has a price p_j ≥ 0, a group a price q_g ≥ 0; a place in column j
//! has the price π_j = p_j plus the prices of all groups above j. u_i is the potential of a selected row.
//!
//! # The dual
//!
//! Least cost: minimise Σ c over the placements of the selected rows. Its linear-programming dual: maximise Σ u_i − Σ
//! p_j · capacity_j − Σ q_g · capacity_g subject to the reduced cost c_ij + π_j − u_i ≥ 0 on every arc of a selected
//! row. Equal values prove both optimal. It follows that the reduced cost is zero where a row sits, and a price zero
//! where there is room.

use crate::problem::NONE;
use crate::{Problem, Selection, SolveError};

/// A least-cost placement of the selected rows, with integer dual prices that prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// The column of each row; `None` for rows that are not selected.
    pub column_of: Vec<Option<u32>>,
    /// The total cost.
    pub cost: i64,
    /// The price of each column's capacity: at least zero, and zero where there is room.
    pub column_prices: Vec<i64>,
    /// The price of each group's capacity: at least zero, and zero where there is room.
    pub group_prices: Vec<i64>,
    /// The potential of each selected row: the least cost plus place price over its arcs. Zero for other rows.
    pub row_potentials: Vec<i64>,
}

/// A property that a placement does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Violation {
    /// The placement is of another size than the problem.
    #[error("the placement does not have the problem's numbers of rows, columns and groups")]
    Shape,
    /// A selected row has no place.
    #[error("row {row} is selected but not placed")]
    NotPlaced {
        /// The row.
        row: u32,
    },
    /// A row has a place but is not selected.
    #[error("row {row} is placed but not selected")]
    NotSelected {
        /// The row.
        row: u32,
    },
    /// A row sits where it has no arc.
    #[error("row {row} has no arc to column {column}")]
    NoArc {
        /// The row.
        row: u32,
        /// Its column.
        column: u32,
    },
    /// A column holds more rows than its capacity.
    #[error("column {column} holds more than its capacity")]
    ColumnOverfull {
        /// The column.
        column: u32,
    },
    /// A group holds more rows than its capacity.
    #[error("group {group} holds more than its capacity")]
    GroupOverfull {
        /// The group.
        group: u32,
    },
    /// A row group has more placed rows than its cap.
    #[error("row group {row_group} has more placed rows than its cap")]
    RowGroupOverfull {
        /// The row group.
        row_group: u32,
    },
    /// The stated cost is not the sum of the costs.
    #[error("the cost is {actual}, not {stated}")]
    Cost {
        /// The cost stated.
        stated: i64,
        /// The sum of the costs.
        actual: i128,
    },
    /// A column's price is negative, or positive though there is room.
    #[error("column {column} has a price that is negative, or positive with room left")]
    ColumnPrice {
        /// The column.
        column: u32,
    },
    /// A group's price is negative, or positive though there is room.
    #[error("group {group} has a price that is negative, or positive with room left")]
    GroupPrice {
        /// The group.
        group: u32,
    },
    /// An arc of a selected row has a negative reduced cost, or a positive one where the row sits.
    #[error("row {row} has a reduced cost at column {column} that is negative, or positive where it sits")]
    ReducedCost {
        /// The row.
        row: u32,
        /// The column.
        column: u32,
    },
    /// The evidence of a rematch is of another problem or of other standings.
    #[error("the evidence is of another problem or of other standings")]
    Evidence,
    /// A row has not stayed where it is locked, or has a place though it takes no part.
    #[error("row {row} is not where its standing has it")]
    Standing {
        /// The row.
        row: u32,
    },
    /// The stated number of moves is not how many rows have moved.
    #[error("there are {actual} moves, not {stated}")]
    Moves {
        /// The number stated.
        stated: i64,
        /// The number of rows that sit elsewhere than where they have a claim.
        actual: u32,
    },
    /// The stated number of rows at a level is not how many are there.
    #[error("{actual} rows are at cost {cost}, not {stated}")]
    Profile {
        /// The cost that is the level.
        cost: i64,
        /// The number stated.
        stated: u32,
        /// The number of rows.
        actual: u32,
    },
    /// The evidence has no stage for a level that needs one, or a stage out of order.
    #[error("there is no stage for cost {cost}, or it is out of order")]
    Stage {
        /// The cost that is the level.
        cost: i64,
    },
    /// The evidence has no stage for who is placed where it needs one, or it has one that it does not need.
    #[error("there is no stage for the ranking, or it is out of order")]
    RankingStage,
    /// The price of a row group's cap is negative where the cap need not be used up, or not zero where it is not.
    #[error("row group {row_group} has a price that is negative, or not zero with room left")]
    RowGroupPrice {
        /// The row group.
        row_group: u32,
    },
    /// A row has no place, though prices make a place cheaper than none.
    #[error("row {row} has no place, which costs it more than a place")]
    OutsideCost {
        /// The row.
        row: u32,
    },
    /// A row has no place for another reason than the one stated.
    #[error("row {row} has no place, but not for the reason stated")]
    Reason {
        /// The row.
        row: u32,
    },
    /// The dual value is not the cost.
    #[error("the dual value is {dual}, the cost {primal}")]
    Duality {
        /// The cost.
        primal: i128,
        /// The dual value.
        dual: i128,
    },
}

impl Placement {
    /// Checks that exactly the selected rows are placed, within all capacities, at least cost.
    ///
    /// # Errors
    ///
    /// The first [`Violation`] found.
    ///
    /// # Complexity
    ///
    /// Time and memory O(arcs + rows + nodes).
    pub fn check(&self, problem: &Problem, selection: &Selection) -> Result<(), Violation> {
        let shape = (self.column_of.len(), self.row_potentials.len(), self.column_prices.len(), self.group_prices.len());
        let rows = problem.row_count();
        if shape != (rows, rows, problem.column_count(), problem.group_count()) || selection.outcomes.len() != rows {
            return Err(Violation::Shape);
        }
        let load = check_seats(problem, selection, &self.column_of)?;
        let primal = self.check_cost(problem)?;
        self.check_prices(problem, &load)?;
        self.check_reduced_costs(problem)?;
        let dual = self.dual_value(problem);
        if dual == primal { Ok(()) } else { Err(Violation::Duality { primal, dual }) }
    }

    /// Builds a placement from the columns of the rows and from potentials of the nodes.
    ///
    /// A node's potential is the price of a place there, except that it may be too low where nobody sits: there it is
    /// raised to the potential of the parent. No row that sits anywhere is nearer to its bound for that.
    pub(crate) fn from_potentials(problem: &Problem, column_of: Vec<Option<u32>>, mut potential: Vec<i64>) -> Self {
        let mut price = vec![0; problem.node_count()];
        for node in problem.nodes_top_down() {
            let above = match problem.node_parent(node) {
                NONE => 0,
                parent => potential[parent as usize],
            };
            let own = &mut potential[node as usize];
            *own = above.max(*own);
            price[node as usize] = *own - above;
        }
        let group_prices = price.split_off(problem.column_count());
        push_class_potentials(problem, &mut potential);
        let mut cost = 0;
        let mut row_potentials = vec![0; problem.row_count()];
        for (row, column) in (0..).zip(&column_of) {
            if let Some(column) = *column {
                cost += problem.cost(row, column).unwrap_or_default();
                let range = problem.arc_range(row);
                let arcs = problem.arc_columns()[range.clone()].iter().zip(&problem.arc_costs()[range]);
                row_potentials[row as usize] =
                    arcs.map(|(&node, &cost)| cost + potential[node as usize]).min().unwrap_or_default();
            }
        }
        Self { column_of, cost, column_prices: price, group_prices, row_potentials }
    }

    fn placed(&self) -> impl Iterator<Item = (u32, u32)> {
        (0..).zip(&self.column_of).filter_map(|(row, column)| Some((row, (*column)?)))
    }

    /// Checks that the costs add up, and returns their sum.
    fn check_cost(&self, problem: &Problem) -> Result<i128, Violation> {
        let mut actual = 0;
        for (row, column) in self.placed() {
            actual += i128::from(problem.cost(row, column).ok_or(Violation::NoArc { row, column })?);
        }
        if actual == i128::from(self.cost) { Ok(actual) } else { Err(Violation::Cost { stated: self.cost, actual }) }
    }

    fn check_prices(&self, problem: &Problem, load: &[u32]) -> Result<(), Violation> {
        let (column_load, group_load) = load.split_at(problem.column_count());
        let wrong = |price: i64, load: u32, capacity: u32| price < 0 || (price > 0 && load < capacity);
        for (column, (&price, &load)) in (0..).zip(self.column_prices.iter().zip(column_load)) {
            if wrong(price, load, problem.column_capacity(column)) {
                return Err(Violation::ColumnPrice { column });
            }
        }
        for (group, (&price, &load)) in (0..).zip(self.group_prices.iter().zip(group_load)) {
            if wrong(price, load, problem.group_capacity(group)) {
                return Err(Violation::GroupPrice { group });
            }
        }
        Ok(())
    }

    fn check_reduced_costs(&self, problem: &Problem) -> Result<(), Violation> {
        let columns = problem.column_count();
        let mut place_price = vec![0_i128; problem.node_count()];
        for node in problem.nodes_top_down() {
            let own = match (node as usize).checked_sub(columns) {
                None => self.column_prices[node as usize],
                Some(group) => self.group_prices[group],
            };
            let above = match problem.node_parent(node) {
                NONE => 0,
                parent => place_price[parent as usize],
            };
            place_price[node as usize] = above + i128::from(own);
        }
        push_class_potentials(problem, &mut place_price);
        for (row, seat) in self.placed() {
            let potential = i128::from(self.row_potentials[row as usize]);
            for arc in problem.arc_range(row) {
                let node = problem.arc_column(arc);
                if i128::from(problem.arc_cost(arc)) + place_price[node as usize] < potential {
                    let cheapest = problem.class_of(node).iter().copied().min_by_key(|&column| place_price[column as usize]);
                    return Err(Violation::ReducedCost { row, column: cheapest.unwrap_or(node) });
                }
            }
            let cost = problem.cost(row, seat).ok_or(Violation::NoArc { row, column: seat })?;
            if i128::from(cost) + place_price[seat as usize] > potential {
                return Err(Violation::ReducedCost { row, column: seat });
            }
        }
        Ok(())
    }

    fn dual_value(&self, problem: &Problem) -> i128 {
        let rows: i128 = self.placed().map(|(row, _)| i128::from(self.row_potentials[row as usize])).sum();
        let prices = self.column_prices.iter().chain(&self.group_prices);
        let rent = (0..).zip(prices).map(|(node, &price)| i128::from(price) * i128::from(problem.node_capacity(node)));
        rows - rent.sum::<i128>()
    }
}

/// Checks that exactly the selected rows sit somewhere, on arcs and within all capacities, and returns how many rows
/// each node holds.
///
/// The columns are of as many rows as the problem has, and so is the selection.
pub(crate) fn check_seats(problem: &Problem, selection: &Selection, column_of: &[Option<u32>]) -> Result<Vec<u32>, Violation> {
    let mut selected = vec![false; column_of.len()];
    selection.kept().for_each(|row| selected[row as usize] = true);
    for (row, (selected, &column)) in (0..).zip(selected.into_iter().zip(column_of)) {
        match (selected, column) {
            (true, None) => return Err(Violation::NotPlaced { row }),
            (false, Some(_)) => return Err(Violation::NotSelected { row }),
            _ => {}
        }
    }
    check_capacities(problem, column_of)
}

/// Checks that rows sit on arcs and within all capacities, and returns how many rows each node holds.
pub(crate) fn check_capacities(problem: &Problem, column_of: &[Option<u32>]) -> Result<Vec<u32>, Violation> {
    let mut load = vec![0; problem.node_count()];
    for (row, column) in (0..).zip(column_of).filter_map(|(row, column)| Some((row, (*column)?))) {
        problem.cost(row, column).ok_or(Violation::NoArc { row, column })?;
        let mut node = column;
        while node != NONE {
            load[node as usize] += 1;
            node = problem.node_parent(node);
        }
    }
    match (0..).zip(&load).find(|&(node, &load)| load > problem.node_capacity(node)) {
        None => Ok(load),
        Some((node, _)) => Err(match node.checked_sub(problem.column_count() as u32) {
            None => Violation::ColumnOverfull { column: node },
            Some(group) => Violation::GroupOverfull { group },
        }),
    }
}

/// Appends to the potentials of columns and groups those of the classes: the least of their columns'.
pub(crate) fn push_class_potentials<P: Ord + Copy + Default>(problem: &Problem, potentials: &mut Vec<P>) {
    for class in 0..problem.class_count() as u32 {
        let columns = problem.class(class).iter();
        potentials.push(columns.map(|&column| potentials[column as usize]).min().unwrap_or_default());
    }
}

/// Returns the largest cost and the bound within which node potentials stay, as the algorithm files derive it.
///
/// A potential is at most twice the cost of a path that re-places every row; another factor of four keeps sums of a
/// potential, a distance and a cost in range.
pub(crate) fn potential_bound(rows: usize, cost: i64) -> Result<i64, SolveError> {
    let error = SolveError::CostRange { cost, rows };
    let path = i64::try_from(rows).ok().and_then(|rows| rows.checked_add(1)?.checked_mul(cost.checked_add(1)?));
    path.filter(|path| path.checked_mul(8).is_some()).ok_or(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProblemBuilder, place, select};

    #[test]
    fn check_refutes_every_corruption() {
        let mut builder = ProblemBuilder::new();
        let group = builder.add_group(2, None).unwrap();
        let first = builder.add_column(1, Some(group)).unwrap();
        let second = builder.add_column(2, Some(group)).unwrap();
        let third = builder.add_column(5, None).unwrap();
        for _ in 0..3 {
            builder.add_row(None, [(first, 1), (second, 2), (third, 9)]).unwrap();
        }
        builder.add_row(None, []).unwrap();
        let problem = builder.build();
        let selection = select(&problem);
        let valid = place(&problem, &selection).unwrap();
        assert_eq!(valid.check(&problem, &selection), Ok(()));
        assert_eq!((valid.cost, &*valid.column_prices, &*valid.group_prices), (12, &[1, 0, 0][..], &[7][..]));

        let refuted = |corrupt: &dyn Fn(&mut Placement)| {
            let mut placement = valid.clone();
            corrupt(&mut placement);
            placement.check(&problem, &selection).unwrap_err()
        };
        assert_eq!(refuted(&|p| p.column_prices.truncate(1)), Violation::Shape);
        assert_eq!(refuted(&|p| p.column_of[0] = None), Violation::NotPlaced { row: 0 });
        assert_eq!(refuted(&|p| p.column_of[3] = Some(third)), Violation::NotSelected { row: 3 });
        assert_eq!(refuted(&|p| p.column_of[0] = Some(7)), Violation::NoArc { row: 0, column: 7 });
        assert_eq!(refuted(&|p| p.cost = 11), Violation::Cost { stated: 11, actual: 12 });
        let crowd = |column: u32, cost: i64| {
            refuted(&|p| {
                p.column_of[..3].fill(Some(column));
                p.cost = cost;
            })
        };
        assert_eq!(crowd(first, 3), Violation::ColumnOverfull { column: first });
        let crowd_group = refuted(&|p| {
            p.column_of[..3].copy_from_slice(&[Some(first), Some(second), Some(second)]);
            p.cost = 5;
        });
        assert_eq!(crowd_group, Violation::GroupOverfull { group });
        assert_eq!(crowd(third, 27), Violation::ColumnPrice { column: first });
        assert_eq!(refuted(&|p| p.column_prices[0] = -1), Violation::ColumnPrice { column: first });
        assert_eq!(refuted(&|p| p.column_prices[2] = 1), Violation::ColumnPrice { column: third });
        assert_eq!(refuted(&|p| p.group_prices[0] = -1), Violation::GroupPrice { group });
        assert!(matches!(refuted(&|p| p.group_prices[0] = 8), Violation::ReducedCost { .. }));
        assert!(matches!(refuted(&|p| p.row_potentials[0] += 1), Violation::ReducedCost { row: 0, .. }));
    }

    #[test]
    fn refuses_costs_that_could_overflow() {
        assert_eq!(potential_bound(3, 4), Ok(20));
        assert!(potential_bound(1, i64::MAX / 16 - 1).is_ok());
        for (rows, cost) in [(2, i64::MAX / 16), (1, i64::MAX), (usize::MAX, 1)] {
            assert_eq!(potential_bound(rows, cost), Err(SolveError::CostRange { cost, rows }));
        }
    }
}
