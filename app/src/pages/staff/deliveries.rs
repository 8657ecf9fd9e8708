//! `/staff/deliveries`: letters to print and calls to make, for people whom no message reaches.

use leptos::prelude::*;

use super::{Me, other_posts};
use crate::components::{
    Actions, Button, ButtonLink, Card, Empty, Figure, Hint, LinkItem, LinkList, StaffLayout,
};
use crate::domain::staff::{Post, Role};
use crate::domain::time::Instant;
use crate::text::staff::{place_name, post_name};

/// Who prints letters and rings people of their area.
pub const DELIVERERS: &[Role] = &[Role::CommunityWorker, Role::StreetOfficer, Role::DistrictOfficer];

/// A letter or a call in the list.
#[derive(Clone, Debug)]
pub struct DeliveryHead {
    /// The row's id.
    pub id: String,
    /// A letter; otherwise a call.
    pub is_letter: bool,
    /// Whose staff deliver it.
    pub area: String,
    /// Since when it waits.
    pub created_at: Instant,
    /// When it is of no use any more.
    pub expires_at: Option<Instant>,
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct DeliveryPage {
    /// The posts that have a list.
    pub posts: Vec<Post>,
    /// The position of the post whose list it is.
    pub at: usize,
    /// The oldest first.
    pub deliveries: Vec<DeliveryHead>,
    /// The page, from 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
}

fn line(head: &DeliveryHead) -> LinkItem {
    let until = head.expires_at.map(|at| format!("，{} 前有用", at.shanghai_text())).unwrap_or_default();
    LinkItem {
        href: format!("/staff/deliveries/{}", head.id),
        title: if head.is_letter { "打印并寄一封信" } else { "打一个电话" }.to_owned(),
        hint: format!("{}，{} 起等着{until}", place_name(&head.area), head.created_at.shanghai_text()),
        sign: String::new(),
    }
}

/// The list.
pub fn list(me: &Me, page: &DeliveryPage) -> impl IntoView + use<> {
    let DeliveryPage { posts, at, deliveries, page, more } = page.clone();
    let others = other_posts("/staff/deliveries", &posts, at);
    let here = posts.get(at).map(post_name).unwrap_or_default();
    let body = if deliveries.is_empty() {
        view! { <Empty title="没有要寄的信和要打的电话" hint="短信收不到的人，他们的通知会出现在这里。"/> }
            .into_any()
    } else {
        let items = deliveries.iter().map(line).collect::<Vec<_>>();
        view! { <LinkList items/> }.into_any()
    };
    let link = |page: u32| format!("/staff/deliveries?post={at}&page={page}");
    let before =
        (page > 1).then(|| view! { <ButtonLink href=link(page - 1) kind="secondary">"上一页"</ButtonLink> });
    let after =
        more.then(|| view! { <ButtonLink href=link(page + 1) kind="secondary">"下一页"</ButtonLink> });
    view! {
        <StaffLayout title="信件和电话" back="/staff" name=me.name.clone() doors=me.doors()>
            <p>{format!("{here}，等得最久的在最前面。第 {page} 页。")}</p>
            {body}
            <Actions>{before}{after}</Actions>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}

/// One letter or call: where it goes and what it says.
pub fn delivery(me: &Me, head: &DeliveryHead, to: &str, text: &str) -> impl IntoView + use<> {
    let action = format!("/staff/deliveries/{}/done", head.id);
    let (to, text) = (to.to_owned(), text.to_owned());
    let (title, done) = if head.is_letter {
        ("通知", "已经寄出或当面交给本人")
    } else {
        ("一个电话", "已经打过，本人知道了")
    };
    let words = if head.is_letter {
        view! {
            <Card label="信">
                <div class="xw-letter"><p class="xw-lines">{to}</p><p class="xw-lines">{text}</p></div>
            </Card>
            <div class="xw-screen-only"><Hint>"用浏览器的打印功能打印这一页，按钮和这些说明不会印出来。"</Hint></div>
        }
        .into_any()
    } else {
        view! {
            <Figure label="打给" value=to/>
            <Card title="告诉对方"><p class="xw-lines">{text}</p></Card>
            <Hint>"先确认接电话的是本人，再告诉内容。请不要问对方要验证码。"</Hint>
        }
        .into_any()
    };
    view! {
        <StaffLayout title=title back="/staff/deliveries" name=me.name.clone() doors=me.doors() narrow=true>
            {words}
            <form method="post" action=action><Actions><Button>{done}</Button></Actions></form>
            <div class="xw-screen-only"><Hint>"您看了这一条，已经记下来。办完以后内容会删掉。"</Hint></div>
        </StaffLayout>
    }
}
