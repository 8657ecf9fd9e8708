//! `/me/profile/phone…`: another number to sign in with.

use leptos::prelude::*;

use crate::components::{Actions, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Hint, Layout};
use crate::domain::person::{CodeForm, ProveForm};
use crate::domain::phone_change::NewPhoneForm;
use crate::islands::LiveChecks;
use crate::pages::Sent;
use crate::pages::sign_in::shown_message;

/// Who asks, where the sign-in was a while ago.
pub fn prove(sent: &Sent<ProveForm>, refused: bool) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (name_error, tail_error) = (sent.error("name"), sent.error("document_tail"));
    let Sent { form, .. } = sent.clone();
    view! {
        <Layout title="换登录号码" back="/me/profile" islands=true narrow=true>
            {refused.then(|| view! {
                <Banner kind="warn" title="姓名和证件号码对不上"><p>"请对照证件再填一次。试错太多次要等一个小时，也可以带证件到社区、街道窗口换。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <Card label="说明">
                <p>"换号码以前，请先证明一下是您本人。登录已经有一会儿了，怕手机不在您手里。"</p>
            </Card>
            <LiveChecks>
                <form method="post" action="/me/profile/phone/prove" novalidate class="xw-form">
                    <Field name="name" label="姓名" hint="和证件上一样" value=form.name error=name_error autocomplete="name" check="name"/>
                    <Field name="document_tail" label="证件号码后四位" hint="最后一位可能是 X" value=form.document_tail error=tail_error/>
                    <Actions><Button>"继续"</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
}

/// The new number. `now` is the masked one so far.
pub fn number(sent: &Sent<NewPhoneForm>, now: Option<String>) -> impl IntoView + use<> {
    let errors = sent.summary();
    let error = sent.error("phone");
    let value = sent.form.phone.clone();
    let now = now.map(|now| view! { <p>{format!("现在用 {now} 登录。")}</p> });
    view! {
        <Layout title="换登录号码" back="/me/profile" islands=true narrow=true>
            <ErrorSummary errors/>
            <Card label="说明">
                {now}
                <ul>
                    <li>"换好以后用新号码登录，原来的号码会收到一条消息。"</li>
                    <li>"别的设备都会退出，要重新登录；这一台不用。"</li>
                    <li>"已经交上去的申请，联系电话不变。要改请打电话或到窗口。"</li>
                </ul>
            </Card>
            <LiveChecks>
                <form method="post" action="/me/profile/phone" novalidate class="xw-form">
                    <Field
                        name="phone"
                        label="新号码"
                        hint="会收到六位验证码。座机也可以，要带区号，我们打电话念给您听。"
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
            <Hint>"原来的手机丢了、登录不了，请带身份证件到社区或街道窗口，工作人员帮您换。"</Hint>
        </Layout>
    }
}

/// The code. `to` is the masked new number.
pub fn code(sent: &Sent<CodeForm>, to: &str, message: Option<String>) -> impl IntoView + use<> {
    let errors = sent.summary();
    let error = sent.error("code");
    let value = sent.form.code.clone();
    let lead = format!("验证码已经发到 {to}，五分钟内有效。填对了，号码就换好了。");
    view! {
        <Layout title="填写验证码" back="/me/profile/phone" narrow=true>
            <ErrorSummary errors/>
            {shown_message(message)}
            <Card label="说明"><p>{lead}</p><p>"工作人员不会向您要这个码，请不要告诉任何人。"</p></Card>
            <form method="post" action="/me/profile/phone/code" novalidate class="xw-form">
                <Field name="code" label="验证码" hint="六位数字" value error inputmode="numeric" autocomplete="one-time-code"/>
                <Actions>
                    <Button>"换成这个号码"</Button>
                    <ButtonLink href="/me/profile/phone" kind="secondary">"没有收到，重新获取"</ButtonLink>
                </Actions>
            </form>
        </Layout>
    }
}

/// The number opens another account. Whoever reads this has proved that the number is theirs.
pub fn taken() -> impl IntoView {
    view! {
        <Layout title="换登录号码" back="/me/profile" narrow=true>
            <Banner kind="warn" title="这个号码已经有一个账号"><p>"一个号码只能登录一个账号，所以没有换。您现在的号码照旧能用。"</p></Banner>
            <Card title="可以这样办">
                <ul>
                    <li>"用这个号码登录，看看那个账号是不是您以前用过的。"</li>
                    <li>"那个账号不要了，登录后在「我的数据」里删除，再回来换。"</li>
                    <li>"以前用这个号码的是别人，登录时选「以前用这个号码的不是我」。"</li>
                    <li>"分不清的，带身份证件到社区或街道窗口，工作人员帮您办。"</li>
                </ul>
            </Card>
            <Actions>
                <ButtonLink href="/me/profile/phone">"换一个别的号码"</ButtonLink>
                <ButtonLink href="/me/profile" kind="secondary">"不换了"</ButtonLink>
            </Actions>
        </Layout>
    }
}

/// It is changed.
pub fn changed(phone: &str) -> impl IntoView + use<> {
    let words = format!("以后用 {phone} 登录。");
    view! {
        <Layout title="登录号码换好了" back="/me/profile" narrow=true>
            <Banner kind="good" title="登录号码换好了">
                <p>{words}"别的设备都已经退出。原来的号码会收到一条消息。"</p>
            </Banner>
            <Actions><ButtonLink href="/me/profile" kind="secondary">"回我的资料"</ButtonLink></Actions>
        </Layout>
    }
}
