//! Renders a folder of files and prints what became of each.

use std::fs::{self, File};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use bindery_preview::{
    Outcome, Picture, RenderRequest, Rendering, Task, Worker, WorkerError, WorkerLimits,
};

/// Says how the program is called.
pub(crate) fn usage() -> ExitCode {
    print("usage: bindery-preview corpus FOLDER [OUT]");
    ExitCode::from(2)
}

/// Renders every file of the folder; keeps the pictures in `out`.
pub(crate) fn run(folder: &Path, out: Option<&Path>) -> ExitCode {
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => match runtime.block_on(table(folder, out)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                print(&format!("bindery-preview: {error}"));
                ExitCode::FAILURE
            }
        },
        Err(_) => ExitCode::FAILURE,
    }
}

async fn table(folder: &Path, out: Option<&Path>) -> std::io::Result<()> {
    let worker = Worker::new(std::env::current_exe()?, WorkerLimits::default());
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    print("| file | kind | outcome | pages | words | thumbnail | overview ms | page 1 ms |");
    print("|---|---|---|---:|---:|---|---:|---:|");
    for path in paths.iter().filter(|path| path.is_file()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let (overview, overview_ms) = timed(&worker, path, &name, Task::Overview).await?;
        let (page, page_ms) = timed(&worker, path, &name, Task::Page { number: 1 }).await?;
        print(&row(&name, &overview, overview_ms, page_ms));
        if let Some(out) = out {
            fs::create_dir_all(out)?;
            for (picture, suffix) in [(first(&overview), "thumbnail"), (first(&page), "page")] {
                if let Some(picture) = picture {
                    let ending = picture.media_type.as_str().trim_start_matches("image/");
                    fs::write(out.join(format!("{name}.{suffix}.{ending}")), &picture.bytes)?;
                }
            }
        }
    }
    Ok(())
}

async fn timed(
    worker: &Worker,
    path: &Path,
    name: &str,
    task: Task,
) -> std::io::Result<(Result<Rendering, WorkerError>, u128)> {
    let request = RenderRequest { file_name: name.to_owned(), task };
    let begun = Instant::now();
    let rendering = worker.render(File::open(path)?, &request).await;
    Ok((rendering, begun.elapsed().as_millis()))
}

fn first(rendering: &Result<Rendering, WorkerError>) -> Option<&Picture> {
    rendering.as_ref().ok()?.images.first()
}

fn row(
    name: &str,
    overview: &Result<Rendering, WorkerError>,
    overview_ms: u128,
    page_ms: u128,
) -> String {
    let rendering = match overview {
        Ok(rendering) => rendering,
        Err(error) => return format!("| {name} | | {error} | | | | {overview_ms} | {page_ms} |"),
    };
    let outcome = match &rendering.outcome {
        Outcome::Ready => "ready".to_owned(),
        Outcome::Encrypted => "encrypted".to_owned(),
        Outcome::Unsupported { reason } => format!("unsupported: {reason}"),
        Outcome::Failed { reason } => format!("failed: {reason}"),
    };
    let words: usize = rendering.text.iter().map(|page| page.words.len()).sum();
    let more = if rendering.is_text_complete { "" } else { "+" };
    let thumbnail = first(overview).map_or_else(String::new, |picture| {
        let Picture { width, height, media_type, bytes, .. } = picture;
        format!("{width}x{height} {} {} B", media_type.as_str(), bytes.len())
    });
    format!(
        "| {name} | {} | {outcome} | {} | {words}{more} | {thumbnail} | {overview_ms} | {page_ms} |",
        rendering.kind.name(),
        rendering.page_count
    )
}

#[expect(clippy::print_stdout, reason = "the table is what the program is for")]
fn print(line: &str) {
    println!("{line}");
}
