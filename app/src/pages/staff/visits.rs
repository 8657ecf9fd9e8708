//! `/staff/counter/visit…`: a resident's visit at the counter. What is shown is masked, and nothing of it stays in the browser.

use leptos::prelude::*;

use super::Me;
use super::counter::AT_THE_COUNTER;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Checkbox, ErrorSummary, Field, Figure, Hint, QrCard,
    StaffLayout, Tag,
};
use crate::domain::confirm::CardState;
use crate::domain::counter_visit::VisitForm;
use crate::domain::person::Assurance;
use crate::domain::staff::Post;
use crate::domain::time::{Instant, date_text};
use crate::pages::Sent;
use crate::pages::aid::DocumentFields;
use crate::ports::ProxyLine;
use crate::text::staff::place_name;

/// Whether a post serves the residents of an area at its counter: of its own area, and for a community also the rest of
/// its street, since a resident belongs to a street.
pub fn serves(post: &Post, area: &str) -> bool {
    AT_THE_COUNTER.contains(&post.role()) && (post.covers(area) || post.place().starts_with(area))
}

/// The resident of a visit, masked.
#[derive(Clone, Debug)]
pub struct VisitPage {
    /// The visit's secret, the address of its page.
    pub visit: String,
    /// The masked name, where it is known.
    pub name: Option<String>,
    /// The masked document, where it is known.
    pub document: Option<String>,
    /// The masked telephone, where there is one.
    pub phone: Option<String>,
    /// The street or district that the resident belongs to.
    pub area: String,
    /// How sure the service is of who it is.
    pub assurance: Assurance,
    /// The resident's cards, the newest first.
    pub cards: Vec<CardLine>,
    /// The idempotency key for the next card.
    pub key: String,
    /// Who acts for the resident, and for whom the resident acts, the newest first.
    pub agreements: Vec<ProxyLine>,
    /// The clerk fills in for the resident at the moment.
    pub helping: bool,
}

/// A card in the list.
#[derive(Clone, Debug)]
pub struct CardLine {
    /// The card's id.
    pub id: String,
    /// How it stands.
    pub state: CardState,
    /// Since when.
    pub issued_at: Instant,
    /// Until when its code holds.
    pub expires_at: Instant,
}

/// A card to print.
#[derive(Clone, Debug)]
pub struct PrintedCard {
    /// The holder's masked name.
    pub holder: String,
    /// The card's number.
    pub number: String,
    /// Who issued it.
    pub area: String,
    /// Until when it holds.
    pub expires_at: Instant,
    /// The signed QR code.
    pub qr_svg: String,
    /// The short code below it.
    pub short_code: String,
}

fn path(visit: &str, more: &str) -> String {
    format!("/staff/counter/visit/{visit}{more}")
}

/// Name and document as on the original, and that it was seen.
fn document_fields(sent: &Sent<VisitForm>) -> impl IntoView + use<> {
    let (name, birth_date, seen) = (sent.error("name"), sent.error("birth_date"), sent.error("seen"));
    let (kind_error, number_error) = (sent.error("document_kind"), sent.error("document_number"));
    let VisitForm { identity, seen: ticked, .. } = sent.form.clone();
    view! {
        <Field name="name" label="姓名" hint="和证件上一样" value=identity.name error=name/>
        <DocumentFields kind=identity.document_kind number=identity.document_number kind_error number_error/>
        <Field
            name="birth_date"
            label="出生日期"
            hint="填了身份证号的不用写；写成 1990-05-08 这样"
            value=identity.birth_date
            error=birth_date
            optional=true
            inputmode="numeric"
        />
        <Checkbox name="seen" label="我看过证件原件，是本人" error=seen checked=ticked == "yes"/>
    }
}

