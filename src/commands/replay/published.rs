//! What a published table says of a season's offers.

use std::path::Path;

use feriematch_model::Season;
use feriematch_plan::Rate;
use feriematch_report::against::Published;

use crate::commands::report::read_published;
use crate::exit_code::Failure;

/// What a published table says of a season's offers, for each district.
pub(crate) struct PublishedSeason {
    pub(in crate::commands::replay) districts: Vec<PublishedDistrict>,
    rates: Vec<Rate>,
}

/// The published figures of a district, those that there are.
#[derive(Debug, Clone, Default)]
pub(super) struct PublishedDistrict {
    pub(super) offered: Option<u32>,
    pub(super) declined: Option<u32>,
    pub(super) worked: Option<u32>,
    pub(super) hired_by_departments: Option<u32>,
}

impl PublishedSeason {
    /// Reads a published table. Whatever a replay needs must be there.
    pub(crate) fn read(file: &Path, season: &Season) -> Result<Self, Failure> {
        let table = read_published(file)?;
        let settings = season.settings();
        let mut problems = Vec::new();
        let mut districts = vec![PublishedDistrict::default(); settings.districts.len()];
        for figure in table.iter().filter(|figure| figure.group == "district") {
            let of_offers = ["offered", "declined", "worked", "hired_by_departments"].contains(&&*figure.measure);
            let row = settings.districts.iter().position(|district| *district.id == *figure.key);
            match row {
                Some(row) => problems.extend(districts[row].take(figure).err()),
                None if of_offers => {
                    problems.push(format!("line {}: the season has no district `{}`", figure.line, figure.key));
                }
                None => {}
            }
        }
        // What is missing would repeat what cannot be read.
        if !problems.is_empty() {
            return Err(refused(file, &problems));
        }
        let mut rates = Vec::new();
        for (row, (district, published)) in settings.districts.iter().zip(&districts).enumerate() {
            let is_home = season.applicants().iter().any(|applicant| applicant.home_district.get() == row);
            match (published.offered, published.declined) {
                (Some(offered), Some(declined)) => match Rate::new(declined, offered) {
                    Ok(rate) => rates.push(rate),
                    Err(error) => problems.push(format!("district `{}`: {error}", district.id)),
                },
                (None, None) if !is_home => rates.push(Rate::NOBODY),
                (offered, _) => {
                    let missing = if offered.is_none() { "offered" } else { "declined" };
                    problems.push(format!("district `{}`, where applicants live, has no figure `{missing}`", district.id));
                }
            }
        }
        if problems.is_empty() { Ok(Self { districts, rates }) } else { Err(refused(file, &problems)) }
    }

    /// Returns the share of offers that are declined, for each district.
    pub(crate) fn rates(&self) -> &[Rate] {
        &self.rates
    }

    /// Returns how many worked in each district, if that is published of all.
    pub(super) fn ceilings(&self) -> Option<Vec<u32>> {
        self.districts.iter().map(|district| district.worked).collect()
    }

    /// Returns the sum of a figure over the districts, if all have it.
    pub(super) fn sum(&self, of: impl Fn(&PublishedDistrict) -> Option<u32>) -> Option<u32> {
        self.districts.iter().map(of).sum()
    }
}

fn refused(file: &Path, problems: &[String]) -> Failure {
    Failure::File {
        message: problems.iter().map(|p| format!("{}: {p}", file.display())).collect::<Vec<_>>().join("\n       "),
        help: "a replay needs `offered` and `declined` of each district where applicants live: lines such as \
               `district,norrmalm,offered,198`"
            .to_owned(),
    }
}

impl PublishedDistrict {
    fn take(&mut self, figure: &Published) -> Result<(), String> {
        let slot = match &*figure.measure {
            "offered" => &mut self.offered,
            "declined" => &mut self.declined,
            "worked" => &mut self.worked,
            "hired_by_departments" => &mut self.hired_by_departments,
            _ => return Ok(()),
        };
        let number = figure.value.parse();
        *slot = Some(number.map_err(|_| format!("line {}: `{}` is not a number of offers", figure.line, figure.value))?);
        Ok(())
    }
}
