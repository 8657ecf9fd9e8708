//! `/aid/tell`: tell of a household that seems to be in need.

use jiff::civil::Date;
use leptos::prelude::*;

use super::fields::PlaceFields;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, ErrorSummary, Field, Figure, Hint, Layout, Radios,
    TextArea,
};
use crate::domain::aid::found::{FoundForm, FoundState, Teller};
use crate::domain::time::{Instant, date_text};
use crate::pages::{Sent, choices};
use crate::text::case_number;
use crate::text::found::{found_state, teller_label};

/// The form. `days`: working days within which somebody goes there; `too_many` were told from here within the hour.
pub fn tell(sent: &Sent<FoundForm>, key: &str, days: u16, too_many: bool) -> impl IntoView + use<> {
    let FoundForm { teller, street, community, detail, story, contact } = sent.form.clone();
    let (errors, key) = (sent.summary(), key.to_owned());
    let place = [sent.error("street"), sent.error("community"), sent.error("detail")];
    let (teller_error, story_error, contact_error) =
        (sent.error("teller"), sent.error("story"), sent.error("contact"));
    let promise = format!("我们争取 {days} 个工作日内去看。这是服务承诺，不是法定时限。");
    view! {
        <Layout title="告诉我们谁有困难" back="/aid" narrow=true>
            <ErrorSummary errors/>
            {too_many.then(|| view! {
                <Banner kind="warn" title="请过一个小时再提交"><p>"这一个小时里，从您这里提交的比较多，这一件还没有收下。您写的都还在下面；着急请打电话。"</p></Banner>
            })}
            <p>"看到谁家遇到难处，告诉我们，社区会派人上门看看。去的人不会说是谁告诉的。"</p>
            <Banner kind="warn" title="人有危险，请先打急救和报警电话"><p>"急救 120，火警 119，报警 110。"</p></Banner>
            <form method="post" action="/aid/tell" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Radios name="teller" legend="您是他的" value=teller options=choices!(Teller::ALL, teller_label, |_| None) error=teller_error/>
                <PlaceFields
                    prefix=""
                    street
                    community
                    detail
                    errors=place
                    detail_label="住在哪里"
                    detail_hint="能找到门就行，比如：新光路 5 号楼一楼东边，姓李的老人"
                />
                <TextArea
                    name="story"
                    label="看到了什么"
                    hint="比如：老人一个人住，好几天没有出门。请不要写身份证号。"
                    value=story
                    error=story_error
                />
                <Field
                    name="contact"
                    label="您的电话"
                    hint="找不到门的时候问问您，不会告诉别人"
                    value=contact
                    error=contact_error
                    optional=true
                    kind="tel"
                    inputmode="tel"
                    autocomplete="tel"
                />
                <Actions><Button>"告诉社区"</Button></Actions>
            </form>
            <Hint>{promise}</Hint>
        </Layout>
    }
}

/// What whoever has the number may know: how far it has come, and nothing about the household.
#[derive(Clone, Debug)]
pub struct ToldHousehold {
    /// Its number.
    pub number: String,
    /// How far the visit has come.
    pub state: FoundState,
    /// When it was told.
    pub received_at: Instant,
    /// The last day of the promised visit, where the calendar reaches that far.
    pub due_on: Option<Date>,
}

/// `/aid/tell/{number}`.
pub fn told(told: &ToldHousehold) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    let mut rows =
        vec![row("现在", found_state(told.state).to_owned()), row("收到", told.received_at.shanghai_full())];
    let due = told.due_on.filter(|_| told.state != FoundState::Visited);
    rows.extend(due.map(|day| row("什么时候去", format!("争取 {} 以前", date_text(day)))));
    let number = case_number(&told.number);
    view! {
        <Layout title="收到了，谢谢您" back="/aid" narrow=true>
            <Figure label="编号" value=number hint="用这个编号可以问去看了没有"/>
            <Answers title="办到哪一步" rows/>
            <Hint>"那一家的情况，我们不能告诉别人，请您谅解。"</Hint>
            <Actions><ButtonLink href="/" kind="secondary">"回首页"</ButtonLink></Actions>
        </Layout>
    }
}
