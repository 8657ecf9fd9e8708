//! Places, holds, moves and waiting lists against a model: random acts, and the store must answer each as the model does. Then the same
//! acts by many at once on two servers, where nothing may be oversold, lost or double.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use app::domain::marriage::{EXTENSIONS_MAX, HOLD_MS, Matter};
use app::domain::phone::Mobile;
use app::domain::time::Instant;

use super::marriage_bookings::{DAY, confirmation, slot};
use super::marriage_draw::couple;
use super::random::{Random, seed};
use super::{NOW, TestStore, owner, store_test};
use crate::store::audit::Actor;
use crate::store::marriage::bookings::{BookRefusal, Invite, Signed, WantedSlot};
use crate::store::marriage::moving::MovedBy;
use crate::store::{IdempotencyKey, OnlyOnce, Store};

/// How many acts: in `make test`, and with the feature `soak`.
const ACTS: u64 = if cfg!(feature = "soak") { 100_000 } else { 1_000 };
const TASKS: u64 = 16;
const OFFICES: [&str; 2] = ["a", "b"];
/// Starts and quotas of the times of both offices.
const TIMES: [(u16, i64); 3] = [(540, 1), (600, 2), (660, 4)];
const OWNERS: u64 = 12;
const COUPLES: u64 = 10;
const KEEP_MS: i64 = 3_600_000;

fn wanted(office: usize, time: usize) -> WantedSlot<'static> {
    let (starts, quota) = TIMES[time];
    slot(OFFICES[office], starts, quota)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Held,
    Waiting,
    Firm,
}

#[derive(Clone, Debug)]
struct Kept {
    place: (usize, usize),
    owner: u64,
    state: State,
    until: i64,
    extensions: i64,
    couple: usize,
    secret: String,
}

#[derive(Clone, Debug)]
struct Waits {
    office: usize,
    owner: u64,
    open: bool,
    booking: Option<String>,
}

/// What the store must agree with.
#[derive(Default)]
struct Model {
    bookings: BTreeMap<String, Kept>,
    /// Bookings that were, and are over.
    over: BTreeSet<String>,
    /// In the order in which they came.
    lines: Vec<(String, Waits)>,
}

impl Model {
    /// What ran out is over.
    fn release(&mut self, now: i64) {
        let ran_out = |kept: &Kept| kept.state != State::Firm && kept.until <= now;
        let ids: Vec<_> =
            self.bookings.iter().filter(|(_, kept)| ran_out(kept)).map(|(id, _)| id.clone()).collect();
        for id in ids {
            self.end(&id);
        }
        for (_, waits) in &mut self.lines {
            let held = |id: &String| self.bookings.get(id).is_some_and(|kept| kept.state == State::Held);
            waits.open &= waits.booking.as_ref().is_none_or(held);
        }
    }

    fn end(&mut self, id: &str) {
        self.bookings.remove(id);
        self.over.insert(id.to_owned());
    }

    fn taken(&self, place: (usize, usize)) -> i64 {
        i64::try_from(self.bookings.values().filter(|kept| kept.place == place).count()).unwrap()
    }

    fn open_holds(&self, owner: u64) -> usize {
        let open = |kept: &&Kept| kept.owner == owner && matches!(kept.state, State::Held | State::Waiting);
        self.bookings.values().filter(open).count()
    }

    fn waits(&self, office: usize) -> bool {
        self.lines.iter().any(|(_, waits)| waits.office == office && waits.open && waits.booking.is_none())
    }

    fn full(&self, place: (usize, usize)) -> bool {
        self.waits(place.0) || self.taken(place) >= TIMES[place.1].1
    }

    fn is_booked(&self, couple: usize) -> bool {
        self.bookings
            .values()
            .any(|kept| kept.couple == couple && matches!(kept.state, State::Waiting | State::Firm))
    }
}

/// An answer without what the model can't know.
fn word<T>(answer: &Result<T, BookRefusal>) -> &'static str {
    match answer {
        Ok(_) => "done",
        Err(BookRefusal::Full) => "full",
        Err(BookRefusal::TooMany) => "too many",
        Err(BookRefusal::BookedBefore) => "booked before",
        Err(BookRefusal::Over) => "over",
        Err(BookRefusal::BothAhead) => "both ahead",
        Err(BookRefusal::Store(cause)) => panic!("{cause:?}"),
    }
}

