//! Agreements at the counter: a relative's with the person's consent on paper, a guardian's with documents that were seen;
//! those of the person of a visit, and the clerk's own help.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Button, ButtonLink, Card, Checkbox, Choice, ErrorSummary, Field, OptionGroup, Radios, Select,
    StaffLayout, Tag,
};
use crate::domain::aid::Relation;
use crate::domain::counter::{AtHand, PaperForm};
use crate::domain::counter_visit::VisitForm;
use crate::domain::proxy::{EndReason, PaperSeen, ProxyKind, ProxyState, Scope};
use crate::pages::Sent;
use crate::pages::aid::DocumentFields;
use crate::pages::me::day_words;
use crate::ports::{ProxyLine, ProxySide};
use crate::text::aid::relation_label;
use crate::text::proxy::{
    GUARDIAN_CONSENT, kind_label, paper_label, reason_label, scope_label, scope_words, state_label,
};

fn options<T: Copy>(
    all: &[T],
    slug: impl Fn(T) -> &'static str,
    label: impl Fn(T) -> &'static str,
) -> Vec<OptionGroup> {
    let options = all.iter().map(|it| (slug(*it).to_owned(), label(*it).to_owned())).collect();
    vec![OptionGroup { label: String::new(), options }]
}

/// The services that somebody may act in, as boxes; the error of the whole group stands beside the first.
fn scopes(sent: &Sent<PaperForm>) -> impl IntoView + use<> {
    let form = &sent.form;
    let boxes = Scope::OPEN
        .iter()
        .enumerate()
        .map(|(at, scope)| {
            let value = match scope {
                Scope::Aid => &form.scope_aid,
                Scope::Marriage => &form.scope_marriage,
                Scope::Meals => &form.scope_meals,
                Scope::Timebank => &form.scope_timebank,
            };
            let (name, label) = (format!("scope_{}", scope.as_str()), scope_label(*scope));
            let error = sent.error("scope_aid").filter(|_| at == 0);
            view! { <Checkbox name label error checked=value == "yes"/> }
        })
        .collect_view();
    view! {
        <fieldset class="xw-field" aria-describedby="scope-hint">
            <legend class="xw-field__label">"替他办哪些事"</legend>
            <p class="xw-hint" id="scope-hint">"可以选几项"</p>
            {boxes}
        </fieldset>
    }
}

fn kind_and_paper(sent: &Sent<PaperForm>, at_hand: AtHand) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let (kind, paper) = (sent.error("kind"), sent.error("paper"));
    let kinds = (at_hand == AtHand::Nobody).then(|| {
        let choice = |kind: ProxyKind, hint: &str| Choice {
            value: kind.as_str().to_owned(),
            label: kind_label(kind).to_owned(),
            hint: Some(hint.to_owned()),
        };
        let options = vec![
            choice(ProxyKind::Relative, "本人成年，当面签同意书"),
            choice(ProxyKind::Guardian, "替未满 18 周岁的孩子办，看户口簿等材料"),
        ];
        view! { <Radios name="kind" legend="哪一种代办" options value=form.kind error=kind/> }
    });
    let papers = (at_hand != AtHand::Represented).then(|| {
        let seen: Vec<PaperSeen> = PaperSeen::ALL
            .iter()
            .copied()
            .filter(|seen| match at_hand {
                AtHand::Guardian => seen.proves(ProxyKind::Guardian),
                _ => *seen != PaperSeen::Spoken,
            })
            .collect();
        let groups = options(&seen, PaperSeen::as_str, paper_label);
        view! { <Select name="paper" label="看了哪种材料的原件" value=form.paper groups error=paper/> }
    });
    view! { {kinds}{papers} }
}

fn represented(sent: &Sent<PaperForm>, at_hand: AtHand) -> impl IntoView + use<> {
    (at_hand != AtHand::Represented).then(|| {
        let (kind_error, number_error) = (sent.error("document_kind"), sent.error("document_number"));
        let (name, birth_date) = (sent.error("name"), sent.error("birth_date"));
        let form = sent.form.clone();
        let whose = if at_hand == AtHand::Guardian { "孩子的姓名" } else { "本人的姓名" };
        view! {
            <Field name="name" label=whose hint="要办事的那个人，和证件上一样" value=form.name error=name/>
            <DocumentFields kind=form.document_kind number=form.document_number kind_error number_error/>
            <Field
                name="birth_date"
                label="出生日期"
                hint="填了身份证号的不用写；写成 2016-05-08 这样"
                value=form.birth_date
                error=birth_date
                optional=true
                inputmode="numeric"
            />
        }
    })
}

