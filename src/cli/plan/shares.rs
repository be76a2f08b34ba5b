//! Shares and risks on the command line, and where shares are learned from.

use std::path::PathBuf;

use clap::Args;
use feriematch_plan::Rate;

/// Where answers to earlier offers are.
#[derive(Debug, Args)]
pub(crate) struct LearnArgs {
    /// Learn from the answers to earlier offers: a season folder with a ledger, one with published.csv, or a published table; several times for several
    #[arg(long, value_name = "DIR")]
    pub(crate) learn: Vec<PathBuf>,
}

/// Reads a risk: above 0 and below 1, as `5%` or `0.05`.
pub(super) fn risk(text: &str) -> Result<f64, String> {
    const HELP: &str = "write it as 5% or 0.05: above 0 and below 100 per cent";
    let (number, whole) = match text.trim().strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 100.0),
        None => (text.trim(), 1.0),
    };
    let share = number.replace(',', ".").parse::<f64>().map_err(|_| HELP.to_owned())? / whole;
    if share > 0.0 && share < 1.0 { Ok(share) } else { Err(HELP.to_owned()) }
}

/// Reads an exact share: `546/640`, `546 of 640`, or `85.3%`.
pub(super) fn share(text: &str) -> Result<Rate, String> {
    const HELP: &str = "write it as 546/640, or in per cent with at most two decimals as 85.3%";
    let parts = if let Some(percent) = text.trim().strip_suffix('%') {
        percent.trim().replace(',', ".").parse::<f64>().ok().and_then(hundredths).map(|some| (some, 10_000))
    } else {
        let parts = text.split_once('/').or_else(|| text.split_once(" of "));
        parts.and_then(|(some, all)| Some((some.trim().parse().ok()?, all.trim().parse().ok()?)))
    };
    let rate = parts.and_then(|(some, all)| Rate::new(some, all).ok());
    rate.ok_or_else(|| HELP.to_owned())
}

/// Returns the hundredths of a percentage that has no finer ones.
#[allow(clippy::cast_sign_loss, reason = "negative numbers are refused")]
fn hundredths(percent: f64) -> Option<u32> {
    let hundredths = (percent * 100.0).round();
    let is_whole = (percent * 100.0 - hundredths).abs() < 1e-6;
    ((0.0..=10_000.0).contains(&hundredths) && is_whole).then_some(hundredths as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_risks_are_read_exactly() {
        assert_eq!(share("546/640").map(Rate::parts), Ok((546, 640)));
        assert_eq!(share("546 of 640").map(Rate::parts), Ok((546, 640)));
        assert_eq!(share("85,31 %").map(Rate::parts), Ok((8_531, 10_000)));
        for wrong in ["", "641/640", "1/0", "85.312%", "101%", "-3%", "0.85", "NaN%", "x/y"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
        assert!((risk("5%").unwrap() - 0.05).abs() < 1e-15 && (risk("0,05").unwrap() - 0.05).abs() < 1e-15);
        for wrong in ["", "0", "1", "5", "100 %", "-1%", "NaN", "inf%"] {
            assert!(risk(wrong).is_err(), "{wrong}");
        }
    }
}
