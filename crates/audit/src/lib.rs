//! Checks an outcome against its season without any code of the engine.
//!
//! [`audit()`] takes a [`Season`](feriematch_model::Season) and an [`Outcome`](feriematch_model::Outcome) from anywhere and
//! either refutes the outcome, with every reason as a [`Refutation`] that a person can check by hand, or gives a
//! [`Certificate`] of what was found right. It follows `docs/mechanisms.md` on its own: eligibility, lottery, caps and
//! proofs are written a second time here, so that a mistake would have to be made twice to go unseen. [`maxima()`] adds how
//! many could have been placed at all.
//!
//! # Why a forged outcome cannot pass
//!
//! Everything that the definition fixes is computed anew and compared; for what it does not fix, a placement among equally
//! good ones, the audit shows that the outcome's is one of them.
//!
//! 1. *What is judged.* The fingerprint is computed from the season, so that the outcome is about these very files. There is one
//!    decision an applicant and one stage a stream, in order.
//! 2. *The ranking* is drawn anew from the stated seed. Stated numbers and positions are compared with it, and nothing else uses
//!    them. The seed itself no audit can vouch for: [`Certificate::seed_is_of_season`] says whether `season.toml` names it, and
//!    [`Certificate::mechanism_is_of_season`] the same of the mechanism and the rank costs.
//! 3. *Every place may be given*: the pair is eligible and wished for, the stream funds the job and admits the applicant, locks
//!    stand as they are. All places together keep within capacities, department, stream and home caps. Since places are only
//!    ever added, they kept within them at every turn.
//! 4. *Who*, by induction over the stages. What earlier stages leave to a stage follows from their decisions, checked before.
//!    - `priority`: nobody who is selected would have been refused in their turn, since the places themselves show that all of
//!      them, and so those ahead, can be placed at once within every cap. For everyone else, one of three things is shown: no
//!      acceptable job in the stage; the home district's cap used up by those ahead, who are counted in the order of turns, locks
//!      and earlier stages included; or a set of closed jobs that holds all of theirs and that selected applicants ahead, who
//!      have nowhere else to go, fill as far as capacities and caps admit. The module `selection` has the argument in full. Where places are
//!      reserved, the order of turns is made anew by selecting twice.
//!    - `serial-dictatorship`, `deferred-acceptance`, `top-trading-cycles` and `paper-lottery` are replayed, and whoever differs first is
//!      named; of deferred acceptance it is shown besides that nobody and no place block it.
//!    - `rank-maximal`: who is placed follows from where.
//! 5. *Where*: prices prove that no placement of the same applicants costs less (module `prices`), or has a better profile of ranks
//!    (module `profile`, which for `rank-maximal` compares with placements of anybody); a search for everybody who is not at a best wish shows
//!    that a placement in ranking order could not be better for them (module `ranking_order`).
//! 6. *Why not*: the reason of everybody without a place is the first that applies of `no-eligible-job`, `home-cap` and
//!    `full`; the rules named to the ineligible are those met by the jobs they wished for.
//!
//! [`PublicCertificate`] is for whoever has no season: it lists what the outcome follows from, and is checked by this same audit.
//! [`PublicLottery`] is for whoever has no season, and only what was published of the lottery.
//!
//! # Cost
//!
//! A season of 200 000 applicants with ten wishes each is audited in one or two seconds, and within 250 MB together with the
//! season itself.

mod acceptable;
mod audit;
mod augment;
mod certificate;
mod claims;
mod decisions;
mod deferred_acceptance;
mod eligibility;
mod face;
mod findings;
mod flow;
mod job_priorities;
mod lottery;
mod maxima;
mod menus;
mod price_list;
mod prices;
mod profile;
mod public_certificate;
mod public_lottery;
mod ranking_order;
mod refutation;
mod replay;
mod reserves;
mod selection;
mod stability;
mod stage;
mod stage_check;
mod subject;
mod trading;
mod wording;
mod workplaces;

pub use audit::audit;
pub use certificate::{Certificate, StageCertificate};
pub use maxima::{Maxima, StageMaximum, maxima};
pub use public_certificate::{
    CERTIFICATE_FORMAT, Capped, EmployerId, KeptPlace, ListedApplicant, ListedJob, ListedStream, ListedWish, PublicCertificate,
    PublicCertificateError,
};
pub use public_lottery::{LotteryCheck, LotteryFile, LotteryFormError, LotteryRefutation, PublicLottery};
pub use refutation::Refutation;
pub use subject::{PaidPlace, Priced, SeasonPart};
