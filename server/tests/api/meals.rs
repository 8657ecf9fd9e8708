//! Meals over HTTP: finding a point, its menu, and what must fail.

#![cfg(test)]

use super::counter::{ELDER as ELDER_SEEN, clerk};
use super::kin::{prove, visit_of};
use super::residents::{ELDER, HELPER, agreed, sign_in};
use super::{Answer, Browser, TestApp};

/// Sends a form with a key of its own.
pub(super) async fn send(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)]) -> Answer {
    let key = crate::seal::random_secret().unwrap();
    let mut all = vec![("idempotency_key", key.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

pub(super) const BASE: &str = "/staff/meals/xg-01";

pub(super) const MENU: &str = "2026-11-24,午饭,清蒸鱼套餐,12,2,软烂 少盐,鱼、姜\n2026-11-24,午饭,肉末蒸蛋,10,30,软烂,鸡蛋、猪肉\n\
                    2026-11-25,午饭,番茄豆腐,8,30,素菜,番茄、豆腐";

/// The operator of a point that serves lunch until 13:00, to be ordered until 9:30, with the menu of two days.
pub(super) async fn cooking(app: &TestApp) -> Browser<'_> {
    let cook = clerk(app, "cook", "meal_point_operator@xg-01").await;
    let times = [
        ("service_kind", "lunch"),
        ("starts", "11:00"),
        ("ends", "14:30"),
        ("cutoff_days", "0"),
        ("cutoff", "9:30"),
    ];
    assert_eq!(send(&cook, &format!("{BASE}/services"), &times).await.location(), BASE);
    assert_eq!(send(&cook, &format!("{BASE}/menu"), &[("lines", MENU)]).await.location(), BASE);
    cook
}

#[tokio::test]
async fn points_are_found_by_place_and_by_what_one_needs() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let anybody = app.browser();
    let found = async |query: &str| anybody.get(&format!("/meals?{query}")).await.body;
    let all = found("").await;
    assert!(all.contains("找到 64 个") && all.contains("/meals/xg-01") && all.contains("示例"), "{all}");
    let street = found("street=320214050").await;
    assert!(street.contains("找到 11 个") && !street.contains("示例路 200"), "{street}");
    let open = found("open=yes").await;
    assert!(open.contains("找到 1 个") && open.contains("开着"), "it is 14:05: {open}");
    assert!(!found("street=320214050&step_free=yes").await.contains("· 有台阶"));
    let delivers = found("community=320214050002&delivers=yes").await;
    assert!(delivers.contains("/meals/xg-01") && delivers.contains("能送餐"), "{delivers}");
    assert!(found("street=320214051&community=320214050001&delivers=yes").await.contains("没有找到助餐点"));
    let closed = [("closed_day", "2026-11-23"), ("reason", "修灶台")];
    assert_eq!(send(&cook, &format!("{BASE}/closures"), &closed).await.status, 303);
    assert!(found("open=yes").await.contains("没有找到助餐点"));
    assert!(found("street=320214050").await.contains("今天不开"));
}

#[tokio::test]
async fn a_points_page_tells_the_menu_the_ingredients_and_how_long_one_may_order() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let page = app.browser().get("/meals/xg-01").await.body;
    for words in [
        "清蒸鱼套餐",
        "12 元",
        "还有 2 份",
        "软烂",
        "少盐",
        "用料：鱼、姜",
        "还有 19 小时 25 分钟截止",
        "当天 9:30 以前订",
        "没有台阶",
        "示例",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(app.browser().get("/meals/none").await.status, 404);
    app.later(20 * 3_600_000);
    assert!(app.browser().get("/meals/xg-01").await.body.contains("已经截止"));
    cook.sign_in_as("cook").await;
    let closed = [("closed_day", "2026-11-25"), ("reason", "停电")];
    assert_eq!(send(&cook, &format!("{BASE}/closures"), &closed).await.status, 303);
    let page = app.browser().get("/meals/xg-01").await.body;
    assert!(page.contains("不开：停电"), "{page}");
    let staff = cook.get(BASE).await.body;
    let (_, closure) = staff.split_once("/closures/").unwrap();
    let (closure, _) = closure.split_once("/reopen").unwrap();
    assert_eq!(send(&cook, &format!("{BASE}/closures/{closure}/reopen"), &[]).await.status, 303);
    assert!(!app.browser().get("/meals/xg-01").await.body.contains("停电"));
}

#[tokio::test]
async fn a_menu_is_taken_whole_or_every_wrong_line_is_told_and_a_dish_can_be_changed() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let wrong = "2026-11-24,夜宵,面,0,,,\n2026-11-24,午饭";
    let refused = send(&cook, &format!("{BASE}/menu"), &[("lines", wrong)]).await;
    assert_eq!(refused.status, 422);
    for words in ["第 1 行", "请从列出的选项中选一项", "第 2 行：要有七列", "夜宵"] {
        assert!(refused.body.contains(words), "{words}: {}", refused.body);
    }
    let again = send(&cook, &format!("{BASE}/menu"), &[("lines", MENU)]).await;
    assert!(again.status == 422 && again.body.contains("同样的已经有了"), "{}", again.body);
    let empty = send(&cook, &format!("{BASE}/dishes"), &[]).await;
    for field in ["day", "kind", "name", "price", "quota", "ingredients"] {
        assert!(empty.body.contains(&format!("{field}-error")), "{field}");
    }
    let dish = [
        ("day", "2026-11-24"),
        ("kind", "lunch"),
        ("name", "小馄饨"),
        ("price", "9.5"),
        ("quota", "20"),
        ("tag-soft", "yes"),
        ("ingredients", "面粉、猪肉"),
    ];
    assert_eq!(send(&cook, &format!("{BASE}/dishes"), &dish).await.location(), BASE);
    let staff = cook.get(BASE).await.body;
    let at = staff.find("小馄饨").unwrap();
    let (_, id) = staff[at..].split_once(&format!("{BASE}/dishes/")).unwrap();
    let path = format!("{BASE}/dishes/{}", id.split('"').next().unwrap());
    assert_eq!(send(&cook, &path, &[("act", "quota"), ("quota", "0")]).await.status, 422);
    assert_eq!(send(&cook, &path, &[("act", "quota"), ("quota", "25")]).await.status, 303);
    let other = [("act", "substitute"), ("name", "菜肉馄饨"), ("ingredients", "面粉、青菜、猪肉")];
    assert_eq!(send(&cook, &path, &other).await.status, 303);
    let page = app.browser().get("/meals/xg-01").await.body;
    assert!(page.contains("代替原来的小馄饨") && page.contains("还有 25 份"), "{page}");
    assert_eq!(send(&cook, &path, &[("act", "withdraw")]).await.status, 303);
    assert!(!app.browser().get("/meals/xg-01").await.body.contains("菜肉馄饨"));
    assert_eq!(send(&cook, &path, &[("act", "withdraw")]).await.status, 422);
}

