//! Marriage registration: offices, what they offer, bookings, and who is at the door.

/// Does a whole act again where PostgreSQL ended its transaction because two waited for each other: nothing of it is there then. The
/// order in which acts take their rows keeps most of them apart; what a unique index waits for has no order.
macro_rules! unless_deadlocked {
    ($refusal:ty, $act:block) => {{
        let mut tries = 0;
        loop {
            let answer: Result<_, $refusal> = async $act.await;
            match answer {
                Err(refusal) if tries < 9 && refusal.is_deadlock() => tries += 1,
                answer => break answer,
            }
        }
    }};
}

mod acceptances;
pub(crate) mod bookings;
pub(crate) mod door;
mod draw_entries;
mod draw_people;
pub(crate) mod draws;
mod ending;
mod history;
mod hot_days;
pub(crate) mod moving;
mod no_shows;
pub(crate) mod notes;
pub(crate) mod offices;
pub(crate) mod plans;
pub(crate) mod reading;
mod telling;
pub(crate) mod waiting;

pub(super) use ending::retire_bookings;
