//! Resolving a margins file: every mention found, every interval in bounds, every total possible.

use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;

use super::cells::{Cell, ClassMargins, DistrictMargins, cells, divided};
use super::file::{self, File, Mention};
use super::{ExtractDays, Kind, Margins, MarginsError, MarginsProblem, Places, QualificationShare, WishMargins};
use crate::settings::Settings;

/// The most ranks a preference list can have.
const MOST_RANKS: u32 = 20;

/// Reads and resolves a margins file.
pub(super) fn margins(text: &str) -> Result<Margins, MarginsError> {
    let file: File = toml::from_str(text)
        .map_err(|error| MarginsError::at(text, error.span().unwrap_or(0..0), MarginsProblem::Toml(error)))?;
    let check = Check { text, ids: Ids::of(file.settings.get_ref()) };
    check.settings(&file)?;
    let cells = check.cells(&file.applicants)?;
    let kinds = file.jobs.kinds.iter().map(|kind| check.kind(kind)).collect::<Result<Vec<_>, _>>()?;
    check.unique("kind of work", file.jobs.kinds.iter().map(|kind| &kind.code))?;
    let places = file.jobs.places.iter().map(|places| check.places(places, &file.jobs.kinds)).collect::<Result<Vec<_>, _>>()?;
    let wishes = check.wishes(&file.wishes, &kinds, &places)?;
    let applicants: u64 = cells.iter().map(Cell::size).sum();
    let protected = check.protected(file.applicants.protected.as_ref(), applicants)?;
    Ok(Margins {
        seed: file.seed,
        id_prefix: check.id_part(&file.applicants.id_prefix)?,
        protected,
        cells,
        qualifications: check.qualifications(&file.applicants.qualifications)?,
        every_period_percent: file.applicants.periods.every_percent.0,
        extract: file.applicants.extract.as_ref().map(|extract| check.extract(extract)).transpose()?,
        kinds,
        places,
        wishes,
        settings: file.settings.into_inner(),
    })
}

/// The ids that the settings define.
struct Ids {
    classes: Vec<String>,
    periods: Vec<String>,
    areas: Vec<String>,
    qualifications: Vec<String>,
    districts: Vec<String>,
    departments: Vec<String>,
    funding: Vec<String>,
    cohorts: Vec<i16>,
}

impl Ids {
    fn of(settings: &Settings) -> Self {
        Self {
            classes: settings.classes.iter().map(|class| class.code.clone()).collect(),
            periods: settings.periods.iter().map(|period| period.id.clone()).collect(),
            areas: settings.areas.iter().map(|area| area.id.clone()).collect(),
            qualifications: settings.qualifications.iter().map(|qualification| qualification.id.clone()).collect(),
            districts: settings.districts.iter().map(|district| district.id.clone()).collect(),
            departments: settings.departments.iter().map(|department| department.id.clone()).collect(),
            funding: settings.funding.iter().map(|stream| stream.id.clone()).collect(),
            cohorts: settings.season.cohorts.clone(),
        }
    }
}

/// The text, to say where problems are, and what can be mentioned.
struct Check<'a> {
    text: &'a str,
    ids: Ids,
}

type Checked<T> = Result<T, MarginsError>;

