//! Checks a certificate by the audit, of a season in which everything listed is eligible.
//!
//! That season has a single day long after anybody's birthday, and rules that forbid nothing. The birth year of an applicant stands
//! for the streams that do not pay for it.

use std::collections::BTreeMap;

use feriematch_model::{
    AgeBand, Applicant, ApplicantIx, Area, AreaIx, Balance, ClassIx, Department, DepartmentIx, District, DistrictIx, Employer,
    ExtractAge, FORMAT, Gender, Job, JobIx, Mechanism, Outcome, Override, Period, PeriodIx, PlacementRule, PriorityClass,
    RankCosts, RulePack, Season, SeasonDraft, Settings, SmallSet, Stream, StreamIx,
};
use jiff::civil::{Date, date};

use super::{CERTIFICATE_FORMAT, Capped, EmployerId, ListedApplicant, ListedJob, PublicCertificate, PublicCertificateError};
use crate::acceptable::{Acceptable, ListedChoices};
use crate::audit::check_decided;
use crate::certificate::Certificate;
use crate::decisions;
use crate::findings::Findings;

/// What sets of rows can hold.
const MOST_IN_SETS: usize = 64;

/// The year that stands for applicants for whom every stream pays.
const FIRST_YEAR: i16 = 2000;

impl PublicCertificate {
    /// Checks that the outcome follows from what is listed.
    ///
    /// Whether that is right, who may take what above all, a certificate cannot tell; nor whether it is of the files that its
    /// fingerprint is of. Of the summary, [`seed_is_of_season`](Certificate::seed_is_of_season) and
    /// [`mechanism_is_of_season`](Certificate::mechanism_is_of_season) mean nothing here.
    ///
    /// # Errors
    ///
    /// Returns what does not fit together, or [`PublicCertificateError::Refuted`] with everything that does not follow.
    ///
    /// # Complexity
    ///
    /// As for [`audit`](crate::audit()).
    pub fn check(&self) -> Result<Certificate, PublicCertificateError> {
        if self.certificate != CERTIFICATE_FORMAT {
            return Err(PublicCertificateError::Format { found: self.certificate });
        }
        let names = Names::of(self);
        let years = Years::of(self, &names)?;
        let season = self.season(&names, &years)?;
        let choices = self.choices(&names)?;
        let acceptable = Acceptable::listed(&season, &choices);
        let outcome = self.outcome();
        let follows = || {
            let mut findings = Findings::default();
            decisions::check_method(&outcome, &mut findings);
            let mut findings = findings.settle()?;
            let seats = decisions::read(&season, &outcome, &mut findings);
            check_decided(&acceptable, &outcome, &seats, findings.settle()?)
        };
        follows().map_err(PublicCertificateError::Refuted)
    }

    /// Returns the outcome, as an outcome of its season.
    fn outcome(&self) -> Outcome {
        Outcome {
            format: FORMAT,
            season: self.season.clone(),
            fingerprint: self.fingerprint.clone(),
            mechanism: self.mechanism,
            placement: self.placement,
            rank_costs: self.rank_costs.clone(),
            balance: self.balance.clone(),
            seed: self.seed.clone(),
            rematch: self.rematch.clone(),
            stages: self.stages.clone(),
            decisions: self.decisions.clone(),
        }
    }

    fn season(&self, names: &Names<'_>, years: &Years) -> Result<Season, PublicCertificateError> {
        let settings = self.settings(names, years)?;
        let jobs = self.jobs.iter().map(|job| listed_job(names, job)).collect::<Result<_, _>>()?;
        let applicants = self.applicants.iter().zip(&years.of_applicants);
        let applicants = applicants.map(|(a, &year)| listed_applicant(names, a, year)).collect::<Result<_, _>>()?;
        let overrides = self.kept.iter().map(|kept| {
            let of = || format!("the place kept by `{}`", kept.applicant);
            let stream = kept.stream.as_ref().map(|id| names.stream(id, of)).transpose()?;
            Ok::<_, PublicCertificateError>(Override {
                kind: kept.by,
                applicant: ApplicantIx::new(find(&names.applicants, &kept.applicant, "applicant", of)?),
                job: names.job(&kept.job, of)?,
                stream,
                reason: Box::default(),
                by: Box::default(),
            })
        });
        let overrides = overrides.collect::<Result<_, _>>()?;
        Ok(Season::new(SeasonDraft { settings, applicants, jobs, overrides })?)
    }

