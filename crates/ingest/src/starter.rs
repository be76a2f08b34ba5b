//! A small season to start from.

/// Returns the files of a small, invented season, as name and content: what `feriematch init` writes.
///
/// They read without errors or warnings, and `season.toml` explains itself.
pub const fn starter_files() -> [(&'static str, &'static str); 4] {
    [
        ("season.toml", include_str!("../starter/season.toml")),
        ("applicants.csv", include_str!("../starter/applicants.csv")),
        ("jobs.csv", include_str!("../starter/jobs.csv")),
        ("overrides.csv", include_str!("../starter/overrides.csv")),
    ]
}
