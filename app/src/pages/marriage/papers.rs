//! Three questions and the exact list of papers; with an office, a sheet to take along.

use jiff::civil::Date;
use leptos::prelude::*;

use super::offices::facts;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Choice, ErrorSummary, Fact, Facts, Layout, Radios,
};
use crate::domain::marriage::{Advice, Matter, Office, OfficeMode, Paper, PapersForm, Parties, Questions};
use crate::domain::time::date_text;
use crate::pages::{Sent, choices};
use crate::text::marriage::{
    background_label, background_question, matter_label, papers_title, parties_label,
};

/// The questions. What is answered is looked at once and kept nowhere.
pub fn questions(matter: Matter, sent: &Sent<PapersForm>, office: Option<&Office>) -> impl IntoView + use<> {
    let form = sent.form.clone();
    let [parties, soldier, background] = ["parties", "soldier", "background"].map(|field| sent.error(field));
    let choice = |value: &str, label: &str| Choice { value: value.into(), label: label.into(), hint: None };
    let soldiers = vec![choice("no", "没有"), choice("yes", "有")];
    let groups = choices!(Parties::ALL, parties_label, |_| None);
    let backgrounds = choices!(matter.backgrounds(), background_label, |_| None);
    let for_office = office.map(|office| {
        view! {
            <p>{format!("为去“{}”做准备。", office.name)}</p>
            <input type="hidden" name="office" value=office.code.clone()/>
        }
    });
    let errors = sent.summary();
    view! {
        <Layout title=papers_title(matter) back="/marriage" narrow=true quiet=true>
            <ErrorSummary errors/>
            <p class="xw-lead">"答三个问题，就知道带什么。答案只用来列单子，不保存。"</p>
            <form method="post" action=format!("/marriage/papers/{}", matter.as_str()) novalidate class="xw-form">
                {for_office}
                <Radios name="parties" legend="你们两位是？" options=groups value=form.parties error=parties/>
                <Radios name="soldier" legend="有现役军人吗？" options=soldiers value=form.soldier error=soldier/>
                <Radios name="background" legend=background_question(matter) options=backgrounds value=form.background error=background/>
                <Actions><Button>"看看带什么"</Button></Actions>
            </form>
        </Layout>
    }
}

fn day_words(day: Date) -> String {
    format!("{} 年 {} 月 {} 日", day.year(), day.month(), day.day())
}

fn paper(paper: &Paper) -> Fact {
    Fact {
        title: paper.name.into(),
        body: paper.note.into(),
        source: paper.source.into(),
        since: format!("{}起", day_words(paper.since)),
        sample: false,
    }
}

fn refusal(
    kind: &'static str,
    title: &'static str,
    reason: &'static str,
    source: &str,
) -> impl IntoView + use<> {
    let source = format!("依据：{source}");
    view! { <Banner kind title><p>{reason}</p><p>{source}</p></Banner> }
}

fn list(advice: &Advice, matter: Matter) -> AnyView {
    match advice {
        Advice::Papers { papers, named_offices_only } => {
            let named = named_offices_only.then(|| {
                view! {
                    <Banner kind="warn" title="不是每一家都能办">
                        <p>"要去《婚姻登记条例》第二条第二款指定的登记处。去之前先打电话确认。"</p>
                        <p><a href="/marriage/offices?foreign=yes">"找能办涉外、港澳台和华侨的登记处"</a></p>
                    </Banner>
                }
            });
            let facts: Vec<_> = papers.iter().map(paper).collect();
            let none = (matter == Matter::Counselling)
                .then(|| view! { <p>"辅导没有规定要带的材料；带上身份证，方便核对预约。"</p> });
            view! { {named} <Card title="要带的">{none}<Facts facts/></Card> }.into_any()
        }
        Advice::Refused { reason, source } => refusal("warn", "登记处不能办", reason, source).into_any(),
        Advice::Ask { reason, source } => refusal("info", "先问一问", reason, source).into_any(),
    }
}

/// What to bring.
pub fn papers(questions: &Questions, day: Date, office: Option<&Office>) -> impl IntoView + use<> {
    let matter = questions.matter;
    let list = list(&questions.advice(day), matter);
    let title = match office {
        Some(_) => format!("{}准备单", matter_label(matter)),
        None => papers_title(matter),
    };
    let sheet = office.map(|office| {
        let takes = office.matters.contains(&matter)
            && (questions.parties == Parties::Mainland || office.foreign_related);
        let unfit = (!takes).then(|| {
            view! { <Banner kind="warn" title="这一家可能不办这件事"><p>"登记的信息里没有这一项，请先打电话问，或者另找一家。"</p></Banner> }
        });
        let no_booking = (office.mode == OfficeMode::Elsewhere).then(|| {
            let own = if office.booking_url.is_empty() {
                "请打他们的电话预约或者问能不能直接去。"
            } else {
                "要预约，请用下面这一家自己的网址或电话。"
            };
            view! {
                <Banner kind="warn" title="这不是预约">
                    <p>{format!("这一家不用本系统，不知道你们要去。{own}")}</p>
                </Banner>
            }
        });
        let (name, facts) = (office.name.clone(), facts(office));
        view! { {no_booking} {unfit} <Card title=name>{facts}</Card> }
    });
    let next = match office {
        Some(office) => (format!("/marriage/offices/{}", office.code), "回到这一家登记处"),
        None => (format!("/marriage/offices?matter={}", matter.as_str()), "找一家登记处"),
    };
    view! {
        <Layout title=title back="/marriage" narrow=true quiet=true>
            <p class="xw-lead">{format!("照 {} 执行的规定列出。两个人都要亲自到场，登记不收费。", date_text(day))}</p>
            {list}
            {sheet}
            <Actions>
                <ButtonLink href=next.0>{next.1}</ButtonLink>
                <ButtonLink href=format!("/marriage/papers/{}", matter.as_str()) kind="secondary">"改答案"</ButtonLink>
            </Actions>
        </Layout>
    }
}
