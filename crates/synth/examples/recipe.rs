//! Writes a season of a given size and says how long it took:
//! `cargo run --release -p feriematch-synth --example recipe -- DIR APPLICANTS JOBS PLACES`.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use feriematch_synth::Recipe;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [dir, applicants, jobs, places] = &arguments[..] else {
        return Err("usage: recipe DIR APPLICANTS JOBS PLACES".into());
    };
    let recipe = Recipe { applicants: applicants.parse()?, jobs: jobs.parse()?, places: places.parse()?, ..Recipe::default() };
    let start = Instant::now();
    recipe.write_to(Path::new(dir), &|_| ())?;
    println!("{applicants} applicants in {:.2} s", start.elapsed().as_secs_f64());
    Ok(())
}
