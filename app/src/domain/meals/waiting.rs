//! The line for a dish that is full: first come, first served, and nobody is taken for sure to come who was not asked.

use jiff::civil::Date;

use super::point::{MealKind, MealMode};
use crate::slugs;

/// How somebody's waiting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitState {
    /// In the line; the next freed meal is ordered for the first one.
    Waiting,
    /// The cut-off is past: who is next is rung when a meal is given up late.
    Standby,
    /// It came to a meal.
    Given,
    /// Left the line.
    Left,
    /// Was rung, and does not come.
    Declined,
    /// Was rung, and did not answer.
    Unreached,
    /// It came to nothing.
    Over,
}

slugs!(WaitState {
    Waiting = "waiting",
    Standby = "standby",
    Given = "given",
    Left = "left",
    Declined = "declined",
    Unreached = "unreached",
    Over = "over",
});

impl WaitState {
    /// Still in the line.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Standby)
    }
}

/// Somebody in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptWait {
    /// The row's id.
    pub id: String,
    /// Who waits.
    pub eater: String,
    /// For which dish.
    pub dish: String,
    /// Its name.
    pub dish_name: String,
    /// The point.
    pub point: String,
    /// The day.
    pub day: Date,
    /// Which meal.
    pub kind: MealKind,
    /// How it would come.
    pub mode: MealMode,
    /// How it stands.
    pub state: WaitState,
    /// The meal that it came to.
    pub meal: Option<String>,
    /// The place in the line, from 1; 0 for somebody who is out of it.
    pub place: i64,
}

/// What a point heard on the telephone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitAnswer {
    /// They come.
    Comes,
    /// They don't.
    Declines,
    /// Nobody answered.
    Unreached,
}

slugs!(WaitAnswer { Comes = "comes", Declines = "declines", Unreached = "unreached" });
