//! Checks an outcome against the season's files without any code of the engine.
mod acceptable;
mod audit;
mod augment;
mod certificate;
mod decisions;
mod eligibility;
mod findings;
mod lottery;
mod prices;
mod refutation;
mod replay;
mod selection;
mod stage;

pub use audit::audit;
pub use certificate::{Certificate, StageCertificate};
pub use refutation::{PaidPlace, Priced, Refutation, SeasonPart};
