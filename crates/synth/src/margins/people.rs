//! Dealing out the exact counts to persons.

use super::Margins;
use crate::draw::{Draw, Purpose};

/// What of an applicant is fixed by margins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person {
    pub(super) district: u16,
    pub(super) class: u16,
    pub(super) born: i16,
    pub(super) girl: bool,
    pub(super) protected: bool,
}

/// Returns as many persons of each kind as the margins say, in random order.
pub(super) fn deal(margins: &Margins) -> Vec<Person> {
    let mut draw = Draw::once(margins.seed, Purpose::People);
    let mut people = Vec::with_capacity(margins.applicants() as usize);
    for cell in &margins.cells {
        let years = cell.cohorts.iter().flat_map(|&(year, count)| std::iter::repeat_n(year, count as usize));
        let (district, class) = (cell.district as u16, cell.class as u16);
        let from = people.len();
        people.extend(years.map(|born| Person { district, class, born, girl: false, protected: false }));
        let girls = cell.girls as usize;
        draw.shuffle(&mut people[from..]);
        people[from..from + girls].iter_mut().for_each(|person| person.girl = true);
    }
    draw.shuffle(&mut people);
    let mut protected: Vec<usize> = (0..people.len()).collect();
    draw.shuffle(&mut protected);
    for &row in &protected[..margins.protected as usize] {
        people[row].protected = true;
    }
    people
}