pub(super) const HOME: &[(&str, &str)] = &[
    ("street", "320214050"),
    ("community", "320214050001"),
    ("detail", "新光路 1 号 502 室"),
    ("consent", "2026-11-24"),
];

/// An elder whose document was seen at the counter, and where they live.
pub(super) async fn elder(app: &TestApp) -> Browser<'_> {
    let desk = clerk(app, "desk", "street_officer@320214050").await;
    visit_of(&desk, ELDER, ELDER_SEEN).await;
    let elder = app.browser();
    prove(app, &elder, ELDER, "李大妈", "9909").await;
    elder
}

/// The ids of the dishes that a page offers, by name.
pub(super) fn dish_id(page: &str, name: &str) -> String {
    let at = page.find(name).unwrap_or_else(|| panic!("no {name} in {page}"));
    let (_, rest) = page[..at].rsplit_once("value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_elder_orders_in_three_steps_sees_who_pays_and_gives_a_meal_up() {
    let app = TestApp::start().await;
    cooking(&app).await;
    let stranger = app.browser();
    let signed_out = stranger.get("/meals/xg-01/reserve").await;
    assert!(signed_out.location().starts_with("/sign-in"), "{}", signed_out.location());
    let unproved = app.browser();
    sign_in(&app, &unproved, HELPER).await;
    let menu = unproved.get("/meals/xg-01").await.body;
    let (fish, egg, tofu) =
        (dish_id(&menu, "清蒸鱼套餐"), dish_id(&menu, "肉末蒸蛋"), dish_id(&menu, "番茄豆腐"));
    let wants = format!("/meals/xg-01/reserve?pick-2026-11-24-lunch={fish}&pick-2026-11-25-lunch={tofu}");
    let refused = unproved.get(&wants).await.body;
    assert!(refused.contains("还差一步：核对证件") && !refused.contains("订下</button>"), "{refused}");

    let elder = elder(&app).await;
    let homeless = elder.get(&wants).await.body;
    assert!(homeless.contains("还差一步：住在哪个社区"), "{homeless}");
    assert_eq!(elder.post("/me/profile/address", HOME).await.status, 303);
    assert!(elder.get("/meals/xg-01/reserve").await.body.contains("请至少选一餐"));
    let priced = elder.get(&wants).await.body;
    for words in [
        "以街道公布为准，到点支付",
        "还没有核对",
        "还有 19 小时",
        "可以退，不要钱",
        "送到新光社区新光路 1 号 502 室",
    ] {
        assert!(priced.contains(words), "{words}: {priced}");
    }
    assert!(!priced.contains("0 元"), "nothing that nobody published is a nought");
    let pick = |mode: &'static str| {
        vec![
            ("pick-2026-11-24-lunch", fish.as_str()),
            ("pick-2026-11-25-lunch", tofu.as_str()),
            ("mode", mode),
        ]
    };
    assert_eq!(send(&elder, "/meals/xg-01/reserve", &pick("")).await.status, 422);
    let ordered = send(&elder, "/meals/xg-01/reserve", &pick("delivery")).await;
    assert_eq!(ordered.location(), "/meals/mine", "{}", ordered.body);
    let second = [("pick-2026-11-24-lunch", egg.as_str()), ("mode", "dine_in")];
    let again = send(&elder, "/meals/xg-01/reserve", &second).await;
    assert!(again.status == 422 && again.body.contains("一个人一餐订一份"), "{}", again.body);
    let mine = elder.get("/meals/mine").await.body;
    assert!(mine.contains("清蒸鱼套餐") && mine.contains("番茄豆腐") && mine.contains("2 餐"), "{mine}");
    let (_, id) = mine.split_once("/meals/mine/").unwrap();
    let page = format!("/meals/mine/{}", id.split('"').next().unwrap());
    let meal = elder.get(&page).await.body;
    assert!(meal.contains("领餐的码") && meal.contains("还有 19 小时") && meal.contains("送到家"), "{meal}");
    assert_eq!(unproved.get(&page).await.status, 404, "another's meal");
    assert_eq!(send(&unproved, &format!("{page}/cancel"), &[]).await.status, 404);
    assert_eq!(send(&elder, &format!("{page}/cancel"), &[]).await.location(), page);
    assert!(elder.get(&page).await.body.contains("退了"));
    assert!(app.browser().get("/meals/xg-01").await.body.contains("还有 2 份"), "its place is free again");
    let file = elder.get("/me/data/export").await.body;
    assert!(file.contains("番茄豆腐"), "{file}");
}

