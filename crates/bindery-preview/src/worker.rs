//! The server's side: starts a child for a file and collects what it finds.

mod collect;
mod error;
mod limits;
mod office;

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Once;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};

use crate::child::{NOT_BEGUN, ORDER_VARIABLE, Order};
use crate::{Outcome, RenderRequest, Rendering, Task};
use collect::Collected;
pub use error::WorkerError;
pub use limits::WorkerLimits;
pub use office::Office;

/// How much of a child's complaints is kept.
const COMPLAINT_BYTES: u64 = 4096;

/// Renders files, each in a child process of its own that has given up everything but its input and its output.
///
/// It bounds nothing but the single run: how many run at once is the caller's choice.
#[derive(Debug)]
pub struct Worker {
    program: PathBuf,
    limits: WorkerLimits,
    office: Option<Office>,
    warned: Once,
}

impl Worker {
    /// A worker that runs `PROGRAM worker`: a program whose `worker` command calls [`run_worker`](crate::run_worker).
    #[must_use]
    pub fn new(program: PathBuf, limits: WorkerLimits) -> Self {
        Self { program, limits, office: None, warned: Once::new() }
    }

    /// Lets LibreOffice turn Office files into PDF where they carry no picture of themselves.
    #[must_use]
    pub fn with_office(mut self, office: Office) -> Self {
        self.office = Some(office);
        self
    }

    /// Renders a file, whatever its offset is. A dropped future kills the child.
    ///
    /// # Errors
    /// When the child died before it had what was asked for. What is wrong with the file itself (damaged, encrypted, of
    /// no known kind) is no error but an [`Outcome`].
    pub async fn render(
        &self,
        input: File,
        request: &RenderRequest,
    ) -> Result<Rendering, WorkerError> {
        let rendering = self.render_as_it_is(&input, request).await?;
        let Some(office) = self.office.as_ref().filter(|_| is_for_office(&rendering)) else {
            return Ok(rendering);
        };
        let name = &request.file_name;
        match office.convert(&self.program, &input, rendering.kind, name).await? {
            Some(pdf) => {
                let converted = self.render_as_it_is(&pdf, request).await?;
                Ok(Rendering { kind: rendering.kind, ..converted })
            }
            None => Ok(rendering),
        }
    }

    async fn render_as_it_is(
        &self,
        input: &File,
        request: &RenderRequest,
    ) -> Result<Rendering, WorkerError> {
        let mut collected = self.run(input, request, 0).await?;
        if matches!(request.task, Task::Tiles { .. }) {
            for band in 1..collected.bands() {
                collected.add_band(self.run(input, request, band).await?);
            }
        }
        Ok(collected.into_rendering())
    }

    async fn run(
        &self,
        input: &File,
        request: &RenderRequest,
        band: u32,
    ) -> Result<Collected, WorkerError> {
        let input = input.try_clone().map_err(WorkerError::Spawn)?;
        let mut child = self.spawn(input, request, band).map_err(WorkerError::Spawn)?;
        let run = tokio::time::timeout(self.limits.wall, self.attend(&mut child, request.task));
        let ended = run.await;
        if !matches!(ended, Ok(Ok(_))) {
            // It may be writing or computing still; what cannot be killed has ended already.
            child.kill().await.ok();
        }
        ended.unwrap_or(Err(WorkerError::TimedOut))
    }

    fn spawn(&self, input: File, request: &RenderRequest, band: u32) -> std::io::Result<Child> {
        let order = Order {
            request: request.clone(),
            band,
            memory_bytes: self.limits.memory_bytes,
            cpu_secs: self.limits.cpu.as_secs().max(1),
            pages: self.limits.pages,
            pixels: self.limits.pixels,
        };
        Command::new(&self.program)
            .arg("worker")
            // The server's environment may hold secrets.
            .env_clear()
            // The allocator of the program reserves 1 GiB of address space at a time, which a child may not have: a large
            // sheet's tiles then find no room. So much at a time it may (in KiB).
            .env("MIMALLOC_ARENA_RESERVE", "65536")
            .env(ORDER_VARIABLE, serde_json::to_string(&order)?)
            .current_dir("/")
            .stdin(Stdio::from(input))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
    }

    async fn attend(&self, child: &mut Child, task: Task) -> Result<Collected, WorkerError> {
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(WorkerError::Spawn(std::io::Error::other("the child has no output")));
        };
        let mut collected = Collected::default();
        let reading = collected.read_from(stdout, self.limits.output_bytes);
        let (read, complaint) = tokio::join!(reading, complaint(stderr));
        read?;
        let status = child.wait().await.map_err(WorkerError::Spawn)?;
        self.warn_once(collected.unprotected());
        if collected.is_complete() || collected.is_enough_for(task) {
            return Ok(collected);
        }
        // What it says of itself counts only as long as no file had a chance to say it.
        if !collected.has_begun() && status.code() == Some(NOT_BEGUN.into()) {
            return Err(WorkerError::Spawn(std::io::Error::other(complaint)));
        }
        Err(WorkerError::of(status, &complaint))
    }

    /// What the kernel lacks is the same for every file, so it is said once.
    fn warn_once(&self, unprotected: &[String]) {
        if unprotected.is_empty() {
            return;
        }
        self.warned.call_once(|| {
            let lacks = unprotected.join("; ");
            tracing::warn!(
                "previews are rendered with less protection than they could be: {lacks}"
            );
        });
    }
}

/// Whether an Office file came back without a picture.
fn is_for_office(rendering: &Rendering) -> bool {
    matches!(rendering.outcome, Outcome::Unsupported { .. }) && Office::reads(rendering.kind)
}

/// The first complaints of a child; the rest is read and dropped, so that it never waits for us.
async fn complaint(stderr: impl AsyncRead + Unpin) -> String {
    let mut kept = Vec::new();
    let mut first = stderr.take(COMPLAINT_BYTES);
    first.read_to_end(&mut kept).await.ok();
    tokio::io::copy(&mut first.into_inner(), &mut tokio::io::sink()).await.ok();
    String::from_utf8_lossy(&kept).trim().to_owned()
}