/// The acts, each with a key and a time of its own.
struct Acts<'a> {
    store: &'a TestStore,
    server: Store,
    task: u64,
    done: u64,
}

impl Acts<'_> {
    fn key(&mut self) -> IdempotencyKey {
        self.done += 1;
        IdempotencyKey::new(&self.server, &format!("act-{}-{}", self.task, self.done), "body")
    }

    fn who(number: u64) -> app::visit::Owner {
        owner(&format!("owner-{number}"))
    }

    async fn hold(&mut self, by: u64, place: (usize, usize), now: Instant) -> Result<String, BookRefusal> {
        let key = self.key();
        let wanted = wanted(place.0, place.1);
        self.server
            .hold_marriage_slot(&wanted, &Self::who(by), &Actor::System, &key, now)
            .await
            .map(OnlyOnce::answer)
    }

    async fn tell(&mut self, id: &str, (by, who): (u64, usize), now: Instant) -> Result<String, BookRefusal> {
        let key = self.key();
        let secret = format!("{:016}{:016}", self.task, self.done);
        let invite = Invite { secret: secret.clone(), code: "042042".into() };
        let (me, until) = (Self::who(by), Instant(now.0 + KEEP_MS));
        let by = (&me, &Actor::System);
        self.server
            .tell_marriage_couple(id, &couple(who), until, Some(&invite), None, by, &key, now)
            .await
            .map(|()| secret)
    }

    async fn agree(&mut self, secret: &str, now: Instant) -> Result<(), BookRefusal> {
        let number = format!("HY{:02}{:010}", self.task, self.done);
        self.done += 1;
        let confirmation = confirmation(self.store, &number).await;
        let signed = Signed { number: &number, confirmation: &confirmation };
        let by = (&owner("other"), &Actor::System);
        match self.server.agree_to_marriage_booking((secret, "042042"), &signed, by, now).await {
            Ok(Some(_)) => Ok(()),
            Ok(None) => Err(BookRefusal::Over),
            Err(other) => Err(other),
        }
    }

    async fn cancel(&mut self, id: &str, by: u64, now: Instant) -> Result<(), BookRefusal> {
        let key = self.key();
        self.server.cancel_marriage_booking(id, (&Self::who(by), &Actor::System), &key, now).await
    }

    async fn change(
        &mut self,
        id: &str,
        (by, who): (u64, usize),
        place: (usize, usize),
        now: Instant,
    ) -> Result<(), BookRefusal> {
        let (key, me) = (self.key(), Self::who(by));
        let booking = self.server.marriage_booking(id, &me).await?;
        if booking.number.is_empty() {
            return Err(BookRefusal::Over);
        }
        let confirmation = confirmation(self.store, &booking.number).await;
        let signed = Signed { number: &booking.number, confirmation: &confirmation };
        let (wanted, couple) = (wanted(place.0, place.1), couple(who));
        let by = MovedBy::Couple(&me, &Actor::System);
        self.server.move_marriage_booking(&booking, &wanted, &couple, &signed, by, &key, now).await
    }

    async fn join(&mut self, by: u64, office: usize, now: Instant) -> Result<OnlyOnce<String>, BookRefusal> {
        let key = self.key();
        let mobile = Mobile::parse("13900001234").unwrap();
        let line = (OFFICES[office], Matter::MarriageRegistration, DAY);
        self.server.join_marriage_line(line, &mobile, (&Self::who(by), &Actor::System), &key, now).await
    }

    async fn leave(&mut self, id: &str, by: u64, now: Instant) -> Result<(), BookRefusal> {
        let key = self.key();
        self.server.leave_marriage_line(id, (&Self::who(by), &Actor::System), &key, now).await
    }
}

