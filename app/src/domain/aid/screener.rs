//! The screener (救助自查): a few answers without names or numbers, and what each item of the catalogue says to them.
//! Advice, never a decision (个人信息保护法 24). An answer that was not given is a state of its own: it never makes a no.

mod answers;
mod finding;
mod judge;

pub use answers::{
    Answers, Care, ChildSituation, DisabilityGrade, DisabilityKind, Huji, OldestAge, Receives, ScreenerForm,
    YesNo,
};
pub use finding::{Compared, Finding, Question, Reason, ScreenedItem, Standing};
pub use judge::judge;
