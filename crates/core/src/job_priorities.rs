//! How jobs rank applicants: by class, home district, lottery; `docs/mechanisms.md`, section 5.

use feriematch_model::{ApplicantIx, DistrictIx, Employer, JobIx, Season};
use feriematch_solver::Problem;

use crate::Ranking;

/// The priorities of the jobs of a market. Whoever comes first at a job by these numbers, and by ranking where they are equal,
/// comes first there.
pub(crate) struct JobPriorities {
    /// By row, twice the turn of the class, and the home district.
    rows: Vec<(u32, DistrictIx)>,
    /// By column, the district that employs there.
    columns: Vec<Option<DistrictIx>>,
    districts: usize,
}

impl JobPriorities {
    pub(crate) fn new(season: &Season, ranking: &Ranking, rows: &[ApplicantIx], columns: &[JobIx]) -> Self {
        let turn = |&a: &ApplicantIx| (2 * ranking.class_turn(a), season.applicant(a).home_district);
        let district = |&job: &JobIx| match season.job(job).employer {
            Employer::District(district) => Some(district),
            Employer::Department(_) => None,
        };
        Self {
            rows: rows.iter().map(turn).collect(),
            columns: columns.iter().map(district).collect(),
            districts: season.settings().districts.len(),
        }
    }

    /// Returns the priority of a row at a column: the lower, the better.
    pub(crate) fn of(&self, row: u32, column: u32) -> u32 {
        self.of_district(row as usize, self.columns[column as usize])
    }

    fn of_district(&self, row: usize, district: Option<DistrictIx>) -> u32 {
        let (turn, home) = self.rows[row];
        turn + u32::from(district != Some(home))
    }

    /// Returns the orders of rows that there are, and which of them each column has. What stands under a cap has the ranking.
    pub(crate) fn orders(&self, problem: &Problem) -> (Vec<Vec<u32>>, Vec<u32>) {
        let ranking: Vec<u32> = (0..self.rows.len() as u32).collect();
        let mut orders = vec![ranking.clone()];
        let mut order_of_district = vec![None; self.districts];
        let mut order_of = Vec::with_capacity(self.columns.len());
        for (column, district) in (0..).zip(&self.columns) {
            let district = district.filter(|_| problem.group_of_column(column).is_none());
            let order = match district {
                None => 0,
                Some(district) => *order_of_district[district.get()].get_or_insert_with(|| {
                    let mut order = ranking.clone();
                    order.sort_by_key(|&row| self.of_district(row as usize, Some(district)));
                    orders.push(order);
                    orders.len() as u32 - 1
                }),
            };
            order_of.push(order);
        }
        (orders, order_of)
    }
}
