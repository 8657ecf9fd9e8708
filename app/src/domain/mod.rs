//! Pure rules and types: no I/O, no clock, no randomness. The server and the browser use the same ones.

pub mod aid;
pub mod area;
pub mod audit;
pub mod bank;
pub mod calendar;
pub mod complaint;
pub mod confirm;
pub mod counter;
#[cfg(feature = "ssr")]
pub mod divisions;
pub mod document;
pub mod form;
pub mod money;
pub mod name;
pub mod normalise;
#[cfg(feature = "ssr")]
pub mod notices;
pub mod person;
pub mod phone;
pub mod proxy;
#[cfg(feature = "ssr")]
pub mod quiet_hours;
pub mod retention;
pub mod staff;
pub mod time;
pub mod written;
