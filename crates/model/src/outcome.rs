//! What a run decided, and the evidence for it: the content of `outcome.json`.
//!
//! Everything is named by id, so that whoever reads the file needs nothing but the season's own files to check it.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

use crate::{Balance, Fingerprint, Mechanism, PlacementRule, RankCosts, Rule, Season};

/// The version of the form of `outcome.json`.
pub const FORMAT: u32 = 1;

/// The result of one run over one season.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// [`FORMAT`].
    pub format: u32,
    /// The season's name.
    pub season: String,
    /// Hashes of the season's content, independent of row order and file encoding.
    pub fingerprint: Fingerprint,
    /// How places were assigned.
    pub mechanism: Mechanism,
    /// Which of the placements of those selected was taken.
    #[serde(default, skip_serializing_if = "PlacementRule::is_default")]
    pub placement: PlacementRule,
    /// What a wish's rank cost the placement.
    pub rank_costs: RankCosts,
    /// Soft targets for girls and boys; none unless the season opted in.
    #[serde(default, skip_serializing_if = "Balance::is_none")]
    pub balance: Balance,
    /// The public seed of the lottery.
    pub seed: String,
    /// What was done for whom with those who had a place already, if any of them could be moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rematch: Option<Rematch>,
    /// One stage a funding stream, in the order served.
    pub stages: Vec<Stage>,
    /// One decision an applicant, sorted by applicant id.
    pub decisions: Vec<Decision>,
}

/// Why an outcome is not one of a season.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OutcomeMismatch {
    /// The file has another form.
    #[error("it has format {found}, and this version reads format {FORMAT}")]
    Format {
        /// The format it has.
        found: u32,
    },
    /// A part of the season has changed since, or was never the same.
    #[error("it was made from other {part} than the season has now")]
    Changed {
        /// The part.
        part: &'static str,
    },
    /// The decisions are not one an applicant, in order.
    #[error("its decisions are not one for each applicant of the season, in order of their ids")]
    Decisions,
    /// A decision names a job or funding stream that the season does not have.
    #[error("it gives `{applicant}` a job or funding stream that the season does not have")]
    UnknownPlace {
        /// Whom the decision is about.
        applicant: String,
    },
    /// The reasons of somebody who waits are not one a funding stream.
    #[error("it does not give `{applicant}` one reason for each funding stream")]
    Reasons {
        /// Whom the decision is about.
        applicant: String,
    },
}

impl Outcome {
    /// Returns how places were assigned in a few words: the mechanism, and what it was asked for beside that.
    pub fn method(&self) -> String {
        let mut text = self.mechanism.to_string();
        if !self.placement.is_default() {
            text.push_str(&format!(", {}", self.placement));
        }
        if !self.balance.is_none() {
            text.push_str(", with soft balance targets");
        }
        text
    }

    /// Returns whether people with a place moved up, to what they ranked higher.
    pub fn moves_up(&self) -> bool {
        matches!(self.rematch.as_ref().map(|rematch| rematch.rule), Some(MoveRule::Upgrade { .. }))
    }

    /// Checks that the outcome is one of this season as it is now, so that its decisions can be read beside the applicants. Whether
    /// it is right is for an audit to say.
    ///
    /// # Errors
    ///
    /// Returns the first thing that does not fit.
    pub fn check_is_of(&self, season: &Season) -> Result<(), OutcomeMismatch> {
        if self.format != FORMAT {
            return Err(OutcomeMismatch::Format { found: self.format });
        }
        let (then, now) = (&self.fingerprint, Fingerprint::of(season));
        for (part, then, now) in [
            ("settings", &then.settings, &now.settings),
            ("applicants", &then.applicants, &now.applicants),
            ("jobs", &then.jobs, &now.jobs),
            ("overrides", &then.overrides, &now.overrides),
        ] {
            if then != now {
                return Err(OutcomeMismatch::Changed { part });
            }
        }
        if !self.decisions.iter().map(|d| d.applicant.as_str()).eq(season.applicants().iter().map(|a| &*a.id)) {
            return Err(OutcomeMismatch::Decisions);
        }
        let settings = season.settings();
        for decision in &self.decisions {
            let applicant = || decision.applicant.clone();
            match &decision.verdict {
                Verdict::Placed(placed)
                    if season.find_job(&placed.job).is_none() || settings.find_stream(&placed.stream).is_none() =>
                {
                    return Err(OutcomeMismatch::UnknownPlace { applicant: applicant() });
                }
                Verdict::Waiting { reasons } if reasons.len() != settings.streams.len() => {
                    return Err(OutcomeMismatch::Reasons { applicant: applicant() });
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Who has a place already and may be moved to another, and what for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rematch {
    /// What they may be moved for.
    #[serde(flatten)]
    pub rule: MoveRule,
    /// Those who may be moved, sorted by applicant; everybody else who has a place is locked to it.
    pub claims: Vec<Claim>,
}

/// A place that somebody has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who has it.
    pub applicant: String,
    /// Of which job.
    pub job: String,
    /// Which funding stream pays.
    pub stream: String,
}

/// What those who have a place are moved for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "kebab-case")]
pub enum MoveRule {
    /// To make room for those who wait, as few of them as can be.
    FewestMoves {
        /// How many may be moved at most, over all streams.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_moves: Option<u32>,
    },
    /// For themselves: to a place that they ranked higher, in turn with those who wait.
    Upgrade {
        /// Whether numbers drawn low or high come first within a class.
        lottery: LotteryOrder,
    },
}

/// Which lottery numbers come first within a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LotteryOrder {
    /// The low ones, as ever.
    Same,
    /// The high ones: whoever had bad luck at first has good luck now.
    Reversed,
}

impl fmt::Display for LotteryOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Same => "same",
            Self::Reversed => "reversed",
        })
    }
}