/// The page that begins a visit.
pub fn begin(me: &Me, sent: &Sent<VisitForm>, ended: bool) -> impl IntoView + use<> {
    let (errors, phone) = (sent.summary(), sent.error("phone"));
    let typed = sent.form.phone.clone();
    let fields = document_fields(sent);
    view! {
        <StaffLayout title="窗口接待" back="/staff/counter" name=me.name.clone() doors=me.doors() narrow=true>
            {ended.then(|| view! {
                <Banner kind="info" title="这次接待已经结束"><p>"要接着办，请重新找到这位居民。结束以后点的，没有办。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <form method="post" action="/staff/counter/visit" novalidate class="xw-form">
                <Field
                    name="phone"
                    label="居民的手机号"
                    hint="本人自己的号码；座机要带区号。没有电话的，这里不填，填下面的姓名和证件"
                    value=typed
                    error=phone
                    kind="tel"
                    inputmode="tel"
                />
                <Card title="没有电话的居民">{fields}</Card>
                <Actions><Button>"开始接待"</Button></Actions>
            </form>
            <Hint>"还没有账号的，会当场建一个。您找了谁、办了什么，都会记下来。"</Hint>
        </StaffLayout>
    }
}

fn row(label: &'static str, value: String) -> impl IntoView {
    view! { <div class="xw-pairs__row"><dt>{label}</dt><dd>{value}</dd></div> }
}

fn resident(page: &VisitPage) -> impl IntoView + use<> {
    let verified = page.assurance == Assurance::Verified;
    let tag = if verified {
        view! { <Tag kind="good">"证件已核对"</Tag> }.into_any()
    } else {
        view! { <Tag kind="warn">"证件还没有核对"</Tag> }.into_any()
    };
    let unknown = || "还没有填".to_owned();
    let rows = [
        row("姓名", page.name.clone().unwrap_or_else(unknown)),
        row("证件", page.document.clone().unwrap_or_else(unknown)),
        row("电话", page.phone.clone().unwrap_or_else(|| "没有".to_owned())),
        row("归属", place_name(&page.area)),
    ]
    .into_iter()
    .collect_view();
    view! {
        <Card title="这位居民">
            <div class="xw-tags">{tag}</div>
            <dl class="xw-pairs">{rows}</dl>
        </Card>
    }
}

fn cards(page: &VisitPage) -> impl IntoView + use<> {
    let action = path(&page.visit, "/card");
    let holds = page.cards.iter().find(|card| card.state == CardState::Active);
    let lines = page
        .cards
        .iter()
        .map(|card| {
            let (kind, word) = match card.state {
                CardState::Active => ("good", "可以用"),
                CardState::Replaced => ("plain", "已换新卡"),
                CardState::Lost => ("plain", "已挂失"),
            };
            let words = format!(
                "{} 办，有效到 {}",
                card.issued_at.shanghai_text(),
                date_text(card.expires_at.shanghai_date())
            );
            view! { <p><Tag kind=kind>{word}</Tag>" "{words}</p> }
        })
        .collect_view();
    let more = holds.map(|card| {
        let lost = path(&page.visit, "/card/lost");
        let (id, print) = (card.id.clone(), path(&page.visit, "/card"));
        view! {
            <Actions><ButtonLink href=print>"打印这张卡"</ButtonLink></Actions>
            <form method="post" action=lost>
                <input type="hidden" name="card" value=id/>
                <Actions><Button kind="secondary">"卡丢了，挂失"</Button></Actions>
            </form>
        }
    });
    let (words, kind) = if holds.is_some() {
        ("换一张新卡，旧卡马上失效", "secondary")
    } else {
        ("办一张卡", "primary")
    };
    let key = page.key.clone();
    view! {
        <Card title="民政服务卡">
            <p>"给没有手机的居民：纸上一个带签章的二维码，别人扫一下就能核对。"</p>
            {lines}
            {more}
            <form method="post" action=action>
                <input type="hidden" name="idempotency_key" value=key/>
                <Actions><Button kind>{words}</Button></Actions>
            </form>
        </Card>
    }
}

/// A card on paper, A5.
pub fn card(me: &Me, visit: &str, card: &PrintedCard) -> impl IntoView + use<> {
    let PrintedCard { holder, number, area, expires_at, qr_svg, short_code } = card.clone();
    let shown = crate::text::case_number(&number);
    let short = crate::text::short_code(&short_code);
    let (holder, issued) = (format!("持卡人：{holder}"), format!("发卡：{}", place_name(&area)));
    let until = format!("有效到：{}", date_text(expires_at.shanghai_date()));
    view! {
        <StaffLayout title="民政服务卡" back=path(visit, "") name=me.name.clone() doors=me.doors() narrow=true>
            <Card label="卡">
                <Figure label="编号" value=shown/>
                <p>{holder}</p>
                <p>{issued}</p>
                <p>{until}</p>
            </Card>
            <QrCard svg=qr_svg short_code=short caption="用手机相机扫一下，就能核对这张卡。丢了请到社区或街道窗口挂失、换卡。"/>
            <div class="xw-screen-only"><Hint>"用浏览器菜单里的「打印」，纸张选 A5，按钮和这些说明不会印出来。"</Hint></div>
        </StaffLayout>
    }
}

fn end_form(visit: &str) -> impl IntoView + use<> {
    let visit = visit.to_owned();
    view! {
        <form method="post" action="/staff/counter/end">
            <input type="hidden" name="visit" value=visit/>
            <Actions><Button kind="secondary">"结束接待"</Button></Actions>
        </form>
        <Hint>"居民离开前请结束接待，屏幕和浏览器里就不留下他的资料。"</Hint>
    }
}

/// The page of a visit. `other` is the masked name of the account whose document was typed, where it is another one's.
pub fn visit(
    me: &Me,
    page: &VisitPage,
    sent: &Sent<VisitForm>,
    other: Option<String>,
) -> impl IntoView + use<> {
    let errors = sent.summary();
    let verified = page.assurance == Assurance::Verified;
    let other = other.map(|name| {
        let title = format!("这份证件是「{name}」的账号的");
        view! {
            <Banner kind="warn" title=title>
                <p>"如果是同一个人，请结束这次接待，电话不填，用姓名和证件重新开始，就会打开那个账号。"</p>
            </Banner>
        }
    });
    let identity = (!verified).then(|| {
        let fields = document_fields(sent);
        let action = path(&page.visit, "/identity");
        view! {
            <Card title="核对证件">
                <form method="post" action=action novalidate class="xw-form">
                    {fields}
                    <Actions><Button>"证件已核对"</Button></Actions>
                </form>
            </Card>
        }
    });
    let cards = verified.then(|| cards(page));
    let help = verified.then(|| super::agreements::help(&page.visit, page.helping, sent));
    let agreements = super::agreements::of_visit(&page.visit, &page.agreements, verified, sent);
    let phone = verified.then(|| super::visit_phone::link(&page.visit));
    let (resident, end) = (resident(page), end_form(&page.visit));
    view! {
        <StaffLayout title="接待中" back="/staff/counter" name=me.name.clone() doors=me.doors() narrow=true>
            {other}
            <ErrorSummary errors/>
            {resident}
            {identity}
            {help}
            {agreements}
            {cards}
            {phone}
            {end}
        </StaffLayout>
    }
}
