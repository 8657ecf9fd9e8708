//! What stands around every page.

use leptos::either::Either;
use leptos::prelude::*;

use super::{Icon, Steps, Words};
use crate::islands::SessionPrompt;
use crate::visit::PageContext;

/// The first link of a page: past the bar, to what it is about.
fn skip_link() -> impl IntoView {
    view! { <a class="xw-skip" href="#main">"跳到正文"</a> }
}

/// Marks a deployment with sample data. It is printed too, so that no slip passes for a real one.
fn demo_strip(context: &PageContext) -> impl IntoView + use<> {
    context.site.demo.then(|| view! { <p class="xw-demo">"演示环境：数据均为示例，请勿填写真实信息"</p> })
}

/// Into elder mode and out of it, on the page one is on.
fn care_link(context: &PageContext, class: &'static str) -> impl IntoView + use<> {
    let (value, words) = if context.visit.care { ("0", "标准版") } else { ("1", "长辈版") };
    view! { <a class=class href=format!("{}?care={value}", context.visit.path)>{words}</a> }
}

/// Whose affairs these are, on every page, while somebody acts for another.
fn acting_strip(context: &PageContext) -> impl IntoView + use<> {
    let signed_in = context.visit.signed_in.as_ref()?;
    let name = signed_in.acting_for.clone()?;
    let (before, stop) = if signed_in.helping {
        ("窗口帮办：正在替 ", "结束帮办")
    } else {
        ("您正在替 ", "结束代办")
    };
    Some(view! {
        <div class="xw-acting" role="status">
            <p class="xw-acting__words">{before}<strong>{name}</strong>" 办事"</p>
            <form method="post" action="/me/acting/stop"><button class="xw-acting__stop" type="submit">{stop}</button></form>
        </div>
    })
}

/// Whether somebody is signed in whose sign-in ends by itself.
fn prompts(context: &PageContext) -> bool {
    context.visit.signed_in.as_ref().is_some_and(|signed_in| !signed_in.helping)
}

/// Tells before the sign-in of a resident ends. The region is empty until there is something to say, so that it is read out
/// when it comes, and takes no focus. Only times stand in it: the milliseconds left without a step, and whatever is done.
fn session_prompt(context: &PageContext) -> impl IntoView + use<> {
    let signed_in = context.visit.signed_in.as_ref().filter(|_| prompts(context))?;
    let left = format!("{} {}", signed_in.idle_left_ms, signed_in.end_left_ms);
    let prompt = view! {
        <div class="xw-session" role="status" id="session-ends" data-left=left>
            // What is hidden has no display of its own from a class, which would show it.
            <div id="session-prompt" hidden>
                <div class="xw-banner xw-banner--warn">
                    <div class="xw-banner__words">
                        <p id="session-prompt-words"></p>
                        <div id="session-prompt-go-on">
                            <button
                                id="session-prompt-button"
                                class="weui-btn weui-btn_default xw-button xw-button--secondary"
                                type="button"
                            >
                                "继续使用"
                            </button>
                        </div>
                    </div>
                </div>
            </div>
            <SessionPrompt/>
        </div>
    };
    Some(prompt.into_any())
}

/// The foot of every page: who runs this, whom to ring, where to complain (国办函〔2026〕12号).
fn footer(context: &PageContext) -> impl IntoView + use<> {
    let site = context.site.clone();
    let hotline = (!site.hotline.is_empty()).then(|| {
        view! { <li><a href=format!("tel:{}", site.hotline)>{format!("电话 {}", site.hotline)}</a></li> }
    });
    let filing_number = (!site.filing_number.is_empty())
        .then(|| view! { <p class="xw-foot__line">{site.filing_number.clone()}</p> });
    view! {
        <footer class="xw-foot">
            <ul class="xw-foot__links">
                <li><a href="/">"首页"</a></li>
                <li><a href="/feedback">"投诉与建议"</a></li>
                <li><a href="/privacy">"个人信息怎么用"</a></li>
                {hotline}
            </ul>
            <p class="xw-foot__line">{site.name.clone()}</p>
            {filing_number}
        </footer>
    }
}

/// The one script of a page with islands. It waits until the page is drawn, so it never competes with the first paint.
fn island_loader(context: &PageContext) -> impl IntoView + use<> {
    let assets = context.assets.clone();
    view! {
        <script
            type="module"
            src="/island-loader.js"
            nonce=context.visit.nonce.clone()
            data-js=assets.js.clone()
            data-wasm=assets.wasm.clone()
        ></script>
    }
}

