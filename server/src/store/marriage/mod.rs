//! Marriage registration: offices and what is known of them.

pub(crate) mod offices;