#[tokio::test]
async fn what_is_over_sold_out_or_made_up_is_refused_and_a_late_meal_is_passed_on() {
    let app = TestApp::start().await;
    let cook = cooking(&app).await;
    let elder = elder(&app).await;
    elder.post("/me/profile/address", HOME).await;
    let menu = elder.get("/meals/xg-01").await.body;
    let (fish, tofu) = (dish_id(&menu, "清蒸鱼套餐"), dish_id(&menu, "番茄豆腐"));
    let try_out = async |field: &str, dish: &str| {
        send(&elder, "/meals/xg-01/reserve", &[(field, dish), ("mode", "dine_in")]).await
    };
    assert!(try_out("pick-2026-11-24-lunch", &tofu).await.body.contains("请从列出的选项中选一项"));
    assert!(try_out("pick-2026-11-24-lunch", "none").await.body.contains("刚刚订完了"));
    let dish = format!("{BASE}/dishes/{fish}");
    assert_eq!(send(&cook, &dish, &[("act", "quota"), ("quota", "1")]).await.status, 303);
    let key = ("idempotency_key", "0123456789abcdef0123456789abcdef");
    let press = [key, ("pick-2026-11-24-lunch", fish.as_str()), ("mode", "dine_in")];
    let meal = elder.post("/meals/xg-01/reserve", &press).await;
    let page = meal.location().to_owned();
    let second = elder.post("/meals/xg-01/reserve", &press).await;
    assert_eq!(
        second.location(),
        page,
        "it was the last portion, and the second press gets it too: {}",
        second.body
    );
    assert!(page.starts_with("/meals/mine/"), "{}", meal.body);
    let again = elder.get("/meals").await.body;
    assert!(again.contains("我的订餐") && !again.contains("和星期"), "the fish is cooked once: {again}");
    let tofu = dish_id(&elder.get("/meals/xg-01").await.body, "番茄豆腐");
    let next = format!("/meals/xg-01/reserve?pick-2026-11-25-lunch={tofu}");
    let link = format!("{next}&amp;mode=dine_in");
    assert!(again.contains("还在老地方吃：番茄豆腐") && again.contains(&link), "{again}");
    let brought = elder.get(&format!("{next}&mode=delivery")).await.body;
    assert!(brought.contains("value=\"delivery\" checked"), "as the last time: {brought}");
    app.later(20 * 3_600_000);
    cook.sign_in_as("cook").await;
    sign_in(&app, &elder, ELDER).await;
    let late = elder.get(&page).await.body;
    assert!(late.contains("已经过了截止") && late.contains("退掉这一餐"), "{late}");
    assert!(try_out("pick-2026-11-24-lunch", &fish).await.body.contains("这一餐已经截止"));
    assert_eq!(send(&elder, &format!("{page}/cancel"), &[]).await.location(), page);
    app.later(22 * 3_600_000);
    sign_in(&app, &elder, ELDER).await;
    assert!(!elder.get(&page).await.body.contains("退掉这一餐"));
}

