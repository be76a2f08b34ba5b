//! A small file system of a test's own, which only root may mount.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A small file system in memory.
pub(crate) struct Disk(TempDir);

impl Disk {
    pub(crate) fn mount(options: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let disk = Self(folder);
        if disk.command(&["-t", "tmpfs", "-o", options, "tmpfs"]) {
            Some(disk)
        } else {
            eprintln!("SKIPPED: no file system can be mounted here: full and read-only disks are not tested");
            None
        }
    }

    pub(crate) fn remount(&self, options: &str) {
        assert!(self.command(&["-o", &format!("remount,{options}")]), "{options}");
    }

    fn command(&self, arguments: &[&str]) -> bool {
        let output = Command::new("mount").args(arguments).arg(self.0.path()).output();
        output.is_ok_and(|output| output.status.success())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Fails where it was never mounted.
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}
