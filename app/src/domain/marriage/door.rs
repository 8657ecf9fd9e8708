//! At the door of an office: couples are there, have a number, are called, and leave the counter. As everywhere, no state says
//! that a marriage is registered.

use serde::{Deserialize, Serialize};

use super::Matter;
use crate::domain::form::{FieldError, FormErrors, Prompt, Rule};
use crate::domain::normalise;
use crate::slugs;

/// The highest number of a counter.
pub const COUNTERS_MAX: u32 = 99;

/// How a couple that came stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitState {
    /// They wait for their number.
    Waiting,
    /// Their number is called.
    Called,
    /// They were at the counter and have left it.
    Served,
    /// They went without being served.
    Left,
}

slugs!(VisitState { Waiting = "waiting", Called = "called", Served = "served", Left = "left" });

/// A couple at the door.
#[derive(Clone, PartialEq, Eq)]
pub struct Visit {
    /// The row's id.
    pub id: String,
    /// The number of the day, as it is called.
    pub number: i64,
    /// The booking; nothing for those who came without.
    pub booking: Option<String>,
    /// For what.
    pub matter: Matter,
    /// The minute of the day from which it is their turn: when their time begins, or when they came, if that was later.
    pub due: u16,
    /// How they stand.
    pub state: VisitState,
    /// The counter that calls them, or called them.
    pub counter: Option<i64>,
    /// Both masked names; empty for those who came without a booking.
    pub names: Vec<String>,
}

crate::masked_debug!(Visit);

impl Visit {
    /// What comes first at that minute: whose time has come, and of those who booked; then the time, then the number.
    fn order(&self, minute: u16) -> (bool, bool, u16, i64) {
        (self.due > minute, self.booking.is_none(), self.due, self.number)
    }

    /// Whether it waits.
    fn waits(&self) -> bool {
        self.state == VisitState::Waiting
    }
}

/// Who is called next at that minute.
pub fn next_of(visits: &[Visit], minute: u16) -> Option<&Visit> {
    visits.iter().filter(|visit| visit.waits()).min_by_key(|visit| visit.order(minute))
}

/// Those who wait, in the order in which they would be called if nobody else came.
pub fn queue(visits: &[Visit], minute: u16) -> Vec<&Visit> {
    let mut waiting: Vec<_> = visits.iter().filter(|visit| visit.waits()).collect();
    waiting.sort_by_key(|visit| visit.order(minute));
    waiting
}

/// How many couples are called before this one; `None` where it does not wait.
pub fn before(visits: &[Visit], id: &str, minute: u16) -> Option<usize> {
    queue(visits, minute).iter().position(|visit| visit.id == id)
}

/// What a couple reads about itself once it is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The number.
    pub number: i64,
    /// How it stands.
    pub state: VisitState,
    /// The counter that calls.
    pub counter: Option<i64>,
    /// How many couples are called before.
    pub before: usize,
}

impl Arrival {
    /// What is so of one visit of the day.
    pub fn of(visits: &[Visit], id: &str, minute: u16) -> Option<Self> {
        let visit = visits.iter().find(|visit| visit.id == id)?;
        Some(Self {
            number: visit.number,
            state: visit.state,
            counter: visit.counter,
            before: before(visits, id, minute).unwrap_or_default(),
        })
    }
}

/// What a clerk does with a couple that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoorAct {
    /// Called once more.
    Again,
    /// Called and not there: their turn comes again after those who are due now.
    Skip,
    /// They have left the counter.
    Served,
    /// They have gone.
    Left,
}

slugs!(DoorAct { Again = "again", Skip = "skip", Served = "served", Left = "left" });

/// A code, scanned or typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArriveForm {
    /// The whole confirmation as a scanner types it, its short code, or the booking's number.
    pub code: String,
}

crate::masked_debug!(ArriveForm);

/// A couple without a booking, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WalkInForm {
    /// Slug of a [`Matter`].
    pub matter: String,
    /// `yes` where both are there.
    pub both: String,
}

