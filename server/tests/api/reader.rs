//! An independent reader, PyPI's cwt, fetches the published keys from the running server and judges what it signed.

#![cfg(test)]

use std::path::PathBuf;

use app::domain::confirm::check::Standing;
use app::domain::confirm::list::{ListEntry, StateList};
use app::domain::confirm::token::encode_base32;
use app::domain::confirm::{Claims, ConfirmationKind, Holder};

use super::TestApp;
use crate::confirm::sign;
use crate::store_tests::NOW;

/// The Python that `make setup-test` put cwt into.
fn python() -> PathBuf {
    if let Some(named) = std::env::var_os("CWT_PYTHON") {
        return named.into();
    }
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map_or_else(|| PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache"), PathBuf::from);
    let tools = cache.join("zhangshangban/tools");
    let mut found: Vec<_> = std::fs::read_dir(&tools)
        .unwrap_or_else(|_| panic!("{} is missing: make setup-test", tools.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("cwt-"))
        .collect();
    found.sort();
    found.pop().expect("cwt is missing: make setup-test").join("bin/python")
}

/// What the reader says of a text, with the keys at an address: the claims, or why it refuses.
async fn read(text: &str, keys: &str) -> Result<serde_json::Value, String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/tools/verify_cwt.py");
    let done = tokio::process::Command::new(python()).args([script, text, keys]).output().await.unwrap();
    if done.status.success() {
        Ok(serde_json::from_slice(&done.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&done.stderr).into_owned())
    }
}

fn altered(text: &str) -> String {
    let at = text.len() / 2;
    let other = if &text[at..=at] == "A" { "B" } else { "A" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// The reader looks at the clock itself, so these hold for long.
const EXPIRES: i64 = 4_102_444_800;

#[tokio::test]
async fn an_independent_reader_verifies_every_kind_with_the_published_keys() {
    let app = TestApp::start().await;
    let places =
        [format!("{}/.well-known/jwks.json", app.base), format!("{}/.well-known/cose-keys", app.base)];
    for kind in ConfirmationKind::ALL {
        let claims = Claims {
            issuer: "XW".into(),
            issued_at: NOW.seconds() - 86_400,
            not_before: kind.use_once().then(|| NOW.seconds() - 3_600),
            expires_at: EXPIRES,
            id: [0xA5; 10],
            kind: *kind,
            number: "KP261123483920".into(),
            office: 320_214_050,
            start: NOW.seconds(),
            minutes: 90,
            holder: kind
                .names_holder()
                .then(|| Holder { name: "王＊＊".into(), document_tail: "99X".into() }),
        };
        let token = encode_base32(&sign(&claims, app.site.keys().signing()).await.unwrap());
        let text = format!("HTTPS://XW.EXAMPLE.CN/V/{token}");
        for keys in &places {
            let read_claims = read(&text, keys).await.unwrap();
            assert_eq!(read_claims["1"], "XW");
            assert_eq!(
                (read_claims["4"].as_i64(), read_claims["7"].as_str()),
                (Some(EXPIRES), Some("a5a5a5a5a5a5a5a5a5a5"))
            );
            let mut details =
                serde_json::json!([1, kind.code(), "KP261123483920", 320_214_050, NOW.seconds(), 90]);
            if kind.names_holder() {
                details.as_array_mut().unwrap().extend(["王**".into(), "99X".into()]);
            }
            assert_eq!(read_claims["-70001"], details, "{kind:?}");
        }
        let refused = read(&altered(&text), &places[kind.code() as usize % 2]).await.unwrap_err();
        assert!(refused.contains("refused"), "{kind:?}: {refused}");
    }
}

#[tokio::test]
async fn an_independent_reader_verifies_a_state_list_and_refuses_an_altered_one() {
    let app = TestApp::start().await;
    let places =
        [format!("{}/.well-known/jwks.json", app.base), format!("{}/.well-known/cose-keys", app.base)];
    let entries = vec![ListEntry { id: [3; 10], standing: Standing::Cancelled(NOW) }];
    let list = StateList::new("XW".into(), NOW, entries);
    let ring = app.site.keys();
    let (id, algorithm) = (ring.signing().public().id, ring.signing().public().algorithm);
    let unsigned = list.prepare(id, algorithm).unwrap();
    let signature = ring.signing().sign(&unsigned.message()).await.unwrap();
    let text = encode_base32(&unsigned.signed(signature).unwrap());
    for keys in &places {
        let read_list = read(&text, keys).await.unwrap();
        assert_eq!(read_list["6"], NOW.seconds());
        assert_eq!(read_list["-70002"], serde_json::json!([1, [["03".repeat(10), 1, NOW.seconds(), 0]]]));
        assert!(read(&altered(&text), keys).await.unwrap_err().contains("refused"));
    }
}
