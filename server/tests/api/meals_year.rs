//! A year of a meal point against a model: quota, cut-off, lines for full dishes and standing orders, with public holidays and
//! closed days; on both engines. Everything is done over HTTP by a community worker and the point's operator.

#![cfg(test)]

use std::collections::BTreeMap;

use app::domain::calendar::Calendar;
use app::domain::meals::{MealState, STANDING_AHEAD_DAYS, WaitState};
use app::domain::time::Instant;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::counter::clerk;
use super::meals::{BASE, send};
use super::{Browser, TestApp};
use crate::settings::Engine;
use crate::store_tests::meals::{documents, eater, keep};
use crate::store_tests::random::{Random, seed};

/// The whole year with the feature `soak`; in `make test` the days around the National Day, whose holidays are in it.
const FROM: Date = if cfg!(feature = "soak") { date(2026, 1, 1) } else { date(2026, 9, 28) };
const DAYS: i32 = if cfg!(feature = "soak") { 365 } else { 6 };
/// Acts in each of a day's three parts.
const ACTS: u64 = 5;
const EATERS: usize = 7;
/// A menu is written so many days ahead, the last day that the page of a point shows.
const MENU_AHEAD: i32 = 6;

const TOFU: &str = "豆腐";
/// Some of the eaters must not eat it.
const FISH: &str = "清蒸鱼";

const CUTOFF: i64 = 570;
const ENDS: i64 = 780;

fn at(day: Date, minute: i64) -> Instant {
    Instant(Instant::shanghai_midnight(day).0 + minute * 60_000)
}

fn plus(day: Date, days: i32) -> Date {
    day.checked_add(days.days()).unwrap()
}

/// A dish of a day: cheapest first, as the menu lists them.
type DishKey = (Date, &'static str);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Settled {
    /// That there was none was told.
    Told,
    Ordered,
    Twice,
}

struct Standing {
    id: String,
    eater: usize,
    days: Vec<usize>,
    skip_holidays: bool,
    usual: Option<&'static str>,
    pause: Option<(Date, Option<Date>)>,
    settled: BTreeMap<Date, Settled>,
    on: bool,
}

impl Standing {
    fn paused(&self, day: Date) -> bool {
        self.pause.is_some_and(|(from, to)| from <= day && to.is_none_or(|to| day <= to))
    }

    fn wants(&self, day: Date) -> bool {
        let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap();
        let holiday = Calendar::embedded().is_holiday(day).unwrap_or(false);
        self.on && self.days.contains(&weekday) && !(self.skip_holidays && holiday) && !self.paused(day)
    }
}

/// What the point and its people ought to have.
#[derive(Default)]
struct Model {
    avoids_fish: Vec<bool>,
    quota: BTreeMap<DishKey, i64>,
    /// Who eats what on a day, and the standing order that ordered it.
    meals: BTreeMap<(Date, usize), (&'static str, Option<usize>)>,
    lines: BTreeMap<DishKey, Vec<usize>>,
    standby: BTreeMap<DishKey, Vec<usize>>,
    closed: Vec<Date>,
    standing: Vec<Standing>,
    /// Failures of standing orders that were told, and meals that came after all.
    told: i64,
    came: i64,
}

impl Model {
    fn taken(&self, (day, name): DishKey) -> i64 {
        let of = self.meals.iter().filter(|((of, _), (dish, _))| *of == day && *dish == name);
        i64::try_from(of.count()).unwrap()
    }

    fn free(&self, dish: DishKey) -> i64 {
        self.quota.get(&dish).map_or(0, |quota| quota - self.taken(dish))
    }

    /// What somebody who does not wait can have.
    fn left(&self, dish: DishKey) -> i64 {
        if self.lines.contains_key(&dish) { 0 } else { self.free(dish) }
    }

    fn open(&self, day: Date, now: Instant) -> bool {
        !self.closed.contains(&day) && now < at(day, CUTOFF)
    }

