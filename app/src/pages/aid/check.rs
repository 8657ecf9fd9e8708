//! `/aid/temporary-aid/apply/check`: all answers once more, each with its way back, then the submit button.

use leptos::prelude::*;

use super::household::masked_document;
use super::{apply, is_temporary, whose};
use crate::components::{Actions, Answer, Answers, Banner, Button, Layout, LinkItem, LinkList};
use crate::domain::aid::{
    APPLICANT_ID, AddressForm, ConsentWay, Draft, DraftErrors, Relation, Signatory, Step, TemporaryAidKind,
    Urgency,
};
use crate::domain::area::{self, Community};
use crate::domain::bank::BankAccount;
use crate::domain::money::Fen;
use crate::domain::phone::Mobile;
use crate::text::aid::{kind_label, kind_name, relation_label, step_title, urgency_label, way_label};
use crate::text::errors::luhn_warning;

const NOT_TOLD: &str = "没有填";

fn row(step: Step, field: &str, label: &str, value: impl Into<String>) -> Answer {
    let value: String = value.into();
    let anchor = if field.is_empty() { String::new() } else { format!("#{field}") };
    Answer {
        label: label.into(),
        value: if value.is_empty() { NOT_TOLD.into() } else { value },
        href: Some(format!("{}/{}?from=check{anchor}", apply(), step.as_str())),
        change_label: label.into(),
    }
}

fn yuan(text: &str) -> String {
    Fen::parse_yuan(text).map(|fen| format!("{} 元", fen.yuan())).unwrap_or_default()
}

fn place_words(street: &str, community: &str, detail: &str) -> String {
    let street = match street {
        "outside" => "新吴区以外",
        code => area::community(community)
            .and_then(|c| area::street(c.street_code))
            .or_else(|| area::street(code))
            .map(|s| s.name)
            .unwrap_or_default(),
    };
    let community = area::community(community).map(Community::short_name).unwrap_or_default();
    format!("{street} {community} {detail}").split_whitespace().collect::<Vec<_>>().join(" ")
}

fn emergency_words(form: &AddressForm) -> String {
    match form.emergency_place.as_str() {
        "home" => "就在住处".into(),
        "district" => place_words(&form.emergency_street, &form.emergency_community, &form.emergency_detail),
        _ => String::new(),
    }
}

/// The last look. `minor`: the applicant is 14 to 17, and a guardian helps (民法典 19). `key` makes the submission happen once; `version` is the draft's, so that what is sent is what
/// was shown.
pub fn check(
    draft: &Draft,
    errors: &DraftErrors,
    signatories: &[Signatory],
    version: i64,
    key: &str,
    changed: bool,
    minor: bool,
) -> impl IntoView + use<> {
    let (key, apply) = (key.to_owned(), apply());
    let (pages, service) = (Step::asked(draft.asks), draft.asks.service);
    let sections = sections(draft, signatories)
        .into_iter()
        .filter(|(step, _)| pages.contains(step))
        .map(move |(step, rows)| view! { <Answers title=step_title(step, service) rows/> })
        .collect_view();
    let open: Vec<_> = pages
        .iter()
        .filter(|step| errors.concerns(**step))
        .map(|step| LinkItem {
            href: format!("{apply}/{}?from=check", step.as_str()),
            title: format!("第 {} 步：{}", step.number(pages), step_title(*step, service)),
            hint: if errors.missing.contains(step) {
                "还没有填".into()
            } else {
                "有的地方要改".into()
            },
            sign: String::new(),
        })
        .collect();
    let doubtful = draft
        .bank_account
        .as_ref()
        .is_some_and(|form| BankAccount::parse(&form.number).is_ok_and(|account| !account.luhn_ok()));
    let end = if errors.is_empty() {
        view! {
            <form method="post" action=format!("{apply}/check") class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {whose()}
                <input type="hidden" name="version" value=version.to_string()/>
                <p>"按下提交，申请就送到街道，之后在这里查进度。"</p>
                <Actions><Button>"提交申请"</Button></Actions>
            </form>
        }
        .into_any()
    } else {
        view! {
            <Banner kind="warn" title="填好上面列出的几步，才能提交"/>
        }
        .into_any()
    };
    let top = (!errors.is_empty()).then(|| {
        let title = format!("还有 {} 步没有填好", open.len());
        view! { <Banner kind="warn" title><LinkList items=open/></Banner> }
    });
    view! {
        <Layout title="核对您的回答" back=format!("{apply}/{}", Step::Pledge.as_str()) narrow=true>
            {changed.then(|| view! {
                <Banner kind="warn" title="这份申请刚刚在别处改过"><p>"还没有提交。请再看一遍，没有问题再按提交。"</p></Banner>
            })}
            {minor.then(|| view! {
                <Banner kind="info" title="申请人未满 18 周岁"><p>"可以自己申请。交之前，最好请监护人一起看一遍。"</p></Banner>
            })}
            {top}
            <p>"还没有提交。请看一遍，要改的按旁边的「修改」。"</p>
            {sections}
            {doubtful.then(|| view! { <Banner kind="warn" title="请再看一眼银行账号"><p>{luhn_warning()}</p></Banner> })}
            {end}
        </Layout>
    }
}

