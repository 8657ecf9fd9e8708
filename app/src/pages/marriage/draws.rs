//! The draw of a hot day: its public page, the way in, and one's own entry. The page works without a script; with one it works the
//! order out by itself.

use leptos::prelude::*;

use super::booking::{people, people_errors};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Figure, Hint, Layout,
    QrCard,
};
use crate::domain::marriage::{
    CoupleForm, DrawEntry, DrawOf, EntryState, Matter, Office, PublishedDraw, WaitState,
};
use crate::domain::person::CodeForm;
use crate::domain::time::{Instant, date_text};
use crate::pages::Sent;
use crate::text::marriage::{draw_times_words, entry_label, matter_label, wait_label};
use crate::visit::PageContext;

/// A draw with what is public of it.
#[derive(Clone, Debug)]
pub struct DrawPage {
    /// The office.
    pub office: Office,
    /// Its id and how it is set.
    pub of: DrawOf,
    /// For what.
    pub matter: Matter,
    /// The day.
    pub day: jiff::civil::Date,
    /// What people call it.
    pub name: String,
    /// How many have entered.
    pub entries: i64,
    /// What everybody may read.
    pub published: PublishedDraw,
}

fn base(draw: &DrawPage) -> String {
    format!("/marriage/draws/{}", draw.of.id)
}

fn what(draw: &DrawPage) -> String {
    format!("{}，{} {}，{}", draw.office.name, date_text(draw.day), draw.name, matter_label(draw.matter))
}

/// Who may read this page: everybody. There is no name on it.
pub fn draw(draw: &DrawPage, now: Instant) -> impl IntoView + use<> {
    let row = |label: &str, value: String| Answer { label: label.to_owned(), value, ..Answer::default() };
    let public = &draw.published;
    let mut rows = vec![
        row("报名", draw_times_words(draw.of.rules)),
        row("名额", format!("{} 对", public.places)),
        row("报好名的", format!("{} 对", draw.entries)),
        row(
            "抽到以后",
            format!("{} 小时里点一下“我们要这个名额”，到时间没有点，就给下一对", draw.of.rules.hours),
        ),
    ];
    rows.push(row("种子的摘要", public.seed_sha256.clone()));
    if let (Some(seed), Some(hash)) = (&public.seed, &public.numbers_sha256) {
        rows.push(row("种子", seed.clone()));
        rows.push(row("全部号码的摘要", hash.clone()));
    }
    let open = draw.of.rules.opens <= now && now < draw.of.rules.closes;
    let state = if draw.of.drawn {
        view! { <Banner kind="good" title="抽过了，结果在下面"><p>"排在名额里面的，名额已经留好；后面的都在排队，有人放弃就往前补。"</p></Banner> }.into_any()
    } else if open {
        let href = format!("{}/enter", base(draw));
        view! {
            <Banner kind="info" title="正在报名"><p>"先报后报都一样，不用抢。一个人只能报一次。"</p></Banner>
            <Actions><ButtonLink href>"两个人一起报名"</ButtonLink></Actions>
        }
        .into_any()
    } else if now < draw.of.rules.opens {
        view! { <Banner kind="info" title="还没有开始报名"><p>"种子的摘要已经公布在下面，您可以先记下来。"</p></Banner> }.into_any()
    } else {
        view! { <Banner kind="info" title="报名截止了，马上就抽"><p>"过几分钟再来看。"</p></Banner> }
            .into_any()
    };
    let result = draw.of.drawn.then(|| {
        let lines: Vec<_> =
            (1..).zip(&public.order).map(|(place, entry)| format!("{place} {}", entry.number)).collect();
        let list = if lines.is_empty() { "没有人报名".to_owned() } else { lines.join("\n") };
        let (file, nonce) = (format!("{}/draw.json", base(draw)), expect_context::<PageContext>().visit.nonce);
        view! {
            <Card title="结果：第几位、号码"><pre class="xw-code">{list}</pre></Card>
            <Card title="自己算一遍">
                <p role="status" data-draw=file.clone()>"这台手机可以自己算：打开 JavaScript，再打开这个页面。"</p>
                <p>"也可以用命令算。下载结果文件，再运行："</p>
                <pre class="xw-code">"server draw verify draw.json"</pre>
                <p>"或者用任何能算 SHA-256 的工具：号码从小到大一行一个，算出全部号码的摘要；再把种子、摘要、号码写成三行算签；签从小到大就是顺序。比如："</p>
                <pre class="xw-code">"printf '%s\\n%s\\n%s' 种子 摘要 号码 | sha256sum"</pre>
                <Actions><ButtonLink href=file kind="secondary">"下载结果文件"</ButtonLink></Actions>
            </Card>
            <script type="module" src="/draw-verify.js" nonce=nonce></script>
        }
    });
    let back = format!("/marriage/offices/{}/times/{}", draw.office.code, draw.matter.as_str());
    let lead = what(draw);
    view! {
        <Layout title=format!("{}摇号", draw.name) back>
            <p class="xw-lead">{lead}</p>
            {state}
            <Answers title="怎样抽" rows/>
            {result}
            <Hint>"报名以前就公布种子的摘要，所以事后换不了种子；顺序还要用全部号码来算，所以报名截止以前谁也算不出。这里没有任何人的名字。"</Hint>
        </Layout>
    }
}

