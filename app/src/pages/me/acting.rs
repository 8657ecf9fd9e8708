//! `/me/acting…`: acting for someone (亲友代办), both sides on one page; and the request.

use jiff::civil::Date;
use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Field, Hint, Layout,
    OptionGroup, Select, Tag,
};
use crate::domain::aid::Relation;
use crate::domain::proxy::{ProxyForm, ProxyKind, ProxyState, Scope};
use crate::domain::time::date_text;
use crate::islands::LiveChecks;
use crate::pages::Sent;
use crate::ports::{ProxyLine, ProxySide};
use crate::text::aid::relation_label;
use crate::text::proxy::{kind_label, scope_words, state_label};

/// A day as kept, in words.
pub(crate) fn day_words(day: &str) -> String {
    day.parse::<Date>().map(date_text).unwrap_or_default()
}

fn line(line: &ProxyLine, acting: bool) -> impl IntoView + use<> {
    let title = match line.side {
        ProxySide::Representative if line.kind == ProxyKind::Guardian => {
            format!("我是孩子 {} 的监护人", line.other)
        }
        ProxySide::Representative => format!("我替 {} 办", line.other),
        ProxySide::Represented => format!("{} 替我办", line.other),
    };
    let kind = match line.state {
        ProxyState::Active => "good",
        ProxyState::Requested => "info",
        ProxyState::Refused | ProxyState::Ended => "plain",
    };
    let (state, scope) = (state_label(line.state), scope_words(&line.scope));
    let until = format!("到 {} 为止", day_words(&line.ends_on));
    let what = kind_label(line.kind);
    let begin = (line.state == ProxyState::Active && line.side == ProxySide::Representative && !acting).then(|| {
        let words = format!("现在替 {} 办事", line.other);
        view! {
            <form method="post" action=format!("/me/acting/{}/begin", line.id)><Actions><Button>{words}</Button></Actions></form>
        }
    });
    let open = matches!(line.state, ProxyState::Active | ProxyState::Requested);
    let end = open.then(|| {
        let words = match (line.state, line.side) {
            (ProxyState::Requested, _) => "撤回申请",
            (_, ProxySide::Representative) => "以后不再代办",
            (_, ProxySide::Represented) => "不让他再代办",
        };
        view! {
            <form method="post" action=format!("/me/acting/{}/end", line.id)><Button kind="quiet">{words}</Button></form>
        }
    });
    view! {
        <Card title>
            <p><Tag kind=kind>{state}</Tag>" "{what}</p>
            <p>{scope}"，"{until}</p>
            {begin}
            {end}
        </Card>
    }
}

/// The list. `acting_for` is the masked name of the person acted for at the moment; `name_known` says whether the
/// resident's own name is in the profile, which a request needs.
pub fn acting(
    lines: &[ProxyLine],
    acting_for: Option<String>,
    name_known: bool,
    message: Option<String>,
) -> impl IntoView + use<> {
    let acting_now = acting_for.is_some();
    let cards = lines.iter().map(|it| line(it, acting_now)).collect_view();
    let list = if lines.is_empty() {
        view! { <Empty title="还没有代办" hint="家里老人不会用手机，您可以替他办；您自己的事，也可以请家人来办。"/> }.into_any()
    } else {
        cards.into_any()
    };
    let stop = acting_for.map(|name| {
        view! {
            <Banner kind="warn" title=format!("您正在替 {name} 办事")>
                <form method="post" action="/me/acting/stop"><Button kind="secondary">"结束这次代办"</Button></form>
            </Banner>
        }
    });
    let ask = if name_known {
        view! { <Actions><ButtonLink href="/me/acting/new" kind="secondary">"申请替家人办"</ButtonLink></Actions> }.into_any()
    } else {
        view! {
            <Banner kind="info" title="先填一下您的姓名"><p>"对方要知道是谁想替他办事。"</p></Banner>
            <Actions><ButtonLink href="/me/profile/identity" kind="secondary">"去填姓名"</ButtonLink></Actions>
        }
        .into_any()
    };
    let message = message.map(|text| {
        view! { <Banner kind="info" title="演示：本该发到对方手机上的消息"><p class="xw-copy">{text}</p></Banner> }
    });
    view! {
        <Layout title="代办" back="/me">
            {stop}
            {message}
            {list}
            {ask}
            <Hint>"没有手机的家人，可以请他带身份证到社区或街道窗口，当面同意。未满 18 周岁的孩子，请监护人带身份证件和户口簿到窗口登记。"</Hint>
        </Layout>
    }
}

/// The request.
pub fn ask(sent: &Sent<ProxyForm>, key: &str) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (name, phone, relation) = (sent.error("name"), sent.error("phone"), sent.error("relation"));
    let (error_of_scope, ends_on) = (sent.error("scope_aid"), sent.error("ends_on"));
    let Sent { form, .. } = sent.clone();
    let key = key.to_owned();
    let relations = vec![OptionGroup {
        label: String::new(),
        options: Relation::ALL
            .iter()
            .map(|r| (r.as_str().to_owned(), relation_label(*r).to_owned()))
            .collect(),
    }];
    let scopes = Scope::OPEN
        .iter()
        .map(|scope| {
            let value = match scope {
                Scope::Aid => &form.scope_aid,
                Scope::Marriage => &form.scope_marriage,
                Scope::Meals => &form.scope_meals,
                Scope::Timebank => &form.scope_timebank,
            };
            let (name, label) =
                (format!("scope_{}", scope.as_str()), crate::text::proxy::scope_label(*scope));
            let checked = value == "yes";
            // The error of the whole group stands beside its first box.
            let error = error_of_scope.clone().filter(|_| *scope == Scope::Aid);
            view! { <Checkbox name label error checked/> }
        })
        .collect_view();
    view! {
        <Layout title="申请替家人办" back="/me/acting" islands=true narrow=true>
            <ErrorSummary errors/>
            <Card label="说明">
                <p>"对方的手机会收到一条消息，在自己的手机上填了同意码才生效。办每件事双方都会收到消息，随时可以结束。"</p>
            </Card>
            <LiveChecks>
                <form method="post" action="/me/acting/new" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Field name="name" label="对方的姓名" value=form.name error=name check="name"/>
                    <Field
                        name="phone"
                        label="对方自己的手机号"
                        hint="没有手机就填座机号，我们打电话念给他听"
                        value=form.phone
                        error=phone
                        kind="tel"
                        inputmode="tel"
                        check="contact"
                    />
                    <Select name="relation" label="对方是您的什么人" value=form.relation groups=relations error=relation/>
                    <fieldset class="xw-field" aria-describedby="scope-hint">
                        <legend class="xw-field__label">"替他办哪些事"</legend>
                        <p class="xw-hint" id="scope-hint">"可以选几项"</p>
                        {scopes}
                    </fieldset>
                    <Field name="ends_on" label="到哪一天为止" hint="最长一年，写成 2027-05-08 这样" value=form.ends_on error=ends_on inputmode="numeric"/>
                    <Actions><Button>"发给对方"</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
}
