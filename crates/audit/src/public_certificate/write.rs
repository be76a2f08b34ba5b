//! Makes the certificate of an outcome.

use std::collections::BTreeMap;

use feriematch_model::{
    Applicant, ApplicantIx, Decision, DistrictIx, Employer, Gender, Outcome, Season, Settings, SmallSet, Stream, Verdict,
};

use super::{
    CERTIFICATE_FORMAT, Capped, EmployerId, KeptPlace, ListedApplicant, ListedJob, ListedStream, ListedWish, PublicCertificate,
};
use crate::acceptable::Acceptable;

impl PublicCertificate {
    /// Writes down what an outcome follows from. It certifies something only if [`audit`](crate::audit()) has passed the outcome.
    ///
    /// # Complexity
    ///
    /// As for finding out who may take what in an audit.
    pub fn of(season: &Season, outcome: &Outcome) -> Self {
        let settings = season.settings();
        let acceptable = Acceptable::of(season);
        let mut sets = Sets::default();
        let needs_gender = !outcome.balance.is_none();
        let applicants = (0..season.applicants().len()).map(ApplicantIx::new);
        let applicants = applicants.map(|a| sets.applicant(&acceptable, a, needs_gender)).collect();
        let district = |(row, district): (usize, &feriematch_model::District)| Capped {
            id: district.id.to_string(),
            cap: season.home_cap(DistrictIx::new(row)),
        };
        Self {
            certificate: CERTIFICATE_FORMAT,
            season: outcome.season.clone(),
            fingerprint: outcome.fingerprint.clone(),
            seed: outcome.seed.clone(),
            mechanism: outcome.mechanism,
            placement: outcome.placement,
            rank_costs: outcome.rank_costs.clone(),
            balance: outcome.balance.clone(),
            rematch: outcome.rematch.clone(),
            classes: settings.classes.iter().map(|class| class.code.to_string()).collect(),
            districts: settings.districts.iter().enumerate().map(district).collect(),
            departments: settings.departments.iter().map(|d| Capped { id: d.id.to_string(), cap: d.cap }).collect(),
            streams: settings.streams.iter().map(|stream| listed_stream(settings, stream)).collect(),
            jobs: listed_jobs(season),
            sets: sets.named,
            applicants,
            kept: kept_places(season),
            stages: outcome.stages.clone(),
            decisions: outcome.decisions.iter().map(without_rules).collect(),
        }
    }
}

fn listed_stream(settings: &Settings, stream: &Stream) -> ListedStream {
    ListedStream {
        id: stream.id.to_string(),
        payer: stream.payer,
        cap: stream.cap,
        classes: ids(stream.classes, |row| &settings.classes[row].code),
        home_districts: ids(stream.home_districts, |row| &settings.districts[row].id),
    }
}

fn listed_jobs(season: &Season) -> Vec<ListedJob> {
    let listed = |job: &feriematch_model::Job| {
        let employer = season.employer_id(job.employer).to_owned();
        ListedJob {
            id: job.id.to_string(),
            capacity: job.capacity,
            employer: match job.employer {
                Employer::District(_) => EmployerId::District(employer),
                Employer::Department(_) => EmployerId::Department(employer),
            },
            streams: ids(job.streams, |row| &season.settings().streams[row].id),
        }
    };
    season.jobs().iter().map(listed).collect()
}

fn kept_places(season: &Season) -> Vec<KeptPlace> {
    let kept = season.overrides().iter().filter(|o| o.kind.gives_place()).map(|o| KeptPlace {
        applicant: season.applicant(o.applicant).id.to_string(),
        job: season.job(o.job).id.to_string(),
        by: o.kind,
        stream: o.stream.map(|stream| season.settings().streams[stream.get()].id.to_string()),
    });
    kept.collect()
}

/// Returns a decision without the rules that tell something of somebody who may not take any job.
fn without_rules(decision: &Decision) -> Decision {
    let verdict = match &decision.verdict {
        Verdict::Ineligible { .. } => Verdict::Ineligible { rules: Vec::new() },
        verdict => verdict.clone(),
    };
    Decision { verdict, ..decision.clone() }
}

/// The sets of jobs that have a name already.
#[derive(Default)]
struct Sets {
    named: BTreeMap<String, Vec<String>>,
    /// The name of each target that is a set.
    names: BTreeMap<u32, String>,
}

impl Sets {
    fn applicant(&mut self, acceptable: &Acceptable<'_>, index: ApplicantIx, needs_gender: bool) -> ListedApplicant {
        let season = acceptable.season();
        let applicant = season.applicant(index);
        let settings = season.settings();
        let is_counted = needs_gender && matches!(applicant.gender, Gender::Female | Gender::Male);
        let not_paid_by = settings.streams.iter().filter(|stream| !pays_for_cohort(stream, applicant));
        let tied = acceptable.choices(index).chunk_by(|a, b| a.rank == b.rank);
        ListedApplicant {
            id: applicant.id.to_string(),
            class: settings.classes[applicant.class.get()].code.to_string(),
            home: settings.districts[applicant.home_district.get()].id.to_string(),
            displaced: applicant.displaced,
            gender: is_counted.then_some(applicant.gender),
            not_paid_by: not_paid_by.map(|stream| stream.id.to_string()).collect(),
            wishes: tied
                .map(|tied| {
                    let mut wish = ListedWish { rank: tied[0].rank, jobs: Vec::new(), sets: Vec::new() };
                    for choice in tied {
                        match acceptable.resolve(choice.target) {
                            Ok(job) => wish.jobs.push(season.job(job).id.to_string()),
                            Err(_) => wish.sets.push(self.name(acceptable, choice.target)),
                        }
                    }
                    wish
                })
                .collect(),
        }
    }

    /// Returns the name of a set, which it gets if it has none.
    fn name(&mut self, acceptable: &Acceptable<'_>, target: u32) -> String {
        let next = self.names.len() + 1;
        let name = self.names.entry(target).or_insert_with(|| {
            let name = format!("set {next}");
            let mut jobs: Vec<_> = acceptable.jobs_of(target).collect();
            jobs.sort_unstable();
            let ids = jobs.into_iter().map(|job| acceptable.season().job(job).id.to_string());
            self.named.insert(name.clone(), ids.collect());
            name
        });
        name.clone()
    }
}

fn pays_for_cohort(stream: &Stream, applicant: &Applicant) -> bool {
    stream.cohorts.is_empty() || stream.cohorts.contains(&applicant.birth_date.year())
}

fn ids<'a, I: Copy + Into<u32>>(set: SmallSet<I>, id: impl Fn(usize) -> &'a str) -> Vec<String> {
    set.rows().map(|row| id(row).to_owned()).collect()
}
