//! `feriematch init`: a commented season to start from.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};

use feriematch_ingest::starter_files;

use crate::cli::InitArgs;
use crate::exit_code::{Failure, print};

pub(crate) fn run(args: &InitArgs) -> Result<(), Failure> {
    let cannot_write = |path: &std::path::Path, source| Failure::system(format!("cannot write {}", path.display()), source);
    fs::create_dir_all(&args.dir).map_err(|e| cannot_write(&args.dir, e))?;
    if let Some((name, _)) = starter_files().iter().find(|(name, _)| args.dir.join(name).exists()) {
        return Err(Failure::Usage {
            message: format!("{} holds {name} already", args.dir.display()),
            help: "name a new folder; nothing is overwritten".to_owned(),
        });
    }
    for (name, content) in starter_files() {
        let path = args.dir.join(name);
        let write =
            || -> io::Result<()> { OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(content.as_bytes()) };
        write().map_err(|e| cannot_write(&path, e))?;
    }
    let dir = args.dir.display();
    print(&format!(
        "Wrote a starter season to {dir}: season.toml, applicants.csv, jobs.csv, overrides.csv. All people in it are invented.\n\n\
         Next: change the files to your season, then\n  feriematch check {dir}\n  feriematch match {dir}\n"
    ))
}
