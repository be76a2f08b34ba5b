//! What can be wrong with an outcome, said so precisely that a person can check it by hand.

mod code;

use feriematch_model::{BalanceProblem, Level, LotteryNumber, Mechanism, PlacementRule, Rule, StageReason};

use crate::subject::{PaidPlace, Priced, SeasonPart};
use crate::wording::{Blocked, Decided, Listed, Reason, Room, Rules};

/// One thing that is wrong with an outcome.
///
/// Applicants, jobs, streams, departments and districts are named by their ids.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refutation {
    /// The outcome has a form that this version does not know.
    #[error("the outcome has format {found}; this program reads format {expected}")]
    Format {
        /// What the outcome says.
        found: u32,
        /// What this program reads.
        expected: u32,
    },
    /// The outcome is of another season.
    #[error("the outcome is of the season `{found}`, not of `{expected}`")]
    SeasonName {
        /// What the outcome says.
        found: String,
        /// The season's name.
        expected: String,
    },
    /// The season's files have other content than when the outcome was made.
    #[error("the season's {part} are not what the outcome was made from")]
    SeasonChanged {
        /// Which part.
        part: SeasonPart,
    },
    /// The outcome's rank costs are no costs: the list is empty or falls.
    #[error("the rank costs are empty or fall")]
    RankCosts,
    /// The outcome names a rule of placement for what has none.
    #[error("there is no rule of placement with `{mechanism}`, nor where people are moved, and the outcome states `{placement}`")]
    PlacementRule {
        /// The mechanism.
        mechanism: Mechanism,
        /// What the outcome says.
        placement: PlacementRule,
    },
    /// The outcome names soft targets that cannot be served.
    #[error(
        "the soft balance targets that the outcome states cannot be served: {}",
        .problem.map_or("they are for rounds that move nobody".to_owned(), |problem| problem.to_string())
    )]
    Balance {
        /// What does not go together; nothing where it is that people may be moved.
        problem: Option<BalanceProblem>,
    },
    /// A decision is about somebody who has not applied.
    #[error("there is a decision on `{applicant}`, who has not applied")]
    UnknownApplicant {
        /// The id in the outcome.
        applicant: String,
    },
    /// There is no decision on an applicant.
    #[error("there is no decision on `{applicant}`")]
    MissingApplicant {
        /// The applicant.
        applicant: String,
    },
    /// There are several decisions on one applicant.
    #[error("there are several decisions on `{applicant}`")]
    RepeatedApplicant {
        /// The applicant.
        applicant: String,
    },
    /// The decisions are not sorted by applicant.
    #[error("the decision on `{applicant}` comes after that on `{after}`")]
    UnsortedDecisions {
        /// The applicant who comes too late.
        applicant: String,
        /// Whom the applicant should precede.
        after: String,
    },
    /// A place is given in a job that does not exist.
    #[error("`{applicant}` gets a place of the unknown job `{job}`")]
    UnknownJob {
        /// The applicant.
        applicant: String,
        /// The id in the outcome.
        job: String,
    },
    /// A place is paid by a stream that does not exist.
    #[error("the place of `{applicant}` is paid by the unknown stream `{stream}`")]
    UnknownStream {
        /// The applicant.
        applicant: String,
        /// The id in the outcome.
        stream: String,
    },
    /// The stages are not the season's streams in the order served.
    #[error("stage {stage} is {}, not {}", Listed(.found), Listed(.expected))]
    StageOrder {
        /// The stage's number, from 1.
        stage: usize,
        /// The stream that belongs there, if any.
        expected: Option<String>,
        /// The stream that the outcome has there, if any.
        found: Option<String>,
    },
    /// A stage carries evidence of another kind than the mechanism leaves.
    #[error("the evidence of the stage `{stream}` is not of the kind that {mechanism} leaves")]
    EvidenceKind {
        /// The stage's stream.
        stream: String,
        /// The mechanism.
        mechanism: Mechanism,
    },
    /// A lottery number does not follow from the seed.
    #[error("`{applicant}` has the lottery number {found}; the seed gives {expected}")]
    LotteryNumber {
        /// The applicant.
        applicant: String,
        /// What the seed gives.
        expected: LotteryNumber,
        /// What the outcome says.
        found: LotteryNumber,
    },
    /// A position is not the one that class, lottery number and id give.
    #[error("`{applicant}` is number {expected} in the ranking, not {found}")]
    Position {
        /// The applicant.
        applicant: String,
        /// The position in the ranking.
        expected: u32,
        /// What the outcome says.
        found: u32,
    },
    /// Somebody is placed in a job that a rule keeps them from.
    #[error("`{applicant}` may not take `{job}` ({rule})")]
    Ineligible {
        /// The applicant.
        applicant: String,
        /// The job.
        job: String,
        /// The first rule that stands in the way.
        rule: Rule,
    },
    /// Somebody is placed in a job that no wish names.
    #[error("`{applicant}` has not wished for `{job}`")]
    NotWished {
        /// The applicant.
        applicant: String,
        /// The job.
        job: String,
    },
    /// A stated rank is not the best at which the applicant wished for the job.
    #[error("`{applicant}` wished for `{job}` at rank {}, not {}", Listed(.expected), Listed(.found))]
    Rank {
        /// The applicant.
        applicant: String,
        /// The job.
        job: String,
        /// The best rank of a wish that names the job.
        expected: Option<u16>,
        /// What the outcome says.
        found: Option<u16>,
    },
    /// A place is paid by a stream that does not fund the job.
    #[error("the stream `{stream}` does not fund `{job}`, which `{applicant}` gets")]
    StreamNotOfJob {
        /// The applicant.
        applicant: String,
        /// The job.
        job: String,
        /// The stream that is said to pay.
        stream: String,
    },
    /// A place is paid by a stream whose conditions do not admit the applicant.
    #[error("the stream `{stream}` does not pay for `{applicant}` ({rule})")]
    StreamNotForApplicant {
        /// The applicant.
        applicant: String,
        /// The stream that is said to pay.
        stream: String,
        /// The first condition that the applicant fails.
        rule: Rule,
    },
    /// A job has more youths than places.
    #[error("`{job}` has {capacity} places and gets {placed}")]
    OverCapacity {
        /// The job.
        job: String,
        /// Its places.
        capacity: u32,
        /// How many it gets.
        placed: u32,
    },
    /// A department has more youths than its cap allows.
    #[error("the department `{department}` has a cap of {cap} and gets {placed}")]
    OverDepartmentCap {
        /// The department.
        department: String,
        /// Its cap.
        cap: u32,
        /// How many it gets.
        placed: u32,
    },
    /// A stream pays for more places than its cap allows.
    #[error("the stream `{stream}` has a cap of {cap} and pays for {placed}")]
    OverStreamCap {
        /// The stream.
        stream: String,
        /// Its cap.
        cap: u32,
        /// For how many it pays.
        placed: u32,
    },
    /// A home district pays for more youths than its cap allows.
    #[error("the home district `{district}` has a cap of {cap} and pays for {placed}")]
    OverHomeCap {
        /// The district.
        district: String,
        /// Its cap.
        cap: u32,
        /// For how many it pays.
        placed: u32,
    },
    /// A locked applicant does not have the locked place.
    #[error("`{applicant}` is locked to `{job}` and gets {} instead", Listed(.found))]
    LockIgnored {
        /// The applicant.
        applicant: String,
        /// The job of the lock.
        job: String,
        /// The job of the outcome, if any; the same where it is not said to be given by the lock.
        found: Option<String>,
    },
    /// A place is said to be given by a lock that does not exist.
    #[error("no lock gives `{applicant}` a place of `{job}`")]
    NoLock {
        /// The applicant.
        applicant: String,
        /// The job.
        job: String,
    },
    /// A locked place is paid by another stream than the lock states, or than the first that may where it states none.
    #[error("the locked place of `{applicant}` at `{job}` is paid by `{expected}`, not by `{found}`")]
    LockStream {
        /// The applicant.
        applicant: String,
        /// The job.
        job: String,
        /// The stream that the lock states, or the first of the job's whose conditions the applicant meets.
        expected: String,
        /// The stream of the outcome.
        found: String,
    },
    /// Somebody is called ineligible who could take a job wished for.
    #[error("`{applicant}` is not ineligible: `{job}` is wished for and open")]
    NotIneligible {
        /// The applicant.
        applicant: String,
        /// A job the applicant could take.
        job: String,
    },
    /// Somebody is called waiting who may not take any job wished for.
    #[error("`{applicant}` is ineligible, not waiting: no job wished for may be taken")]
    NothingAcceptable {
        /// The applicant.
        applicant: String,
    },
    /// The rules that kept an applicant from every job wished for are others.
    #[error("`{applicant}` is kept from the jobs wished for by {}, not by {}", Rules(.expected), Rules(.found))]
    IneligibleRules {
        /// The applicant.
        applicant: String,
        /// The rules that stand in the way.
        expected: Vec<Rule>,
        /// What the outcome says.
        found: Vec<Rule>,
    },
    /// A waiting applicant does not have one reason a stage.
    #[error("`{applicant}` is given {found} reasons for {expected} stages")]
    ReasonCount {
        /// The applicant.
        applicant: String,
        /// How many stages there are.
        expected: usize,
        /// How many reasons the outcome gives.
        found: usize,
    },
    /// The reason for no place in a stage is another.
    #[error("`{applicant}` got no place from `{stream}` because of {}, not of {}", Reason(*.expected), Reason(*.found))]
    Reason {
        /// The applicant.
        applicant: String,
        /// The stage's stream.
        stream: String,
        /// The reason that holds.
        expected: StageReason,
        /// What the outcome says.
        found: StageReason,
    },
    /// A job that is not in the stage is called closed.
    #[error("`{job}` is called closed in the stage `{stream}`, which does not fund it")]
    ClosedJobUnknown {
        /// The stage's stream.
        stream: String,
        /// The id in the evidence.
        job: String,
    },
    /// A job is said to be closed by somebody who was not refused for want of places in the stage.
    #[error(
        "`{job}` is said to be closed in the turn of `{applicant}`, whom the stage `{stream}` did not refuse for want of places"
    )]
    ClosedBy {
        /// The stage's stream.
        stream: String,
        /// The job.
        job: String,
        /// The id in the evidence.
        applicant: String,
    },
    /// The jobs closed by some turn are not filled by applicants who need them.
    #[error(
        "stage `{stream}`, turn of `{closer}`: {holders} selected applicants need the {jobs} closed jobs, which admit {admits}"
    )]
    ClosedNotFull {
        /// The stage's stream.
        stream: String,
        /// In whose turn.
        closer: String,
        /// How many jobs are closed by then.
        jobs: usize,
        /// How many selected applicants can take closed jobs only.
        holders: u64,
        /// How many the capacities and caps admit into the closed jobs.
        admits: u64,
    },
    /// Somebody is selected although every job they could take had been closed before.
    #[error("stage `{stream}` selects `{applicant}` although all acceptable jobs were closed by the turn of `{closer}`")]
    SelectedBehindClosed {
        /// The stage's stream.
        stream: String,
        /// The selected applicant.
        applicant: String,
        /// In whose turn, ahead, the last of the jobs was closed.
        closer: String,
    },
    /// The closed jobs do not show why somebody was not selected.
    #[error("stage `{stream}` does not show why `{applicant}` is not selected: `{job}` was not closed by then")]
    NotShown {
        /// The stage's stream.
        stream: String,
        /// The applicant who is not selected.
        applicant: String,
        /// An acceptable job that is open in the applicant's turn.
        job: String,
    },
    /// Somebody who is not selected could be added to those who are.
    #[error("`{applicant}` could be placed by `{stream}` together with everybody whom it selects")]
    NotMaximal {
        /// The stage's stream.
        stream: String,
        /// Who could be added.
        applicant: String,
    },
    /// Somebody is passed over for somebody who comes later in the ranking.
    #[error("`{applicant}` could be placed by `{stream}` in the stead of `{holder}`, who comes later in the ranking")]
    WrongOrder {
        /// The stage's stream.
        stream: String,
        /// Who is passed over.
        applicant: String,
        /// Who holds what would let the applicant in.
        holder: String,
    },
    /// A price is stated for something that is not in the stage.
    #[error("stage `{stream}` states a price for {item}, which is not in it")]
    PriceUnknown {
        /// The stage's stream.
        stream: String,
        /// What the price is for.
        item: Priced,
    },
    /// A price is negative.
    #[error("stage `{stream}`: the price {price} of {item} is negative")]
    NegativePrice {
        /// The stage's stream.
        stream: String,
        /// What the price is for.
        item: Priced,
        /// The price.
        price: i64,
    },
    /// Something that is not used up has a price (complementary slackness fails).
    #[error("stage `{stream}`: {item} has the price {price} although {} left", Room(*.room))]
    PriceWithRoom {
        /// The stage's stream.
        stream: String,
        /// What the price is for.
        item: Priced,
        /// The price.
        price: i64,
        /// How many places are left; `None` where there is no limit at all.
        room: Option<u64>,
    },
    /// Somebody's place costs more than another acceptable one would, prices included.
    #[error("stage `{stream}`: the place of `{applicant}` at `{job}` costs {pays} with its price; the least is {least}")]
    DearPlace {
        /// The stage's stream.
        stream: String,
        /// The applicant.
        applicant: String,
        /// The applicant's job.
        job: String,
        /// Rank cost plus price of the place.
        pays: i128,
        /// The least such sum over the applicant's acceptable jobs.
        least: i128,
    },
    /// The prices do not prove the placement cheapest.
    #[error("stage `{stream}`: the placement costs {primal}, the prices prove {dual}")]
    DualGap {
        /// The stage's stream.
        stream: String,
        /// The cost of the placement.
        primal: i128,
        /// The bound that the prices prove.
        dual: i128,
    },
    /// The stated cost is not the cost of the placement.
    #[error("stage `{stream}` states the cost {found}; the placement costs {expected}")]
    Cost {
        /// The stage's stream.
        stream: String,
        /// The cost of the placement.
        expected: i128,
        /// What the outcome says.
        found: i64,
    },
    /// A replay of the serial dictatorship gives an applicant another rank.
    #[error("stage `{stream}` gives `{applicant}` rank {}; a replay gives {}", Listed(.found), Listed(.expected))]
    ReplayedRank {
        /// The stage's stream.
        stream: String,
        /// The first applicant in the ranking for whom it differs.
        applicant: String,
        /// The rank that the replay gives, if any.
        expected: Option<u16>,
        /// The rank of the outcome, if any.
        found: Option<u16>,
    },
    /// A replay of the paper lottery gives an applicant another place.
    #[error("`{applicant}` gets {}; a replay gives {}", Listed(.found), Listed(.expected))]
    ReplayedPlace {
        /// The first applicant in the ranking for whom it differs.
        applicant: String,
        /// The place that the replay gives, if any.
        expected: Option<PaidPlace>,
        /// The place of the outcome, if any.
        found: Option<PaidPlace>,
    },
    /// A claim is not on a place that its holder could have.
    #[error("`{applicant}` is said to have had a place of `{job}`, which they could not have beside locks and other claims")]
    Claim {
        /// Who.
        applicant: String,
        /// The job.
        job: String,
    },
    /// Somebody had a place, and has none of the same stream.
    #[error("`{applicant}` had a place of `{job}`, and keeps none of the stream that paid for it")]
    ClaimLost {
        /// Who.
        applicant: String,
        /// The job.
        job: String,
    },
    /// Somebody is moved to a place that they did not rank higher, for their own sake.
    #[error("`{applicant}` is moved from `{job}` to `{to}`, which they did not rank higher")]
    MovedDown {
        /// Who.
        applicant: String,
        /// From which job.
        job: String,
        /// To which job.
        to: String,
    },
    /// Another mechanism than `priority` moves people to make room.
    #[error("people are moved to make room, which `{mechanism}` does not do")]
    MovesByOther {
        /// The mechanism.
        mechanism: Mechanism,
    },
    /// More people are moved than the run allows.
    #[error("{moves} people are moved; the run allows {most}")]
    TooManyMoves {
        /// How many are moved.
        moves: u32,
        /// How many may be.
        most: u32,
    },
    /// The stated number of moves is not that of the placement, or there is no evidence for it.
    #[error("stage `{stream}` moves {moves} people, and its evidence is {}", .stated.map_or("missing".to_owned(), |n| format!("for {n}")))]
    Moves {
        /// The stage's stream.
        stream: String,
        /// How many are moved.
        moves: u32,
        /// How many the evidence says.
        stated: Option<u32>,
    },
    /// Somebody would rather have a place, and there is room, or somebody has it who comes later there.
    #[error("stage `{stream}`: `{applicant}` would rather have a place of `{job}`, and {}", Blocked(.holder))]
    Blocking {
        /// The stage's stream.
        stream: String,
        /// Who.
        applicant: String,
        /// The job.
        job: String,
        /// Who comes later and has a place of the job, or of another under the same cap; nobody where there is room.
        holder: Option<String>,
    },
    /// Somebody could have a better rank without a worse one for those before, and everybody else keep a place.
    #[error(
        "stage `{stream}` gives `{applicant}` rank {found}, and rank {expected} would do: those before keep theirs, and all others a place"
    )]
    BetterRank {
        /// The stage's stream.
        stream: String,
        /// The first applicant, in order of turns, of whom that is so.
        applicant: String,
        /// The best rank that is possible.
        expected: u16,
        /// The rank of the outcome.
        found: u16,
    },
    /// Nothing shows that what a level decides is right, though there is a choice left.
    #[error("stage `{stream}` does not show {}: applicants have a choice left", Decided(*.level))]
    LevelMissing {
        /// The stage's stream.
        stream: String,
        /// What is not shown.
        level: Level,
    },
    /// The levels are not in the order of the objective, or do not belong to it.
    #[error("stage `{stream}` shows {} where that has no place", Decided(*.level))]
    LevelOrder {
        /// The stage's stream.
        stream: String,
        /// The level.
        level: Level,
    },
    /// The prices of a level prove nothing.
    #[error("{refutation}; these prices are to show {}", Decided(*.level))]
    AtLevel {
        /// The level.
        level: Level,
        /// What is wrong with them.
        refutation: Box<Self>,
    },
    /// Somebody stays without a place although one, with its price, costs less than that.
    #[error("stage `{stream}`: `{applicant}` stays without a place, which costs {pays}; the least, with prices, is {least}")]
    DearStay {
        /// The stage's stream.
        stream: String,
        /// The applicant.
        applicant: String,
        /// What staying out costs.
        pays: i128,
        /// The least sum over the applicant's acceptable jobs.
        least: i128,
    },
    /// There is more of one kind than is listed.
    #[error("{count} more of the kind `{code}`")]
    More {
        /// The code of the kind.
        code: &'static str,
        /// How many are not listed.
        count: u32,
    },
}
