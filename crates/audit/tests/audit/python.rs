//! The checker in Python says the same as the audit, of right certificates and of forged ones.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use feriematch_audit::{PublicCertificate, PublicCertificateError, Refutation};
use feriematch_model::{Outcome, Season};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::random::{any_change, any_method, any_season, servable};
use crate::reference::Reference;

/// Set where the comparison must not be left out for want of Python.
const REQUIRED: &str = "FERIEMATCH_REQUIRE_PYTHON";

/// Checks each file that is named on standard input, and prints the codes of what is refuted in a line each.
const DRIVER: &str = "
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from check_certificate import Certificate, Check, Refuted
for name in sys.stdin.read().splitlines():
    check = Check(Certificate(json.load(open(name, encoding='utf-8'))))
    try:
        check.run()
    except Refuted:
        pass
    print(*sorted({code for code, _ in check.found}))
";

/// Certificates that both are to check, with what the audit says.
#[derive(Default)]
pub(crate) struct Comparison {
    cases: Vec<(PublicCertificate, BTreeSet<String>)>,
}

impl Comparison {
    /// Adds a certificate.
    pub(crate) fn add(&mut self, certificate: PublicCertificate) {
        let codes = codes(&certificate);
        self.cases.push((certificate, codes));
    }

    /// Asserts that the checker in Python says the same of all.
    pub(crate) fn agrees(&self) {
        // Tests run at the same time, each with files of its own.
        static COMPARED: AtomicU32 = AtomicU32::new(0);
        let is_here = Command::new("python3").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        if !is_here.is_ok_and(|status| status.success()) {
            assert!(std::env::var_os(REQUIRED).is_none(), "python3 is not here, and {REQUIRED} is set");
            eprintln!("python3 is not here: its checker is not compared");
            return;
        }
        let name = format!("certificates-{}-{}", std::process::id(), COMPARED.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).unwrap();
        let mut names = String::new();
        for (at, (certificate, _)) in self.cases.iter().enumerate() {
            let path = folder.join(format!("{at}.json"));
            fs::write(&path, serde_json::to_vec(certificate).unwrap()).unwrap();
            names.push_str(&format!("{}\n", path.display()));
        }
        let list = folder.join("names");
        fs::write(&list, names).unwrap();
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
        let run = Command::new("python3").args(["-c", DRIVER]).arg(docs).stdin(fs::File::open(list).unwrap()).output().unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let said = String::from_utf8(run.stdout).unwrap();
        assert_eq!(said.lines().count(), self.cases.len());
        for (at, (line, (certificate, codes))) in said.lines().zip(&self.cases).enumerate() {
            let found: BTreeSet<String> = line.split_whitespace().map(str::to_owned).collect();
            let refuted = certificate.check();
            assert_eq!(found, *codes, "{} in {}: {refuted:#?}", at, folder.display());
        }
        fs::remove_dir_all(folder).unwrap();
    }
}

/// Returns the codes of what the audit refutes.
pub(crate) fn codes(certificate: &PublicCertificate) -> BTreeSet<String> {
    match certificate.check() {
        Ok(_) => BTreeSet::new(),
        Err(PublicCertificateError::Refuted(found)) => found.iter().map(Refutation::code).map(str::to_owned).collect(),
        Err(error) => panic!("{error}"),
    }
}

/// Returns the certificate of an outcome as it is read again.
pub(crate) fn certificate(season: &Season, outcome: &Outcome) -> PublicCertificate {
    let certificate = PublicCertificate::of(season, outcome);
    let again = serde_json::from_slice(&serde_json::to_vec(&certificate).unwrap()).unwrap();
    assert_eq!(certificate, again);
    again
}

/// Random seasons, decided by the definition, and forged.
#[test]
fn of_random_seasons() {
    let mut runner = TestRunner::deterministic();
    let strategy = (any_season(), any_method(), proptest::collection::vec(any_change(), 0..3));
    let mut comparison = Comparison::default();
    let mut right = 0;
    for _ in 0..1_000 {
        let (season, method, changes) = strategy.new_tree(&mut runner).unwrap().current();
        let reference = Reference::new(&season, "public seed");
        let mut outcome = reference.decide(servable(&season, method));
        for change in &changes {
            change.apply(&reference, &mut outcome);
        }
        let certificate = certificate(&season, &outcome);
        right += u32::from(certificate.check().is_ok());
        comparison.add(certificate);
    }
    assert!((300..800).contains(&right), "{right}");
    comparison.agrees();
}
