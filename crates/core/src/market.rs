//! The problem of one stage: a season's applicants, jobs and caps as rows, columns and groups.

use std::collections::BTreeMap;
use std::ops::Range;

use feriematch_model::{ApplicantIx, DepartmentIx, Employer, JobIx, Payer, Season, StreamIx};
use feriematch_solver::{Problem, ProblemBuilder, SolveError};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::acceptable::Runs;
use crate::job_priorities::JobPriorities;
use crate::locks::Room;
use crate::{Preparation, Ranking};

/// The market of a stage.
///
/// Rows are the applicants without a place, in ranking order. Columns are the jobs that the stream may pay for, in job order, with the
/// places still free. Above the columns stand the caps: of departments, and above all the stream's. Home districts' caps are row groups.
/// Sets of jobs that wishes for classes open are classes of columns.
pub(crate) struct Market<'p> {
    preparation: &'p Preparation<'p>,
    stream: StreamIx,
    rows: Vec<ApplicantIx>,
    columns: Vec<JobIx>,
    /// The column of each job.
    column_of: Vec<Option<u32>>,
    room: &'p Room,
    /// The job on which each row has a claim; none at all where nobody can be moved.
    claims: Vec<Option<JobIx>>,
    /// Whether those who have a claim are only moved up, to what they ranked higher. Then they count against their home district's
    /// cap beforehand, since they keep a place whatever happens.
    only_up: bool,
    /// Whether sets of jobs with the same columns are classes of their own all the same.
    class_for_each_set: bool,
}

/// A market as the solver takes it, and which cap each group is.
pub(crate) struct StageProblem {
    pub(crate) problem: Problem,
    pub(crate) departments: BTreeMap<DepartmentIx, u32>,
    pub(crate) stream: Option<u32>,
    /// The row group of each home district that has a cap.
    pub(crate) homes: Vec<Option<u32>>,
}

impl<'p> Market<'p> {
    /// Sets up the market of a stage for a list of applicants in ranking order, within the room that is left.
    pub(crate) fn new(preparation: &'p Preparation<'p>, rows: Vec<ApplicantIx>, stream: StreamIx, room: &'p Room) -> Self {
        let jobs = preparation.season().jobs();
        let columns: Vec<JobIx> = (0..jobs.len()).filter(|&row| jobs[row].streams.contains(stream)).map(JobIx::new).collect();
        let mut column_of = vec![None; jobs.len()];
        for (column, job) in (0..).zip(&columns) {
            column_of[job.get()] = Some(column);
        }
        Self {
            preparation,
            stream,
            rows,
            columns,
            column_of,
            room,
            claims: Vec::new(),
            only_up: false,
            class_for_each_set: false,
        }
    }

    /// Keeps sets of jobs apart that have the same columns: of some of the rows, others of these sets may come first.
    pub(crate) fn with_a_class_for_each_set(mut self) -> Self {
        self.class_for_each_set = true;
        self
    }

    /// Lets rows have claims, by applicant.
    pub(crate) fn with_claims(mut self, claims: &BTreeMap<ApplicantIx, JobIx>, only_up: bool) -> Self {
        if !claims.is_empty() {
            self.claims = self.rows.iter().map(|applicant| claims.get(applicant).copied()).collect();
        }
        self.only_up = only_up;
        self
    }

    /// Returns the column on which a row has a claim.
    pub(crate) fn claim(&self, row: usize) -> Option<u32> {
        self.column_of[(*self.claims.get(row)?)?.get()]
    }

    /// Returns what is left of every capacity and cap.
    pub(crate) fn room(&self) -> &Room {
        self.room
    }

    /// Returns the jobs of the market of which nobody can get a place.
    pub(crate) fn jobs_without_room(&self) -> impl Iterator<Item = JobIx> {
        self.columns.iter().copied().filter(|&job| !self.room.has_place(self.season(), job))
    }

    /// Returns the rank of a row's claim where it is only moved up.
    fn claimed_rank(&self, row: usize) -> Option<(u32, u16)> {
        let column = self.claim(row).filter(|_| self.only_up)?;
        Some((column, self.rank(row, column)))
    }

