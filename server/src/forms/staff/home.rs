//! `/staff`.

use app::pages::staff::cases::READERS;
use app::pages::staff::complaints::HANDLERS;
use app::pages::staff::deliveries::DELIVERERS;
use app::pages::staff::follow_up::FOLLOWERS;
use app::pages::staff::found::VISITORS;
use app::pages::staff::home::{self as pages, Waiting};
use app::pages::staff::timebank::CARERS;
use app::text::staff::post_name;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::site::Site;
use crate::staff::StaffVisitor;
use crate::store::staff_cases::Scope;

/// Applications that wait, a line for each post that reads them.
async fn cases(site: &Site, staff: &StaffVisitor) -> Result<Vec<Waiting>, AppError> {
    let mut waiting = Vec::new();
    let readers = staff.posts().iter().filter(|post| READERS.contains(&post.role()));
    for (at, post) in readers.enumerate() {
        let (received, today) = site.store().count_cases(&Scope::of(post)).await?;
        if received > 0 {
            let urgent =
                if today > 0 { format!("其中 {today} 件今天就需要，") } else { String::new() };
            waiting.push(Waiting {
                href: format!("/staff/cases?post={at}"),
                title: format!("{received} 件救助申请等着看"),
                hint: format!("{urgent}{}", post_name(post)),
            });
        }
    }
    Ok(waiting)
}

/// Complaints that wait, a line for each post that handles them.
async fn complaints(site: &Site, staff: &StaffVisitor) -> Result<Vec<Waiting>, AppError> {
    let mut waiting = Vec::new();
    let handlers = staff.posts().iter().filter(|post| HANDLERS.contains(&post.role()));
    for (at, post) in handlers.enumerate() {
        let scope = super::complaints::scope_of(post, site.clock().today());
        let (count, overdue) = site.store().count_waiting_complaints(&scope).await?;
        if count > 0 {
            let late = if overdue > 0 {
                format!("其中 {overdue} 件超过了答复期限，")
            } else {
                String::new()
            };
            waiting.push(Waiting {
                href: format!("/staff/complaints?post={at}"),
                title: format!("{count} 件投诉建议等着处理"),
                hint: format!("{late}{}", post_name(post)),
            });
        }
    }
    Ok(waiting)
}

/// Letters and calls that wait, a line for each post that delivers them.
async fn deliveries(site: &Site, staff: &StaffVisitor) -> Result<Vec<Waiting>, AppError> {
    let mut waiting = Vec::new();
    let deliverers = staff.posts().iter().filter(|post| DELIVERERS.contains(&post.role()));
    for (at, post) in deliverers.enumerate() {
        let (letters, calls) = site.store().count_deliveries(post.place()).await?;
        if letters + calls > 0 {
            waiting.push(Waiting {
                href: format!("/staff/deliveries?post={at}"),
                title: format!("{letters} 封信要寄，{calls} 个电话要打"),
                hint: post_name(post),
            });
        }
    }
    Ok(waiting)
}

/// Changes and rechecks that wait, a line for each post that looks at them.
async fn follow_ups(site: &Site, staff: &StaffVisitor) -> Result<Vec<Waiting>, AppError> {
    let mut waiting = Vec::new();
    let followers = staff.posts().iter().filter(|post| FOLLOWERS.contains(&post.role()));
    for (at, post) in followers.enumerate() {
        let (rechecks, changes, referrals) = site.store().count_follow_ups(&Scope::of(post)).await?;
        if rechecks + changes + referrals > 0 {
            let waits = [(rechecks, "件复核"), (changes, "项变化"), (referrals, "项转介")];
            let waits: Vec<_> = waits
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{count} {what}"))
                .collect();
            waiting.push(Waiting {
                href: format!("/staff/follow-up?post={at}"),
                title: format!("{}等着看", waits.join("、")),
                hint: post_name(post),
            });
        }
    }
    Ok(waiting)
}

/// Households that wait for a visit, a line for each post that visits them.
async fn found(site: &Site, staff: &StaffVisitor) -> Result<Vec<Waiting>, AppError> {
    let mut waiting = Vec::new();
    let visitors = staff.posts().iter().filter(|post| VISITORS.contains(&post.role()));
    for (at, post) in visitors.enumerate() {
        let (count, overdue) = site.store().count_found(&Scope::of(post), site.clock().today()).await?;
        if count > 0 {
            let late = if overdue > 0 {
                format!("其中 {overdue} 家过了说好的日子，")
            } else {
                String::new()
            };
            waiting.push(Waiting {
                href: format!("/staff/found?post={at}"),
                title: format!("{count} 家等着上门看望"),
                hint: format!("{late}{}", post_name(post)),
            });
        }
    }
    Ok(waiting)
}

/// Needs that wait, a line for each post that looks after them.
async fn time_needs(site: &Site, staff: &StaffVisitor) -> Result<Vec<Waiting>, AppError> {
    let mut waiting = Vec::new();
    for post in staff.posts().iter().filter(|post| CARERS.contains(&post.role())) {
        let (open, due) = super::timebank::waiting(site, post).await?;
        if open + due > 0 {
            waiting.push(Waiting {
                href: "/staff/timebank".into(),
                title: format!("时间银行：{open} 个需求没有人接，{due} 次服务等着问"),
                hint: post_name(post),
            });
        }
    }
    Ok(waiting)
}

/// Today's work.
pub(crate) async fn home(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    let mut waiting = cases(&site, &staff).await?;
    waiting.extend(found(&site, &staff).await?);
    waiting.extend(follow_ups(&site, &staff).await?);
    waiting.extend(complaints(&site, &staff).await?);
    waiting.extend(deliveries(&site, &staff).await?);
    waiting.extend(time_needs(&site, &staff).await?);
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::home(&me, &waiting)))
}
