//! `/confirm` and `/confirm/{number}` without the device's cookie: number and the mobile's last four digits.

use leptos::prelude::*;

use crate::components::{Actions, Banner, Button, ErrorSummary, Field, Hint, Layout};
use crate::domain::confirm::OpenForm;
use crate::pages::Sent;

/// Why the page came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Number and digits don't fit. It never says which.
    NoMatch,
}

/// The form.
pub fn open(sent: &Sent<OpenForm>, refused: Option<Refusal>) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (number, tail) = (sent.error("number"), sent.error("mobile_tail"));
    let Sent { form, .. } = sent.clone();
    view! {
        <Layout title="凭编号查进度" back="/" narrow=true>
            {refused.map(|Refusal::NoMatch| view! {
                <Banner kind="warn" title="没有找到"><p>"编号或手机号后四位对不上，请对照凭条再看一遍。试错太多次要等一个小时。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <form method="post" action="/confirm" novalidate class="xw-form">
                <Field name="number" label="编号" hint="凭条上的 14 位编号，比如 LS 加 12 位数字" value=form.number error=number/>
                <Field name="mobile_tail" label="申请人手机号后四位" value=form.mobile_tail error=tail inputmode="numeric"/>
                <Actions><Button>"查看"</Button></Actions>
            </form>
            <Hint>"在申请时用的手机上打开「我的事」，不用编号也能看。"</Hint>
        </Layout>
    }
}
