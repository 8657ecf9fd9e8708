//! Group events over HTTP: posted, joined, the door, the list, and who may do what.

#![cfg(test)]

use super::TestApp;
use super::counter::clerk;
use super::residents::{ELDER, HELPER, sign_in};
use super::timebank::{MINUTE, People, VOLUNTEER, people, send};

pub(super) const EVENT: &[(&str, &str)] = &[
    ("title", "社区读书会"),
    ("kind", "companionship"),
    ("street", "320214050"),
    ("community", "320214050001"),
    ("detail", "活动室"),
    ("day", "2026-11-24"),
    ("starts", "9:00"),
    ("ends", "11:00"),
    ("places", "2"),
    ("note", "带老花镜"),
];

/// 9:00 on the event's day, after the tests' own time.
const STARTS: i64 = (18 * 60 + 55) * MINUTE;

fn code_on(page: &str) -> String {
    let (_, rest) = page.split_once("xw-figure__value\">").unwrap();
    rest.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_event_goes_from_its_posting_to_hours_for_everybody_who_came() {
    let app = TestApp::start().await;
    let People { worker, volunteer, elder } = people(&app).await;
    let wrong = send(&worker, "/staff/timebank/events/new", &EVENT[..2]).await;
    assert!(wrong.status == 422 && wrong.body.contains("places-error") && wrong.body.contains("社区读书会"));
    let elsewhere: Vec<_> = EVENT
        .iter()
        .map(|&(name, value)| (name, if name == "community" { "320214050002" } else { value }))
        .collect();
    let outside = send(&worker, "/staff/timebank/events/new", &elsewhere).await;
    assert!(outside.status == 422 && outside.body.contains("community-error"), "not their community");
    let posted = send(&worker, "/staff/timebank/events/new", EVENT).await;
    assert_eq!(posted.status, 303, "{}", posted.body);
    let desk = posted.location().to_owned();
    let page = desk.replace("/staff/timebank/", "/timebank/");

    let public = app.browser().get("/timebank/events").await.body;
    assert!(public.contains("社区读书会") && public.contains("还有 2 个名额"), "{public}");
    let unregistered = send(&elder, &page, &[("act", "join")]).await;
    assert_eq!(unregistered.location(), "/timebank/volunteer", "a volunteer first");
    assert_eq!(send(&elder, "/timebank/volunteer", VOLUNTEER).await.status, 303);
    for browser in [&volunteer, &elder] {
        assert_eq!(send(browser, &page, &[("act", "join")]).await.location(), page);
    }
    assert!(app.browser().get(&page).await.body.contains("名额满了"));
    let shut = send(&volunteer, &page, &[("act", "door"), ("code", "123456")]).await;
    assert_eq!(shut.status, 422, "{}", shut.body);

    app.later(STARTS);
    worker.sign_in_as("worker").await;
    let screen = worker.get(&format!("{desk}/screen")).await;
    assert_eq!(screen.header("refresh"), "20");
    let code = code_on(&screen.body);
    assert!(code.len() == 6 && !screen.body.contains("王小明"), "a code and nobody's name");
    let still = worker.get(&format!("{desk}/screen?still=1")).await;
    assert_eq!(still.header("refresh"), "", "whoever reads slowly stops it");
    sign_in(&app, &volunteer, HELPER).await;
    let other = if code == "000000" { "000001" } else { "000000" };
    let wrong = send(&volunteer, &page, &[("act", "door"), ("code", other)]).await;
    assert!(wrong.status == 422 && wrong.body.contains("code-error"), "{}", wrong.body);
    assert_eq!(send(&volunteer, &page, &[("act", "door"), ("code", &code)]).await.location(), page);
    let list = worker.get(&desk).await.body;
    assert!(list.contains("王小明：到了") && list.contains("李大妈：报了名"), "{list}");

    app.later(STARTS + 125 * MINUTE);
    worker.sign_in_as("worker").await;
    sign_in(&app, &volunteer, HELPER).await;
    let code = code_on(&worker.get(&format!("{desk}/screen")).await.body);
    assert_eq!(send(&volunteer, &page, &[("act", "door"), ("code", &code)]).await.location(), page);
    assert_eq!(send(&worker, &desk, &[("act", "confirm"), ("checked", "yes")]).await.status, 403);
    let coordinator = clerk(&app, "coordinator", "time_bank_coordinator@320214").await;
    assert!(coordinator.get("/staff/timebank/events").await.body.contains("等着核对名单"));
    let unseen = send(&coordinator, &desk, &[("act", "confirm")]).await;
    assert!(unseen.status == 422 && unseen.body.contains("checked-error"), "{}", unseen.body);
    let open = send(&coordinator, &desk, &[("act", "confirm"), ("checked", "yes")]).await;
    assert!(open.status == 422 && open.body.contains("李大妈，还没有记好"), "{}", open.body);
    let list = coordinator.get(&desk).await.body;
    let (before, _) = list.rsplit_once(">李大妈</option>").unwrap();
    let elder_id = before.rsplit_once("value=\"").unwrap().1.split('"').next().unwrap().to_owned();
    let turned = [("act", "times"), ("person", &*elder_id), ("came", "10:00"), ("went", "9:00")];
    let turned = send(&coordinator, &desk, &turned).await;
    assert!(turned.status == 422 && turned.body.contains("went-error"), "{}", turned.body);
    let times = [("act", "times"), ("person", &*elder_id), ("came", "9:00"), ("went", "10:30")];
    assert_eq!(send(&coordinator, &desk, &times).await.location(), desk);
    let confirm = [("act", "confirm"), ("checked", "yes")];
    assert_eq!(send(&coordinator, &desk, &confirm).await.location(), desk);
    assert!(coordinator.get(&desk).await.body.contains("名单确认了"));
    sign_in(&app, &elder, ELDER).await;
    assert!(elder.get("/timebank").await.body.contains("1 小时 30 分钟"));
    assert!(volunteer.get("/timebank").await.body.contains("2 小时 5 分钟"));
    assert!(volunteer.get(&page).await.body.contains("时间记好了"));
    let report = crate::timebank::verify::verify(app.site.store(), "320214").await.unwrap();
    assert_eq!((report.fault, report.head.sequence), (None, 2));
}

#[tokio::test]
async fn an_event_is_its_communitys_and_its_cancellation_is_told() {
    let app = TestApp::start().await;
    let People { worker, volunteer, .. } = people(&app).await;
    let desk = send(&worker, "/staff/timebank/events/new", EVENT).await.location().to_owned();
    let page = desk.replace("/staff/timebank/", "/timebank/");
    assert_eq!(send(&volunteer, &page, &[("act", "join")]).await.status, 303);
    let elsewhere = clerk(&app, "elsewhere", "community_worker@320214050002").await;
    for path in [desk.clone(), format!("{desk}/screen")] {
        assert_eq!(elsewhere.get(&path).await.status, 403, "{path}");
    }
    assert!(!elsewhere.get("/staff/timebank/events").await.body.contains(&desk));
    assert_eq!(send(&worker, &desk, &[("act", "cancel")]).await.location(), desk);
    assert!(volunteer.get(&page).await.body.contains("这次活动取消了"));
    assert!(volunteer.get("/me/inbox").await.body.contains("取消了"));
    let again = send(&volunteer, &page, &[("act", "join")]).await;
    assert_eq!(again.status, 422, "{}", again.body);
}
