//! A TCP proxy that makes trouble on demand: a real server behind it, a bad way to it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// What goes wrong on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    None,
    /// Connections are closed as soon as they are there, those that run as well.
    Refuses,
    /// Connections are taken and bytes go nowhere until that ends.
    Stalls,
    /// Every piece of bytes takes so much longer.
    Delays(Duration),
    /// The next so many connections are cut after so many bytes in both directions together.
    Cuts {
        /// Bytes that pass before.
        after_bytes: usize,
        /// Connections to cut.
        connections: usize,
    },
}

/// Passes connections on to a server.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    target: String,
    trouble: Mutex<Trouble>,
    changed: Condvar,
    open: AtomicUsize,
    is_over: AtomicBool,
}

impl Proxy {
    /// Starts a proxy of the server at `http://HOST:PORT`.
    pub fn start(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            target: target.trim_start_matches("http://").to_owned(),
            trouble: Mutex::new(Trouble::None),
            changed: Condvar::new(),
            open: AtomicUsize::new(0),
            is_over: AtomicBool::new(false),
        });
        let accepting = shared.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if accepting.is_over.load(Ordering::Relaxed) {
                    return;
                }
                accepting.clone().pass(client);
            }
        });
        Self { address, shared }
    }

    /// Its address, as `http://127.0.0.1:40123`.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Makes trouble from now on, or ends it.
    pub fn make(&self, trouble: Trouble) {
        *self.shared.trouble.lock().unwrap() = trouble;
        self.shared.changed.notify_all();
    }

    /// How many connections are open.
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.make(Trouble::Refuses);
        self.shared.is_over.store(true, Ordering::Relaxed);
        // Wakes the listener, so that it sees its end and the port is closed.
        let _ = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn pass(self: Arc<Self>, client: TcpStream) {
        if *self.trouble.lock().unwrap() == Trouble::Refuses {
            let _ = client.shutdown(Shutdown::Both);
            return;
        }
        let Ok(server) = TcpStream::connect(&self.target) else { return };
        self.open.fetch_add(1, Ordering::Relaxed);
        let passed = Arc::new(AtomicUsize::new(0));
        let ends = [(&client, &server), (&server, &client)];
        let [there, back] = ends.map(|(from, to)| (from.try_clone().unwrap(), to.try_clone()));
        for ((from, to), counts) in [(there, false), (back, true)] {
            let (shared, passed, to) = (self.clone(), passed.clone(), to.unwrap());
            std::thread::spawn(move || {
                shared.copy(&from, &to, &passed);
                let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
                if counts {
                    shared.open.fetch_sub(1, Ordering::Relaxed);
                }
            });
        }
    }

    fn copy(&self, mut from: &TcpStream, mut to: &TcpStream, passed: &AtomicUsize) {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from.read(&mut buffer) {
            let passed = passed.fetch_add(read, Ordering::Relaxed) + read;
            if !self.lets_pass(passed) || to.write_all(&buffer[..read]).is_err() {
                return;
            }
        }
    }

    /// Waits while nothing moves; false cuts the connection.
    fn lets_pass(&self, passed: usize) -> bool {
        let mut trouble = self.trouble.lock().unwrap();
        while *trouble == Trouble::Stalls {
            trouble = self.changed.wait(trouble).unwrap();
        }
        match &mut *trouble {
            Trouble::Refuses => false,
            Trouble::Delays(time) => {
                let time = *time;
                drop(trouble);
                std::thread::sleep(time);
                true
            }
            Trouble::Cuts { after_bytes, connections } if passed > *after_bytes => {
                *connections = connections.saturating_sub(1);
                if *connections == 0 {
                    *trouble = Trouble::None;
                }
                false
            }
            _ => true,
        }
    }
}
