//! The process that becomes LibreOffice: it gives up what it can and then runs the program in its place.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::lockdown;

/// What a conversion is told, in the environment.
pub(crate) const CONVERSION_VARIABLE: &str = "BINDERY_WORKER_CONVERSION";

/// One conversion.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Conversion {
    pub(crate) soffice: PathBuf,
    /// The only folder that it may write to.
    pub(crate) folder: PathBuf,
    /// The file in the folder.
    pub(crate) name: String,
    pub(crate) memory_bytes: u64,
    pub(crate) cpu_secs: u64,
    pub(crate) file_bytes: u64,
}

/// Becomes LibreOffice. Comes back only with a failure.
pub(super) fn become_office(conversion: &Conversion) -> io::Error {
    if let Err(error) = lockdown::confine_office(conversion) {
        return error;
    }
    let folder = conversion.folder.as_path();
    Command::new(program(&conversion.soffice))
        .args(["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"])
        .arg(format!("-env:UserInstallation=file://{}", folder.join("profile").display()))
        // The socket by which it finds itself running already would be in /tmp.
        .arg(format!("-env:OSL_SOCKET_PATH={}", folder.display()))
        .args(["--convert-to", "pdf", "--outdir"])
        .arg(folder)
        .arg(folder.join(&conversion.name))
        .env_clear()
        .env("HOME", folder)
        .env("TMPDIR", folder)
        .env("PATH", "/usr/bin:/bin")
        .env("LANG", "C.UTF-8")
        .env("SAL_USE_VCLPLUGIN", "svp")
        .current_dir(folder)
        .exec()
}

/// `soffice` is a script around a starter around the program; the starter wants a socket in `/tmp`.
fn program(soffice: &Path) -> PathBuf {
    let beside = soffice.canonicalize().map(|script| script.with_file_name("soffice.bin"));
    beside.ok().filter(|program| program.exists()).unwrap_or_else(|| soffice.to_owned())
}

/// What LibreOffice reads beside its folder: programs, libraries, fonts, and the devices that every program has.
pub(super) fn readable(soffice: &Path) -> Vec<PathBuf> {
    let mut readable: Vec<PathBuf> = [
        "/usr",
        "/bin",
        "/lib",
        "/lib64",
        "/opt",
        "/etc",
        "/dev",
        "/proc",
        "/sys/devices/system/cpu",
        "/var/cache/fontconfig",
    ]
    .into_iter()
    .map(PathBuf::from)
    .collect();
    // Installed elsewhere, the program needs its own folder.
    readable.extend(soffice.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned)));
    readable
}
