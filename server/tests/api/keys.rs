//! The keys of confirmations: what others read of them, and how a running server takes a change over.

#![cfg(test)]

use std::path::Path;

use ciborium::Value;

use super::TestApp;
use crate::cli::KeysCommand;
use crate::confirm::key_command::run;
use crate::confirm::key_ring::{KeyRing, OVERLAP_MS, Watch};
use crate::store_tests::NOW;

/// A server on a key folder that `server keys make` filled.
async fn on(folder: &Path) -> TestApp {
    run(folder, &KeysCommand::Make, NOW).await.unwrap();
    let app = TestApp::start_with(|settings| settings.key_dir = folder.to_owned()).await;
    app.site.use_keys(KeyRing::load(folder, true).unwrap());
    app
}

fn signs(app: &TestApp) -> String {
    app.site.keys().signing().public().id.to_string()
}

fn list(folder: &Path) -> std::path::PathBuf {
    folder.join("signing-keys.toml")
}

#[tokio::test]
async fn a_running_server_takes_a_changed_list_over_and_goes_on_with_what_works() {
    let folder = tempfile::tempdir().unwrap();
    let app = on(folder.path()).await;
    let mut watch = Watch::default();
    let first = signs(&app);
    watch.look(&app.site);
    assert_eq!(signs(&app), first);

    run(folder.path(), &KeysCommand::Make, NOW).await.unwrap();
    watch.look(&app.site);
    assert_eq!(
        (signs(&app), app.site.keys().public().all().len()),
        (first.clone(), 2),
        "published, not in use"
    );

    run(folder.path(), &KeysCommand::Rotate { to: None }, NOW).await.unwrap();
    watch.look(&app.site);
    let second = signs(&app);
    assert_ne!(second, first);

    let good = std::fs::read(list(folder.path())).unwrap();
    for broken in [b"signs = ".as_slice(), b"", b"\xFF\xFE"] {
        std::fs::write(list(folder.path()), broken).unwrap();
        watch.look(&app.site);
        assert_eq!((signs(&app), app.site.keys().public().all().len()), (second.clone(), 2));
    }
    std::fs::remove_file(list(folder.path())).unwrap();
    watch.look(&app.site);
    assert_eq!(signs(&app), second, "a list that is gone");

    // Mended without another change of the list: the file of the key comes back.
    std::fs::write(list(folder.path()), &good).unwrap();
    run(folder.path(), &KeysCommand::Make, NOW).await.unwrap();
    run(folder.path(), &KeysCommand::Rotate { to: None }, NOW).await.unwrap();
    let third = KeyRing::load(folder.path(), true).unwrap().signing().public().id.to_string();
    let (file, aside) = (folder.path().join(format!("signing-{third}.pem")), folder.path().join("aside"));
    std::fs::rename(&file, &aside).unwrap();
    watch.look(&app.site);
    assert_eq!(signs(&app), second);
    std::fs::rename(&aside, &file).unwrap();
    watch.look(&app.site);
    assert_eq!(signs(&app), third);
}

#[tokio::test]
async fn what_the_old_key_signs_while_servers_learn_of_the_new_one_holds() {
    let folder = tempfile::tempdir().unwrap();
    let app = on(folder.path()).await;
    run(folder.path(), &KeysCommand::Make, NOW).await.unwrap();
    run(folder.path(), &KeysCommand::Rotate { to: None }, NOW).await.unwrap();
    // This server has not looked yet.
    app.later(10_000);
    let browser = app.browser();
    browser.fill_in().await;
    let number = browser.submit().await;
    let page = browser.get(&format!("/confirm/{number}")).await.body;
    let (_, rest) = page.split_once("xw-qr__short\">").unwrap();
    let code = rest.split('<').next().unwrap();
    Watch::default().look(&app.site);
    app.later(OVERLAP_MS + 10_000);
    let checked = app.browser().post("/check", &[("code", code)]).await;
    assert!(checked.body.contains("这张凭证是真的"), "{}", checked.body);
}

#[tokio::test]
async fn anybody_reads_the_public_keys_as_a_jwk_set_and_as_a_cose_key_set() {
    let folder = tempfile::tempdir().unwrap();
    let app = on(folder.path()).await;
    for _ in 0..2 {
        run(folder.path(), &KeysCommand::Make, NOW).await.unwrap();
        run(folder.path(), &KeysCommand::Rotate { to: None }, NOW).await.unwrap();
    }
    let all = KeyRing::load(folder.path(), true).unwrap();
    let retired: Vec<_> = all.public().all().iter().filter(|key| key.retired_at.is_some()).collect();
    let lost = retired[0].id;
    run(folder.path(), &KeysCommand::Retire { id: lost.to_string(), lost: true }, NOW).await.unwrap();
    Watch::default().look(&app.site);
    let ring = app.site.keys();

    let jwks = app.browser().get("/.well-known/jwks.json").await;
    assert_eq!((jwks.status, jwks.header("content-type")), (200, "application/jwk-set+json"));
    for (name, value) in [("access-control-allow-origin", "*"), ("cache-control", "public, max-age=300")] {
        assert_eq!(jwks.header(name), value);
    }
    assert_eq!(jwks.header("set-cookie"), "", "what everybody's cache may hold sets no cookie");
    let set: serde_json::Value = serde_json::from_str(&jwks.body).unwrap();
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2, "the lost one is not published");
    for key in keys {
        let known = ring.public().all().iter().find(|known| key["kid"] == known.id.to_string()).unwrap();
        assert_eq!(key["x"], data_encoding::BASE64URL_NOPAD.encode(&known.bytes));
        for (name, value) in [("kty", "OKP"), ("crv", "Ed25519"), ("alg", "EdDSA"), ("use", "sig")] {
            assert_eq!(key[name], value);
        }
        assert!(key.get("d").is_none(), "no private half");
        assert_eq!(key.get("retired_at").is_some(), known.retired_at.is_some());
    }

    let request = app.request("GET", "/.well-known/cose-keys").send().await.unwrap();
    assert_eq!(request.headers()["content-type"], "application/cose-key-set");
    assert_eq!(request.headers()["access-control-allow-origin"], "*");
    let bytes = request.bytes().await.unwrap();
    let set: Value = ciborium::from_reader(bytes.as_ref()).unwrap();
    let keys = set.as_array().unwrap();
    assert_eq!(keys.len(), 2);
    for key in keys {
        let labels: Vec<i128> =
            key.as_map().unwrap().iter().map(|(label, _)| label.as_integer().unwrap().into()).collect();
        assert_eq!(labels, [1, 2, 3, 4, -1, -2], "the core order of RFC 8949, and no private half");
    }
}

#[tokio::test]
async fn the_sheet_names_every_key_with_its_fingerprint_and_how_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let app = on(folder.path()).await;
    run(folder.path(), &KeysCommand::Make, NOW).await.unwrap();
    run(folder.path(), &KeysCommand::Rotate { to: None }, NOW).await.unwrap();
    run(folder.path(), &KeysCommand::Make, NOW).await.unwrap();
    Watch::default().look(&app.site);
    let page = app.browser().get("/keys").await;
    assert_eq!(page.status, 200);
    for key in app.site.keys().public().all() {
        assert!(page.body.contains(&key.id.to_string()));
        // In groups of four, as one reads them out.
        for group in key.fingerprint().split(' ') {
            assert!(page.body.contains(group), "{group}");
        }
    }
    for words in ["正在用", "备用", "停用，以前签的仍然有效", "签发者代号 XW"] {
        assert!(page.body.contains(words), "{words}");
    }
}
