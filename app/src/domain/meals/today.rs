//! How a point stands on a day: what a street or the district sees of it.

use jiff::civil::Date;

/// A point's day in counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointDay {
    /// Meals that somebody has, handed out or not.
    pub reserved: i64,
    /// Of those, handed out.
    pub handed_out: i64,
    /// Of those, without an order.
    pub walk_ins: i64,
    /// Portions that nobody has.
    pub left: i64,
    /// Meals of which two sides tell different things, and nobody has looked.
    pub conflicts: i64,
    /// Calls to those who missed two meals in a row that nobody has made.
    pub calls: i64,
    /// Meals of the last seven days that somebody found bad.
    pub bad: i64,
    /// Bad words that the point has not answered.
    pub unanswered: i64,
    /// Why it is closed today.
    pub closed: Option<String>,
    /// The days of the coming week on which it is closed, and why.
    pub closing: Vec<(Date, String)>,
}

impl PointDay {
    /// Two points, or two streets, together. Why one of them is closed says nothing of both.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        Self {
            reserved: self.reserved + other.reserved,
            handed_out: self.handed_out + other.handed_out,
            walk_ins: self.walk_ins + other.walk_ins,
            left: self.left + other.left,
            conflicts: self.conflicts + other.conflicts,
            calls: self.calls + other.calls,
            bad: self.bad + other.bad,
            unanswered: self.unanswered + other.unanswered,
            closed: None,
            closing: Vec::new(),
        }
    }

    /// Whether somebody has to look at it.
    pub fn asks(&self) -> bool {
        self.conflicts > 0 || self.calls > 0 || self.unanswered > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_add_up_and_what_waits_asks_for_somebody() {
        let one = PointDay {
            reserved: 3,
            handed_out: 1,
            left: 4,
            bad: 1,
            closed: Some("修灶".into()),
            ..PointDay::default()
        };
        let other = PointDay { reserved: 2, walk_ins: 1, conflicts: 1, ..PointDay::default() };
        let both = one.clone().with(&other);
        assert_eq!((both.reserved, both.handed_out, both.left, both.conflicts), (5, 1, 4, 1));
        assert!(both.closed.is_none() && both.asks() && !one.asks());
        assert!(PointDay { calls: 1, ..PointDay::default() }.asks());
        assert!(PointDay { unanswered: 1, ..PointDay::default() }.asks());
    }
}
