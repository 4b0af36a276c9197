//! What a systemd unit forbids, put up without systemd.
//!
//! No service manager runs where tests run. What its filters are is known all the same: `systemd-analyze` names the
//! members of groups, `systemd.exec(5)` says what each setting refuses. A thread puts them up and starts the program.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use seccompiler::{apply_filter, compile_from_json};
use serde_json::{Value, json};

/// The filters of system calls of a unit file.
#[derive(Debug, Clone)]
pub struct UnitFilters {
    /// The calls that may be made.
    pub allowed: BTreeSet<String>,
    /// Filters in the format of `seccompiler`, in the order in which they can be put up.
    filters: Vec<Value>,
}

impl UnitFilters {
    /// Reads what this unit refuses to its service.
    pub fn of(unit: &Path) -> Self {
        let text = std::fs::read_to_string(unit).unwrap();
        let values = |name: &str| -> Vec<String> {
            let values = text.lines().filter_map(|line| line.split_once('='));
            values.filter(|(own, _)| *own == name).map(|(_, value)| value.to_owned()).collect()
        };
        let is_on = |name: &str| assert_eq!(values(name), ["yes"], "{name}");
        assert_eq!(values("SystemCallErrorNumber"), ["EPERM"]);
        is_on("MemoryDenyWriteExecute");
        is_on("RestrictNamespaces");
        assert_eq!(values("RestrictAddressFamilies"), ["AF_INET AF_INET6 AF_UNIX"]);
        let allowed = allowed(&values("SystemCallFilter"));
        let calls: Vec<Value> = allowed.iter().map(|call| json!({ "syscall": call })).collect();
        let denied = [memory_both_written_and_run(), namespaces(), other_sockets()].concat();
        let filters = vec![
            filter(json!("allow"), json!({ "errno": 1 }), &denied),
            // The flags of this call are in memory, where no filter looks: the C library is told that it is missing.
            filter(json!("allow"), json!({ "errno": 38 }), &[json!({ "syscall": "clone3" })]),
            // The last one, since it may refuse further ones.
            filter(json!({ "errno": 1 }), json!("allow"), &calls),
        ];
        Self { allowed, filters }
    }

    /// Runs what is given on a thread that has the filters; processes that it starts have them, too.
    pub fn under<T: Send + 'static>(&self, run: impl FnOnce() -> T + Send + 'static) -> T {
        let filters: Vec<_> = self.filters.iter().map(compiled).collect();
        let thread = std::thread::spawn(move || {
            for filter in filters {
                apply_filter(&filter).unwrap();
            }
            run()
        });
        thread.join().unwrap()
    }
}

/// What `SystemCallFilter=` leaves: the first line is a list of what is allowed, each later one adds to it or takes away.
fn allowed(lines: &[String]) -> BTreeSet<String> {
    let mut allowed = members("@default");
    for line in lines {
        let (is_taken, words) =
            line.strip_prefix('~').map_or((false, line.as_str()), |line| (true, line));
        for call in words.split_whitespace().flat_map(members) {
            if is_taken {
                allowed.remove(&call);
            } else if is_known(&call) {
                allowed.insert(call);
            }
        }
    }
    allowed
}

/// The calls of a group, those of groups within it included; a call is a group of its own.
fn members(word: &str) -> BTreeSet<String> {
    if !word.starts_with('@') {
        return BTreeSet::from([word.to_owned()]);
    }
    let output = Command::new("systemd-analyze").args(["syscall-filter", word]).output().unwrap();
    assert!(output.status.success(), "{word}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let inner = text.lines().filter_map(|line| line.strip_prefix("    "));
    inner
        .filter(|line| !line.starts_with('#'))
        .flat_map(members)
        .filter(|call| is_known(call))
        .collect()
}

/// Whether this processor has the call: groups name those of all.
fn is_known(call: &str) -> bool {
    let filter = filter(json!("allow"), json!({ "errno": 1 }), &[json!({ "syscall": call })]);
    compile_from_json(filter.to_string().as_bytes(), arch()).is_ok()
}

fn filter(otherwise: Value, on_match: Value, calls: &[Value]) -> Value {
    json!({ "all": { "mismatch_action": otherwise, "match_action": on_match, "filter": calls } })
}

fn compiled(filter: &Value) -> seccompiler::BpfProgram {
    let mut programs = compile_from_json(filter.to_string().as_bytes(), arch()).unwrap();
    programs.remove("all").unwrap()
}

fn arch() -> seccompiler::TargetArch {
    std::env::consts::ARCH.try_into().unwrap()
}

/// An argument of a call, all of whose bits in the mask are as in the value.
fn bits(call: &str, index: u8, mask: u64, value: u64) -> Value {
    let argument =
        json!({ "index": index, "type": "dword", "op": { "masked_eq": mask }, "val": value });
    json!({ "syscall": call, "args": [argument] })
}

/// `MemoryDenyWriteExecute=`: nothing is mapped for both, nothing becomes executable later.
fn memory_both_written_and_run() -> Vec<Value> {
    const WRITE_EXEC: u64 = 6;
    const EXEC: u64 = 4;
    const SHM_EXEC: u64 = 0o100_000;
    vec![
        bits("mmap", 2, WRITE_EXEC, WRITE_EXEC),
        bits("mprotect", 2, EXEC, EXEC),
        bits("pkey_mprotect", 2, EXEC, EXEC),
        bits("shmat", 2, SHM_EXEC, SHM_EXEC),
    ]
}

/// `RestrictNamespaces=`: time, mount, cgroup, uts, ipc, user, pid, net.
fn namespaces() -> Vec<Value> {
    let flags = [
        0x80,
        0x0002_0000,
        0x0200_0000,
        0x0400_0000,
        0x0800_0000,
        0x1000_0000,
        0x2000_0000,
        0x4000_0000_u64,
    ];
    let each = flags.into_iter().flat_map(|flag| [("clone", flag), ("unshare", flag)]);
    let mut calls: Vec<Value> = each.map(|(call, flag)| bits(call, 0, flag, flag)).collect();
    calls.push(json!({ "syscall": "setns" }));
    calls
}

/// `RestrictAddressFamilies=`: sockets of other families than local ones, IPv4 and IPv6.
fn other_sockets() -> Vec<Value> {
    let is_not = |family: u64| json!({ "index": 0, "type": "dword", "op": "ne", "val": family });
    vec![json!({ "syscall": "socket", "args": [is_not(1), is_not(2), is_not(10)] })]
}
