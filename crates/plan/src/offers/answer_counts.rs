//! What became of the offers of a season, counted from its record.

use std::collections::BTreeMap;

use feriematch_rounds::Step;

use crate::offers::Answered;

/// What became of offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AnswerCounts {
    /// Offers that were accepted.
    pub accepted: u32,
    /// Offers that were declined; somebody who withdrew with an offer unanswered has declined it.
    pub declined: u32,
    /// Offers that nobody answered in time.
    pub lapsed: u32,
    /// Of those accepted: places given back by those who withdrew later.
    pub withdrawn: u32,
    /// Offers that are not answered, or were taken back before they were: they tell nothing.
    pub open: u32,
}

impl AnswerCounts {
    /// Counts what became of offers, by group of the applicant. The steps are those that stand, in order; a place that somebody moved to as agreed
    /// before is no offer.
    pub fn of_steps<'s, G: Ord>(steps: impl IntoIterator<Item = &'s Step>, group_of: impl Fn(&str) -> G) -> BTreeMap<G, Self> {
        let mut counts: BTreeMap<G, Self> = BTreeMap::new();
        // Who has a place, and whether it is accepted.
        let mut holders: BTreeMap<&str, bool> = BTreeMap::new();
        for step in steps {
            match step {
                Step::Publish { offers, moves, .. } => {
                    let moved = moves.iter().filter(|moved| !moved.agreed).map(|moved| &moved.applicant);
                    for applicant in offers.iter().map(|offer| &offer.applicant).chain(moved) {
                        if let Some(false) = holders.insert(applicant, false) {
                            counts.entry(group_of(applicant)).or_default().open += 1;
                        }
                    }
                }
                Step::Accept { applicant, .. } => {
                    holders.insert(applicant, true);
                    counts.entry(group_of(applicant)).or_default().accepted += 1;
                }
                Step::Decline { applicant, .. } => {
                    holders.remove(applicant.as_str());
                    counts.entry(group_of(applicant)).or_default().declined += 1;
                }
                Step::Withdraw { applicant, .. } => match holders.remove(applicant.as_str()) {
                    Some(true) => counts.entry(group_of(applicant)).or_default().withdrawn += 1,
                    Some(false) => counts.entry(group_of(applicant)).or_default().declined += 1,
                    None => {}
                },
                Step::Lapse { applicants } => {
                    for applicant in applicants {
                        holders.remove(applicant.as_str());
                        counts.entry(group_of(applicant)).or_default().lapsed += 1;
                    }
                }
                Step::Cut { displaced, .. } => {
                    for applicant in displaced {
                        if let Some(false) = holders.remove(applicant.as_str()) {
                            counts.entry(group_of(applicant)).or_default().open += 1;
                        }
                    }
                }
                _ => {}
            }
        }
        for (applicant, _) in holders.into_iter().filter(|(_, is_accepted)| !is_accepted) {
            counts.entry(group_of(applicant)).or_default().open += 1;
        }
        counts
    }

    /// Adds the numbers of another.
    pub fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.declined += other.declined;
        self.lapsed += other.lapsed;
        self.withdrawn += other.withdrawn;
        self.open += other.open;
    }

    /// Returns how many of those offers were accepted whose answer, or silence, is known.
    pub const fn answered(&self) -> Answered {
        Answered { accepted: self.accepted, offers: self.accepted + self.declined + self.lapsed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use feriematch_rounds::{Move, Offer};
    use jiff::civil::date;

    fn publish(round: u32, offers: &[&str], moves: &[(&str, bool)]) -> Step {
        let job = || "J".to_owned();
        let offer = |id: &&str| Offer { applicant: (*id).to_owned(), job: job(), stream: "S".into(), rank: Some(1) };
        let to =
            |&(id, agreed): &(&str, bool)| Move { applicant: id.to_owned(), job: job(), stream: "S".into(), rank: 1, agreed };
        Step::Publish {
            round,
            deadline: date(2027, 4, 9),
            offers: offers.iter().map(offer).collect(),
            moves: moves.iter().map(to).collect(),
            outcome: None,
        }
    }

    #[test]
    fn every_offer_is_counted_once() {
        let accept = |id: &str| Step::Accept { applicant: id.into(), or_better: false };
        let decline = |id: &str| Step::Decline { applicant: id.into(), because: String::new() };
        let withdraw = |id: &str| Step::Withdraw { applicant: id.into(), because: String::new() };
        let steps = [
            publish(1, &["a", "b", "c", "d", "e", "f", "g"], &[]),
            accept("a"),
            decline("b"),
            withdraw("c"),
            withdraw("z"),
            Step::Lapse { applicants: vec!["d".into()] },
            accept("e"),
            withdraw("e"),
            // Taken back before it was answered, and then offered again.
            Step::Cut { job: "J".into(), places: 1, displaced: vec!["f".into()] },
            publish(2, &["f"], &[("a", false), ("g", true)]),
            accept("f"),
        ];
        let counts = AnswerCounts::of_steps(&steps, |id| id <= "d");
        // a accepted once and has another offer to answer; b and c declined; d lapsed.
        assert_eq!(counts[&true], AnswerCounts { accepted: 1, declined: 2, lapsed: 1, withdrawn: 0, open: 1 });
        // e withdrew; f's first offer was taken back; g, who moved as agreed, has not answered.
        assert_eq!(counts[&false], AnswerCounts { accepted: 2, declined: 0, lapsed: 0, withdrawn: 1, open: 2 });
        assert_eq!(counts[&true].answered(), Answered { accepted: 1, offers: 4 });
    }
}
