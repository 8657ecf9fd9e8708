//! What happens on the page, from the first look at the storage to the sound of an answer.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use app::domain::confirm::check::{CheckAnswer, CheckState, FirstUse, Question, Standing};
use app::domain::confirm::keys::{JwkSet, PublicKeys};
use app::domain::confirm::list::{DayEntry, DayList, StateList};
use app::domain::confirm::token::Signed;
use app::domain::confirm::{Claims, ConfirmationKind, ShortCode};
use app::domain::time::Instant;
use app::text::check::{Beep, Tone};
use app::text::verify as words;
use data_encoding::HEXLOWER;
use js_sys::Function;
use serde::Deserialize;
use verifier::age::{Freshness, ago, freshness, shanghai, time_text};
use verifier::clock::Heard;
use verifier::input::{self, HandScanner, Input};
use verifier::lists::{self, ListRefusal};
use verifier::scans::{self, Answers, Scan};
use verifier::shown::{self, Around};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{
    Element, Event, HtmlElement, HtmlFormElement, HtmlInputElement, HtmlVideoElement, KeyboardEvent,
    MediaStream, VisibilityState,
};

use super::camera::{self, Reader};
use super::document::{
    append, by_id, document, fill, listen, now, online, set_text, show, sleep, slot, template, ticks, window,
};
use super::network;
use super::signature::Verifier;
use super::sound;
use super::storage;

/// Between two looks at the camera, in milliseconds.
const LOOK_MS: i32 = 120;

/// A code that stays before the camera is judged once, until it has been away so long.
const AWAY_MS: f64 = 2_500.0;

/// Between two refreshings of keys and lists, in milliseconds.
const REFRESH_MS: i32 = 60_000;

/// The day's list is asked for so often only: asking keeps the clerk's sign-in awake.
const DAY_LIST_MS: f64 = 30.0 * 60_000.0;

/// In place of an identity that the server did not tell: no use can be recorded for it.
const NO_ID: [u8; 10] = [0; 10];

/// So many lines of what was checked last are shown.
const LINES: usize = 12;

/// What an answer to a short code says: `POST /check`, for programs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ShortAnswer {
    /// A check's state; none where nobody was given the code.
    state: Option<String>,
    /// The confirmation's identity in hexadecimal, for staff.
    confirmation: Option<String>,
    /// A kind's name.
    kind: Option<String>,
    office: Option<u64>,
    start: Option<i64>,
    until: Option<i64>,
}

/// One line of what was checked.
struct Checked {
    at: Instant,
    tone: Tone,
    what: String,
    words: String,
}

struct Page {
    issuer: String,
    load: Function,
    verifier: Verifier,
    reader: RefCell<Option<Reader>>,
    keys: RefCell<PublicKeys>,
    states: RefCell<Option<StateList>>,
    day: RefCell<Option<DayList>>,
    heard: Cell<Heard>,
    /// What became of the last list that was handed out.
    refused: Cell<Option<ListRefusal>>,
    /// The browser's storage is full.
    no_room: Cell<bool>,
    /// The day's list was given: somebody is signed in.
    signed_in: Cell<bool>,
    day_asked: Cell<f64>,
    refreshing: Cell<bool>,
    camera: RefCell<Option<MediaStream>>,
    checked: RefCell<Vec<Checked>>,
    judging: Cell<bool>,
    /// What was read while another was judged; of several the last.
    next: RefCell<Option<Input>>,
}

type This = Rc<Page>;

