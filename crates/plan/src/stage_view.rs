//! A stage as it was when its turn came, read from an outcome: who took part, what was left, and who was refused for what.

use feriematch_core::Preparation;
use feriematch_model::{
    ApplicantIx, DistrictIx, Employer, Evidence, JobIx, Outcome, Payer, PlacedBy, Season, Stage, StageReason, StreamIx, Verdict,
};

/// Somebody's place.
#[derive(Debug, Clone, Copy)]
struct Holding {
    job: JobIx,
    stream: StreamIx,
    by: PlacedBy,
}

/// Everybody's places.
pub(crate) struct Holdings<'p, 's> {
    pub(crate) preparation: &'p Preparation<'s>,
    outcome: &'p Outcome,
    of: Vec<Option<Holding>>,
}

/// A stage as it was when its turn came.
pub(crate) struct StageView<'p, 's> {
    pub(crate) holdings: &'p Holdings<'p, 's>,
    pub(crate) stream: StreamIx,
    /// The free places of each job, caps aside.
    pub(crate) free: Vec<u32>,
    /// What was left of each department's cap.
    pub(crate) departments: Vec<Option<u32>>,
    /// What was left of the stream's cap.
    pub(crate) cap: Option<u32>,
    /// The jobs that were closed.
    pub(crate) closed: Vec<bool>,
    /// Who got a place.
    pub(crate) selected: Vec<ApplicantIx>,
    /// Who was refused since every place that could be freed was needed by those ahead.
    pub(crate) full: Vec<ApplicantIx>,
    /// Who was refused since the home district's cap was used up.
    pub(crate) home_cap: Vec<ApplicantIx>,
}

impl<'p, 's> Holdings<'p, 's> {
    pub(crate) fn new(preparation: &'p Preparation<'s>, outcome: &'p Outcome) -> Self {
        let season = preparation.season();
        let holding = |verdict: &Verdict| match verdict {
            Verdict::Placed(placed) => Some(Holding {
                job: season.find_job(&placed.job)?,
                stream: season.settings().find_stream(&placed.stream)?,
                by: placed.by,
            }),
            _ => None,
        };
        let of = outcome.decisions.iter().map(|decision| holding(&decision.verdict)).collect();
        Self { preparation, outcome, of }
    }

    pub(crate) fn season(&self) -> &'s Season {
        self.preparation.season()
    }

    /// Returns whether somebody has a place in the end.
    pub(crate) fn has_place(&self, applicant: ApplicantIx) -> bool {
        self.of[applicant.get()].is_some()
    }

    /// Returns those who could take a job that they wish for, and have no place.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = ApplicantIx> {
        let waits = |(row, decision): (usize, &feriematch_model::Decision)| {
            matches!(decision.verdict, Verdict::Waiting { .. }).then(|| ApplicantIx::new(row))
        };
        self.outcome.decisions.iter().enumerate().filter_map(waits)
    }

    /// Returns the places of each job that nobody has.
    pub(crate) fn left(&self) -> Vec<u32> {
        let mut left: Vec<u32> = self.season().jobs().iter().map(|job| job.capacity).collect();
        self.of.iter().flatten().for_each(|holding| left[holding.job.get()] -= 1);
        left
    }

    /// Returns the stage of a stream as it was.
    pub(crate) fn stage(&'p self, stage: &Stage, stream: StreamIx) -> StageView<'p, 's> {
        let season = self.season();
        let settings = season.settings();
        let mut view = StageView {
            holdings: self,
            stream,
            free: season.jobs().iter().map(|job| job.capacity).collect(),
            departments: settings.departments.iter().map(|department| department.cap).collect(),
            cap: settings.streams[stream.get()].cap,
            closed: vec![false; season.jobs().len()],
            selected: Vec::new(),
            full: Vec::new(),
            home_cap: Vec::new(),
        };
        let pays_at_home = |stream: StreamIx| settings.streams[stream.get()].payer == Payer::HomeDistrict;
        let districts = (0..settings.districts.len()).map(DistrictIx::new);
        let mut homes: Vec<Option<u32>> = districts.map(|district| season.home_cap(district)).collect();
        for (row, holding) in self.of.iter().enumerate() {
            let Some(holding) = holding else { continue };
            if !holding.by.is_before_stages() && holding.stream >= stream {
                continue;
            }
            view.free[holding.job.get()] -= 1;
            if let Employer::Department(department) = season.job(holding.job).employer {
                take_one(&mut view.departments[department.get()]);
            }
            if holding.stream == stream {
                take_one(&mut view.cap);
            }
            if pays_at_home(holding.stream) {
                take_one(&mut homes[season.applicants()[row].home_district.get()]);
            }
        }
        let selection = match &stage.evidence {
            Evidence::Certificate { selection, .. } | Evidence::Order { selection } => Some(selection),
            Evidence::Profile { selection, .. } => selection.as_ref(),
            Evidence::Replay => None,
        };
        if let Some(selection) = selection {
            selection.closed.keys().filter_map(|job| season.find_job(job)).for_each(|job| view.closed[job.get()] = true);
        }
        // In ranking order, so that a home district's cap is used up when it was.
        let mut in_order: Vec<(u32, usize)> =
            self.outcome.decisions.iter().enumerate().map(|(row, decision)| (decision.position, row)).collect();
        in_order.sort_unstable();
        for (_, row) in in_order {
            let applicant = ApplicantIx::new(row);
            let home = &mut homes[season.applicant(applicant).home_district.get()];
            match (self.of[row], &self.outcome.decisions[row].verdict) {
                (Some(holding), _) if holding.by.is_before_stages() || holding.stream < stream => {}
                (Some(holding), _) if holding.stream == stream => {
                    view.selected.push(applicant);
                    if pays_at_home(stream) {
                        take_one(home);
                    }
                }
                (None, Verdict::Waiting { reasons }) => match reasons[stream.get()] {
                    StageReason::HomeCap => view.home_cap.push(applicant),
                    StageReason::Full => view.full.push(applicant),
                    _ => {}
                },
                // Served by a later stream: why not by this one, an outcome does not say.
                (Some(_), _) if self.preparation.takes_part(applicant, stream) => {
                    if pays_at_home(stream) && *home == Some(0) {
                        view.home_cap.push(applicant);
                    } else {
                        view.full.push(applicant);
                    }
                }
                _ => {}
            }
        }
        view
    }
}

impl StageView<'_, '_> {
    /// Returns whether the stream may pay for a job.
    pub(crate) fn pays_for(&self, job: JobIx) -> bool {
        self.holdings.season().job(job).streams.contains(self.stream)
    }

    /// Returns how many can be placed at once in some jobs, each once, as far as places and caps go.
    pub(crate) fn admits(&self, jobs: &[JobIx]) -> u32 {
        let admitted = self.admits_but_for_cap(jobs);
        self.cap.map_or(admitted, |cap| cap.min(admitted))
    }

    /// Does as [`admits`](Self::admits), as if the stream had no cap.
    pub(crate) fn admits_but_for_cap(&self, jobs: &[JobIx]) -> u32 {
        let season = self.holdings.season();
        let mut departments = vec![0; self.departments.len()];
        let mut admitted = 0;
        for &job in jobs {
            match season.job(job).employer {
                Employer::Department(department) => departments[department.get()] += self.free[job.get()],
                Employer::District(_) => admitted += self.free[job.get()],
            }
        }
        let within = departments.iter().zip(&self.departments).map(|(&free, cap)| cap.map_or(free, |cap| cap.min(free)));
        admitted + within.sum::<u32>()
    }
}

fn take_one(left: &mut Option<u32>) {
    *left = left.map(|left| left - 1);
}