    pub(crate) fn season(&self) -> &'p Season {
        self.preparation.season()
    }

    /// Returns the applicant of each row.
    pub(crate) fn rows(&self) -> &[ApplicantIx] {
        &self.rows
    }

    /// Gives back the applicant of each row.
    pub(crate) fn into_rows(self) -> Vec<ApplicantIx> {
        self.rows
    }

    /// Returns the job of a column.
    pub(crate) fn job(&self, column: u32) -> JobIx {
        self.columns[column as usize]
    }

    /// Returns the column of a job, if the stream may pay for it.
    pub(crate) fn column(&self, job: JobIx) -> Option<u32> {
        self.column_of[job.get()]
    }

    /// Returns the applicant's rank for the job of a column, which must be acceptable.
    pub(crate) fn rank(&self, row: usize, column: u32) -> u16 {
        let rank = self.preparation.rank(self.rows[row], self.job(column));
        rank.unwrap_or_else(|| unreachable!("a row is only placed on an arc"))
    }

    /// Returns how the jobs rank the applicants.
    pub(crate) fn job_priorities(&self, ranking: &Ranking) -> JobPriorities {
        JobPriorities::new(self.season(), ranking, &self.rows, &self.columns)
    }

    /// Builds the problem, with the cost of each arc worked out from the rank.
    pub(crate) fn problem(&self, cost: impl Fn(u16) -> i64 + Sync) -> Result<StageProblem, SolveError> {
        let season = self.season();
        let settings = season.settings();
        let arcs_of = |&a: &ApplicantIx| self.preparation.single(a).len() + self.preparation.shared(a).len();
        let arcs = self.rows.par_iter().map(arcs_of).sum();
        let mut builder = ProblemBuilder::with_capacity(self.rows.len(), arcs);

        let stream = self.room.stream(self.stream).map(|left| builder.add_group(left, None)).transpose()?;
        let mut departments = BTreeMap::new();
        for (row, left) in self.room.departments().iter().enumerate() {
            if let Some(left) = left {
                departments.insert(DepartmentIx::new(row), builder.add_group(*left, stream)?);
            }
        }
        for &job in &self.columns {
            let group = match season.job(job).employer {
                Employer::Department(d) => departments.get(&d).copied().or(stream),
                Employer::District(_) => stream,
            };
            builder.add_column(self.room.job(job), group)?;
        }
        let pays_at_home = settings.streams[self.stream.get()].payer == Payer::HomeDistrict;
        let mut kept = vec![0; settings.districts.len()];
        for row in (0..self.claims.len()).filter(|&row| self.claimed_rank(row).is_some()) {
            kept[season.applicant(self.rows[row]).home_district.get()] += 1;
        }
        let caps = self.room.homes().iter().zip(kept).map(|(left, kept)| left.filter(|_| pays_at_home).map(|left| left - kept));
        let home_groups: Vec<Option<u32>> =
            caps.map(|cap| cap.map(|cap| builder.add_row_group(cap)).transpose()).collect::<Result<_, _>>()?;

        let class_of = self.add_classes(&mut builder)?;
        // Rows are looked up all over the season, since they are in ranking order: threads share that, and one adds what they found.
        let find_arcs = |rows: Range<usize>| RowBlock::new(self, rows, &home_groups, &class_of, &cost);
        let mut found: Vec<RowBlock> = Vec::new();
        for batch in (0..self.rows.len()).step_by(RowBlock::BATCH) {
            let end = (batch + RowBlock::BATCH).min(self.rows.len());
            let blocks = (batch..end).into_par_iter().step_by(RowBlock::ROWS);
            let find_next = || blocks.map(|from| find_arcs(from..(from + RowBlock::ROWS).min(end))).collect();
            let (added, next) = rayon::join(|| found.iter().try_for_each(|block| block.add_to(&mut builder)), find_next);
            added?;
            found = next;
        }
        found.iter().try_for_each(|block| block.add_to(&mut builder))?;
        Ok(StageProblem { problem: builder.build(), departments, stream, homes: home_groups })
    }

    /// Adds a class for the columns of each set of jobs that a row may name, and returns the class of each set.
    fn add_classes(&self, builder: &mut ProblemBuilder) -> Result<Vec<Option<u32>>, SolveError> {
        let sets = self.preparation.job_sets();
        let mut class_of = vec![None; sets.len()];
        let mut known: FxHashMap<Vec<u32>, u32> = FxHashMap::default();
        let admitted = self.rows.par_iter().filter(|&&applicant| self.admits(applicant));
        let mut named: Vec<u32> = admitted.flat_map_iter(|&a| self.preparation.shared(a)).map(|wish| wish.set).collect();
        named.par_sort_unstable();
        named.dedup();
        for set in named {
            let columns: Vec<u32> = sets[set as usize].jobs.iter().filter_map(|job| self.column_of[job.get()]).collect();
            let class = match known.get(&columns) {
                Some(&class) if !self.class_for_each_set => class,
                _ => builder.add_class(&columns)?,
            };
            known.insert(columns, class);
            class_of[set as usize] = Some(class);
        }
        Ok(class_of)
    }

    /// Returns whether the stream's conditions admit an applicant.
    fn admits(&self, applicant: ApplicantIx) -> bool {
        self.preparation.eligibility().stream_admits(self.stream, self.season().applicant(applicant))
    }
}

