//! Who may do what: every route of the router has a row here, or this test fails.

#![cfg(test)]

use super::{APPLY, TestApp};

/// What a route answers to a stranger without a cookie, to another resident with a case and a draft of their
/// own, and to the resident whose things are asked for.
struct Row {
    route: &'static str,
    /// The path asked for; `{number}` and `{secret}` are the owner's.
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    stranger: u16,
    other: u16,
    own: u16,
}

const fn row(
    route: &'static str,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    answers: [u16; 3],
) -> Row {
    Row { route, path, fields, stranger: answers[0], other: answers[1], own: answers[2] }
}

const KEY: (&str, &str) = ("idempotency_key", "00000000000000000000000000000000");
/// For an act that is done: one key does one.
const OTHER_KEY: (&str, &str) = ("idempotency_key", "11111111111111111111111111111111");
/// As [`OTHER_KEY`].
const THIRD_KEY: (&str, &str) = ("idempotency_key", "77777777777777777777777777777777");

/// For a meal without an order, which looks at its key first.
const WALK_IN_KEY: (&str, &str) = ("idempotency_key", "walkinwalkinwalkinwalkinwalkin00");
/// For an order, which looks at its key first: one that the worker has used for nothing else.
const MEAL_KEY: (&str, &str) = ("idempotency_key", "88888888888888888888888888888888");
const WAIT_KEY: (&str, &str) = ("idempotency_key", "57a4d357a4d357a4d357a4d357a4d357");
const STANDING_KEY: (&str, &str) = ("idempotency_key", "57a4d157a4d157a4d157a4d157a4d157");
const STANDING_CHANGE_KEY: (&str, &str) = ("idempotency_key", "57a4d257a4d257a4d257a4d257a4d257");