/// Starts the page. `load` gives another module of ours by its name.
///
/// # Errors
/// The page can't check signatures in this browser.
#[wasm_bindgen]
pub async fn start(load: Function) -> Result<(), JsValue> {
    let began: Option<HtmlElement> = by_id("verify");
    let issuer = began.as_ref().and_then(|page| page.get_attribute("data-issuer")).unwrap_or_default();
    let verifier = Verifier::find(&load).await?;
    let page = Rc::new(Page {
        issuer,
        load,
        verifier,
        reader: RefCell::default(),
        keys: RefCell::default(),
        states: RefCell::default(),
        day: RefCell::default(),
        heard: Cell::new(storage::read(storage::HEARD).unwrap_or_default()),
        refused: Cell::new(None),
        no_room: Cell::new(false),
        signed_in: Cell::new(false),
        day_asked: Cell::new(f64::MIN),
        refreshing: Cell::new(false),
        camera: RefCell::default(),
        checked: RefCell::default(),
        judging: Cell::new(false),
        next: RefCell::default(),
    });
    page.recall().await;
    listen_to_people(&page);
    show("verify-page", true);
    show("verify-without", false);
    page.tell_around();
    page.tell_lines();
    if let Some(element) = began {
        element.set_attribute("data-verifier", page.verifier.name())?;
        element.set_attribute("data-ready", "")?;
    }
    spawn_local({
        let page = page.clone();
        async move {
            loop {
                page.refresh().await;
                sleep(REFRESH_MS).await;
            }
        }
    });
    Ok(())
}

fn listen_to_people(this: &This) {
    let window = window();
    let target = window.as_ref().map(AsRef::as_ref);
    listen::<Event>(target, "pointerdown", |_| sound::allow());
    let page = this.clone();
    listen::<Event>(target, "online", move |_| {
        let page = page.clone();
        spawn_local(async move { page.refresh().await });
    });
    let page = this.clone();
    listen::<Event>(target, "offline", move |_| page.tell_around());

    let page = this.clone();
    let mut scanner = HandScanner::default();
    listen::<KeyboardEvent>(target, "keydown", move |event| {
        sound::allow();
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        // In a field the signs are typed; the form takes them.
        let within = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if within.as_ref().is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA"))
        {
            return;
        }
        if let Some(text) = scanner.key(&event.key(), &event.code(), event.shift_key(), event.time_stamp()) {
            // Enter would press the button that has the focus.
            event.prevent_default();
            page.take(input::scanned(&text));
        }
    });

    let document = document();
    let page = this.clone();
    listen::<Event>(document.as_ref().map(AsRef::as_ref), "visibilitychange", move |_| {
        if web_sys::window()
            .and_then(|w| w.document())
            .is_some_and(|d| d.visibility_state() == VisibilityState::Hidden)
        {
            page.close_camera();
        } else {
            page.tell_around();
        }
    });

    let page = this.clone();
    on_click("verify-open-camera", move || {
        let page = page.clone();
        spawn_local(async move { page.look().await });
    });
    let page = this.clone();
    on_click("verify-close-camera", move || page.close_camera());
    tell_mute();
    on_click("verify-mute", || {
        if storage::text(storage::MUTE).is_some() {
            storage::forget(storage::MUTE);
        } else {
            storage::keep_text(storage::MUTE, "1");
        }
        tell_mute();
    });

    let page = this.clone();
    let photo: Option<HtmlInputElement> = by_id("verify-photo");
    listen::<Event>(photo.as_ref().map(AsRef::as_ref), "change", move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        let file = input.files().and_then(|files| files.get(0));
        let page = page.clone();
        spawn_local(async move {
            if let Some(file) = file {
                page.look_at_photo(&file).await;
            }
            // The same photo may be chosen once more.
            input.set_value("");
        });
    });

    let page = this.clone();
    let form: Option<HtmlFormElement> = by_id("verify-short");
    listen::<Event>(form.as_ref().map(AsRef::as_ref), "submit", move |event| {
        event.prevent_default();
        let Some(field) = by_id::<HtmlInputElement>("code") else { return };
        match input::typed(&field.value()) {
            Ok(read) => {
                tell_field(&field, "");
                field.set_value("");
                page.take(read);
            }
            Err(error) => tell_field(&field, words::short_code_error(&error)),
        }
    });
}

fn on_click(id: &str, mut pressed: impl FnMut() + 'static) {
    let button: Option<HtmlElement> = by_id(id);
    listen::<Event>(button.as_ref().map(AsRef::as_ref), "click", move |_| pressed());
}

fn tell_field(field: &HtmlInputElement, error: &str) {
    set_text("code-error", error);
    show("code-error", !error.is_empty());
    if error.is_empty() {
        let _ = field.remove_attribute("aria-invalid");
    } else {
        let _ = field.set_attribute("aria-invalid", "true");
        let _ = field.focus();
    }
}

