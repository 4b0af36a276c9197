//! Previews: how long a worker takes from its start to its last byte, and how much memory.

mod peak;

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, ensure};
use bindery_preview::{Outcome, RenderRequest, Task, Worker, WorkerLimits};
use image::{Rgb, RgbImage};

use crate::report::Report;

/// Runs of each file; the middle one counts.
const RUNS: usize = 15;
/// Typical drawings of the sample files: a plan of our own, two issues of a site plan, a plot with layers.
const DRAWINGS: [&str; 4] = [
    "A-40.1-1100.pdf",
    "site-plan-A001_rev-1.pdf",
    "site-plan-A001_rev-2.pdf",
    "cad-layers-bricscad.pdf",
];

/// Measures first-page thumbnails, each by a worker of its own as the server starts them.
pub(crate) async fn measure(
    program: &Path,
    work: &Path,
    report: &mut Report,
) -> anyhow::Result<()> {
    let worker = Worker::new(program.canonicalize()?, WorkerLimits::default());
    let samples = PathBuf::from("tests/data/files");

    let empty = made(work, "empty.txt", b"x")?;
    let start = p50(&worker, &empty).await?;
    let mut slowest = ("", 0.0_f64);
    for name in DRAWINGS {
        let millis = p50(&worker, &samples.join(name)).await?;
        if millis > slowest.1 {
            slowest = (name, millis);
        }
    }
    report.judged(
        format!("thumbnail and text of a typical drawing, p50 of the slowest ({})", slowest.0),
        format!(
            "{:.0} ms, of which {start:.0} ms are the start of a worker with a short text",
            slowest.1
        ),
        "60 ms",
        slowest.1 <= 60.0,
    );
    let strokes = made(work, "strokes.pdf", strokes(100_000)?.as_bytes())?;
    let millis = p50(&worker, &strokes).await?;
    report.judged(
        "thumbnail and text of an A1 sheet of 100,000 strokes, p50",
        format!("{millis:.0} ms"),
        "600 ms",
        millis <= 600.0,
    );
    let photograph = made(work, "photograph.jpg", &photograph()?)?;
    let millis = p50(&worker, &photograph).await?;
    report.judged(
        "thumbnail of a JPEG of 12 megapixels, p50",
        format!("{millis:.0} ms"),
        "250 ms",
        millis <= 250.0,
    );
    memory(&worker, &samples, &[strokes, photograph], report).await
}

/// The most memory that a worker was seen to have at anything that it is asked about any of the files.
async fn memory(
    worker: &Worker,
    samples: &Path,
    made: &[PathBuf],
    report: &mut Report,
) -> anyhow::Result<()> {
    let samples = std::fs::read_dir(samples)?.map(|entry| entry.map(|entry| entry.path()));
    let mut files = samples.collect::<Result<Vec<_>, _>>()?;
    files.extend_from_slice(made);
    let (mut most, mut of, mut died) = (0, String::new(), 0);
    for path in &files {
        let file_name = path.file_name().context("no name")?.to_string_lossy().into_owned();
        for task in [Task::Overview, Task::Page { number: 1 }, Task::Tiles { page: 1 }] {
            let request = RenderRequest { file_name: file_name.clone(), task };
            let (rendered, peak) = peak::during(worker.render(File::open(path)?, &request)).await?;
            match rendered {
                Ok(_) => {}
                // The bomb is there to end its worker.
                Err(error) if error.is_fault_of_file() => died += 1,
                Err(error) => return Err(error.into()),
            }
            if peak > most {
                (most, of) = (peak, format!("{file_name}, {task:?}"));
            }
        }
    }
    let mib = most >> 20;
    report.judged(
        format!(
            "resident memory of a worker at most, {} files and {died} that ended it",
            files.len()
        ),
        format!("{mib} MiB ({of})"),
        "512 MiB",
        mib <= 512,
    );
    Ok(())
}

fn made(work: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<PathBuf> {
    let path = work.join(name);
    File::create(&path)?.write_all(bytes)?;
    Ok(path)
}

/// The middle of all runs in milliseconds.
async fn p50(worker: &Worker, path: &Path) -> anyhow::Result<f64> {
    let name = path.file_name().context("no name")?.to_string_lossy().into_owned();
    let request = RenderRequest { file_name: name.clone(), task: Task::Overview };
    let mut millis = Vec::new();
    for _ in 0..RUNS {
        let file = File::open(path).with_context(|| path.display().to_string())?;
        let begun = Instant::now();
        let rendering = worker.render(file, &request).await?;
        millis.push(begun.elapsed().as_secs_f64() * 1000.0);
        ensure!(rendering.outcome == Outcome::Ready, "{name}: {:?}", rendering.outcome);
        ensure!(rendering.is_text_complete, "{name}: the text is not complete");
    }
    millis.sort_by(f64::total_cmp);
    Ok(millis[RUNS / 2])
}

/// An A1 sheet of short strokes in all directions, a path each.
fn strokes(count: u32) -> anyhow::Result<String> {
    let mut content = String::from("0.3 w\n");
    for index in 0..count {
        let (x, y) = ((index * 37) % 2384, (index * 53) % 1684);
        let (dx, dy) = (index % 61, (index * 7) % 59);
        writeln!(content, "{x} {y} m {} {} l S", x + dx, y + dy)?;
    }
    Ok(format!(
        "%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 2384 1684]/Contents 4 0 R>>endobj\n\
         4 0 obj<</Length {}>>stream\n{content}endstream endobj\ntrailer<</Root 1 0 R>>\n",
        content.len()
    ))
}

/// 4,000 by 3,000 pixels with grain, as a telephone takes them.
fn photograph() -> anyhow::Result<Vec<u8>> {
    let mut grain = 1_u32;
    let pixels = RgbImage::from_fn(4000, 3000, |x, y| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = grain >> 28;
        let level = |value: u32| u8::try_from(value % 240 + noise).unwrap_or(u8::MAX);
        Rgb([level(x / 17), level(y / 13), level((x + y) / 29)])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Jpeg)?;
    Ok(bytes.into_inner())
}
