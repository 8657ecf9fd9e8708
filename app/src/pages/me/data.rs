//! `/me/devices`, `/me/data…`: where one is signed in, who opened one's file, a copy of everything, and the end of the
//! account (个人信息保护法 44 to 47).

use leptos::prelude::*;

use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Hint, Layout,
    Tag, Timeline, TimelineEntry,
};
use crate::domain::form::FormErrors;
use crate::domain::staff::DeviceKind;
use crate::pages::sign_in_provider;
use crate::ports::{DeviceLine, LoginLine};
use crate::text::errors::sentence;
use crate::text::retention::RetentionLine;
use crate::text::staff::device_name;

/// Where one is signed in, and with what accounts besides the number.
pub fn devices(lines: &[DeviceLine], logins: &[LoginLine]) -> impl IntoView + use<> {
    let cards = lines
        .iter()
        .map(|line| {
            let name = DeviceKind::parse(&line.described).map_or("其他设备", device_name);
            let seen = format!("{} 登录，最近 {}", line.created_at.shanghai_text(), line.seen_at.shanghai_text());
            let end = (!line.this).then(|| {
                let words = format!("退出这台{name}");
                view! { <form method="post" action=format!("/me/devices/{}/end", line.id)><Button kind="quiet">{words}</Button></form> }
            });
            let this = line.this.then(|| view! { <Tag kind="info">"就是这台"</Tag> });
            view! { <Card title=name><p>{seen}" "{this}</p>{end}</Card> }
        })
        .collect_view();
    let logins = sign_in_provider::logins(logins);
    view! {
        <Layout title="登录的设备" back="/me">
            {cards}
            {logins}
            <form method="post" action="/sign-out/everywhere"><Actions><Button kind="secondary">"全部退出"</Button></Actions></form>
            <Hint>"手机丢了，或者有不认识的设备，就按「全部退出」。下次在每台设备上登录，都要再证明一下是您。"</Hint>
        </Layout>
    }
}

/// Time, post and purpose of one reading, in words.
pub type OpenedLine = (String, String, String);

fn who(opened: &[OpenedLine], nobody: &'static str) -> impl IntoView + use<> {
    if opened.is_empty() {
        return view! { <Empty title=nobody hint="谁看过、什么时候看的、为什么看，都会记在这里。"/> }
            .into_any();
    }
    let entries: Vec<TimelineEntry> = opened
        .iter()
        .map(|(at, post, what)| TimelineEntry {
            title: post.clone(),
            at: at.clone(),
            note: Some(what.clone()),
            done: true,
            sample: false,
        })
        .collect();
    view! { <Timeline entries/> }.into_any()
}

/// Who opened one's file, and what one can do with one's data. `children` are those for whom the reader is guardian, by
/// masked name.
pub fn data(
    opened: &[OpenedLine],
    children: &[(String, Vec<OpenedLine>)],
    retention: &[RetentionLine],
) -> impl IntoView + use<> {
    let own = who(opened, "还没有工作人员看过您的材料");
    let children = children
        .iter()
        .map(|(name, opened)| {
            let title = format!("谁看过孩子 {name} 的材料");
            let lines = who(opened, "还没有工作人员看过孩子的材料");
            view! { <Card title=title>{lines}</Card> }
        })
        .collect_view();
    let kept = retention
        .iter()
        .map(|line| view! { <li>{format!("{}：{}", line.what, line.kept)}</li> })
        .collect_view();
    view! {
        <Layout title="我的数据" back="/me">
            <Card title="谁看过我的材料">{own}</Card>
            {children}
            <Card title="拿一份走">
                <p>"这里有我们保存的关于您的全部内容，可以看，也可以存成文件。"</p>
                <Actions>
                    <ButtonLink href="/me/data/readable" kind="secondary">"看全部内容"</ButtonLink>
                    <ButtonLink href="/me/data/export" kind="secondary">"下载文件（JSON）"</ButtonLink>
                </Actions>
            </Card>
            <Card title="我的同意">
                <p>"同意过什么、什么时候同意的，都在这里，一项一项都可以收回。"</p>
                <a class="xw-alone" href="/me/consents">"看我同意过什么"</a>
            </Card>
            <Card title="改正">
                <p>"资料里的内容可以自己改。交上去的申请填错了，请打电话或到窗口改正。"</p>
                <a class="xw-alone" href="/me/profile">"改我的资料"</a>
            </Card>
            <Card title="保存多久"><ul>{kept}</ul></Card>
            <Card title="删除账号">
                <p>"账号和资料可以删除。已经交上去的申请，按救助档案的规定保存到期。"</p>
                <a class="xw-alone" href="/me/data/delete">"删除账号"</a>
            </Card>
        </Layout>
    }
}

/// Everything that is kept, to read: headings with lines of label and value.
pub fn readable(parts: &[(String, Vec<(String, String)>)]) -> impl IntoView + use<> {
    let cards = parts
        .iter()
        .map(|(title, lines)| {
            let rows = lines
                .iter()
                .map(|(label, value)| Answer {
                    label: label.clone(),
                    value: value.clone(),
                    href: None,
                    change_label: String::new(),
                })
                .collect();
            view! { <Answers title=title.clone() rows/> }
        })
        .collect_view();
    view! {
        <Layout title="保存的全部内容" back="/me/data">
            <Banner kind="warn" title="里面有证件号和住址"><p>"请在没有别人的地方看。"</p></Banner>
            {cards}
        </Layout>
    }
}

/// The question before the account goes.
pub fn delete(errors: &FormErrors) -> impl IntoView + use<> {
    let summary: Vec<_> = errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect();
    let error = errors.of("sure").map(sentence);
    view! {
        <Layout title="删除账号" back="/me/data" narrow=true>
            <ErrorSummary errors=summary/>
            <Card title="会发生什么">
                <ul>
                    <li>"您的资料、消息和没有交的草稿马上删除，谁也恢复不了。"</li>
                    <li>"交过的材料照片一起删除；还在办的申请，街道可能要您再交。"</li>
                    <li>"代办全部结束，所有设备退出登录。"</li>
                    <li>"已经交上去的申请还在办，凭编号和手机号后四位可以查；按规定保存到期后删除。"</li>
                    <li>"时间银行里存的时间先冻结，一分钟也不会少，但新账号里看不到。想留给别人用的，先到时间银行捐出去；要留凭据的，先出对账单和服务证明。"</li>
                    <li>"以后还可以用同一个号码或账号重新开始。"</li>
                </ul>
            </Card>
            <form method="post" action="/me/data/delete" novalidate class="xw-form">
                <Checkbox name="sure" label="我想好了，删除账号" error/>
                <Actions>
                    <Button kind="danger">"删除账号"</Button>
                    <ButtonLink href="/me/data" kind="secondary">"不删了"</ButtonLink>
                </Actions>
            </form>
        </Layout>
    }
}

/// It is gone.
pub fn deleted() -> impl IntoView {
    view! {
        <Layout title="账号已经删除" back="/">
            <Banner kind="good" title="账号已经删除"><p>"资料的钥匙已经销毁。交上去的申请，凭编号和手机号后四位仍然可以查。"</p></Banner>
            <Actions><ButtonLink href="/" kind="secondary">"回首页"</ButtonLink></Actions>
        </Layout>
    }
}
