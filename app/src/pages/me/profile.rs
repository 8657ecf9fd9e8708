//! `/me/profile…`: what is kept with the account, each value in one place.

use leptos::prelude::*;

use super::consents;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Choice, ErrorSummary, Field, Hint,
    Layout, Radios,
};
use crate::domain::aid::{MAX_MEMBERS, MemberForm};
use crate::domain::area;
use crate::domain::consents::{ConsentKind, ConsentText, current};
use crate::domain::person::{HomeForm, IdentityForm, NeedsForm, Profile, Reach};
use crate::islands::LiveChecks;
use crate::pages::Sent;
use crate::pages::aid::{DocumentFields, MemberFields, PlaceFields, masked_document, relation_words};

/// The account as the page shows it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The masked telephone number; empty where none is known.
    pub phone: String,
    /// A code to that number opens the account. Otherwise a provider told it, and it is only rung or written to.
    pub phone_opens: bool,
    /// The document was seen, or a provider vouched for the name.
    pub verified: bool,
    /// What is kept.
    pub profile: Profile,
    /// The id that the next household member gets.
    pub new_member: String,
}

/// What kind of number the account has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// One that gets text messages.
    Mobile,
    /// One that is spoken to.
    Landline,
    /// None is known.
    None,
}

impl Number {
    /// Whether somebody with such a number can be reached like that.
    fn allows(self, reach: Reach) -> bool {
        match reach {
            Reach::Text => self == Self::Mobile,
            Reach::Voice => self == Self::Landline,
            Reach::Call => self != Self::None,
            Reach::Letter | Reach::Inbox => true,
        }
    }
}

fn answer(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, href: None, change_label: String::new() }
}

fn reach_label(reach: Reach) -> &'static str {
    match reach {
        Reach::Text => "发短信",
        Reach::Voice => "打座机念给我听",
        Reach::Call => "请社区工作人员打电话",
        Reach::Letter => "寄信或送信上门",
        Reach::Inbox => "不用通知，我自己上来看",
    }
}

fn address_words(home: &HomeForm) -> String {
    let street = area::street(&home.street).map(|s| s.name).unwrap_or_default();
    let community = area::community(&home.community).map(area::Community::short_name).unwrap_or_default();
    format!("{street}{community}{}", home.detail)
}

/// The overview.
pub fn profile(kept: &Kept) -> impl IntoView + use<> {
    let Kept { phone, phone_opens, verified, profile, new_member } = kept.clone();
    let identity = profile.identity.clone().unwrap_or_default();
    let mut rows = vec![
        answer("姓名", identity.name.clone()),
        answer(
            "证件",
            if identity.document_number.is_empty() {
                String::new()
            } else {
                masked_document(&identity.document_kind, &identity.document_number)
            },
        ),
    ];
    if !identity.birth_date.is_empty() {
        rows.push(answer("出生日期", identity.birth_date.clone()));
    }
    rows.push(answer("实名", if verified { "已核对证件".into() } else { "自己填写，还没有核对证件".into() }));
    let home_rows = vec![answer("住址", profile.home.as_ref().map(address_words).unwrap_or_default())];
    let needs = profile.needs.clone().unwrap_or_default();
    let wanted: Vec<&str> = [
        (&needs.large_text, "大字"),
        (&needs.hearing, "听力不便"),
        (&needs.wheelchair, "坐轮椅"),
        (&needs.no_smartphone, "没有智能手机"),
    ]
    .into_iter()
    .filter(|(value, _)| *value == "yes")
    .map(|(_, words)| words)
    .collect();
    let needs_rows = vec![
        answer("需要照顾", wanted.join("、")),
        answer("怎样联系我", profile.reach().map(reach_label).unwrap_or_default().into()),
    ];
    let members = profile
        .members
        .iter()
        .map(|(id, form)| {
            let rows = vec![
                answer("关系", relation_words(&form.relation).into()),
                answer("证件", masked_document(&form.document_kind, &form.document_number)),
            ];
            let remove = format!("去掉{}", form.name);
            let name = form.name.clone();
            let (edit, action) =
                (format!("/me/profile/household/{id}"), format!("/me/profile/household/{id}/remove"));
            view! {
                <Card label=form.name.clone()>
                    <Answers title=name rows edit/>
                    <form method="post" action=action><Button kind="quiet">{remove}</Button></form>
                </Card>
            }
        })
        .collect_view();
    let add = (profile.members.len() < MAX_MEMBERS).then(|| {
        view! { <ButtonLink href=format!("/me/profile/household/{new_member}") kind="secondary">"添加一位家人"</ButtonLink> }
    });
    let number = (!phone.is_empty()).then(|| {
        let title = if phone_opens { "登录号码" } else { "联系电话" };
        let edit = if phone_opens { "/me/profile/phone" } else { "" };
        view! { <Answers title=title rows=vec![answer("号码", phone)] edit=edit/> }
    });
    view! {
        <Layout title="我的资料" back="/me" narrow=true>
            {number}
            <Answers title="我是谁" rows edit="/me/profile/identity"/>
            <Answers title="住在哪里" rows=home_rows edit="/me/profile/address"/>
            <Answers title="怎样更方便" rows=needs_rows edit="/me/profile/needs"/>
            {members}
            <Actions>{add}</Actions>
            <Hint>"这些资料是您同意了才存的，"<a href="/me/consents">"随时可以收回同意"</a>"。"</Hint>
            <Hint>"这些资料只用来替您把表填好。办事时交上去的内容，以当时填的为准。"</Hint>
        </Layout>
    }
}

