//! The only places that know what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

use app::domain::time::Instant;
use app::ports::Clock;

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock port that everybody else asks")]
    fn now(&self) -> Instant {
        // A clock set before 1970 is a broken machine; the epoch is then as wrong as any other answer, and no
        // reason to stop serving.
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Instant(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is set: deadlines and expiry are tested with it.
#[cfg(test)]
#[derive(Debug)]
pub(crate) struct FixedClock(std::sync::atomic::AtomicI64);

#[cfg(test)]
impl FixedClock {
    /// A clock that shows `now`.
    pub(crate) fn at(now: Instant) -> Self {
        Self(std::sync::atomic::AtomicI64::new(now.0))
    }

    /// Sets the clock.
    pub(crate) fn set(&self, now: Instant) {
        self.0.store(now.0, std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(test)]
impl Clock for FixedClock {
    fn now(&self) -> Instant {
        Instant(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_clock_counts_milliseconds_since_1970() {
        let year_2020 = 1_577_836_800_000;
        let year_2100 = 4_102_444_800_000;
        assert!((year_2020..year_2100).contains(&SystemClock.now().0));
    }

    #[test]
    fn a_fixed_clock_stands_still_until_it_is_set() {
        let clock = FixedClock::at(Instant(5));
        assert_eq!(clock.now(), Instant(5));
        clock.set(Instant(9));
        assert_eq!(clock.now(), Instant(9));
    }
}