fn representative(sent: &Sent<PaperForm>, at_hand: AtHand) -> impl IntoView + use<> {
    (at_hand != AtHand::Guardian).then(|| {
        let (name, phone) = (sent.error("representative_name"), sent.error("representative_phone"));
        let form = sent.form.clone();
        let hint = if at_hand == AtHand::Nobody {
            "监护人要先在「核对证件」登记过"
        } else {
            "他用这个号码登录"
        };
        view! {
            <Field name="representative_name" label="代办人的姓名" value=form.representative_name error=name/>
            <Field
                name="representative_phone"
                label="代办人的手机号"
                hint
                value=form.representative_phone
                error=phone
                kind="tel"
                inputmode="tel"
            />
        }
    })
}

/// All fields of an agreement but those of the one who is known from the visit.
pub(super) fn fields(sent: &Sent<PaperForm>, at_hand: AtHand) -> impl IntoView + use<> {
    let (relation, ends_on) = (sent.error("relation"), sent.error("ends_on"));
    let (signed, consent) = (sent.error("signed"), sent.error("consent"));
    let form = sent.form.clone();
    let groups = options(Relation::ALL, Relation::as_str, relation_label);
    let (relation_words, end_hint, signed_words) = match at_hand {
        AtHand::Guardian => (
            "孩子是监护人的什么人",
            "不填就到孩子满 18 周岁为止；写成 2027-05-08 这样",
            "我看过材料原件，孩子的姓名和监护人都对得上",
        ),
        AtHand::Represented => (
            "本人是代办人的什么人",
            "最长一年，写成 2027-05-08 这样",
            "本人在我面前签了同意书，代办人已满 18 周岁",
        ),
        AtHand::Nobody => (
            "本人是代办人的什么人",
            "亲友代办最长一年；监护人代办不填，就到孩子满 18 周岁为止",
            "我看过材料原件，本人或监护人当面签了字，代办人已满 18 周岁",
        ),
    };
    let agreed = form.consent == "yes";
    let consents = (at_hand != AtHand::Represented).then(|| {
        let lines = GUARDIAN_CONSENT.iter().map(|line| view! { <li>{*line}</li> }).collect_view();
        let label = if at_hand == AtHand::Guardian {
            "监护人读过下面的同意书，同意"
        } else {
            "监护人代办：监护人读过下面的同意书，同意"
        };
        view! {
            <Checkbox name="consent" label checked=agreed error=consent/>
            <Card title="监护人同意书"><ul>{lines}</ul></Card>
        }
    });
    let (first, second) = (kind_and_paper(sent, at_hand), represented(sent, at_hand));
    let (third, fourth) = (representative(sent, at_hand), scopes(sent));
    view! {
        {first}
        {second}
        {third}
        <Select name="relation" label=relation_words value=form.relation groups error=relation/>
        {fourth}
        <Field name="ends_on" label="到哪一天为止" hint=end_hint value=form.ends_on error=ends_on optional=at_hand == AtHand::Guardian inputmode="numeric"/>
        <Checkbox name="signed" label=signed_words checked=form.signed == "yes" error=signed/>
        {consents}
    }
}

/// An agreement of the person of a visit, who agrees or is the guardian.
pub fn record(
    me: &Me,
    visit: &str,
    sent: &Sent<PaperForm>,
    at_hand: AtHand,
    key: &str,
) -> impl IntoView + use<> {
    let errors = sent.summary();
    let key = key.to_owned();
    let (title, slug, words) = match at_hand {
        AtHand::Guardian => (
            "登记监护人代办",
            "guardian",
            "这位居民是监护人，替未满 18 周岁的孩子办。孩子没有账号的，会当场建一个。",
        ),
        _ => (
            "登记亲友代办",
            "relative",
            "这位居民请别人替他办。登记以后双方都会收到消息，任何一方随时可以结束。",
        ),
    };
    let action = format!("/staff/counter/visit/{visit}/{slug}");
    let back = format!("/staff/counter/visit/{visit}");
    let fields = fields(sent, at_hand);
    view! {
        <StaffLayout title back name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Card label="说明"><p>{words}</p></Card>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {fields}
                <Actions><Button>"登记代办"</Button></Actions>
            </form>
        </StaffLayout>
    }
}

