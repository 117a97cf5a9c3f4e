//! A child process that never outlives its test.

use std::process::Child;

pub(crate) struct Kept(pub(crate) Child);

impl Kept {
    /// SIGKILL, and wait until it is gone.
    pub(crate) fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.kill();
    }
}
