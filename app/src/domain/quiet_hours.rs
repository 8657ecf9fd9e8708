//! Quiet hours: nobody is woken by a message that can wait for the morning.

use super::time::Instant;

/// A daily time in Asia/Shanghai in which only urgent messages are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct QuietHours {
    /// Minutes after midnight.
    from: u16,
    to: u16,
}

/// Not written like 21:00-08:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it must be written like 21:00-08:00, or be empty for none")]
pub struct QuietHoursError;

impl QuietHours {
    /// Reads 21:00-08:00; an empty text means none.
    ///
    /// # Errors
    /// [`QuietHoursError`].
    pub fn parse(text: &str) -> Result<Self, QuietHoursError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self { from: 0, to: 0 });
        }
        let (from, to) = text.split_once('-').ok_or(QuietHoursError)?;
        match (minute(from), minute(to)) {
            (Some(from), Some(to)) if from != to => Ok(Self { from, to }),
            _ => Err(QuietHoursError),
        }
    }

    /// Whether it is quiet at that moment: from the first minute on, until the last begins.
    pub fn contains(self, at: Instant) -> bool {
        let minute = at.shanghai_minute();
        if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }
}

impl TryFrom<String> for QuietHours {
    type Error = QuietHoursError;
    fn try_from(text: String) -> Result<Self, QuietHoursError> {
        Self::parse(&text)
    }
}

/// Minutes after midnight.
fn minute(time: &str) -> Option<u16> {
    let (hour, minute) = time.trim().split_once(':')?;
    let number = |text: &str, below: u16| {
        let fits = text.len() == 2 && text.bytes().all(|sign| sign.is_ascii_digit());
        text.parse::<u16>().ok().filter(|number| fits && *number < below)
    };
    Some(number(hour, 24)? * 60 + number(minute, 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 00:00 in Shanghai.
    const MIDNIGHT: i64 = 1_795_363_200_000;

    fn quiet(hours: &str, hour: i64, minute: i64) -> bool {
        let at = Instant(MIDNIGHT + (hour * 60 + minute) * 60_000);
        QuietHours::parse(hours).is_ok_and(|quiet| quiet.contains(at))
    }

    #[test]
    fn the_night_is_quiet_across_midnight() {
        for (hour, minute, expected) in
            [(20, 59, false), (21, 0, true), (23, 59, true), (0, 0, true), (7, 59, true), (8, 0, false)]
        {
            assert_eq!(quiet("21:00-08:00", hour, minute), expected, "{hour}:{minute}");
        }
        assert!(quiet("12:00-14:00", 13, 0) && !quiet("12:00-14:00", 14, 0) && !quiet("12:00-14:00", 3, 0));
        assert!(!quiet("", 3, 0));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for bad in
            ["21-8", "21:00", "24:00-08:00", "21:60-08:00", "21:00-21:00", "9:00-08:00", "+1:00-08:00", "a"]
        {
            assert_eq!(QuietHours::parse(bad), Err(QuietHoursError), "{bad}");
        }
    }
}
