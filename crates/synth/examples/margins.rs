//! Writes the season that a margins file describes: `cargo run -p feriematch-synth --example margins -- FILE DIR`.

use std::error::Error;
use std::path::Path;

use feriematch_synth::Margins;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(file), Some(dir), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err("usage: margins FILE DIR".into());
    };
    let margins = Margins::from_toml(&std::fs::read_to_string(&file)?).map_err(|error| format!("{file}: {error}"))?;
    margins.write_to(Path::new(&dir), &|_| ())?;
    println!("{} applicants in {dir}", margins.applicants());
    Ok(())
}
