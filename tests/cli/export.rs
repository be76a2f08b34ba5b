//! The lists for people: no cell that a spreadsheet runs, nothing about protected identities.

use crate::rows::Rows;
use crate::season_folder::SeasonFolder;

const LISTS: [&str; 4] = ["offers.csv", "waiting-list.csv", "jobs.csv", "not-eligible.csv"];

/// Returns every cell of a table but those of the header.
fn cells(table: &Rows) -> impl Iterator<Item = &str> {
    table.rows.iter().flatten().map(String::as_str)
}

#[test]
fn no_cell_of_any_list_begins_like_a_formula() {
    let season = SeasonFolder::starter();
    std::fs::remove_file(season.path("overrides.csv")).expect("the file is there");
    // One is placed, one waits and one may take nothing whose ids, names and jobs a spreadsheet would run.
    season.edit("season.toml", "budget = 60000\n\n", "cap = 2\n\n");
    season.edit("season.toml", "name = \"Trafikkontoret\"", "name = \"@Trafikkontoret\"");
    let jobs = season.read("jobs.csv");
    let jobs = jobs.replace("Parkskötsel i Vasaparken", "=HYPERLINK(\"\"x\"\")").replace("Badplatsvärd", "+46 70");
    let jobs = jobs.replace("=HYPERLINK(\"\"x\"\")", "\"=HYPERLINK(\"\"x\"\")\"").replace("J-03;", "-J-03;");
    season.write("jobs.csv", jobs);
    let mut applicants = "applicant_id;name;birth_date;home_district;class;wishes;qualifications\n".to_owned();
    for id in ["=A", "+B", "-C", "@D", "E"] {
        applicants += &format!("{id};{id} Efternamn;2009-02-11;norrmalm;P;J-01 > J-05;simkunnig\n");
    }
    applicants += "-F;@F;2009-02-11;norrmalm;P;-J-03;\n";
    season.write("applicants.csv", applicants);
    let season = season.matched(&[]);
    season.verifies();

    let mut neutralised = Vec::new();
    for list in LISTS {
        let table = season.table(&format!("outcome/{list}"));
        let runs = |cell: &&str| cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        assert_eq!(cells(&table).find(runs), None, "{list}");
        neutralised.extend(cells(&table).filter(|cell| cell.starts_with('\'')).map(str::to_owned));
    }
    for cell in
        ["'=A", "'+B", "'-C", "'@D", "'-F", "'=A Efternamn", "'=HYPERLINK(\"x\")", "'+46 70", "'@Trafikkontoret", "'-J-03"]
    {
        assert!(neutralised.iter().any(|found| found == cell), "{cell} is not in {neutralised:?}");
    }
    let report = Rows::parse(&season.run("report", ["--format", "csv"]).succeeds().stdout, b',');
    assert!(cells(&report).all(|cell| !cell.starts_with(['=', '+', '@'])));
}

#[test]
fn protected_identities_are_masked_in_every_list() {
    let season = SeasonFolder::stockholm();
    let mut applicants = season.table("applicants.csv");
    let at = |column: &str| applicants.header.iter().position(|name| name == column).expect(column);
    let (class, protected) = (at("class"), at("protected"));
    let rule_breaker = season.table("applicants.csv").rows.iter().position(|row| row[0] == "A-0623").expect("A-0623");
    applicants.header.push("name".to_owned());
    for (number, row) in applicants.rows.iter_mut().enumerate() {
        row.push(format!("Namn{number}"));
        if number % 5 == 0 || number == rule_breaker {
            row[protected] = "yes".to_owned();
        }
    }
    season.write("applicants.csv", applicants.to_csv(b';', csv::Terminator::CRLF));
    let season = season.matched(&[]);
    let name_of = |id: &str| applicants.find("applicant_id", id).get("name");
    let is_protected = |id: &str| applicants.find("applicant_id", id).get("protected") == "yes";
    let secret: std::collections::BTreeSet<&str> =
        applicants.rows.iter().filter(|row| row[protected] == "yes").map(|row| row[row.len() - 1].as_str()).collect();

    for list in LISTS {
        let table = season.table(&format!("outcome/{list}"));
        assert_eq!(cells(&table).find(|cell| secret.contains(cell)), None, "{list}");
    }
    for (list, columns) in [
        ("offers.csv", &["name", "birth_date", "gender", "home_district", "class", "wage_per_hour"][..]),
        ("waiting-list.csv", &["name", "home_district", "class"][..]),
    ] {
        let table = season.table(&format!("outcome/{list}"));
        let mut masked = 0;
        for row in table.iter() {
            let id = row.get("applicant_id");
            if is_protected(id) {
                masked += 1;
                assert!(columns.iter().all(|column| row.get(column) == "***"), "{list}: {id}");
            } else {
                assert!(columns.iter().all(|column| row.get(column) != "***"), "{list}: {id}");
                assert_eq!(row.get("name"), name_of(id));
                assert_eq!(row.get("class"), applicants.rows.iter().find(|row| row[0] == id).expect(id)[class]);
            }
        }
        assert!(masked > 20, "{list} has {masked} protected identities");
    }
    // The list for employers does not even have their pseudonyms, and still says that the place is taken.
    let places = season.table("outcome/jobs.csv");
    let offers = season.table("outcome/offers.csv");
    let protected_offers = offers.iter().filter(|row| is_protected(row.get("applicant_id"))).count();
    let masked = places.iter().filter(|row| row.get("applicant_id") == "***" && row.get("name") == "***").count();
    assert_eq!(masked, protected_offers);
    assert!(places.iter().all(|row| row.get("applicant_id") == "***" || !is_protected(row.get("applicant_id"))));
}
