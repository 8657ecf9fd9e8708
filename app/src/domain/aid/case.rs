//! The way of one application through the offices: its states, who moves it on, and the clock that stands still while the
//! resident must answer.

use jiff::civil::Date;

use super::limit::{Limit, LimitPolicy};
use crate::domain::calendar::Calendar;
use crate::slugs;

/// How far a case has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseState {
    /// It came in; the street looks whether it is complete.
    Received,
    /// The street told all that is missing (补正); the resident answers.
    CorrectionRequested,
    /// Accepted (受理): the street looks into it.
    Accepted,
    /// The street gave its opinion; another person decides.
    OpinionGiven,
    /// Aid is given.
    Granted,
    /// It is not given, for reasons that were told in writing.
    Refused,
    /// The resident took it back.
    Withdrawn,
}

slugs!(CaseState {
    Received = "received",
    CorrectionRequested = "correction_requested",
    Accepted = "accepted",
    OpinionGiven = "opinion_given",
    Granted = "granted",
    Refused = "refused",
    Withdrawn = "withdrawn",
});

/// What moves a case on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseAct {
    /// The street asks for what is missing.
    RequestCorrection,
    /// The resident answers.
    AnswerCorrection,
    /// The street accepts it.
    Accept,
    /// The street gives its opinion.
    GiveOpinion,
    /// Who decides wants it looked into again.
    SendBack,
    /// Aid is given.
    Grant,
    /// It is refused.
    Refuse,
    /// The resident takes it back.
    Withdraw,
    /// A recheck (复核) found that the refusal does not hold: the street looks into it again.
    Reopen,
    /// An objection during the public notice is looked into: a new opinion is needed.
    Reinvestigate,
}

impl CaseState {
    /// The state after an act; `None` where the act is not open in this state.
    pub fn after(self, act: CaseAct) -> Option<Self> {
        Some(match (self, act) {
            (Self::Received, CaseAct::RequestCorrection) => Self::CorrectionRequested,
            (Self::CorrectionRequested, CaseAct::AnswerCorrection) => Self::Received,
            (Self::Received, CaseAct::Accept) => Self::Accepted,
            (Self::Accepted, CaseAct::GiveOpinion) => Self::OpinionGiven,
            (Self::OpinionGiven, CaseAct::SendBack | CaseAct::Reinvestigate) => Self::Accepted,
            (Self::OpinionGiven, CaseAct::Grant) => Self::Granted,
            (Self::OpinionGiven, CaseAct::Refuse) => Self::Refused,
            (Self::Refused, CaseAct::Reopen) => Self::Accepted,
            (state, CaseAct::Withdraw) if state.is_open() => Self::Withdrawn,
            _ => return None,
        })
    }

    /// Not decided and not taken back.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::CorrectionRequested | Self::Accepted | Self::OpinionGiven)
    }
}

/// A time in which the clock stood still: from the day on which the resident was asked to the day of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The resident was asked. The day itself still counts.
    pub from: Date,
    /// The resident answered; the next day counts again. `None`: still waited for.
    pub until: Option<Date>,
}

/// The latest day of an answer to a case received on `received`, as it stands on `today`: working days in which the resident
/// was waited for are not counted, and so an open pause moves it on day by day.
pub fn latest_day(
    limit: LimitPolicy,
    received: Date,
    pauses: &[Pause],
    today: Date,
    calendar: &Calendar,
) -> Limit {
    let Some(days) = limit.working_days else { return Limit::NotSet };
    let mut waited = 0;
    for pause in pauses {
        match calendar.working_days_between(pause.from, pause.until.unwrap_or(today)) {
            Some(days) => waited += days,
            None => return Limit::BeyondCalendar(calendar.last_loaded()),
        }
    }
    let moved = LimitPolicy { working_days: Some(days.saturating_add(waited)), ..limit };
    moved.latest_day(received, calendar)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    const ACTS: [CaseAct; 10] = [
        CaseAct::RequestCorrection,
        CaseAct::AnswerCorrection,
        CaseAct::Accept,
        CaseAct::GiveOpinion,
        CaseAct::SendBack,
        CaseAct::Grant,
        CaseAct::Refuse,
        CaseAct::Withdraw,
        CaseAct::Reopen,
        CaseAct::Reinvestigate,
    ];

    proptest! {
        #[test]
        fn an_ended_case_stays_ended_unless_a_recheck_reopens_a_refusal_and_none_ends_without_an_opinion(acts in prop::collection::vec(select(&ACTS[..]), 0..40)) {
            let mut state = CaseState::Received;
            let mut opinion = false;
            for act in acts {
                let Some(next) = state.after(act) else { continue };
                let reopened = (state, act) == (CaseState::Refused, CaseAct::Reopen);
                prop_assert!(state.is_open() || reopened, "{state:?} {act:?}");
                opinion = act == CaseAct::GiveOpinion || opinion && !reopened;
                prop_assert!(!matches!(next, CaseState::Granted | CaseState::Refused) || opinion);
                state = next;
            }
        }
    }

    #[test]
    fn the_clock_stands_still_while_the_resident_must_answer() {
        let calendar = Calendar::embedded();
        let limit = LimitPolicy { working_days: Some(20), sample: false };
        let received = date(2026, 9, 18);
        let on = |pauses: &[Pause], today| latest_day(limit, received, pauses, today, calendar);
        assert_eq!(on(&[], received), Limit::On(date(2026, 10, 22)));
        // Asked on Monday 21, answered on Thursday 24 September: three working days don't count.
        let answered = Pause { from: date(2026, 9, 21), until: Some(date(2026, 9, 24)) };
        assert_eq!(on(&[answered], date(2026, 11, 1)), Limit::On(date(2026, 10, 27)));
        // Answered on the day of the question: nothing was lost.
        let same_day = Pause { from: date(2026, 9, 21), until: Some(date(2026, 9, 21)) };
        assert_eq!(on(&[same_day], date(2026, 11, 1)), Limit::On(date(2026, 10, 22)));
        // Not answered yet: the day moves on with today, by working days alone.
        let open = Pause { from: date(2026, 9, 21), until: None };
        assert_eq!(on(&[open], date(2026, 9, 24)), Limit::On(date(2026, 10, 27)));
        assert_eq!(on(&[open], date(2026, 10, 7)), on(&[open], date(2026, 9, 30)));
        // Two pauses add up.
        let second = Pause { from: date(2026, 10, 12), until: Some(date(2026, 10, 13)) };
        assert_eq!(on(&[answered, second], date(2026, 11, 1)), Limit::On(date(2026, 10, 28)));
    }

    #[test]
    fn deadline_into_an_unloaded_year_is_an_explicit_state() {
        let calendar = Calendar::embedded();
        let limit = LimitPolicy { working_days: Some(20), sample: false };
        let open = Pause { from: date(2026, 12, 1), until: None };
        let beyond = Limit::BeyondCalendar(date(2026, 12, 31));
        assert_eq!(latest_day(limit, date(2026, 11, 26), &[open], date(2027, 1, 5), calendar), beyond);
        assert_eq!(latest_day(limit, date(2026, 11, 26), &[open], date(2026, 12, 30), calendar), beyond);
        let none = LimitPolicy::default();
        assert_eq!(latest_day(none, date(2026, 11, 26), &[open], date(2027, 1, 5), calendar), Limit::NotSet);
    }
}