/// The way in: both people.
pub fn draw_enter(draw: &DrawPage, sent: &Sent<CoupleForm>, key: &str) -> impl IntoView + use<> {
    let (errors, people) = (people_errors(sent.summary()), people(sent));
    let (back, action, key, lead) = (base(draw), format!("{}/enter", base(draw)), key.to_owned(), what(draw));
    view! {
        <Layout title="摇号报名" back narrow=true>
            <ErrorSummary errors/>
            <p class="xw-lead">{lead}</p>
            <p>"对方要用自己手机上收到的确认码确认，两个人都确认了才算报好名。抽到了不用再填。"</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {people}
                <Actions><Button>"报名"</Button></Actions>
            </form>
        </Layout>
    }
}

/// The other one's link.
pub fn draw_invited(draw: &DrawPage, sent: &Sent<CodeForm>, secret: &str) -> impl IntoView + use<> {
    let (errors, error) = (sent.summary(), sent.error("code"));
    let (action, lead) = (format!("/marriage/draw-invite/{secret}"), what(draw));
    let until = draw.of.rules.closes.shanghai_text();
    view! {
        <Layout title="确认摇号报名" narrow=true>
            <ErrorSummary errors/>
            <p class="xw-lead">{format!("有人请您一起报名摇号：{lead}。请在 {until} 以前确认；不同意，不用理会。")}</p>
            <form method="post" action=action novalidate class="xw-form">
                <Field name="code" label="确认码" hint="短信发到您手机上的 6 位数字" inputmode="numeric" error=error maxlength=12/>
                <Actions><Button>"我同意报名"</Button></Actions>
            </form>
        </Layout>
    }
}

fn button(action: String, key: String, kind: &'static str, words: &'static str) -> AnyView {
    view! {
        <form method="post" action=action>
            <input type="hidden" name="idempotency_key" value=key/>
            <Actions><Button kind>{words}</Button></Actions>
        </form>
    }
    .into_any()
}

/// One's own entry. `kept` is until when a place is kept, with the time of it; `refused` says why it was not given.
pub fn draw_entry(
    draw: &DrawPage,
    entry: &DrawEntry,
    invite: Option<(String, String)>,
    kept: Option<(String, Instant)>,
    (key, refused): (&str, Option<&'static str>),
) -> impl IntoView + use<> {
    let here = format!("/marriage/draw-entries/{}", entry.id);
    let withdraw = |words| button(format!("{here}/withdraw"), format!("{key}w"), "quiet", words);
    let number = entry.number.clone();
    let waits = entry.wait.as_ref().map(|wait| (wait.state, wait.before));
    let body = match (entry.state, waits, kept) {
        (EntryState::Waiting, ..) => {
            let link = invite.map(|(address, svg)| {
                view! {
                    <QrCard svg caption="请对方用手机扫这个码"/>
                    <p>"也可以把下面的链接发给对方，或者就在这台手机上打开："</p>
                    <p><a href=address.clone()>{address.clone()}</a></p>
                }
            });
            let until = draw.of.rules.closes.shanghai_text();
            view! {
                <Banner kind="warn" title="还差一步：等对方确认">
                    <p>{format!("请在 {until} 以前确认，不然不进摇号。确认码已经发到对方自己的手机上。")}</p>
                </Banner>
                {link}
                {withdraw("撤回报名")}
            }
            .into_any()
        }
        (EntryState::Entered, ..) => view! {
            <Banner kind="good" title="报好名了"><p>"抽过以后，两个人都会收到短信。这不是预约。"</p></Banner>
            {withdraw("撤回报名")}
        }
        .into_any(),
        (EntryState::Drawn, Some((WaitState::Offered, _)), Some((time, until))) => view! {
            <Banner kind="good" title=format!("名额给你们留到 {}", until.shanghai_text())>
                <p>{format!("时间是 {time}。到时间没有点，就给下一对。")}</p>
            </Banner>
            {button(format!("{here}/take"), format!("{key}t"), "primary", "我们要这个名额")}
            {withdraw("不要了，让给下一对")}
        }
        .into_any(),
        (EntryState::Drawn, Some((WaitState::Waiting, before)), _) => view! {
            <Figure label="你们排在" value=format!("第 {} 位", before + 1) hint=format!("前面还有 {before} 对")/>
            <p>"有人放弃就往前补；补到了，名额先给你们留住，再发短信告诉你们两个人。"</p>
            {withdraw("不排了")}
        }
        .into_any(),
        (EntryState::Drawn, Some((WaitState::Taken, _)), _) => view! {
            <Banner kind="good" title=wait_label(WaitState::Taken)/>
            <Actions><ButtonLink href="/me">"看预约"</ButtonLink></Actions>
        }
        .into_any(),
        (EntryState::Drawn, Some((state, _)), _) => {
            let state = if state == WaitState::Offered { WaitState::Passed } else { state };
            view! { <Banner kind="info" title=wait_label(state)/> }.into_any()
        }
        (state, ..) => view! { <Banner kind="info" title=entry_label(state)/> }.into_any(),
    };
    let place =
        entry.place.map(|place| format!("抽出来排在第 {place} 位，名额 {} 个。", draw.published.places));
    let refused = refused.map(|words| view! { <Banner kind="bad" title=words/> });
    let (lead, page) = (what(draw), base(draw));
    view! {
        <Layout title="摇号报名" back="/marriage/waiting" narrow=true>
            {refused}
            <p class="xw-lead">{lead}</p>
            <Figure label="你们的号码" value=number hint="公布结果时只写号码，不写名字"/>
            {place.map(|words| view! { <p>{words}</p> })}
            {body}
            <Actions><ButtonLink href=page kind="secondary">"看摇号的规则和结果"</ButtonLink></Actions>
        </Layout>
    }
}
