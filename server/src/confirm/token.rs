//! Signing and checking tokens: `app::domain::confirm` reads and judges them, this adds the arithmetic.

use app::domain::confirm::Claims;
use app::domain::confirm::check::{CheckAnswer, Question};
use app::domain::confirm::keys::PublicKeys;
use app::domain::confirm::token::prepare;
use app::domain::time::Instant;

use super::ConfirmationKey;
use super::keys::fits;

/// Signs claims; gives the token's bytes.
///
/// # Errors
/// The claims can't be written as CBOR, or the key does not sign.
pub(crate) async fn sign(claims: &Claims, key: &ConfirmationKey) -> anyhow::Result<Vec<u8>> {
    let unsigned = prepare(claims, key.public().id, key.public().algorithm)?;
    let signature = key.sign(&unsigned.message()).await?;
    Ok(unsigned.signed(signature)?)
}

/// Judges a token at the time `now`. How it stands in the records is another question.
pub(crate) fn verify(text: &str, keys: &PublicKeys, issuer: &str, now: Instant) -> CheckAnswer {
    match Question::ask(text, keys, issuer) {
        Ok(question) => {
            let fits = fits(question.key(), question.message(), question.signature());
            question.answer(fits, now)
        }
        Err(state) => state.into(),
    }
}

#[cfg(test)]
mod tests {
    use app::domain::confirm::check::CheckState;
    use app::domain::confirm::token::encode_base32;
    use app::domain::confirm::{ConfirmationKind, Holder};

    use super::*;

    fn key(folder: &tempfile::TempDir, name: &str) -> ConfirmationKey {
        let path = folder.path().join(name);
        ConfirmationKey::create(&path).and_then(|()| ConfirmationKey::load(&path)).expect("a key")
    }

    fn said(answer: &CheckAnswer) -> (CheckState, Option<Claims>) {
        (answer.state, answer.claims.clone())
    }

    fn claims() -> Claims {
        Claims {
            issuer: "XW".into(),
            issued_at: 1_795_000_000,
            not_before: None,
            expires_at: 1_826_536_000,
            id: [0xA5; 10],
            kind: ConfirmationKind::AidReceipt,
            number: "LS261123483920".into(),
            office: 320_214_050,
            start: 1_795_000_000,
            minutes: 0,
            holder: None,
        }
    }

    fn card() -> Claims {
        let holder = Holder { name: "阿＊＊＊".into(), document_tail: "99X".into() };
        let number = "KP261123483920".into();
        Claims { kind: ConfirmationKind::Card, number, holder: Some(holder), ..claims() }
    }

    #[tokio::test]
    async fn a_card_names_its_holder_and_a_receipt_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let keys = PublicKeys::default().with(key.public().clone());
        for claims in [card(), claims()] {
            let token = encode_base32(&sign(&claims, &key).await.expect("signed"));
            assert_eq!(said(&verify(&token, &keys, "XW", NOW)), (CheckState::Valid, Some(claims)));
        }
        assert!(!format!("{:?}", card()).contains("99X"));
    }

    const NOW: Instant = Instant(1_795_000_001_000);

    #[tokio::test]
    async fn a_token_is_read_back_in_any_dress() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let keys = PublicKeys::default().with(key.public().clone());
        let token = encode_base32(&sign(&claims(), &key).await.expect("signed"));
        for text in [token.clone(), token.to_lowercase(), format!(" HTTPS://XW.EXAMPLE.CN/V/{token}\n")] {
            assert_eq!(said(&verify(&text, &keys, "XW", NOW)), (CheckState::Valid, Some(claims())));
        }
    }

    #[tokio::test]
    async fn every_altered_bit_of_a_token_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let keys = PublicKeys::default().with(key.public().clone());
        let token = sign(&claims(), &key).await.expect("signed");
        for at in 0..token.len() {
            for bit in 0..8 {
                let mut altered = token.clone();
                altered[at] ^= 1 << bit;
                let outcome = verify(&encode_base32(&altered), &keys, "XW", NOW).state;
                assert!(
                    matches!(outcome, CheckState::Altered | CheckState::UnknownKey | CheckState::NotOurs),
                    "byte {at} bit {bit}: {outcome:?}"
                );
            }
        }
    }

    #[tokio::test]
    async fn spare_bits_truncation_and_trailing_bytes_are_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = key(&folder, "a.pem");
        let keys = PublicKeys::default().with(key.public().clone());
        let token = sign(&claims(), &key).await.expect("signed");
        let mut longer = token.clone();
        longer.push(0);
        assert_eq!(verify(&encode_base32(&longer), &keys, "XW", NOW).state, CheckState::NotOurs);
        assert_eq!(
            verify(&encode_base32(&token[..token.len() - 1]), &keys, "XW", NOW).state,
            CheckState::NotOurs
        );
        for text in ["", "/V/", "1", "你好", "LS261123483920"] {
            assert_eq!(verify(text, &keys, "XW", NOW).state, CheckState::NotOurs, "{text}");
        }
    }

    #[tokio::test]
    async fn another_key_another_issuer_and_another_time_are_each_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let key_a = key(&folder, "a.pem");
        let token = encode_base32(&sign(&claims(), &key_a).await.expect("signed"));
        let others = PublicKeys::default().with(key(&folder, "b.pem").public().clone());
        let keys = others.clone().with(key_a.public().clone());
        assert_eq!(verify(&token, &others, "XW", NOW).state, CheckState::UnknownKey);
        assert_eq!(verify(&token, &keys, "YZ", NOW).state, CheckState::NotOurs);
        let later = Instant(claims().expires_at * 1_000);
        assert_eq!(said(&verify(&token, &keys, "XW", later)), (CheckState::Expired, Some(claims())));
        let future = Claims { not_before: Some(1_795_000_500), ..claims() };
        let token = encode_base32(&sign(&future, &key_a).await.expect("signed"));
        assert_eq!(said(&verify(&token, &keys, "XW", NOW)), (CheckState::NotYet, Some(future)));
    }
}