/// Rows that end a draft come last.
const MATRIX: &[Row] = &[
    row("GET /", "/", &[], [200, 200, 200]),
    row("GET /privacy", "/privacy", &[], [200, 200, 200]),
    row("GET /aid", "/aid", &[], [200, 200, 200]),
    row("GET /aid/check", "/aid/check", &[], [200, 200, 200]),
    row("POST /aid/check", "/aid/check", &[], [422, 422, 422]),
    row("GET /aid/charity", "/aid/charity", &[], [200, 200, 200]),
    row("GET /aid/tell", "/aid/tell", &[], [200, 200, 200]),
    row("POST /aid/tell", "/aid/tell", &[KEY], [422, 422, 422]),
    row("GET /aid/tell/{number}", "/aid/tell/FX000000000000", &[], [404, 404, 404]),
    row("GET /aid/random-checks", "/aid/random-checks", &[], [200, 200, 200]),
    row("GET /aid/{item}", "/aid/orphan", &[], [200, 200, 200]),
    row("GET /notices", "/notices?street=320214050", &[], [200, 200, 200]),
    // There is no such notice; what one shows is tested in notices.rs.
    row("GET /notices/{id}/object", "/notices/none/object", &[], [404, 404, 404]),
    row("POST /notices/{id}/object", "/notices/none/object", &[KEY], [404, 404, 404]),
    row("GET /marriage", "/marriage", &[], [200, 200, 200]),
    row("GET /marriage/offices", "/marriage/offices?province=32", &[], [200, 200, 200]),
    row("GET /marriage/offices/{office}", "/marriage/offices/none", &[], [404, 404, 404]),
    // The demo's clerk is none here, so no office is `here`; what happens at one is tested in marriage.rs.
    row(
        "GET /marriage/offices/{office}/times/{matter}",
        "/marriage/offices/none/times/marriage",
        &[],
        [404, 404, 404],
    ),
    row(
        "GET /marriage/offices/{office}/times/{matter}/{day}",
        "/marriage/offices/none/times/marriage/2026-12-01",
        &[],
        [404, 404, 404],
    ),
    row(
        "GET /marriage/offices/{office}/wait/{matter}/{day}",
        "/marriage/offices/none/wait/marriage/2026-12-01",
        &[],
        [404, 404, 404],
    ),
    row(
        "POST /marriage/offices/{office}/wait/{matter}/{day}",
        "/marriage/offices/none/wait/marriage/2026-12-01",
        &[KEY],
        [404, 404, 404],
    ),
    row("GET /marriage/waiting", "/marriage/waiting", &[], [200, 200, 200]),
    row("GET /marriage/waiting/{wait}", "/marriage/waiting/none", &[], [404, 404, 404]),
    row("GET /marriage/waiting/{wait}/leave", "/marriage/waiting/none/leave", &[], [303, 303, 303]),
    row("POST /marriage/waiting/{wait}/leave", "/marriage/waiting/none/leave", &[KEY], [404, 404, 404]),
    row("GET /marriage/offices/{office}/hall", "/marriage/offices/none/hall", &[], [404, 404, 404]),
    row("GET /marriage/draws/{draw}", "/marriage/draws/none", &[], [404, 404, 404]),
    row("GET /marriage/draws/{draw}/draw.json", "/marriage/draws/none/draw.json", &[], [404, 404, 404]),
    row("GET /marriage/draws/{draw}/enter", "/marriage/draws/none/enter", &[], [404, 404, 404]),
    row("POST /marriage/draws/{draw}/enter", "/marriage/draws/none/enter", &[KEY], [404, 404, 404]),
    row("GET /marriage/draw-invite/{secret}", "/marriage/draw-invite/none", &[], [404, 404, 404]),
    row(
        "POST /marriage/draw-invite/{secret}",
        "/marriage/draw-invite/none",
        &[("code", "123456")],
        [404, 404, 404],
    ),
    row("GET /marriage/draw-entries/{entry}", "/marriage/draw-entries/none", &[], [404, 404, 404]),
    row(
        "GET /marriage/draw-entries/{entry}/withdraw",
        "/marriage/draw-entries/none/withdraw",
        &[],
        [303, 303, 303],
    ),
    row(
        "POST /marriage/draw-entries/{entry}/withdraw",
        "/marriage/draw-entries/none/withdraw",
        &[KEY],
        [404, 404, 404],
    ),
    row("GET /marriage/draw-entries/{entry}/take", "/marriage/draw-entries/none/take", &[], [303, 303, 303]),
    row(
        "POST /marriage/draw-entries/{entry}/take",
        "/marriage/draw-entries/none/take",
        &[KEY],
        [404, 404, 404],
    ),
    row("GET /marriage/hold", "/marriage/hold", &[], [303, 303, 303]),
    row("GET /marriage/bookings/{booking}/couple", "/marriage/bookings/none/couple", &[], [303, 303, 303]),
    row("GET /marriage/bookings/{booking}/cancel", "/marriage/bookings/none/cancel", &[], [303, 303, 303]),
    row("POST /marriage/hold", "/marriage/hold", &[KEY], [404, 404, 404]),
    row("GET /marriage/bookings/{booking}", "/marriage/bookings/none", &[], [404, 404, 404]),
    row("POST /marriage/bookings/{booking}/extend", "/marriage/bookings/none/extend", &[], [404, 404, 404]),
    row(
        "POST /marriage/bookings/{booking}/couple",
        "/marriage/bookings/none/couple",
        &[KEY],
        [404, 404, 404],
    ),
    row(
        "POST /marriage/bookings/{booking}/cancel",
        "/marriage/bookings/none/cancel",
        &[KEY],
        [404, 404, 404],
    ),
    row("GET /marriage/bookings/{booking}/coming", "/marriage/bookings/none/coming", &[], [303, 303, 303]),
    row(
        "POST /marriage/bookings/{booking}/coming",
        "/marriage/bookings/none/coming",
        &[KEY],
        [404, 404, 404],
    ),
    row("GET /marriage/bookings/{booking}/object", "/marriage/bookings/none/object", &[], [303, 303, 303]),
    row(
        "POST /marriage/bookings/{booking}/object",
        "/marriage/bookings/none/object",
        &[KEY],
        [404, 404, 404],
    ),
    row("GET /marriage/bookings/{booking}/move", "/marriage/bookings/none/move", &[], [404, 404, 404]),
    row(
        "GET /marriage/bookings/{booking}/move/{day}",
        "/marriage/bookings/none/move/2026-12-01",
        &[],
        [404, 404, 404],
    ),
    row("POST /marriage/bookings/{booking}/move", "/marriage/bookings/none/move", &[KEY], [404, 404, 404]),
    row("GET /marriage/bookings/{booking}/slip", "/marriage/bookings/none/slip", &[], [404, 404, 404]),
    row("GET /marriage/bookings/{booking}/day.ics", "/marriage/bookings/none/day.ics", &[], [404, 404, 404]),
    row("GET /marriage/invite/{secret}", "/marriage/invite/none", &[], [404, 404, 404]),
    row("POST /marriage/invite/{secret}", "/marriage/invite/none", &[("code", "123456")], [404, 404, 404]),
    row("GET /marriage/free", "/marriage/free?matter=marriage", &[], [200, 200, 200]),
    row("GET /marriage/second-visit", "/marriage/second-visit", &[], [200, 200, 200]),
    row("POST /marriage/second-visit", "/marriage/second-visit", &[], [422, 422, 422]),
    row("GET /marriage/papers/{matter}", "/marriage/papers/marriage", &[], [200, 200, 200]),
    row("POST /marriage/papers/{matter}", "/marriage/papers/marriage", &[], [422, 422, 422]),
    row("GET /meals", "/meals?street=320214050", &[], [200, 200, 200]),
    row("GET /meals/checks", "/meals/checks", &[], [200, 200, 200]),
    // Whose a tour is, and whose not, is tested in meals_tours.rs.
    row("GET /meals/tours", "/meals/tours", &[], [303, 303, 303]),
    row("GET /meals/tours/{tour}", "/meals/tours/none", &[], [303, 303, 303]),
    row("POST /meals/tours/{tour}/begin", "/meals/tours/none/begin", &[KEY], [303, 303, 303]),
    row("POST /meals/tours/{tour}/door", "/meals/tours/none/door", &[KEY], [303, 303, 303]),
    row("GET /meals/{point}", "/meals/xg-01", &[], [200, 200, 200]),
    row("GET /meals/{point}/reserve", "/meals/xg-01/reserve", &[], [303, 303, 303]),
    row("POST /meals/{point}/reserve", "/meals/xg-01/reserve", &[KEY], [303, 303, 303]),
    row("GET /meals/{point}/standing", "/meals/xg-01/standing", &[], [303, 303, 303]),
    row("POST /meals/{point}/standing", "/meals/xg-01/standing", &[KEY], [303, 303, 303]),
    row("GET /meals/{point}/wait", "/meals/xg-01/wait?dish=none", &[], [303, 303, 303]),
    row("POST /meals/{point}/wait", "/meals/xg-01/wait", &[KEY], [303, 303, 303]),
    // Whose a place in a line is, and whose not, is tested in meals_waiting.rs.
    row("GET /meals/waiting/{wait}", "/meals/waiting/none", &[], [303, 303, 303]),
    row("POST /meals/waiting/{wait}/leave", "/meals/waiting/none/leave", &[KEY], [303, 303, 303]),
    // Whose a standing order is, and whose not, is tested in meals_standing.rs.
    row("GET /meals/standing/{standing}", "/meals/standing/none", &[], [303, 303, 303]),
    row("POST /meals/standing/{standing}", "/meals/standing/none", &[KEY], [303, 303, 303]),
    // Whose a meal is, and whose not, is tested in meals.rs.
    row("GET /meals/mine", "/meals/mine", &[], [303, 303, 303]),
    row("POST /meals/mine/care-call", "/meals/mine/care-call", &[KEY], [303, 303, 303]),
    row("GET /meals/mine/{order}", "/meals/mine/none", &[], [303, 303, 303]),
    row("POST /meals/mine/{order}/rate", "/meals/mine/none/rate", &[KEY], [303, 303, 303]),
    row("POST /meals/mine/{order}/cancel", "/meals/mine/none/cancel", &[KEY], [303, 303, 303]),
    row("GET /timebank", "/timebank", &[], [200, 200, 200]),
    row("GET /timebank/totals", "/timebank/totals", &[], [200, 200, 200]),
    row("GET /timebank/order", "/timebank/order", &[], [303, 303, 303]),
    row("POST /timebank/order", "/timebank/order", &[KEY], [303, 303, 303]),
    row("GET /timebank/donate", "/timebank/donate", &[], [303, 303, 303]),
    row("POST /timebank/donate", "/timebank/donate", &[KEY], [303, 303, 303]),
    row("GET /timebank/gift", "/timebank/gift", &[], [303, 303, 303]),
    row("POST /timebank/gift", "/timebank/gift", &[KEY], [303, 303, 303]),
    row("GET /timebank/surplus", "/timebank/surplus", &[], [303, 303, 303]),
    row("POST /timebank/surplus", "/timebank/surplus", &[KEY, ("act", "give")], [303, 303, 303]),
    row("GET /timebank/statement", "/timebank/statement", &[], [303, 303, 303]),
    row("POST /timebank/statement", "/timebank/statement", &[KEY], [303, 303, 303]),
    row("GET /timebank/statements/{number}", "/timebank/statements/ZD000000000000", &[], [303, 303, 303]),
    row("GET /timebank/records.csv", "/timebank/records.csv", &[], [303, 303, 303]),
    row("GET /timebank/records.json", "/timebank/records.json", &[], [303, 303, 303]),
    row("GET /timebank/certificate", "/timebank/certificate", &[], [303, 303, 303]),
    row("POST /timebank/certificate", "/timebank/certificate", &[KEY], [303, 303, 303]),
    row("GET /timebank/certificates/{number}", "/timebank/certificates/FW000000000000", &[], [303, 303, 303]),
    row("GET /timebank/volunteer", "/timebank/volunteer", &[], [303, 303, 303]),
    row("POST /timebank/volunteer", "/timebank/volunteer", &[KEY], [303, 303, 303]),
    // Whose child it is, and whose not, is tested in timebank_minors.rs.
    row("GET /timebank/wards", "/timebank/wards", &[], [303, 303, 303]),
    row("POST /timebank/wards", "/timebank/wards", &[KEY], [303, 303, 303]),
    row("GET /timebank/events", "/timebank/events", &[], [200, 200, 200]),
    row("GET /timebank/events/{event}", "/timebank/events/none", &[], [404, 404, 404]),
    row("POST /timebank/events/{event}", "/timebank/events/none", &[KEY], [303, 303, 303]),
    row("GET /timebank/needs", "/timebank/needs", &[], [303, 303, 303]),
    // Who is in a need, and who is not, is tested in timebank.rs.
    row("GET /timebank/needs/{need}", "/timebank/needs/none", &[], [303, 303, 303]),
    row("POST /timebank/needs/{need}", "/timebank/needs/none", &[KEY], [303, 303, 303]),
    row("GET /timebank/needs/{need}/sign", "/timebank/needs/none/sign", &[], [303, 303, 303]),
    row("POST /timebank/needs/{need}/sign", "/timebank/needs/none/sign", &[KEY], [303, 303, 303]),
    row("GET /timebank/needs/{need}/code", "/timebank/needs/none/code", &[], [303, 303, 303]),
    row("POST /timebank/needs/{need}/code", "/timebank/needs/none/code", &[], [303, 303, 303]),
    row("POST /timebank/devices", "/timebank/devices", &[KEY], [303, 303, 303]),
    row("GET /feedback", "/feedback", &[], [200, 200, 200]),
    row("POST /feedback", "/feedback", &[KEY], [422, 422, 422]),
    row("GET /feedback/{number}", "/feedback/TS000000000000", &[], [404, 404, 404]),
    row("GET /V/{token}", "/V/AAAA", &[], [200, 200, 200]),
    row("GET /keys", "/keys", &[], [200, 200, 200]),
    row("GET /.well-known/jwks.json", "/.well-known/jwks.json", &[], [200, 200, 200]),
    row("GET /.well-known/cose-keys", "/.well-known/cose-keys", &[], [200, 200, 200]),
    row("GET /check", "/check", &[], [200, 200, 200]),
    row("POST /check", "/check", &[("code", "0")], [422, 422, 422]),
    row("GET /verify/list", "/verify/list", &[], [200, 200, 200]),
    row("GET /verify", "/verify", &[], [200, 200, 200]),
    row("GET /verify/manifest.webmanifest", "/verify/manifest.webmanifest", &[], [200, 200, 200]),
    row("GET /verify/service-worker.js", "/verify/service-worker.js", &[], [200, 200, 200]),
    row("GET /me", "/me", &[], [200, 200, 200]),
    row("GET /_kit", "/_kit", &[], [200, 200, 200]),
    row("GET /confirm", "/confirm", &[], [200, 200, 200]),
    row(
        "POST /confirm",
        "/confirm",
        &[("number", "LS000000000000"), ("mobile_tail", "0000")],
        [422, 422, 422],
    ),
    // The same page for all; what it shows is tested beside it.
    row("GET /confirm/{number}", "/confirm/{number}", &[], [200, 200, 200]),
    row("GET /confirm/{number}/slip", "/confirm/{number}/slip", &[], [303, 303, 200]),
    row("GET /confirm/{number}/answer", "/confirm/{number}/answer", &[], [404, 404, 303]),
    row("POST /confirm/{number}/answer", "/confirm/{number}/answer", &[KEY], [404, 404, 409]),
    row("GET /confirm/{number}/withdraw", "/confirm/{number}/withdraw", &[], [404, 404, 200]),
    row("POST /confirm/{number}/withdraw", "/confirm/{number}/withdraw", &[KEY], [404, 404, 422]),
    // Nothing was accepted or decided here: the receipt says so. What happens then is tested in follow_up.rs.
    row("GET /confirm/{number}/rate/{node}", "/confirm/{number}/rate/decision", &[], [404, 404, 303]),
    row("POST /confirm/{number}/rate/{node}", "/confirm/{number}/rate/decision", &[KEY], [404, 404, 422]),
    row("GET /confirm/{number}/change", "/confirm/{number}/change", &[], [404, 404, 200]),
    row("POST /confirm/{number}/change", "/confirm/{number}/change", &[KEY], [404, 404, 422]),
    row("GET /confirm/{number}/recheck", "/confirm/{number}/recheck", &[], [404, 404, 303]),
    row("POST /confirm/{number}/recheck", "/confirm/{number}/recheck", &[KEY], [404, 404, 422]),
    row("GET /confirm/{number}/hearing", "/confirm/{number}/hearing", &[], [404, 404, 303]),
    row("POST /confirm/{number}/hearing", "/confirm/{number}/hearing", &[KEY], [404, 404, 409]),
    row("POST /confirm/{number}/unchanged", "/confirm/{number}/unchanged", &[KEY], [404, 404, 409]),
    row("GET /confirm/{number}/referral", "/confirm/{number}/referral", &[], [404, 404, 303]),
    row("POST /confirm/{number}/referral", "/confirm/{number}/referral", &[KEY], [404, 404, 409]),
    row(
        "POST /confirm/{number}/referral/withdraw",
        "/confirm/{number}/referral/withdraw",
        &[],
        [404, 404, 303],
    ),
    row("GET /confirm/{number}/slip/58mm", "/confirm/{number}/slip/58mm", &[], [303, 303, 200]),
    row("GET /confirm/{number}/card.png", "/confirm/{number}/card.png", &[], [404, 404, 200]),
    row("GET /confirm/{number}/service.ics", "/confirm/{number}/service.ics", &[], [404, 404, 404]),
    row("GET /confirm/{number}/latest-day.ics", "/confirm/{number}/latest-day.ics", &[], [404, 404, 200]),
    // Who may not open the case is led to where one does; to everybody but its owner there is no photo.
    row("GET /confirm/{number}/papers", "/confirm/{number}/papers", &[], [303, 303, 200]),
    // A form without a photo leads back to the one with.
    row("POST /confirm/{number}/papers", "/confirm/{number}/papers", &[], [303, 303, 303]),
    row("POST /confirm/{number}/papers/reuse", "/confirm/{number}/papers/reuse", &[], [404, 404, 404]),
    row("GET /confirm/{number}/papers/{paper}", "/confirm/{number}/papers/{paper}", &[], [404, 404, 200]),
    row(
        "GET /confirm/{number}/papers/{paper}/photo.jpg",
        "/confirm/{number}/papers/{paper}/photo.jpg",
        &[],
        [404, 404, 200],
    ),
    row(
        "GET /confirm/{number}/papers/{paper}/small.jpg",
        "/confirm/{number}/papers/{paper}/small.jpg",
        &[],
        [404, 404, 200],
    ),
    row(
        "POST /confirm/{number}/papers/{paper}/delete",
        "/confirm/{number}/papers/{paper}/delete",
        &[],
        [404, 404, 303],
    ),
    row("GET /me/papers", "/me/papers", &[], [303, 303, 303]),
    row("GET /authorise/{secret}", "/authorise/unknown", &[], [404, 404, 404]),
    row("POST /authorise/{secret}", "/authorise/unknown", &[], [404, 404, 404]),
    row("POST /feedback/{number}", "/feedback/TS000000000000", &[("code", "0000")], [404, 404, 404]),
    row("GET /aid/{item}/apply", APPLY, &[], [200, 200, 200]),
    // For residents who are signed in; everybody else is led to where one signs in. Whose things these are is tested
    // in residents.rs.
    row("GET /sign-in", "/sign-in", &[], [200, 200, 200]),
    row("POST /sign-in", "/sign-in", &[], [422, 422, 422]),
    row("GET /sign-in/code", "/sign-in/code", &[], [303, 303, 303]),
    row("POST /sign-in/code", "/sign-in/code", &[("code", "123456")], [303, 303, 303]),
    row("GET /sign-in/prove", "/sign-in/prove", &[], [303, 303, 303]),
    row("POST /sign-in/prove", "/sign-in/prove", &[], [303, 303, 303]),
    row("POST /sign-in/fresh", "/sign-in/fresh", &[], [303, 303, 303]),
    row("POST /sign-in/continue", "/sign-in/continue", &[], [303, 303, 303]),
    row("GET /sign-in/left", "/sign-in/left", &[], [200, 200, 200]),
    row("POST /sign-in/left", "/sign-in/left", &[], [200, 200, 200]),
    row("GET /sign-in/back", "/sign-in/back", &[], [200, 200, 200]),
    // Whoever comes without a sign-in under way, or asks for a provider that the settings don't name: what happens with
    // one is tested in sign_in_provider.rs.
    row("POST /sign-in/with/{provider}", "/sign-in/with/nobody", &[], [404, 404, 404]),
    row("GET /sign-in/callback/{provider}", "/sign-in/callback/nobody", &[], [404, 404, 404]),
    row("GET /sign-in/counter", "/sign-in/counter", &[], [303, 303, 303]),
    row("POST /me/logins/{provider}/connect", "/me/logins/nobody/connect", &[], [303, 303, 303]),
    row("POST /me/logins/{provider}/disconnect", "/me/logins/nobody/disconnect", &[], [303, 303, 303]),
    row("POST /sign-out", "/sign-out", &[], [303, 303, 303]),
    row("POST /sign-out/everywhere", "/sign-out/everywhere", &[], [303, 303, 303]),
    row("GET /me/inbox", "/me/inbox", &[], [303, 303, 303]),
    row("POST /me/inbox", "/me/inbox", &[], [303, 303, 303]),
    row("GET /me/profile", "/me/profile", &[], [303, 303, 303]),
    row("GET /me/profile/phone", "/me/profile/phone", &[], [303, 303, 303]),
    row("POST /me/profile/phone", "/me/profile/phone", &[], [303, 303, 303]),
    row("POST /me/profile/phone/prove", "/me/profile/phone/prove", &[], [303, 303, 303]),
    row("GET /me/profile/phone/code", "/me/profile/phone/code", &[], [303, 303, 303]),
    row("POST /me/profile/phone/code", "/me/profile/phone/code", &[], [303, 303, 303]),
    row("GET /me/profile/phone/changed", "/me/profile/phone/changed", &[], [303, 303, 303]),
    row("GET /me/profile/identity", "/me/profile/identity", &[], [303, 303, 303]),
    row("POST /me/profile/identity", "/me/profile/identity", &[], [303, 303, 303]),
    row("GET /me/profile/address", "/me/profile/address", &[], [303, 303, 303]),
    row("POST /me/profile/address", "/me/profile/address", &[], [303, 303, 303]),
    row("GET /me/profile/needs", "/me/profile/needs", &[], [303, 303, 303]),
    row("POST /me/profile/needs", "/me/profile/needs", &[], [303, 303, 303]),
    row("GET /me/devices", "/me/devices", &[], [303, 303, 303]),
    row("GET /me/data", "/me/data", &[], [303, 303, 303]),
    row("GET /me/data/readable", "/me/data/readable", &[], [303, 303, 303]),
    row("GET /me/data/export", "/me/data/export", &[], [303, 303, 303]),
    row("GET /me/data/delete", "/me/data/delete", &[], [303, 303, 303]),
    row("POST /me/data/delete", "/me/data/delete", &[], [303, 303, 303]),
    row("GET /me/consents", "/me/consents", &[], [303, 303, 303]),
    row("POST /me/consents/{kind}/withdraw", "/me/consents/profile/withdraw", &[], [303, 303, 303]),
    row(
        "POST /me/consents/suggestions/{number}/withdraw",
        "/me/consents/suggestions/{number}/withdraw",
        &[],
        [303, 303, 303],
    ),
    row("GET /me/acting", "/me/acting", &[], [303, 303, 303]),
    row("GET /me/acting/new", "/me/acting/new", &[], [303, 303, 303]),
    row("POST /me/acting/new", "/me/acting/new", &[], [303, 303, 303]),
    row("POST /me/acting/stop", "/me/acting/stop", &[], [303, 303, 303]),
    row("GET /me/profile/household/{member}", "/me/profile/household/cccccccc", &[], [303, 303, 303]),
    row("POST /me/profile/household/{member}", "/me/profile/household/cccccccc", &[], [303, 303, 303]),
    row(
        "POST /me/profile/household/{member}/remove",
        "/me/profile/household/cccccccc/remove",
        &[],
        [303, 303, 303],
    ),
    row("POST /me/devices/{id}/end", "/me/devices/x/end", &[], [303, 303, 303]),
    row("POST /me/acting/{id}/begin", "/me/acting/x/begin", &[], [303, 303, 303]),
    row("POST /me/acting/{id}/end", "/me/acting/x/end", &[], [303, 303, 303]),
    row("GET /account-deleted", "/account-deleted", &[], [200, 200, 200]),
    row("GET /acting/{secret}", "/acting/unknown", &[], [404, 404, 404]),
    row("POST /acting/{secret}", "/acting/unknown", &[], [404, 404, 404]),
    // Without a draft of one's own there is nothing to show: back to the beginning.
    row("GET /aid/{item}/apply/{step}", "/aid/temporary-aid/apply/applicant", &[], [303, 200, 200]),
    row("GET /aid/{item}/apply/check", "/aid/temporary-aid/apply/check", &[], [303, 200, 200]),
    row(
        "GET /aid/{item}/apply/household/{member}",
        "/aid/temporary-aid/apply/household/cccccccc",
        &[],
        [303, 200, 200],
    ),
    row("POST /aid/{item}/apply/{step}", "/aid/temporary-aid/apply/household", &[], [303, 303, 303]),
    row(
        "POST /aid/{item}/apply/household/{member}",
        "/aid/temporary-aid/apply/household/cccccccc",
        &[],
        [409, 422, 422],
    ),
    row(
        "POST /aid/{item}/apply/household/{member}/remove",
        "/aid/temporary-aid/apply/household/aaaaaaaa/remove",
        &[],
        [409, 303, 303],
    ),
    row(
        "POST /aid/{item}/apply/check",
        "/aid/temporary-aid/apply/check",
        &[KEY, ("version", "0")],
        [409, 409, 409],
    ),
    row("POST /aid/{item}/apply/discard", "/aid/temporary-aid/apply/discard", &[], [303, 303, 303]),
    row("POST /aid/{item}/apply", APPLY, &[], [303, 303, 303]),
    row(
        "POST /aid/temporary-aid/apply/from-check",
        "/aid/temporary-aid/apply/from-check",
        &[("monthly_income", "0")],
        [303, 303, 303],
    ),
];

