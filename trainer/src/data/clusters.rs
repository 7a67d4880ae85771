//! Pictures that belong together: a disjoint-set forest.

/// Sets of the numbers from 0, each known by its smallest member.
pub struct Clusters {
    parents: Vec<usize>,
}

impl Clusters {
    /// Each number alone.
    pub fn new(count: usize) -> Self {
        Self { parents: (0..count).collect() }
    }

    /// The smallest member of the set that `index` is in.
    pub fn of(&mut self, index: usize) -> usize {
        let mut at = index;
        while self.parents[at] != at {
            // Halves the way for the next who asks.
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    /// Makes two sets one.
    pub fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        self.parents[one.max(other)] = one.min(other);
    }
}
