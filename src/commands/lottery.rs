//! `feriematch lottery`: a draw that anybody can check.

use std::fs;
use std::path::Path;

use feriematch_audit::{LotteryCheck, PublicLottery};
use feriematch_report::lottery::{Committed, LIST_FILE, NUMBERS_FILE, RULES_FILE};
use feriematch_rounds::Step;
use serde_json::json;

use crate::cli::Format;
use crate::cli::rounds::{LotteryCommand, LotteryCommitArgs, LotteryDrawArgs, LotteryVerifyArgs};
use crate::commands::counted;
use crate::exit_code::{Failure, print};
use crate::lottery_folder::{self, Pending};
use crate::record::{self, Act, Record};
use crate::season;
use crate::style::WARNING;

/// How many reasons are listed; of the rest only the number is told.
const LISTED: usize = 20;

pub(crate) fn run(command: &LotteryCommand) -> Result<(), Failure> {
    match command {
        LotteryCommand::Commit(args) => commit(args),
        LotteryCommand::Draw(args) => draw(args),
        LotteryCommand::Verify(args) => verify(args),
    }
}

fn commit(args: &LotteryCommitArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let dir = &args.season.dir;
    let mut record = Record::open_in(dir, &args.at)?;
    let season = season::load(&args.season)?.season;
    let committed = Committed::of(&season);
    let commitment = committed.commitment();
    let step = Step::Commit { commitment: commitment.clone() };
    // What cannot be recorded is not written either.
    record.state().clone().take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
    let pending = Pending::write(dir, &[(RULES_FILE, &committed.rules), (LIST_FILE, &committed.list)])?;
    record.take(&act, vec![step])?;
    pending.publish()?;
    print(&format!(
        "Committed to a list of {} and the rules:\n\n  {commitment}\n\nPublish this with {} and {} before the seed is known, and say where the seed \
         will come from.\n",
        counted(season.applicants().len(), "applicant"),
        lottery_folder::folder(dir).join(RULES_FILE).display(),
        lottery_folder::folder(dir).join(LIST_FILE).display(),
    ))
}

fn draw(args: &LotteryDrawArgs) -> Result<(), Failure> {
    let act = Act::new(&args.act)?;
    let dir = &args.season.dir;
    let mut record = Record::open_in(dir, &args.at)?;
    let step = Step::Draw { seed: args.seed.clone() };
    record.state().clone().take(act.day, step.clone()).map_err(|refusal| record::refused(&refusal))?;
    let mut text = format!("The lottery is drawn with the seed {:?}.\n", args.seed);
    let Some(commitment) = record.state().commitment().map(str::to_owned) else {
        record.take(&act, vec![step])?;
        return print(&text);
    };
    let committed = lottery_folder::read(dir, &commitment)?;
    let season = season::load(&args.season)?.season;
    let changes = lottery_folder::changes(&committed, &season)?;
    let numbers = committed.numbers(&args.seed).map_err(lottery_folder::malformed)?;
    let pending = Pending::write(dir, &[(NUMBERS_FILE, &numbers)])?;
    record.take(&act, vec![step])?;
    pending.publish()?;
    for change in lottery_folder::told(&changes).lines() {
        anstream::eprintln!("{WARNING}warning{WARNING:#}: {change}");
    }
    text.push_str(&format!(
        "The numbers of all on the list that was committed to are in {}.\n",
        lottery_folder::folder(dir).join(NUMBERS_FILE).display()
    ));
    print(&text)
}

fn verify(args: &LotteryVerifyArgs) -> Result<(), Failure> {
    let is_hash = args.commitment.len() == 64 && args.commitment.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !is_hash {
        return Err(Failure::Usage {
            message: format!("{:?} is no commitment", args.commitment),
            help: "it has 64 hexadecimal digits, as `lottery commit` printed them".to_owned(),
        });
    }
    let read = |file: &Path| fs::read(file).map_err(|e| Failure::system(format!("cannot read {}", file.display()), e));
    let (rules, list) = (read(&args.rules)?, read(&args.list)?);
    let ranking = args.numbers.as_deref().map(read).transpose()?;
    let lottery =
        PublicLottery { rules: &rules, list: &list, commitment: &args.commitment, seed: &args.seed, ranking: ranking.as_deref() };
    let check = lottery.check().map_err(|error| Failure::File {
        message: error.to_string(),
        help: "the files must be byte for byte as they were published; a spreadsheet that saves them changes them".to_owned(),
    })?;
    print(&match args.format {
        Format::Text => text(args, &check),
        Format::Json => {
            let reasons: Vec<_> = check.refutations.iter().map(ToString::to_string).collect();
            let report = json!({
                "holds": reasons.is_empty(),
                "commitment": lottery.commitment_of_files(),
                "listed": check.listed,
                "ranked": check.ranked,
                "refutations": reasons,
            });
            format!("{report:#}\n")
        }
    })?;
    if check.refutations.is_empty() { Ok(()) } else { Err(Failure::Refuted) }
}

/// Says what was checked, or what does not hold.
fn text(args: &LotteryVerifyArgs, check: &LotteryCheck) -> String {
    if !check.refutations.is_empty() {
        let mut text = "Refuted:\n".to_owned();
        for refutation in check.refutations.iter().take(LISTED) {
            text.push_str(&format!("  {refutation}\n"));
        }
        if check.refutations.len() > LISTED {
            text.push_str(&format!("  and {} more\n", check.refutations.len() - LISTED));
        }
        return text;
    }
    let listed = counted(check.listed as usize, "applicant");
    let mut text = format!("Verified:\n  the rules and the list of {listed} are those that were committed to\n");
    match (check.ranked, &args.numbers) {
        (Some(ranked), Some(file)) => text.push_str(&format!(
            "  the number and the place in the ranking of {} in {} follow from the list and the seed\n",
            counted(ranked as usize, "applicant"),
            file.display()
        )),
        _ => text.push_str("  no numbers were compared: name their file with --numbers\n"),
    }
    if let Some((id, number)) = &check.first {
        text.push_str(&format!("First in the ranking is {id} with the number {number}.\n"));
    }
    text
}
