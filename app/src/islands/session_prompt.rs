//! Tells before a sign-in ends, and goes on with it, without losing what was typed (WCAG 2.2.1).

use leptos::prelude::*;

/// Says some minutes before the end that the sign-in ends, with one button to go on. Another tab may have gone on in the
/// meantime, so the server is asked before anything is said; it is not counted as a step.
///
/// What is said stands in the layout (`components/layout.rs`), and so do the times: an island without values and markup of its
/// own costs a tenth of one that has them.
#[island]
pub fn SessionPrompt() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    browser::watch();
}

/// It is told so long before, in milliseconds.
#[cfg(any(feature = "hydrate", test))]
const TOLD: i64 = 5 * 60_000;

/// What the page and the server say: the milliseconds that are left without a step, and whatever is done.
#[cfg(any(feature = "hydrate", test))]
fn read(answer: &str) -> Option<(i64, i64)> {
    let (idle, end) = answer.trim().split_once(' ')?;
    Some((idle.parse().ok()?, end.parse().ok()?))
}

/// What is said: `clock` is the time of day of the end. `refused`: it was asked to go on and can't, seven days are over.
#[cfg(any(feature = "hydrate", test))]
fn words(idle_left: i64, end_left: i64, clock: &str, refused: bool) -> String {
    let left = idle_left.min(end_left);
    let minutes = ((left + 59_999) / 60_000).to_string();
    if left <= 0 {
        return "已经退出登录。您填的内容还在这一页，提交时会请您重新登录。".to_owned();
    }
    if end_left > idle_left {
        return ["为保护您的信息，", &minutes, " 分钟后将退出登录。"].concat();
    }
    let why = if refused { "登录已经满七天。" } else { "" };
    let then = if refused { "请先提交填好的内容。" } else { "" };
    [why, "今天最晚到 ", clock, " 需要重新登录，还有 ", &minutes, " 分钟。", then].concat()
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::Cell;

    use gloo_events::EventListener;
    use gloo_timers::callback::Timeout;
    use gloo_utils::document;
    use js_sys::Date;
    use web_sys::{Element, XmlHttpRequest};

    use super::{TOLD, read, words};

    thread_local! {
        /// The moments of the two ends, by this device's clock: a phone that slept wakes up to the right time.
        static ENDS: Cell<(i64, i64)> = const { Cell::new((i64::MAX, i64::MAX)) };
        /// It was asked to go on.
        static ASKED: Cell<bool> = const { Cell::new(false) };
        /// The latest wait; one that was overtaken does nothing.
        static WAIT: Cell<u32> = const { Cell::new(0) };
    }

    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 are far below 2^53")]
    fn now() -> i64 {
        Date::now() as i64
    }

    fn left() -> (i64, i64) {
        let (idle, end) = ENDS.get();
        (idle.saturating_sub(now()), end.saturating_sub(now()))
    }

    fn note((idle, end): (i64, i64)) {
        ENDS.set((now().saturating_add(idle), now().saturating_add(end)));
    }

    pub(super) fn watch() {
        let left = part("session-ends").and_then(|part| part.get_attribute("data-left"));
        let Some(ends) = left.as_deref().and_then(read) else { return };
        note(ends);
        if let Some(button) = part("session-prompt-button") {
            EventListener::new(&button, "click", |_| go_on()).forget();
        }
        // No timer runs while a phone sleeps or a tab lies in the back.
        EventListener::new(&document(), "visibilitychange", |_| {
            if !document().hidden() {
                look();
            }
        })
        .forget();
        look();
    }

    /// Waits until something is to be said, or asks whether it still is.
    fn look() {
        let (idle, end) = left();
        let soon = idle.min(end);
        if soon > TOLD { wait(soon - TOLD) } else { ask("GET") }
    }

    fn wait(ms: i64) {
        let ms = u32::try_from(ms.clamp(1_000, 86_400_000)).unwrap_or(60_000);
        let this = WAIT.get().wrapping_add(1);
        WAIT.set(this);
        Timeout::new(ms, move || {
            if WAIT.get() == this {
                look();
            }
        })
        .forget();
    }

    fn go_on() {
        ASKED.set(true);
        ask("POST");
    }

    fn ask(method: &str) {
        // What can't be asked is told as this page knows it.
        let Ok(request) = XmlHttpRequest::new() else { return tell() };
        let answered = request.clone();
        EventListener::once(&request, "loadend", move |_| {
            let text = answered.response_text().ok().flatten().unwrap_or_default();
            if let Some(ends) = read(&text).filter(|_| answered.status() == Ok(200)) {
                note(ends);
            }
            tell();
        })
        .forget();
        if request.open_with_async(method, "/sign-in/left", true).is_err() || request.send().is_err() {
            tell();
        }
    }

    fn part(id: &str) -> Option<Element> {
        document().get_element_by_id(id)
    }

    /// Elements that stand in the page take an attribute; should one not, the page works all the same.
    fn show(id: &str, shown: bool) {
        let Some(part) = part(id) else { return };
        let _ = if shown { part.remove_attribute("hidden") } else { part.set_attribute("hidden", "") };
    }

    fn tell() {
        let (idle, end) = left();
        let soon = idle.min(end);
        if soon > TOLD {
            ASKED.set(false);
            show("session-prompt", false);
            return wait(soon - TOLD);
        }
        let at = Date::new_0();
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are far below 2^53")]
        at.set_time(now().saturating_add(end) as f64);
        let two =
            |number: u32| if number < 10 { ["0", &number.to_string()].concat() } else { number.to_string() };
        let clock = [two(at.get_hours()).as_str(), ":", &two(at.get_minutes())].concat();
        let refused = ASKED.get() && end <= idle;
        if let Some(place) = part("session-prompt-words") {
            place.set_text_content(Some(&words(idle, end, &clock, refused)));
        }
        show("session-prompt-go-on", soon > 0 && !refused);
        show("session-prompt", true);
        // Once it is over there is nothing to wait for; a look back from another tab finds out more.
        if soon > 0 {
            wait(soon % 60_000 + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_first_is_told_in_whole_minutes() {
        let minute = 60_000;
        assert_eq!(words(TOLD, 60 * minute, "18:00", false), "为保护您的信息，5 分钟后将退出登录。");
        assert_eq!(words(minute + 1, 60 * minute, "18:00", false), "为保护您的信息，2 分钟后将退出登录。");
        assert_eq!(
            words(60 * minute, 3 * minute, "18:00", false),
            "今天最晚到 18:00 需要重新登录，还有 3 分钟。"
        );
        assert!(words(60 * minute, minute, "18:00", true).starts_with("登录已经满七天。"));
        assert!(words(0, minute, "18:00", false).starts_with("已经退出登录。"));
    }

    #[test]
    fn only_two_numbers_are_an_answer() {
        assert_eq!(read("240000 9000000\n"), Some((240_000, 9_000_000)));
        for other in ["", "1", "<!doctype html>", "1 x"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
