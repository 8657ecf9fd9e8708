//! Visits and cards: one card holds, and the old one's state says why it doesn't.

#![cfg(test)]

use app::domain::confirm::{CardState, Holder};
use app::domain::counter_visit::VisitForm;
use app::domain::person::{Identity, IdentityForm};
use app::domain::phone::ContactPhone;
use app::domain::retention::Retained;
use app::domain::staff::Post;
use app::domain::time::Instant;

use super::{NOW, TestStore, store_test};
use crate::confirm::issue_card;
use crate::store::audit::Actor;
use crate::store::messages::{Channel, NewMessage};
use crate::store::staff::NewStaffAccount;
use crate::store::visits::{AtCounter, VisitFound};
use crate::store::{IdempotencyKey, NewConfirmation, StoreError};

const STREET: &str = "320214050";
const SECRET: &str = "visitvisitvisitvisitvisitvisitvi";

fn elder() -> Identity {
    let identity = IdentityForm {
        name: "李大妈".into(),
        document_kind: "citizen_id".into(),
        document_number: "320222194503129909".into(),
        birth_date: String::new(),
    };
    let form = VisitForm { identity, seen: "yes".into(), ..Default::default() };
    form.parse_seen(NOW.shanghai_date()).unwrap()
}

pub(crate) async fn clerk(store: &TestStore, login: &str) -> (String, Actor) {
    let post = Post::parse("street_officer@320214050").unwrap();
    let new = NewStaffAccount {
        login,
        name: "王样例",
        password_hash: "x",
        password_once: false,
        totp_secret: None,
        posts: std::slice::from_ref(&post),
    };
    let id = store.add_staff(&new, &Actor::System, NOW).await.unwrap();
    (id.clone(), Actor::Staff { id, post: post.text() })
}

async fn card(store: &TestStore) -> NewConfirmation {
    let holder = Holder { name: "李＊＊".into(), document_tail: "909".into() };
    issue_card(&store.signing, "XW", "KP261123483920", STREET, holder, NOW).await.unwrap()
}

fn key(store: &TestStore, text: &str) -> IdempotencyKey {
    IdempotencyKey::new(&store.store, text, "")
}

store_test!(a_new_card_replaces_the_old_one_and_a_lost_one_stays_lost, |store| {
    let (staff, actor) = clerk(&store, "li.ming").await;
    let resident = store.make_resident_without_phone(&elder(), &actor, &staff, STREET, NOW).await.unwrap();
    let again = store.make_resident_without_phone(&elder(), &actor, &staff, STREET, NOW).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "one document, one account");
    let at = AtCounter { actor: &actor, staff: &staff, area: STREET, resident: &resident };
    let (first, second) = (card(&store).await, card(&store).await);
    for _ in 0..2 {
        store.issue_card(&at, &first, &key(&store, "k1"), NOW).await.unwrap();
    }
    assert_eq!(store.card_state(&first.id).await.unwrap(), Some(CardState::Active));
    store.issue_card(&at, &second, &key(&store, "k2"), NOW).await.unwrap();
    assert_eq!(store.card_state(&first.id).await.unwrap(), Some(CardState::Replaced));
    // A second press of the first form brings the old card not back.
    store.issue_card(&at, &first, &key(&store, "k1"), NOW).await.unwrap();
    assert_eq!(store.card_state(&second.id).await.unwrap(), Some(CardState::Active));
    assert_eq!(store.token_of_short_code(&second.short_code).await.unwrap().as_ref(), Some(&second.token));
    store.lose_card(&at, &first.id, NOW).await.unwrap();
    assert_eq!(store.card_state(&first.id).await.unwrap(), Some(CardState::Replaced));
    // Another resident's visit ends nothing here.
    let phone = ContactPhone::parse("13900000002").unwrap();
    let other = store.resident_at_counter(&phone, NOW).await.unwrap();
    let elsewhere = AtCounter { resident: &other, ..at };
    store.lose_card(&elsewhere, &second.id, NOW).await.unwrap();
    assert_eq!(store.card_state(&second.id).await.unwrap(), Some(CardState::Active));
    store.lose_card(&at, &second.id, NOW).await.unwrap();
    assert_eq!(store.card_state(&second.id).await.unwrap(), Some(CardState::Lost));
    assert_eq!(store.cards_of(&resident).await.unwrap().len(), 2);
    assert_eq!(store.card_state("00").await.unwrap(), None);
    let unseen = store.issue_card(&elsewhere, &card(&store).await, &key(&store, "k3"), NOW).await;
    assert!(matches!(unseen, Err(StoreError::Conflict)), "no card without a document that was seen");
});

