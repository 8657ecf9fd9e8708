//! `/staff/sign-in` and `/staff/sign-in/second`: password, then a code or a passkey.

use leptos::prelude::*;

use super::passkey_script;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, ErrorSummary, Field, Figure, Hint, Layout, QrCard,
};
use crate::domain::staff::{SignInForm, TotpForm};
use crate::pages::Sent;

/// A sample account, told on the page in the demo.
#[derive(Clone, Debug)]
pub struct SampleAccount {
    /// What its holder does, in words.
    pub post: String,
    /// The login.
    pub login: &'static str,
}

/// The first page.
pub fn sign_in(
    sent: &Sent<SignInForm>,
    refused: bool,
    samples: &[SampleAccount],
    sample_password: &str,
) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (login, password) = (sent.error("login"), sent.error("password"));
    let typed = sent.form.login.clone();
    let rows: Vec<_> = samples
        .iter()
        .map(|sample| Answer { label: sample.post.clone(), value: sample.login.into(), ..Answer::default() })
        .collect();
    let told = format!("密码都是 {sample_password}，动态码会显示在下一页。");
    view! {
        <Layout title="工作人员登录" back="/" narrow=true>
            {refused.then(|| view! {
                <Banner kind="warn" title="账号或密码不对"><p>"请再看一遍。一次性密码七天内有效；忘了密码请找系统管理员重置。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <form method="post" action="/staff/sign-in" novalidate class="xw-form">
                <Field name="login" label="账号" value=typed error=login autocomplete="username" maxlength=64/>
                <Field name="password" label="密码" kind="password" error=password autocomplete="current-password" maxlength=256/>
                <Actions><Button>"下一步"</Button></Actions>
            </form>
            {(!rows.is_empty()).then(|| view! { <Answers title="演示账号" rows=rows/><Hint>{told}</Hint> })}
            <Hint>"居民不用登录这里，请回首页办事。"</Hint>
        </Layout>
    }
}

/// What the second page shows.
#[derive(Clone, Debug, Default)]
pub struct SecondFactor {
    /// A passkey may be used instead.
    pub passkey: bool,
    /// The code of a sample account, in the demo.
    pub sample_code: Option<String>,
    /// What was shown did not fit.
    pub refused: bool,
}

/// The second page: a code or a passkey.
pub fn second(sent: &Sent<TotpForm>, second: &SecondFactor) -> impl IntoView + use<> {
    let errors = sent.summary();
    let code = sent.error("code");
    let SecondFactor { passkey, sample_code, refused } = second.clone();
    view! {
        <Layout title="第二步：动态码" back="/staff/sign-in" narrow=true>
            {refused.then(|| view! {
                <Banner kind="warn" title="动态码不对"><p>"请填手机上现在显示的六位数字。一个动态码只能用一次，用过的请等下一个。"</p></Banner>
            })}
            <ErrorSummary errors/>
            {sample_code.map(|code| view! { <Card title="演示环境的动态码"><Figure label="正式使用时它只出现在手机上" value=code/></Card> })}
            <form method="post" action="/staff/sign-in/second" novalidate class="xw-form">
                <Field name="code" label="动态码" hint="手机验证器里的六位数字" error=code inputmode="numeric" autocomplete="one-time-code" maxlength=16/>
                <Actions><Button>"登录"</Button></Actions>
            </form>
            {passkey.then(|| view! {
                <form method="post" action="/staff/sign-in/second" class="xw-form" data-passkey="get" hidden=true>
                    <input type="hidden" name="credential" value=""/>
                    <Actions><Button kind="secondary">"用通行密钥登录"</Button></Actions>
                    <p class="xw-hint" data-passkey-told role="status"></p>
                </form>
                {passkey_script()}
            })}
            <Hint>"手机丢了或换了，请找系统管理员重置。"</Hint>
        </Layout>
    }
}

/// What a first sign-in shows: the secret to put into an app.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret with its address, as a whole `<svg>`.
    pub qr_svg: String,
    /// The secret in groups, to type by hand.
    pub secret: String,
}

crate::masked_debug!(Enrolment);

/// The second page of a first sign-in: an app for codes is set up.
pub fn enrol(sent: &Sent<TotpForm>, enrolment: &Enrolment, refused: bool) -> impl IntoView + use<> {
    let errors = sent.summary();
    let code = sent.error("code");
    let Enrolment { qr_svg, secret } = enrolment.clone();
    view! {
        <Layout title="第一次登录：设置动态码" back="/staff/sign-in" narrow=true>
            {refused.then(|| view! {
                <Banner kind="warn" title="动态码不对"><p>"请填验证器里刚添加的这一项现在显示的六位数字，并看看手机的时间准不准。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <Card title="在手机验证器里添加">
                <p>"打开手机上的验证器应用，扫这个二维码。以后每次登录，除了密码，还要填验证器显示的六位数字。"</p>
                <QrCard svg=qr_svg caption="只给您本人看，不要拍照转发"/>
                <p>"扫不了就手工输入这串密钥："</p>
                <p class="xw-secret">{secret}</p>
            </Card>
            <form method="post" action="/staff/sign-in/second" novalidate class="xw-form">
                <Field name="code" label="动态码" hint="添加以后，验证器显示的六位数字" error=code inputmode="numeric" autocomplete="one-time-code" maxlength=16/>
                <Actions><Button>"添加好了，登录"</Button></Actions>
            </form>
        </Layout>
    }
}
