//! What residents read: sentences and labels apart from logic, so that a clerk can proofread them.

pub mod aid;
pub mod errors;
pub mod privacy;
pub mod staff;
pub mod retention;

/// A short code as shown: 4-4.
pub fn short_code(code: &str) -> String {
    code.split_at_checked(4).map(|(left, right)| format!("{left}-{right}")).unwrap_or_default()
}

/// A case's number in groups that can be read out: `LS 261123 483920`.
pub fn case_number(number: &str) -> String {
    match (number.get(..2), number.get(2..8), number.get(8..)) {
        (Some(letters), Some(day), Some(digits)) => format!("{letters} {day} {digits}"),
        _ => number.to_owned(),
    }
}