    fn may_eat(&self, eater: usize, name: &str) -> bool {
        name != FISH || !self.avoids_fish[eater]
    }

    fn waits(&self, eater: usize, day: Date) -> bool {
        let mut all = self.lines.iter().chain(&self.standby);
        all.any(|((of, _), line)| *of == day && line.contains(&eater))
    }

    fn reserve(&mut self, eater: usize, (day, name): DishKey, now: Instant) -> bool {
        let can = self.open(day, now)
            && self.left((day, name)) > 0
            && self.may_eat(eater, name)
            && !self.meals.contains_key(&(day, eater));
        if can {
            self.meals.insert((day, eater), (name, None));
        }
        can
    }

    fn join(&mut self, eater: usize, (day, name): DishKey, now: Instant) -> bool {
        let can = self.open(day, now)
            && self.left((day, name)) == 0
            && self.may_eat(eater, name)
            && !self.meals.contains_key(&(day, eater))
            && !self.waits(eater, day);
        if can {
            self.lines.entry((day, name)).or_default().push(eater);
        }
        can
    }

    fn leave(&mut self, eater: usize, day: Date) {
        for lines in [&mut self.lines, &mut self.standby] {
            for ((of, _), line) in lines.iter_mut() {
                line.retain(|one| *of != day || *one != eater);
            }
            lines.retain(|_, line| !line.is_empty());
        }
    }

    /// What time does to the lines, and then every freed meal to the first of its line.
    fn give(&mut self, now: Instant) {
        let closed = self.closed.clone();
        let gone = |day: Date| closed.contains(&day) || at(day, ENDS) <= now;
        self.lines.retain(|(day, _), _| !gone(*day));
        self.standby.retain(|(day, _), _| !gone(*day));
        let late: Vec<_> = self.lines.keys().filter(|(day, _)| at(*day, CUTOFF) <= now).copied().collect();
        for dish in late {
            let line = self.lines.remove(&dish).unwrap();
            self.standby.entry(dish).or_default().extend(line);
        }
        for (day, name) in self.lines.keys().copied().collect::<Vec<_>>() {
            while self.free((day, name)) > 0 && self.lines.contains_key(&(day, name)) {
                let line = self.lines.get_mut(&(day, name)).unwrap();
                let first = line.remove(0);
                if line.is_empty() {
                    self.lines.remove(&(day, name));
                }
                // Whoever ordered something else meanwhile is passed over.
                self.meals.entry((day, first)).or_insert((name, None));
            }
        }
    }

    /// Places what one standing order wants.
    fn place(&mut self, standing: usize, now: Instant) {
        let today = now.shanghai_date();
        for day in (0..=STANDING_AHEAD_DAYS).map(|ahead| plus(today, ahead)) {
            let order = &self.standing[standing];
            let before = order.settled.get(&day).copied();
            if !order.wants(day) || matches!(before, Some(Settled::Ordered | Settled::Twice)) {
                continue;
            }
            let (eater, usual) = (order.eater, order.usual);
            let fit = |name: &&'static str| {
                self.quota.contains_key(&(day, *name))
                    && self.may_eat(eater, name)
                    && self.left((day, *name)) > 0
            };
            let cooked = self.quota.keys().any(|(of, _)| *of == day);
            let dish = usual.filter(fit).or_else(|| [TOFU, FISH].into_iter().find(fit));
            let (outcome, name) = match (self.closed.contains(&day), now < at(day, CUTOFF), dish) {
                (true, ..) => (Settled::Told, None),
                (_, false, _) => continue,
                (_, _, None) if !cooked => continue,
                (_, _, None) => (Settled::Told, None),
                (_, _, Some(_)) if self.meals.contains_key(&(day, eater)) => (Settled::Twice, None),
                (_, _, Some(name)) => (Settled::Ordered, Some(name)),
            };
            match (name, before) {
                (Some(name), _) => {
                    self.came += i64::from(before == Some(Settled::Told));
                    self.meals.insert((day, eater), (name, Some(standing)));
                    self.standing[standing].settled.insert(day, outcome);
                }
                // What was told once is not told again, nor anything else of that day.
                (None, Some(_)) => {}
                (None, None) => {
                    self.told += i64::from(outcome == Settled::Told);
                    self.standing[standing].settled.insert(day, outcome);
                }
            }
        }
    }

