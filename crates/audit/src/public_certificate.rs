//! A certificate that a third party can check: everything that the outcome of a season follows from, without personal data.
//!
//! It lists who may take what, instead of what that follows from: birth dates, qualifications, names and reasons stay out. Whether
//! those lists are right, only the season's files can tell; that everything else follows from them, anybody can check. `docs/certificate.md`
//! says what each part is for, and `docs/check_certificate.py` checks it without this crate.

mod read;
mod write;

use std::collections::BTreeMap;

use feriematch_model::{
    Balance, Decision, Fingerprint, Gender, Mechanism, OverrideKind, Payer, PlacementRule, RankCosts, Rematch, SeasonError, Stage,
};
use serde::{Deserialize, Serialize};

use crate::refutation::Refutation;

/// The version of the form of a certificate.
pub const CERTIFICATE_FORMAT: u32 = 1;

/// What the outcome of a season follows from, and the outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicCertificate {
    /// [`CERTIFICATE_FORMAT`].
    pub certificate: u32,
    /// The season's name.
    pub season: String,
    /// Of which files the outcome is; only who has them can compare.
    pub fingerprint: Fingerprint,
    /// The public seed of the lottery.
    pub seed: String,
    /// How places were assigned.
    pub mechanism: Mechanism,
    /// Which of the placements of those selected was taken.
    #[serde(default, skip_serializing_if = "PlacementRule::is_default")]
    pub placement: PlacementRule,
    /// What a wish's rank cost the placement.
    pub rank_costs: RankCosts,
    /// Soft targets for girls and boys.
    #[serde(default, skip_serializing_if = "Balance::is_none")]
    pub balance: Balance,
    /// What was done for whom with those who had a place already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rematch: Option<Rematch>,
    /// The codes of the priority classes, the first served first.
    pub classes: Vec<String>,
    /// Where applicants live and employers are.
    pub districts: Vec<Capped>,
    /// Employers that are no district.
    pub departments: Vec<Capped>,
    /// Who pays, in the order served.
    pub streams: Vec<ListedStream>,
    /// The jobs, sorted by id.
    pub jobs: Vec<ListedJob>,
    /// Sets of jobs that many wish for, named once.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sets: BTreeMap<String, Vec<String>>,
    /// The applicants, sorted by id.
    pub applicants: Vec<ListedApplicant>,
    /// Places that are given before any lottery, sorted by applicant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<KeptPlace>,
    /// The evidence of each stream's stage.
    pub stages: Vec<Stage>,
    /// One decision an applicant, sorted by id; the rules that keep somebody from every job are left out.
    pub decisions: Vec<Decision>,
}

/// A district or department, and its cap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capped {
    /// The id.
    pub id: String,
    /// The most youths it places, if that is limited: of a district those who live there, of a department those who work there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
}

/// A funding stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedStream {
    /// The id.
    pub id: String,
    /// Who pays; where it is the home district, its cap counts.
    #[serde(with = "PayerName")]
    pub payer: Payer,
    /// The most places it pays for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<u32>,
    /// The classes it pays for; every class if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// The home districts it pays for; every one if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub home_districts: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Payer", rename_all = "kebab-case")]
enum PayerName {
    HomeDistrict,
    Employer,
    External,
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedJob {
    /// The id.
    pub id: String,
    /// How many places there are.
    pub capacity: u32,
    /// Who employs.
    pub employer: EmployerId,
    /// Which streams may pay.
    pub streams: Vec<String>,
}

/// An employer, by id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmployerId {
    /// A district.
    District(String),
    /// A department.
    Department(String),
}

/// What an applicant's chances follow from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedApplicant {
    /// The pseudonymous id.
    pub id: String,
    /// The code of the priority class.
    pub class: String,
    /// The home district.
    pub home: String,
    /// Whether an employer took back the place that the applicant had.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub displaced: bool,
    /// Female or male, where soft targets ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// The streams that do not pay for the applicant's birth year.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_paid_by: Vec<String>,
    /// What the applicant wished for and may take, by rank.
    pub wishes: Vec<ListedWish>,
}

/// The acceptable jobs of one rank. A job counts at the best rank at which it is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedWish {
    /// The rank, from 1.
    pub rank: u16,
    /// Jobs, by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<String>,
    /// Sets of jobs, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sets: Vec<String>,
}

/// A place that somebody is locked to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptPlace {
    /// Who.
    pub applicant: String,
    /// Of which job.
    pub job: String,
    /// By an administrator's lock, or since an earlier round.
    #[serde(with = "KeptBy")]
    pub by: OverrideKind,
    /// The stream that is stated to pay; the first of the job's that may, if none is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "OverrideKind", rename_all = "kebab-case")]
enum KeptBy {
    Lock,
    Hold,
    #[serde(skip)]
    Forbid,
}

/// Why a certificate certifies nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PublicCertificateError {
    /// The file has another form.
    #[error("the certificate has format {found}; this program reads format {CERTIFICATE_FORMAT}")]
    Format {
        /// What the file says.
        found: u32,
    },
    /// Something refers to what is not listed.
    #[error("{of} names the {what} `{id}`, which is not listed")]
    Unknown {
        /// Who or what refers to it.
        of: String,
        /// What it should be.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// The ranks of an applicant's wishes do not rise.
    #[error("the ranks of the wishes of `{applicant}` do not rise from 1")]
    Ranks {
        /// Who.
        applicant: String,
    },
    /// There are more of a kind than a season can have.
    #[error("there are more {what} than a season can have")]
    TooMany {
        /// What.
        what: &'static str,
    },
    /// The parts do not fit together.
    #[error("the parts of the certificate do not fit together: {0}")]
    Season(#[from] SeasonError),
    /// The outcome does not follow.
    #[error("the certificate is refuted in {} points", .0.len())]
    Refuted(Vec<Refutation>),
}
