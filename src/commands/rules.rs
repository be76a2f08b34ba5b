//! `feriematch rules`: the rule packs, their editions, and which one a season goes by.

use std::path::Path;

use feriematch_ingest::{Diagnostic, RuleCatalog, RuleEdition, SeasonRules, Severity, read_rules};
use feriematch_report::{Table, Value};
use serde_json::{Value as Json, json};

use crate::cli::{RulesArgs, TableFormat};
use crate::commands::print_table;
use crate::diagnostics;
use crate::exit_code::{Failure, print};

pub(crate) fn run(args: &RulesArgs) -> Result<(), Failure> {
    let of_season = args.dir.as_deref().map(read_rules);
    let shipped = RuleCatalog::shipped();
    let catalog = of_season.as_ref().map_or(&shipped, |rules| &rules.catalog);
    let listing = Listing { catalog, of_season: of_season.as_ref() };
    match (args.format, &args.dir) {
        (TableFormat::Text, dir) => print(&listing.text(dir.as_deref()))?,
        (TableFormat::Csv, _) => print_table(&listing.table(), TableFormat::Csv)?,
        (TableFormat::Json, _) => print(&format!("{:#}\n", listing.json()))?,
    }
    let problems = of_season.map(|rules| rules.problems).unwrap_or_default();
    let failed = problems.iter().any(|problem| problem.severity() == Severity::Error);
    match (args.format, failed) {
        // They are among what was printed.
        (TableFormat::Json, true) => Err(Failure::InputShown),
        (TableFormat::Json, false) => Ok(()),
        (_, true) => Err(Failure::Input(problems)),
        (_, false) => {
            diagnostics::print_to_stderr(&problems);
            Ok(())
        }
    }
}

/// What there is to say of the editions.
struct Listing<'a> {
    catalog: &'a RuleCatalog,
    of_season: Option<&'a SeasonRules>,
}

