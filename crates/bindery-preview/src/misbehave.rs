//! A worker that tries what it must not be able to do, so that a test can see it refused from inside.
//!
//! Only the developers' program links this; the server's worker knows nothing of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::{Command, ExitCode};

use crate::child::{Order, Sink, run_worker_with};
use crate::frames::Frame;
use crate::source::Source;
use crate::{Outcome, PageText, Word, render};

/// What a file begins with that asks for a misdeed.
const MARK: &str = "misbehave:";

/// [`run_worker`](crate::run_worker), but for files that ask for a misdeed: then it is tried, and `Failed` tells that it
/// was refused and how. `Ready` means that it could be done.
#[must_use]
pub fn run_worker() -> ExitCode {
    run_worker_with(|order, source, sink| {
        source.read_head()?;
        let head = String::from_utf8_lossy(source.head()).into_owned();
        match head.strip_prefix(MARK) {
            Some(deed) => misbehave(deed.trim(), sink),
            None => work(order, source, sink),
        }
    })
}

fn work(order: &Order, source: &mut Source, sink: &mut Sink) -> io::Result<Outcome> {
    render::render(order, source, sink)
}

fn misbehave(deed: &str, sink: &mut Sink) -> io::Result<Outcome> {
    let (deed, object) = deed.split_once(' ').unwrap_or((deed, ""));
    let done = match deed {
        "open" => File::open(object).map(drop),
        "write" => fs::write(object, "x"),
        "list" => fs::read_dir(object).map(drop),
        "stat" => fs::metadata(object).map(drop),
        "connect" => TcpStream::connect(object).map(drop),
        "listen" => TcpListener::bind(object).map(drop),
        "datagram" => UdpSocket::bind(object).map(drop),
        "unix" => UnixStream::connect(object).map(drop),
        "exec" => Command::new(object).status().map(drop),
        "thread" => std::thread::Builder::new().spawn(|| {}).map(drop),
        "signal" => signal(object),
        "allocate" => allocate(),
        "spin" => spin(),
        "environment" => Err(environment()),
        "flood" => return flood(sink, true),
        "babble" => return flood(sink, false),
        "overflow" => Err(io::Error::other(overflow(1).to_string())),
        "panic" => panic!("as asked"),
        _ => Err(io::Error::other("no such deed")),
    };
    Ok(match done {
        Ok(()) => Outcome::Ready,
        Err(error) => Outcome::failed(&error.to_string()),
    })
}

fn signal(process: &str) -> io::Result<()> {
    let process = process.parse().ok().and_then(rustix::process::Pid::from_raw);
    let process = process.ok_or_else(|| io::Error::other("no process"))?;
    Ok(rustix::process::kill_process(process, rustix::process::Signal::WINCH)?)
}

/// Takes 512 MiB, all that a worker may have, its program included, and touches them.
fn allocate() -> io::Result<()> {
    let taken = vec![1_u8; 512 << 20];
    std::hint::black_box(&taken);
    Ok(())
}

fn spin() -> io::Result<()> {
    let mut turns = 0_u64;
    loop {
        turns = std::hint::black_box(turns.wrapping_add(1));
    }
}

/// Sends text that never ends, or what is no frame at all.
fn flood(sink: &mut Sink, is_framed: bool) -> io::Result<Outcome> {
    let noise = "x".repeat(1 << 16);
    let word = Word { text: noise.clone(), x: 0.0, y: 0.0, width: 0.0, height: 0.0 };
    let frame = Frame::Text(PageText { number: 1, words: vec![word] });
    loop {
        if is_framed {
            sink.send(&frame)?;
        } else {
            sink.raw().write_all(noise.as_bytes())?;
        }
    }
}

/// Deeper than any stack.
fn overflow(depth: u64) -> u64 {
    if depth == u64::MAX {
        return depth;
    }
    let here = std::hint::black_box([depth; 64]);
    overflow(here[7] + 1).wrapping_add(here[9])
}

/// The names of all variables that the child has.
fn environment() -> io::Error {
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    io::Error::other(names.collect::<Vec<_>>().join(" "))
}
