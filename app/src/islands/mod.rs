//! The only code that runs in the browser. Without it every page does its work all the same.

mod live_checks;

pub use live_checks::LiveChecks;
