//! Hours given to somebody else, and hours above the cap.

use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, ButtonLink, Choice, ErrorSummary, Field, Figure, Layout, Radios,
};
use crate::domain::timebank::{BankRules, GiftCircle, GiftForm, Kin, minutes_text};
use crate::pages::{Sent, choices};
use crate::text::timebank::kin_label;

/// Giving hours to somebody; `thanks` after it was done.
pub fn gift(
    sent: &Sent<GiftForm>,
    balance: i64,
    rules: &BankRules,
    key: &str,
    thanks: bool,
) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let [kin_e, name_e, phone_e, minutes_e] =
        ["kin", "name", "phone", "minutes"].map(|field| sent.error(field));
    let (errors, key, value) = (sent.summary(), key.to_owned(), minutes_text(balance));
    let hint = format!("按 {} 分钟的整数倍", rules.step);
    let thanks = thanks.then(|| {
        view! {
            <Banner kind="good" title="送到了">
                <p>"他会收到消息，可以用这些时间请人帮忙。谢谢您。"</p>
            </Banner>
        }
    });
    let kin = (rules.gift == GiftCircle::Lineal).then(|| {
        let options: Vec<Choice> = choices!(Kin::ALL, kin_label, |_| None);
        view! { <Radios name="kin" legend="他是您的什么人" options value=form.kin.clone() error=kin_e/> }
    });
    let body = if rules.gift == GiftCircle::Nobody {
        view! {
            <Banner kind="info" title="这里不能转赠">
                <p>"按现在的规则，时间不能送给别人。可以捐给时间池，给需要帮忙的人用。"</p>
            </Banner>
        }
        .into_any()
    } else {
        view! {
            <p>"送出去的时间拿不回来，请想好。对方要在这里登录过、核对过姓名。不能用时间换钱、换东西。"</p>
            <form method="post" action="/timebank/gift" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {kin}
                <Field name="name" label="对方的姓名" value=form.name error=name_e maxlength=60/>
                <Field name="phone" label="对方的手机号" hint="他在这里登录用的" inputmode="tel" value=form.phone error=phone_e maxlength=20/>
                <Field name="minutes" label="送多少分钟" hint inputmode="numeric" value=form.minutes error=minutes_e maxlength=10/>
                <Actions>
                    <Button>"送给他"</Button>
                    <ButtonLink href="/timebank" kind="secondary">"不送了"</ButtonLink>
                </Actions>
            </form>
        }
        .into_any()
    };
    view! {
        <Layout title="把时间送给家里人" back="/timebank" narrow=true>
            <ErrorSummary errors/>
            {thanks}
            <Figure label="我现在有" value/>
            {body}
        </Layout>
    }
}

/// What is above the cap: to give or to leave; `given` after it was given.
pub fn surplus(minutes: i64, given: bool, key: &str) -> impl IntoView + use<> {
    let act = |act: &'static str, words: &'static str, kind: &'static str| {
        let key = format!("{key}{act}");
        view! {
            <form method="post" action="/timebank/surplus" class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="act" value=act/>
                <Actions><Button kind>{words}</Button></Actions>
            </form>
        }
    };
    let body = if minutes > 0 {
        let value = minutes_text(minutes);
        view! {
            <Figure label="超过上限的" value/>
            <p>"一个人能存的时间有上限，这些超过了，所以没有记进您的账。可以捐给时间池，给没有存过时间、又需要帮忙的人用。不捐也没关系：服务记录和证明里，您的真实时间一分钟都不会少。"</p>
            {act("give", "捐给时间池", "primary")}
            {act("leave", "不捐，只留在记录里", "secondary")}
        }
        .into_any()
    } else if given {
        view! {
            <Banner kind="good" title="谢谢您">
                <p>"这些时间放进了时间池，留给没有存过时间、又需要帮忙的人。"</p>
            </Banner>
        }
        .into_any()
    } else {
        view! { <p>"现在没有超过上限的时间。"</p> }.into_any()
    };
    view! { <Layout title="超过上限的时间" back="/timebank" narrow=true>{body}</Layout> }
}
