//! Staff accounts, posts, sessions and passkeys.

#![cfg(test)]

use app::domain::staff::{DeviceKind, Post};
use app::domain::time::Instant;

use super::{NOW, TestStore, store_test};
use crate::store::StoreError;
use crate::store::audit::Actor;
use crate::store::staff::NewStaffAccount;
use crate::store::staff_sessions::{KeptSession, Stage};

const LATER: Instant = Instant(NOW.0 + 3_600_000);

async fn add(store: &TestStore, login: &str, posts: &[&str]) -> Result<String, StoreError> {
    let posts: Vec<Post> = posts.iter().map(|post| Post::parse(post).unwrap()).collect();
    let new = NewStaffAccount {
        login,
        name: "李小白",
        password_hash: "$argon2id$…",
        password_once: true,
        totp_secret: None,
        posts: &posts,
    };
    store.add_staff(&new, &Actor::System, NOW).await
}

async fn open(store: &TestStore, staff: &str, token: &str) {
    let who = (staff, DeviceKind::Linux);
    store.open_session(token, None, who, Some(b"secret"), NOW, LATER).await.unwrap();
}

async fn session(store: &TestStore, token: &str) -> Option<KeptSession> {
    store.session(token, Instant(NOW.0 - 1), NOW).await.unwrap()
}

store_test!(an_account_is_made_once_and_its_name_is_sealed, |store| {
    let id = add(&store, "li.ming", &["street_officer@320214050", "auditor@320214"]).await.unwrap();
    assert!(matches!(add(&store, "li.ming", &[]).await, Err(StoreError::Conflict)));
    let accounts = store.staff_accounts().await.unwrap();
    assert_eq!(accounts.len(), 1);
    assert_eq!((accounts[0].id.as_str(), accounts[0].name.as_str()), (id.as_str(), "李小白"));
    let posts: Vec<String> = accounts[0].posts.iter().map(Post::text).collect();
    assert_eq!(posts, ["auditor@320214", "street_officer@320214050"]);
    assert_eq!(store.noted("staff_added", &id).await, 1);
    assert!(format!("{accounts:?}").find("李").is_none());
});

store_test!(posts_come_and_go_and_each_change_is_noted, |store| {
    let id = add(&store, "li.ming", &[]).await.unwrap();
    let post = Post::parse("auditor@320214").unwrap();
    store.give_post(&id, &post, &Actor::System, NOW).await.unwrap();
    store.give_post(&id, &post, &Actor::System, NOW).await.unwrap();
    assert_eq!(
        store.noted("post_given", &format!("{id}/auditor@320214")).await,
        1,
        "a post held already is no change"
    );
    open(&store, &id, "token").await;
    assert_eq!(session(&store, "token").await.unwrap().posts, [post]);
    store.take_post(&id, "auditor", "320214", &Actor::System, NOW).await.unwrap();
    assert!(session(&store, "token").await.unwrap().posts.is_empty(), "it ends with the next request");
    let again = store.take_post(&id, "auditor", "320214", &Actor::System, NOW).await;
    assert!(matches!(again, Err(StoreError::NotFound)));
    let nobody =
        store.give_post("nobody", &Post::parse("auditor@320214").unwrap(), &Actor::System, NOW).await;
    assert!(matches!(nobody, Err(StoreError::NotFound)));
});

store_test!(a_session_gets_a_new_token_with_the_second_factor, |store| {
    let id = add(&store, "li.ming", &[]).await.unwrap();
    open(&store, &id, "one").await;
    let half = session(&store, "one").await.unwrap();
    assert_eq!(half.stage, Stage::Password);
    assert_eq!(store.pending(&half.id).await.unwrap().as_deref(), Some(b"secret".as_slice()));
    assert!(store.enrol(&id, b"secret", 7, NOW).await.unwrap());
    assert!(!store.enrol(&id, b"other", 8, NOW).await.unwrap(), "there is one already");
    store.complete_session(&half, "two", "device", NOW, LATER).await.unwrap();
    let again = store.complete_session(&half, "three", "device", NOW, LATER).await;
    assert!(matches!(again, Err(StoreError::NotFound)));
    assert!(session(&store, "one").await.is_none());
    assert_eq!(session(&store, "two").await.unwrap().stage, Stage::Full);
    assert!(store.knows_device("li.ming", "device").await.unwrap());
    assert!(!store.knows_device("li.ming", "other").await.unwrap());
    assert!(!store.knows_device("other", "device").await.unwrap());
    assert_eq!(store.signed_in_devices(&id, Instant(0), NOW).await.unwrap().len(), 1);
    // Idle, over, disabled: each ends it.
    assert!(store.session("two", NOW, NOW).await.unwrap().is_none());
    assert!(store.session("two", Instant(0), LATER).await.unwrap().is_none());
    store.disable_staff(&id, &Actor::System, NOW).await.unwrap();
    assert!(session(&store, "two").await.is_none());
});