/// What a route of staff answers: to a stranger, to a resident with a case, to staff whose posts don't concern it, to the
/// right role in another area, and to the right role in the right area. Where a role is held for the whole district
/// there is no other area.
struct StaffRow {
    route: &'static str,
    /// The path asked for, with the number of a case or a complaint or the id of an account to be put in.
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
    /// Who has the right role: here, and elsewhere.
    right: (&'static str, Option<&'static str>),
    stranger: u16,
    other_role: u16,
    elsewhere: u16,
    here: u16,
}

type Fields = &'static [(&'static str, &'static str)];

const fn staff(
    route: &'static str,
    path: &'static str,
    fields: Fields,
    right: (&'static str, Option<&'static str>),
    answers: [u16; 4],
) -> StaffRow {
    let [stranger, other_role, elsewhere, here] = answers;
    StaffRow { route, path, fields, right, stranger, other_role, elsewhere, here }
}

const STREET: (&str, Option<&str>) = ("street", Some("neighbour"));
const DISTRICT: (&str, Option<&str>) = ("district", None);
const AUDITOR: (&str, Option<&str>) = ("auditor", None);
const ADMIN: (&str, Option<&str>) = ("admin", None);
const CLERK: (&str, Option<&str>) = ("clerk", Some("far-clerk"));
const COOK: (&str, Option<&str>) = ("cook", Some("far-cook"));
const WORKER: (&str, Option<&str>) = ("worker", Some("far-worker"));
const KEEPER: (&str, Option<&str>) = ("keeper", Some("far-keeper"));
const PURPOSE: (&str, &str) = ("purpose", "handling");
const REPLY: (&str, &str) = ("reply", "已经道歉，并加开窗口");

