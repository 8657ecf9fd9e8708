//! `/verify`: the page that staff keep open at a counter. It checks with no network; a script does so, and without one the page
//! says what works all the same. Nothing on it is about anybody: the browser keeps it.

use leptos::prelude::*;

use crate::components::{Actions, Banner, Button, ButtonLink, Card, Field, Hint, Icon, Layout};
use crate::domain::confirm::check::CheckState;
use crate::text::check::{Tone, state_words};
use crate::text::verify as words;
use crate::visit::PageContext;

/// What the page is told of the deployment.
#[derive(Clone, Copy, Debug)]
pub struct VerifyFacts<'a> {
    /// The short name in tokens and lists.
    pub issuer: &'a str,
    /// Follows the content of the page's files.
    pub version: &'a str,
    /// Somebody of the staff is signed in: there is a day's list to ask for.
    pub staff: bool,
}

/// The page.
pub fn page(facts: VerifyFacts<'_>) -> impl IntoView + use<> {
    let context = expect_context::<PageContext>();
    let loader = (!context.assets.verifier.is_empty()).then(|| {
        let src = format!("{}/loader.js", context.assets.verifier);
        view! { <script type="module" src=src nonce=context.visit.nonce.clone()></script> }
    });
    let (issuer, version) = (facts.issuer.to_owned(), facts.version.to_owned());
    view! {
        <Layout title="核对凭证" back="/">
            <div
                class="xw-verify"
                id="verify"
                data-issuer=issuer
                data-version=version
                data-staff=facts.staff.then_some("")
            >
                {without().into_any()}
                {with().into_any()}
            </div>
        </Layout>
        {templates().into_any()}
        {loader}
    }
}

/// What works without the script. The script hides it when it can do better.
fn without() -> impl IntoView {
    view! {
        <div id="verify-without" class="xw-verify__part">
            <Banner kind="info" title="扫码和离线核对要打开 JavaScript">
                <p>"这一页正在打开。一直停在这里，请换一个新一点的浏览器，或者用下面的办法，都能核对。"</p>
            </Banner>
            <Card title="用手机自带的相机">
                <p>"对准二维码扫一下，就会打开核对结果，不用装任何软件。"</p>
            </Card>
            <Actions><ButtonLink href="/check">"输短码核对"</ButtonLink></Actions>
        </div>
    }
}

/// What the script fills.
fn with() -> impl IntoView {
    view! {
        <div id="verify-page" class="xw-verify__part" hidden>
            <div id="verify-result" class="xw-verify__result" role="status">
                <section class="xw-card xw-check xw-verify__verdict" data-tone="none">
                    <div class="xw-check__head">
                        <strong class="xw-check__word">"请出示二维码"</strong>
                        <h2 class="xw-check__title">"用相机扫、选照片、用扫码枪，都可以"</h2>
                    </div>
                </section>
            </div>
            <div id="verify-camera" class="xw-verify__camera" hidden>
                <video id="verify-video" muted playsinline aria-label="相机画面"></video>
                <button id="verify-close-camera" class="weui-btn weui-btn_default xw-button xw-button--secondary" type="button">
                    "关上相机"
                </button>
            </div>
            <div class="xw-verify__ways">
                <button id="verify-open-camera" class="weui-btn weui-btn_primary xw-button xw-button--primary" type="button">
                    "打开相机"
                </button>
                <label class="weui-btn weui-btn_default xw-button xw-button--secondary xw-verify__photo">
                    "选照片"
                    <input id="verify-photo" class="xw-unseen" type="file" accept="image/*" capture="environment"/>
                </label>
            </div>
            <form id="verify-short" method="post" action="/check" novalidate class="xw-form xw-card">
                <Field name="code" label="短码" hint="二维码下面的八位字母和数字" autocomplete="off"/>
                <Actions><Button kind="secondary">"核对短码"</Button></Actions>
            </form>
            <p id="verify-notice" class="xw-verify__notice" role="alert" hidden></p>
            <div id="verify-waiting" class="xw-verify__waiting" hidden>
                <p id="verify-waiting-count"></p>
                <p id="verify-sign-in" hidden>
                    {words::SIGN_IN_TO_SEND}" "<a class="xw-alone" href="/staff/sign-in">"工作人员登录"</a>
                </p>
            </div>
            <Card title="现在的情况">
                <ul class="xw-verify__status">
                    <li id="verify-list" data-tone="quiet"></li>
                    <li id="verify-clock" data-tone="quiet"></li>
                    <li id="verify-network" data-tone="quiet"></li>
                    <li id="verify-day" data-tone="quiet"></li>
                </ul>
                <button
                    id="verify-mute"
                    class="weui-btn weui-btn_default xw-button xw-button--quiet"
                    type="button"
                    aria-pressed="false"
                >
                    "不要声音"
                </button>
            </Card>
            <section id="verify-last" class="xw-card" hidden>
                <h2 class="xw-card__title">"刚才核对的"</h2>
                <ul id="verify-lines" class="xw-verify__lines"></ul>
            </section>
            <Hint>
                "签章是民政部门对记录的防伪标记，不是当事人的签名。要确认是不是本人，请再看证件。"
            </Hint>
        </div>
    }
}

/// One template for each state, and one for what is no state of a confirmation.
fn templates() -> impl IntoView {
    let states = CheckState::ALL.iter().map(|state| {
        let words = state_words(*state, None);
        verdict(format!("verify-{}", state.as_str()), words.tone, words.shape, words.word, words.title)
    });
    states.chain([verdict("verify-other".into(), Tone::Quiet, "info", "", "")]).collect_view()
}

fn verdict(
    id: String,
    tone: Tone,
    shape: &'static str,
    word: &'static str,
    title: &'static str,
) -> impl IntoView + use<> {
    view! {
        <template id=id>
            <section class="xw-card xw-check xw-verify__verdict" data-slot="verdict" data-tone=tone.as_str()>
                <div class="xw-check__head">
                    <Icon name=shape/>
                    <strong class="xw-check__word" data-slot="word">{word}</strong>
                    {(!title.is_empty()).then(|| view! {
                        <h2 class="xw-check__title" data-slot="title">{title}</h2>
                    })}
                </div>
                <div class="xw-check__more">
                    <ul class="xw-verify__cautions" data-slot="cautions"></ul>
                    <p data-slot="advice"></p>
                    <dl class="xw-pairs" data-slot="facts"></dl>
                </div>
            </section>
        </template>
    }
}
