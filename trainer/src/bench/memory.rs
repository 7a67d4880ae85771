//! How much memory work takes, as the system counts it.

use std::fs;

/// Most bytes that this process held while `work` ran; `None` where the system does not say. Linux says.
pub fn peak(work: impl FnOnce()) -> Option<u64> {
    // 5 sets the peak back to what is held now; see proc(5).
    let reset = fs::write("/proc/self/clear_refs", "5");
    work();
    reset.ok()?;
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_was_held_for_a_moment_counts() {
        let before = peak(|| {}).unwrap();
        let during = peak(|| drop(std::hint::black_box(vec![1_u8; 256 << 20]))).unwrap();
        assert!(during >= before + (200 << 20), "{before} {during}");
    }
}
