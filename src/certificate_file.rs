//! The file of a certificate.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use feriematch_audit::{Certificate, PublicCertificate, PublicCertificateError, Refutation};
use feriematch_model::Season;

use crate::exit_code::Failure;
use crate::whole_folder::{cannot_write, sync_folder_of};

/// Refuses a file that is there already.
pub(crate) fn refuse_existing(file: &Path) -> Result<(), Failure> {
    if !file.exists() {
        return Ok(());
    }
    Err(Failure::Usage {
        message: format!("{} is there already", file.display()),
        help: "name a new file with --certificate; nothing is overwritten".to_owned(),
    })
}

/// Refuses a season with protected identities, of whom a certificate tells more than any other file.
pub(crate) fn refuse_protected(season: &Season) -> Result<(), Failure> {
    let protected = season.applicants().iter().filter(|applicant| applicant.protected).count();
    if protected == 0 {
        return Ok(());
    }
    let who = if protected == 1 {
        "1 applicant has a protected identity".to_owned()
    } else {
        format!("{protected} applicants have protected identities")
    };
    Err(Failure::Usage {
        message: format!("{who}, and a certificate tells class, home district and wishes under the id"),
        help: "add --show-protected if it goes to nobody who may not know that; docs/certificate.md says what to consider"
            .to_owned(),
    })
}

/// Writes a certificate, whole or not at all. When it has its name, it is on disk.
pub(crate) fn write(file: &Path, certificate: &PublicCertificate) -> Result<(), Failure> {
    refuse_existing(file)?;
    let name = file.file_name().ok_or_else(|| Failure::Usage {
        message: format!("cannot write to {}", file.display()),
        help: "name a file with --certificate".to_owned(),
    })?;
    let partial = file.with_file_name(format!(".{}.partial", name.to_string_lossy()));
    let write = || -> io::Result<()> {
        let mut to = BufWriter::new(File::create(&partial)?);
        serde_json::to_writer(&mut to, certificate)?;
        to.write_all(b"\n")?;
        to.into_inner()?.sync_all()?;
        fs::rename(&partial, file)?;
        sync_folder_of(file)
    };
    write().map_err(|error| {
        // What cannot be removed either stays under a name that nobody takes for a certificate.
        let _ = fs::remove_file(&partial);
        cannot_write(file, error)
    })
}

/// Reads a certificate.
pub(crate) fn read(file: &Path) -> Result<PublicCertificate, Failure> {
    let bytes = fs::read(file).map_err(|error| Failure::system(format!("cannot read {}", file.display()), error))?;
    serde_json::from_slice(&bytes).map_err(|error| no_certificate(file, &error.to_string()))
}

/// Checks a certificate; returns what is refuted, if anything is.
pub(crate) fn check(file: &Path, stated: &PublicCertificate) -> Result<Result<Certificate, Vec<Refutation>>, Failure> {
    match stated.check() {
        Ok(certificate) => Ok(Ok(certificate)),
        Err(PublicCertificateError::Refuted(refutations)) => Ok(Err(refutations)),
        Err(error) => Err(no_certificate(file, &error.to_string())),
    }
}

fn no_certificate(file: &Path, reason: &str) -> Failure {
    Failure::File {
        message: format!("{} is not a certificate: {reason}", file.display()),
        help: "it must be a file as `feriematch verify DIR --certificate FILE` writes it; for a season, name its folder"
            .to_owned(),
    }
}
