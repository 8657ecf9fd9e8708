//! `/feedback`: complaint and suggestion (国办函〔2026〕12号; 社会救助法 63).

use leptos::prelude::*;

use super::{Sent, choices};
use crate::components::{
    Actions, Button, ButtonLink, Card, ErrorSummary, Field, Figure, Layout, Radios, TextArea,
};
use crate::domain::complaint::{ComplaintForm, ComplaintKind};
use crate::islands::LiveChecks;

fn label(kind: ComplaintKind) -> &'static str {
    match kind {
        ComplaintKind::Complaint => "投诉",
        ComplaintKind::Suggestion => "建议",
    }
}

fn hint(kind: ComplaintKind) -> Option<String> {
    Some(match kind {
        ComplaintKind::Complaint => "有人没有办好、态度不好，或者不该收的收了".into(),
        ComplaintKind::Suggestion => "哪里可以做得更好".into(),
    })
}

/// The form.
pub fn form(sent: &Sent<ComplaintForm>, key: &str) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let key = key.to_owned();
    let errors = sent.summary();
    let (kind, text, contact) = (sent.error("kind"), sent.error("text"), sent.error("contact"));
    view! {
        <Layout title="投诉与建议" back="/" islands=true narrow=true>
            <ErrorSummary errors/>
            <LiveChecks>
                <form method="post" action="/feedback" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Radios name="kind" legend="您要说的是" value=form.kind options=choices!(ComplaintKind::ALL, label, hint) error=kind/>
                    <TextArea name="text" label="什么事" hint="时间、地点、找过谁，写清楚更容易查。请不要写身份证号和银行卡号。" value=form.text error=text check="complaint-text"/>
                    <Field name="contact" label="联系电话" hint="想要答复就留一个手机号或座机号" value=form.contact error=contact optional=true kind="tel" inputmode="tel" autocomplete="tel" check="contact"/>
                    <Actions><Button>"提交"</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
}

/// `/feedback/{number}`: it was received.
pub fn received(number: &str) -> impl IntoView + use<> {
    let number = crate::text::case_number(number);
    view! {
        <Layout title="已经收到" back="/">
            <Card title="谢谢您告诉我们">
                <Figure label="编号" value=number/>
                <p>"请记下编号。留了电话的，工作人员会回电；没有留电话的，可以拿这个编号打电话或到窗口问。"</p>
            </Card>
            <Actions><ButtonLink href="/">"回首页"</ButtonLink></Actions>
        </Layout>
    }
}
