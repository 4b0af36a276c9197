//! What the child gives up before it reads its first byte.
//!
//! After this it can read its input, write its output, use memory and time up to its limits, and nothing else: no file
//! can be opened, no socket made, no process started, nobody signalled. Limits always hold; what else a kernel may
//! lack is told to the parent.

use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr,
    RulesetCreated, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope, path_beneath_rules,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setpriority_process, setrlimit,
};

use super::{Conversion, Order, office};

mod calls;

/// Descriptors: the three standard ones, the two copies of them, and what opening a rule set takes.
const OPEN_FILES: u64 = 16;
/// How far a child steps back: about a tenth of the server's share of a busy processor.
const NICE: i32 = 10;
/// Seconds between the signal that ends the child and the one that cannot be caught.
const GRACE_SECS: u64 = 1;

/// Locks the process down. Answers what the kernel could not do.
pub(super) fn lock_down(order: &Order) -> io::Result<Vec<String>> {
    limit(order)?;
    let mut missing = Vec::new();
    // Whoever waits for an answer of the server goes first. No protection, so nothing fails for the want of it.
    if let Err(error) = setpriority_process(None, NICE) {
        missing.push(format!("as urgent as the server: {error}"));
    }
    if let Some(lack) = close_files_and_network() {
        missing.push(lack);
    }
    if let Err(error) = calls::refuse_all_others() {
        missing.push(format!("no system call filter (seccomp): {error}"));
    }
    Ok(missing)
}

fn limit(order: &Order) -> io::Result<()> {
    let at_most = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::As, at_most(order.memory_bytes))?;
    let cpu = Rlimit {
        current: Some(order.cpu_secs),
        maximum: Some(order.cpu_secs.saturating_add(GRACE_SECS)),
    };
    setrlimit(Resource::Cpu, cpu)?;
    setrlimit(Resource::Nofile, at_most(OPEN_FILES))?;
    // No byte may be written to a file, no memory left in one. Pipes are not files.
    setrlimit(Resource::Fsize, at_most(0))?;
    setrlimit(Resource::Core, at_most(0))?;
    setrlimit(Resource::Nproc, at_most(0))?;
    // Others of the same user cannot look into this process, nor it into their files below /proc.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// The newest rights that are asked for; what a kernel lacks of them is left out.
const NEWEST: ABI = ABI::V6;

/// Handles every right that Landlock knows, so that none is left but those that are allowed one by one.
fn rules() -> Result<RulesetCreated, RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()
}

/// Allows nothing. Answers what is missing.
fn close_files_and_network() -> Option<String> {
    let status = rules().and_then(|rules| rules.no_new_privs(true).restrict_self());
    match status.map(|status| status.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => None,
        Ok(RulesetStatus::PartiallyEnforced) => {
            Some("an old Landlock: not all rights can be given up".to_owned())
        }
        Ok(_) => Some("no Landlock: files are guarded by the system call filter alone".to_owned()),
        Err(error) => Some(format!("no Landlock: {error}")),
    }
}

/// What LibreOffice is left: reading programs and fonts, one folder, no network. Without Landlock it does not run at
/// all, since nothing else would keep it from the data.
pub(super) fn confine_office(conversion: &Conversion) -> io::Result<()> {
    let at_most = |value| Rlimit { current: Some(value), maximum: Some(value) };
    setrlimit(Resource::As, at_most(conversion.memory_bytes))?;
    setrlimit(Resource::Cpu, at_most(conversion.cpu_secs))?;
    setrlimit(Resource::Fsize, at_most(conversion.file_bytes))?;
    setrlimit(Resource::Core, at_most(0))?;
    let readable = office::readable(&conversion.soffice);
    let status = rules()
        .and_then(|rules| {
            rules
                .add_rules(path_beneath_rules(readable, AccessFs::from_read(NEWEST)))?
                .add_rules(path_beneath_rules(["/dev/null"], AccessFs::from_file(NEWEST)))?
                .add_rules(path_beneath_rules([&conversion.folder], AccessFs::from_all(NEWEST)))?
                .no_new_privs(true)
                .restrict_self()
        })
        .map_err(io::Error::other)?;
    if status.ruleset == RulesetStatus::NotEnforced {
        return Err(io::Error::other("LibreOffice is not run without Landlock (Linux 5.13)"));
    }
    calls::confine_office()
}
