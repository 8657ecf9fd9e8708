//! Marriage registration: offices, what they offer, bookings, and who is at the door.

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
