//! Collects refutations, a bounded number of each kind.

use crate::Refutation;

/// How many refutations of one kind are listed; of the rest only the number is told.
const LISTED: u32 = 20;

/// The refutations found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    listed: Vec<Refutation>,
    /// How many of each kind there are, by code, in order of first appearance.
    counts: Vec<(&'static str, u32)>,
}

impl Findings {
    /// Adds a refutation.
    pub(crate) fn push(&mut self, refutation: Refutation) {
        let code = refutation.code();
        let at = self.counts.iter().position(|&(known, _)| known == code).unwrap_or_else(|| {
            self.counts.push((code, 0));
            self.counts.len() - 1
        });
        self.counts[at].1 += 1;
        if self.counts[at].1 <= LISTED {
            self.listed.push(refutation);
        }
    }

    /// Returns how many refutations there are, listed or not.
    pub(crate) fn count(&self) -> u32 {
        self.counts.iter().map(|&(_, count)| count).sum()
    }

    /// Ends the examination if anything has been refuted.
    pub(crate) fn settle(self) -> Result<Self, Vec<Refutation>> {
        if self.listed.is_empty() {
            return Ok(self);
        }
        let more = self.counts.iter().filter(|&&(_, count)| count > LISTED);
        let more = more.map(|&(code, count)| Refutation::More { code, count: count - LISTED });
        Err(self.listed.into_iter().chain(more).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_a_bounded_number_of_a_kind() {
        let mut findings = Findings::default();
        findings.push(Refutation::RankCosts);
        for row in 0..25 {
            findings.push(Refutation::MissingApplicant { applicant: row.to_string() });
        }
        let refutations = findings.settle().unwrap_err();
        assert_eq!(refutations.len(), 22);
        assert_eq!(refutations[21], Refutation::More { code: "missing-applicant", count: 5 });
    }
}
