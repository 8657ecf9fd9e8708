//! A booking as it goes: held, waiting for the other person, firm, cancelled, released. There is no state that says that a
//! marriage is registered: that is said at the counter alone (民法典 1049; 电子签名法 3).

use jiff::civil::Date;

use super::{Accepted, Matter, PartnerWay, Side};
use crate::domain::time::Instant;
use crate::slugs;

/// A hold lasts so long, in milliseconds.
pub const HOLD_MS: i64 = 600_000;

/// How often one may ask for another ten minutes.
pub const EXTENSIONS_MAX: i64 = 10;

/// Open holds of one device or account at a time.
pub const OPEN_HOLDS: i64 = 2;

/// How a booking stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookingState {
    /// The time is kept while the first person types.
    Held,
    /// The first person said yes, the other one not yet.
    Waiting,
    /// Both said yes, or the other one does at the door.
    Firm,
    /// Given up by the couple.
    Cancelled,
    /// Its time to answer ran out.
    Released,
}

slugs!(BookingState {
    Held = "held",
    Waiting = "waiting",
    Firm = "firm",
    Cancelled = "cancelled",
    Released = "released",
});

/// A booking as those who may open it see it.
#[derive(Clone)]
pub struct Booking {
    /// The row's id.
    pub id: String,
    /// The office's code.
    pub office: String,
    /// For what.
    pub matter: Matter,
    /// The day.
    pub day: Date,
    /// Minutes since midnight in Shanghai.
    pub starts: u16,
    /// Minutes since midnight in Shanghai.
    pub ends: u16,
    /// How it stands.
    pub state: BookingState,
    /// Until when the time is held.
    pub hold_until: Instant,
    /// How often that was asked for.
    pub extensions: i64,
    /// Until when it is kept for the other one.
    pub keep_until: Option<Instant>,
    /// How the other one says yes.
    pub way: Option<PartnerWay>,
    /// Who began.
    pub starter: Option<Side>,
    /// Somebody's age is for staff to decide.
    pub staff_decide: bool,
    /// For the second visit of a divorce: when the application was accepted, once that was told.
    pub accepted: Option<Accepted>,
    /// The number that people read; empty until it is firm.
    pub number: String,
    /// The confirmation's identity; empty until it is firm.
    pub confirmation: String,
    /// Both masked names, his first; empty while it is held and after it ended.
    pub names: Vec<String>,
    /// The secret of the other one's link, for the one who began.
    pub invite: Option<String>,
}

crate::masked_debug!(Booking);

impl Booking {
    /// When the appointment begins.
    pub fn begins_at(&self) -> Instant {
        Instant(Instant::shanghai_midnight(self.day).0 + i64::from(self.starts) * 60_000)
    }

    /// When the appointment ends.
    pub fn ends_at(&self) -> Instant {
        Instant(Instant::shanghai_midnight(self.day).0 + i64::from(self.ends) * 60_000)
    }

    /// Until when the other one can say yes: some hours, and never into the day of the appointment.
    pub fn keep_until(&self, keep_hours: u32, now: Instant) -> Instant {
        let kept = now.0 + i64::from(keep_hours) * 3_600_000;
        Instant(kept.min(Instant::shanghai_midnight(self.day).0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 电子签名法 3: what is said of a marriage is said on paper at the counter.
    #[test]
    fn marriage_app_has_no_registered_state_and_no_signed_declaration() {
        let states: Vec<_> = BookingState::ALL.iter().map(|state| state.as_str()).collect();
        assert_eq!(states, ["held", "waiting", "firm", "cancelled", "released"]);
    }
}
