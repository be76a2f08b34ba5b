//! A private PostgreSQL server for the tests, from the programs that Debian's package installs. The tests of the command line use it too.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// The server that all tests of this run share, if the programs are there. It ends with the process.
pub(crate) static SERVER: LazyLock<Option<Server>> = LazyLock::new(|| {
    let Some(programs) = programs() else {
        eprintln!("SKIPPED: no PostgreSQL under /usr/lib/postgresql: ledgers are tested on SQLite only");
        return None;
    };
    Some(Server::start(&programs))
});

/// A running server.
pub(crate) struct Server {
    programs: PathBuf,
    folder: PathBuf,
    schemas: AtomicU32,
    _watchdog: Child,
}

impl Server {
    fn start(programs: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("ledger-postgres-").tempdir().unwrap().keep();
        // The server refuses to run as root.
        let user = (fs::metadata(&folder).unwrap().uid() == 0).then(unprivileged_user);
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let as_user = |command: &mut Command| {
            if let Some((user, group)) = user {
                command.uid(user).gid(group);
            }
        };
        let mut initdb = Command::new(programs.join("initdb"));
        initdb.args(["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync", "--pgdata"]);
        initdb.arg(folder.join("data")).current_dir(&folder);
        as_user(&mut initdb);
        let output = initdb.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

        // When this process ends, however it ends, the pipe closes, and the shell ends the server.
        let mut watchdog = Command::new("sh");
        watchdog.arg("-c").arg(
            r#""$0" -D "$1/data" -k "$1" -c listen_addresses= >"$1/log" 2>&1 & server=$!
               cat >/dev/null; kill -QUIT $server; wait $server; rm -rf "$1""#,
        );
        watchdog.arg(programs.join("postgres")).arg(&folder).current_dir(&folder).stdin(Stdio::piped());
        as_user(&mut watchdog);
        let server =
            Self { programs: programs.to_owned(), _watchdog: watchdog.spawn().unwrap(), folder, schemas: AtomicU32::new(0) };
        for _ in 0..600 {
            if server.executes("SELECT 1") {
                return server;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("{}", fs::read_to_string(server.folder.join("log")).unwrap_or_default());
    }

    /// Returns a connection string for a new schema.
    pub(crate) fn new_schema(&self) -> String {
        let schema = format!("season_{}", self.schemas.fetch_add(1, Ordering::Relaxed));
        assert!(self.executes(&format!("CREATE SCHEMA {schema}")), "{schema}");
        self.url(&schema)
    }

    fn executes(&self, sql: &str) -> bool {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--username=postgres", "--dbname=postgres", "--command", sql, "--host"]);
        psql.arg(&self.folder).output().unwrap().status.success()
    }

    fn url(&self, schema: &str) -> String {
        format!("postgres://postgres@localhost/postgres?host={}&options[search_path]={schema}", self.folder.display())
    }
}

/// Returns the folder with the newest version's programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(Result::ok);
    let folders = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").is_file());
    folders.max()
}

fn unprivileged_user() -> (u32, u32) {
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let ids = |name: &str| {
        let fields: Vec<&str> =
            users.lines().map(|line| line.split(':').collect()).find(|fields: &Vec<&str>| fields[0] == name)?;
        Some((fields[2].parse().ok()?, fields[3].parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody")).expect("a user who is not root")
}
