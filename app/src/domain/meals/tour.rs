//! Bringing meals to doors: in which order one walks, and how the time of a walk is told by its doors.

use crate::domain::time::Instant;

/// The house that a door is in: 「新光路 1 号 502 室」 is 「新光路 1 号」, 「春潮花园 12 幢 301」 is 「春潮花园 12 幢」. All of it
/// where no house can be told.
pub fn building(address: &str) -> &str {
    let signs = |of: &[char]| address.char_indices().find(|(_, sign)| of.contains(sign));
    // A house in a compound is nearer than the number in the road.
    match signs(&['幢', '栋', '座']).or_else(|| signs(&['号'])) {
        Some((at, sign)) => address.get(..at + sign.len_utf8()).unwrap_or(address),
        None => address,
    }
}

/// What addresses are sorted by: numbers by their size, so that 2 号 comes before 10 号.
pub fn route_key(address: &str) -> String {
    let mut key = String::with_capacity(address.len() + 16);
    let mut digits = String::new();
    for sign in address.chars().chain(['\u{0}']) {
        if sign.is_ascii_digit() {
            digits.push(sign);
            continue;
        }
        if !digits.is_empty() {
            key.push_str(&format!("{digits:0>8}"));
            digits.clear();
        }
        if sign != '\u{0}' && !sign.is_whitespace() {
            key.push(sign);
        }
    }
    key
}

/// Until when a door counts whose walk, or the door before it, counted until `before`: whole minutes, and what is left over goes
/// to the next door, so that a walk loses none.
pub fn door_counts_until(before: Instant, now: Instant) -> Instant {
    Instant(before.0 + (now.0 - before.0).max(0) / 60_000 * 60_000)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_walks_house_by_house_and_numbers_count_by_their_size() {
        assert_eq!(building("新光路 1 号 502 室"), "新光路 1 号");
        assert_eq!(building("长江路 9 号春潮花园 12 幢 301"), "长江路 9 号春潮花园 12 幢");
        assert_eq!(building("村口第一家"), "村口第一家");
        let mut doors = ["新光路 10 号", "新光路 2 号 12 室", "新光路 2 号 3 室"];
        doors.sort_by_key(|door| route_key(door));
        assert_eq!(doors, ["新光路 2 号 3 室", "新光路 2 号 12 室", "新光路 10 号"]);
    }

    proptest! {
        #[test]
        fn a_walk_of_any_doors_has_its_own_whole_minutes(
            gaps in proptest::collection::vec(0_i64..600_000, 1..30),
        ) {
            let begun = Instant(1_795_413_900_000);
            let (mut now, mut counted, mut minutes) = (begun, begun, 0);
            for gap in gaps {
                now = Instant(now.0 + gap);
                let until = door_counts_until(counted, now);
                minutes += (until.0 - counted.0) / 60_000;
                counted = until;
            }
            prop_assert_eq!(minutes, (now.0 - begun.0) / 60_000);
        }
    }
}