/// A lottery number: lower is better. Written as 16 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct LotteryNumber(pub u64);

/// A text that is not 16 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a lottery number: 16 hexadecimal digits, lower case")]
pub struct ParseLotteryNumberError(String);

impl fmt::Display for LotteryNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // By hand, since a million of them are written.
        let digits: [u8; 16] = std::array::from_fn(|at| b"0123456789abcdef"[(self.0 >> (60 - 4 * at) & 15) as usize]);
        f.write_str(str::from_utf8(&digits).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for LotteryNumber {
    type Err = ParseLotteryNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let well_formed = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = well_formed.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        number.map(Self).ok_or_else(|| ParseLotteryNumberError(text.to_owned()))
    }
}

impl Serialize for LotteryNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl TryFrom<String> for LotteryNumber {
    type Error = ParseLotteryNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// What was decided on one applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whom it is about.
    pub applicant: String,
    /// The lottery number.
    pub lottery: LotteryNumber,
    /// The place in the ranking of all applicants, from 1: by class, then lottery number, then id.
    pub position: u32,
    /// The decision.
    #[serde(flatten)]
    pub verdict: Verdict,
}

/// The decision itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// Gets a place.
    Placed(Placed),
    /// Could take some job, but gets no place.
    Waiting {
        /// Why not, one reason a stage.
        reasons: Vec<StageReason>,
    },
    /// May not take any job wished for.
    Ineligible {
        /// The rules that stood in the way, sorted, each once; empty where the wishes match no job at all.
        rules: Vec<Rule>,
    },
}

/// A place that an applicant gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The job.
    pub job: String,
    /// The funding stream that pays.
    pub stream: String,
    /// The best rank at which the applicant wished for the job; absent where it was locked outside the wishes.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rank: Option<u16>,
    /// What gave the place.
    pub by: PlacedBy,
}

/// What gave a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlacedBy {
    /// The mechanism.
    Ranking,
    /// An administrator's lock.
    Lock,
    /// An earlier round: the applicant has had it since.
    Hold,
}

impl PlacedBy {
    /// Returns whether it is given before any stage.
    pub const fn is_before_stages(self) -> bool {
        !matches!(self, Self::Ranking)
    }
}

/// Why an applicant got no place in one stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StageReason {
    /// No job wished for is funded by this stream, open to the applicant and wished for.
    NoEligibleJob,
    /// The home district's cap was used up by applicants ahead.
    HomeCap,
    /// Every place that could be freed for the applicant is needed by applicants ahead.
    Full,
    /// A place could be freed, but not with so few moves of people who have one.
    MoveLimit,
}

/// What one funding stream decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stage {
    /// The stream.
    pub stream: String,
    /// The evidence that the mechanism leaves.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// What lets somebody else check a stage without solving it anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "evidence", rename_all = "kebab-case")]
pub enum Evidence {
    /// The mechanism is checked by replaying it from the ranking.
    Replay,
    /// The selection's closed jobs and the placement's prices.
    Certificate {
        /// Why nobody else could be selected.
        selection: SelectionEvidence,
        /// Why the placement is the cheapest.
        placement: PlacementEvidence,
        /// Why no fewer people could be moved; absent where nobody could be.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        moves: Option<MoveEvidence>,
    },
    /// Prices that prove the profile of ranks, one level after the other.
    Profile {
        /// Why nobody else could be selected; absent where the profile itself decides who.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        selection: Option<SelectionEvidence>,
        /// The prices of each level that those before leave undecided, in the order of the objective.
        levels: Vec<LevelEvidence>,
    },
    /// The selection's closed jobs; where everybody is placed is checked by replaying the ranking.
    Order {
        /// Why nobody else could be selected.
        selection: SelectionEvidence,
    },
}

/// Why nobody who is not selected could have been.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectionEvidence {
    /// For each job that was closed, the applicant in whose turn it was. When it was that applicant's turn, the jobs closed
    /// so far were filled by applicants ahead who could take nothing but closed jobs (a Hall violator).
    pub closed: BTreeMap<String, String>,
}

/// Why no placement of the selected applicants moves fewer of those who have a claim.
///
/// With it, the placement's own cost has [`move_cost`](Self::move_cost) added for each move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveEvidence {
    /// How many are moved.
    pub moves: u32,
    /// What a move costs in the placement.
    pub move_cost: i64,
    /// Prices at which a move costs one, and all else nothing.
    pub fewest: PlacementEvidence,
}

/// Why no placement of the selected applicants costs less: prices that make the dual objective equal to the cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementEvidence {
    /// The total rank cost of the applicants placed by ranking in this stage.
    pub cost: i64,
    /// Prices of places, by job; a job that is not listed has price 0.
    pub jobs: BTreeMap<String, i64>,
    /// Prices of the departments' caps; a department that is not listed has price 0.
    pub departments: BTreeMap<String, i64>,
    /// The price of the stream's cap.
    pub stream: i64,
}

/// Why no placement, of those that the levels before leave, does better at one level.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelEvidence {
    /// What is decided.
    pub decides: Level,
    /// Prices of places, by job; a job that is not listed has price 0. Prices may be negative where an earlier level has one.
    pub jobs: BTreeMap<String, i64>,
    /// Prices of the departments' caps.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub departments: BTreeMap<String, i64>,
    /// The price of the stream's cap.
    #[serde(default)]
    pub stream: i64,
    /// Prices of the home districts' caps; only where the profile itself decides who.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub homes: BTreeMap<String, i64>,
}

/// What a level of a profile decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// How many are placed at this rank.
    Rank(u16),
    /// Who is placed, of placements with equal profiles: those whose turns in the stage add up to the least.
    Ranking,
}
