//! Blocks on their way to a file: laid down by who receives them, written by one thread at a time, digested by another.
//!
//! The threads leave when nothing is left to write, so that a slow sender holds none. A few blocks may wait: the disk
//! stops now and then, to sync what came before, and the sender need not stop with it. Writing is mostly the kernel's
//! search for memory, digesting is all arithmetic: side by side they take the time of the longer one.

use std::collections::VecDeque;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::digests::Digests;

/// So many blocks wait at most, the one that is being written included.
const ROOM: usize = 4;

/// Where blocks wait for the pen.
#[derive(Debug)]
pub(super) struct Desk {
    state: Mutex<State>,
    room: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct State {
    blocks: VecDeque<Block>,
    /// Buffers of blocks that were written, empty.
    spare: Vec<Vec<u8>>,
    /// Whether a thread takes what is laid down.
    is_attended: bool,
}

#[derive(Debug)]
struct Block {
    bytes: Vec<u8>,
    _room: Option<OwnedSemaphorePermit>,
}

/// What writes: the file, how far it is written, and the digests up to there.
#[derive(Debug)]
pub(super) struct Pen {
    file: Arc<File>,
    digests: Digests,
    written: u64,
}

/// What comes back from the thread that wrote.
pub(super) type Written = io::Result<Pen>;

impl Default for Desk {
    fn default() -> Self {
        Self { state: Mutex::default(), room: Arc::new(Semaphore::new(ROOM)) }
    }
}

impl Desk {
    /// An empty buffer, one that was used before if there is one.
    pub(super) fn spare(&self) -> Vec<u8> {
        self.lock().spare.pop().unwrap_or_default()
    }

    /// Waits for room and lays a block down. True when nobody attends to the desk: then the caller has to send a pen.
    pub(super) async fn lay(&self, bytes: Vec<u8>) -> bool {
        // Nobody closes the semaphore; without a place a block would only be one more.
        let room = self.room.clone().acquire_owned().await.ok();
        let mut state = self.lock();
        state.blocks.push_back(Block { bytes, _room: room });
        !std::mem::replace(&mut state.is_attended, true)
    }

    /// The next block; with none left the desk is unattended.
    fn next(&self) -> Option<Block> {
        let mut state = self.lock();
        let block = state.blocks.pop_front();
        state.is_attended = block.is_some();
        block
    }

    fn give_back(&self, mut bytes: Vec<u8>) {
        bytes.clear();
        self.lock().spare.push(bytes);
    }

    /// Drops what waits: whoever lays down the next block is to hear of the error.
    fn abandon(&self) {
        let mut state = self.lock();
        state.blocks.clear();
        state.is_attended = false;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pen {
    pub(super) fn new(file: Arc<File>, digests: Digests) -> Self {
        Self { file, digests, written: 0 }
    }

    /// Writes what lies on the desk until nothing is left. Blocks the thread.
    pub(super) fn write(mut self, desk: &Desk) -> Written {
        let Self { file, digests, written } = &mut self;
        let all = thread::scope(|scope| {
            let (to_digest, blocks) = mpsc::channel::<Block>();
            let digester = thread::Builder::new().name("blob-digest".to_owned());
            digester.spawn_scoped(scope, move || {
                for Block { bytes, _room } in blocks {
                    digests.update(&bytes);
                    desk.give_back(bytes);
                }
            })?;
            while let Some(block) = desk.next() {
                file.write_all_at(&block.bytes, *written)?;
                *written += block.bytes.len() as u64;
                // Gone only if it panicked, which the scope tells.
                let _ = to_digest.send(block);
            }
            Ok(())
        });
        if let Err(error) = all {
            desk.abandon();
            return Err(error);
        }
        Ok(self)
    }

    /// Writes bytes that never lay on the desk. Blocks the thread.
    pub(super) fn write_last(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, self.written)?;
        self.digests.update(bytes);
        self.written += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn into_digests(self) -> Digests {
        self.digests
    }
}
