//! The lists of season.toml that define ids and names: districts, areas, classes and so on.

use std::ops::RangeInclusive;

use feriematch_model::{AreaIx, ClassIx, DistrictIx, Employer, PeriodIx, QualificationIx, SmallSet, StreamIx};

use crate::document::{Reading, Section};
use crate::names::Names;
use crate::quote::quote;
use crate::{Code, Diagnostic, values};

/// How many entries a list may have whose entries are put in sets.
const SET: usize = SmallSet::<StreamIx>::LIMIT;

/// Everything that rows of the tables refer to, and what is needed to judge a row.
pub(crate) struct Vocabulary {
    pub(crate) year: Option<i16>,
    pub(crate) cohorts: Vec<i16>,
    pub(crate) classes: Names<ClassIx>,
    pub(crate) periods: Names<PeriodIx>,
    pub(crate) areas: Names<AreaIx>,
    pub(crate) qualifications: Names<QualificationIx>,
    pub(crate) districts: Names<DistrictIx>,
    pub(crate) employers: Names<Employer>,
    pub(crate) streams: Names<StreamIx>,
    /// Whether the jobs of an area need a register extract, by area.
    pub(crate) area_extract: Vec<bool>,
}

impl Vocabulary {
    pub(crate) fn new() -> Self {
        Self {
            year: None,
            cohorts: Vec::new(),
            classes: Names::new("priority class", Code::UnknownClass),
            periods: Names::new("period", Code::UnknownPeriod),
            areas: Names::new("work area", Code::UnknownArea),
            qualifications: Names::new("qualification", Code::UnknownQualification),
            districts: Names::new("district", Code::UnknownDistrict),
            employers: Names::new("employer", Code::UnknownEmployer),
            streams: Names::new("funding stream", Code::UnknownStream),
            area_extract: Vec::new(),
        }
    }
}

/// One entry of a list: its id and name have been read, the other keys have not.
pub(crate) struct Entry<'d, I> {
    pub(crate) section: Section<'d>,
    pub(crate) index: I,
    pub(crate) id: Option<Box<str>>,
    pub(crate) name: Option<Box<str>>,
}

/// A list of season.toml: its key, the key of the id, and how many entries it takes.
pub(crate) struct List {
    key: &'static str,
    id_key: &'static str,
    size: RangeInclusive<usize>,
}

pub(crate) const CLASSES: List = List { key: "classes", id_key: "code", size: 1..=SET };
pub(crate) const PERIODS: List = List { key: "periods", id_key: "id", size: 1..=SET };
pub(crate) const AREAS: List = List { key: "areas", id_key: "id", size: 1..=10_000 };
pub(crate) const QUALIFICATIONS: List = List { key: "qualifications", id_key: "id", size: 0..=SET };
pub(crate) const DISTRICTS: List = List { key: "districts", id_key: "id", size: 1..=SET };
pub(crate) const DEPARTMENTS: List = List { key: "departments", id_key: "id", size: 0..=10_000 };
pub(crate) const FUNDING: List = List { key: "funding", id_key: "id", size: 1..=SET };

/// Reads a list and defines its ids, then its names, so that an id is never mistaken for somebody's name.
pub(crate) fn entries<'d, I: Copy + PartialEq>(
    root: &mut Section<'d>,
    list: &List,
    index: impl Fn(usize) -> I,
    names: &mut Names<I>,
    reading: &mut Reading<'_>,
) -> Vec<Entry<'d, I>> {
    let mut sections = root.sections(list.key, reading);
    if !list.size.contains(&sections.len()) {
        let message =
            format!("there are {} `[[{}]]`, not {} to {}", sections.len(), list.key, list.size.start(), list.size.end());
        let span = sections.get(*list.size.end()).map_or_else(|| root.span(reading), |surplus| surplus.span(reading));
        reading.problems.push(Diagnostic::new(Code::TableSize, span, message));
        names.set_incomplete();
        sections.truncate(*list.size.end());
    }
    let mut entries = Vec::with_capacity(sections.len());
    let mut name_spans = Vec::with_capacity(sections.len());
    for (row, mut section) in sections.into_iter().enumerate() {
        let index = index(row);
        let id = section.require(list.id_key, reading).and_then(|value| {
            let id = value.text(reading)?;
            if let Err(unusable) = values::listed_id(id) {
                value.report(unusable.code, format!("the id {} {}", quote(id), unusable.what), unusable.help, reading);
            }
            let span = value.span(reading);
            names.define_id(id, index, span, &mut reading.problems);
            Some(id.into())
        });
        let name = section.require("name", reading).and_then(|value| Some((value.text(reading)?, value.span(reading))));
        let (name, name_span) = name.unzip();
        if id.is_none() || name.is_none() {
            names.set_incomplete();
        }
        name_spans.push(name_span);
        entries.push(Entry { section, index, id, name: name.map(Into::into) });
    }
    for (entry, span) in entries.iter().zip(name_spans) {
        if let (Some(name), Some(span)) = (&entry.name, span) {
            names.define_name(name, entry.index, span, &mut reading.problems);
        }
    }
    entries
}