    /// The days of a pause, or all, are given up where that is still free.
    fn give_up_of(&mut self, standing: usize, away: impl Fn(Date) -> bool, now: Instant) {
        let today = now.shanghai_date();
        let gone = |day: Date| day >= today && now < at(day, CUTOFF) && away(day);
        let mut days = Vec::new();
        self.meals.retain(|(day, _), (_, by)| {
            let goes = *by == Some(standing) && gone(*day);
            if goes {
                days.push(*day);
            }
            !goes
        });
        for day in days {
            self.standing[standing].settled.remove(&day);
        }
    }
}

struct Year<'a> {
    app: &'a TestApp,
    worker: Browser<'a>,
    cook: Browser<'a>,
    eaters: Vec<String>,
    model: Model,
    random: Random,
    done: [u64; 2],
}

impl Year<'_> {
    fn now(&self) -> Instant {
        self.app.site.clock().now()
    }

    fn coming(&mut self) -> Date {
        let ahead = i32::try_from(self.random.below(4)).unwrap();
        plus(self.now().shanghai_date(), ahead)
    }

    fn dish(&mut self) -> DishKey {
        (self.coming(), *self.random.pick(&[TOFU, FISH]))
    }

    async fn id_of(&self, (day, name): DishKey) -> Option<String> {
        let menu = self.app.site.store().meal_menu("xg-01", (day, day)).await.unwrap();
        menu.into_iter().find(|dish| dish.dish.name == name).map(|dish| dish.id)
    }

    fn judge(&mut self, what: &str, expected: bool, answer: &super::Answer) {
        let wanted = if expected { 303 } else { 422 };
        assert_eq!(answer.status, wanted, "{what} at {}: {}", self.now().shanghai_text(), answer.body);
        self.done[usize::from(!expected)] += 1;
    }

    /// The operator writes the menu of the day that comes into sight.
    async fn write_menu(&mut self, day: Date) {
        let [tofu, fish] = [self.random.count(3), self.random.count(2)];
        let lines = format!("{day},午饭,{TOFU},8,{tofu},素菜,豆子\n{day},午饭,{FISH},12,{fish},,鱼、姜");
        let kept = send(&self.cook, &format!("{BASE}/menu"), &[("lines", &lines)]).await;
        assert_eq!(kept.status, 303, "{}", kept.body);
        self.model.quota.insert((day, TOFU), tofu);
        self.model.quota.insert((day, FISH), fish);
    }

    async fn order(&mut self, eater: usize) {
        let (dish, now) = (self.dish(), self.now());
        let id = self.id_of(dish).await.unwrap();
        let fields = [("point", "xg-01"), ("dish", id.as_str()), ("mode", "dine_in")];
        let path = format!("/staff/meal-orders/{}", self.eaters[eater]);
        if self.random.below(2) == 0 {
            let expected = self.model.reserve(eater, dish, now);
            let answer = send(&self.worker, &path, &fields).await;
            self.judge("order", expected, &answer);
        } else {
            let expected = self.model.join(eater, dish, now);
            let answer = send(&self.worker, &format!("{path}/wait"), &fields).await;
            self.judge("wait", expected, &answer);
        }
    }

    /// Gives one meal up, in time or late.
    async fn cancel(&mut self, eater: usize) {
        let today = self.now().shanghai_date();
        let meals = self.app.site.store().meals_of(&self.eaters[eater], today).await.unwrap();
        let live: Vec<_> = meals.iter().filter(|meal| meal.state == MealState::Reserved).collect();
        if live.is_empty() {
            return;
        }
        let meal = *self.random.pick(&live);
        let path = format!("/staff/meal-orders/{}/cancel", self.eaters[eater]);
        let answer = send(&self.worker, &path, &[("order", &meal.id)]).await;
        self.model.meals.remove(&(meal.day, eater)).unwrap();
        self.judge("cancel", true, &answer);
    }

    async fn leave(&mut self, eater: usize) {
        let today = self.now().shanghai_date();
        let waits = self.app.site.store().waits_of(&self.eaters[eater], today).await.unwrap();
        let Some(wait) = waits.into_iter().find(|wait| wait.state.is_open()) else { return };
        let path = format!("/staff/meal-orders/{}/waits/{}", self.eaters[eater], wait.id);
        let answer = send(&self.worker, &path, &[]).await;
        self.model.leave(eater, wait.day);
        self.judge("leave", true, &answer);
    }

    /// The point rings whoever is next for a meal that was given up late.
    async fn ring(&mut self) {
        let today = self.now().shanghai_date();
        let lines = self.app.site.store().lines_at("xg-01", today).await.unwrap();
        let next = lines
            .into_iter()
            .find(|(wait, free)| wait.state == WaitState::Standby && wait.place == 1 && *free > 0);
        let Some((wait, _)) = next else { return };
        let eater = self.eaters.iter().position(|of| *of == wait.eater).unwrap();
        let comes = self.random.below(2) == 0;
        let path = format!("{BASE}/waiting/{}", wait.id);
        let answer = send(&self.cook, &path, &[("answer", if comes { "comes" } else { "declines" })]).await;
        let has = self.model.meals.contains_key(&(wait.day, eater));
        self.model.leave(eater, wait.day);
        if comes && !has {
            let name = if wait.dish_name == FISH { FISH } else { TOFU };
            self.model.meals.insert((wait.day, eater), (name, None));
        }
        self.judge("ring", !(comes && has), &answer);
    }

    async fn stand(&mut self, eater: usize) {
        let days: Vec<usize> = (0..7).filter(|_| self.random.below(3) == 0).collect();
        let usual = *self.random.pick(&[None, Some(TOFU), Some(FISH)]);
        let skip = self.random.below(2) == 0;
        let fields: Vec<_> = days.iter().map(|day| (format!("weekday-{day}"), "yes")).collect();
        let mut all: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        all.extend([("point", "xg-01"), ("standing_kind", "lunch"), ("standing_mode", "dine_in")]);
        all.push(("usual", usual.unwrap_or_default()));
        all.push(("skip_holidays", if skip { "yes" } else { "" }));
        let taken =
            self.model.standing.iter().any(|other| {
                other.on && other.eater == eater && other.days.iter().any(|day| days.contains(day))
            });
        // A day on which one would eat what one must not is not offered as the usual.
        let expected = !days.is_empty() && !taken && usual.is_none_or(|name| self.model.may_eat(eater, name));
        let path = format!("/staff/meal-orders/{}/standing", self.eaters[eater]);
        let answer = send(&self.worker, &path, &all).await;
        self.judge("stand", expected, &answer);
        if expected {
            let kept = self.app.site.store().standing_of_eater(&self.eaters[eater]).await.unwrap();
            let known = |id: &str| self.model.standing.iter().any(|other| other.id == id);
            let id = kept.into_iter().map(|kept| kept.id).find(|id| !known(id)).unwrap();
            self.model.standing.push(Standing {
                id,
                eater,
                days,
                skip_holidays: skip,
                usual,
                pause: None,
                settled: BTreeMap::new(),
                on: true,
            });
            self.model.place(self.model.standing.len() - 1, self.now());
        }
    }

    async fn change(&mut self) {
        let on: Vec<usize> =
            (0..self.model.standing.len()).filter(|at| self.model.standing[*at].on).collect();
        if on.is_empty() {
            return;
        }
        let (which, now) = (*self.random.pick(&on), self.now());
        let from = self.coming();
        let to =
            (self.random.below(2) == 0).then(|| plus(from, i32::try_from(self.random.below(9)).unwrap()));
        let act = *self.random.pick(&["pause", "pause", "resume", "resume", "end"]);
        let (id, eater) = (self.model.standing[which].id.clone(), self.model.standing[which].eater);
        let names = (format!("pause_from-{id}"), format!("pause_to-{id}"));
        let typed = (from.to_string(), to.map(|to| to.to_string()).unwrap_or_default());
        let fields =
            [("act", act), (names.0.as_str(), typed.0.as_str()), (names.1.as_str(), typed.1.as_str())];
        let path = format!("/staff/meal-orders/{}/standing/{id}", self.eaters[eater]);
        let answer = send(&self.worker, &path, &fields).await;
        self.judge(act, true, &answer);
        match act {
            "pause" => {
                self.model.standing[which].pause = Some((from, to));
                let away = |day: Date| from <= day && to.is_none_or(|to| day <= to);
                self.model.give_up_of(which, away, now);
            }
            "resume" => self.model.standing[which].pause = None,
            _ => {
                self.model.standing[which].on = false;
                self.model.give_up_of(which, |_| true, now);
            }
        }
        self.model.place(which, now);
    }

    /// A day off, which ends its meals; or one more of a dish.
    async fn replan(&mut self) {
        let day = plus(self.coming(), 1);
        if self.model.closed.contains(&day) {
            return;
        }
        if self.random.below(3) == 0 {
            let day_words = day.to_string();
            let fields = [("closed_day", day_words.as_str()), ("reason", "检修")];
            let answer = send(&self.cook, &format!("{BASE}/closures"), &fields).await;
            self.model.closed.push(day);
            self.model.meals.retain(|(of, _), _| *of != day);
            self.judge("close", true, &answer);
        } else {
            let dish = (day, *self.random.pick(&[TOFU, FISH]));
            let Some(id) = self.id_of(dish).await else { return };
            let quota = self.model.quota.get_mut(&dish).unwrap();
            *quota += 1;
            let words = quota.to_string();
            let answer =
                send(&self.cook, &format!("{BASE}/dishes/{id}"), &[("act", "quota"), ("quota", &words)])
                    .await;
            self.judge("quota", true, &answer);
        }
    }

    async fn act(&mut self) {
        let eater = usize::try_from(self.random.below(u64::try_from(EATERS).unwrap())).unwrap();
        match self.random.below(20) {
            0..=8 => self.order(eater).await,
            9..=11 => self.cancel(eater).await,
            12 => self.leave(eater).await,
            13..=14 => self.ring().await,
            15..=16 => self.stand(eater).await,
            17..=18 => self.change().await,
            _ => self.replan().await,
        }
        self.round().await;
        // Two acts never at one millisecond: ids and lines stand in the order of the acts.
        self.app.clock.set(Instant(self.now().0 + 1_000));
    }

    /// The server's own round, and all that it leaves against what the model says.
    async fn round(&mut self) {
        let now = self.now();
        crate::meal_waiting::give_all(&self.app.site).await.unwrap();
        crate::standing_orders::place_all(&self.app.site).await.unwrap();
        self.model.give(now);
        for standing in 0..self.model.standing.len() {
            self.model.place(standing, now);
        }
        self.compare(now.shanghai_date()).await;
    }

    async fn compare(&self, today: Date) {
        let (store, model) = (self.app.site.store(), &self.model);
        let mut kept = BTreeMap::new();
        for (at, eater) in self.eaters.iter().enumerate() {
            for meal in store.meals_of(eater, today).await.unwrap() {
                if meal.state == MealState::Reserved {
                    let before = kept.insert((meal.day, at), meal.dish_name);
                    assert_eq!(before, None, "one meal of a kind on a day");
                }
            }
        }
        let wanted = model.meals.iter().filter(|((day, _), _)| *day >= today);
        let wanted: BTreeMap<_, _> = wanted.map(|(at, (name, _))| (*at, (*name).to_owned())).collect();
        assert_eq!(kept, wanted, "meals");
        for dish in store.meal_menu("xg-01", (today, plus(today, 9))).await.unwrap() {
            let key = (dish.dish.day, if dish.dish.name == FISH { FISH } else { TOFU });
            assert_eq!((dish.taken, dish.dish.quota), (model.taken(key), model.quota[&key]), "{key:?}");
            assert!(dish.taken <= dish.dish.quota, "{key:?} is oversold");
        }
        let mut lines: BTreeMap<(bool, Date, String), Vec<usize>> = BTreeMap::new();
        for (wait, _) in store.lines_at("xg-01", today).await.unwrap() {
            let eater = self.eaters.iter().position(|of| *of == wait.eater).unwrap();
            let late = wait.state == WaitState::Standby;
            lines.entry((late, wait.day, wait.dish_name)).or_default().push(eater);
        }
        let keyed = |late: bool, lines: &BTreeMap<DishKey, Vec<usize>>| {
            let keyed =
                lines.iter().map(move |((day, name), line)| ((late, *day, (*name).to_owned()), line.clone()));
            keyed.collect::<Vec<_>>()
        };
        let wanted: BTreeMap<_, _> =
            keyed(false, &model.lines).into_iter().chain(keyed(true, &model.standby)).collect();
        assert_eq!(lines, wanted, "lines");
    }

    async fn told(&self, template: &str) -> i64 {
        sqlx::query_scalar("select cast(count(*) as bigint) from outbox where template = $1")
            .bind(template)
            .fetch_one(&self.app.database().await)
            .await
            .unwrap()
    }
}