/// One random act on both; the answers must be the same.
async fn act(acts: &mut Acts<'_>, model: &mut Model, random: &mut Random, now: Instant) {
    let any =
        |random: &mut Random, end: usize| usize::try_from(random.below(u64::try_from(end).unwrap())).unwrap();
    let place = (any(random, 2), any(random, 3));
    let by = random.below(OWNERS);
    let what = random.below(20);
    if what > 4 {
        // A hold releases what it meets; the other acts are done after the job has come by.
        acts.server.release_marriage_holds(now).await.unwrap();
        acts.server.settle_marriage_offers(now).await.unwrap();
    }
    model.release(now.0);
    let ids: Vec<String> = model.bookings.keys().cloned().collect();
    let picked = (!ids.is_empty()).then(|| random.pick(&ids).clone());
    match (what, picked) {
        (0..=4, _) => {
            let expected = match () {
                () if model.full(place) => "full",
                () if model.open_holds(by) >= 2 => "too many",
                () => "done",
            };
            let answer = acts.hold(by, place, now).await;
            assert_eq!(word(&answer), expected, "hold {place:?}");
            if let Ok(id) = answer {
                let kept = Kept {
                    place,
                    owner: by,
                    state: State::Held,
                    until: now.0 + HOLD_MS,
                    extensions: 0,
                    couple: usize::MAX,
                    secret: String::new(),
                };
                model.bookings.insert(id, kept);
            }
        }
        (5..=8, Some(id)) => {
            let who = usize::try_from(random.below(COUPLES)).unwrap();
            let kept = model.bookings[&id].clone();
            let expected = match kept.state {
                State::Held if model.is_booked(who) => "booked before",
                State::Held => "done",
                _ => "over",
            };
            let answer = acts.tell(&id, (kept.owner, who), now).await;
            assert_eq!(word(&answer), expected, "tell {kept:?}");
            if let Ok(secret) = answer {
                let until = now.0 + KEEP_MS;
                model.bookings.insert(id, Kept { state: State::Waiting, until, couple: who, secret, ..kept });
            }
        }
        (9..=10, Some(id)) => {
            let kept = model.bookings[&id].clone();
            let expected = if kept.state == State::Waiting { "done" } else { "over" };
            let answer = acts.agree(&kept.secret, now).await;
            assert_eq!(word(&answer), expected, "agree {kept:?}");
            if answer.is_ok() {
                model.bookings.insert(id, Kept { state: State::Firm, ..kept });
            }
        }
        (11..=12, Some(id)) => {
            let kept = model.bookings[&id].clone();
            assert_eq!(word(&acts.cancel(&id, kept.owner, now).await), "done", "cancel {kept:?}");
            model.end(&id);
        }
        (13, Some(id)) => {
            let kept = model.bookings[&id].clone();
            let may = kept.state == State::Held && kept.extensions < EXTENSIONS_MAX;
            let answer = acts.server.extend_marriage_hold(&id, &Acts::who(kept.owner), now).await;
            assert_eq!(word(&answer), if may { "done" } else { "over" }, "extend {kept:?}");
            if may {
                let until = kept.until.max(now.0 + HOLD_MS);
                model.bookings.insert(id, Kept { until, extensions: kept.extensions + 1, ..kept });
            }
        }
        (14..=15, Some(id)) => {
            let kept = model.bookings[&id].clone();
            let expected = match kept.state {
                State::Firm if model.full(place) => "full",
                State::Firm => "done",
                _ => "over",
            };
            let answer = acts.change(&id, (kept.owner, kept.couple), place, now).await;
            assert_eq!(word(&answer), expected, "move {kept:?} to {place:?}");
            if answer.is_ok() {
                model.bookings.insert(id, Kept { place, ..kept });
            }
        }
        (16, _) => {
            let there = model
                .lines
                .iter()
                .find(|(_, waits)| (waits.office, waits.owner, waits.open) == (place.0, by, true));
            let there = there.map(|(id, _)| id.clone());
            match acts.join(by, place.0, now).await.unwrap() {
                OnlyOnce::Before(id) => assert_eq!(Some(id), there),
                OnlyOnce::Done(id) => {
                    assert_eq!(there, None);
                    model.lines.push((id, Waits { office: place.0, owner: by, open: true, booking: None }));
                }
            }
        }
        (17, _) if !model.lines.is_empty() => {
            let at = any(random, model.lines.len());
            let (id, waits) = model.lines[at].clone();
            let may = waits.open && waits.booking.is_none();
            let answer = acts.leave(&id, waits.owner, now).await;
            assert_eq!(word(&answer), if may { "done" } else { "over" }, "leave {waits:?}");
            model.lines[at].1.open &= !may;
        }
        _ => offer(acts, model, place, now).await,
    }
}

