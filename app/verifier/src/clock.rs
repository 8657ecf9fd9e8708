//! Whether the device's clock can be believed: it decides what is expired.

use app::domain::time::Instant;
use serde::{Deserialize, Serialize};

/// The device may be behind what was signed by so much: servers' clocks differ a little.
const BEHIND_MS: i64 = 3 * 60_000;

/// The device may differ from the server by so much.
const DIFFERS_MS: i64 = 5 * 60_000;

/// What speaks against the device's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockDoubt {
    /// Something was signed later than the device says it is now.
    Behind,
    /// The server's clock said something else when it was last heard.
    Differs,
}

/// What is known of the time beside the device's clock. It is kept in the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// The newest moment at which something was signed that we have seen and checked, Unix milliseconds.
    pub newest_signed: Option<i64>,
    /// By how much the device was ahead of the server when it was last heard.
    pub ahead: Option<i64>,
}

impl Heard {
    /// Something signed at that moment was checked. Gives whether that is news.
    pub fn signed(&mut self, at: Instant) -> bool {
        let news = self.newest_signed.is_none_or(|newest| at.0 > newest);
        if news {
            self.newest_signed = Some(at.0);
        }
        news
    }

    /// The server said what time it is.
    pub fn server(&mut self, server: Instant, device: Instant) {
        self.ahead = Some(device.0 - server.0);
    }

    /// What speaks against the device's clock, which says `now`.
    pub fn doubt(&self, now: Instant) -> Option<ClockDoubt> {
        if self.newest_signed.is_some_and(|newest| now.0 < newest - BEHIND_MS) {
            return Some(ClockDoubt::Behind);
        }
        self.ahead.is_some_and(|ahead| ahead.abs() > DIFFERS_MS).then_some(ClockDoubt::Differs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_795_000_000_000);
    const HOUR: i64 = 3_600_000;

    #[test]
    fn a_clock_an_hour_or_a_year_behind_what_was_signed_is_doubted() {
        let mut heard = Heard::default();
        assert_eq!(heard.doubt(NOW), None);
        assert!(heard.signed(NOW));
        assert!(!heard.signed(Instant(NOW.0 - HOUR)), "what is older says nothing");
        for behind in [HOUR, 365 * 24 * HOUR] {
            assert_eq!(heard.doubt(Instant(NOW.0 - behind)), Some(ClockDoubt::Behind));
        }
        assert_eq!(heard.doubt(Instant(NOW.0 - 60_000)), None);
        assert_eq!(heard.doubt(Instant(NOW.0 + HOUR)), None, "time passes");
    }

    #[test]
    fn a_clock_that_the_server_contradicts_is_doubted_until_the_server_agrees() {
        let mut heard = Heard::default();
        for wrong in [HOUR, -HOUR, 365 * 24 * HOUR] {
            heard.server(NOW, Instant(NOW.0 + wrong));
            assert_eq!(heard.doubt(Instant(NOW.0 + wrong)), Some(ClockDoubt::Differs));
        }
        heard.server(NOW, Instant(NOW.0 + 60_000));
        assert_eq!(heard.doubt(NOW), None);
    }
}