/// Whether both are there (民法典 1049).
///
/// # Errors
/// [`Prompt::BothThere`].
pub fn both_there(both: &str) -> Result<(), Prompt> {
    if both == "yes" { Ok(()) } else { Err(Prompt::BothThere) }
}

impl WalkInForm {
    /// Checks it.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn parse(&self) -> Result<Matter, FormErrors> {
        let mut errors = FormErrors::default();
        let matter = errors.keep("matter", Matter::parse(&self.matter).ok_or(Prompt::MarriageAnswer));
        let both = errors.keep("both", both_there(&self.both));
        match (matter, both) {
            (Some(matter), Some(())) => Ok(matter),
            _ => Err(errors),
        }
    }
}

/// The counter that calls, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallForm {
    /// 1 to 99.
    pub counter: String,
}

impl CallForm {
    /// Checks it.
    ///
    /// # Errors
    /// The field `counter`.
    pub fn parse(&self) -> Result<u32, FormErrors> {
        let mut errors = FormErrors::default();
        let counter = normalise::digits(&self.counter).parse::<u32>().ok();
        let counter = counter.filter(|counter| (1..=COUNTERS_MAX).contains(counter));
        errors.keep("counter", counter.ok_or(FieldError::from(Rule::NotACount))).ok_or(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(number: i64, booked: bool, due: u16) -> Visit {
        Visit {
            id: format!("v{number}"),
            number,
            booking: booked.then(|| format!("b{number}")),
            matter: Matter::MarriageRegistration,
            due,
            state: VisitState::Waiting,
            counter: None,
            names: Vec::new(),
        }
    }

    /// 电子签名法 3: what is said of a marriage is said on paper at the counter.
    #[test]
    fn the_door_knows_no_registered_state() {
        let states: Vec<_> = VisitState::ALL.iter().map(|state| state.as_str()).collect();
        assert_eq!(states, ["waiting", "called", "served", "left"]);
    }

    #[test]
    fn who_booked_and_is_due_comes_first_then_who_came_without_then_who_is_early() {
        // 9:10. One came at 8:40 without a booking, two booked for 9:00, one for 13:00.
        let visits =
            vec![visit(1, false, 520), visit(2, true, 780), visit(3, true, 540), visit(4, true, 545)];
        let numbers = |minute| queue(&visits, minute).iter().map(|visit| visit.number).collect::<Vec<_>>();
        assert_eq!(numbers(550), [3, 4, 1, 2]);
        assert_eq!(next_of(&visits, 550).map(|visit| visit.number), Some(3));
        assert_eq!((before(&visits, "v2", 550), before(&visits, "v3", 550)), (Some(3), Some(0)));
        assert_eq!(numbers(780), [3, 4, 2, 1], "at 13:00 the afternoon's couple is due too");
    }

    #[test]
    fn only_those_who_wait_are_before_and_each_reads_its_own() {
        let mut visits = vec![visit(1, true, 540), visit(2, true, 540), visit(3, true, 540)];
        visits[0].state = VisitState::Called;
        visits[0].counter = Some(3);
        let arrival = Arrival::of(&visits, "v3", 545).unwrap();
        assert_eq!((arrival.number, arrival.before, arrival.state), (3, 1, VisitState::Waiting));
        let called = Arrival::of(&visits, "v1", 545).unwrap();
        assert_eq!((called.before, called.counter), (0, Some(3)));
        assert_eq!(Arrival::of(&visits, "none", 545), None);
    }

    #[test]
    fn every_fault_of_the_doors_forms_is_told() {
        let errors = WalkInForm::default().parse().unwrap_err();
        assert_eq!(errors.of("matter"), Some(&Prompt::MarriageAnswer.into()));
        assert_eq!(errors.of("both"), Some(&Prompt::BothThere.into()));
        for counter in ["", "0", "100", "三"] {
            assert!(CallForm { counter: counter.into() }.parse().is_err(), "{counter}");
        }
        assert_eq!(CallForm { counter: "３".into() }.parse().ok(), Some(3));
    }
}