impl Check<'_> {
    fn at(&self, span: Range<usize>, problem: MarginsProblem) -> MarginsError {
        MarginsError::at(self.text, span, problem)
    }

    /// Finds what a mention names.
    fn find(&self, what: &'static str, ids: &[String], mention: &Mention) -> Checked<usize> {
        let unknown = || self.at(mention.span(), MarginsProblem::Unknown { what, id: mention.get_ref().as_str().into() });
        ids.iter().position(|id| id == mention.get_ref()).ok_or_else(unknown)
    }

    fn find_all(&self, what: &'static str, ids: &[String], mentions: &[Mention]) -> Checked<Vec<usize>> {
        self.unique(what, mentions)?;
        mentions.iter().map(|mention| self.find(what, ids, mention)).collect()
    }

    fn unique<'b>(&self, what: &'static str, mentions: impl IntoIterator<Item = &'b Mention>) -> Checked<()> {
        let mut seen = BTreeSet::new();
        match mentions.into_iter().find(|mention| !seen.insert(mention.get_ref())) {
            Some(twice) => Err(self.at(twice.span(), MarginsProblem::Twice { what, id: twice.get_ref().as_str().into() })),
            None => Ok(()),
        }
    }

    fn find_cohort(&self, year: &Spanned<i16>) -> Checked<usize> {
        if !(1000..=9999).contains(year.get_ref()) {
            return Err(self.at(year.span(), MarginsProblem::BirthYear(*year.get_ref())));
        }
        let id = || year.get_ref().to_string().into();
        let unknown = || self.at(year.span(), MarginsProblem::Unknown { what: "cohort", id: id() });
        self.ids.cohorts.iter().position(|cohort| cohort == year.get_ref()).ok_or_else(unknown)
    }

    /// Checks that an interval ascends within bounds.
    fn interval(&self, what: &'static str, interval: &Spanned<[u32; 2]>, bounds: RangeInclusive<u32>) -> Checked<[u32; 2]> {
        let [least, most] = *interval.get_ref();
        if least <= most && bounds.contains(&least) && bounds.contains(&most) {
            return Ok([least, most]);
        }
        Err(self.at(interval.span(), MarginsProblem::Interval { what, least, most, bounds }))
    }

    fn id_part(&self, part: &Spanned<String>) -> Checked<String> {
        let text = part.get_ref();
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
            return Ok(text.clone());
        }
        Err(self.at(part.span(), MarginsProblem::Id(text.as_str().into())))
    }

    fn settings(&self, file: &File) -> Checked<()> {
        let format = *file.format.get_ref();
        if format != 1 {
            return Err(self.at(file.format.span(), MarginsProblem::Format(format)));
        }
        // A word that names an area and a district would leave a wish without a meaning.
        let mut words = BTreeSet::from(["home", "hemma", "any", "valfritt"]);
        if let Some(twice) = self.ids.areas.iter().chain(&self.ids.districts).find(|id| !words.insert(id)) {
            let problem = MarginsProblem::Twice { what: "area or district", id: twice.as_str().into() };
            return Err(self.at(file.settings.span(), problem));
        }
        if self.ids.periods.is_empty() {
            return Err(self.at(file.settings.span(), MarginsProblem::Empty("periods")));
        }
        Ok(())
    }

    fn cells(&self, applicants: &file::Applicants) -> Checked<Vec<Cell>> {
        self.unique("district", applicants.districts.iter().map(|district| &district.district))?;
        let classes = self.classes(applicants)?;
        let cohorts = self.cohorts(applicants)?;
        let mut all = Vec::new();
        for entry in &applicants.districts {
            let margins = DistrictMargins {
                district: self.find("district", &self.ids.districts, &entry.district)?,
                count: entry.count.into(),
                girls_percent: entry.girls_percent.0.into(),
            };
            let drawn = cells(&margins, entry.district.get_ref(), &classes, &cohorts);
            all.extend(drawn.map_err(|problem| self.at(entry.district.span(), problem))?);
        }
        Ok(all)
    }

    fn classes(&self, applicants: &file::Applicants) -> Checked<Vec<ClassMargins>> {
        let classes = applicants.classes.get_ref();
        self.unique("class", classes.iter().map(|class| &class.class))?;
        if classes.iter().all(|class| class.weight.is_zero()) {
            return Err(self.at(applicants.classes.span(), MarginsProblem::NoWeight("classes")));
        }
        let class = |entry: &file::ClassShare| {
            let allowed = entry.cohorts.iter().map(|year| self.find_cohort(year)).collect::<Result<Vec<_>, _>>()?;
            let years: Vec<i16> = allowed.iter().map(|&row| self.ids.cohorts[row]).collect();
            let is_allowed = |cohort: &file::CohortWeight| years.is_empty() || years.contains(cohort.cohort.get_ref());
            Ok(ClassMargins {
                class: self.find("class", &self.ids.classes, &entry.class)?,
                code: entry.class.get_ref().as_str().into(),
                weight: entry.weight.into(),
                girls_points: entry.girls_points.into(),
                cohorts: applicants.cohorts.get_ref().iter().map(is_allowed).collect(),
            })
        };
        classes.iter().map(class).collect()
    }

    fn cohorts(&self, applicants: &file::Applicants) -> Checked<Vec<(i16, u64)>> {
        let cohorts = applicants.cohorts.get_ref();
        let mut seen = BTreeSet::new();
        for entry in cohorts {
            self.find_cohort(&entry.cohort)?;
            if !seen.insert(entry.cohort.get_ref()) {
                let problem = MarginsProblem::Twice { what: "cohort", id: entry.cohort.get_ref().to_string().into() };
                return Err(self.at(entry.cohort.span(), problem));
            }
        }
        if cohorts.iter().all(|cohort| cohort.weight.is_zero()) {
            return Err(self.at(applicants.cohorts.span(), MarginsProblem::NoWeight("cohorts")));
        }
        Ok(cohorts.iter().map(|cohort| (*cohort.cohort.get_ref(), cohort.weight.into())).collect())
    }

    fn protected(&self, protected: Option<&Spanned<u64>>, applicants: u64) -> Checked<u64> {
        match protected {
            Some(count) if *count.get_ref() > applicants => {
                let problem = MarginsProblem::Protected { protected: *count.get_ref(), applicants };
                Err(self.at(count.span(), problem))
            }
            Some(count) => Ok(*count.get_ref()),
            None => Ok(0),
        }
    }

    fn qualifications(&self, entries: &[file::QualificationShare]) -> Checked<Vec<QualificationShare>> {
        self.unique("qualification", entries.iter().map(|entry| &entry.qualification))?;
        let share = |entry: &file::QualificationShare| {
            let qualification = self.find("qualification", &self.ids.qualifications, &entry.qualification)?;
            Ok(QualificationShare { qualification, percent: entry.percent.0, from_age: entry.from_age })
        };
        entries.iter().map(share).collect()
    }

    fn extract(&self, extract: &file::Extract) -> Checked<ExtractDays> {
        let (first_day, last_day) = (extract.first_day.0, extract.last_day.get_ref().0);
        if last_day < first_day {
            return Err(self.at(extract.last_day.span(), MarginsProblem::Days));
        }
        Ok(ExtractDays { percent: extract.percent.0, first_day, last_day })
    }

    fn kind(&self, kind: &file::Kind) -> Checked<Kind> {
        let periods = if kind.periods.is_empty() {
            (0..self.ids.periods.len()).collect()
        } else {
            self.find_all("period", &self.ids.periods, &kind.periods)?
        };
        Ok(Kind {
            code: self.id_part(&kind.code)?,
            title: kind.title.clone(),
            area: self.find("area", &self.ids.areas, &kind.area)?,
            capacity: self.interval("a posting's capacity", &kind.capacity, 1..=u32::MAX)?,
            periods,
            min_age: kind.min_age,
            max_age: kind.max_age,
            requires: self.find_all("qualification", &self.ids.qualifications, &kind.requires)?,
            hazardous: kind.hazardous,
            hours: kind.hours,
            hours_per_day: kind.hours_per_day,
            hours_per_week: kind.hours_per_week,
            start_time: kind.start_time,
            end_time: kind.end_time,
        })
    }

    fn places(&self, places: &file::Places, kinds: &[file::Kind]) -> Checked<Places> {
        let employers: Vec<String> = self.ids.districts.iter().chain(&self.ids.departments).cloned().collect();
        let employer = self.find("district or department", &employers, &places.employer)?;
        let codes: Vec<String> = kinds.iter().map(|kind| kind.code.get_ref().clone()).collect();
        let rows = self.find_all("kind of work", &codes, places.kinds.get_ref())?;
        let weights: Vec<u64> = rows.iter().map(|&row| kinds[row].weight.into()).collect();
        let counts = divided(places.count.into(), &weights, &vec![u64::MAX; weights.len()])
            .ok_or_else(|| self.at(places.kinds.span(), MarginsProblem::NoWeight("kinds of work")))?;
        let stated_host = places.host.as_ref().map(|host| self.find("district", &self.ids.districts, host)).transpose()?;
        Ok(Places {
            employer: places.employer.get_ref().clone(),
            prefix: self.id_part(&places.prefix)?,
            kinds: rows.into_iter().zip(counts).collect(),
            funding: self.find_all("funding stream", &self.ids.funding, &places.funding)?,
            stated_host,
            host: stated_host.or((employer < self.ids.districts.len()).then_some(employer)),
            open_to: self.find_all("district", &self.ids.districts, &places.open_to)?,
        })
    }

    fn wishes(&self, wishes: &file::Wishes, kinds: &[Kind], places: &[Places]) -> Checked<WishMargins> {
        let entries = wishes.areas.get_ref();
        self.unique("area", entries.iter().map(|entry| &entry.area))?;
        let mut areas: Vec<Option<u64>> = vec![None; self.ids.areas.len()];
        for entry in entries {
            areas[self.find("area", &self.ids.areas, &entry.area)?] = Some(entry.weight.into());
        }
        let mut demand: u64 = 0;
        for &(kind, count) in places.iter().flat_map(|places| &places.kinds) {
            let area = kinds[kind].area;
            let missing = || MarginsProblem::Missing { what: "area", id: self.ids.areas[area].as_str().into() };
            let weight: u64 = areas[area].ok_or_else(|| self.at(wishes.areas.span(), missing()))?;
            demand += weight * count;
        }
        if demand == 0 {
            return Err(self.at(wishes.areas.span(), MarginsProblem::NoWeight("areas with places")));
        }
        let forms = wishes.forms.get_ref();
        let weights = [forms.job, forms.area, forms.area_home, forms.area_district, forms.district, forms.home];
        if weights.iter().all(|weight| weight.is_zero()) {
            return Err(self.at(wishes.forms.span(), MarginsProblem::NoWeight("forms of a wish")));
        }
        Ok(WishMargins {
            ranks: self.interval("the number of ranks", &wishes.ranks, 1..=MOST_RANKS)?,
            home_percent: wishes.home_percent.0,
            tie_percent: wishes.tie_percent.0,
            unsuited_percent: wishes.unsuited_percent.0,
            any_percent: wishes.any_percent.0,
            forms: weights.into_iter().map(u64::from).collect(),
            areas: areas.into_iter().map(Option::unwrap_or_default).collect(),
        })
    }
}
