//! The system calls that a child may still make; all others answer `EPERM`.

use std::collections::BTreeMap;
use std::io;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};

/// Reading and writing what is open, memory, time, the way out.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_statx,
    libc::SYS_brk,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_restart_syscall,
    libc::SYS_exit,
    libc::SYS_exit_group,
];
/// Calls that map memory: third argument is what may be done with it.
const MAPPING: &[libc::c_long] = &[libc::SYS_mmap, libc::SYS_mprotect];

/// The call by which a program asks whether it may do something, and which argument says what.
#[cfg(target_arch = "x86_64")]
const QUESTION: (libc::c_long, u8) = (libc::SYS_access, 1);
#[cfg(not(target_arch = "x86_64"))]
const QUESTION: (libc::c_long, u8) = (libc::SYS_faccessat, 2);

/// Installs a filter that lets LibreOffice do all but speak to others: sockets are local, and it cannot look into other
/// processes. It asks whether `/tmp` may be written to, and without this would believe the answer, which knows nothing
/// of Landlock: then its socket would have to be there and could not.
pub(super) fn confine_office() -> io::Result<()> {
    let is_remote = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Ne,
        u64::from(libc::AF_UNIX.unsigned_abs()),
    );
    let is_remote = is_remote.and_then(|is_remote| SeccompRule::new(vec![is_remote]));
    let mut rules =
        BTreeMap::from([(libc::SYS_socket, vec![is_remote.map_err(io::Error::other)?])]);
    let (call, mode) = QUESTION;
    let is_about_writing = SeccompCondition::new(
        mode,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        u64::from(libc::W_OK.unsigned_abs()),
    );
    let is_about_writing = is_about_writing.and_then(|question| SeccompRule::new(vec![question]));
    rules.insert(call, vec![is_about_writing.map_err(io::Error::other)?]);
    for call in [libc::SYS_ptrace, libc::SYS_process_vm_readv, libc::SYS_process_vm_writev] {
        rules.insert(call, Vec::new());
    }
    install(rules, SeccompAction::Allow, SeccompAction::Errno(libc::EPERM.unsigned_abs()))
}

/// Installs the filter on the calling thread.
pub(super) fn refuse_all_others() -> io::Result<()> {
    let rules = rules().map_err(io::Error::other)?;
    install(rules, SeccompAction::Errno(libc::EPERM.unsigned_abs()), SeccompAction::Allow)
}

fn install(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    on_match: SeccompAction,
) -> io::Result<()> {
    let architecture = std::env::consts::ARCH.try_into().map_err(io::Error::other)?;
    let filter = SeccompFilter::new(rules, otherwise, on_match, architecture);
    let program = filter.and_then(BpfProgram::try_from).map_err(io::Error::other)?;
    seccompiler::apply_filter(&program).map_err(io::Error::other)
}

fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
    // Memory is never both written and run: what a broken parser was made to write stays data.
    let is_data = SeccompCondition::new(
        2,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::MaskedEq(u64::from(libc::PROT_EXEC.unsigned_abs())),
        0,
    )?;
    for call in MAPPING {
        rules.insert(*call, vec![SeccompRule::new(vec![is_data.clone()])?]);
    }
    // abort() signals its own thread: a signal to any other process is refused.
    let itself = SeccompCondition::new(
        0,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::Eq,
        u64::from(std::process::id()),
    )?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![itself])?]);
    Ok(rules)
}
