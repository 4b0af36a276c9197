//! Bytes in an S3 storage: through the server and directly, in good days and bad.

mod credentials;
mod direct;
mod faults;
mod proxied;
mod reaching;
mod upkeep;

use bindery_testkit::{S3Place, S3Server, Server, ServerOptions};

use crate::support::PROGRAM;

/// A server with its bytes in a storage, under a prefix of its own.
struct Stored {
    server: Server,
    env: Vec<(String, String)>,
    prefix: String,
}

impl Stored {
    /// With the storage in this process.
    fn new(args: &[&str]) -> Self {
        Self::at(S3Server::shared().place(), args)
    }

    fn at(place: &S3Place, args: &[&str]) -> Self {
        let prefix = S3Place::prefix();
        let env = place.environment(&prefix);
        let options = ServerOptions {
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            env: env.clone(),
            ..Default::default()
        };
        Self { server: Server::start(PROGRAM, options), env, prefix }
    }

    /// The objects below the prefix, without it.
    fn objects(&self) -> Vec<String> {
        let mut found = Vec::new();
        let root = S3Server::shared().folder().join(&self.prefix);
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.strip_prefix(&root).unwrap().display().to_string());
                }
            }
        }
        found.sort();
        found
    }

    /// Where an object's bytes are.
    fn file(&self, object: &str) -> std::path::PathBuf {
        S3Server::shared().folder().join(&self.prefix).join(object)
    }
}

/// Bytes that differ everywhere.
fn pattern(len: usize) -> Vec<u8> {
    (0..len as u64).map(|n| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()[0]).collect()
}
