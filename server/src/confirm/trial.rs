//! `server keys try`: does the key that signs now sign, and how fast? Nothing is stored.

use std::time::{Duration, Instant as Stopwatch};

use anyhow::ensure;
use app::domain::area::district;
use app::domain::confirm::Holder;
use app::domain::confirm::check::CheckState;
use app::domain::time::Instant;

use super::{KeyRing, issue_card, qr_svg, verify};

/// The most signs of a deployment's address.
const ADDRESS: usize = 40;

/// Issues `count` cards of nobody with their QR codes, as long as cards get, and checks each, one after the other. Gives the
/// lines for the terminal.
///
/// # Errors
/// The key does not sign, or what it signed is not valid.
pub(crate) async fn run(ring: &KeyRing, count: u32, now: Instant) -> anyhow::Result<Vec<String>> {
    let address = "H".repeat(ADDRESS);
    let mut texts = Vec::new();
    let began = Stopwatch::now();
    for _ in 0..count {
        let holder = Holder { name: "试＊＊＊".to_owned(), document_tail: "000".to_owned() };
        let card = issue_card(ring.signing(), "TEST", "KP000000000000", district(), holder, now).await?;
        let text = format!("{address}/V/{}", card.token);
        qr_svg(&text)?;
        texts.push(text);
    }
    let signing = began.elapsed();
    let began = Stopwatch::now();
    for text in &texts {
        let state = verify(text, ring.public(), "TEST", now).state;
        ensure!(
            state == CheckState::Valid,
            "what key {} signed is {}",
            ring.signing().public().id,
            state.as_str()
        );
    }
    let checking = began.elapsed();
    Ok(vec![
        format!(
            "Key {} signs: {count} cards with their QR codes, {}",
            ring.signing().public().id,
            each(signing, count)
        ),
        format!("They are valid: {count} checks, {}", each(checking, count)),
    ])
}

fn each(took: Duration, count: u32) -> String {
    format!("{} microseconds each", took.as_micros() / u128::from(count.max(1)))
}
