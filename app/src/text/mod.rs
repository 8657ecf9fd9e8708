//! What residents read: sentences and labels apart from logic, so that a clerk can proofread them.

pub mod aid;
pub mod audit;
#[cfg(feature = "ssr")]
pub mod benefit;
#[cfg(feature = "ssr")]
pub mod case;
#[cfg(feature = "ssr")]
pub mod charity;
pub mod check;
pub mod errors;
#[cfg(feature = "ssr")]
pub mod follow_up;
#[cfg(feature = "ssr")]
pub mod found;
#[cfg(feature = "ssr")]
pub mod inquiry;
#[cfg(feature = "ssr")]
pub mod marriage;
#[cfg(feature = "ssr")]
pub mod meals;
pub mod papers;
pub mod privacy;
pub mod proxy;
pub mod retention;
pub mod screener;
#[cfg(feature = "ssr")]
pub mod sharing;
pub mod staff;
pub mod standards;
#[cfg(feature = "ssr")]
pub mod timebank;
pub mod verify;
pub mod work;

/// A short code as shown: 4-4.
pub fn short_code(code: &str) -> String {
    code.split_at_checked(4).map(|(left, right)| format!("{left}-{right}")).unwrap_or_default()
}

/// A short code for those who listen: sign by sign, in groups of four, as one would read it out over the telephone.
pub fn spoken_code(code: &str) -> String {
    let signs: Vec<String> = code.chars().filter(char::is_ascii_alphanumeric).map(String::from).collect();
    signs.chunks(4).map(|group| group.join("、")).collect::<Vec<_>>().join("，")
}

/// A case's number in groups that can be read out: `LS 261123 483920`.
pub fn case_number(number: &str) -> String {
    match (number.get(..2), number.get(2..8), number.get(8..)) {
        (Some(letters), Some(day), Some(digits)) => format!("{letters} {day} {digits}"),
        _ => number.to_owned(),
    }
}

/// A page of ours with the one to go to afterwards: `/sign-in?next=/me`.
pub fn path_with_next(path: &str, next: &str) -> String {
    if next.is_empty() || next == "/" { path.to_owned() } else { format!("{path}?next={next}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_out_sign_by_sign() {
        assert_eq!(spoken_code(&short_code("7K3M9QXD")), "7、K、3、M，9、Q、X、D");
    }
}
