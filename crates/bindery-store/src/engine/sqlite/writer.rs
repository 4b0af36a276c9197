//! The one thread that writes. It runs the queued closures and commits them as a group, so that one sync of the disk
//! serves many; nobody is answered before it.
//!
//! A savepoint for each closure would cost more than it is worth: SQLite copies every page that changes under one, and
//! the trigram index writes all that it gathered whenever one begins. So there are none until a closure fails that had
//! changed something; then the group is undone, and the others run again, each in a savepoint.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use parking_lot::Mutex;

use super::checkpoint::Checkpoints;
use super::session::{Deferred, Session, SharedSession};
use super::work::Work;
use crate::StoreError;

/// A group is committed when it has this many closures,
const GROUP: usize = 64;
/// or is this old, or nobody else waits.
const GROUP_TIME: Duration = Duration::from_millis(8);

/// What the writer is told.
pub(super) enum Message {
    Change(Box<dyn Work>),
    Stop,
}

/// The state of the writer thread.
pub(super) struct Writer {
    pub(super) session: SharedSession,
    pub(super) receiver: Receiver<Message>,
    pub(super) limit: Duration,
    pub(super) checkpoints: Checkpoints,
    /// Changes to run again: their transaction was lost to another's failure.
    again: VecDeque<Box<dyn Work>>,
    /// Run each change in a savepoint: one of the group before failed.
    is_careful: bool,
    /// What the group's changes left for its end.
    deferred: Vec<Deferred>,
    is_stopping: bool,
}

/// How one change left the transaction.
enum Outcome {
    /// The transaction goes on, with or without what the closure changed.
    Goes,
    /// The transaction is gone, with all that was in it.
    Lost,
}

impl Writer {
    pub(super) fn new(
        session: Session,
        receiver: Receiver<Message>,
        limit: Duration,
        checkpoints: Checkpoints,
    ) -> Self {
        let session = Arc::new(Mutex::new(session));
        Self {
            session,
            receiver,
            limit,
            checkpoints,
            again: VecDeque::new(),
            is_careful: false,
            deferred: Vec::new(),
            is_stopping: false,
        }
    }

    /// Works until it is told to stop, or every handle of the store is gone.
    pub(super) fn work(mut self) {
        while let Some(first) = self.next_or_wait() {
            self.group(first);
        }
        self.checkpoints.finish(&mut self.session.lock());
    }

    fn next_or_wait(&mut self) -> Option<Box<dyn Work>> {
        if let Some(change) = self.next() {
            return Some(change);
        }
        if self.is_stopping {
            return None;
        }
        match self.receiver.recv() {
            Ok(Message::Change(change)) => Some(change),
            Ok(Message::Stop) | Err(_) => None,
        }
    }

    /// The next change that somebody still waits for, if there is one at once.
    fn next(&mut self) -> Option<Box<dyn Work>> {
        loop {
            let next = match self.again.pop_front() {
                Some(change) => change,
                None if self.is_stopping => return None,
                None => match self.receiver.try_recv() {
                    Ok(Message::Change(change)) => change,
                    Ok(Message::Stop) => {
                        self.is_stopping = true;
                        return None;
                    }
                    Err(_) => return None,
                },
            };
            // Once begun a change runs to its end; before that, a caller who hung up has changed nothing.
            if next.is_wanted() {
                return Some(next);
            }
        }
    }

    /// Runs changes until the group is full, and commits them.
    fn group(&mut self, first: Box<dyn Work>) {
        let begun = self.session.lock().control("begin immediate");
        if let Err(error) = begun {
            // Another process holds the database: whoever queued meanwhile would wait as long, one by one.
            let mut refused = vec![first];
            refused.extend(std::iter::from_fn(|| self.next()));
            return answer(refused, Err(error));
        }
        let began = Instant::now();
        let mut done = Vec::new();
        let mut next = Some(first);
        while let Some(mut change) = next.take() {
            match self.run(change.as_mut()) {
                Outcome::Goes => done.push(change),
                Outcome::Lost => {
                    self.deferred.clear();
                    self.is_careful = true;
                    // One less in every round, so this ends.
                    for before in done.into_iter().rev() {
                        self.again.push_front(before);
                    }
                    return answer(vec![change], Ok(()));
                }
            }
            if done.len() < GROUP && began.elapsed() < GROUP_TIME {
                next = self.next();
            }
        }
        self.is_careful = !self.again.is_empty();
        let committed = self.commit();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a queue of 2^53 is none that anybody reads off a graph"
        )]
        metrics::gauge!("bindery_database_queue", "kind" => "write")
            .set(self.receiver.len() as f64);
        answer(done, committed);
        self.checkpoints.after_commit(&mut self.session.lock());
    }

    /// Runs what the changes of the group left for its end, and commits.
    fn commit(&mut self) -> Result<(), StoreError> {
        let deferred = std::mem::take(&mut self.deferred);
        let mut session = self.session.lock();
        let run = deferred
            .iter()
            .try_for_each(|(sql, params)| session.run(sql, params, self.limit, None).map(drop));
        let committed = run.and_then(|()| session.control("commit"));
        if committed.is_err() && session.has_transaction() {
            // The commit's own error is the one to tell.
            let _ = session.control("rollback");
        }
        committed
    }

    /// Runs one closure.
    fn run(&mut self, change: &mut dyn Work) -> Outcome {
        if self.is_careful
            && let Err(error) = self.session.lock().control("savepoint change")
        {
            change.refuse(error);
            return self.outcome();
        }
        let before = self.session.lock().changes();
        let tx = Session::enter(&self.session, self.limit, None);
        let wants_keeping = change.run(tx);
        let mut session = self.session.lock();
        let left = session.leave();
        if !session.has_transaction() {
            if wants_keeping {
                change.refuse(left.err().unwrap_or(StoreError::Interrupted));
            }
            return Outcome::Lost;
        }
        if wants_keeping {
            let released = left.and_then(|deferred| {
                if self.is_careful {
                    session.control("release change")?;
                }
                Ok(deferred)
            });
            match released {
                Ok(deferred) => {
                    self.deferred.extend(deferred);
                    return Outcome::Goes;
                }
                Err(error) => change.refuse(error),
            }
        }
        let undone = if self.is_careful {
            session.control("rollback to change").and_then(|()| session.control("release change"))
        } else if session.changes() == before {
            Ok(())
        } else {
            session.control("rollback")
        };
        if undone.is_err() && session.has_transaction() {
            // What the closure did cannot be told from the others' work any more: all goes.
            let _ = session.control("rollback");
        }
        drop(session);
        self.outcome()
    }

    fn outcome(&self) -> Outcome {
        if self.session.lock().has_transaction() { Outcome::Goes } else { Outcome::Lost }
    }
}

/// Answers a group with its closures' own answers, or all of them with what befell the group.
fn answer(group: Vec<Box<dyn Work>>, ended: Result<(), StoreError>) {
    for mut change in group {
        if let Err(error) = &ended {
            change.refuse(error.again());
        }
        change.answer();
    }
}
