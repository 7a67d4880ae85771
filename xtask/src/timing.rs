//! How long things take, for people.

use std::time::Duration;

/// `0.4 s`, `12 s`, `7 min 14 s`.
pub fn human(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    let whole = seconds.round() as u64;
    match whole {
        _ if seconds < 9.95 => format!("{seconds:.1} s"),
        0..60 => format!("{whole} s"),
        _ => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_naturally() {
        let texts: Vec<_> =
            [0.42, 9.96, 59.4, 59.6, 434.0].map(|seconds| human(Duration::from_secs_f64(seconds))).into();
        assert_eq!(texts, ["0.4 s", "10 s", "59 s", "1 min 00 s", "7 min 14 s"]);
    }
}
