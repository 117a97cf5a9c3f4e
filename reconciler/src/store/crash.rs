//! Ends the process between two statements, where a test asks for it: what a crash leaves behind is looked at then.
//!
//! Only development builds can; in a release nothing of it is left.

/// Asks for an end before the `number`-th statement or beside a commit, counted from 1.
#[cfg(debug_assertions)]
pub fn crash_at(number: u64) {
    counted::LEFT.store(number, std::sync::atomic::Ordering::Relaxed);
}

/// A place where a crash may come.
#[cfg(debug_assertions)]
pub(crate) fn point() {
    use std::sync::atomic::Ordering;

    let taken = counted::LEFT.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    if taken == Ok(1) {
        // Nothing is cleaned up, as with a process that is killed.
        std::process::abort();
    }
}

#[cfg(not(debug_assertions))]
pub(crate) const fn point() {}

#[cfg(debug_assertions)]
mod counted {
    pub(super) static LEFT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
}