store_test!(a_visit_is_its_clerks_alone_until_it_is_ended_or_idle, |store| {
    let (staff, actor) = clerk(&store, "li.ming").await;
    let (colleague, _) = clerk(&store, "wang.fang").await;
    let resident = store.make_resident_without_phone(&elder(), &actor, &staff, STREET, NOW).await.unwrap();
    let at = AtCounter { actor: &actor, staff: &staff, area: STREET, resident: &resident };
    store.begin_visit(SECRET, &at, NOW).await.unwrap();
    let minutes = |minutes: i64| Instant(NOW.0 + minutes * 60_000);
    let found = |who: String, idle_since: Instant, now: Instant| {
        let store = store.store.clone();
        async move { store.visit(SECRET, &who, idle_since, now).await.unwrap() }
    };
    assert!(matches!(found(staff.clone(), minutes(-10), minutes(20)).await, VisitFound::Open(_)));
    assert!(matches!(found(staff.clone(), minutes(10), minutes(40)).await, VisitFound::Open(_)));
    assert_eq!(found(colleague.clone(), minutes(10), minutes(40)).await, VisitFound::OfAnother);
    assert_eq!(found(staff.clone(), minutes(50), minutes(80)).await, VisitFound::Over, "idle");
    store.end_visit(SECRET, &colleague, minutes(41)).await.unwrap();
    assert!(matches!(found(staff.clone(), minutes(10), minutes(41)).await, VisitFound::Open(_)));
    store.end_visit(SECRET, &staff, minutes(42)).await.unwrap();
    assert_eq!(found(staff, minutes(10), minutes(42)).await, VisitFound::Over);
});

store_test!(with_the_account_its_card_ends_and_nothing_waits_to_be_delivered, |store| {
    let (staff, actor) = clerk(&store, "li.ming").await;
    let resident = store.make_resident_without_phone(&elder(), &actor, &staff, STREET, NOW).await.unwrap();
    let at = AtCounter { actor: &actor, staff: &staff, area: STREET, resident: &resident };
    let (old, card) = (card(&store).await, card(&store).await);
    store.issue_card(&at, &old, &key(&store, "k1"), NOW).await.unwrap();
    store.issue_card(&at, &card, &key(&store, "k2"), NOW).await.unwrap();
    let mut tx = store.begin().await;
    for (channel, template) in [(Channel::Letter, "letter"), (Channel::Call, "call"), (Channel::Text, "text")]
    {
        let message = NewMessage {
            resident: Some(&resident),
            area: STREET,
            channel,
            template,
            to: "旺庄街道新光路 1 号 李大妈",
            text: "您的申请已经收到。",
            urgent: false,
            expires_at: None,
        };
        store.enqueue(&mut tx, &message, NOW).await.unwrap();
    }
    tx.commit().await.unwrap();
    let now = Instant(NOW.0 + 60_000);
    store.close_account(&resident, now).await.unwrap();
    assert_eq!(store.card_state(&old.id).await.unwrap(), Some(CardState::Replaced));
    assert_eq!(store.card_state(&card.id).await.unwrap(), Some(CardState::Lost), "the paper holds no longer");
    assert_eq!(store.noted("card_ended", &card.id).await, 1);
    assert_eq!(store.token_of_short_code(&card.short_code).await.unwrap(), None);
    let database = store.database().await;
    for (query, expected) in [
        ("select count(*) from confirmations where token <> ''", 0),
        ("select count(*) from outbox", 0),
        ("select count(*) from confirmations where state = 'lost' and ended_at > issued_at", 1),
    ] {
        let count: i64 = sqlx::query_scalar(query).fetch_one(&database).await.unwrap();
        assert_eq!(count, expected, "{query}");
    }
    // The row of the account goes after what still names it.
    let day = |day: i64| Instant(NOW.0 + day * 24 * 3_600_000);
    assert_eq!(store.retire(Retained::Residents, day(2), day(3)).await.unwrap(), 0);
    assert_eq!(store.retire(Retained::Confirmations, Instant(card.expires_at.0), day(3)).await.unwrap(), 0);
    assert_eq!(
        store.retire(Retained::Confirmations, Instant(card.expires_at.0 + 1), day(3)).await.unwrap(),
        2
    );
    assert_eq!(store.retire(Retained::Residents, now, day(3)).await.unwrap(), 0, "not a moment too early");
    assert_eq!(store.retire(Retained::Residents, day(2), day(3)).await.unwrap(), 1);
});

store_test!(visits_and_devices_that_nobody_can_come_back_to_are_forgotten, |store| {
    let (staff, actor) = clerk(&store, "li.ming").await;
    let resident = store.make_resident_without_phone(&elder(), &actor, &staff, STREET, NOW).await.unwrap();
    let at = AtCounter { actor: &actor, staff: &staff, area: STREET, resident: &resident };
    store.begin_visit(SECRET, &at, NOW).await.unwrap();
    let database = store.database().await;
    for statement in [
        "insert into resident_devices (resident, device, seen_at) select id, 'd', $1 from residents",
        "insert into staff_devices (staff, device_hash, seen_at) select id, 'd', $1 from staff",
    ] {
        sqlx::query(statement).bind(NOW.0).execute(&database).await.unwrap();
    }
    let count = async || {
        let mut all = Vec::new();
        for query in [
            "select count(*) from counter_visits",
            "select count(*) from resident_devices",
            "select count(*) from staff_devices",
        ] {
            all.push(sqlx::query_scalar::<_, i64>(query).fetch_one(&database).await.unwrap());
        }
        all
    };
    store.forget_marks(NOW, NOW, NOW).await.unwrap();
    assert_eq!(count().await, [1, 1, 1]);
    let later = Instant(NOW.0 + 1);
    store.forget_marks(later, NOW, NOW).await.unwrap();
    assert_eq!(count().await, [0, 1, 1]);
    store.forget_marks(later, later, later).await.unwrap();
    assert_eq!(count().await, [0, 0, 0]);
});
