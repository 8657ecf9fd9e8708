//! Draws: each person once, both say yes, one order that the seed gives, each place once, the next ones after it.

#![cfg(test)]

use app::domain::aid::random_check::commitment;
use app::domain::marriage::{
    Couple, CoupleForm, DrawOf, DrawRules, EntryState, HotDay, HotTime, Matter, WaitState,
};
use app::domain::time::Instant;

use super::marriage_bookings::{DAY, confirmation, count, slot};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::marriage::bookings::{BookRefusal, Invite, Signed};
use crate::store::marriage::plans::PlanChange;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, OnlyOnce, StoreError};

const OPENS: Instant = Instant(NOW.0 + 3_600_000);
const CLOSES: Instant = Instant(NOW.0 + 2 * 3_600_000);
const WITHIN: Instant = Instant(OPENS.0 + 1);

/// A made-up citizen's number of somebody born in 1995, with its check character (GB 11643).
pub(super) fn citizen(number: usize) -> String {
    let body = format!("32020519950510{number:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, weight)| c.to_digit(10).unwrap() * weight).sum();
    format!("{body}{}", "10X98765432".chars().nth(usize::try_from(sum % 11).unwrap()).unwrap())
}

pub(super) fn couple(at: usize) -> Couple {
    let form = CoupleForm {
        me: "man".into(),
        man_name: "王小明".into(),
        man_document: citizen(at * 2),
        man_mobile: format!("139000{:05}", at * 2),
        woman_name: "李小红".into(),
        woman_document: citizen(at * 2 + 1),
        woman_mobile: format!("139000{:05}", at * 2 + 1),
        way: "link".into(),
    };
    Couple::parse(&form, Matter::MarriageRegistration, DAY, NOW.shanghai_date()).unwrap()
}

fn secret(at: usize) -> String {
    format!("{at:032}")
}

async fn change(
    store: &TestStore,
    key: &str,
    change: &PlanChange<'_>,
    at: Instant,
) -> Result<(), StoreError> {
    let doer = Doer { id: "clerk", actor: &Actor::System };
    store.change_marriage_plan("a", change, doer, &IdempotencyKey::new(store, key, "body"), at).await
}

/// A day of two times with these places; gives the draw's id.
async fn marked(store: &TestStore, quotas: [i64; 2]) -> String {
    let rules = DrawRules { opens: OPENS, closes: CLOSES, hours: 24 };
    let [first, second] = quotas;
    let hot = HotDay {
        id: String::new(),
        matter: Matter::MarriageRegistration,
        day: DAY,
        name: "520".into(),
        times: vec![
            HotTime { starts: 540, ends: 600, quota: first },
            HotTime { starts: 600, ends: 660, quota: second },
        ],
        walk_in: false,
        draw: Some(DrawOf { id: String::new(), rules, drawn: false }),
    };
    change(store, "mark", &PlanChange::MarkHot(&hot), NOW).await.unwrap();
    store.hot_day(("a", Matter::MarriageRegistration, DAY)).await.unwrap().unwrap().draw.unwrap().id
}

async fn enter_as(
    store: &TestStore,
    draw: &str,
    who: &str,
    at: usize,
    couple: &Couple,
) -> Result<String, BookRefusal> {
    let invite = Invite { secret: secret(at), code: "042042".into() };
    let key = IdempotencyKey::new(store, &format!("enter-{who}-{at}"), "body");
    let by = (&owner(who), &Actor::System);
    store.enter_draw(draw, couple, &invite, by, &key, WITHIN).await.map(OnlyOnce::answer)
}

async fn agree(
    store: &TestStore,
    at: usize,
    code: &str,
    when: Instant,
) -> Result<Option<String>, BookRefusal> {
    let who = format!("partner-{at}");
    store.agree_to_draw((&secret(at), code), (&owner(&who), &Actor::System), when).await
}

/// A couple that entered with both saying yes.
async fn entered(store: &TestStore, draw: &str, at: usize) -> String {
    let id = enter_as(store, draw, &format!("person-{at}"), at, &couple(at)).await.unwrap();
    assert_eq!(agree(store, at, "042042", WITHIN).await.unwrap(), Some(id.clone()));
    id
}

async fn take(store: &TestStore, id: &str, at: usize, when: Instant) -> Result<(), BookRefusal> {
    let Some(kept) = store.kept_for_entry(id, when).await? else { return Err(BookRefusal::Over) };
    let number = format!("HY26112300{at:04}");
    let confirmation = confirmation(store, &number).await;
    let signed = Signed { number: &number, confirmation: &confirmation };
    let key = IdempotencyKey::new(store, &format!("take-{id}-{}", when.0), "body");
    let me = owner(&format!("person-{at}"));
    store.take_drawn_place(id, &kept.id, (&couple(at), &signed), (&me, &Actor::System), &key, when).await
}

async fn offer(store: &TestStore, quota: [i64; 2], until: Instant, now: Instant) {
    for (starts, quota) in [(540, quota[0]), (600, quota[1])] {
        while store.offer_marriage_place(&slot("a", starts, quota), until, now).await.unwrap() {}
    }
}

store_test!(each_person_enters_once_and_only_while_it_is_open, |store| {
    let draw = marked(&store, [1, 1]).await;
    let invite = Invite { secret: secret(0), code: "042042".into() };
    for (key, at) in [("early", NOW), ("late", CLOSES)] {
        let key = IdempotencyKey::new(&store, key, "body");
        let by = (&owner("person-0"), &Actor::System);
        let refused = store.enter_draw(&draw, &couple(0), &invite, by, &key, at).await;
        assert!(matches!(refused, Err(BookRefusal::Over)), "{refused:?}");
    }
    let id = enter_as(&store, &draw, "person-0", 0, &couple(0)).await.unwrap();
    assert_eq!(enter_as(&store, &draw, "person-0", 0, &couple(0)).await.unwrap(), id, "the same form twice");
    let again = enter_as(&store, &draw, "another", 1, &couple(0)).await;
    assert!(matches!(again, Err(BookRefusal::BookedBefore)), "{again:?}");
    let half = Couple { woman: couple(0).man, man: couple(2).woman, ..couple(2) };
    let again = enter_as(&store, &draw, "another", 2, &half).await;
    assert!(matches!(again, Err(BookRefusal::BookedBefore)), "one of them, on the other side: {again:?}");
    assert_eq!(agree(&store, 0, "000000", WITHIN).await.unwrap(), None);
    assert!(store.draw_entry(&id, &owner("stranger")).await.is_err());
    assert!(store.draw_entry(&id, &owner("person-0")).await.unwrap().invite.is_some());
    assert!(matches!(agree(&store, 0, "042042", CLOSES).await, Err(BookRefusal::Over)));
    // Taken back, they may enter anew.
    let key = IdempotencyKey::new(&store, "withdraw", "body");
    let by = (&owner("person-0"), &Actor::System);
    for _ in 0..2 {
        store.withdraw_entry(&id, by, &key, WITHIN).await.unwrap();
    }
    assert_eq!(agree(&store, 0, "042042", WITHIN).await.unwrap(), None, "its link is over");
    let new = enter_as(&store, &draw, "person-0", 3, &couple(0)).await.unwrap();
    assert_ne!(new, id);
    // Once it has opened, the day stays what couples were promised.
    let unmark = change(&store, "unmark", &PlanChange::UnmarkHot(&draw), OPENS).await;
    assert!(matches!(unmark, Err(StoreError::Conflict)));
});

store_test!(the_order_is_the_one_that_the_published_seed_gives_and_places_go_along_it, |store| {
    let draw = marked(&store, [1, 1]).await;
    let before = store.marriage_draw(&draw).await.unwrap().published;
    assert!(before.seed.is_none() && before.order.is_empty());
    let mut ids = Vec::new();
    for at in 0..4 {
        ids.push(entered(&store, &draw, at).await);
    }
    let half = enter_as(&store, &draw, "person-9", 9, &couple(9)).await.unwrap();
    assert!(!store.draw_marriage_day(&draw, WITHIN).await.unwrap(), "entries are open");
    assert!(store.draws_due(CLOSES).await.unwrap().contains(&draw));
    // Two servers at once: one draws.
    let another = store.another().await;
    let (here, there) = (store.store.clone(), draw.clone());
    let both = tokio::join!(here.draw_marriage_day(&draw, CLOSES), another.draw_marriage_day(&there, CLOSES));
    assert_eq!(i32::from(both.0.unwrap()) + i32::from(both.1.unwrap()), 1);
    let public = store.marriage_draw(&draw).await.unwrap().published;
    assert_eq!(public.verify(), Ok(4));
    assert_eq!(public.seed_sha256, before.seed_sha256, "the hash that was public before");
    assert_eq!(commitment(public.seed.as_ref().unwrap()), before.seed_sha256);
    let people = "select cast(count(*) as bigint) from marriage_draw_people";
    assert_eq!(count(&store, people).await, 8, "who was not in the draw is forgotten");
    assert_eq!(store.draw_entry(&half, &owner("person-9")).await.unwrap().state, EntryState::Lapsed);
    let told = "select cast(count(*) as bigint) from outbox where template = 'marriage_drawn'";
    assert_eq!(count(&store, told).await, 8, "both of each couple");

    let mut order = Vec::new();
    for ordered in &public.order {
        for (at, id) in ids.iter().enumerate() {
            let entry = store.draw_entry(id, &owner(&format!("person-{at}"))).await.unwrap();
            if entry.number == ordered.number {
                order.push((at, id.clone(), entry));
            }
        }
    }
    let places: Vec<_> = order.iter().map(|(_, _, entry)| entry.place).collect();
    assert_eq!(places, [Some(1), Some(2), Some(3), Some(4)]);
    let until = Instant(CLOSES.0 + 24 * 3_600_000);
    offer(&store, [1, 1], until, CLOSES).await;
    for (place, starts) in [(0, 540), (1, 600)] {
        let (at, id, _) = &order[place];
        let kept = store.kept_for_entry(id, CLOSES).await.unwrap().unwrap();
        assert_eq!((kept.starts, kept.hold_until), (starts, until), "place {at}");
    }
    assert!(store.kept_for_entry(&order[2].1, CLOSES).await.unwrap().is_none());
    let offered = "select cast(count(*) as bigint) from outbox where template = 'marriage_draw_offer'";
    assert_eq!(count(&store, offered).await, 4, "both of two couples");

    // The first takes it, the second lets it go by: the third gets it.
    take(&store, &order[0].1, order[0].0, CLOSES).await.unwrap();
    assert!(matches!(take(&store, &order[0].1, order[0].0, CLOSES).await, Err(BookRefusal::Over)), "once");
    store.release_marriage_holds(until).await.unwrap();
    store.settle_marriage_offers(until).await.unwrap();
    assert!(matches!(take(&store, &order[1].1, order[1].0, until).await, Err(BookRefusal::Over)));
    offer(&store, [1, 1], Instant(until.0 + 3_600_000), until).await;
    assert_eq!(store.kept_for_entry(&order[2].1, until).await.unwrap().unwrap().starts, 600);
    // The third gives it up: the fourth.
    let key = IdempotencyKey::new(&store, "give-up", "body");
    let third = owner(&format!("partner-{}", order[2].0));
    store.withdraw_entry(&order[2].1, (&third, &Actor::System), &key, until).await.unwrap();
    offer(&store, [1, 1], Instant(until.0 + 3_600_000), until).await;
    take(&store, &order[3].1, order[3].0, until).await.unwrap();
    store.settle_marriage_offers(until).await.unwrap();
    store.forget_drawn_people().await.unwrap();
    assert_eq!(count(&store, people).await, 0, "nobody is kept whose place is settled");
    let firm = "select cast(count(*) as bigint) from marriage_bookings where state = 'firm'";
    assert_eq!(
        (
            count(&store, firm).await,
            count(&store, "select cast(sum(taken) as bigint) from marriage_slots").await
        ),
        (2, 2)
    );
    let (at, id, _) = &order[1];
    let wait = store.draw_entry(id, &owner(&format!("person-{at}"))).await.unwrap().wait.unwrap();
    assert_eq!(wait.state, WaitState::Passed);
});

store_test!(the_hash_is_never_changed_and_nothing_is_drawn_anew, |store| {
    let draw = marked(&store, [1, 1]).await;
    let database = store.database().await;
    assert!(sqlx::query("update marriage_draws set commitment = seed").execute(&database).await.is_err());
    let other = "update marriage_draws set commitment = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'";
    assert!(sqlx::query(other).execute(&database).await.is_err());
    assert!(store.draw_marriage_day(&draw, CLOSES).await.unwrap(), "nobody entered");
    assert_eq!(store.marriage_draw(&draw).await.unwrap().published.verify(), Ok(0));
    assert!(!store.draw_marriage_day(&draw, CLOSES).await.unwrap());
    let anew = "update marriage_draws set seed = 'another'";
    assert!(sqlx::query(anew).execute(&database).await.is_err());
    let sealed: Vec<u8> =
        sqlx::query_scalar("select sealed_seed from marriage_draws").fetch_one(&database).await.unwrap();
    let seed = store.marriage_draw(&draw).await.unwrap().published.seed.unwrap();
    assert!(!sealed.windows(seed.len()).any(|part| part == seed.as_bytes()), "sealed until it is drawn");
});
