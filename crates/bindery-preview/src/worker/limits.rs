//! What one run may use.

use std::time::Duration;

/// What one run of a child may use. The defaults fit building drawings and photographs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerLimits {
    /// Address space.
    pub memory_bytes: u64,
    /// Processor time; whole seconds count.
    pub cpu: Duration,
    /// Time on the clock, for a machine that is busy with other things.
    pub wall: Duration,
    /// All that a child may write.
    pub output_bytes: u64,
    /// Pages whose sizes and text are read.
    pub pages: u32,
    /// Pixels of a picture that is decoded.
    pub pixels: u64,
}

impl Default for WorkerLimits {
    fn default() -> Self {
        Self {
            memory_bytes: 512 << 20,
            cpu: Duration::from_secs(5),
            wall: Duration::from_secs(120),
            output_bytes: 64 << 20,
            pages: 1000,
            pixels: 100_000_000,
        }
    }
}
