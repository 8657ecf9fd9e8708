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
#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the server")]
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

/// What the reader says of texts, with the keys at an address: the claims of each, or why it refuses.
async fn read(texts: &[String], keys: &str) -> Result<Vec<serde_json::Value>, String> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../end2end/tools/verify_cwt.py");
    let done = tokio::process::Command::new(python())
        .args([script, &texts.join("\n"), keys])
        .output()
        .await
        .unwrap();
    if done.status.success() {
        let lines = String::from_utf8(done.stdout).unwrap();
        Ok(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
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
    let mut texts = Vec::new();
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
        texts.push(format!("HTTPS://XW.EXAMPLE.CN/V/{token}"));
    }
    for keys in &places {
        for (kind, claims) in ConfirmationKind::ALL.iter().zip(read(&texts, keys).await.unwrap()) {
            let (expires, id) = (claims["4"].as_i64(), claims["7"].as_str());
            assert_eq!((expires, id), (Some(EXPIRES), Some("a5a5a5a5a5a5a5a5a5a5")));
            assert_eq!((claims["1"].as_str(), claims.get("5").is_some()), (Some("XW"), kind.use_once()));
            let mut details =
                serde_json::json!([1, kind.code(), "KP261123483920", 320_214_050, NOW.seconds(), 90]);
            if kind.names_holder() {
                details.as_array_mut().unwrap().extend(["王**".into(), "99X".into()]);
            }
            assert_eq!(claims["-70001"], details, "{kind:?}");
        }
        let refused = read(&[altered(&texts[1])], keys).await.unwrap_err();
        assert!(refused.contains("refused"), "{refused}");
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
        let read_list = &read(std::slice::from_ref(&text), keys).await.unwrap()[0];
        assert_eq!(read_list["6"], NOW.seconds());
        assert_eq!(read_list["-70002"], serde_json::json!([1, [["03".repeat(10), 1, NOW.seconds(), 0]]]));
        assert!(read(&[altered(&text)], keys).await.unwrap_err().contains("refused"));
    }
}
