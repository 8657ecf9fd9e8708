//! `/acting/{secret}`: the represented person answers, on a phone of their own, without an account.

use leptos::prelude::*;

use super::acting::day_words;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Layout,
};
use crate::domain::aid::Relation;
use crate::domain::person::CodeForm;
use crate::domain::proxy::ProxyState;
use crate::pages::Sent;
use crate::ports::ProxyAsked;
use crate::text::aid::relation_label;
use crate::text::proxy::scope_words;

/// The question, or how it was answered. `refused` says that the code did not fit.
pub fn agree(
    asked: &ProxyAsked,
    secret: &str,
    sent: &Sent<CodeForm>,
    refused: bool,
    sign_in_first: bool,
) -> impl IntoView + use<> {
    let words = match asked.state {
        ProxyState::Requested => None,
        ProxyState::Active => Some((
            "good",
            "您已经同意",
            "他现在可以替您办事了。不想让他办了，登录后在「代办」里结束，也可以打电话或到窗口结束。",
        )),
        ProxyState::Refused => Some(("info", "您没有同意", "什么也没有发生，可以关掉这个页面。")),
        ProxyState::Ended => Some(("info", "代办已经结束", "不能再代办了，可以关掉这个页面。")),
    };
    if let Some((kind, title, text)) = words {
        return view! {
            <Layout title="请人代办">
                <Banner kind=kind title=title><p>{text}</p></Banner>
                <Actions><ButtonLink href="/" kind="secondary">"看看还能办什么"</ButtonLink></Actions>
            </Layout>
        }
        .into_any();
    }
    let action = format!("/acting/{secret}");
    let errors = sent.summary();
    let error = sent.error("code");
    let value = sent.form.code.clone();
    let relation = Relation::parse(&asked.relation).map(relation_label).unwrap_or_default();
    let rows = [
        ("谁想替您办", asked.representative.clone()),
        ("您是他的", relation.to_owned()),
        ("办什么", scope_words(&asked.scope)),
        ("到哪一天", day_words(&asked.ends_on)),
    ]
    .map(|(label, value)| Answer { label: label.into(), value, href: None, change_label: String::new() })
    .to_vec();
    let greeting = format!("{} 您好", asked.represented);
    view! {
        <Layout title="请人代办" narrow=true>
            {refused.then(|| view! {
                <Banner kind="warn" title="同意码对不上"><p>"请对照发给您的消息再填一次。试错太多次要等一个小时。"</p></Banner>
            })}
            {sign_in_first.then(|| view! {
                <Banner kind="warn" title="请先登录一次"><p>"这个号码很久没有用过，为了不让别人冒充您，请先用这个号码登录，再回来同意。"</p></Banner>
                <Actions><ButtonLink href="/sign-in">"去登录"</ButtonLink></Actions>
            })}
            <ErrorSummary errors/>
            <Answers title=greeting rows/>
            <Card label="说明"><p>"同意以后，他可以用自己的手机替您办上面的事，也看得到您在这些事里填过的内容。每办一件，您都会收到消息。不认识他、不愿意，就按不同意。"</p></Card>
            <form method="post" action=action novalidate class="xw-form">
                <Field name="code" label="同意码" hint="消息里的六位数字，请不要告诉别人" value error inputmode="numeric"/>
                <Actions>
                    <Button name="answer" value="agree">"我同意他代办"</Button>
                    <Button name="answer" value="refuse" kind="secondary">"我不同意"</Button>
                </Actions>
            </form>
        </Layout>
    }
    .into_any()
}
