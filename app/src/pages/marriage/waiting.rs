//! The line of a full day, and one's own place in it.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, ButtonLink, Empty, ErrorSummary, Field, Figure, Layout, LinkItem, LinkList,
};
use crate::domain::marriage::{DrawEntry, Matter, Office, Wait, WaitForm, WaitState};
use crate::domain::time::{Instant, date_text};
use crate::pages::Sent;
use crate::text::marriage::{entry_label, matter_label, wait_label};

/// The way into the line of a day.
pub fn wait_form(
    office: &Office,
    (matter, day): (Matter, Date),
    sent: &Sent<WaitForm>,
    key: &str,
) -> impl IntoView + use<> {
    let back = format!("/marriage/offices/{}/times/{}/{day}", office.code, matter.as_str());
    let action = format!("/marriage/offices/{}/wait/{}/{day}", office.code, matter.as_str());
    let (errors, error, key) = (sent.summary(), sent.error("mobile"), key.to_owned());
    let value = sent.form.mobile.clone();
    let lead = format!(
        "{}，{}，{}。有人取消就一对一对地问，先排的先问，不用抢。",
        office.name,
        matter_label(matter),
        date_text(day)
    );
    view! {
        <Layout title="排队等这一天" back narrow=true>
            <ErrorSummary errors/>
            <p class="xw-lead">{lead}</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="mobile" label="手机号" hint="排到了，短信发到这里；一般留两个小时，夜里的留到第二天早上 10 点" inputmode="tel" value error maxlength=20/>
                <Actions><Button>"排队"</Button></Actions>
            </form>
        </Layout>
    }
}

/// One's place in a line.
pub fn wait(wait: &Wait, office: &Office, now: Instant, key: &str) -> impl IntoView + use<> {
    let what = format!("{}，{}，{}", office.name, matter_label(wait.matter), date_text(wait.day));
    let until = wait.until.filter(|until| *until > now).map(Instant::shanghai_text);
    let body = match (wait.state, &wait.booking, until) {
        (WaitState::Waiting, _, _) => {
            let place = format!("第 {} 位", wait.before + 1);
            let (action, key) = (format!("/marriage/waiting/{}/leave", wait.id), key.to_owned());
            view! {
                <Figure label="你们排在" value=place hint=format!("前面还有 {} 对", wait.before)/>
                <p>"有空的名额会先替你们留住，再发短信告诉你们。"</p>
                <form method="post" action=action>
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Actions><Button kind="quiet">"不排了"</Button></Actions>
                </form>
            }
            .into_any()
        }
        (WaitState::Offered, Some(booking), Some(until)) => {
            let href = format!("/marriage/bookings/{booking}");
            view! {
                <Banner kind="good" title=format!("排到你们了，名额留到 {until}")>
                    <p>"到时间没有填好，就给下一对。"</p>
                </Banner>
                <Actions><ButtonLink href>"去填两个人的信息"</ButtonLink></Actions>
            }
            .into_any()
        }
        (WaitState::Taken, Some(booking), _) => {
            let href = format!("/marriage/bookings/{booking}");
            view! {
                <Banner kind="good" title=wait_label(WaitState::Taken)/>
                <Actions><ButtonLink href>"看预约"</ButtonLink></Actions>
            }
            .into_any()
        }
        (state, _, _) => {
            let state = if state == WaitState::Offered { WaitState::Passed } else { state };
            view! { <Banner kind="info" title=wait_label(state)><p>"还想去的话，可以换一天约，或者重新排。"</p></Banner> }
                .into_any()
        }
    };
    view! {
        <Layout title="排队" back="/marriage/waiting" narrow=true>
            <p class="xw-lead">{what}</p>
            {body}
        </Layout>
    }
}

/// The lines one stands in.
pub fn waits(waits: &[Wait], entries: &[DrawEntry]) -> impl IntoView + use<> {
    let entered = entries.iter().map(|entry| LinkItem {
        href: format!("/marriage/draw-entries/{}", entry.id),
        title: format!("摇号，号码 {}", entry.number),
        hint: entry.wait.as_ref().map_or(entry_label(entry.state), |wait| wait_label(wait.state)).into(),
        sign: String::new(),
    });
    let items: Vec<_> = waits
        .iter()
        .map(|wait| LinkItem {
            href: format!("/marriage/waiting/{}", wait.id),
            title: format!("{} {}", date_text(wait.day), matter_label(wait.matter)),
            hint: wait_label(wait.state).into(),
            sign: String::new(),
        })
        .chain(entered)
        .collect();
    let list = if items.is_empty() {
        view! { <Empty title="没有排队" hint="约满了的日子，在那一天的页面上可以排队"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    view! { <Layout title="我排的队" back="/marriage">{list}</Layout> }
}
