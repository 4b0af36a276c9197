//! A queue that several threads empty, and that wakes no more of them than it needs.
//!
//! Waking a thread costs as much as a point read. While one of them works, it takes what comes meanwhile when it is
//! done, so the others are left asleep until more waits than one thread should take, or the one is slow.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use metrics::Gauge;
use parking_lot::{Condvar, Mutex};

/// A thread that has been at it for so long is slow: what comes now does not wait for it.
const SLOW: Duration = Duration::from_micros(500);

/// Work for so many threads.
pub(super) struct Queue<T> {
    state: Mutex<State<T>>,
    arrived: Condvar,
    threads: usize,
    patience: usize,
    length: Gauge,
}

struct State<T> {
    items: VecDeque<T>,
    /// Threads that sleep and were not called yet.
    asleep: usize,
    /// When a thread took something last.
    taken: Instant,
    is_closed: bool,
}

impl<T> Queue<T> {
    /// An empty queue for so many threads. So many items may wait for one that is at work before another one is woken;
    /// the gauge shows how many wait.
    pub(super) fn new(threads: usize, patience: usize, length: Gauge) -> Self {
        let items = VecDeque::new();
        let state = State { items, asleep: 0, taken: Instant::now(), is_closed: false };
        Self { state: Mutex::new(state), arrived: Condvar::new(), threads, patience, length }
    }

    /// Appends an item, or gives it back when the queue is closed.
    pub(super) fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.state.lock();
        if state.is_closed {
            return Err(item);
        }
        state.items.push_back(item);
        let is_unattended = state.asleep == self.threads
            || state.items.len() > self.patience
            || state.taken.elapsed() > SLOW;
        let wakes = state.asleep > 0 && is_unattended;
        state.asleep -= usize::from(wakes);
        drop(state);
        if wakes {
            self.arrived.notify_one();
        }
        Ok(())
    }

    /// Waits for items and takes the first ones, at most so many; false once the queue is closed and empty.
    pub(super) fn take(&self, most: usize, into: &mut Vec<T>) -> bool {
        let mut state = self.state.lock();
        while state.items.is_empty() {
            if state.is_closed {
                return false;
            }
            state.asleep += 1;
            // Whoever calls counts it as awake; parking_lot's threads never wake by themselves.
            self.arrived.wait(&mut state);
        }
        let count = most.min(state.items.len());
        into.extend(state.items.drain(..count));
        state.taken = Instant::now();
        let left = state.items.len();
        drop(state);
        #[expect(
            clippy::cast_precision_loss,
            reason = "a queue of 2^53 is none that anybody reads off a graph"
        )]
        self.length.set(left as f64);
        true
    }

    /// Takes no more; the threads end when the queue is empty.
    pub(super) fn close(&self) {
        let mut state = self.state.lock();
        (state.is_closed, state.asleep) = (true, 0);
        drop(state);
        self.arrived.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::thread::spawn;

    use super::*;

    fn queue(threads: usize, patience: usize) -> Arc<Queue<u32>> {
        Arc::new(Queue::new(threads, patience, Gauge::noop()))
    }

    #[test]
    fn every_item_is_taken_once_in_order_before_the_threads_end() {
        let queue = queue(3, 4);
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let queue = Arc::clone(&queue);
                spawn(move || {
                    let (mut all, mut batch) = (Vec::new(), Vec::new());
                    while queue.take(8, &mut batch) {
                        assert!(batch.len() <= 8 && batch.is_sorted(), "{batch:?}");
                        all.append(&mut batch);
                    }
                    all
                })
            })
            .collect();
        (0..10_000).for_each(|n| queue.push(n).unwrap());
        queue.close();
        assert_eq!(queue.push(0), Err(0));
        let mut all: Vec<_> = threads.into_iter().flat_map(|t| t.join().unwrap()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..10_000).collect::<Vec<_>>());
    }

    #[test]
    fn without_patience_an_item_does_not_wait_for_a_thread_at_work() {
        let queue = queue(2, 0);
        let (taken, takes) = channel();
        let (release, hold) = channel::<()>();
        let hold = Arc::new(Mutex::new(hold));
        for _ in 0..2 {
            let (queue, taken, hold) = (Arc::clone(&queue), taken.clone(), Arc::clone(&hold));
            spawn(move || {
                let mut batch = Vec::new();
                while queue.take(1, &mut batch) {
                    taken.send(batch.pop()).unwrap();
                    // The first item holds its thread up until the second one was taken.
                    let _ = hold.lock().recv();
                }
            });
        }
        queue.push(1).unwrap();
        assert_eq!(takes.recv().unwrap(), Some(1));
        queue.push(2).unwrap();
        assert_eq!(takes.recv().unwrap(), Some(2));
        drop(release);
        queue.close();
    }
}
