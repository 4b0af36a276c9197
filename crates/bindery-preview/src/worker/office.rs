//! LibreOffice, where it is installed and wanted: Office files become PDF, and PDF becomes a preview as always.
//!
//! It reads hostile files with a great deal of code and cannot do without a file system. So it gets a folder of its own
//! that lives as long as one conversion, sees of the rest only programs and fonts, has no network, and is ended with
//! all that it started when time runs out. `child/office.rs` is the other half.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::{WorkerError, complaint};
use crate::Kind;
use crate::child::{CONVERSION_VARIABLE, Conversion, NOT_BEGUN};

/// The exit code by which LibreOffice asks to be started again.
const AGAIN: i32 = 81;

/// How Office files are turned into PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// The program, usually `/usr/bin/soffice`.
    pub soffice: PathBuf,
    /// Where the folders of conversions are made.
    pub folder: PathBuf,
    /// Address space of each of its processes.
    pub memory_bytes: u64,
    /// Processor time of each of its processes; whole seconds count.
    pub cpu: Duration,
    /// Time on the clock.
    pub wall: Duration,
    /// The longest file that it may write.
    pub file_bytes: u64,
}

impl Office {
    /// The program with limits that fit reports and drawing lists: 4 GiB of address space (LibreOffice maps much that it
    /// never touches), 60 s of processor time, 256 MiB of a file.
    #[must_use]
    pub fn new(soffice: PathBuf) -> Self {
        Self {
            soffice,
            folder: std::env::temp_dir(),
            memory_bytes: 4 << 30,
            cpu: Duration::from_secs(60),
            wall: Duration::from_secs(120),
            file_bytes: 256 << 20,
        }
    }

    /// Whether it is asked about files of this kind.
    pub(super) fn reads(kind: Kind) -> bool {
        matches!(
            kind,
            Kind::Docx | Kind::Xlsx | Kind::Pptx | Kind::OpenDocument | Kind::LegacyOffice
        )
    }

    /// Turns the file into PDF. Nothing where the program makes none of it.
    pub(super) async fn convert(
        &self,
        program: &Path,
        input: &File,
        kind: Kind,
        file_name: &str,
    ) -> Result<Option<File>, WorkerError> {
        let folder = TempDir::with_prefix_in("bindery-office-", &self.folder);
        let folder = folder.map_err(WorkerError::Spawn)?;
        let copied = copy(input, folder.path().join(input_name(kind, file_name)));
        let name = copied.await.map_err(WorkerError::Spawn)?;
        let converting = self.run(program, folder.path(), &name);
        let ended = tokio::time::timeout(self.wall, converting).await;
        let (status, said) =
            ended.map_err(|_| WorkerError::TimedOut)?.map_err(WorkerError::Spawn)?;
        match File::open(folder.path().join("document.pdf")) {
            Ok(pdf) => Ok(Some(pdf)),
            Err(_) if status.success() => Ok(None),
            Err(_) if status.code() == Some(NOT_BEGUN.into()) => {
                tracing::error!("LibreOffice cannot be run, Office files have no preview: {said}");
                Ok(None)
            }
            Err(_) => Err(WorkerError::of(status, &said)),
        }
    }

    /// Runs it until it does not ask to be run again: once for its new profile, then for the file.
    async fn run(
        &self,
        program: &Path,
        folder: &Path,
        name: &str,
    ) -> io::Result<(ExitStatus, String)> {
        let ended = self.spawn(program, folder, name)?.attend().await?;
        if ended.0.code() != Some(AGAIN) {
            return Ok(ended);
        }
        self.spawn(program, folder, name)?.attend().await
    }

    fn spawn(&self, program: &Path, folder: &Path, name: &str) -> io::Result<Running> {
        let conversion = Conversion {
            soffice: self.soffice.clone(),
            folder: folder.to_owned(),
            name: name.to_owned(),
            memory_bytes: self.memory_bytes,
            cpu_secs: self.cpu.as_secs().max(1),
            file_bytes: self.file_bytes,
        };
        let child = Command::new(program)
            .arg("worker")
            .env_clear()
            .env(CONVERSION_VARIABLE, serde_json::to_string(&conversion)?)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        Ok(Running { child, group })
    }
}

/// A running conversion; when dropped, all its processes end.
struct Running {
    child: Child,
    group: Option<Pid>,
}

impl Running {
    async fn attend(&mut self) -> io::Result<(ExitStatus, String)> {
        let said = match self.child.stderr.take() {
            Some(stderr) => complaint(stderr).await,
            None => String::new(),
        };
        Ok((self.child.wait().await?, said))
    }

    fn end(&mut self) {
        if let Some(group) = self.group.take() {
            // None is left where all ended by themselves.
            kill_process_group(group, Signal::KILL).ok();
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

/// A plain name whose ending tells LibreOffice what the file is.
fn input_name(kind: Kind, file_name: &str) -> String {
    let own = file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known =
        ["doc", "xls", "ppt", "odt", "ods", "odp", "odg", "docm", "xlsm", "xlsb", "pptm", "rtf"];
    let ending = match kind {
        Kind::Docx => "docx",
        Kind::Xlsx => "xlsx",
        Kind::Pptx => "pptx",
        _ => own
            .as_deref()
            .and_then(|own| known.into_iter().find(|known| *known == own))
            .unwrap_or("doc"),
    };
    format!("document.{ending}")
}

async fn copy(input: &File, to: PathBuf) -> io::Result<String> {
    let name = to.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let input = input.try_clone()?;
    let copied = tokio::task::spawn_blocking(move || -> io::Result<()> {
        use std::os::unix::fs::FileExt;
        let mut output = File::create_new(to)?;
        let mut block = vec![0; 1 << 16];
        let mut place = 0;
        loop {
            let read = input.read_at(&mut block, place)?;
            if read == 0 {
                return Ok(());
            }
            io::Write::write_all(&mut output, &block[..read])?;
            place += read as u64;
        }
    });
    copied.await.map_err(io::Error::other)??;
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_given_to_the_converter_is_ours() {
        assert_eq!(input_name(Kind::Docx, "../../x.sh"), "document.docx");
        assert_eq!(input_name(Kind::LegacyOffice, "Kalkyl.XLS"), "document.xls");
        assert_eq!(input_name(Kind::LegacyOffice, "noname"), "document.doc");
        assert_eq!(input_name(Kind::OpenDocument, "a.ods"), "document.ods");
    }
}