async fn offer(acts: &mut Acts<'_>, model: &mut Model, place: (usize, usize), now: Instant) {
    let until = Instant(now.0 + 2 * HOLD_MS);
    let room = model.taken(place) < TIMES[place.1].1;
    let next = model.lines.iter().position(|(_, waits)| {
        waits.office == place.0 && waits.open && waits.booking.is_none() && model.open_holds(waits.owner) < 2
    });
    let expected = next.filter(|_| room);
    let made = acts.server.offer_marriage_place(&wanted(place.0, place.1), until, now).await.unwrap();
    assert_eq!(made, expected.is_some(), "offer {place:?}");
    let Some(at) = expected else { return };
    let (id, waits) = model.lines[at].clone();
    let wait = acts.server.marriage_wait(&id, &Acts::who(waits.owner)).await.unwrap();
    let booking = wait.booking.unwrap();
    model.lines[at].1.booking = Some(booking.clone());
    let kept = Kept {
        place,
        owner: waits.owner,
        state: State::Held,
        until: until.0,
        extensions: 0,
        couple: usize::MAX,
        secret: String::new(),
    };
    model.bookings.insert(booking, kept);
}

/// Every row says what the model says.
async fn compare(store: &TestStore, model: &mut Model, database: &sqlx::AnyPool, now: Instant) {
    store.release_marriage_holds(now).await.unwrap();
    store.settle_marriage_offers(now).await.unwrap();
    model.release(now.0);
    for (office, code) in OFFICES.iter().enumerate() {
        for (time, (starts, _)) in TIMES.iter().enumerate() {
            let taken: i64 = sqlx::query_scalar(
                "select cast(coalesce(sum(taken), 0) as bigint) from marriage_slots where office = $1 and starts = $2",
            )
            .bind(*code)
            .bind(i64::from(*starts))
            .fetch_one(database)
            .await
            .unwrap();
            assert_eq!(taken, model.taken((office, time)), "{code} {starts}");
        }
    }
    let rows: Vec<(String, String)> =
        sqlx::query_as("select id, state from marriage_bookings").fetch_all(database).await.unwrap();
    assert_eq!(rows.len(), model.bookings.len() + model.over.len(), "none is lost");
    for (id, state) in rows {
        let expected = match model.bookings.get(&id).map(|kept| kept.state) {
            Some(State::Held) => &["held"][..],
            Some(State::Waiting) => &["waiting"],
            Some(State::Firm) => &["firm"],
            None => &["released", "cancelled"],
        };
        assert!(expected.contains(&state.as_str()), "{id} is {state}, not {expected:?}");
    }
    nothing_is_wrong(database).await;
}

/// What must be so whoever came in between: nothing oversold, nothing lost, nobody twice.
async fn nothing_is_wrong(database: &sqlx::AnyPool) {
    for (what, statement) in [
        (
            "a slot that counts other than its bookings",
            "select cast(count(*) as bigint) from marriage_slots s where s.taken <> (select count(*) from marriage_bookings b \
             where b.office = s.office and b.matter = s.matter and b.day = s.day and b.starts = s.starts \
             and b.state in ('held', 'waiting', 'firm'))",
        ),
        (
            "oversold",
            "select cast(count(*) as bigint) from marriage_slots where (starts = 540 and taken > 1) \
             or (starts = 600 and taken > 2) or (starts = 660 and taken > 4)",
        ),
        (
            "a person with two live bookings",
            "select cast(count(*) as bigint) from (select document_index from marriage_people p \
             join marriage_bookings b on b.id = p.booking where b.state in ('waiting', 'firm') \
             group by document_index having count(*) > 1) twice",
        ),
        (
            "somebody with three open holds",
            "select cast(count(*) as bigint) from (select owner from marriage_bookings where state in ('held', 'waiting') \
             group by owner having count(*) > 2) three",
        ),
        (
            "a place offered to two",
            "select cast(count(*) as bigint) from (select booking from marriage_waiting where booking is not null \
             group by booking having count(*) > 1) twice",
        ),
        (
            "a firm booking without its confirmation",
            "select cast(count(*) as bigint) from marriage_bookings b where b.state = 'firm' and not exists \
             (select 1 from confirmations c where c.id = b.confirmation and c.state = 'active')",
        ),
    ] {
        let count: i64 = sqlx::query_scalar(statement).fetch_one(database).await.unwrap();
        assert_eq!(count, 0, "{what}");
    }
}

