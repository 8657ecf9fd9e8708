//! `/feedback`: complaint and suggestion (国办函〔2026〕12号; 社会救助法 63).

use jiff::civil::Date;
use leptos::prelude::*;

use super::{Sent, choices};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Figure, Hint, Layout,
    OptionGroup, Radios, Select, TextArea,
};
use crate::domain::area;
use crate::domain::complaint::{ABOUT, ComplaintForm, ComplaintKind, ComplaintState};
use crate::domain::time::{Instant, date_text};
use crate::islands::LiveChecks;
use crate::text::staff::{complaint_kind, complaint_state, role_name};

fn hint(kind: ComplaintKind) -> Option<String> {
    Some(match kind {
        ComplaintKind::Complaint => "有人没有办好、态度不好，或者不该收的收了".into(),
        ComplaintKind::Suggestion => "哪里可以做得更好".into(),
    })
}

fn streets() -> Vec<OptionGroup> {
    let options =
        area::streets().iter().map(|street| (street.code.to_owned(), street.name.to_owned())).collect();
    vec![OptionGroup { label: String::new(), options }]
}

fn roles() -> Vec<OptionGroup> {
    let options = ABOUT.iter().map(|role| (role.as_str().to_owned(), role_name(*role).to_owned())).collect();
    vec![OptionGroup { label: String::new(), options }]
}

/// The form. `days` are the working days within which it is answered; `too_many` were sent from here within the hour.
pub fn form(sent: &Sent<ComplaintForm>, key: &str, days: u16, too_many: bool) -> impl IntoView + use<> {
    let Sent { form, .. } = sent.clone();
    let key = key.to_owned();
    let errors = sent.summary();
    let (kind, text, contact) = (sent.error("kind"), sent.error("text"), sent.error("contact"));
    let (area, about, case_number) = (sent.error("area"), sent.error("about"), sent.error("case_number"));
    let promise = format!("我们在 {days} 个工作日内答复。");
    view! {
        <Layout title="投诉与建议" back="/" islands=true narrow=true>
            <ErrorSummary errors/>
            {too_many.then(|| view! {
                <Banner kind="warn" title="请过一个小时再提交"><p>"这一个小时里，从您这里提交的投诉和建议比较多，这一件还没有收下。您写的都还在下面，请过一个小时再按「提交」，或者打电话告诉我们。"</p></Banner>
            })}
            <LiveChecks>
                <form method="post" action="/feedback" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <Radios name="kind" legend="您要说的是" value=form.kind options=choices!(ComplaintKind::ALL, complaint_kind, hint) error=kind/>
                    <Select name="area" label="和哪个街道有关" empty="不清楚，区里分派" groups=streets() value=form.area error=area/>
                    <TextArea name="text" label="什么事" hint="时间、地点、找过谁，写清楚更容易查。请不要写身份证号和银行卡号。" value=form.text error=text check="complaint-text"/>
                    <Select name="about" label="说的是哪个岗位的人" hint="选了以后，这个岗位的人不会经手您的投诉" empty="不是说某个人" groups=roles() value=form.about error=about optional=true/>
                    <Field name="case_number" label="和哪件申请有关" hint="申请的编号，比如 LS 开头的" value=form.case_number error=case_number optional=true/>
                    <Field name="contact" label="联系电话" hint="想要答复就留一个手机号或座机号" value=form.contact error=contact optional=true kind="tel" inputmode="tel" autocomplete="tel" check="contact"/>
                    <Hint>{promise}</Hint>
                    <Actions><Button>"提交"</Button></Actions>
                </form>
            </LiveChecks>
        </Layout>
    }
}

/// What whoever sent it may see.
#[derive(Clone)]
pub struct OpenedComplaint {
    /// The code that opens it on other devices.
    pub code: Option<String>,
    /// What was written.
    pub text: String,
    /// What was answered, and when.
    pub reply: Option<(String, Instant)>,
}

crate::masked_debug!(OpenedComplaint);

/// A complaint as `/feedback/{number}` shows it.
#[derive(Clone, Debug)]
pub struct ResidentComplaint {
    /// Its number.
    pub number: String,
    /// How far it has come.
    pub state: ComplaintState,
    /// When it came in.
    pub received_at: Instant,
    /// The last day of an answer; `None` where the calendar doesn't reach that far.
    pub due_on: Option<Date>,
    /// The rest, for whoever sent it or has proved to be that person.
    pub opened: Option<OpenedComplaint>,
}

/// The code of a complaint, or four digits, as typed.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct OpenComplaintForm {
    /// Either of them.
    pub code: String,
}

crate::masked_debug!(OpenComplaintForm);

/// `/feedback/{number}`: how it stands. The number alone says nothing about anybody.
pub fn received(
    complaint: &ResidentComplaint,
    sent: &Sent<OpenComplaintForm>,
    refused: bool,
    days: u16,
) -> impl IntoView + use<> {
    let number = crate::text::case_number(&complaint.number);
    let action = format!("/feedback/{}", complaint.number);
    let due = match complaint.due_on {
        Some(day) => format!("{} 之前", date_text(day)),
        None => format!("收到后第 {days} 个工作日之前"),
    };
    let rows = vec![
        Answer {
            label: "现在".into(), value: complaint_state(complaint.state).into(), ..Answer::default()
        },
        Answer { label: "收到".into(), value: complaint.received_at.shanghai_full(), ..Answer::default() },
        Answer { label: "答复".into(), value: due, ..Answer::default() },
    ];
    let errors = sent.summary();
    let (error, typed) = (sent.error("code"), sent.form.code.clone());
    let below = match complaint.opened.clone() {
        Some(opened) => view! { <Opened opened/> }.into_any(),
        None => view! {
            {refused.then(|| view! {
                <Banner kind="warn" title="对不上"><p>"查询码或电话后四位和这个编号对不上，请再看一遍。试错太多次要等一个小时。"</p></Banner>
            })}
            <form method="post" action=action novalidate class="xw-form">
                <Field name="code" label="看内容和答复" hint="提交时给您的八位查询码，或者您留的电话的后四位" value=typed error maxlength=20/>
                <Actions><Button>"查看"</Button></Actions>
            </form>
        }
        .into_any(),
    };
    view! {
        <Layout title="投诉与建议" back="/" narrow=true>
            <ErrorSummary errors/>
            <Card title="谢谢您告诉我们">
                <Figure label="编号" value=number/>
            </Card>
            <Answers title="办到哪一步" rows/>
            {below}
            <Actions><ButtonLink href="/" kind="secondary">"回首页"</ButtonLink></Actions>
        </Layout>
    }
}

#[component]
fn Opened(opened: OpenedComplaint) -> impl IntoView {
    let OpenedComplaint { code, text, reply } = opened;
    let code = code.map(|code| {
        let spoken = crate::text::spoken_code(&code);
        view! {
            <Card title="请记下查询码">
                <Figure label="查询码" value=code spoken=spoken/>
                <p>"拿编号和查询码，在哪部手机上都能看答复。留了电话的，也可以用电话后四位。"</p>
            </Card>
        }
    });
    let reply = match reply {
        Some((reply, at)) => {
            let at = format!("答复时间：{}", at.shanghai_full());
            view! { <Card title="我们的答复"><p class="xw-lines">{reply}</p><Hint>{at}</Hint></Card> }
                .into_any()
        }
        None => view! { <Hint>"还没有答复。答复以后会出现在这里。"</Hint> }.into_any(),
    };
    view! {
        {code}
        {reply}
        <Card title="您写的"><p class="xw-lines">{text}</p></Card>
    }
}