/// Some rows of a problem, ready to be added to it.
struct RowBlock {
    homes: Vec<Option<u32>>,
    arcs: Runs<(u32, i64)>,
    class_arcs: Runs<(u32, i64)>,
}

impl RowBlock {
    /// Rows that one thread looks up at a time, and those that are looked up before they are added.
    const ROWS: usize = 1 << 9;
    const BATCH: usize = 1 << 14;

    fn new(
        market: &Market<'_>,
        rows: Range<usize>,
        home_groups: &[Option<u32>],
        class_of: &[Option<u32>],
        cost: impl Fn(u16) -> i64,
    ) -> Self {
        let preparation = market.preparation;
        let arcs = market.rows[rows.clone()].iter().map(|&applicant| preparation.single(applicant).len()).sum();
        let mut block = Self {
            homes: Vec::with_capacity(rows.len()),
            arcs: Runs::new(rows.len(), arcs),
            class_arcs: Runs::new(rows.len(), 0),
        };
        let mut class_arcs: Vec<(u32, i64)> = Vec::new();
        for row in rows {
            let applicant = market.rows[row];
            let claimed = market.claimed_rank(row);
            let home = home_groups[market.season().applicant(applicant).home_district.get()];
            block.homes.push(home.filter(|_| claimed.is_none()));
            let (single, shared) = if market.admits(applicant) {
                (preparation.single(applicant), preparation.shared(applicant))
            } else {
                (&[][..], &[][..])
            };
            let is_up = |rank: u16| claimed.is_none_or(|(_, now)| rank < now);
            let arcs = single.iter().filter(|a| is_up(a.rank));
            let arcs = arcs.filter_map(|a| Some((market.column_of[a.job.get()]?, cost(a.rank))));
            match claimed {
                None => block.arcs.push(arcs),
                Some((column, rank)) => {
                    // The claim's own rank is the best at which it is named, so it is not among what is up.
                    let mut arcs: Vec<_> = arcs.chain([(column, cost(rank))]).collect();
                    arcs.sort_unstable();
                    block.arcs.push(arcs.into_iter());
                }
            }
            class_arcs.clear();
            let shared = shared.iter().filter(|wish| is_up(wish.rank));
            class_arcs.extend(shared.filter_map(|wish| Some((class_of[wish.set as usize]?, cost(wish.rank)))));
            // Different sets may be one class.
            class_arcs.sort_unstable();
            class_arcs.dedup_by_key(|(class, _)| *class);
            block.class_arcs.push(class_arcs.iter().copied());
        }
        block
    }

    fn add_to(&self, builder: &mut ProblemBuilder) -> Result<(), SolveError> {
        for (row, &home) in self.homes.iter().enumerate() {
            let (arcs, class_arcs) = (self.arcs.of(row), self.class_arcs.of(row));
            builder.add_row_with_classes(home, arcs.iter().copied(), class_arcs.iter().copied())?;
        }
        Ok(())
    }
}