async fn a_year(engine: Engine) {
    let app = TestApp::start_on(engine, |settings| settings.staff_idle_minutes = 600).await;
    app.clock.set(at(FROM, 420));
    let worker = clerk(&app, "worker", "community_worker@320214050001").await;
    let cook = clerk(&app, "cook", "meal_point_operator@xg-01").await;
    let times = [
        ("service_kind", "lunch"),
        ("starts", "11:00"),
        ("ends", "13:00"),
        ("cutoff_days", "0"),
        ("cutoff", "9:30"),
    ];
    assert_eq!(send(&cook, &format!("{BASE}/services"), &times).await.location(), BASE);
    let random = Random(seed());
    let mut year =
        Year { app: &app, worker, cook, eaters: Vec::new(), model: Model::default(), random, done: [0; 2] };
    for (at, document) in documents(EATERS).iter().enumerate() {
        let avoids_fish = at % 3 == 0;
        let mut new = eater(document);
        new.avoid = if avoids_fish { vec!["鱼".to_owned()] } else { Vec::new() };
        year.eaters.push(keep(&app.store, &new).await);
        year.model.avoids_fish.push(avoids_fish);
    }
    for ahead in 0..MENU_AHEAD {
        year.write_menu(plus(FROM, ahead)).await;
    }
    for day in (0..DAYS).map(|day| plus(FROM, day)) {
        app.clock.set(at(day, 480));
        if day != FROM {
            year.worker.sign_in_as("worker").await;
            year.cook.sign_in_as("cook").await;
        }
        year.write_menu(plus(day, MENU_AHEAD)).await;
        year.round().await;
        for minute in [490, CUTOFF, ENDS] {
            app.clock.set(at(day, minute));
            for _ in 0..ACTS {
                year.act().await;
            }
        }
    }
    let told = (year.told("meal_standing_failed").await, year.told("meal_standing_placed").await);
    assert_eq!(
        told,
        (year.model.told, year.model.came),
        "each failure once, and each meal that came after all"
    );
    let [done, refused] = year.done;
    eprintln!("{done} acts done, {refused} refused, {} told, {} came after all", told.0, told.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_points_year_is_what_a_model_says_on_sqlite() {
    a_year(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_points_year_is_what_a_model_says_on_postgres() {
    a_year(Engine::Postgres).await;
}
