//! Hours that are used: ordering a service, giving some away.

use leptos::prelude::*;

use crate::components::Choice;
use crate::components::{
    Actions, Banner, Button, ButtonLink, ErrorSummary, Field, Figure, Layout, OptionGroup, Radios, Select,
    TextArea,
};
use crate::domain::area;
use crate::domain::timebank::{
    BankRules, LENGTHS, Language, OrderForm, SELF, Skill, minutes_text, service_kinds,
};
use crate::pages::{Sent, choices};
use crate::text::timebank::{language_label, skill_label, whom_label};

/// Why somebody cannot order yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// Their name was not checked.
    NotVerified,
    /// They are younger than this.
    TooYoung(i16),
}

fn not_now(why: NotNow) -> AnyView {
    match why {
        NotNow::NotVerified => view! {
            <Banner kind="warn" title="还差一步：核对姓名">
                <p>"用时间换服务要实名。请带身份证到社区或街道窗口，当面看一眼就行。"</p>
            </Banner>
        }
        .into_any(),
        NotNow::TooYoung(age) => {
            let title = format!("满 {age} 周岁可以用");
            view! {
                <Banner kind="info" title>
                    <p>"存的时间一直在，到了年龄就能用。现在就需要人帮忙的，请打电话给社区，不用时间也可以。"</p>
                </Banner>
            }
            .into_any()
        }
    }
}

/// The order form.
pub fn order(
    sent: &Sent<OrderForm>,
    balance: i64,
    rules: &BankRules,
    key: &str,
    why: Option<NotNow>,
) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let plain = |options: Vec<(String, String)>| vec![OptionGroup { label: String::new(), options }];
    let streets = plain(area::streets().iter().map(|of| (of.code.into(), of.name.into())).collect());
    let communities: Vec<_> = area::streets()
        .iter()
        .map(|street| OptionGroup {
            label: street.name.to_owned(),
            options: area::communities_of(street.code)
                .iter()
                .map(|community| (community.code.into(), community.short_name().into()))
                .collect(),
        })
        .collect();
    let kinds = plain(service_kinds().iter().map(|kind| (kind.slug.clone(), kind.name.clone())).collect());
    let lengths = LENGTHS.iter().filter(|minutes| rules.is_step(**minutes));
    let lengths = plain(lengths.map(|minutes| (minutes.to_string(), minutes_text(*minutes))).collect());
    let skills = plain(Skill::ALL.iter().map(|of| (of.as_str().into(), skill_label(*of).into())).collect());
    let languages = choices!(Language::ALL, language_label, |_| None);
    let [
        whom_e,
        name_e,
        phone_e,
        street_e,
        community_e,
        detail_e,
        kind_e,
        day_e,
        starts_e,
        minutes_e,
        language_e,
        skill_e,
        note_e,
    ] = [
        "whom",
        "name",
        "phone",
        "street",
        "community",
        "detail",
        "kind",
        "day",
        "starts",
        "minutes",
        "language",
        "skill",
        "note",
    ]
    .map(|field| sent.error(field));
    let others = (!rules.spend_for.is_empty()).then(|| {
        let options = std::iter::once(SELF.to_owned())
            .chain(rules.spend_for.iter().cloned())
            .map(|whom| Choice { label: whom_label(&whom).to_owned(), value: whom, hint: None })
            .collect();
        view! {
            <Radios name="whom" legend="给谁" options value=form.whom.clone() error=whom_e/>
            <Field name="name" label="姓名" hint="给自己的不用填" value=form.name.clone() error=name_e optional=true maxlength=60/>
            <Field name="phone" label="电话" hint="给自己的不用填" inputmode="tel" value=form.phone.clone() error=phone_e optional=true maxlength=20/>
        }
    });
    let key = key.to_owned();
    let body = match why {
        Some(why) => not_now(why),
        None => view! {
            <form method="post" action="/timebank/order" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {others}
                <Select name="kind" label="请人做什么" groups=kinds value=form.kind error=kind_e/>
                <Field name="day" label="哪一天" hint="比如 2026-12-01" value=form.day error=day_e maxlength=30/>
                <Field name="starts" label="几点开始" hint="比如 9:00" value=form.starts error=starts_e maxlength=10/>
                <Select name="minutes" label="大约多久" groups=lengths value=form.minutes error=minutes_e/>
                <Select name="street" label="街道" groups=streets value=form.street error=street_e/>
                <Select name="community" label="社区" groups=communities value=form.community error=community_e/>
                <Field name="detail" label="门牌" value=form.detail error=detail_e maxlength=200/>
                <Radios name="language" legend="说什么话" options=languages value=form.language error=language_e/>
                <Select name="skill" label="要会什么" groups=skills value=form.skill error=skill_e optional=true empty="没有特别的"/>
                <TextArea name="note" label="要留意什么" value=form.note error=note_e optional=true rows=3/>
                <p class="xw-hint">"时间先留着，做完您确认了才用掉；用不完的退回来，取消的全部退回来。"</p>
                <Actions><Button>"订这次服务"</Button></Actions>
            </form>
        }
        .into_any(),
    };
    let (value, errors) = (minutes_text(balance), sent.summary());
    view! {
        <Layout title="用时间换服务" back="/timebank" narrow=true>
            <ErrorSummary errors/>
            <Figure label="我现在有" value/>
            {body}
        </Layout>
    }
}

/// Giving hours to the pool; `thanks` after it was done.
pub fn donate(
    sent: &Sent<String>,
    balance: i64,
    rules: &BankRules,
    key: &str,
    thanks: bool,
) -> impl IntoView + use<> {
    let (error, errors) = (sent.error("minutes"), sent.summary());
    let (typed, key, value) = (sent.form.clone(), key.to_owned(), minutes_text(balance));
    let hint = format!("按 {} 分钟的整数倍", rules.step);
    let thanks = thanks.then(|| {
        view! {
            <Banner kind="good" title="谢谢您">
                <p>"您的时间放进了时间池，留给没有存过时间、又需要帮忙的人。"</p>
            </Banner>
        }
    });
    view! {
        <Layout title="捐时间" back="/timebank" narrow=true>
            <ErrorSummary errors/>
            {thanks}
            <Figure label="我现在有" value/>
            <p>"捐出去的时间，给没有存过时间、又需要帮忙的人用。捐了拿不回来，请想好；不捐也没关系，没有人看得到。"</p>
            <form method="post" action="/timebank/donate" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="minutes" label="捐多少分钟" hint inputmode="numeric" value=typed error maxlength=10/>
                <Actions>
                    <Button>"捐给时间池"</Button>
                    <ButtonLink href="/timebank" kind="secondary">"不捐了"</ButtonLink>
                </Actions>
            </form>
        </Layout>
    }
}
