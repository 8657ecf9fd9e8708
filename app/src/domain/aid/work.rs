//! The work list of an office: what stands first, what it is narrowed to, and how pressing a case is.

use jiff::civil::Date;

use super::TemporaryAidKind;
use super::case::CaseState;
use crate::domain::calendar::Calendar;
use crate::slugs;

/// What stands first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WorkOrder {
    /// The nearest latest day of the decision; what has none comes last, oldest first.
    #[default]
    Due,
    /// Who has waited longest.
    Waited,
}

slugs!(WorkOrder { Due = "due", Waited = "waited" });

/// Whose cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    #[default]
    All,
    /// One's own.
    Mine,
    /// Nobody's yet.
    Nobodys,
}

slugs!(Whose { All = "all", Mine = "mine", Nobodys = "nobodys" });

/// How near the latest day is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueWithin {
    /// It is past.
    Over,
    /// It is past, today, or within [`SOON_DAYS`] working days.
    Soon,
}

slugs!(DueWithin { Over = "over", Soon = "soon" });

/// What an office marks a case with. Words of one's own would be a place for what belongs in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseLabel {
    /// Somebody is to go there.
    Visit,
    /// Somebody is to ring.
    Ring,
    /// To be watched closely.
    Watch,
    /// An interpreter is needed, of another language or of signs.
    Interpreter,
}

slugs!(CaseLabel { Visit = "visit", Ring = "ring", Watch = "watch", Interpreter = "interpreter" });

/// Working days before the latest day within which a case is pressing.
pub const SOON_DAYS: u32 = 3;

/// The longest note of an office on a case, in characters.
pub const NOTE_MAX: usize = 500;

/// What the list is narrowed to, and what stands first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkFilter {
    /// What stands first.
    pub order: WorkOrder,
    /// Whose cases.
    pub whose: Whose,
    /// How far they have come.
    pub state: Option<CaseState>,
    /// How near the latest day is.
    pub due: Option<DueWithin>,
    /// Emergency or expenditure.
    pub kind: Option<TemporaryAidKind>,
    /// What they are marked with.
    pub label: Option<CaseLabel>,
}

impl WorkFilter {
    /// Reads it from an address. What is none of ours narrows nothing: an address is no form that is filled in.
    pub fn read<'a>(get: impl Fn(&str) -> &'a str) -> Self {
        Self {
            order: WorkOrder::parse(get("order")).unwrap_or_default(),
            whose: Whose::parse(get("whose")).unwrap_or_default(),
            state: CaseState::parse(get("state")).filter(|state| state.is_open()),
            due: DueWithin::parse(get("due")),
            kind: TemporaryAidKind::parse(get("kind")),
            label: CaseLabel::parse(get("label")),
        }
    }

    /// As [`Self::read`] reads it; what is as usual is left out.
    pub fn pairs(&self) -> Vec<(&'static str, &'static str)> {
        let mut pairs = Vec::new();
        if self.order != WorkOrder::default() {
            pairs.push(("order", self.order.as_str()));
        }
        if self.whose != Whose::default() {
            pairs.push(("whose", self.whose.as_str()));
        }
        pairs.extend(self.state.map(|state| ("state", state.as_str())));
        pairs.extend(self.due.map(|due| ("due", due.as_str())));
        pairs.extend(self.kind.map(|kind| ("kind", kind.as_str())));
        pairs.extend(self.label.map(|label| ("label", label.as_str())));
        pairs
    }

    /// Whether it narrows anything.
    pub fn narrows(&self) -> bool {
        Self { order: self.order, ..Self::default() } != *self
    }
}

/// How pressing a case is. The colour of each only repeats its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pressure {
    /// The resident must answer: the clock stands still.
    Waits,
    /// No limit is set, or its day lies beyond the holiday calendar.
    NoDay,
    /// So many working days too late, at least one.
    Over(u32),
    /// Today is the latest day.
    Today,
    /// In so many working days, at most [`SOON_DAYS`].
    Soon(u32),
    /// In more.
    Later(u32),
}

/// How pressing it is on `today` with this latest day.
pub fn pressure(state: CaseState, due: Option<Date>, today: Date, calendar: &Calendar) -> Pressure {
    if state == CaseState::CorrectionRequested {
        return Pressure::Waits;
    }
    let Some(due) = due else { return Pressure::NoDay };
    let between = |from, to| calendar.working_days_between(from, to);
    match due.cmp(&today) {
        std::cmp::Ordering::Equal => Pressure::Today,
        // A latest day is a working day, and so there is one at least; on the days off after it none has passed.
        std::cmp::Ordering::Less => {
            between(due, today).map_or(Pressure::NoDay, |days| Pressure::Over(days.max(1)))
        }
        std::cmp::Ordering::Greater => match between(today, due) {
            None => Pressure::NoDay,
            Some(days) if days <= SOON_DAYS => Pressure::Soon(days),
            Some(days) => Pressure::Later(days),
        },
    }
}

/// The last day that still counts as pressing on `today`.
pub fn soon_until(today: Date, calendar: &Calendar) -> Date {
    use crate::domain::calendar::Deadline;
    match calendar.add_working_days(today, SOON_DAYS) {
        Deadline::On(day) => day,
        Deadline::BeyondCalendar { loaded_to } => loaded_to,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_address_says_the_same_when_it_is_read_and_written_again() {
        let pairs = [
            ("order", "waited"),
            ("whose", "mine"),
            ("state", "accepted"),
            ("due", "soon"),
            ("kind", "emergency"),
            ("label", "ring"),
        ];
        let get = |name: &str| pairs.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
        let filter = WorkFilter::read(get);
        assert_eq!(filter.pairs(), pairs);
        assert!(filter.narrows());
        let none = WorkFilter::read(|_| "nonsense");
        assert_eq!(none, WorkFilter::default());
        assert!(none.pairs().is_empty() && !none.narrows());
        let ended = WorkFilter::read(|name| if name == "state" { "granted" } else { "" });
        assert_eq!(ended.state, None, "what has ended stands in no work list");
    }

    #[test]
    fn a_case_is_as_pressing_as_its_working_days_say() {
        let calendar = Calendar::embedded();
        let on = |due, today| pressure(CaseState::Accepted, Some(due), today, calendar);
        // Friday 20 November 2026 and the Monday after it.
        let (friday, monday) = (date(2026, 11, 20), date(2026, 11, 23));
        assert_eq!(on(friday, friday), Pressure::Today);
        assert_eq!(on(monday, friday), Pressure::Soon(1));
        assert_eq!(on(date(2026, 11, 25), friday), Pressure::Soon(3));
        assert_eq!(on(date(2026, 11, 26), friday), Pressure::Later(4));
        assert_eq!(on(friday, date(2026, 11, 21)), Pressure::Over(1));
        assert_eq!(on(friday, date(2026, 11, 24)), Pressure::Over(2));
        assert_eq!(pressure(CaseState::CorrectionRequested, Some(friday), monday, calendar), Pressure::Waits);
        assert_eq!(pressure(CaseState::Received, None, monday, calendar), Pressure::NoDay);
        assert_eq!(on(date(2027, 3, 1), date(2027, 2, 1)), Pressure::NoDay, "no calendar is loaded so far");
        assert_eq!(soon_until(friday, calendar), date(2026, 11, 25));
    }
}
