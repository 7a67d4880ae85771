//! Adding up what the test runners say at their end.

use std::ops::AddAssign;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ran, and found what they looked for.
    pub passed: u64,
    /// Ran, and did not; or did not come to their end.
    pub failed: u64,
    /// Did not run.
    pub skipped: u64,
}

impl Tally {
    /// What one line of a runner's output adds: the closing lines of `cargo test` and of `node --test` count, all
    /// others are nothing.
    pub fn from_line(line: &str) -> Self {
        Self::from_cargo(line).or_else(|| Self::from_node(line)).unwrap_or_default()
    }

    /// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s`
    fn from_cargo(line: &str) -> Option<Self> {
        let (_, counts) = line.trim().strip_prefix("test result: ")?.split_once(". ")?;
        let count = |what| {
            let part = counts.split("; ").find_map(|part| part.strip_suffix(what))?;
            part.trim().parse().ok()
        };
        Some(Self { passed: count("passed")?, failed: count("failed")?, skipped: count("ignored")? })
    }

    /// `ℹ pass 12`, or in the TAP form `# pass 12`; one line for each count.
    fn from_node(line: &str) -> Option<Self> {
        let line = line.trim();
        let (what, count) = line.strip_prefix("ℹ ").or(line.strip_prefix("# "))?.split_once(' ')?;
        let count = count.parse().ok()?;
        let mut tally = Self::default();
        match what {
            "pass" => tally.passed = count,
            "fail" | "cancelled" => tally.failed = count,
            "skipped" | "todo" => tally.skipped = count,
            _ => return None,
        }
        Some(tally)
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> Tally {
        let mut sum = Tally::default();
        lines.iter().for_each(|line| sum += Tally::from_line(line));
        sum
    }

    #[test]
    fn cargo_test_closes_each_program_with_a_line() {
        let sum = tally(&[
            "running 5 tests",
            "test cpu ... ok",
            "test result: ok. 3 passed; 0 failed; 2 ignored; 0 measured; 7 filtered out; finished in 0.01s",
            "test result: FAILED. 10 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 2.50s",
        ]);
        assert_eq!(sum, Tally { passed: 13, failed: 1, skipped: 2 });
    }

    #[test]
    fn node_closes_with_a_line_for_each_count() {
        let expected = Tally { passed: 12, failed: 3, skipped: 1 };
        let spec =
            ["ℹ tests 16", "ℹ suites 2", "ℹ pass 12", "ℹ fail 2", "ℹ cancelled 1", "ℹ skipped 1", "ℹ todo 0"];
        assert_eq!(tally(&spec), expected);
        let tap =
            ["# tests 16", "# pass 12", "# fail 2", "# cancelled 1", "# skipped 1", "# duration_ms 91.4"];
        assert_eq!(tally(&tap), expected);
    }

    #[test]
    fn what_a_test_prints_itself_does_not_count() {
        assert_eq!(
            tally(&["# pass the salt", "pass 4", "test result: who knows", "3 passed, 1 failed"]),
            Tally::default()
        );
    }
}
