//! README.md is a test: its commands run, and print what it shows.
//!
//! The commands of a fenced block `console` are the lines that begin with `$ `, those of a block `sh` all lines; those that run
//! feriematch are run, in order, in one folder that holds data/. Lines after a command are its whole standard output, in which
//! a line `...` stands for any number of lines; a command without such lines may print anything.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{CHECKOUT, PROGRAM, Run};
use crate::season_folder::copy_folder;

/// How README.md calls the program from a checkout.
const FROM_CHECKOUT: &str = "cargo run --release -- ";

/// A command and the lines that are shown after it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Example {
    line: usize,
    command: String,
    output: Vec<String>,
}

/// Finds the commands that run feriematch.
fn examples(markdown: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut ours = false;
    for (number, line) in (1..).zip(markdown.lines()) {
        if let Some(info) = line.strip_prefix("```") {
            fence = if fence.is_some() { None } else { Some(info.trim()) };
            ours = false;
            continue;
        }
        let command = match fence {
            Some("console") => line.strip_prefix("$ "),
            Some("sh") => Some(line.strip_prefix("$ ").unwrap_or(line)),
            _ => continue,
        };
        if let Some(command) = command {
            let command = command.strip_prefix(FROM_CHECKOUT).map_or(command.to_owned(), |args| format!("feriematch {args}"));
            ours = command.starts_with("feriematch ");
            if ours {
                found.push(Example { line: number, command, output: Vec::new() });
            }
        } else if ours && let Some(example) = found.last_mut() {
            example.output.push(line.to_owned());
        }
    }
    found
}

/// Returns whether lines are as shown, where `...` stands for any number of lines.
fn fits(shown: &[String], printed: &[&str]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line == "..." => (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..])),
        Some((line, rest)) => printed.split_first().is_some_and(|(first, others)| first == line && fits(rest, others)),
    }
}

#[test]
fn what_the_readme_shows_is_what_happens() {
    let readme = fs::read_to_string(Path::new(CHECKOUT).join("README.md")).expect("README.md is in the checkout");
    let examples = examples(&readme);
    assert!(
        examples.iter().any(|example| !example.output.is_empty()),
        "README.md has no block `console` with a line `$ feriematch ...` and what it prints"
    );
    let temp = tempfile::tempdir().expect("a temporary folder");
    for folder in ["data/stockholm-2015", "data/indicators", "data/workload"] {
        copy_folder(&Path::new(CHECKOUT).join(folder), &temp.path().join(folder));
    }
    let programs = Path::new(PROGRAM).parent().expect("the program is in a folder").to_owned();
    let path = env::join_paths([programs].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap_or_default())))
        .expect("folders for programs");
    for Example { line, command, output } in examples {
        let ran = Command::new("sh").args(["-c", &command]).current_dir(temp.path()).env("PATH", &path).output();
        let run = Run::of(ran.expect("a shell"));
        assert_eq!(run.code, Some(0), "README.md:{line}: {command}\n{}{}", run.stdout, run.stderr);
        let printed: Vec<&str> = run.stdout.lines().collect();
        assert!(
            output.is_empty() || fits(&output, &printed),
            "README.md:{line}: {command}\nshows:\n{}\nand it prints:\n{}",
            output.join("\n"),
            run.stdout
        );
    }
}

#[test]
fn commands_and_outputs_are_found() {
    let markdown = "```sh\ncargo run --release -- match x\ncargo test\n```\nferiematch is text\n```console\n$ feriematch a --b \"c d\"\nout\n\n...\n$ ls\nfiles\n```\n";
    let example = |line, command: &str, output: &[&str]| Example {
        line,
        command: command.to_owned(),
        output: output.iter().map(|&line| line.to_owned()).collect(),
    };
    let expected = [example(2, "feriematch match x", &[]), example(7, "feriematch a --b \"c d\"", &["out", "", "..."])];
    assert_eq!(examples(markdown), expected);
}

#[test]
fn dots_stand_for_any_number_of_lines() {
    let shows = |shown: &str, printed: &str| {
        let shown: Vec<String> = shown.lines().map(str::to_owned).collect();
        fits(&shown, &printed.lines().collect::<Vec<_>>())
    };
    assert!(shows("a\n...\nd", "a\nb\nc\nd"));
    assert!(shows("a\n...", "a"));
    assert!(shows("...\nb\n...", "a\nb\nb"));
    assert!(!shows("a\n...\nd", "a\nb\nc"));
    assert!(!shows("a", "a\nb"));
    assert!(!shows("a \n", "a"));
}