/// Rows that end a session come last.
const STAFF: &[StaffRow] = &[
    staff("GET /staff/sign-in", "/staff/sign-in", &[], STREET, [200, 303, 303, 303]),
    staff("POST /staff/sign-in", "/staff/sign-in", &[], STREET, [422, 422, 422, 422]),
    staff("GET /staff/sign-in/second", "/staff/sign-in/second", &[], STREET, [303, 303, 303, 303]),
    staff("POST /staff/sign-in/second", "/staff/sign-in/second", &[], STREET, [303, 303, 303, 303]),
    // Under a number there are no passkeys at all.
    staff("POST /staff/passkey", "/staff/passkey", &[], STREET, [404, 404, 404, 404]),
    staff("GET /staff", "/staff", &[], STREET, [303, 200, 200, 200]),
    staff("GET /staff/account", "/staff/account", &[], STREET, [303, 200, 200, 200]),
    staff("GET /staff/account/password", "/staff/account/password", &[], STREET, [303, 200, 200, 200]),
    staff("POST /staff/account/password", "/staff/account/password", &[], STREET, [401, 422, 422, 422]),
    staff("POST /staff/account/passkeys", "/staff/account/passkeys", &[], STREET, [401, 404, 404, 404]),
    staff(
        "POST /staff/account/passkeys/{id}/remove",
        "/staff/account/passkeys/1/remove",
        &[],
        STREET,
        [401, 404, 404, 404],
    ),
    // One's own area's list, whichever it is.
    // Whoever comes to a counter is served there, wherever they live.
    staff("GET /staff/counter", "/staff/counter", &[], STREET, [303, 403, 200, 200]),
    staff("GET /staff/counter/identity", "/staff/counter/identity", &[], STREET, [303, 403, 200, 200]),
    staff("POST /staff/counter/identity", "/staff/counter/identity", &[], STREET, [401, 403, 422, 422]),
    staff("GET /staff/counter/proxy", "/staff/counter/proxy", &[], STREET, [303, 403, 200, 200]),
    staff("POST /staff/counter/proxy", "/staff/counter/proxy", &[KEY], STREET, [401, 403, 422, 422]),
    staff("GET /staff/counter/visit", "/staff/counter/visit", &[], STREET, [303, 403, 200, 200]),
    staff("POST /staff/counter/visit", "/staff/counter/visit", &[], STREET, [401, 403, 422, 422]),
    staff("POST /staff/counter/end", "/staff/counter/end", &[], STREET, [401, 403, 303, 303]),
    // The visit is the one of the staff member here; to another clerk it is refused.
    staff(
        "GET /staff/counter/visit/{visit}",
        "/staff/counter/visit/{visit}",
        &[],
        STREET,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/counter/visit/{visit}/identity",
        "/staff/counter/visit/{visit}/identity",
        &[],
        STREET,
        [401, 403, 403, 422],
    ),
    // Nobody's document was seen yet.
    staff(
        "POST /staff/counter/visit/{visit}/card",
        "/staff/counter/visit/{visit}/card",
        &[KEY],
        STREET,
        [401, 403, 403, 409],
    ),
    staff(
        "GET /staff/counter/visit/{visit}/card",
        "/staff/counter/visit/{visit}/card",
        &[],
        STREET,
        [303, 403, 403, 303],
    ),
    staff(
        "POST /staff/counter/visit/{visit}/card/lost",
        "/staff/counter/visit/{visit}/card/lost",
        &[],
        STREET,
        [401, 403, 403, 303],
    ),
    // Nobody's document was seen yet: back to the visit's page.
    staff(
        "GET /staff/counter/visit/{visit}/relative",
        "/staff/counter/visit/{visit}/relative",
        &[],
        STREET,
        [303, 403, 403, 303],
    ),
    staff(
        "POST /staff/counter/visit/{visit}/relative",
        "/staff/counter/visit/{visit}/relative",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "GET /staff/counter/visit/{visit}/guardian",
        "/staff/counter/visit/{visit}/guardian",
        &[],
        STREET,
        [303, 403, 403, 303],
    ),
    staff(
        "POST /staff/counter/visit/{visit}/guardian",
        "/staff/counter/visit/{visit}/guardian",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/counter/visit/{visit}/agreement/end",
        "/staff/counter/visit/{visit}/agreement/end",
        &[],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/counter/visit/{visit}/help",
        "/staff/counter/visit/{visit}/help",
        &[],
        STREET,
        [401, 403, 403, 409],
    ),
    // Without a document that was seen, no number is changed.
    staff(
        "GET /staff/counter/visit/{visit}/phone",
        "/staff/counter/visit/{visit}/phone",
        &[],
        STREET,
        [303, 403, 403, 303],
    ),
    staff(
        "POST /staff/counter/visit/{visit}/phone",
        "/staff/counter/visit/{visit}/phone",
        &[],
        STREET,
        [401, 403, 403, 409],
    ),
    staff(
        "GET /staff/counter/visit/{visit}/phone/code",
        "/staff/counter/visit/{visit}/phone/code",
        &[],
        STREET,
        [303, 403, 403, 303],
    ),
    staff(
        "POST /staff/counter/visit/{visit}/phone/code",
        "/staff/counter/visit/{visit}/phone/code",
        &[],
        STREET,
        [401, 403, 403, 409],
    ),
    staff("GET /staff/counter/recorded", "/staff/counter/recorded", &[], STREET, [303, 403, 200, 200]),
    staff("GET /staff/cases", "/staff/cases", &[], STREET, [303, 403, 200, 200]),
    // What is done to cases that were picked asks for each of them; none was picked here. See work_list.rs.
    staff("POST /staff/cases/assign", "/staff/cases/assign", &[KEY], STREET, [401, 403, 422, 422]),
    staff("POST /staff/cases/accept", "/staff/cases/accept", &[KEY], STREET, [401, 403, 422, 422]),
    staff("GET /staff/cases/hand-over", "/staff/cases/hand-over", &[], STREET, [303, 403, 200, 200]),
    staff("POST /staff/cases/hand-over", "/staff/cases/hand-over", &[KEY], STREET, [401, 403, 303, 303]),
    staff("GET /staff/cases/register", "/staff/cases/register", &[], STREET, [303, 403, 200, 200]),
    // Asked for in the post of the officer here: to the one elsewhere it is somebody else's.
    staff(
        "POST /staff/cases/register",
        "/staff/cases/register",
        &[PURPOSE, ("post", "street_officer@320214050")],
        STREET,
        [401, 403, 403, 200],
    ),
    staff("GET /staff/cases/{number}", "/staff/cases/{case}", &[], STREET, [303, 403, 403, 200]),
    staff("POST /staff/cases/{number}", "/staff/cases/{case}", &[PURPOSE], STREET, [401, 403, 403, 200]),
    staff(
        "POST /staff/cases/{number}/papers/{paper}",
        "/staff/cases/{case}/papers/{paper}",
        &[PURPOSE],
        STREET,
        [401, 403, 403, 200],
    ),
    staff("GET /staff/found", "/staff/found", &[], STREET, [303, 403, 200, 200]),
    // Nobody has told of a household here; what happens with one is tested in found.rs.
    staff("GET /staff/found/{number}", "/staff/found/FX000000000000", &[], STREET, [303, 403, 404, 404]),
    staff(
        "POST /staff/found/{number}/take",
        "/staff/found/FX000000000000/take",
        &[KEY],
        STREET,
        [401, 403, 404, 404],
    ),
    staff(
        "POST /staff/found/{number}/visited",
        "/staff/found/FX000000000000/visited",
        &[KEY],
        STREET,
        [401, 403, 404, 404],
    ),
    staff("GET /staff/follow-up", "/staff/follow-up", &[], STREET, [303, 403, 200, 200]),
    staff("GET /staff/ratings", "/staff/ratings", &[], STREET, [303, 403, 200, 200]),
    staff(
        "GET /staff/cases/{number}/follow-up",
        "/staff/cases/{case}/follow-up",
        &[],
        STREET,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/cases/{number}/recheck",
        "/staff/cases/{case}/recheck",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/cases/{number}/changes/{sequence}",
        "/staff/cases/{case}/changes/1",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff("GET /staff/reviews", "/staff/reviews", &[], STREET, [303, 403, 200, 200]),
    staff("GET /staff/payments", "/staff/payments", &[], STREET, [303, 403, 200, 200]),
    staff("POST /staff/payments", "/staff/payments", &[], STREET, [401, 403, 422, 422]),
    // Nothing is given here; what happens then is tested in benefit.rs.
    staff(
        "GET /staff/cases/{number}/benefit",
        "/staff/cases/{case}/benefit",
        &[],
        STREET,
        [303, 403, 403, 404],
    ),
    staff(
        "POST /staff/cases/{number}/benefit/step",
        "/staff/cases/{case}/benefit/step",
        &[KEY],
        STREET,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/cases/{number}/benefit/heard",
        "/staff/cases/{case}/benefit/heard",
        &[KEY],
        STREET,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/cases/{number}/benefit/drop",
        "/staff/cases/{case}/benefit/drop",
        &[KEY],
        STREET,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/cases/{number}/benefit/decide-step",
        "/staff/cases/{case}/benefit/decide-step",
        &[KEY],
        STREET,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/cases/{number}/benefit/reviewed",
        "/staff/cases/{case}/benefit/reviewed",
        &[KEY],
        STREET,
        [401, 403, 403, 404],
    ),
    // Nothing was agreed to here.
    staff(
        "POST /staff/cases/{number}/referrals/{programme}",
        "/staff/cases/{case}/referrals/none",
        &[("idempotency_key", "33333333333333333333333333333333")],
        STREET,
        [401, 403, 403, 409],
    ),
    staff("GET /staff/cases/{number}/work", "/staff/cases/{case}/work", &[], STREET, [303, 403, 403, 200]),
    staff(
        "POST /staff/cases/{number}/labels",
        "/staff/cases/{case}/labels",
        &[("idempotency_key", "22222222222222222222222222222222")],
        STREET,
        [401, 403, 403, 303],
    ),
    staff(
        "POST /staff/cases/{number}/note",
        "/staff/cases/{case}/note",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "GET /staff/cases/{number}/handle",
        "/staff/cases/{case}/handle",
        &[],
        STREET,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/cases/{number}/correct",
        "/staff/cases/{case}/correct",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/cases/{number}/opinion",
        "/staff/cases/{case}/opinion",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/cases/{number}/accept",
        "/staff/cases/{case}/accept",
        &[OTHER_KEY],
        STREET,
        [401, 403, 403, 303],
    ),
    // The district's.
    staff(
        "POST /staff/cases/{number}/send-back",
        "/staff/cases/{case}/send-back",
        &[KEY],
        STREET,
        [401, 403, 403, 403],
    ),
    staff(
        "POST /staff/cases/{number}/decide",
        "/staff/cases/{case}/decide",
        &[KEY],
        STREET,
        [401, 403, 403, 403],
    ),
    // Nobody has written what is to be done.
    staff(
        "GET /staff/cases/{number}/transfer",
        "/staff/cases/{case}/transfer",
        &[],
        STREET,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/cases/{number}/transfer",
        "/staff/cases/{case}/transfer",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff("GET /staff/services", "/staff/services", &[], STREET, [303, 403, 200, 200]),
    staff(
        "GET /staff/cases/{number}/service",
        "/staff/cases/{case}/service",
        &[],
        STREET,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/cases/{number}/service",
        "/staff/cases/{case}/service",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff("GET /staff/transfers", "/staff/transfers", &[], STREET, [303, 403, 200, 200]),
    staff(
        "POST /staff/cases/{number}/extend",
        "/staff/cases/{case}/extend",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/cases/{number}/first",
        "/staff/cases/{case}/first",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/cases/{number}/supplement",
        "/staff/cases/{case}/supplement",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "GET /staff/cases/{number}/inquiry",
        "/staff/cases/{case}/inquiry",
        &[],
        STREET,
        [303, 403, 403, 200],
    ),
    staff("GET /staff/cases/{number}/visit", "/staff/cases/{case}/visit", &[], STREET, [303, 403, 403, 200]),
    staff(
        "POST /staff/cases/{number}/visit",
        "/staff/cases/{case}/visit",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff("POST /staff/cases/{number}/kin", "/staff/cases/{case}/kin", &[KEY], STREET, [401, 403, 403, 422]),
    staff("GET /staff/cases/{number}/means", "/staff/cases/{case}/means", &[], STREET, [303, 403, 403, 200]),
    staff(
        "POST /staff/cases/{number}/means",
        "/staff/cases/{case}/means",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/cases/{number}/obligor",
        "/staff/cases/{case}/obligor",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/cases/{number}/agreement",
        "/staff/cases/{case}/agreement",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    // Nothing was asked; what an answer does is tested in means.rs.
    staff(
        "POST /staff/cases/{number}/means/answer",
        "/staff/cases/{case}/means/answer",
        &[KEY],
        DISTRICT,
        [401, 403, 403, 404],
    ),
    staff("GET /staff/means", "/staff/means", &[], DISTRICT, [303, 403, 403, 200]),
    staff("POST /staff/means/file", "/staff/means/file", &[KEY], DISTRICT, [401, 403, 403, 200]),
    staff("POST /staff/means/answers", "/staff/means/answers", &[KEY], DISTRICT, [401, 403, 403, 422]),
    staff("GET /staff/kin", "/staff/kin", &[], DISTRICT, [303, 403, 403, 200]),
    staff("GET /staff/random-checks", "/staff/random-checks", &[], DISTRICT, [303, 403, 403, 200]),
    // No case waits; what a draw does is tested in inquiry.rs.
    staff(
        "POST /staff/random-checks",
        "/staff/random-checks",
        &[KEY, ("item", "special-hardship")],
        DISTRICT,
        [401, 403, 403, 409],
    ),
    staff("GET /staff/random-checks/{id}", "/staff/random-checks/none", &[], DISTRICT, [303, 403, 403, 404]),
    staff("GET /staff/sharing", "/staff/sharing", &[], DISTRICT, [303, 403, 403, 200]),
    staff("POST /staff/sharing", "/staff/sharing", &[KEY], DISTRICT, [401, 403, 403, 422]),
    // What a list holds is tested in sharing.rs.
    staff("GET /staff/sharing/{id}", "/staff/sharing/none", &[], DISTRICT, [303, 403, 403, 404]),
    staff("POST /staff/sharing/{id}/file", "/staff/sharing/none/file", &[], DISTRICT, [401, 403, 403, 404]),
    staff(
        "POST /staff/cases/{number}/objections/{id}",
        "/staff/cases/{case}/objections/none",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    // For programs: no page to sign in at. Every counter has its own list; a body that is none is refused.
    staff("GET /verify/day-list", "/verify/day-list", &[], STREET, [401, 200, 200, 200]),
    staff("POST /verify/scans", "/verify/scans", &[], STREET, [401, 400, 400, 400]),
    staff("GET /staff/confirmations", "/staff/confirmations", &[], STREET, [303, 200, 200, 200]),
    staff("POST /staff/confirmations", "/staff/confirmations", &[], STREET, [401, 422, 422, 422]),
    staff(
        "GET /staff/confirmations/{id}",
        "/staff/confirmations/{confirmation}",
        &[],
        STREET,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/confirmations/{id}/cancel",
        "/staff/confirmations/{confirmation}/cancel",
        &[KEY],
        STREET,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/confirmations/{id}/reissue",
        "/staff/confirmations/{confirmation}/reissue",
        &[KEY],
        STREET,
        [401, 403, 403, 303],
    ),
    staff("GET /staff/complaints", "/staff/complaints", &[], STREET, [303, 403, 200, 200]),
    staff(
        "GET /staff/complaints/{number}",
        "/staff/complaints/{complaint}",
        &[],
        STREET,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/complaints/{number}/take",
        "/staff/complaints/{complaint}/take",
        &[],
        STREET,
        [401, 403, 403, 303],
    ),
    staff(
        "POST /staff/complaints/{number}/reply",
        "/staff/complaints/{complaint}/reply",
        &[REPLY],
        STREET,
        [401, 403, 403, 303],
    ),
    staff(
        "POST /staff/complaints/{number}/close",
        "/staff/complaints/{complaint}/close",
        &[],
        STREET,
        [401, 403, 403, 303],
    ),
    // It is closed by now.
    staff(
        "POST /staff/complaints/{number}/escalate",
        "/staff/complaints/{complaint}/escalate",
        &[],
        STREET,
        [401, 403, 403, 409],
    ),
    staff("GET /staff/deliveries", "/staff/deliveries", &[], STREET, [303, 403, 200, 200]),
    staff("GET /staff/deliveries/{id}", "/staff/deliveries/{delivery}", &[], STREET, [303, 403, 403, 200]),
    staff(
        "POST /staff/deliveries/{id}/done",
        "/staff/deliveries/{delivery}/done",
        &[],
        STREET,
        [401, 403, 403, 303],
    ),
    staff("GET /staff/audit", "/staff/audit", &[], AUDITOR, [303, 403, 403, 200]),
    staff("GET /staff/templates", "/staff/templates", &[], ADMIN, [303, 403, 403, 200]),
    staff(
        "GET /staff/templates/{id}/letter",
        "/staff/templates/phone_changed/letter",
        &[],
        ADMIN,
        [303, 403, 403, 200],
    ),
    staff("GET /staff/meal-checks", "/staff/meal-checks", &[], AUDITOR, [303, 403, 403, 200]),
    staff("GET /staff/meal-checks/{month}", "/staff/meal-checks/2026-11", &[], AUDITOR, [303, 403, 403, 200]),
    // What is drawn is tested in meal_checks.rs.
    staff(
        "POST /staff/meal-checks/{month}",
        "/staff/meal-checks/2026-11",
        &[KEY],
        AUDITOR,
        [401, 403, 403, 422],
    ),
    staff(
        "GET /staff/meal-checks/{month}/sample.csv",
        "/staff/meal-checks/2026-11/sample.csv",
        &[],
        AUDITOR,
        [303, 403, 403, 404],
    ),
    staff(
        "GET /staff/meal-checks/{month}/numbers.csv",
        "/staff/meal-checks/2026-11/numbers.csv",
        &[],
        AUDITOR,
        [303, 403, 403, 404],
    ),
    staff("GET /staff/meal-points", "/staff/meal-points?street=320214050", &[], STREET, [303, 403, 403, 200]),
    staff("GET /staff/meal-tables", "/staff/meal-tables", &[], ADMIN, [303, 403, 403, 200]),
    staff("POST /staff/meal-tables", "/staff/meal-tables", &[KEY], ADMIN, [401, 403, 403, 422]),
    // Nobody has entered a table here; what happens with one is tested in meal_tables.rs.
    staff("GET /staff/meal-tables/{id}", "/staff/meal-tables/none", &[], ADMIN, [303, 403, 403, 404]),
    staff(
        "POST /staff/meal-tables/{id}/approve",
        "/staff/meal-tables/none/approve",
        &[],
        ADMIN,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/meal-tables/{id}/withdraw",
        "/staff/meal-tables/none/withdraw",
        &[],
        ADMIN,
        [401, 403, 403, 404],
    ),
    staff("GET /staff/standards", "/staff/standards", &[], ADMIN, [303, 403, 403, 200]),
    staff("POST /staff/standards", "/staff/standards", &[KEY], ADMIN, [401, 403, 403, 422]),
    // Nobody has entered a value here; what happens with one is tested in standards.rs.
    staff("GET /staff/standards/{id}", "/staff/standards/none", &[], ADMIN, [303, 403, 403, 404]),
    staff(
        "POST /staff/standards/{id}/approve",
        "/staff/standards/none/approve",
        &[],
        ADMIN,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/standards/{id}/withdraw",
        "/staff/standards/none/withdraw",
        &[],
        ADMIN,
        [401, 403, 403, 404],
    ),
    staff("GET /staff/marriage", "/staff/marriage", &[], CLERK, [303, 403, 200, 200]),
    staff("GET /staff/marriage/{office}", "/staff/marriage/xinwu", &[], CLERK, [303, 403, 403, 200]),
    staff("GET /staff/marriage/{office}/day", "/staff/marriage/xinwu/day", &[], CLERK, [303, 403, 403, 200]),
    staff("GET /staff/marriage/{office}/hot", "/staff/marriage/xinwu/hot", &[], CLERK, [303, 403, 403, 200]),
    staff(
        "POST /staff/marriage/{office}/hot",
        "/staff/marriage/xinwu/hot",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/marriage/{office}/hot/{hot}/end",
        "/staff/marriage/xinwu/hot/none/end",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/marriage/{office}/rules",
        "/staff/marriage/xinwu/rules",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/marriage/{office}/sessions",
        "/staff/marriage/xinwu/sessions",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/marriage/{office}/closures",
        "/staff/marriage/xinwu/closures",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    // There is no such time and no such closure: the page says how things stand.
    staff(
        "POST /staff/marriage/{office}/sessions/{session}/end",
        "/staff/marriage/xinwu/sessions/none/end",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/marriage/{office}/closures/{closure}/reopen",
        "/staff/marriage/xinwu/closures/none/reopen",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "GET /staff/marriage/{office}/door",
        "/staff/marriage/xinwu/door",
        &[],
        CLERK,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/marriage/{office}/door/find",
        "/staff/marriage/xinwu/door/find",
        &[KEY, ("code", "HY261123000000")],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/marriage/{office}/door/next",
        "/staff/marriage/xinwu/door/next",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/marriage/{office}/door/walk-in",
        "/staff/marriage/xinwu/door/walk-in",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    // There is no such couple; what happens to one is tested in marriage_door.rs.
    staff(
        "POST /staff/marriage/{office}/door/visits/{visit}",
        "/staff/marriage/xinwu/door/visits/none",
        &[KEY, ("act", "left")],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "GET /staff/marriage/{office}/door/{booking}",
        "/staff/marriage/xinwu/door/none",
        &[],
        CLERK,
        [303, 403, 403, 404],
    ),
    staff(
        "POST /staff/marriage/{office}/door/{booking}/arrive",
        "/staff/marriage/xinwu/door/none/arrive",
        &[KEY, ("both", "yes")],
        CLERK,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/marriage/{office}/door/{booking}/accepted",
        "/staff/marriage/xinwu/door/none/accepted",
        &[KEY, ("accepted", "2026-11-20")],
        CLERK,
        [401, 403, 403, 409],
    ),
    staff(
        "GET /staff/marriage/{office}/day/print",
        "/staff/marriage/xinwu/day/print",
        &[],
        CLERK,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/marriage/{office}/day/move",
        "/staff/marriage/xinwu/day/move",
        &[KEY, ("day", "2026-12-01")],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "GET /staff/marriage/{office}/numbers",
        "/staff/marriage/xinwu/numbers",
        &[],
        CLERK,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/marriage/{office}/door/{booking}/note",
        "/staff/marriage/xinwu/door/none/note",
        &[KEY, ("words", "请带军人证")],
        CLERK,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/marriage/{office}/door-rules",
        "/staff/marriage/xinwu/door-rules",
        &[KEY],
        CLERK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/marriage/{office}/door/{booking}/no-show",
        "/staff/marriage/xinwu/door/none/no-show",
        &[KEY],
        CLERK,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/marriage/{office}/door/{booking}/no-show/settle",
        "/staff/marriage/xinwu/door/none/no-show/settle",
        &[KEY, ("outcome", "lifted")],
        CLERK,
        [401, 403, 403, 404],
    ),
    staff("GET /staff/marriage-offices", "/staff/marriage-offices", &[], ADMIN, [303, 403, 403, 200]),
    staff("POST /staff/marriage-offices", "/staff/marriage-offices", &[KEY], ADMIN, [401, 403, 403, 422]),
    staff("GET /staff/meal-orders", "/staff/meal-orders", &[], WORKER, [303, 403, 200, 200]),
    staff("POST /staff/meal-orders", "/staff/meal-orders", &[], WORKER, [401, 403, 422, 422]),
    staff("GET /staff/meal-orders/new", "/staff/meal-orders/new", &[], WORKER, [303, 403, 200, 200]),
    staff("POST /staff/meal-orders/new", "/staff/meal-orders/new", &[KEY], WORKER, [401, 403, 422, 422]),
    staff("GET /staff/meal-orders/{eater}", "{eater}", &[], WORKER, [303, 403, 403, 200]),
    staff(
        "POST /staff/meal-orders/{eater}",
        "{eater}",
        &[MEAL_KEY, ("point", "xg-01")],
        WORKER,
        [401, 403, 403, 422],
    ),
    staff("GET /staff/meal-orders/{eater}/change", "{eater}/change", &[], WORKER, [303, 403, 403, 200]),
    staff("GET /staff/meal-orders/{eater}/standing", "{eater}/standing", &[], WORKER, [303, 403, 403, 200]),
    staff(
        "POST /staff/meal-orders/{eater}/standing",
        "{eater}/standing",
        &[STANDING_KEY, ("point", "xg-01")],
        WORKER,
        [401, 403, 403, 422],
    ),
    // There is no such order.
    staff(
        "POST /staff/meal-orders/{eater}/standing/{standing}",
        "{eater}/standing/none",
        &[STANDING_CHANGE_KEY, ("act", "end")],
        WORKER,
        [401, 403, 403, 404],
    ),
    // There is no such dish, and no such place in a line.
    staff(
        "POST /staff/meal-orders/{eater}/wait",
        "{eater}/wait",
        &[WAIT_KEY, ("point", "xg-01")],
        WORKER,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/meal-orders/{eater}/waits/{wait}",
        "{eater}/waits/none",
        &[KEY],
        WORKER,
        [401, 403, 403, 404],
    ),
    staff("GET /staff/meals/{point}/waiting", "/staff/meals/xg-01/waiting", &[], COOK, [303, 403, 403, 200]),
    staff(
        "POST /staff/meals/{point}/waiting/{wait}",
        "/staff/meals/xg-01/waiting/none",
        &[KEY, ("answer", "comes")],
        COOK,
        [401, 403, 403, 404],
    ),
    // There is no such meal.
    staff("POST /staff/meal-orders/{eater}/cancel", "{eater}/cancel", &[KEY], WORKER, [401, 403, 403, 404]),
    staff("GET /staff/meal-calls", "/staff/meal-calls", &[], WORKER, [303, 403, 200, 200]),
    // There is no such call; whose one is, is tested in meals_elder.rs.
    staff("GET /staff/meal-calls/{call}", "/staff/meal-calls/none", &[], WORKER, [303, 403, 404, 404]),
    staff("POST /staff/meal-calls/{call}", "/staff/meal-calls/none", &[KEY], WORKER, [401, 403, 404, 404]),
    staff("GET /staff/meals/{point}/ratings", "/staff/meals/xg-01/ratings", &[], COOK, [303, 403, 403, 200]),
    staff(
        "POST /staff/meals/{point}/ratings/{rating}",
        "/staff/meals/xg-01/ratings/none",
        &[KEY],
        COOK,
        [401, 403, 403, 422],
    ),
    staff("GET /staff/meals/{point}/month", "/staff/meals/xg-01/month", &[], COOK, [303, 403, 403, 200]),
    staff(
        "GET /staff/meals/{point}/month.csv",
        "/staff/meals/xg-01/month.csv",
        &[],
        COOK,
        [303, 403, 403, 200],
    ),
    staff("GET /staff/meals/{point}/kitchen", "/staff/meals/xg-01/kitchen", &[], COOK, [303, 403, 403, 200]),
    staff(
        "GET /staff/meals/{point}/hand-out",
        "/staff/meals/xg-01/hand-out",
        &[],
        COOK,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/meals/{point}/hand-out",
        "/staff/meals/xg-01/hand-out",
        &[],
        COOK,
        [401, 403, 403, 200],
    ),
    staff(
        "POST /staff/meals/{point}/hand-out/{order}",
        "/staff/meals/xg-01/hand-out/none",
        &[THIRD_KEY, ("paid", "paid")],
        COOK,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/meals/{point}/walk-in",
        "/staff/meals/xg-01/walk-in",
        &[WALK_IN_KEY],
        COOK,
        [401, 403, 403, 422],
    ),
    staff("GET /staff/meals/{point}/tours", "/staff/meals/xg-01/tours", &[], COOK, [303, 403, 403, 200]),
    staff("POST /staff/meals/{point}/tours", "/staff/meals/xg-01/tours", &[KEY], COOK, [401, 403, 403, 422]),
    // There is no such tour.
    staff(
        "POST /staff/meals/{point}/tours/{tour}/begin",
        "/staff/meals/xg-01/tours/none/begin",
        &[KEY],
        COOK,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/meals/{point}/tours/{tour}/back",
        "/staff/meals/xg-01/tours/none/back",
        &[KEY],
        COOK,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/meals/{point}/tours/{tour}/stops/{order}",
        "/staff/meals/xg-01/tours/none/stops/none",
        &[KEY],
        COOK,
        [401, 403, 403, 404],
    ),
    staff(
        "POST /staff/meals/{point}/kitchen",
        "/staff/meals/xg-01/kitchen",
        &[("idempotency_key", "99999999999999999999999999999999")],
        COOK,
        [401, 403, 403, 303],
    ),
    staff("GET /staff/meals/{point}/labels", "/staff/meals/xg-01/labels", &[], COOK, [303, 403, 403, 200]),
    // There is no such meal and no such scan.
    staff(
        "POST /staff/meals/{point}/hand-out/{order}/paid",
        "/staff/meals/xg-01/hand-out/none/paid",
        &[KEY, ("paid", "paid")],
        COOK,
        [401, 403, 403, 409],
    ),
    staff(
        "POST /staff/meals/{point}/conflicts/{scan}",
        "/staff/meals/xg-01/conflicts/none",
        &[KEY],
        COOK,
        [401, 403, 403, 409],
    ),
    staff("GET /staff/meals/{point}/offline", "/staff/meals/xg-01/offline", &[], COOK, [303, 403, 403, 200]),
    staff(
        "POST /staff/meals/{point}/offline",
        "/staff/meals/xg-01/offline",
        &[KEY],
        COOK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/meals/{point}/offline/list",
        "/staff/meals/xg-01/offline/list",
        &[],
        COOK,
        [401, 403, 403, 200],
    ),
    // A form is no list of scans.
    staff(
        "POST /staff/meals/{point}/offline/scans",
        "/staff/meals/xg-01/offline/scans",
        &[],
        COOK,
        [401, 403, 403, 400],
    ),
    staff("GET /staff/meals", "/staff/meals", &[], COOK, [303, 403, 200, 200]),
    staff("GET /staff/meals/{point}", "/staff/meals/xg-01", &[], COOK, [303, 403, 403, 200]),
    staff(
        "POST /staff/meals/{point}/dishes",
        "/staff/meals/xg-01/dishes",
        &[KEY],
        COOK,
        [401, 403, 403, 422],
    ),
    staff("POST /staff/meals/{point}/menu", "/staff/meals/xg-01/menu", &[KEY], COOK, [401, 403, 403, 422]),
    staff(
        "POST /staff/meals/{point}/services",
        "/staff/meals/xg-01/services",
        &[KEY],
        COOK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/meals/{point}/closures",
        "/staff/meals/xg-01/closures",
        &[KEY],
        COOK,
        [401, 403, 403, 422],
    ),
    // There is no such dish and no such closure: the page says how things stand.
    staff(
        "POST /staff/meals/{point}/dishes/{dish}",
        "/staff/meals/xg-01/dishes/none",
        &[KEY, ("act", "withdraw")],
        COOK,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/meals/{point}/closures/{closure}/reopen",
        "/staff/meals/xg-01/closures/none/reopen",
        &[KEY],
        COOK,
        [401, 403, 403, 422],
    ),
    staff("GET /staff/timebank", "/staff/timebank", &[], WORKER, [303, 403, 200, 200]),
    staff("GET /staff/timebank/new", "/staff/timebank/new", &[], WORKER, [303, 403, 200, 200]),
    staff("POST /staff/timebank/new", "/staff/timebank/new", &[KEY], WORKER, [401, 403, 422, 422]),
    staff("GET /staff/timebank/events", "/staff/timebank/events", &[], WORKER, [303, 403, 200, 200]),
    staff("GET /staff/timebank/events/new", "/staff/timebank/events/new", &[], WORKER, [303, 403, 200, 200]),
    staff(
        "POST /staff/timebank/events/new",
        "/staff/timebank/events/new",
        &[KEY],
        WORKER,
        [401, 403, 422, 422],
    ),
    // Whose an event is, and whose not, is tested in timebank_events.rs.
    staff(
        "GET /staff/timebank/events/{event}",
        "/staff/timebank/events/none",
        &[],
        WORKER,
        [303, 403, 404, 404],
    ),
    staff(
        "POST /staff/timebank/events/{event}",
        "/staff/timebank/events/none",
        &[KEY],
        WORKER,
        [401, 403, 404, 404],
    ),
    staff(
        "GET /staff/timebank/events/{event}/screen",
        "/staff/timebank/events/none/screen",
        &[],
        WORKER,
        [303, 403, 404, 404],
    ),
    staff("GET /staff/timebank/insurance", "/staff/timebank/insurance", &[], WORKER, [303, 403, 200, 200]),
    // Nobody goes there, so nobody is to be insured.
    staff(
        "GET /staff/timebank/insurance/{need}",
        "/staff/timebank/insurance/{need}",
        &[],
        WORKER,
        [303, 403, 403, 404],
    ),
    staff(
        "POST /staff/timebank/insurance/{need}",
        "/staff/timebank/insurance/{need}",
        &[KEY],
        WORKER,
        [401, 403, 403, 404],
    ),
    staff("GET /staff/timebank/freezes", "/staff/timebank/freezes", &[], KEEPER, [303, 403, 200, 200]),
    staff("POST /staff/timebank/freezes", "/staff/timebank/freezes", &[KEY], KEEPER, [401, 403, 422, 422]),
    // Whose hours wait, and where, is tested in timebank_freezes.rs.
    staff(
        "GET /staff/timebank/freezes/{freeze}",
        "/staff/timebank/freezes/none",
        &[],
        KEEPER,
        [303, 403, 404, 404],
    ),
    staff(
        "POST /staff/timebank/freezes/{freeze}",
        "/staff/timebank/freezes/none",
        &[KEY],
        KEEPER,
        [401, 403, 404, 404],
    ),
    staff("GET /staff/timebank/patterns", "/staff/timebank/patterns", &[], KEEPER, [303, 403, 200, 200]),
    staff(
        "POST /staff/timebank/patterns",
        "/staff/timebank/patterns",
        &[KEY, ("pattern", "late"), ("need", "{need}")],
        KEEPER,
        [401, 403, 404, 404],
    ),
    staff("GET /staff/timebank/import", "/staff/timebank/import", &[], KEEPER, [303, 403, 200, 200]),
    staff("POST /staff/timebank/import", "/staff/timebank/import", &[KEY], KEEPER, [401, 403, 422, 422]),
    // A service that counts and its correction are tested in timebank_records.rs.
    staff("GET /staff/timebank/records", "/staff/timebank/records", &[], KEEPER, [303, 403, 200, 200]),
    staff(
        "GET /staff/timebank/records/{need}",
        "/staff/timebank/records/{need}",
        &[],
        KEEPER,
        [303, 403, 403, 404],
    ),
    staff(
        "POST /staff/timebank/records/{need}",
        "/staff/timebank/records/{need}",
        &[KEY],
        KEEPER,
        [401, 403, 403, 404],
    ),
    staff(
        "GET /staff/timebank/{need}/fitting",
        "/staff/timebank/{need}/fitting",
        &[],
        KEEPER,
        [303, 403, 403, 200],
    ),
    staff(
        "POST /staff/timebank/{need}/fitting",
        "/staff/timebank/{need}/fitting",
        &[],
        KEEPER,
        [401, 403, 403, 200],
    ),
    staff("GET /staff/timebank/{need}", "/staff/timebank/{need}", &[], WORKER, [303, 403, 403, 200]),
    staff(
        "POST /staff/timebank/{need}",
        "/staff/timebank/{need}",
        &[KEY, ("act", "confirm")],
        WORKER,
        [401, 403, 403, 422],
    ),
    staff("GET /staff/accounts", "/staff/accounts", &[], ADMIN, [303, 403, 403, 200]),
    staff("GET /staff/accounts/new", "/staff/accounts/new", &[], ADMIN, [303, 403, 403, 200]),
    staff("POST /staff/accounts/new", "/staff/accounts/new", &[KEY], ADMIN, [401, 403, 403, 422]),
    staff("GET /staff/accounts/{id}", "/staff/accounts/{account}", &[], ADMIN, [303, 403, 403, 200]),
    staff(
        "POST /staff/accounts/{id}/posts",
        "/staff/accounts/{account}/posts",
        &[],
        ADMIN,
        [401, 403, 403, 422],
    ),
    staff(
        "POST /staff/accounts/{id}/posts/remove",
        "/staff/accounts/{account}/posts/remove",
        &[],
        ADMIN,
        [401, 403, 403, 303],
    ),
    staff(
        "POST /staff/accounts/{id}/reset",
        "/staff/accounts/{account}/reset",
        &[],
        ADMIN,
        [401, 403, 403, 200],
    ),
    staff(
        "POST /staff/accounts/{id}/disable",
        "/staff/accounts/{account}/disable",
        &[],
        ADMIN,
        [401, 403, 403, 303],
    ),
    staff(
        "POST /staff/account/sign-out-everywhere",
        "/staff/account/sign-out-everywhere",
        &[],
        STREET,
        [401, 303, 303, 303],
    ),
    staff("POST /staff/sign-out", "/staff/sign-out", &[], STREET, [303, 303, 303, 303]),
];

#[tokio::test]
async fn every_route_of_staff_answers_each_role_in_each_area_as_the_matrix_says() {
    let app = TestApp::start().await;
    let (resident, stranger) = (app.browser(), app.browser());
    resident.fill_in().await;
    let case = resident.submit().await;
    let paper = super::papers::send_one(&resident, &case).await;
    let complaint = super::staff::complain(&resident, "320214050", "").await;
    let complaint = complaint.strip_prefix("/feedback/").unwrap();
    let channel = crate::store::messages::Channel::Letter;
    let delivery = app.site.store().put_delivery("320214050", channel, app.site.clock().now()).await;
    let account = super::staff::account(&app, "spare", &["auditor@320214"]).await;
    let mut people = std::collections::BTreeMap::new();
    for (login, post) in [
        ("street", "street_officer@320214050"),
        ("neighbour", "street_officer@320214051"),
        ("clerk", "marriage_clerk@xinwu"),
        ("far-clerk", "marriage_clerk@elsewhere"),
        ("cook", "meal_point_operator@xg-01"),
        ("far-cook", "meal_point_operator@zc-01"),
        ("worker", "community_worker@320214050001"),
        ("far-worker", "community_worker@320214050002"),
        ("keeper", "time_bank_coordinator@320214050"),
        ("far-keeper", "time_bank_coordinator@320214051"),
        ("district", "district_officer@320214"),
        ("auditor", "auditor@320214"),
        ("admin", "administrator@320214"),
    ] {
        super::staff::account(&app, login, &[post]).await;
        let browser = app.browser();
        browser.sign_in_as(login).await;
        people.insert(login, browser);
    }
    crate::demo_marriage::load_offices(app.site.store(), app.site.clock().now()).await.unwrap();
    let begun = people["street"].post("/staff/counter/visit", &[("phone", "13900000002")]).await;
    let confirmation = app.site.store().confirmations_of_number(&case).await.unwrap().remove(0).id;
    let visit = begun.location().strip_prefix("/staff/counter/visit/").unwrap();
    let need = super::timebank::posted(&people["worker"]).await;
    let eater = super::meals_desk::registered(&people["worker"]).await;
    for row in STAFF {
        let path = row
            .path
            .replace("{case}", &case)
            .replace("{paper}", &paper)
            .replace("{confirmation}", &confirmation)
            .replace("{complaint}", complaint)
            .replace("{delivery}", &delivery)
            .replace("{account}", &account)
            .replace("{visit}", visit)
            .replace("{need}", &need)
            .replace("{eater}", &eater);
        let mut asked = vec![
            ("stranger", &stranger, row.stranger),
            ("resident", &resident, row.stranger),
            (
                "another role",
                &people[if row.right.0 == "clerk" { "auditor" } else { "clerk" }],
                row.other_role,
            ),
        ];
        asked.extend(row.right.1.map(|login| ("elsewhere", &people[login], row.elsewhere)));
        asked.push(("here", &people[row.right.0], row.here));
        for (who, browser, expected) in asked {
            let answer = match row.route.split_once(' ').unwrap().0 {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, row.fields).await,
            };
            assert_eq!(answer.status, expected, "{} for {who}", row.route);
        }
    }
}

#[tokio::test]
async fn every_route_answers_each_person_as_the_matrix_says() {
    let app = TestApp::start().await;
    let (own, other, stranger) = (app.browser(), app.browser(), app.browser());
    own.fill_in().await;
    let number = own.submit().await;
    let paper = super::papers::send_one(&own, &number).await;
    own.fill_in().await;
    other.fill_in().await;

    let mut routes: Vec<String> = crate::router::routes().iter().map(|route| format!("{route:?}")).collect();
    let staff = STAFF.iter().map(|row| row.route.to_owned());
    let mut rows: Vec<String> = MATRIX.iter().map(|row| row.route.to_owned()).chain(staff).collect();
    routes.sort();
    rows.sort();
    assert_eq!(routes, rows, "a route has no row in the access matrix, or a row no route");

    for row in MATRIX {
        let path = row.path.replace("{number}", &number).replace("{paper}", &paper);
        for (who, browser, expected) in
            [("stranger", &stranger, row.stranger), ("other", &other, row.other), ("own", &own, row.own)]
        {
            let answer = match row.route.split_once(' ').unwrap().0 {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, row.fields).await,
            };
            assert_eq!(answer.status, expected, "{} for {who}", row.route);
        }
    }
}

#[tokio::test]
async fn a_confirmation_shows_its_content_to_its_owner_alone() {
    let app = TestApp::start().await;
    let (own, other) = (app.browser(), app.browser());
    own.fill_in().await;
    let number = own.submit().await;
    other.fill_in().await;
    assert!(own.get(&format!("/confirm/{number}")).await.body.contains("<svg"));
    for browser in [&other, &app.browser()] {
        let page = browser.get(&format!("/confirm/{number}")).await.body;
        assert!(
            page.contains("mobile_tail") && !page.contains("<figure") && !page.contains("旺庄"),
            "{page}"
        );
        // An unknown number looks the same but for the number itself.
        let unknown = browser.get("/confirm/LS000000000000").await.body;
        assert_eq!(
            without_nonce(&page.replace(&number, "")),
            without_nonce(&unknown.replace("LS000000000000", ""))
        );
    }
}

fn without_nonce(page: &str) -> String {
    page.split("nonce=\"")
        .enumerate()
        .map(|(i, p)| if i == 0 { p } else { p.split_once('"').unwrap().1 })
        .collect()
}

#[tokio::test]
async fn nobody_reads_or_changes_the_draft_of_another_device() {
    let app = TestApp::start().await;
    let (own, other) = (app.browser(), app.browser());
    own.fill_in().await;
    other.post(APPLY, &[]).await;
    for path in ["applicant", "household", "situation", "check", "household/aaaaaaaa"] {
        let page = other.get(&format!("{APPLY}/{path}")).await.body;
        for answer in ["王小明", "李大妈", "320205199912319937", "失火"] {
            assert!(!page.contains(answer), "{path} shows {answer}");
        }
    }
    other.post(&format!("{APPLY}/household/aaaaaaaa/remove"), &[]).await;
    other.post(&format!("{APPLY}/discard"), &[]).await;
    assert!(own.get(&format!("{APPLY}/household")).await.body.contains("李大妈"));
}

#[tokio::test]
async fn the_kit_is_closed_in_production() {
    let app = TestApp::start_with(|s| s.profile = crate::settings::Profile::Production).await;
    assert_eq!(app.browser().get("/_kit").await.status, 404);
}
