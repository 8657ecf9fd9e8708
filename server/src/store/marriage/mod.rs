//! Marriage registration: offices, what they offer, and bookings.

pub(crate) mod bookings;
mod ending;
pub(crate) mod offices;
pub(crate) mod plans;

pub(super) use ending::retire_bookings;
