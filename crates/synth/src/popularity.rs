//! Which jobs are wished for.

use crate::draw::{Draw, Weights};

/// Jobs by popularity: all of them, and those of each district.
pub(crate) struct Popularity {
    all: Weights,
    /// For each district the jobs hosted there, with their weights.
    hosted: Vec<(Vec<u32>, Weights)>,
}

impl Popularity {
    /// Sorts jobs, given as (host district, weight), into districts.
    pub(crate) fn new(districts: usize, jobs: &[(Option<usize>, u64)]) -> Self {
        let mut hosted = vec![Vec::new(); districts];
        for (job, &(host, _)) in jobs.iter().enumerate() {
            if let Some(district) = host {
                hosted[district].push(job as u32);
            }
        }
        let weigh = |rows: Vec<u32>| {
            let weights = rows.iter().map(|&job| jobs[job as usize].1).collect();
            (rows, weights)
        };
        Self { all: jobs.iter().map(|&(_, weight)| weight).collect(), hosted: hosted.into_iter().map(weigh).collect() }
    }

    /// Draws a job: in `home_percent` of the cases from those in the home district if it has any, otherwise from all.
    pub(crate) fn pick(&self, home: usize, home_percent: u32, draw: &mut Draw) -> usize {
        if draw.percent(home_percent)
            && let Some(job) = self.pick_hosted(home, draw)
        {
            return job;
        }
        self.all.pick(draw)
    }

    /// Draws one of the jobs in a district, if it has any.
    pub(crate) fn pick_hosted(&self, district: usize, draw: &mut Draw) -> Option<usize> {
        let (jobs, weights) = &self.hosted[district];
        (weights.total() > 0).then(|| jobs[weights.pick(draw)] as usize)
    }
}