    fn settings(&self, names: &Names<'_>, years: &Years) -> Result<Settings, PublicCertificateError> {
        let streams = self.streams.iter().enumerate().map(|(row, stream)| {
            let of = || format!("the stream `{}`", stream.id);
            let classes = stream.classes.iter().map(|code| Ok(ClassIx::new(find(&names.classes, code, "class", of)?)));
            let homes = stream.home_districts.iter().map(|id| names.district(id, of));
            Ok::<_, PublicCertificateError>(Stream {
                id: stream.id.as_str().into(),
                name: stream.id.as_str().into(),
                payer: stream.payer,
                cap: stream.cap,
                classes: classes.collect::<Result<_, PublicCertificateError>>()?,
                cohorts: years.paid_by(row),
                home_districts: homes.collect::<Result<_, _>>()?,
            })
        });
        let day = date(9000, 1, 1);
        let twice = |id: &str| (Box::<str>::from(id), Box::<str>::from(id));
        let district = |Capped { id, cap }: &Capped| {
            let (id, name) = twice(id);
            District { id, name, budget: None, cap: *cap }
        };
        let department = |Capped { id, cap }: &Capped| {
            let (id, name) = twice(id);
            Department { id, name, budget: None, cap: *cap }
        };
        Ok(Settings {
            name: self.season.as_str().into(),
            year: day.year(),
            cohorts: years.all(),
            classes: self.classes.iter().map(|code| twice(code)).map(|(code, name)| PriorityClass { code, name }).collect(),
            periods: vec![Period { id: Box::default(), name: Box::default(), first_day: day, last_day: day }],
            areas: vec![Area { id: Box::default(), name: Box::default() }],
            qualifications: Vec::new(),
            districts: self.districts.iter().map(district).collect(),
            departments: self.departments.iter().map(department).collect(),
            streams: streams.collect::<Result<_, _>>()?,
            cost_per_place: None,
            seed: None,
            mechanism: Mechanism::Priority,
            placement: PlacementRule::default(),
            rank_costs: RankCosts::Linear,
            balance: Balance::NONE,
            rule_pack: without_rules(day),
            wages: Vec::new(),
            employer_fee_basis_points: 0,
            reduced_fees: Vec::new(),
            reversion: Vec::new(),
        })
    }

    /// Returns what every applicant wished for and may take.
    fn choices(&self, names: &Names<'_>) -> Result<ListedChoices, PublicCertificateError> {
        let mut choices = ListedChoices::default();
        for (name, jobs) in &self.sets {
            let of = || format!("the set `{name}`");
            choices.sets.push(jobs.iter().map(|id| names.job(id, of)).collect::<Result<_, _>>()?);
        }
        for applicant in &self.applicants {
            let of = || format!("a wish of `{}`", applicant.id);
            if !applicant.wishes.iter().map(|wish| wish.rank).is_sorted_by(|a, b| a < b)
                || applicant.wishes.first().is_some_and(|wish| wish.rank == 0)
            {
                return Err(PublicCertificateError::Ranks { applicant: applicant.id.clone() });
            }
            let mut wishes = Vec::new();
            for wish in &applicant.wishes {
                for id in &wish.jobs {
                    wishes.push((wish.rank, Ok(names.job(id, of)?)));
                }
                for name in &wish.sets {
                    let row = self.sets.keys().position(|other| other == name);
                    let unknown = || PublicCertificateError::Unknown { of: of(), what: "set", id: name.clone() };
                    wishes.push((wish.rank, Err(row.ok_or_else(unknown)?)));
                }
            }
            choices.wishes.push(wishes);
        }
        Ok(choices)
    }
}

/// Everything that has an id, by it.
struct Names<'c> {
    classes: BTreeMap<&'c str, usize>,
    districts: BTreeMap<&'c str, usize>,
    departments: BTreeMap<&'c str, usize>,
    streams: BTreeMap<&'c str, usize>,
    jobs: BTreeMap<&'c str, usize>,
    applicants: BTreeMap<&'c str, usize>,
}

impl<'c> Names<'c> {
    fn of(certificate: &'c PublicCertificate) -> Self {
        fn rows<'c>(ids: impl Iterator<Item = &'c String>) -> BTreeMap<&'c str, usize> {
            ids.map(String::as_str).zip(0..).collect()
        }
        Self {
            classes: rows(certificate.classes.iter()),
            districts: rows(certificate.districts.iter().map(|district| &district.id)),
            departments: rows(certificate.departments.iter().map(|department| &department.id)),
            streams: rows(certificate.streams.iter().map(|stream| &stream.id)),
            jobs: rows(certificate.jobs.iter().map(|job| &job.id)),
            applicants: rows(certificate.applicants.iter().map(|applicant| &applicant.id)),
        }
    }

    fn district(&self, id: &str, of: impl Fn() -> String) -> Result<DistrictIx, PublicCertificateError> {
        find(&self.districts, id, "district", of).map(DistrictIx::new)
    }

    fn stream(&self, id: &str, of: impl Fn() -> String) -> Result<StreamIx, PublicCertificateError> {
        find(&self.streams, id, "stream", of).map(StreamIx::new)
    }

    fn job(&self, id: &str, of: impl Fn() -> String) -> Result<JobIx, PublicCertificateError> {
        find(&self.jobs, id, "job", of).map(JobIx::new)
    }
}