/// A page: bar with the way back, the page's name and the elder switch; `main`; foot.
///
/// Needs [`PageContext`] in context.
#[component]
pub fn Layout(
    /// The page's name, in the bar and in the browser's title.
    #[prop(into)]
    title: String,
    /// Where 返回 goes; no link without.
    #[prop(optional, into)]
    back: Words,
    /// The page has islands, so it loads them. Without, it loads no script at all, unless somebody is signed in.
    #[prop(optional)]
    islands: bool,
    /// Nothing on it is about anybody, so it ends with no sign-in: no prompt before that, and no script for one.
    #[prop(optional)]
    quiet: bool,
    /// A form: a narrower column on a desk.
    #[prop(optional)]
    narrow: bool,
    /// On paper, a strip of 58 mm instead of A5.
    #[prop(optional)]
    roll: bool,
    /// The name in the bar is the page's heading. Off where the page writes its own `<h1>`.
    #[prop(default = true)]
    heading: bool,
    /// Step and number of steps.
    #[prop(optional)]
    step: Option<(usize, usize)>,
    children: Children,
) -> impl IntoView {
    let context = expect_context::<PageContext>();
    let name = if heading {
        Either::Left(view! { <h1 class="xw-bar__name">{title.clone()}</h1> })
    } else {
        Either::Right(view! { <p class="xw-bar__name">{title.clone()}</p> })
    };
    let back = back.get().map(|href| {
        view! { <a class="xw-bar__back" href=href aria-label="返回"><Icon name="back"/></a> }
    });
    context.title.set(format!("{title}｜{}", context.site.name));
    let class = match (narrow, roll) {
        (true, _) => "xw-page xw-page--narrow",
        (false, true) => "xw-page xw-page--roll",
        (false, false) => "xw-page",
    };
    view! {
        {skip_link()}
        <div class=class>
            <header class="xw-bar">
                {demo_strip(&context)}
                <div class="xw-bar__row">
                    {back}
                    {name}
                    {care_link(&context, "xw-bar__care")}
                </div>
            </header>
            {acting_strip(&context).into_any()}
            <main class="xw-main" id="main" tabindex="-1">
                {step.map(|(now, total)| view! { <Steps now total/> })}
                {children()}
            </main>
            {footer(&context).into_any()}
            {(!quiet).then(|| session_prompt(&context))}
        </div>
        {(islands || (prompts(&context) && !quiet)).then(|| island_loader(&context))}
    }
}

/// The home page: the service's name on the water, and what lies on its shore.
///
/// Needs [`PageContext`] in context.
#[component]
pub fn HomeLayout(
    /// The page has islands, so it loads them.
    #[prop(optional)]
    islands: bool,
    children: Children,
) -> impl IntoView {
    let context = expect_context::<PageContext>();
    context.title.set(context.site.name.clone());
    view! {
        {skip_link()}
        <div class="xw-page xw-page--home">
            {acting_strip(&context).into_any()}
            <header class="xw-hero">
                {demo_strip(&context)}
                <div class="xw-hero__row">
                    <div class="xw-hero__words">
                        <h1 class="xw-hero__name">{context.site.name.clone()}</h1>
                        <p class="xw-hero__line">"少跑一趟，多一份安心"</p>
                    </div>
                    {care_link(&context, "xw-hero__care")}
                </div>
            </header>
            <main class="xw-main" id="main" tabindex="-1">{children()}</main>
            {footer(&context).into_any()}
            {session_prompt(&context)}
        </div>
        {(islands || prompts(&context)).then(|| island_loader(&context))}
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::visit::{Assets, PageTitle, SignedIn, SiteFacts, Visit};

    fn page(care: bool, demo: bool, islands: bool) -> String {
        let owner = Owner::new();
        owner.set();
        provide_context(PageContext {
            visit: Visit { path: "/aid".to_owned(), care, ..Visit::default() },
            site: Arc::new(SiteFacts {
                name: "掌上办".to_owned(),
                hotline: "12345".to_owned(),
                demo,
                ..SiteFacts::default()
            }),
            assets: Arc::new(Assets {
                js: "/a.js".to_owned(),
                wasm: "/a.wasm".to_owned(),
                ..Assets::default()
            }),
            title: PageTitle::default(),
        });
        view! { <Layout title="社会救助" back="/" islands=islands>"正文"</Layout> }.to_html()
    }

    #[test]
    fn a_page_without_islands_loads_no_script() {
        assert!(!page(false, false, false).contains("<script"));
        assert_eq!(page(false, false, true).matches("<script").count(), 1);
    }

    #[test]
    fn who_is_signed_in_is_told_before_it_ends_by_times_alone() {
        let owner = Owner::new();
        owner.set();
        let signed_in = SignedIn {
            helping: false,
            name: "王＊＊".to_owned(),
            idle_minutes: 60,
            minutes_left: 700,
            idle_left_ms: 3_600_000,
            end_left_ms: 42_000_000,
            acting_for: None,
        };
        provide_context(PageContext {
            visit: Visit { signed_in: Some(signed_in), ..Visit::default() },
            site: Arc::new(SiteFacts::default()),
            assets: Arc::new(Assets::default()),
            title: PageTitle::default(),
        });
        let html = view! { <Layout title="我的事">"正文"</Layout> }.to_html();
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains("data-left=\"3600000 42000000\""), "{html}");
        assert!(!html.contains("王"), "{html}");
        let quiet = view! { <Layout title="我能申请什么" quiet=true>"正文"</Layout> }.to_html();
        assert!(!quiet.contains("<script") && !quiet.contains("session-prompt"), "{quiet}");
        assert!(!page(false, false, false).contains("session-prompt"));
    }

    #[test]
    fn the_elder_switch_leads_both_ways() {
        let standard = page(false, false, false);
        assert!(standard.contains(r#"href="/aid?care=1""#) && standard.contains(">长辈版<"), "{standard}");
        let elder = page(true, false, false);
        assert!(elder.contains(r#"href="/aid?care=0""#) && elder.contains(">标准版<"), "{elder}");
    }

    #[test]
    fn only_a_demo_says_that_it_is_one() {
        assert!(page(false, true, false).contains("演示环境"));
        assert!(!page(false, false, false).contains("演示环境"));
    }
}