fn line(line: &ProxyLine) -> String {
    match (line.side, line.kind) {
        (ProxySide::Representative, ProxyKind::Guardian) => format!("他是孩子 {} 的监护人", line.other),
        (ProxySide::Representative, _) => format!("他替 {} 办", line.other),
        (ProxySide::Represented, _) => format!("{} 替他办", line.other),
    }
}

/// Who acts for the person of a visit, and for whom they act; and the way to end one on the person's word.
pub(super) fn of_visit(
    visit: &str,
    lines: &[ProxyLine],
    verified: bool,
    sent: &Sent<VisitForm>,
) -> impl IntoView + use<> {
    let path = |more: &str| format!("/staff/counter/visit/{visit}/{more}");
    let (to_end, to_relative, to_guardian) = (path("agreement/end"), path("relative"), path("guardian"));
    let shown = lines
        .iter()
        .filter(|it| it.kind != ProxyKind::Staff)
        .map(|it| {
            let kind = match it.state {
                ProxyState::Active => "good",
                ProxyState::Requested => "info",
                ProxyState::Refused | ProxyState::Ended => "plain",
            };
            let (state, what) = (state_label(it.state), kind_label(it.kind));
            let (until, scope) = (day_words(&it.ends_on), scope_words(&it.scope));
            let words = format!("{what}，{}：{scope}，到 {until} 为止", line(it));
            view! { <p><Tag kind>{state}</Tag>" "{words}</p> }
        })
        .collect_view();
    let none = lines.iter().all(|it| it.kind == ProxyKind::Staff);
    let none = none.then(|| view! { <p>"没有人替他办，他也没有替别人办。"</p> });
    let open: Vec<Choice> = lines
        .iter()
        .filter(|it| {
            it.kind != ProxyKind::Staff && matches!(it.state, ProxyState::Active | ProxyState::Requested)
        })
        .map(|it| Choice { value: it.id.clone(), label: line(it), hint: Some(scope_words(&it.scope)) })
        .collect();
    let end = (!open.is_empty()).then(|| {
        let (proxy, reason) = (sent.error("proxy"), sent.error("reason"));
        let groups = options(EndReason::ALL, EndReason::as_str, reason_label);
        view! {
            <form method="post" action=to_end novalidate class="xw-form">
                <Radios name="proxy" legend="本人要结束哪一个" options=open error=proxy/>
                <Select name="reason" label="为什么结束" groups error=reason/>
                <Actions><Button kind="secondary">"按本人的话结束代办"</Button></Actions>
            </form>
        }
    });
    let more = verified.then(|| {
        view! {
            <Actions>
                <ButtonLink href=to_relative kind="secondary">"他请家人代办"</ButtonLink>
                <ButtonLink href=to_guardian kind="secondary">"他是孩子的监护人"</ButtonLink>
            </Actions>
        }
    });
    view! {
        <Card title="代办">
            {shown}
            {none}
            {more}
            {end}
        </Card>
    }
}

/// The clerk's own help, for this visit alone.
pub(super) fn help(visit: &str, helping: bool, sent: &Sent<VisitForm>) -> impl IntoView + use<> {
    let action = format!("/staff/counter/visit/{visit}/help");
    let error = sent.error("help");
    let ask = (!helping).then(|| {
        let options = [PaperSeen::Spoken, PaperSeen::ConsentForm]
            .into_iter()
            .map(|seen| Choice {
                value: seen.as_str().to_owned(),
                label: paper_label(seen).to_owned(),
                hint: None,
            })
            .collect();
        view! { <Radios name="help" legend="本人怎样同意的" options error/> }
    });
    let words = if helping { "接着帮他填" } else { "开始帮他填" };
    view! {
        <Card title="当面帮他填">
            <p>"打开居民的页面替他填申请，只在这次接待里有效，接待结束就关上。能办："{scope_words(Scope::OPEN)}"。"</p>
            <p>"您和本人都会记下来，他会收到消息。没有交的内容，结束时一起删掉。"</p>
            <form method="post" action=action novalidate class="xw-form">
                {ask}
                <Actions><Button>{words}</Button></Actions>
            </form>
        </Card>
    }
}