impl Listing<'_> {
    /// Returns every edition, and what the season makes of it.
    fn editions(&self) -> impl Iterator<Item = (&RuleEdition, String)> {
        let replaced = self.catalog.replaced().iter().map(|edition| (edition, "the season has its own in its place".to_owned()));
        self.catalog.editions().iter().map(|edition| (edition, self.use_of(edition))).chain(replaced)
    }

    /// Says what a season makes of an edition; nothing where there is no season, or where it cannot be known.
    fn use_of(&self, edition: &RuleEdition) -> String {
        let Some(SeasonRules { edition: Some(used), working_days: Some((first, last)), .. }) = self.of_season else {
            return String::new();
        };
        if used == edition {
            format!("used: in force on the first working day, {first}, and on all others to {last}")
        } else if used.pack.id != edition.pack.id {
            format!("another family than `{}`, which season.toml names", used.pack.id)
        } else if edition.pack.valid_from > *first {
            format!("begins after the first working day, {first}")
        } else {
            format!("the one from {} is in force on the first working day, {first}", used.pack.valid_from)
        }
    }

    fn last_day(&self, edition: &RuleEdition) -> Option<String> {
        self.catalog.last_day(edition).map(|last| last.to_string())
    }

    fn is_used(&self, edition: &RuleEdition) -> bool {
        self.of_season.and_then(|rules| rules.edition.as_ref()) == Some(edition)
    }

    fn text(&self, dir: Option<&Path>) -> String {
        let mut lines = Vec::new();
        let mut family = "";
        for (edition, what) in self.editions() {
            if *edition.pack.id != *family {
                family = &edition.pack.id;
                lines.push(format!("{}{family}", if lines.is_empty() { "" } else { "\n" }));
            }
            let to = self.last_day(edition).map_or(String::new(), |last| format!(" to {last}"));
            lines.push(format!("  from {}{to}{}", edition.pack.valid_from, if self.is_used(edition) { "  (used)" } else { "" }));
            lines.push(format!("    source   {}", edition.pack.source));
            lines.extend(edition.url.iter().map(|url| format!("             {url}")));
            lines.push(format!("    file     {}, checked {}", located(edition), edition.checked));
            let source = edition.extract_source.as_ref().map_or(String::new(), |source| format!(" ({source})"));
            lines.push(format!("    extract  at most {} old{source}", edition.pack.extract_age));
            if let Some(rule) = &edition.cohorts {
                let ages: Vec<String> = rule.ages.iter().map(ToString::to_string).collect();
                let source = rule.source.as_ref().map_or(String::new(), |source| format!(" ({source})"));
                lines.push(format!("    cohorts  those who turn {} in the year{source}", ages.join(", ")));
            }
            if !what.is_empty() {
                lines.push(format!("    season   {what}"));
            }
        }
        if let (Some(dir), Some(rules)) = (dir, self.of_season) {
            lines.push(String::new());
            lines.push(verdict(dir, rules));
        }
        lines.join("\n") + "\n"
    }

    fn table(&self) -> Table {
        let text = |value: &str| if value.is_empty() { Value::Blank } else { Value::from(value) };
        let rows = self.editions().map(|(edition, what)| {
            vec![
                text(&edition.pack.id),
                text(&edition.pack.valid_from.to_string()),
                text(&self.last_day(edition).unwrap_or_default()),
                text(&edition.pack.source),
                text(edition.url.as_deref().unwrap_or_default()),
                text(&edition.checked.to_string()),
                text(&located(edition)),
                text(if self.is_used(edition) { "yes" } else { "no" }),
                text(&what),
            ]
        });
        Table {
            name: "rules",
            title: "Rule packs".to_owned(),
            columns: vec![
                ("family", "Family"),
                ("from", "From"),
                ("to", "To"),
                ("source", "Source"),
                ("url", "URL"),
                ("checked", "Checked"),
                ("file", "File"),
                ("used", "Used"),
                ("why", "Why"),
            ],
            rows: rows.collect(),
        }
    }

    fn json(&self) -> Json {
        let editions = self.editions().map(|(edition, what)| {
            json!({
                "family": edition.pack.id,
                "from": edition.pack.valid_from.to_string(),
                "to": self.last_day(edition),
                "source": edition.pack.source,
                "url": edition.url,
                "checked": edition.checked.to_string(),
                "file": edition.file,
                "shipped": edition.is_shipped,
                "extract_max_age": edition.pack.extract_age.to_string(),
                "extract_source": edition.extract_source,
                "cohort_ages": edition.cohorts.as_ref().map(|rule| &rule.ages),
                "cohort_source": edition.cohorts.as_ref().and_then(|rule| rule.source.as_ref()),
                "used": self.is_used(edition),
                "why": (!what.is_empty()).then_some(what),
            })
        });
        let problems: Option<&Vec<Diagnostic>> = self.of_season.map(|rules| &rules.problems);
        json!({
            "editions": editions.collect::<Vec<_>>(),
            "cohorts_from_rules": self.of_season.map(|rules| rules.decides_cohorts),
            "problems": problems,
        })
    }
}

/// Says where an edition is.
fn located(edition: &RuleEdition) -> String {
    if edition.is_shipped { format!("{} of the program", edition.file) } else { edition.file.to_string() }
}

/// Says which edition a season goes by.
fn verdict(dir: &Path, rules: &SeasonRules) -> String {
    let dir = dir.display();
    let (Some(edition), Some((first, last))) = (&rules.edition, rules.working_days) else {
        return format!("{dir} goes by none of them yet: see the problems.");
    };
    let cohorts = if rules.decides_cohorts { " It also decides who may apply, since season.toml has no `cohorts`." } else { "" };
    format!(
        "{dir} goes by `{}` from {}, which is in force on its first working day, {first}, and on all others to {last}.{cohorts}",
        edition.pack.id, edition.pack.valid_from
    )
}
