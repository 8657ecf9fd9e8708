//! `/staff`: today's work of one's posts, and nothing else.

use leptos::prelude::*;

use super::Me;
use crate::components::{Card, Empty, LinkItem, LinkList, StaffLayout};
use crate::text::staff::post_name;

/// Something that waits for this person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Where it is done.
    pub href: String,
    /// What waits, in words.
    pub title: String,
    /// What is urgent about it, or for which post it waits.
    pub hint: String,
}

/// The page.
pub fn home(me: &Me, waiting: &[Waiting]) -> impl IntoView + use<> {
    let posts = me.posts.iter().map(|post| view! { <li>{post_name(post)}</li> }).collect_view();
    let items: Vec<_> = waiting
        .iter()
        .map(|work| LinkItem {
            href: work.href.clone(),
            title: work.title.clone(),
            hint: work.hint.clone(),
            sign: String::new(),
        })
        .collect();
    let body = if me.posts.is_empty() {
        view! { <Empty title="还没有给您安排岗位" hint="请找系统管理员。安排好以后刷新这一页就能看到。"/> }
            .into_any()
    } else {
        let work = if items.is_empty() {
            view! { <Empty title="现在没有等着您的事" hint="有新的事会出现在这里。"/> }.into_any()
        } else {
            view! { <LinkList items/> }.into_any()
        };
        view! { {work} <Card title="我的岗位"><ul>{posts}</ul></Card> }.into_any()
    };
    view! { <StaffLayout title="工作台" name=me.name.clone() doors=me.doors()>{body}</StaffLayout> }
}
