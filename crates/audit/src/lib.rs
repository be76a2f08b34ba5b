//! Checks an outcome against the season's files without any code of the engine.
mod acceptable;
mod audit;
mod augment;
mod certificate;
mod decisions;
mod eligibility;
mod findings;
mod flow;
mod lottery;
mod maxima;
mod prices;
mod refutation;
mod replay;
mod selection;
mod stage;

pub use audit::audit;
pub use certificate::{Certificate, StageCertificate};
pub use maxima::{Maxima, StageMaximum, maxima};
pub use refutation::{PaidPlace, Priced, Refutation, SeasonPart};
