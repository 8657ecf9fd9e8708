//! An office's day over HTTP: the list on paper, a time that cannot be kept, notes, 「还来吗」, and a month in counts.

#![cfg(test)]

use super::TestApp;
use super::marriage::{DAY, office_here};
use super::marriage_door::book;

#[tokio::test]
async fn everybody_of_a_time_that_cannot_be_kept_is_moved_and_told() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    let he = app.browser();
    let booking = book(&he).await;
    let plan = clerk.get("/staff/marriage/xinwu").await;
    let afternoon = [
        ("idempotency_key", &*plan.hidden("idempotency_key")),
        ("matter", "marriage"),
        ("starts", "13:00"),
        ("ends", "15:00"),
        ("quota", "1"),
        ("from", "2026-11-23"),
    ];
    assert_eq!(clerk.post("/staff/marriage/xinwu/sessions", &afternoon).await.status, 303);
    let page = clerk.get(&format!("/staff/marriage/xinwu/day?day={DAY}")).await;
    assert!(page.body.contains("9:00–11:00 结婚登记（1 对）"), "{}", page.body);
    let key = page.hidden("idempotency_key");
    let send = async |to_day: &str, to_starts: &str, key: &str| {
        let fields = [
            ("idempotency_key", key),
            ("day", DAY),
            ("from", "marriage-540"),
            ("to_day", to_day),
            ("to_starts", to_starts),
        ];
        clerk.post("/staff/marriage/xinwu/day/move", &fields).await
    };
    // The same time, a time that there is not, a day that is off.
    for (day, starts) in [(DAY, "9:00"), (DAY, "10:00"), ("2026-12-05", "13:00")] {
        let wrong = send(day, starts, &key).await;
        assert!(wrong.status == 422 && wrong.body.contains("那一天没有这个时间"), "{starts}: {}", wrong.body);
    }
    let moved = send("2026-12-02", "13:00", &key).await;
    assert_eq!(
        moved.location(),
        format!("/staff/marriage/xinwu/day?day={DAY}&moved=1&left=0"),
        "{}",
        moved.body
    );
    assert!(clerk.get(moved.location()).await.body.contains("改好了 1 对，都通知了"));
    let again = send("2026-12-02", "13:00", &key).await;
    assert!(again.location().ends_with("moved=0&left=0"), "nobody is left to move: {}", again.location());
    let own = he.get(&booking).await.body;
    assert!(own.contains("2026 年 12 月 2 日 星期三 13:00–15:00"), "{own}");
    let print = clerk.get("/staff/marriage/xinwu/day/print?day=2026-12-02").await.body;
    assert!(print.contains("13:00–15:00") && print.contains("HY26"), "{print}");
    assert!(!print.contains("王小明") && !print.contains("短码"), "a sheet lies about: {print}");
}

#[tokio::test]
async fn a_couple_reads_what_the_office_wrote_for_it_and_says_that_it_comes() {
    let app = TestApp::start().await;
    let clerk = office_here(&app).await;
    let he = app.browser();
    let booking = book(&he).await;
    let id = booking.strip_prefix("/marriage/bookings/").unwrap();
    let there = format!("/staff/marriage/xinwu/door/{id}");
    let note = async |key: &str, words: &str, shown: &str| {
        let fields = [("idempotency_key", key), ("words", words), ("shown", shown)];
        clerk.post(&format!("{there}/note"), &fields).await
    };
    let empty = note("00000000000000000000000000000001", " ", "yes").await;
    assert!(empty.status == 422 && empty.body.contains("words-error"), "{}", empty.body);
    let shown = note("00000000000000000000000000000002", "请把军人证也带来", "yes").await;
    assert_eq!(shown.location(), there, "{}", shown.body);
    assert_eq!(note("00000000000000000000000000000003", "打过一次电话", "").await.location(), there);
    let page = clerk.get(&there).await.body;
    assert!(page.contains("打过一次电话") && page.contains("只有我们看得到"), "{page}");
    let own = he.get(&booking).await.body;
    assert!(own.contains("请把军人证也带来") && !own.contains("打过一次电话"), "{own}");
    assert!(!own.contains("还来吗"), "not asked yet");

    // Two days before, at nine.
    app.later((6 * 24 * 60 - 14 * 60 - 5 + 9 * 60) * 60_000);
    crate::jobs::once(&app.site, app.site.clock().now()).await.unwrap();
    let own = he.get(&booking).await;
    assert!(own.body.contains("还来吗"), "{}", own.body);
    let key = own.hidden("idempotency_key");
    assert_eq!(he.post(&format!("{booking}/coming"), &[("idempotency_key", &key)]).await.location(), booking);
    assert!(he.get(&booking).await.body.contains("说好了，到时候见"));
    let clerk = app.browser();
    clerk.sign_in_as("clerk").await;
    let day = clerk.get(&format!("/staff/marriage/xinwu/day?day={DAY}")).await.body;
    assert!(day.contains("说了会来"), "{day}");
    let month = clerk.get("/staff/marriage/xinwu/numbers?month=2026-12").await.body;
    assert!(
        month.contains("2026 年 12 月") && month.contains("结婚登记") && !month.contains("王"),
        "{month}"
    );
    let empty = clerk.get("/staff/marriage/xinwu/numbers?month=2026-02").await.body;
    assert!(empty.contains("这个月没有记录"), "{empty}");
}
