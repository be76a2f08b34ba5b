//! The templates that come with the program.

/// Lists the template files with their texts.
macro_rules! templates {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../templates/", $name)))),*]
    };
}

/// The template files, by name.
const TEMPLATES: &[(&str, &str)] = templates![
    "contract.en.html",
    "contract.en.txt",
    "contract.sv.html",
    "contract.sv.txt",
    "job.en.html",
    "job.en.txt",
    "job.sv.html",
    "job.sv.txt",
    "letterhead.html",
    "offer.en.html",
    "offer.en.txt",
    "offer.sv.html",
    "offer.sv.txt",
    "page.html",
    "reminder.en.html",
    "reminder.en.txt",
    "reminder.sv.html",
    "reminder.sv.txt",
];

/// Returns the templates that come with the program, as file name and text.
pub const fn shipped_templates() -> &'static [(&'static str, &'static str)] {
    TEMPLATES
}

/// Returns the file that says who sends the letters, to be filled in.
pub const fn shipped_sender() -> &'static str {
    include_str!("../templates/letters.toml")
}
