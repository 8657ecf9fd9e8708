//! `/staff`: today's work of one's posts, and nothing else.

use leptos::prelude::*;

use super::Me;
use crate::components::{Card, Empty, StaffLayout};
use crate::text::staff::post_name;

/// The page.
pub fn home(me: &Me) -> impl IntoView + use<> {
    let posts = if me.posts.is_empty() {
        view! { <Empty title="还没有给您安排岗位" hint="请找系统管理员。安排好以后刷新这一页就能看到。"/> }
            .into_any()
    } else {
        let posts = me.posts.iter().map(|post| view! { <li>{post_name(post)}</li> }).collect_view();
        view! { <Card title="我的岗位"><ul>{posts}</ul></Card> }.into_any()
    };
    view! { <StaffLayout title="工作台" name=me.name.clone() doors=me.doors()>{posts}</StaffLayout> }
}