fn sections(draft: &Draft, signatories: &[Signatory]) -> Vec<(Step, Vec<Answer>)> {
    let applicant = draft.applicant.clone().unwrap_or_default();
    let address = draft.address.clone().unwrap_or_default();
    let finances = draft.finances.clone().unwrap_or_default();
    let situation = draft.situation.clone().unwrap_or_default();
    let account = draft.bank_account.clone().unwrap_or_default();
    let notice = draft.notice.clone().unwrap_or_default();
    let pledged = draft.pledge.as_ref().is_some_and(|p| p.agreed == "yes");
    let mobile = Mobile::parse(&applicant.mobile).map(|m| m.masked()).unwrap_or_default();
    let number = BankAccount::parse(&account.number).map(|a| a.masked()).unwrap_or_default();
    let kind = TemporaryAidKind::parse(&situation.kind)
        .map(|k| format!("{}（{}）", kind_label(k), kind_name(k)))
        .unwrap_or_default();
    let urgency = Urgency::parse(&situation.urgency).map(urgency_label).unwrap_or_default();
    let amount =
        if situation.amount.trim().is_empty() { "由街道来定".into() } else { yuan(&situation.amount) };
    let temporary = is_temporary();
    let only_temporary = |row: Answer| temporary.then_some(row);
    vec![
        (
            Step::Applicant,
            vec![
                row(Step::Applicant, "name", "姓名", applicant.name),
                row(
                    Step::Applicant,
                    "document_number",
                    "证件",
                    masked_document(&applicant.document_kind, &applicant.document_number),
                ),
                row(Step::Applicant, "mobile", "手机号", mobile),
            ],
        ),
        (
            Step::Address,
            [
                Some(row(
                    Step::Address,
                    "street",
                    "住处",
                    place_words(&address.street, &address.community, &address.detail),
                )),
                only_temporary(row(
                    Step::Address,
                    "emergency_place",
                    "急难发生在",
                    emergency_words(&address),
                )),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        (Step::Household, household_rows(draft)),
        (
            Step::Finances,
            vec![
                row(Step::Finances, "monthly_income", "全家月收入", yuan(&finances.monthly_income)),
                row(Step::Finances, "medical", "看病", yuan(&finances.medical)),
                row(Step::Finances, "education", "上学", yuan(&finances.education)),
                row(Step::Finances, "rehabilitation", "残疾康复", yuan(&finances.rehabilitation)),
                row(Step::Finances, "other", "其他必须花的", yuan(&finances.other)),
            ],
        ),
        (
            Step::Situation,
            [
                only_temporary(row(Step::Situation, "kind", "哪一种困难", kind)),
                Some(row(Step::Situation, "story", "发生了什么", situation.story)),
                only_temporary(row(Step::Situation, "amount", "想申请多少", amount)),
                Some(row(Step::Situation, "urgency", "有多急", urgency)),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        (
            Step::BankAccount,
            if account.is_empty() {
                vec![row(Step::BankAccount, "holder", "银行账户", "以后再告诉街道")]
            } else {
                vec![
                    row(Step::BankAccount, "holder", "户名", account.holder),
                    row(Step::BankAccount, "number", "账号", number),
                    row(Step::BankAccount, "bank", "开户银行", account.bank),
                    row(Step::BankAccount, "reason", "为什么用别人的账户", account.reason),
                ]
            },
        ),
        (
            Step::Notice,
            vec![row(
                Step::Notice,
                "suggest",
                "看看别的帮助",
                if notice.suggests() { "同意" } else { "不同意" },
            )],
        ),
        (Step::Authorisation, consent_rows(draft, signatories)),
        (Step::Pledge, vec![row(Step::Pledge, "agreed", "承诺", if pledged { "已承诺" } else { "" })]),
    ]
}

fn household_rows(draft: &Draft) -> Vec<Answer> {
    if draft.members.is_empty() {
        let words = if draft.household_told { "没有别人" } else { "" };
        return vec![row(Step::Household, "", "一起生活的家人", words)];
    }
    draft
        .members
        .iter()
        .map(|(id, form)| {
            let relation = Relation::parse(&form.relation).map(relation_label).unwrap_or_default();
            let document = masked_document(&form.document_kind, &form.document_number);
            Answer {
                label: form.name.clone(),
                value: format!("{relation}，{document}"),
                href: Some(format!("{}/household/{id}?from=check", apply())),
                change_label: form.name.clone(),
            }
        })
        .collect()
}

fn consent_rows(draft: &Draft, signatories: &[Signatory]) -> Vec<Answer> {
    let ways = draft.authorisation.clone().unwrap_or_default().ways;
    if signatories.is_empty() {
        return vec![row(Step::Authorisation, "", "谁来同意", "")];
    }
    signatories
        .iter()
        .map(|signatory| {
            let way =
                ways.get(&signatory.id).and_then(|slug| ConsentWay::parse(slug)).unwrap_or(ConsentWay::Later);
            let who = if signatory.id == APPLICANT_ID { "本人" } else { "家人" };
            row(
                Step::Authorisation,
                &format!("way-{}", signatory.id),
                &format!("{who} {}", signatory.name.as_str()),
                way_label(way),
            )
        })
        .collect()
}