store_test!(random_acts_leave_what_the_model_says, |store| {
    let mut random = Random(seed());
    let (mut model, database) = (Model::default(), store.database().await);
    let mut acts = Acts { store: &store, server: store.store.clone(), task: 0, done: 0 };
    let mut now = NOW;
    for turn in 0..ACTS {
        // Five hundred times it jumps, so that holds run out and some just don't; in all it stays days before the appointments.
        let jump = if random.below(ACTS / 500) == 0 { random.below(720_000) } else { 0 };
        now = Instant(now.0 + i64::try_from(1 + random.below(3_000) + jump).unwrap());
        act(&mut acts, &mut model, &mut random, now).await;
        if turn % (ACTS / 20) == 0 {
            compare(&store, &mut model, &database, now).await;
        }
    }
    compare(&store, &mut model, &database, now).await;
    let made = model.bookings.len() + model.over.len();
    eprintln!(
        "{ACTS} acts: {made} bookings, {} live at the end, {} waited",
        model.bookings.len(),
        model.lines.len()
    );
});

/// One task's acts, whatever the others do: an answer may be any, but never an error.
async fn on_its_own(store: &TestStore, server: Store, task: u64, seed: u64) -> u64 {
    let mut random = Random(seed ^ (task << 32));
    let mut acts = Acts { store, server, task, done: 0 };
    let (mut mine, mut done) = (Vec::<(String, u64, usize, String)>::new(), 0);
    for turn in 0..ACTS / TASKS {
        let now = Instant(NOW.0 + i64::try_from(turn).unwrap() * 20_000);
        let place = (usize::try_from(random.below(2)).unwrap(), usize::try_from(random.below(3)).unwrap());
        let who = usize::try_from(random.below(COUPLES)).unwrap();
        let at = mine.len().checked_sub(1);
        let answer = match (random.below(8), at) {
            (0..=2, _) => {
                let by = random.below(OWNERS);
                acts.hold(by, place, now).await.map(|id| mine.push((id, by, who, String::new())))
            }
            (3, Some(at)) => {
                let (id, by, who, _) = mine[at].clone();
                acts.tell(&id, (by, who), now).await.map(|secret| mine[at].3 = secret)
            }
            (4, Some(at)) => acts.agree(&mine[at].3.clone(), now).await,
            (5, Some(at)) => {
                let (id, by, who, _) = mine[at].clone();
                acts.change(&id, (by, who), place, now).await
            }
            (6, Some(_)) => {
                let (id, by, ..) =
                    mine.remove(usize::try_from(random.below(u64::try_from(mine.len()).unwrap())).unwrap());
                acts.cancel(&id, by, now).await
            }
            (7, _) if turn % 3 == 0 => acts.join(random.below(OWNERS), place.0, now).await.map(|_| ()),
            _ => {
                acts.server.settle_marriage_offers(now).await.unwrap();
                let until = Instant(now.0 + HOLD_MS);
                acts.server.offer_marriage_place(&wanted(place.0, place.1), until, now).await.unwrap();
                Ok(())
            }
        };
        done += u64::from(word(&answer) == "done");
    }
    done
}

store_test!(random_acts_of_sixteen_at_once_sell_nothing_twice, |store| {
    let seed = seed();
    let store = std::sync::Arc::new(store);
    let another = store.another().await;
    let mut tasks = tokio::task::JoinSet::new();
    for task in 1..=TASKS {
        let server = if task % 2 == 0 { store.store.clone() } else { another.clone() };
        let store = store.clone();
        tasks.spawn(async move { on_its_own(&store, server, task, seed).await });
    }
    let mut done = 0;
    while let Some(task) = tasks.join_next().await {
        done += task.unwrap();
    }
    assert!(done > 0);
    nothing_is_wrong(&store.database().await).await;
    eprintln!("{done} of {ACTS} acts done, the others refused");
});
