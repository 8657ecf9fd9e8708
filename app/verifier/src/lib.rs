//! What the page that checks confirmations decides without a browser: how old a list may be, whose clock is wrong, what was
//! typed or scanned, what is shown, and what other counters say of our scans.

pub mod age;
pub mod clock;
pub mod input;
pub mod lists;
pub mod scans;
pub mod shown;
