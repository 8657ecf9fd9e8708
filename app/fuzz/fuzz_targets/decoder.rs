//! Bytes of anybody in place of a token, of its text and of the two lists: nothing fails, and what is read has this one spelling.

#![no_main]

use app::domain::confirm::check::{CheckState, Question};
use app::domain::confirm::keys::PublicKeys;
use app::domain::confirm::list::{DayList, StateList};
use app::domain::confirm::token::{encode_base32, prepare, read};
use app::domain::confirm::{CaseNumber, ShortCode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(signed) = read(&encode_base32(bytes)) {
        let again = prepare(&signed.content, signed.key, app::domain::confirm::keys::Algorithm::Ed25519)
            .expect("what was read can be written");
        // Another algorithm is read, to be called altered later; it is not written again.
        if signed.algorithm == Some(-8) {
            assert_eq!(again.message(), signed.message);
            assert_eq!(again.signed(signed.signature).expect("written"), bytes);
        }
    }
    if let Some(signed) = StateList::read(bytes) {
        let again = StateList::new(
            signed.content.issuer.clone(),
            signed.content.made_at,
            signed.content.entries().to_vec(),
        );
        assert_eq!(again, signed.content);
    }
    let _ = DayList::read(bytes);
    let text = String::from_utf8_lossy(bytes);
    let _ = read(&text);
    let _ = CaseNumber::parse(&text);
    let _ = ShortCode::parse(&text);
    let asked = Question::ask(&text, &PublicKeys::default(), "XW");
    assert!(matches!(asked, Err(CheckState::NotOurs | CheckState::UnknownKey)), "nobody's key is known");
});
