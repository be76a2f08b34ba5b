//! What the targets of wishes come down to in a stage: the jobs that its stream pays for, in the order of their ids.

use std::borrow::Cow;

use crate::acceptable::Choice;
use crate::stage::Stage;

/// The jobs of every target in a stage, by row, ascending.
pub(crate) struct Menus {
    /// Where each target's jobs start, and the end of all.
    starts: Vec<u32>,
    jobs: Vec<u32>,
}

impl Menus {
    /// Writes out all lists.
    ///
    /// # Complexity
    ///
    /// Time is linear in what the lists hold, apart from sorting.
    pub(crate) fn of(stage: &Stage<'_>) -> Self {
        let mut menus = Self { starts: vec![0], jobs: Vec::new() };
        for target in 0..stage.acceptable.target_count() as u32 {
            let start = menus.jobs.len();
            let funded = stage.acceptable.jobs_of(target).filter(|job| stage.funded[job.get()]);
            menus.jobs.extend(funded.map(|job| job.get() as u32));
            menus.jobs[start..].sort_unstable();
            menus.starts.push(menus.jobs.len() as u32);
        }
        menus
    }

    /// Returns the jobs of a target.
    pub(crate) fn jobs(&self, target: u32) -> &[u32] {
        &self.jobs[self.starts[target as usize] as usize..self.starts[target as usize + 1] as usize]
    }

    /// Returns the jobs of tied choices.
    pub(crate) fn tied(&self, tied: &[Choice]) -> Cow<'_, [u32]> {
        if let [only] = tied {
            return Cow::Borrowed(self.jobs(only.target));
        }
        let mut jobs: Vec<u32> = tied.iter().flat_map(|choice| self.jobs(choice.target)).copied().collect();
        jobs.sort_unstable();
        jobs.dedup();
        Cow::Owned(jobs)
    }
}
