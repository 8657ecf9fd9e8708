//! `/staff/cases` and `/staff/cases/{number}`: received applications. What was answered is shown only after the reader
//! has said why, and numbers only in part until asked for.

use leptos::prelude::*;

use super::Me;
use super::papers::ShownPaper;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Figure, Radios, StaffLayout,
    Timeline, TimelineEntry,
};
use crate::domain::aid::case::CaseState;
use crate::domain::aid::{
    ApplicationRecord, ConsentWay, Finances, MemberRecord, Relation, TemporaryAidKind, Urgency,
};
use crate::domain::audit::Purpose;
use crate::domain::bank::BankAccount;
use crate::domain::document::{DocumentKind, IdentityDocument};
use crate::domain::money::Fen;
use crate::domain::phone::Mobile;
use crate::domain::staff::Role;
use crate::domain::time::Instant;
use crate::pages::{Sent, choices};
use crate::ports::CaseEvent;
use crate::text;
use crate::text::aid::{relation_label, urgency_label, what_words};
use crate::text::case::{event_title, state_for_staff};
use crate::text::staff::{place_name, purpose_hint, purpose_name};

/// Who reads applications of their area.
pub const READERS: &[Role] = &[Role::CommunityWorker, Role::StreetOfficer, Role::DistrictOfficer];

/// Why an application may be read.
pub const PURPOSES: &[Purpose] = &[Purpose::Handling, Purpose::Counter, Purpose::Complaint];

/// What stands in the list: nothing that tells who it is.
#[derive(Clone, Debug)]
pub struct CaseHead {
    /// The case's number.
    pub number: String,
    /// The street that received it: a part of the case's identity, which stays.
    pub area: String,
    /// The street that handles it now.
    pub office: String,
    /// The community of that street, where it was told.
    pub community: Option<String>,
    /// Address of the item in the catalogue.
    pub item: String,
    /// Emergency or expenditure.
    pub kind: TemporaryAidKind,
    /// How soon it is needed.
    pub urgency: Urgency,
    /// When it came in.
    pub received_at: Instant,
    /// How many adults have not agreed to the data check yet.
    pub consents_missing: i64,
    /// How far it has come.
    pub state: CaseState,
}

/// A received application with everything that was answered.
#[derive(Clone)]
pub struct CaseFile {
    /// The applicant's name.
    pub name: String,
    /// The document's number.
    pub document_number: String,
    /// The mobile.
    pub mobile: String,
    /// The account's number, if told.
    pub account_number: Option<String>,
    /// What happened.
    pub story: String,
    /// Everything that has no column of its own.
    pub record: ApplicationRecord,
    /// Who lives there too.
    pub members: Vec<MemberRecord>,
    /// Each adult's agreement: masked name, how, when.
    pub consents: Vec<(String, ConsentWay, Option<Instant>)>,
    /// What happened, oldest first.
    pub events: Vec<CaseEvent>,
}

crate::masked_debug!(CaseFile);

pub(super) fn head_rows(head: &CaseHead) -> Vec<Answer> {
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    vec![
        row("办到哪一步", state_for_staff(head.state).to_owned()),
        row("收到", head.received_at.shanghai_full()),
        row("地方", place_name(head.community.as_deref().unwrap_or(&head.office))),
        row("申请什么", what_words(&head.item, head.kind)),
        row("有多急", urgency_label(head.urgency).to_owned()),
    ]
}

/// One application before anything of it is shown: why is it to be read?
pub fn ask(me: &Me, head: &CaseHead, sent: &Sent<String>) -> impl IntoView + use<> {
    let errors = sent.summary();
    let error = sent.error("purpose");
    let action = format!("/staff/cases/{}", head.number);
    let (rows, number, chosen) = (head_rows(head), text::case_number(&head.number), sent.form.clone());
    let handle = format!("/staff/cases/{}/handle", head.number);
    let work = format!("/staff/cases/{}/work", head.number);
    view! {
        <StaffLayout title="救助申请" back="/staff/cases" name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=number/>
            <Answers title="这份申请" rows/>
            <Actions>
                <ButtonLink href=handle kind="secondary">"办理这份申请"</ButtonLink>
                <ButtonLink href=work kind="secondary">"经办和备注"</ButtonLink>
            </Actions>
            <form method="post" action=action novalidate class="xw-form">
                <Radios
                    name="purpose"
                    legend="您为什么要看居民填的内容？"
                    hint="您的账号、岗位、时间和原因都会记进审计记录。"
                    value=chosen
                    options=choices!(PURPOSES, purpose_name, purpose_hint)
                    error
                />
                <Actions><Button>"打开申请"</Button></Actions>
            </form>
        </StaffLayout>
    }
}

/// A document's number, in part unless asked for whole.
fn document(kind: &str, number: &str, full: bool) -> String {
    let kind = DocumentKind::parse(kind);
    let label = kind.map(DocumentKind::label).unwrap_or_default();
    let shown = if full {
        number.to_owned()
    } else {
        kind.and_then(|kind| IdentityDocument::parse(kind, number, jiff::civil::Date::MAX).ok())
            .map(|document| document.masked())
            .unwrap_or_default()
    };
    format!("{label} {shown}")
}

