//! The pages of staff, each for what one's posts allow and nothing else.

pub mod account;
pub mod accounts;
pub mod agreements;
pub mod audit;
pub mod benefit;
pub mod case_clock;
pub mod case_notice;
pub mod cases;
pub mod complaints;
pub mod confirmations;
pub mod counter;
pub mod deliveries;
pub mod follow_up;
pub mod found;
pub mod handling;
pub mod home;
pub mod home_visit;
pub mod inquiry;
pub mod marriage;
pub mod marriage_day;
pub mod marriage_door;
pub mod marriage_hot;
pub mod marriage_offices;
pub mod meal_calls;
pub mod meal_checks;
pub mod meal_desk;
pub mod meal_kitchen;
pub mod meal_month;
pub mod meal_offline;
pub mod meal_orders;
pub mod meal_points;
pub mod meal_ratings;
pub mod meal_standing;
pub mod meal_tables;
pub mod meal_tours;
pub mod meal_waiting;
pub mod meal_walk_in;
pub mod meals;
pub mod means;
pub mod papers;
pub mod random_checks;
pub mod register;
pub mod services;
pub mod sharing;
pub mod sign_in;
pub mod standards;
pub mod templates;
pub mod timebank;
pub mod timebank_events;
pub mod timebank_fitting;
pub mod timebank_freezes;
pub mod timebank_import;
pub mod timebank_insurance;
pub mod timebank_patterns;
pub mod timebank_records;
pub mod transfers;
pub mod visit_phone;
pub mod visits;
pub mod work;

use leptos::prelude::*;

use crate::components::{LinkItem, StaffDoor};
use crate::domain::staff::{Post, Role};
use crate::text::staff::post_name;
use crate::visit::PageContext;

/// Who looks at a page.
#[derive(Clone)]
pub struct Me {
    /// The person's own name.
    pub name: String,
    /// The posts held now.
    pub posts: Vec<Post>,
}

crate::masked_debug!(Me);

impl Me {
    /// The places this person has business in.
    fn doors(&self) -> Vec<StaffDoor> {
        let holds = |roles: &[Role]| self.posts.iter().any(|post| roles.contains(&post.role()));
        let mut doors = vec![StaffDoor { href: "/staff", title: "工作台" }];
        if holds(cases::READERS) {
            doors.push(StaffDoor { href: "/staff/cases", title: "救助申请" });
        }
        if holds(services::REPORTERS) {
            doors.push(StaffDoor { href: "/staff/services", title: "约好的服务" });
        }
        if holds(found::VISITORS) {
            doors.push(StaffDoor { href: "/staff/found", title: "上门看望" });
        }
        if holds(follow_up::FOLLOWERS) {
            doors.push(StaffDoor { href: "/staff/follow-up", title: "变化复核" });
        }
        if holds(inquiry::KIN_READERS) {
            doors.push(StaffDoor { href: "/staff/means", title: "核对" });
            doors.push(StaffDoor { href: "/staff/kin", title: "近亲属登记" });
            doors.push(StaffDoor { href: "/staff/random-checks", title: "随机抽查" });
            doors.push(StaffDoor { href: "/staff/sharing", title: "结果共享" });
        }
        if holds(benefit::KEEPERS) {
            doors.push(StaffDoor { href: "/staff/reviews", title: "发放核查" });
        }
        if holds(complaints::HANDLERS) {
            doors.push(StaffDoor { href: "/staff/complaints", title: "投诉建议" });
        }
        if holds(counter::AT_THE_COUNTER) {
            doors.push(StaffDoor { href: "/staff/counter", title: "窗口" });
        }
        if holds(confirmations::LOOKERS) {
            doors.push(StaffDoor { href: "/staff/confirmations", title: "凭证" });
        }
        if holds(&[Role::MarriageClerk]) {
            doors.push(StaffDoor { href: "/staff/marriage", title: "婚姻登记" });
        }
        if holds(meals::OPERATORS) {
            doors.push(StaffDoor { href: "/staff/meals", title: "助餐点" });
        }
        if holds(meal_points::WATCHERS) {
            doors.push(StaffDoor { href: "/staff/meal-points", title: "助餐一览" });
        }
        if holds(meal_orders::TAKERS) {
            doors.push(StaffDoor { href: "/staff/meal-orders", title: "电话订餐" });
            doors.push(StaffDoor { href: "/staff/meal-calls", title: "没来领餐" });
        }
        if holds(timebank::CARERS) {
            doors.push(StaffDoor { href: "/staff/timebank", title: "时间银行" });
        } else if holds(timebank_records::CORRECTORS) {
            doors.push(StaffDoor { href: "/staff/timebank/records", title: "时间银行" });
        }
        if holds(deliveries::DELIVERERS) {
            doors.push(StaffDoor { href: "/staff/deliveries", title: "信件电话" });
        }
        if holds(templates::READERS) {
            doors.push(StaffDoor { href: "/staff/templates", title: "通知样子" });
        }
        if holds(&[Role::Auditor]) {
            doors.push(StaffDoor { href: "/staff/audit", title: "审计" });
            doors.push(StaffDoor { href: "/staff/meal-checks", title: "助餐抽查" });
        }
        if holds(&[Role::Administrator]) {
            doors.push(StaffDoor { href: "/staff/standards", title: "救助标准" });
            doors.push(StaffDoor { href: "/staff/meal-tables", title: "助餐补贴" });
            doors.push(StaffDoor { href: "/staff/marriage-offices", title: "婚姻登记处" });
            doors.push(StaffDoor { href: "/staff/accounts", title: "人员账号" });
        }
        doors.push(StaffDoor { href: "/staff/account", title: "我的账号" });
        doors
    }
}

/// The lists of one's other posts.
fn other_posts(path: &str, posts: &[Post], at: usize) -> Vec<LinkItem> {
    let others = posts.iter().enumerate().filter(|(position, _)| *position != at);
    others
        .map(|(position, post)| LinkItem {
            href: format!("{path}?post={position}"),
            title: format!("换成：{}", post_name(post)),
            ..LinkItem::default()
        })
        .collect()
}

/// The module of the pages on which visits at home are entered, and where it says what waits on the device.
fn visit_script() -> impl IntoView {
    let nonce = expect_context::<PageContext>().visit.nonce;
    view! {
        <div data-told="" hidden="" role="status" class="xw-hint"></div>
        <script type="module" src="/staff-visit.js" nonce=nonce></script>
    }
}

/// The module that asks the browser for a passkey. Only pages that need it load it.
fn passkey_script() -> impl IntoView {
    let nonce = expect_context::<PageContext>().visit.nonce;
    view! { <script type="module" src="/staff-passkey.js" nonce=nonce></script> }
}