/// Name and document.
pub fn identity(
    sent: &Sent<IdentityForm>,
    verified: bool,
    asked: Option<&'static ConsentText>,
) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (name, birth_date) = (sent.error("name"), sent.error("birth_date"));
    let (kind_error, number_error) = (sent.error("document_kind"), sent.error("document_number"));
    let Sent { form, .. } = sent.clone();
    view! {
        <Layout title="我是谁" back="/me/profile" islands=true narrow=true>
            {verified.then(|| view! {
                <Banner kind="warn" title="您的证件已经核对过"><p>"改了姓名或证件号码，要重新带证件到窗口核对。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <LiveChecks>
                <form method="post" action="/me/profile/identity" novalidate class="xw-form">
                    <Field name="name" label="姓名" hint="和证件上一样" value=form.name error=name autocomplete="name" check="name"/>
                    <DocumentFields kind=form.document_kind number=form.document_number kind_error number_error/>
                    <Field
                        name="birth_date"
                        label="出生日期"
                        hint="填了身份证号的不用写；写成 1990-05-08 这样"
                        value=form.birth_date
                        error=birth_date
                        optional=true
                        inputmode="numeric"
                    />
                    {consents::asked(asked)}
                    <Actions><Button>{consents::keep_words(asked)}</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
}

/// The home's address.
pub fn address(sent: &Sent<HomeForm>, asked: Option<&'static ConsentText>) -> impl IntoView + use<> {
    let summary = sent.summary();
    let errors = [sent.error("street"), sent.error("community"), sent.error("detail")];
    let Sent { form, .. } = sent.clone();
    view! {
        <Layout title="住在哪里" back="/me/profile" islands=true narrow=true>
            <ErrorSummary errors=summary/>
            <LiveChecks>
                <form method="post" action="/me/profile/address" novalidate class="xw-form">
                    <PlaceFields
                        prefix=""
                        street=form.street
                        community=form.community
                        detail=form.detail
                        errors
                        outside=true
                        detail_label="详细地址"
                        detail_hint="路名、门牌号、楼号、房号"
                    />
                    {consents::asked(asked)}
                    <Actions><Button>{consents::keep_words(asked)}</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
}

/// What makes the service easier.
pub fn needs(
    sent: &Sent<NeedsForm>,
    number: Number,
    asked: Option<&'static ConsentText>,
) -> impl IntoView + use<> {
    let errors = sent.summary();
    let reach_error = sent.error("reach");
    let messages = current(ConsentKind::Messages);
    let Sent { form, .. } = sent.clone();
    let options: Vec<Choice> = Reach::ALL
        .iter()
        .filter(|reach| number.allows(**reach))
        .map(|reach| Choice { value: reach.as_str().into(), label: reach_label(*reach).into(), hint: None })
        .collect();
    let yes = |value: &str| value == "yes";
    view! {
        <Layout title="怎样更方便" back="/me/profile" narrow=true>
            <ErrorSummary errors/>
            <form method="post" action="/me/profile/needs" novalidate class="xw-form">
                <Checkbox name="large_text" label="我要大字" hint="保存以后，这台设备换成长辈版" checked=yes(&form.large_text)/>
                <Checkbox name="hearing" label="我听力不便" hint="工作人员会优先发文字" checked=yes(&form.hearing)/>
                <Checkbox name="wheelchair" label="我坐轮椅" hint="预约时会安排无障碍的地方" checked=yes(&form.wheelchair)/>
                <Checkbox name="no_smartphone" label="我没有智能手机" hint="会用电话、信件或纸质卡片代替" checked=yes(&form.no_smartphone)/>
                <Radios name="reach" legend="有事怎样联系您" value=form.reach options error=reach_error/>
                <Hint>{messages.asked.trim().to_owned()}</Hint>
                {consents::asked(asked)}
                <Actions><Button>{consents::keep_words(asked)}</Button></Actions>
            </form>
        </Layout>
    }
}

/// One household member.
pub fn member(
    id: &str,
    sent: &Sent<MemberForm>,
    asked: Option<&'static ConsentText>,
) -> impl IntoView + use<> {
    let action = format!("/me/profile/household/{id}");
    let errors = sent.summary();
    let sent = sent.clone();
    view! {
        <Layout title="一起生活的家人" back="/me/profile" islands=true narrow=true>
            <ErrorSummary errors/>
            <LiveChecks>
                <form method="post" action=action novalidate class="xw-form">
                    <MemberFields sent/>
                    {consents::asked(asked)}
                    <Actions><Button>{consents::keep_words(asked)}</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
}