fn sections(file: &CaseFile, full: bool) -> Vec<(&'static str, Vec<Answer>)> {
    let row = |label: &str, value: String| Answer { label: label.into(), value, ..Answer::default() };
    let record = &file.record;
    let mobile = if full {
        file.mobile.clone()
    } else {
        Mobile::parse(&file.mobile).map(|mobile| mobile.masked()).unwrap_or_default()
    };
    let place = |street: &str, community: Option<&str>, detail: &str| {
        let area = community.unwrap_or(street);
        let area = if area.is_empty() { "本区以外".to_owned() } else { place_name(area) };
        format!("{area} {detail}")
    };
    let residence = &record.residence;
    let residence = place(&residence.street, residence.community.as_deref(), &residence.detail);
    let emergency = record
        .emergency
        .as_ref()
        .map_or("就在住处".to_owned(), |at| place(&at.street, at.community.as_deref(), &at.detail));
    let yuan = |fen: Fen| format!("{} 元", fen.yuan());
    let finances = record.finances.map_or_else(Vec::new, |finances: Finances| {
        vec![
            row("全家月收入", yuan(finances.monthly_income)),
            row("看病", yuan(finances.medical)),
            row("上学", yuan(finances.education)),
            row("残疾康复", yuan(finances.rehabilitation)),
            row("其他必须花的", yuan(finances.other)),
        ]
    });
    let members = if file.members.is_empty() {
        vec![row("一起生活的家人", "没有别人".into())]
    } else {
        file.members
            .iter()
            .map(|member| {
                let relation = Relation::parse(&member.relation).map(relation_label).unwrap_or_default();
                let shown = document(&member.document_kind, &member.document_number, full);
                row(&member.name, format!("{relation}，{} 出生，{shown}", member.birth_date))
            })
            .collect()
    };
    let account = match (&record.account, &file.account_number) {
        (Some(account), Some(number)) => {
            let masked = BankAccount::parse(number).map(|account| account.masked()).unwrap_or_default();
            vec![
                row("户名", account.holder.clone()),
                row("账号", if full { number.clone() } else { masked }),
                row("开户银行", account.bank.clone()),
                row("为什么用别人的账户", account.reason.clone()),
            ]
        }
        _ => vec![row("银行账户", "以后再告诉街道".into())],
    };
    let consents = file
        .consents
        .iter()
        .map(|(name, way, at)| {
            let state = match at {
                Some(at) => format!("{} 同意", at.shanghai_text()),
                None if *way == ConsentWay::Paper => "待补授权，会到窗口签字".to_owned(),
                None => "待补授权".to_owned(),
            };
            row(name, state)
        })
        .collect();
    vec![
        (
            "申请人",
            vec![
                row("姓名", file.name.clone()),
                row("证件", document(&record.document_kind, &file.document_number, full)),
                row("手机号", mobile),
                row("住处", residence),
                row("急难发生在", emergency),
            ],
        ),
        ("一起生活的家人", members),
        (
            "发生了什么",
            vec![
                row("经过", file.story.clone()),
                row("想申请多少", record.amount.map_or("由街道来定".into(), yuan)),
            ],
        ),
        ("收入和开支", finances),
        ("救助金打到哪里", account),
        ("同意核对家庭经济状况", consents),
    ]
}

/// One application, opened.
pub fn opened(
    me: &Me,
    head: &CaseHead,
    file: &CaseFile,
    papers: &[ShownPaper],
    purpose: Purpose,
    full: bool,
) -> impl IntoView + use<> {
    let action = format!("/staff/cases/{}", head.number);
    let sections =
        sections(file, full).into_iter().map(|(title, rows)| view! { <Answers title rows/> }).collect_view();
    let entries = file
        .events
        .iter()
        .map(|event| TimelineEntry {
            title: event_title(event.kind).into(),
            at: event.at.shanghai_full(),
            done: true,
            ..TimelineEntry::default()
        })
        .collect();
    let papers = super::papers::list(&head.number, papers, purpose);
    let (rows, number) = (head_rows(head), text::case_number(&head.number));
    let handle = format!("/staff/cases/{}/handle", head.number);
    let told = format!("已经记下：您因为「{}」看了这份申请。", purpose_name(purpose));
    view! {
        <StaffLayout title="救助申请" back="/staff/cases" name=me.name.clone() doors=me.doors()>
            <Figure label="编号" value=number/>
            <Banner kind="info" title="看完请关上"><p>{told}</p></Banner>
            <Answers title="这份申请" rows/>
            {sections}
            {papers}
            {(!full).then(|| view! {
                <form method="post" action=action class="xw-form">
                    <input type="hidden" name="purpose" value=purpose.as_str()/>
                    <input type="hidden" name="full" value="yes"/>
                    <p>"证件号、手机号和银行账号只显示了一部分。确实需要完整号码时再打开，会再记一次。"</p>
                    <Actions><Button kind="secondary">"显示完整号码"</Button></Actions>
                </form>
            })}
            <Card title="办理经过"><Timeline entries/></Card>
            <Actions><ButtonLink href=handle>"办理这份申请"</ButtonLink></Actions>
        </StaffLayout>
    }
}