store_test!(a_step_is_used_once_also_at_the_same_moment, |store| {
    let id = add(&store, "li.ming", &[]).await.unwrap();
    let tries = (0..8).map(|_| {
        let (store, id) = (store.store.clone(), id.clone());
        tokio::spawn(async move { store.use_step(&id, 5).await.unwrap() })
    });
    let mut used = 0;
    for one in tries.collect::<Vec<_>>() {
        used += usize::from(one.await.unwrap());
    }
    assert_eq!(used, 1);
    assert!(!store.use_step(&id, 4).await.unwrap(), "an older step is over too");
    assert!(store.use_step(&id, 6).await.unwrap());
});

store_test!(a_challenge_is_taken_once, |store| {
    let id = add(&store, "li.ming", &[]).await.unwrap();
    open(&store, &id, "one").await;
    let half = session(&store, "one").await.unwrap();
    store.keep_pending(&half.id, b"challenge").await.unwrap();
    assert_eq!(store.take_pending(&half.id).await.unwrap().as_deref(), Some(b"challenge".as_slice()));
    assert_eq!(store.take_pending(&half.id).await.unwrap(), None);
});

store_test!(a_reset_forgets_everything_that_signs_in, |store| {
    let id = add(&store, "li.ming", &["auditor@320214"]).await.unwrap();
    open(&store, &id, "one").await;
    let half = session(&store, "one").await.unwrap();
    store.enrol(&id, b"secret", 1, NOW).await.unwrap();
    store.complete_session(&half, "two", "device", NOW, LATER).await.unwrap();
    let full = session(&store, "two").await.unwrap();
    store.add_passkey(&full, "credential", &"a passkey", DeviceKind::Linux, NOW).await.unwrap();
    let twice = store.add_passkey(&full, "credential", &"a passkey", DeviceKind::Linux, NOW).await;
    assert!(matches!(twice, Err(StoreError::Conflict)));
    assert_eq!(store.passkeys::<String>(&id).await.unwrap()[0].1, "a passkey");
    let key = store.passkey_lines(&id).await.unwrap()[0].id.clone();
    let stranger = KeptSession { staff: add(&store, "other", &[]).await.unwrap(), ..full.clone() };
    let theirs = store.remove_passkey(&stranger, &key, NOW).await;
    assert!(matches!(theirs, Err(StoreError::NotFound)), "nobody removes another's passkey");
    store.reset_staff(&id, "new hash", &Actor::System, NOW).await.unwrap();
    assert!(session(&store, "two").await.is_none());
    assert!(store.passkey_lines(&id).await.unwrap().is_empty());
    assert!(!store.knows_device("li.ming", "device").await.unwrap());
    let credentials = store.credentials("li.ming").await.unwrap().unwrap();
    assert!(!credentials.enrolled && credentials.password_once && credentials.password_hash == "new hash");
});

store_test!(a_password_is_changed_from_the_one_that_was_checked, |store| {
    let id = add(&store, "li.ming", &[]).await.unwrap();
    for (before, after) in [("a1", "a2"), ("b1", "b2")] {
        open(&store, &id, before).await;
        let half = session(&store, before).await.unwrap();
        store.complete_session(&half, after, "device", NOW, LATER).await.unwrap();
    }
    let full = session(&store, "a2").await.unwrap();
    assert!(matches!(store.change_password(&full, "wrong", "new", NOW).await, Err(StoreError::Conflict)));
    store.change_password(&full, "$argon2id$…", "new", NOW).await.unwrap();
    assert!(session(&store, "a2").await.is_some() && session(&store, "b2").await.is_none());
    assert!(!store.credentials("li.ming").await.unwrap().unwrap().password_once);
});
