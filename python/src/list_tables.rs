//! The lists of an outcome as tables: the same rows and the same masks as the files, with typed columns.

use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use feriematch_core::Preparation;
use feriematch_model::{Decision, Rule, StageReason, Verdict};
use feriematch_report::export::NO_JOB_WISHED_FOR;
use feriematch_report::lists::{self, JobPlace, Offer, Refused, Rows, Shown, Wait};

use crate::columns::Columns;

/// Returns offers.csv as a table.
pub(crate) fn offers(rows: &Rows<'_>) -> Result<RecordBatch, ArrowError> {
    let (season, offers) = (rows.season(), rows.offers().collect::<Vec<Offer<'_>>>());
    let job = |offer: &Offer<'_>| season.job(offer.job);
    let period = |offer: &Offer<'_>| season.period_of(season.job(offer.job));
    Columns::of(&offers)
        .count("ranking_position", |o| Some(o.person.ranking_position))
        .text("applicant_id", |o| Some(o.person.id))
        .text("name", |o| o.person.name.value().flatten())
        .day("birth_date", |o| o.birth_date.value())
        .text("gender", |o| o.gender.value().flatten())
        .text("home_district", |o| o.person.home_district.value())
        .text("class", |o| o.person.class.value())
        .text("lottery_number", |o| Some(o.person.lottery_number.to_string()))
        .text("job_id", |o| Some(&*job(o).id))
        .text("title", |o| Some(&*job(o).title))
        .text("employer", |o| Some(season.employer_name(job(o).employer)))
        .text("period", |o| Some(&*period(o).name))
        .day("first_day", |o| Some(period(o).first_day))
        .day("last_day", |o| Some(period(o).last_day))
        .hundredths("hours", |o| lists::hours(job(o)).map(i128::from))?
        .hundredths("wage_per_hour", |o| o.wage_per_hour.value().flatten().map(|wage| wage.ore().into()))?
        .rank("wish", |o| o.wish.value().flatten())
        .text("given_by", |o| Some(lists::given_by(o.given_by)))
        .text("funding", |o| o.funding.value())
        .flag("masked", |o| o.birth_date == Shown::Masked)
        .table()
}

/// Returns waiting-list.csv as a table.
pub(crate) fn waiting_list(rows: &Rows<'_>) -> Result<RecordBatch, ArrowError> {
    let waiting: Vec<Wait<'_>> = rows.waiting_list().collect();
    let mut columns = Columns::of(&waiting)
        .count("place", |w| Some(w.place))
        .text("applicant_id", |w| Some(w.person.id))
        .text("name", |w| w.person.name.value().flatten())
        .text("home_district", |w| w.person.home_district.value())
        .text("class", |w| w.person.class.value())
        .text("lottery_number", |w| Some(w.person.lottery_number.to_string()))
        .count("ranking_position", |w| Some(w.person.ranking_position));
    for (stage, stream) in rows.season().settings().streams.iter().enumerate() {
        let reason = |w: &Wait<'_>| (!w.is_masked).then(|| lists::stage_reason(w.reasons[stage]));
        columns = columns.text(&format!("reason_{}", stream.id), reason);
    }
    columns.flag("masked", |w| w.is_masked).table()
}

/// Returns jobs.csv as a table.
pub(crate) fn jobs(rows: &Rows<'_>) -> Result<RecordBatch, ArrowError> {
    let (season, places) = (rows.season(), rows.places().collect::<Vec<JobPlace<'_>>>());
    let job = |place: &JobPlace<'_>| season.job(place.job);
    let period = |place: &JobPlace<'_>| season.period_of(season.job(place.job));
    Columns::of(&places)
        .text("job_id", |p| Some(&*job(p).id))
        .text("title", |p| Some(&*job(p).title))
        .text("employer", |p| Some(season.employer_name(job(p).employer)))
        .text("area", |p| Some(&*season.settings().areas[job(p).area.get()].name))
        .text("period", |p| Some(&*period(p).name))
        .day("first_day", |p| Some(period(p).first_day))
        .day("last_day", |p| Some(period(p).last_day))
        .count("place", |p| Some(p.place))
        .count("of", |p| Some(p.of))
        .text("applicant_id", |p| holder(p).map(|(id, _)| id))
        .text("name", |p| holder(p).and_then(|(_, name)| name))
        .flag("masked", |p| p.holder == Some(Shown::Masked))
        .table()
}

/// Returns not-eligible.csv as a table.
pub(crate) fn not_eligible(rows: &Rows<'_>, preparation: &Preparation<'_>) -> Result<RecordBatch, ArrowError> {
    let refused: Vec<Refused<'_>> = rows.refused(preparation).collect();
    Columns::of(&refused)
        .text("applicant_id", |r| Some(r.applicant))
        .rank("wish", |r| r.wish.value().flatten().map(|refusal| refusal.rank))
        .text("job_id", |r| r.wish.value().flatten().map(|refusal| refusal.job))
        .text("rule", |r| match r.wish {
            Shown::Masked => None,
            Shown::Value(None) => Some(NO_JOB_WISHED_FOR),
            Shown::Value(Some(refusal)) => refusal.rule.map(Rule::code),
        })
        .flag("masked", |r| r.wish == Shown::Masked)
        .table()
}

/// Returns what was decided on each applicant, by id. What follows from a protected applicant's own data is masked as in the lists.
pub(crate) fn decisions(rows: &Rows<'_>) -> Result<RecordBatch, ArrowError> {
    let season = rows.season();
    let settings = season.settings();
    let decided: Vec<_> = season.applicants().iter().zip(&rows.outcome().decisions).collect();
    let placed = |decision: &Decision| match &decision.verdict {
        Verdict::Placed(placed) => Some(placed.clone()),
        _ => None,
    };
    let funding = |applicant, decision: &Decision| {
        let stream = settings.find_stream(&placed(decision)?.stream)?;
        lists::funding(applicant, &settings.streams[stream.get()]).value().map(str::to_owned)
    };
    Columns::of(&decided)
        .text("applicant_id", |(_, d)| Some(&*d.applicant))
        .text("lottery_number", |(_, d)| Some(d.lottery.to_string()))
        .count("ranking_position", |(_, d)| Some(d.position))
        .text("verdict", |(_, d)| {
            Some(match d.verdict {
                Verdict::Placed(_) => "placed",
                Verdict::Waiting { .. } => "waiting",
                Verdict::Ineligible { .. } => "ineligible",
            })
        })
        .text("job_id", |(_, d)| placed(d).map(|placed| placed.job))
        .rank("wish", |(a, d)| placed(d).filter(|_| !a.protected).and_then(|placed| placed.rank))
        .text("given_by", |(_, d)| placed(d).map(|placed| lists::given_by(placed.by)))
        .text("funding", |(a, d)| funding(a, d))
        .texts("reasons", |(a, d)| match &d.verdict {
            Verdict::Waiting { reasons } if !a.protected => {
                Some(reasons.iter().copied().map(lists::stage_reason as fn(StageReason) -> &'static str))
            }
            _ => None,
        })
        .texts("rules", |(a, d)| match &d.verdict {
            Verdict::Ineligible { rules } if !a.protected => {
                Some(rules.iter().copied().map(Rule::code as fn(Rule) -> &'static str))
            }
            _ => None,
        })
        .flag("masked", |(a, _)| a.protected)
        .table()
}

/// Returns who has a place, as employers are told.
fn holder<'o>(place: &JobPlace<'o>) -> Option<(&'o str, Option<&'o str>)> {
    place.holder.and_then(Shown::value)
}
