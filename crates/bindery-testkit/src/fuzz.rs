//! Fuzzing on stable Rust: a seed corpus, a mutation loop, a time budget.
//!
//! A target is an ordinary test that calls [`run`] with the parser and what must hold of every input. There is no
//! instrumentation to steer by, so a target says what became of each input (a message, a kind): an input with a new
//! outcome joins the corpus in memory and is mutated further.
//!
//! `BINDERY_FUZZ_SECONDS` is the budget of each target, `BINDERY_FUZZ_SEED` makes other inputs than the usual ones. An
//! input that fails is kept under `target/fuzz/` and becomes a regression test by being moved to `fuzz/corpus/`.

mod mutate;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use std::{env, fs, process, thread};

use mutate::Mutator;

/// Long enough for a parser on a busy machine, far too long for any input of at most [`LONGEST`] bytes.
const HANG: Duration = Duration::from_secs(20);
/// Inputs grow no longer than this.
const LONGEST: usize = 16 * 1024;
/// Inputs with new outcomes that are kept, besides the seeds.
const MOST_KEPT: usize = 4_000;

/// Feeds a target its seed corpus, then mutations of it until the time is over. `target` panics when something does
/// not hold, and returns what became of the input.
pub fn run(name: &str, target: impl Fn(&[u8]) -> String) {
    run_with(name, Vec::new(), target);
}

/// The same with further seeds, for those that only the test can make: signed ones.
pub fn run_with(name: &str, made: Vec<Vec<u8>>, target: impl Fn(&[u8]) -> String) {
    let mut seeds = seeds(name);
    seeds.extend(made);
    let watch = Watch::start(name);
    let mut outcomes = HashSet::new();
    let mut corpus = Vec::new();
    for seed in seeds {
        outcomes.insert(outcome(name, &watch, &target, &seed));
        corpus.push(seed);
    }
    let most = corpus.len() + MOST_KEPT;
    let mut mutator = Mutator::new(number_from("BINDERY_FUZZ_SEED", 0x00B1_DE21));
    let end = Instant::now() + Duration::from_secs(number_from("BINDERY_FUZZ_SECONDS", 2));
    let mut inputs = 0_u64;
    while Instant::now() < end {
        for _ in 0..64 {
            let mut input = mutator.pick(&corpus).to_vec();
            mutator.mutate(&mut input, &corpus);
            input.truncate(LONGEST);
            let new = outcomes.insert(outcome(name, &watch, &target, &input));
            if new && corpus.len() < most {
                corpus.push(input);
            }
        }
        inputs += 64;
    }
    eprintln!("fuzz {name}: {inputs} inputs, {} outcomes", outcomes.len());
    assert!(outcomes.len() > 1, "fuzz {name}: every input had one outcome, so nothing was tested");
}

/// Runs the target on one input; what became of it, digits aside.
fn outcome(name: &str, watch: &Watch, target: impl Fn(&[u8]) -> String, input: &[u8]) -> u64 {
    watch.set(Some(input));
    let result = catch_unwind(AssertUnwindSafe(|| target(input)));
    watch.set(None);
    match result {
        Ok(said) => {
            let mut hasher = DefaultHasher::new();
            // A number in a message is the input's, not another way through the parser.
            said.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).for_each(
                |part| {
                    part.hash(&mut hasher);
                },
            );
            hasher.finish()
        }
        Err(panic) => {
            let kept = keep(name, input);
            eprintln!("fuzz {name}: this input fails: {}", kept.display());
            resume_unwind(panic)
        }
    }
}

/// Ends the process when one input takes too long: a thread that hangs cannot be ended otherwise.
struct Watch(Arc<Running>);

/// The input that runs at present, and since when.
type Running = Mutex<Option<(Instant, Vec<u8>)>>;

impl Watch {
    fn start(name: &str) -> Self {
        let shared = Arc::new(Running::default());
        let seen: Weak<Running> = Arc::downgrade(&shared);
        let name = name.to_owned();
        thread::spawn(move || {
            while let Some(present) = seen.upgrade() {
                if let Some((since, input)) = &*present.lock().unwrap()
                    && since.elapsed() > HANG
                {
                    let kept = keep(&name, input);
                    eprintln!("fuzz {name}: this input hangs: {}", kept.display());
                    process::exit(1);
                }
                drop(present);
                thread::sleep(Duration::from_millis(200));
            }
        });
        Self(shared)
    }

    fn set(&self, input: Option<&[u8]>) {
        *self.0.lock().unwrap() = input.map(|input| (Instant::now(), input.to_vec()));
    }
}

/// The files of `fuzz/corpus/<name>`, in the order of their names.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let folder = root().join("fuzz/corpus").join(name);
    let entries = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("no seed corpus: {}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "no seed corpus: {} is empty", folder.display());
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

fn keep(name: &str, input: &[u8]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    let folder = root().join("target/fuzz").join(name);
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{:016x}", hasher.finish()));
    fs::write(&file, input).unwrap();
    file
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn number_from(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| {
        text.parse().unwrap_or_else(|_| panic!("{variable} is no whole number: {text:?}"))
    })
}
