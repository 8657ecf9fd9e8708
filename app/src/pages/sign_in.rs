//! `/sign-in…`: by telephone and one-time code; name and document digits where a number may have changed hands.

use leptos::prelude::*;

use super::Sent;
use super::sign_in_provider::provider_buttons;
use crate::components::{Actions, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Hint, Layout};
use crate::domain::person::{CodeForm, ProveForm, SignInForm};
use crate::islands::LiveChecks;
use crate::ports::ProviderName;

/// The message that the demo shows instead of a telephone.
pub(crate) fn shown_message(message: Option<String>) -> impl IntoView {
    message.map(|text| {
        view! { <Banner kind="info" title="演示：本该发到手机上的消息"><p class="xw-copy">{text}</p></Banner> }
    })
}

/// The telephone number.
pub fn phone(sent: &Sent<SignInForm>, providers: &[ProviderName], next: &str) -> impl IntoView + use<> {
    let errors = sent.summary();
    let error = sent.error("phone");
    let value = sent.form.phone.clone();
    let others = provider_buttons(providers, next);
    let next = next.to_owned();
    view! {
        <Layout title="登录" back="/" islands=true narrow=true>
            <ErrorSummary errors/>
            <LiveChecks>
                <form method="post" action="/sign-in" novalidate class="xw-form">
                    <input type="hidden" name="next" value=next/>
                    <Field
                        name="phone"
                        label="手机号"
                        hint="会收到六位验证码。没有手机就填座机号，例如 0510-85210000，我们打电话念给您听。"
                        value
                        error
                        kind="tel"
                        inputmode="tel"
                        autocomplete="tel"
                        check="contact"
                    />
                    <Actions><Button>"获取验证码"</Button></Actions>
                </form>
            </LiveChecks>
            {others}
            <Hint>"不登录也能申请救助。登录以后，换手机也能看到自己的事，资料不用每次重填。"</Hint>
            <Hint>"家里老人不会用手机，可以由您登录后申请「替家人办」，也可以到社区窗口办。"</Hint>
        </Layout>
    }
}

/// The code. `to` is the masked number.
pub fn code(sent: &Sent<CodeForm>, to: &str, message: Option<String>, next: &str) -> impl IntoView + use<> {
    let errors = sent.summary();
    let error = sent.error("code");
    let value = sent.form.code.clone();
    let lead = format!("验证码已经发到 {to}，五分钟内有效。");
    let again = crate::text::path_with_next("/sign-in", next);
    let next = next.to_owned();
    view! {
        <Layout title="填写验证码" back="/sign-in" narrow=true>
            <ErrorSummary errors/>
            {shown_message(message)}
            <Card label="说明"><p>{lead}</p><p>"工作人员不会向您要这个码，请不要告诉任何人。"</p></Card>
            <form method="post" action="/sign-in/code" novalidate class="xw-form">
                <input type="hidden" name="next" value=next/>
                <Field name="code" label="验证码" hint="六位数字" value error inputmode="numeric" autocomplete="one-time-code"/>
                <Actions><Button>"登录"</Button><ButtonLink href=again kind="secondary">"没有收到，重新获取"</ButtonLink></Actions>
            </form>
        </Layout>
    }
}

/// Name and document digits, before old things open. `by_phone` is off for who came with a provider's account: that
/// says nothing of who has the telephone number.
pub fn prove(sent: &Sent<ProveForm>, refused: bool, by_phone: bool, next: &str) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (name_error, tail_error) = (sent.error("name"), sent.error("document_tail"));
    let Sent { form, .. } = sent.clone();
    let next = next.to_owned();
    let why = if by_phone {
        "这台设备第一次登录这个号码，或者号码很久没有用过。手机号会换人用，为了不让别人看到您的事，请填一下以前登记过的姓名和证件号码后四位。"
    } else {
        "这台设备第一次用这个账号登录，或者账号很久没有用过。为了不让别人看到您的事，请填一下以前登记过的姓名和证件号码后四位。"
    };
    let fresh = by_phone.then(|| {
        let next = next.clone();
        view! {
            <Card title="这个号码是新办的？">
                <p>"如果以前用这个号码的是别人，请按下面的按钮。以前的事不会给您看，您从头开始。"</p>
                <form method="post" action="/sign-in/fresh">
                    <input type="hidden" name="next" value=next/>
                    <Button kind="secondary">"以前用这个号码的不是我"</Button>
                </form>
            </Card>
        }
    });
    view! {
        <Layout title="请再证明一下是您" back="/" islands=true narrow=true>
            {refused.then(|| view! {
                <Banner kind="warn" title="姓名和证件号码对不上"><p>"请对照证件再填一次。试错太多次要等一个小时，也可以带证件到社区、街道窗口。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <Card label="说明">
                <p>{why}</p>
            </Card>
            <LiveChecks>
                <form method="post" action="/sign-in/prove" novalidate class="xw-form">
                    <input type="hidden" name="next" value=next/>
                    <Field name="name" label="姓名" hint="和证件上一样" value=form.name error=name_error autocomplete="name" check="name"/>
                    <Field name="document_tail" label="证件号码后四位" hint="最后一位可能是 X" value=form.document_tail error=tail_error/>
                    <Actions><Button>"继续"</Button></Actions>
                </form>
            </LiveChecks>
            {fresh}
            <form method="post" action="/sign-out"><Button kind="quiet">"退出登录"</Button></form>
        </Layout>
    }
}
