//! A copy of the database: whole, sealed, and back in its place.

#![cfg(test)]

use std::path::Path;
use std::sync::Arc;

use app::domain::person::{HomeForm, IdentityForm};
use app::domain::phone::ContactPhone;

use super::{NOW, TestStore, fill_draft, fresh_postgres, owner, store_test, submit};
use crate::backup::{backup, restore};
use crate::seal::Sealer;
use crate::settings::Engine;
use crate::store::Store;
use crate::store::audit::Actor;
use crate::store::residents::{CodeOutcome, Device, SignInRules};

/// What a copy must not show.
const CANARIES: &[&str] = &[
    "王小明",
    "李大妈",
    "320205199912319937",
    "320222194503129909",
    "13900001234",
    "13900005678",
    "6222023200000000011",
    "失火",
    "新光路",
    "梅里路",
    "TOKENCANARY",
];

/// A resident with a session, a profile and a sent application.
async fn lived_in(store: &TestStore) -> String {
    let phone = ContactPhone::parse("13900005678").unwrap();
    let id = store.request_code("attempt", &phone, |code| format!("code {code}"), NOW).await.unwrap();
    let (_, text) = store.demo_message(&id).await.unwrap().unwrap();
    let device = Device { old: "old-device", new: "new-device", described: "android" };
    let rules = SignInRules { unused_ms: 1, session_ms: 43_200_000 };
    let code = text.strip_prefix("code ").unwrap();
    let outcome = store.sign_in_with_code("attempt", code, "TOKENCANARY", &device, rules, NOW).await.unwrap();
    assert!(matches!(outcome, CodeOutcome::SignedIn { proved: true }));
    let resident = store.resident_session("TOKENCANARY", 3_600_000, NOW).await.unwrap().unwrap().resident;
    store
        .change_profile(
            &resident,
            &Actor::Resident(resident.clone()),
            None,
            |profile| {
                profile.identity = Some(IdentityForm {
                    name: "王小明".into(),
                    document_kind: "citizen_id".into(),
                    document_number: "320205199912319937".into(),
                    birth_date: String::new(),
                });
                profile.home = Some(HomeForm { detail: "梅里路 9 号".into(), ..HomeForm::default() });
                Ok(())
            },
            NOW,
        )
        .await
        .unwrap();
    let me = owner("me");
    fill_draft(store, &me).await;
    submit(store, &me, "LS261123000001", "key-1", "body").await.unwrap();
    resident
}

fn engine(store: &TestStore) -> Engine {
    if store.url.starts_with("sqlite") { Engine::Sqlite } else { Engine::Postgres }
}

fn keys(store: &TestStore) -> Arc<Sealer> {
    Arc::new(Sealer::load(&store.folder.path().join("data-keys.toml")).unwrap())
}

/// An empty place for the database to come back to.
async fn empty_place(store: &TestStore, name: &str) -> String {
    match engine(store) {
        Engine::Sqlite => format!("sqlite://{}", store.folder.path().join(name).display()),
        Engine::Postgres => fresh_postgres().await,
    }
}

