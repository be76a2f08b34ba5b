//! The groups that a planner compares: applicants of one class, home district, birth year or sex.

use std::collections::BTreeMap;

use feriematch_model::{Applicant, Gender, Season};

/// What tells groups of applicants apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupBy {
    /// The priority class.
    Class,
    /// The home district.
    District,
    /// The birth year.
    Cohort,
    /// The recorded sex.
    Gender,
}

impl GroupBy {
    /// Everything that tells groups apart, in the order in which tables show it.
    pub const ALL: [Self; 4] = [Self::Class, Self::District, Self::Cohort, Self::Gender];

    /// Returns the name that programs use.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::District => "district",
            Self::Cohort => "cohort",
            Self::Gender => "gender",
        }
    }

    /// Returns what sorts groups, in the order of `season.toml` where it has one.
    fn order(self, applicant: &Applicant) -> usize {
        match self {
            Self::Class => applicant.class.get(),
            Self::District => applicant.home_district.get(),
            Self::Cohort => applicant.birth_date.year().unsigned_abs().into(),
            Self::Gender => Gender::ALL.iter().position(|&gender| gender == applicant.gender).unwrap_or_default(),
        }
    }

    /// Returns the id and the name of an applicant's group.
    fn name(self, season: &Season, applicant: &Applicant) -> (String, String) {
        let settings = season.settings();
        let both = |id: &str, name: &str| (id.to_owned(), name.to_owned());
        match self {
            Self::Class => {
                let class = &settings.classes[applicant.class.get()];
                both(&class.code, &class.name)
            }
            Self::District => {
                let district = &settings.districts[applicant.home_district.get()];
                both(&district.id, &district.name)
            }
            Self::Cohort => {
                let year = applicant.birth_date.year().to_string();
                both(&year, &year)
            }
            Self::Gender => match applicant.gender {
                Gender::Female => both("female", "girls"),
                Gender::Male => both("male", "boys"),
                Gender::Other => both("other", "other"),
                Gender::Unknown => both("unknown", "not recorded"),
            },
        }
    }
}

/// Some applicants who have something in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// What they have in common.
    pub by: GroupBy,
    /// The id that files use.
    pub id: String,
    /// The name.
    pub name: String,
}

/// Every group that somebody is in, and who is in which.
#[derive(Debug)]
pub(crate) struct Groups {
    pub(crate) groups: Vec<Group>,
    /// For each applicant, the row of the group by each of [`GroupBy::ALL`].
    pub(crate) of: Vec<[u32; GroupBy::ALL.len()]>,
}

impl Groups {
    pub(crate) fn new(season: &Season) -> Self {
        let mut groups = Vec::new();
        let mut of = vec![[0; GroupBy::ALL.len()]; season.applicants().len()];
        for (column, by) in GroupBy::ALL.into_iter().enumerate() {
            let mut first: BTreeMap<usize, &Applicant> = BTreeMap::new();
            season.applicants().iter().for_each(|applicant| {
                first.entry(by.order(applicant)).or_insert(applicant);
            });
            let from = groups.len() as u32;
            let row_of: BTreeMap<usize, u32> = first.keys().copied().zip(from..).collect();
            for (of, applicant) in of.iter_mut().zip(season.applicants()) {
                of[column] = row_of[&by.order(applicant)];
            }
            groups.extend(first.values().map(|applicant| {
                let (id, name) = by.name(season, applicant);
                Group { by, id, name }
            }));
        }
        Self { groups, of }
    }
}
