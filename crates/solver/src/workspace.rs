//! One problem, many rankings.

use crate::place::Placer;
use crate::select::Selector;
use crate::{Placement, Problem, RowOutcome, Selection, SolveError};

/// Selects and places on one problem for one ranking after the other, with memory that is kept.
///
/// Planners draw thousands of lotteries on one market. [`select`](crate::select()) and [`place`](crate::place()) take rows
/// in the order of their numbers, and begin with nothing; here the order is given, and the memory is there.
///
/// # Determinism
///
/// What a workspace returns for a ranking depends on the problem and the ranking alone, not on the rankings before: prices
/// are not kept, which was found to save nothing. For several threads, clone it.
///
/// # Examples
///
/// ```
/// use feriematch_solver::{ProblemBuilder, Workspace};
///
/// let mut builder = ProblemBuilder::new();
/// let park = builder.add_column(1, None)?;
/// builder.add_row(None, [(park, 1)])?;
/// builder.add_row(None, [(park, 2)])?;
/// let problem = builder.build();
///
/// let mut workspace = Workspace::new(&problem);
/// assert_eq!(workspace.select(&[1, 0])?.kept().collect::<Vec<_>>(), [1]);
/// assert_eq!(workspace.place()?.cost, 2);
/// # Ok::<(), feriematch_solver::SolveError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Workspace<'p> {
    problem: &'p Problem,
    selector: Selector<'p>,
    placer: Placer,
    /// When each row had its turn, or [`NONE`] while a ranking is read.
    turn_of: Vec<u32>,
    selection: Selection,
}

/// The turn of a row that has not had it.
const NONE: u32 = u32::MAX;

impl<'p> Workspace<'p> {
    /// Returns a workspace for a problem.
    ///
    /// # Complexity
    ///
    /// Time O(arcs + nodes); memory as [`select`](crate::select()) and [`place`](crate::place()) together.
    pub fn new(problem: &'p Problem) -> Self {
        let rows = problem.row_count();
        Self {
            problem,
            selector: Selector::new(problem),
            placer: Placer::default(),
            turn_of: (0..rows as u32).collect(),
            selection: Selection { outcomes: vec![RowOutcome::Full; rows], closed_by: vec![None; problem.column_count()] },
        }
    }

    /// Selects rows greedily in the order of a ranking, as [`select`](crate::select()) does in the order of their numbers.
    ///
    /// Where [`Selection`] says *earlier*, it means earlier in the ranking.
    ///
    /// # Errors
    ///
    /// [`SolveError::Ranking`] if the ranking does not name each row once.
    ///
    /// # Complexity
    ///
    /// As [`select`](crate::select()).
    pub fn select(&mut self, ranking: &[u32]) -> Result<&Selection, SolveError> {
        self.turn_of.fill(NONE);
        for (turn, &row) in (0..).zip(ranking) {
            match self.turn_of.get_mut(row as usize) {
                Some(turn_of) if *turn_of == NONE => *turn_of = turn,
                _ => return Err(SolveError::Ranking { row }),
            }
        }
        if let Some(row) = (0..).zip(&self.turn_of).find_map(|(row, &turn)| (turn == NONE).then_some(row)) {
            return Err(SolveError::Ranking { row });
        }
        self.selector.select(ranking, &mut self.selection);
        Ok(&self.selection)
    }

    /// Places the rows selected last at least total cost, as [`place`](crate::place()) does.
    ///
    /// # Errors
    ///
    /// [`SolveError::CostRange`] if prices could overflow.
    ///
    /// # Complexity
    ///
    /// As [`place`](crate::place()).
    pub fn place(&mut self) -> Result<Placement, SolveError> {
        self.placer.place(self.problem, &self.selection, |row| self.turn_of[row as usize])
    }
}