#[tokio::test]
async fn a_relative_orders_with_the_elders_agreement_for_meals_and_for_nothing_else() {
    let app = TestApp::start().await;
    cooking(&app).await;
    let helper = app.browser();
    let about_aid = agreed(&app, &helper, "scope_aid").await;
    let about_meals = agreed(&app, &helper, "scope_meals").await;
    let elder = elder(&app).await;
    assert_eq!(elder.post("/me/profile/address", HOME).await.status, 303);
    assert_eq!(helper.post(&format!("/me/acting/{about_aid}/begin"), &[]).await.status, 303);
    assert_eq!(helper.get("/meals/mine").await.status, 403, "the agreement is about aid");
    helper.post("/me/acting/stop", &[]).await;
    let begun = helper.post(&format!("/me/acting/{about_meals}/begin"), &[]).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let menu = helper.get("/meals/xg-01").await.body;
    let fish = dish_id(&menu, "清蒸鱼套餐");
    let picked = [("pick-2026-11-24-lunch", fish.as_str()), ("mode", "dine_in")];
    let ordered = send(&helper, "/meals/xg-01/reserve", &picked).await;
    assert!(ordered.location().starts_with("/meals/mine/"), "{}", ordered.body);
    sign_in(&app, &elder, ELDER).await;
    assert!(elder.get("/meals/mine").await.body.contains("清蒸鱼套餐"), "it is the elder's own meal");
    helper.post("/me/acting/stop", &[]).await;
    assert!(!helper.get("/meals/mine").await.body.contains("清蒸鱼套餐"));
}