fn tell_mute() {
    let muted = storage::text(storage::MUTE).is_some();
    if let Some(button) = by_id::<HtmlElement>("verify-mute") {
        let _ = button.set_attribute("aria-pressed", if muted { "true" } else { "false" });
    }
}

fn play(beeps: &[Beep]) {
    if storage::text(storage::MUTE).is_none() {
        sound::play(beeps);
    }
}

fn random_id() -> String {
    let mut bytes = [0_u8; 16];
    if let Some(crypto) = window().and_then(|window| window.crypto().ok()) {
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    HEXLOWER.encode(&bytes)
}

impl Page {
    // ---- keys and lists ------------------------------------------------------------------------------------------

    async fn recall(&self) {
        if let Some(set) = storage::read::<JwkSet>(storage::KEYS) {
            *self.keys.borrow_mut() = set.public();
        }
        if let Some(bytes) = storage::bytes(storage::STATES)
            && let Ok(list) = self.genuine(StateList::read(&bytes), None).await
        {
            *self.states.borrow_mut() = Some(list);
        }
        if let Some(bytes) = storage::bytes(storage::DAY)
            && let Ok(list) = self.genuine(DayList::read(&bytes), None).await
        {
            *self.day.borrow_mut() = Some(list);
        }
    }

    /// A list that is signed by a key of ours and not older than what we have seen.
    async fn genuine<L: lists::List>(
        &self,
        read: Option<Signed<L>>,
        newest: Option<Instant>,
    ) -> Result<L, ListRefusal> {
        let keys = self.keys.borrow().clone();
        let key = lists::key_of(read.as_ref(), &keys, &self.issuer)?;
        let signed = read.ok_or(ListRefusal::Unreadable)?;
        let fits = self.verifier.fits(key, &signed.message, &signed.signature).await;
        let made_at = signed.content.made_at();
        lists::judge(made_at, fits, newest)?;
        self.seen_signed(made_at);
        Ok(signed.content)
    }

    fn seen_signed(&self, at: Instant) {
        let mut heard = self.heard.get();
        if heard.signed(at) {
            self.heard.set(heard);
            storage::keep(storage::HEARD, &heard);
        }
    }

    fn heard_server(&self, at: i64) {
        let mut heard = self.heard.get();
        heard.server(Instant(at), now());
        self.heard.set(heard);
        storage::keep(storage::HEARD, &heard);
    }

    async fn refresh(&self) {
        if self.refreshing.replace(true) {
            return;
        }
        // Keys first: a list may be signed by a new one.
        if let Some(answer) = network::get("/.well-known/jwks.json").await
            && answer.status == 200
            && let Ok(set) = serde_json::from_slice::<JwkSet>(&answer.bytes)
            && !set.public().all().is_empty()
        {
            *self.keys.borrow_mut() = set.public();
            storage::keep(storage::KEYS, &set);
        }
        if let Some(answer) = network::get("/verify/list").await {
            self.take_states(&answer).await;
        }
        if self.may_be_staff()
            && ticks() - self.day_asked.get() >= DAY_LIST_MS
            && let Some(answer) = network::get("/verify/day-list").await
        {
            self.take_day(&answer).await;
        }
        self.send_scans().await;
        self.refreshing.set(false);
        self.tell_around();
        self.tell_lines();
        if let Some(page) = by_id::<Element>("verify") {
            let _ = page.set_attribute("data-refreshed", &now().0.to_string());
        }
    }

    async fn take_states(&self, answer: &network::Answer) {
        if answer.status != 200 {
            return;
        }
        let newest = self.states.borrow().as_ref().map(|list| list.made_at);
        match self.genuine(StateList::read(&answer.bytes), newest).await {
            Ok(list) => {
                if let Some(date) = answer.date {
                    self.heard_server(date);
                }
                *self.states.borrow_mut() = Some(list);
                self.refused.set(None);
                storage::keep_bytes(storage::STATES, &answer.bytes);
            }
            Err(refusal) => self.refused.set(Some(refusal)),
        }
    }

    async fn take_day(&self, answer: &network::Answer) {
        self.signed_in.set(answer.status == 200);
        self.day_asked.set(ticks());
        if answer.status != 200 {
            return;
        }
        storage::keep_text(storage::COUNTER, "1");
        let newest = self.day.borrow().as_ref().map(|list| list.made_at);
        match self.genuine(DayList::read(&answer.bytes), newest).await {
            Ok(list) => {
                *self.day.borrow_mut() = Some(list);
                storage::keep_bytes(storage::DAY, &answer.bytes);
            }
            Err(refusal) => self.refused.set(Some(refusal)),
        }
    }

    /// Whether somebody may be signed in: the page said so when it came, or somebody was before.
    fn may_be_staff(&self) -> bool {
        self.is_counter() || by_id::<Element>("verify").is_some_and(|page| page.has_attribute("data-staff"))
    }

    /// Whether staff have been signed in here: then uses are recorded. A bank or a school only looks.
    fn is_counter(&self) -> bool {
        storage::text(storage::COUNTER).is_some()
    }

    fn around(&self) -> Around {
        let now = now();
        Around {
            list_made_at: self.states.borrow().as_ref().map(|list| list.made_at),
            doubt: self.heard.get().doubt(now),
            now,
            office: self.day.borrow().as_ref().map(|list| list.office),
        }
    }

    // ---- judging -------------------------------------------------------------------------------------------------

    fn take(self: &Rc<Self>, read: Input) {
        // One after the other: the answer on the screen is that of the last code.
        *self.next.borrow_mut() = Some(read);
        if self.judging.replace(true) {
            return;
        }
        let page = self.clone();
        spawn_local(async move {
            loop {
                let Some(read) = page.next.borrow_mut().take() else { break };
                let began = ticks();
                match read {
                    Input::Text(text) => page.judge_text(&text).await,
                    Input::Short(code) => page.judge_short(&code).await,
                }
                if let Some(result) = by_id::<Element>("verify-result") {
                    let _ = result.set_attribute("data-took", &format!("{:.1}", ticks() - began));
                }
                page.tell_lines();
            }
            page.judging.set(false);
            if page.is_counter() && online() {
                page.send_scans().await;
                page.tell_lines();
            }
        });
    }

    async fn judge_text(&self, text: &str) {
        let keys = self.keys.borrow().clone();
        let question = match Question::ask(text, &keys, &self.issuer) {
            Ok(question) => question,
            Err(state) => return self.tell(&state.into()),
        };
        let fits = self.verifier.fits(question.key(), question.message(), question.signature()).await;
        let answer = question.answer(fits, now());
        if let Some(claims) = &answer.claims {
            self.seen_signed(Instant::from_seconds(claims.issued_at));
        }
        let answer = self.by_list(answer);
        self.tell(&self.used_once(answer));
    }

    /// The answer with what the state list says.
    fn by_list(&self, answer: CheckAnswer) -> CheckAnswer {
        let standing = match (&answer.claims, &*self.states.borrow()) {
            (Some(claims), Some(list)) => list.standing(&claims.id),
            _ => Standing::Holds,
        };
        answer.with_standing(standing)
    }

    /// Records the use of what is good for one, or says that this counter has used it before.
    fn used_once(&self, answer: CheckAnswer) -> CheckAnswer {
        let Some(claims) = answer.claims.as_ref() else { return answer };
        let records = claims.kind.use_once() && claims.id != NO_ID && self.is_counter();
        if answer.state != CheckState::Valid || !records {
            return answer;
        }
        let id = HEXLOWER.encode(&claims.id);
        if let Some(at) = scans::used_here(&storage::scans(), &id) {
            let office = self.day.borrow().as_ref().map_or(0, |list| list.office);
            return answer.with_standing(Standing::Used(FirstUse { at, office }));
        }
        let scan = Scan {
            id: random_id(),
            confirmation: id,
            kind: claims.kind.code(),
            at: now().0,
            offline: !online(),
            answer: None,
        };
        if !storage::keep_scan(&scan) {
            // What could not be kept can't be told later: it must not pass for recorded.
            self.no_room.set(true);
            self.tell_around();
        }
        answer
    }

    async fn judge_short(&self, code: &ShortCode) {
        let today = shanghai(now()).date();
        let found = self
            .day
            .borrow()
            .as_ref()
            .filter(|list| list.day == today)
            .and_then(|list| list.find(code).map(|entry| of_entry(entry, list, now())));
        if let Some(answer) = found {
            let answer = self.by_list(answer);
            return self.tell(&self.used_once(answer));
        }
        let body = format!("code={}", code.as_str());
        let Some(answer) = network::post("/check", "application/x-www-form-urlencoded", &body).await else {
            return self.tell_other(words::NEEDS_NETWORK, words::NEEDS_NETWORK_MORE);
        };
        if answer.status == 429 {
            return self.tell_other(words::TOO_MANY_TRIES, words::TOO_MANY_TRIES_MORE);
        }
        let Ok(told) = serde_json::from_slice::<ShortAnswer>(&answer.bytes) else {
            return self.tell_other(words::NEEDS_NETWORK, words::NEEDS_NETWORK_MORE);
        };
        if let Some(date) = answer.date {
            self.heard_server(date);
        }
        match of_short(&told, &self.issuer) {
            Some(answer) => self.tell(&self.used_once(answer)),
            None => self.tell_other(words::NO_SUCH_CODE, words::NO_SUCH_CODE_MORE),
        }
    }

    // ---- telling -------------------------------------------------------------------------------------------------

    fn tell(&self, answer: &CheckAnswer) {
        let shown = shown::shown(answer, &self.around());
        let Some(copy) = template(&format!("verify-{}", shown.state.as_str())) else { return };
        fill(&copy, "word", shown.word);
        fill(&copy, "title", shown.title);
        fill(&copy, "advice", &shown.advice);
        if let Some(cautions) = slot(&copy, "cautions") {
            for caution in &shown.cautions {
                append(&cautions, "li", "", caution);
            }
            if shown.cautions.is_empty() {
                cautions.remove();
            }
        }
        if let Some(facts) = slot(&copy, "facts") {
            for (name, value) in &shown.facts {
                if let Some(row) = append(&facts, "div", "xw-pairs__row", "") {
                    append(&row, "dt", "", name);
                    append(&row, "dd", "", value);
                }
            }
            if shown.facts.is_empty() {
                facts.remove();
            }
        }
        if let Some(verdict) = slot(&copy, "verdict") {
            let _ = verdict.set_attribute("data-tone", shown.tone.as_str());
        }
        self.put(&copy, shown.state.as_str());
        play(shown.sound);
        let claims = answer.claims.as_ref();
        let what = claims.map_or("", |claims| app::text::check::public_kind_words(claims.kind)).to_owned();
        // A use that is kept has a line of its own.
        let kept = answer.state == CheckState::Valid && claims.is_some_and(|claims| claims.kind.use_once());
        if !(kept && self.is_counter()) {
            self.note(shown.tone, what, shown.word);
        }
    }

    /// Says what is no state of a confirmation.
    fn tell_other(&self, word: &str, advice: &str) {
        let Some(copy) = template("verify-other") else { return };
        fill(&copy, "word", word);
        fill(&copy, "advice", advice);
        self.put(&copy, "other");
        play(app::text::check::state_words(CheckState::NotOurs, None).sound);
        self.note(Tone::Quiet, "短码".to_owned(), word);
    }

    fn put(&self, copy: &web_sys::DocumentFragment, state: &str) {
        let Some(result) = by_id::<HtmlElement>("verify-result") else { return };
        result.set_text_content(None);
        let _ = result.append_child(copy);
        let _ = result.set_attribute("data-state", state);
        result.scroll_into_view();
    }

    fn note(&self, tone: Tone, what: String, word: &str) {
        let mut checked = self.checked.borrow_mut();
        checked.push(Checked { at: now(), tone, what, words: word.to_owned() });
        let over = checked.len().saturating_sub(LINES);
        checked.drain(..over);
    }

    /// The status bar: age of the lists, clock, who is signed in.
    fn tell_around(&self) {
        let around = self.around();
        let (tone, list) = match around.list_made_at {
            None => (Tone::Bad, words::NO_LIST.to_owned()),
            Some(made_at) => {
                let tone = match freshness(Some(made_at), around.now) {
                    Freshness::Fresh => Tone::Good,
                    Freshness::Old => Tone::Warn,
                    Freshness::TooOld => Tone::Bad,
                };
                (tone, words::list_age(&ago(made_at, around.now)))
            }
        };
        status("verify-list", tone, &list);
        match around.doubt {
            Some(doubt) => status("verify-clock", Tone::Warn, shown::doubt_words(doubt)),
            None => status("verify-clock", Tone::Good, words::CLOCK_FITS),
        }
        let net = if online() { (Tone::Good, words::ONLINE) } else { (Tone::Quiet, words::OFFLINE) };
        status("verify-network", net.0, net.1);
        let day = self.day.borrow();
        let today = shanghai(around.now).date();
        let day = day.as_ref().filter(|list| list.day == today);
        match day {
            Some(list) => {
                let office = app::text::check::office_words(list.office);
                status("verify-day", Tone::Good, &words::day_list(office, list.entries().len()));
            }
            None => status("verify-day", Tone::Quiet, words::NO_DAY_LIST),
        }
        let notice = match self.refused.get() {
            _ if self.no_room.get() => words::NO_ROOM,
            Some(ListRefusal::Replayed) => words::LIST_REPLAYED,
            Some(ListRefusal::NotGenuine) => words::LIST_NOT_GENUINE,
            Some(ListRefusal::Unreadable) => words::LIST_UNREADABLE,
            None => "",
        };
        set_text("verify-notice", notice);
        show("verify-notice", !notice.is_empty());
    }

    /// The last checks, newest first.
    fn tell_lines(&self) {
        let now = now();
        let scans = storage::scans();
        let waiting = scans::waiting(&scans);
        show("verify-waiting", waiting > 0);
        set_text("verify-waiting-count", &words::scans_waiting(waiting));
        show("verify-sign-in", waiting > 0 && !self.signed_in.get() && online());
        let mut lines: Vec<(i64, Tone, String, String)> = scans
            .iter()
            .map(|scan| {
                let line = scans::line(scan, now);
                (scan.at, line.tone, line.what, line.words)
            })
            .collect();
        lines.extend(self.checked.borrow().iter().map(|line| {
            (line.at.0, line.tone, format!("{} {}", time_text(line.at, now), line.what), line.words.clone())
        }));
        lines.sort_by_key(|(at, ..)| std::cmp::Reverse(*at));
        show("verify-last", !lines.is_empty());
        let Some(list) = by_id::<Element>("verify-lines") else { return };
        list.set_text_content(None);
        for (_, tone, what, told) in lines.into_iter().take(LINES) {
            if let Some(row) = append(&list, "li", "xw-verify__line", "") {
                let _ = row.set_attribute("data-tone", tone.as_str());
                append(&row, "span", "xw-verify__what", &what);
                append(&row, "span", "xw-verify__told", &told);
            }
        }
    }

    // ---- scans ---------------------------------------------------------------------------------------------------

    async fn send_scans(&self) {
        let mut kept = storage::scans();
        for over in kept.iter().filter(|scan| scans::is_over(scan, now())) {
            storage::forget_scan(over);
        }
        let Some(sending) = scans::to_send(&kept, now()) else { return };
        let Ok(json) = serde_json::to_string(&sending) else { return };
        let Some(answer) = network::post("/verify/scans", "application/json", &json).await else { return };
        self.signed_in.set(answer.status == 200);
        if answer.status != 200 {
            return;
        }
        let Ok(answers) = serde_json::from_slice::<Answers>(&answer.bytes) else { return };
        self.heard_server(answers.now);
        let news = scans::merge(&mut kept, answers.answers);
        for scan in kept.iter().filter(|scan| news.contains(&scan.id)) {
            storage::keep_scan(scan);
            // What was green when it was scanned, and was used elsewhere before: nobody must overlook it.
            if scan.answer.as_ref().is_some_and(|answer| answer.state == CheckState::Used.as_str()) {
                play(app::text::check::state_words(CheckState::Used, None).sound);
            }
        }
    }

    // ---- camera and photo ----------------------------------------------------------------------------------------

    async fn reader(&self) -> Option<Reader> {
        if self.reader.borrow().is_none() {
            match Reader::find(&self.load).await {
                Ok(reader) => {
                    if let Some(page) = by_id::<Element>("verify") {
                        let _ = page.set_attribute("data-reader", reader.name());
                    }
                    *self.reader.borrow_mut() = Some(reader);
                }
                Err(_) => self.tell_other(words::NO_MODULE, words::NO_MODULE_MORE),
            }
        }
        self.reader.borrow().clone()
    }

    async fn look(self: &Rc<Self>) {
        let Some(video) = by_id::<HtmlVideoElement>("verify-video") else { return };
        if self.camera.borrow().is_some() {
            return;
        }
        let Some(reader) = self.reader().await else { return };
        match camera::open(&video).await {
            Ok(stream) => *self.camera.borrow_mut() = Some(stream),
            Err(_) => return self.tell_other(words::NO_CAMERA, words::NO_CAMERA_MORE),
        }
        show("verify-camera", true);
        show("verify-open-camera", false);
        let mut last = String::new();
        let mut seen = f64::MIN;
        while self.camera.borrow().is_some() {
            for text in reader.video(&video).await {
                if text != last || ticks() - seen > AWAY_MS {
                    self.take(input::scanned(&text));
                }
                last = text;
                seen = ticks();
            }
            sleep(LOOK_MS).await;
        }
    }

    fn close_camera(&self) {
        if let Some(stream) = self.camera.borrow_mut().take()
            && let Some(video) = by_id::<HtmlVideoElement>("verify-video")
        {
            camera::close(&video, &stream);
        }
        show("verify-camera", false);
        show("verify-open-camera", true);
    }

    async fn look_at_photo(self: &Rc<Self>, file: &web_sys::File) {
        let Some(reader) = self.reader().await else { return };
        let texts = reader.photo(file).await.unwrap_or_default();
        // Of several codes, ours.
        let ours = texts.iter().find(|text| app::domain::confirm::token::read(text).is_some());
        match ours.or(texts.first()) {
            Some(text) => self.take(input::scanned(text)),
            None => self.tell_other(words::NO_CODE_IN_PHOTO, words::NO_CODE_IN_PHOTO_MORE),
        }
    }
}

fn status(id: &str, tone: Tone, text: &str) {
    set_text(id, text);
    if let Some(element) = by_id::<Element>(id) {
        let _ = element.set_attribute("data-tone", tone.as_str());
    }
}

/// The answer to a short code on the day's list.
fn of_entry(entry: &DayEntry, list: &DayList, now: Instant) -> CheckAnswer {
    let claims = Claims {
        issuer: list.issuer.clone(),
        issued_at: list.made_at.seconds(),
        not_before: Some(entry.not_before),
        expires_at: entry.expires_at,
        id: entry.id,
        kind: entry.kind,
        number: String::new(),
        office: list.office,
        start: entry.start,
        minutes: entry.minutes.into(),
        holder: None,
    };
    CheckAnswer { state: entry.state(now), claims: Some(claims), standing: Standing::Holds }
}

/// The answer that the server gave to a short code; `None` where nobody was given the code.
fn of_short(answer: &ShortAnswer, issuer: &str) -> Option<CheckAnswer> {
    let state = CheckState::parse(answer.state.as_deref()?)?;
    let kind = answer.kind.as_deref().and_then(ConfirmationKind::parse);
    let (Some(kind), Some(office), Some(start), Some(expires_at)) =
        (kind, answer.office, answer.start, answer.until)
    else {
        return Some(state.into());
    };
    let id = answer.confirmation.as_ref().and_then(|id| HEXLOWER.decode(id.as_bytes()).ok());
    let claims = Claims {
        issuer: issuer.to_owned(),
        issued_at: start,
        not_before: None,
        expires_at,
        id: id.and_then(|id| id.try_into().ok()).unwrap_or(NO_ID),
        kind,
        number: String::new(),
        office,
        start,
        minutes: 0,
        holder: None,
    };
    Some(CheckAnswer { state, claims: Some(claims), standing: Standing::Holds })
}
