//! Steps through one addition.

use std::arch::asm;
use std::hint::black_box;
use std::ptr::null_mut;

use hotcount::Counter;

const BREAKPOINT: u8 = 0xCC;

/// Counts the instructions of an increment, and those of them that lock memory.
pub fn count<C: Counter>(counter: &C) -> (u32, u32) {
    // SAFETY: the child only adds, and ends by `_exit`.
    let child = unsafe { libc::fork() };
    assert!(child >= 0, "the system has no room for another process");
    if child == 0 {
        increment_between_breakpoints(counter);
        // SAFETY: nothing of the parent's is flushed or freed twice.
        unsafe { libc::_exit(0) }
    }
    let (mut all, mut locked) = (0, 0);
    wait_for_stop(child); // its own stop, after the warm-up
    resume(child, libc::PTRACE_CONT);
    wait_for_stop(child); // the first breakpoint
    loop {
        let next = next_instruction(child);
        if next[0] == BREAKPOINT {
            break;
        }
        all += 1;
        locked += u32::from(locks_memory(&next));
        resume(child, libc::PTRACE_SINGLESTEP);
        wait_for_stop(child);
    }
    // SAFETY: it ends our own child, and reaps it.
    unsafe {
        libc::kill(child, libc::SIGKILL);
        libc::waitpid(child, null_mut(), 0);
    }
    (all, locked)
}

#[inline(never)]
fn increment_between_breakpoints<C: Counter>(counter: &C) {
    // By a pointer: a second call of the method could keep the compiler from inlining the first. It
    // would not inline into a function that does not return, either.
    let as_any: &dyn Counter = black_box(counter);
    (0..100).for_each(|_| as_any.increment());
    // SAFETY: the parent traces this process, and catches its breakpoints.
    unsafe {
        libc::ptrace(libc::PTRACE_TRACEME, 0, null_mut::<u8>(), null_mut::<u8>());
        libc::raise(libc::SIGSTOP);
        asm!("int3");
        counter.increment();
        asm!("int3");
    }
}

fn wait_for_stop(child: libc::pid_t) {
    let mut status = 0;
    // SAFETY: `status` outlives the call.
    unsafe { libc::waitpid(child, &raw mut status, 0) };
    assert!(libc::WIFSTOPPED(status), "the child ended before the second breakpoint: {status:#x}");
}

fn resume(child: libc::pid_t, how: libc::c_uint) {
    // SAFETY: the child is ours, and stopped.
    let done = unsafe { libc::ptrace(how, child, null_mut::<u8>(), null_mut::<u8>()) };
    assert_eq!(done, 0, "the child goes on");
}

/// The first bytes of the instruction that comes next.
fn next_instruction(child: libc::pid_t) -> [u8; 8] {
    // SAFETY: the child is ours, and stopped; the registers are plain numbers, written by the call.
    unsafe {
        let mut registers: libc::user_regs_struct = std::mem::zeroed();
        libc::ptrace(libc::PTRACE_GETREGS, child, null_mut::<u8>(), &raw mut registers);
        libc::ptrace(libc::PTRACE_PEEKTEXT, child, registers.rip, null_mut::<u8>()).to_le_bytes()
    }
}

/// Whether an instruction has the lock prefix, or is an exchange with memory, which locks without.
fn locks_memory(instruction: &[u8; 8]) -> bool {
    let is_prefix =
        |byte: &&u8| matches!(**byte, 0x66 | 0x67 | 0xF2 | 0xF3 | 0x2E | 0x36 | 0x3E | 0x64 | 0x65);
    let mut bytes = instruction.iter().skip_while(is_prefix).copied();
    match bytes.next() {
        Some(0xF0) => true,
        Some(rex @ 0x40..=0x4F) => exchanges_memory(bytes.next().unwrap_or(rex), bytes.next()),
        Some(opcode) => exchanges_memory(opcode, bytes.next()),
        None => false,
    }
}

fn exchanges_memory(opcode: u8, operands: Option<u8>) -> bool {
    matches!(opcode, 0x86 | 0x87) && operands.is_some_and(|operands| operands >> 6 != 3)
}
