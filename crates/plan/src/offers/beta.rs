//! What is known of a share.

use statrs::function::beta::checked_beta_reg;

/// A beta distribution: what is known of a share, as if so many had said yes and so many no.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    /// The weight of those who say yes, above zero.
    pub yes: f64,
    /// The weight of those who say no, above zero.
    pub no: f64,
}

impl Beta {
    /// Nothing is known: every share is as likely.
    pub const UNIFORM: Self = Self { yes: 1.0, no: 1.0 };

    /// Returns what is known after so many said yes and no.
    #[must_use]
    pub fn after(self, yes: u32, no: u32) -> Self {
        Self { yes: self.yes + f64::from(yes), no: self.no + f64::from(no) }
    }

    /// Returns the mean.
    pub fn mean(&self) -> f64 {
        self.yes / (self.yes + self.no)
    }

    /// Returns the variance.
    pub fn variance(&self) -> f64 {
        let mean = self.mean();
        mean * (1.0 - mean) / (self.yes + self.no + 1.0)
    }

    /// Returns the probability of at most a share: the regularised incomplete beta function.
    pub fn at_most(&self, share: f64) -> f64 {
        if share <= 0.0 || share >= 1.0 {
            return if share <= 0.0 { 0.0 } else { 1.0 };
        }
        checked_beta_reg(self.yes, self.no, share).unwrap_or(f64::NAN)
    }

    /// Returns the share that is not exceeded with a probability.
    pub fn quantile(&self, probability: f64) -> f64 {
        bisect(|share| self.at_most(share) < probability)
    }
}

/// Returns the share between 0 and 1 up to which something is so, to within 2⁻³⁰.
pub(crate) fn bisect(is_below: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..30 {
        let middle = f64::midpoint(low, high);
        if is_below(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Figures of R: `qbeta(c(0.025, 0.975), 22, 186)`, and the binomial sums that `pbeta` is for whole weights.
    #[test]
    fn figures_that_are_known() {
        let of_2015 = Beta::UNIFORM.after(21, 185);
        assert_eq!(of_2015, Beta { yes: 22.0, no: 186.0 });
        assert!((of_2015.mean() - 22.0 / 208.0).abs() < 1e-15);
        // P(share <= x) of Beta(2, 3) is the probability of 2 or more of 4 trials.
        let x: f64 = 0.3;
        let two_or_more = 1.0 - (1.0 - x).powi(4) - 4.0 * x * (1.0 - x).powi(3);
        assert!((Beta { yes: 2.0, no: 3.0 }.at_most(x) - two_or_more).abs() < 1e-12);
        for probability in [0.025, 0.5, 0.975] {
            assert!((of_2015.at_most(of_2015.quantile(probability)) - probability).abs() < 1e-7);
        }
        assert_eq!((of_2015.at_most(-0.1), of_2015.at_most(1.0)), (0.0, 1.0));
        assert!((Beta::UNIFORM.quantile(0.2) - 0.2).abs() < 1e-9 && (Beta::UNIFORM.variance() - 1.0 / 12.0).abs() < 1e-15);
    }
}