/// The bytes of a copy as somebody who finds it can read them.
fn readable(engine: Engine, file: &Path) -> Vec<u8> {
    if engine == Engine::Sqlite {
        return std::fs::read(file).unwrap();
    }
    // The copy is compressed: read what pg_restore makes of it, and the bytes that it writes in hexadecimal.
    let text = std::process::Command::new("pg_restore").arg("--file=-").arg(file).output().unwrap();
    assert!(text.status.success(), "{}", String::from_utf8_lossy(&text.stderr));
    let mut bytes = text.stdout;
    let sealed: Vec<u8> = String::from_utf8_lossy(&bytes)
        .split(r"\\x")
        .skip(1)
        .filter_map(|rest| {
            let hex: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
            data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()
        })
        .flatten()
        .collect();
    assert!(sealed.len() > 1000, "the sealed columns are searched as well");
    bytes.extend(sealed);
    bytes
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

store_test!(a_copy_tells_nothing_and_comes_back_whole_with_everybody_signed_out, |store| {
    let resident = lived_in(&store).await;
    let file = store.folder.path().join("copy.db");
    let told = backup(&store.url, engine(&store), &file).await.unwrap();
    assert!(told.contains("copy.db"), "{told}");
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let bytes = readable(engine(&store), &file);
    for canary in CANARIES {
        assert!(!contains(&bytes, canary), "{canary}");
    }
    assert!(contains(&bytes, "LS261123000001"), "the search itself works");

    let url = empty_place(&store, "back.db").await;
    let told = restore(&url, engine(&store), &file, keys(&store), NOW).await.unwrap();
    assert!(told.contains("1 accounts"), "{told}");
    let back = Store::open(&url, engine(&store), keys(&store)).await.unwrap();
    let profile = back.account(&resident).await.unwrap().profile;
    assert_eq!(profile.identity.unwrap().name, "王小明");
    assert!(back.case_for("LS261123000001", &owner("me"), NOW).await.unwrap().is_some());
    assert!(back.resident_session("TOKENCANARY", 3_600_000, NOW).await.unwrap().is_none());
    assert!(store.resident_session("TOKENCANARY", 3_600_000, NOW).await.unwrap().is_some());
    back.close().await;
});

store_test!(a_copy_never_replaces_anything, |store| {
    lived_in(&store).await;
    let file = store.folder.path().join("copy.db");
    std::fs::write(&file, "precious").unwrap();
    let refused = backup(&store.url, engine(&store), &file).await.unwrap_err();
    assert!(format!("{refused:#}").contains("exists"), "{refused:#}");
    assert_eq!(std::fs::read(&file).unwrap(), b"precious");
    std::fs::remove_file(&file).unwrap();
    backup(&store.url, engine(&store), &file).await.unwrap();
    // Back onto the database that is there.
    let refused = restore(&store.url, engine(&store), &file, keys(&store), NOW).await.unwrap_err();
    assert!(
        format!("{refused:#}").contains("move it away") || format!("{refused:#}").contains("an empty one")
    );
    assert!(store.resident_session("TOKENCANARY", 3_600_000, NOW).await.unwrap().is_some());
});

store_test!(a_copy_is_refused_with_other_keys_and_leaves_nothing_half_done, |store| {
    lived_in(&store).await;
    let file = store.folder.path().join("copy.db");
    backup(&store.url, engine(&store), &file).await.unwrap();
    let other = store.folder.path().join("other-keys.toml");
    Sealer::create(&other).unwrap();
    let url = empty_place(&store, "back.db").await;
    let other = Arc::new(Sealer::load(&other).unwrap());
    let refused = restore(&url, engine(&store), &file, other, NOW).await.unwrap_err();
    assert!(format!("{refused:#}").contains("key_dir"), "{refused:#}");
    if engine(&store) == Engine::Sqlite {
        let left: Vec<_> = std::fs::read_dir(store.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("back.db"))
            .collect();
        assert_eq!(left, Vec::<String>::new());
        // With the right keys it still comes back.
        restore(&url, engine(&store), &file, keys(&store), NOW).await.unwrap();
    }
});

store_test!(a_damaged_or_foreign_file_is_no_copy, |store| {
    lived_in(&store).await;
    let file = store.folder.path().join("copy.db");
    backup(&store.url, engine(&store), &file).await.unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let damaged = store.folder.path().join("damaged.db");
    for content in [b"not a database at all".to_vec(), bytes[..bytes.len() / 2].to_vec()] {
        std::fs::write(&damaged, content).unwrap();
        let url = empty_place(&store, "back.db").await;
        restore(&url, engine(&store), &damaged, keys(&store), NOW).await.unwrap_err();
    }
    let nowhere = store.folder.path().join("nowhere.db");
    restore(&store.url, engine(&store), &nowhere, keys(&store), NOW).await.unwrap_err();
});
