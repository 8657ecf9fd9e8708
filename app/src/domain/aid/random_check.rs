//! 随机抽查: which of the cases that wait for a decision the district looks into itself (特困人员认定办法 art. 16: at least 30 %).
//!
//! The hash of a seed is made public before anybody knows which cases there will be, the seed after the draw; so whoever
//! knows the cases' numbers can work out again that no case was picked by hand.

use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// How many of `count` cases are drawn at `percent`: rounded up, so that the share is never less.
pub fn sample_size(count: usize, percent: u8) -> usize {
    (count * usize::from(percent)).div_ceil(100)
}

/// What is made public of a seed before it is used: the SHA-256 of its text, in hexadecimal.
pub fn commitment(seed: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(seed.as_bytes()))
}

/// The lot of a case: the SHA-256 of the seed, a line feed and the case's number, in hexadecimal. The smallest are drawn.
pub fn lot(seed: &str, number: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(format!("{seed}\n{number}").as_bytes()))
}

/// Which of the numbers are drawn, in the order that they came in.
pub fn drawn<'a>(seed: &str, numbers: &[&'a str], percent: u8) -> Vec<&'a str> {
    let mut lots: Vec<_> = numbers.iter().map(|number| (lot(seed, number), *number)).collect();
    lots.sort_unstable();
    lots.truncate(sample_size(numbers.len(), percent));
    numbers.iter().copied().filter(|number| lots.iter().any(|(_, drawn)| drawn == number)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tekun_measures_article_16_three_in_ten_or_more_are_drawn() {
        let sizes: Vec<_> = [0, 1, 2, 3, 4, 7, 10, 11, 100].map(|count| sample_size(count, 30)).into();
        assert_eq!(sizes, [0, 1, 1, 1, 2, 3, 3, 4, 30]);
    }

    #[test]
    fn the_draw_can_be_worked_out_with_any_tool() {
        // printf 'seed' | sha256sum; printf 'seed\nTK1' | sha256sum
        assert_eq!(commitment("seed"), "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b");
        assert_eq!(lot("seed", "TK1"), HEXLOWER.encode(&Sha256::digest(b"seed\nTK1")));
    }

    proptest! {
        #[test]
        fn the_draw_depends_on_the_seed_and_the_numbers_alone(seed in "[a-f0-9]{32}", count in 0usize..60, turned in any::<bool>()) {
            let numbers: Vec<String> = (0..count).map(|at| format!("TK261123{at:06}")).collect();
            let mut asked: Vec<&str> = numbers.iter().map(String::as_str).collect();
            let first = drawn(&seed, &asked, 30);
            if turned { asked.reverse(); }
            let mut second = drawn(&seed, &asked, 30);
            second.sort_unstable();
            prop_assert_eq!(&first, &second);
            prop_assert!(first.len() * 100 >= count * 30);
            prop_assert_eq!(first.len(), sample_size(count, 30));
        }
    }
}
