//! What residents read: sentences and labels apart from logic, so that a clerk can proofread them.

pub mod aid;
pub mod errors;
pub mod privacy;

/// A short code as shown: 4-4.
pub fn short_code(code: &str) -> String {
    code.split_at_checked(4).map(|(left, right)| format!("{left}-{right}")).unwrap_or_default()
}