fn find(
    rows: &BTreeMap<&str, usize>,
    id: &str,
    what: &'static str,
    of: impl Fn() -> String,
) -> Result<usize, PublicCertificateError> {
    rows.get(id).copied().ok_or_else(|| PublicCertificateError::Unknown { of: of(), what, id: id.to_owned() })
}

/// The years that stand for streams that do not pay.
struct Years {
    /// By the rows of streams, the year.
    of_streams: BTreeMap<Vec<usize>, i16>,
    of_applicants: Vec<i16>,
}

impl Years {
    fn of(certificate: &PublicCertificate, names: &Names<'_>) -> Result<Self, PublicCertificateError> {
        for (rows, what) in [
            (certificate.classes.len(), "classes"),
            (certificate.districts.len(), "districts"),
            (certificate.streams.len(), "streams"),
        ] {
            if rows > MOST_IN_SETS {
                return Err(PublicCertificateError::TooMany { what });
            }
        }
        let mut years = Self { of_streams: BTreeMap::from([(Vec::new(), FIRST_YEAR)]), of_applicants: Vec::new() };
        for applicant in &certificate.applicants {
            let of = || format!("`{}`", applicant.id);
            let rows = applicant.not_paid_by.iter().map(|id| find(&names.streams, id, "stream", of));
            let mut rows: Vec<usize> = rows.collect::<Result<_, _>>()?;
            rows.sort_unstable();
            let next = i16::try_from(years.of_streams.len()).ok().and_then(|years| FIRST_YEAR.checked_add(years));
            // Long before the day on which all are old enough.
            let next =
                next.filter(|&year| year < 8000).ok_or(PublicCertificateError::TooMany { what: "groups of birth years" })?;
            years.of_applicants.push(*years.of_streams.entry(rows).or_insert(next));
        }
        Ok(years)
    }

    fn all(&self) -> Vec<i16> {
        self.of_streams.values().copied().collect()
    }

    /// Returns the years that a stream pays for; nothing if it pays for all.
    fn paid_by(&self, stream: usize) -> Vec<i16> {
        let paid = self.of_streams.iter().filter(|(rows, _)| !rows.contains(&stream)).map(|(_, &year)| year);
        let paid: Vec<i16> = paid.collect();
        if paid.len() == self.of_streams.len() { Vec::new() } else { paid }
    }
}

fn listed_job(names: &Names<'_>, job: &ListedJob) -> Result<Job, PublicCertificateError> {
    let of = || format!("the job `{}`", job.id);
    let employer = match &job.employer {
        EmployerId::District(id) => Employer::District(names.district(id, of)?),
        EmployerId::Department(id) => Employer::Department(DepartmentIx::new(find(&names.departments, id, "department", of)?)),
    };
    Ok(Job {
        id: job.id.as_str().into(),
        title: Box::default(),
        employer,
        host_district: None,
        area: AreaIx::new(0),
        capacity: job.capacity,
        period: PeriodIx::new(0),
        min_age: None,
        max_age: None,
        requires: SmallSet::new(),
        extract: false,
        hazardous: false,
        open_to: SmallSet::new(),
        streams: job.streams.iter().map(|id| names.stream(id, of)).collect::<Result<_, _>>()?,
        paid_minutes: None,
        minutes_per_day: None,
        minutes_per_week: None,
        daily_time: None,
    })
}

fn listed_applicant(names: &Names<'_>, a: &ListedApplicant, year: i16) -> Result<Applicant, PublicCertificateError> {
    let of = || format!("`{}`", a.id);
    Ok(Applicant {
        id: a.id.as_str().into(),
        name: None,
        birth_date: date(year, 1, 1),
        gender: a.gender.unwrap_or(Gender::Unknown),
        home_district: names.district(&a.home, of)?,
        class: ClassIx::new(find(&names.classes, &a.class, "class", of)?),
        wishes: Box::default(),
        periods: SmallSet::new(),
        qualifications: SmallSet::new(),
        extract_shown: None,
        protected: false,
        displaced: a.displaced,
    })
}

/// Returns rules that forbid nothing from the first birthday on.
fn without_rules(day: Date) -> RulePack {
    let band = AgeBand {
        from_age: 0,
        to_age: 0,
        minutes_per_day: u32::MAX,
        minutes_per_week: u32::MAX,
        windows: Vec::new(),
        daily_rest_minutes: 0,
        minutes_before_break: 0,
        break_minutes: 0,
        days_per_week: 7,
        weekly_rest_minutes: 0,
        hazardous: true,
    };
    let (id, source, extract_age) = (Box::default(), Box::default(), ExtractAge::Months(12));
    RulePack { id, source, valid_from: day, bands: vec![band], extract_age }
}
