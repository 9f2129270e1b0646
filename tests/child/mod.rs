//! Work in the child of a `fork`, for the tests that fork.

/// Forks. Returns the child's status: 0 if `check` returned true, a signal if it hung.
pub(crate) fn in_a_child(check: impl FnOnce() -> bool) -> i32 {
    // SAFETY: the child only counts, and leaves. It may allocate, which the C libraries of Unix
    // allow in a child.
    unsafe {
        match libc::fork() {
            0 => {
                libc::alarm(60);
                libc::_exit(i32::from(!check()));
            }
            child => {
                let mut status = 0;
                assert_eq!(libc::waitpid(child, &raw mut status, 0), child);
                status
            }
        }
    }
}
