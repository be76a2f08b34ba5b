//! The command line of feriematch: parses, runs one command, and turns what it says into an exit code.

mod certificate_file;
mod changes;
mod cli;
mod commands;
mod diagnostics;
mod disclosed_readme;
mod exit_code;
mod kept;
mod key_file;
mod lottery_folder;
mod new_folder;
mod outcome_folder;
mod picture_file;
mod planned;
mod progress;
mod record;
mod removal;
mod round_season;
mod season;
mod style;
mod subject;
mod timings;
mod whole_file;
mod whole_folder;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, Command};
use crate::exit_code::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.write_global();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(cli: Cli) -> Result<(), Failure> {
    if let Some(threads) = cli.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global().map_err(anyhow::Error::from)?;
    }
    match cli.command {
        Command::Init(args) => commands::init::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Match(args) => commands::run_match::run(&args),
        Command::Rules(args) => commands::rules::run(&args),
        Command::Why(args) => commands::why::run(&args),
        Command::WhyNot(args) => commands::why_not::run(&args),
        Command::Verify(args) => commands::verify::run(&args),
        Command::Report(args) => commands::report::run(&args),
        Command::Compare(args) => commands::compare::run_command(&args),
        Command::Balance(args) => commands::balance::run(&args),
        Command::Synth(args) => commands::synth::run(&args),
        Command::Replay(args) => commands::replay::run(&args),
        Command::Price(args) => commands::price::run(&args),
        Command::Shortage(args) => commands::shortage::run_command(&args),
        Command::Chances(args) => commands::chances::run(&args),
        Command::Plan(command) => commands::plan::run(&command),
        Command::Ledger(command) => commands::ledger::run(&command),
        Command::Lottery(command) => commands::lottery::run(&command),
        Command::Publish(args) => commands::publish::run_command(&args),
        Command::Diff(args) => commands::diff::run(&args),
        Command::Lock(args) => commands::decisions::lock(&args),
        Command::Forbid(args) => commands::decisions::forbid(&args),
        Command::Release(args) => commands::decisions::release(&args),
        Command::Overrides(args) => commands::decisions::list(&args),
        Command::Cede(args) => commands::cede::run_command(&args),
        Command::Todo(args) => commands::todo::run(&args),
        Command::Answer(args) => commands::answer::run(&args),
        Command::Expire(args) => commands::expire::run(&args),
        Command::Sign(args) => commands::sign::run(&args),
        Command::Places(args) => commands::places::run(&args),
        Command::Status(args) => commands::status::run(&args),
        Command::Undo(args) => commands::undo::run(&args),
        Command::Letters(args) => commands::letters::run(&args),
        Command::Hours(args) => commands::hours::run(&args),
        Command::Cost(args) => commands::cost::run(&args),
        Command::Disclose(args) => commands::disclose::run(&args),
        Command::Retire(args) => commands::retire::run(&args),
        Command::Classes(args) => commands::classes::run(&args),
    }
}
