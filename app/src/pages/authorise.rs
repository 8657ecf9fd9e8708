//! `/authorise/{secret}`: an adult of the household agrees to the data check on their own phone.

use leptos::prelude::*;

use super::Sent;
use crate::components::{Actions, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Layout};
use crate::islands::LiveChecks;
use crate::ports::ConsentRequest;
use crate::text;

/// The page as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct AuthoriseForm {
    /// The adult's own name.
    pub name: String,
    /// Six digits.
    pub code: String,
}

crate::masked_debug!(AuthoriseForm);

/// The question, or the answer given before.
pub fn authorise(
    request: &ConsentRequest,
    secret: &str,
    sent: &Sent<AuthoriseForm>,
    refused: bool,
) -> impl IntoView + use<> {
    if let Some(at) = request.given_at {
        return given(&at.shanghai_full()).into_any();
    }
    let ConsentRequest { name, applicant, .. } = request.clone();
    let explained = text::aid::CHECK_EXPLAINED.iter().map(|line| view! { <p>{*line}</p> }).collect_view();
    let action = format!("/authorise/{secret}");
    let errors = sent.summary();
    let (name_error, code_error) = (sent.error("name"), sent.error("code"));
    let Sent { form, .. } = sent.clone();
    view! {
        <Layout title="同意核对家庭经济状况" islands=true narrow=true>
            {refused.then(|| view! {
                <Banner kind="warn" title="姓名和授权码对不上"><p>"请对照申请人转给您的授权码，并填写您证件上的姓名。试错太多次要等一个小时。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <Card title=format!("{applicant} 申请了救助")>
                <p>{format!("家人申请救助，要请 {name} 本人同意核对。不同意也可以，街道会和您联系。")}</p>
                {explained}
            </Card>
            <LiveChecks>
                <form method="post" action=action novalidate class="xw-form">
                    <Field name="name" label="您的姓名" hint="和证件上一样" value=form.name error=name_error autocomplete="name" check="name"/>
                    <Field name="code" label="授权码" hint="六位数字，申请人会告诉您" value=form.code error=code_error inputmode="numeric"/>
                    <Actions><Button>"我同意核对"</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
    .into_any()
}

fn given(at: &str) -> impl IntoView + use<> {
    let at = at.to_owned();
    view! {
        <Layout title="同意核对家庭经济状况">
            <Banner kind="good" title="已经收到您的同意"><p>{format!("时间：{at}。不用再做什么，可以关掉这个页面。")}</p></Banner>
            <Actions><ButtonLink href="/" kind="secondary">"看看还能办什么"</ButtonLink></Actions>
        </Layout>
    }
}
