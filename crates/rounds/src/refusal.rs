//! Why a step cannot be taken.

use jiff::civil::Date;

use crate::Holding;

/// Why a step cannot be taken. Nothing has changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The season has not begun.
    #[error("the season has not been opened")]
    NotOpen,
    /// The state was restored from a snapshot, and a step is to be undone.
    #[error("step {step} cannot be undone in a state that does not know the steps before it")]
    Restored {
        /// The number of the step.
        step: u64,
    },
    /// The season has begun already.
    #[error("the season is open already")]
    OpenAlready,
    /// The step is dated before the one before it.
    #[error("it is dated {day}, and the step before it {last}: steps are taken in the order of their days")]
    Backwards {
        /// The day of the step.
        day: Date,
        /// The day of the step before.
        last: Date,
    },
    /// The lottery has been drawn.
    #[error("the lottery has been drawn with the seed {seed:?}: a lottery is drawn once")]
    Drawn {
        /// The seed.
        seed: String,
    },
    /// The lottery was committed to before.
    #[error("the list and the rules were committed to already, as {commitment}")]
    Committed {
        /// The commitment.
        commitment: String,
    },
    /// The lottery has not been drawn.
    #[error("the lottery has not been drawn: offers follow it")]
    NotDrawn,
    /// The round is not the next.
    #[error("it is called round {round}, and the next is round {next}")]
    Round {
        /// The round.
        round: u32,
        /// The next.
        next: u32,
    },
    /// There is nothing in it.
    #[error("it names nobody")]
    Nobody,
    /// The deadline is not after the day of the offers.
    #[error("the deadline {deadline} is not after {day}, the day of the offers")]
    Deadline {
        /// The deadline.
        deadline: Date,
        /// The day.
        day: Date,
    },
    /// Somebody is named twice.
    #[error("{applicant} is named twice")]
    Twice {
        /// Who.
        applicant: String,
    },
    /// There is no contract to work under.
    #[error("{applicant} has signed no contract for {job}")]
    NotSigned {
        /// Who.
        applicant: String,
        /// The job.
        job: String,
    },
    /// The same has been approved already.
    #[error("{minutes} minutes of {applicant} in {job} are approved already")]
    Approved {
        /// Who.
        applicant: String,
        /// The job.
        job: String,
        /// How long they worked.
        minutes: u32,
    },
    /// There is no such job.
    #[error("there is no job {job}")]
    UnknownJob {
        /// The job.
        job: String,
    },
    /// More people would have a place than there are.
    #[error("{job} has {places} places, and {holders} would hold one")]
    Full {
        /// The job.
        job: String,
        /// How many places it has.
        places: u32,
        /// How many would hold one.
        holders: u32,
    },
    /// Somebody who has a place is offered another.
    #[error("{applicant} has a place of {job} already")]
    HasPlace {
        /// Who.
        applicant: String,
        /// Of which job.
        job: String,
    },
    /// Somebody has left the season.
    #[error("{applicant} left the season on {day}: {how}")]
    Left {
        /// Who.
        applicant: String,
        /// When.
        day: Date,
        /// How.
        how: &'static str,
    },
    /// Nobody of this name has been offered anything.
    #[error("{applicant} has no offer")]
    NoOffer {
        /// Who.
        applicant: String,
    },
    /// The offer was answered before.
    #[error("{applicant} has answered already: the place of {job} is {holding}")]
    Answered {
        /// Who.
        applicant: String,
        /// Of which job.
        job: String,
        /// In what standing.
        holding: Holding,
    },
    /// The answer comes too late.
    #[error("the last day to answer was {deadline}; whoever may still have the place is offered it anew")]
    TooLate {
        /// The last day.
        deadline: Date,
    },
    /// The offer has not lapsed.
    #[error("{applicant} may answer until {deadline}")]
    TooEarly {
        /// Who.
        applicant: String,
        /// The last day.
        deadline: Date,
    },
    /// A place is signed for that was not accepted.
    #[error("{applicant} has not accepted the place of {job}: it is {holding}")]
    NotAccepted {
        /// Who.
        applicant: String,
        /// Of which job.
        job: String,
        /// In what standing.
        holding: Holding,
    },
    /// Somebody loses a place of a job where they have none.
    #[error("{applicant} has no place of {job} to lose")]
    NotThere {
        /// Who.
        applicant: String,
        /// Which job.
        job: String,
    },
    /// More lose their place than must.
    #[error("{job} keeps {places} places, and only {holders} people would be left in them")]
    TooMany {
        /// The job.
        job: String,
        /// How many places it keeps.
        places: u32,
        /// How many would hold one.
        holders: u32,
    },
    /// A job is said to have fewer places, or more, and has not.
    #[error("{job} has {now} places now, so {places} is no {change}")]
    NoChange {
        /// The job.
        job: String,
        /// How many it has.
        now: u32,
        /// How many it is said to have.
        places: u32,
        /// What it is said to be.
        change: &'static str,
    },
    /// Somebody is moved to the job where they are.
    #[error("{applicant} is in {job} already, so that is no move")]
    NoMove {
        /// Who.
        applicant: String,
        /// In which job.
        job: String,
    },
    /// Somebody who has signed is moved.
    #[error("{applicant} has signed for the place of {job}: whoever has signed is not moved")]
    SignedStays {
        /// Who.
        applicant: String,
        /// Of which job.
        job: String,
    },
    /// Somebody is said to have agreed to a place, and has not, or the place is not a better one.
    #[error("{applicant} has not agreed to be moved from {job} to {to}")]
    NotAgreed {
        /// Who.
        applicant: String,
        /// From which job.
        job: String,
        /// To which job.
        to: String,
    },
    /// More places are ceded than are free, or none.
    #[error("{job} has {free} free places, so {places} cannot be ceded")]
    NotFree {
        /// The job.
        job: String,
        /// How many are free.
        free: u32,
        /// How many are to be ceded.
        places: u32,
    },
    /// A pair, or an applicant with a lock, was decided on before.
    #[error("{by} {how} {applicant} and {job} already ({because}): release that first")]
    Decided {
        /// Who.
        applicant: String,
        /// Which job.
        job: String,
        /// How.
        how: &'static str,
        /// Who decided it.
        by: String,
        /// Why.
        because: String,
    },
    /// There is no such decision.
    #[error("nothing was decided by hand on {applicant} and {job} in the record")]
    NotDecided {
        /// Who.
        applicant: String,
        /// Which job.
        job: String,
    },
    /// The draw of the lottery is to be undone.
    #[error(
        "a lottery is drawn once: its draw is not undone; where the seed was typed wrongly, begin a new record and say so in it"
    )]
    DrawStands,
    /// There is nothing to undo.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// Another step than the newest is to be undone.
    #[error("step {step} is not the newest that stands: that is step {newest}, and is undone first")]
    NotNewest {
        /// The step.
        step: u64,
        /// The newest.
        newest: u64,
    },
}
