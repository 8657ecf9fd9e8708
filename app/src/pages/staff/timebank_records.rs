//! `/staff/timebank/records`: services that count, and putting one right by two people.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, Card, Empty, ErrorSummary, Field, LinkItem, LinkList,
    StaffLayout, TextArea,
};
use crate::domain::aid::standards::Deed;
use crate::domain::staff::Role;
use crate::domain::time::Instant;
use crate::domain::timebank::{CorrectionForm, minutes_text};
use crate::pages::Sent;
use crate::text::staff::place_name;

/// Who puts records right: two of them, never one alone.
pub const CORRECTORS: &[Role] = &[Role::TimeBankCoordinator, Role::DistrictOfficer];

/// A service in the list.
#[derive(Clone, Debug)]
pub struct RecordLine {
    /// The need's id.
    pub id: String,
    /// What for.
    pub kind: String,
    /// Where.
    pub area: String,
    /// When it was.
    pub at: Instant,
    /// How many minutes the record says.
    pub minutes: i64,
    /// It was put right.
    pub corrected: bool,
    /// A correction waits for a second person.
    pub waits: bool,
}

fn links(lines: &[&RecordLine]) -> AnyView {
    let items: Vec<_> = lines
        .iter()
        .map(|line| LinkItem {
            href: format!("/staff/timebank/records/{}", line.id),
            title: format!("{} {}", line.kind, line.at.shanghai_text()),
            hint: format!(
                "{}，{}{}",
                place_name(&line.area),
                minutes_text(line.minutes),
                if line.corrected { "，更正过" } else { "" }
            ),
            sign: String::new(),
        })
        .collect();
    view! { <LinkList items/> }.into_any()
}

/// The list.
pub fn list(me: &Me, lines: &[RecordLine]) -> impl IntoView + use<> {
    let part = |title: &'static str, waits: bool| {
        let found: Vec<_> = lines.iter().filter(|line| line.waits == waits).collect();
        let list = links(&found);
        (!found.is_empty()).then(|| view! { <Card title>{list}</Card> })
    };
    let (waiting, rest) = (part("更正，等另一位同意", true), part("一年里确认的", false));
    let empty = lines
        .is_empty()
        .then(|| view! { <Empty title="还没有确认过的服务" hint="服务对象确认以后，会列在这里。"/> });
    view! {
        <StaffLayout title="已经确认的服务" back="/staff/timebank" name=me.name.clone() doors=me.doors()>
            <p>"记错了的，一个人提出，另一个人同意，才会更正。原来的账不改，另记一笔。"</p>
            {empty}
            {waiting}
            {rest}
        </StaffLayout>
    }
}

/// A correction on the page.
#[derive(Clone)]
pub struct ShownCorrection {
    /// Its id.
    pub id: String,
    /// The minutes before.
    pub recorded: i64,
    /// How many it really was.
    pub right: i64,
    /// Who said so.
    pub why: String,
    /// Who proposed it.
    pub proposed: Deed,
    /// Who agreed.
    pub approved: Option<Deed>,
    /// Whoever looks proposed it.
    pub own: bool,
}

/// A service that counts.
#[derive(Clone)]
pub struct Record {
    /// What the list shows.
    pub line: RecordLine,
    /// The volunteer's masked name.
    pub helper: String,
    /// It was entered later than the 10 working days.
    pub late: bool,
    /// The correction that waits or was agreed to.
    pub correction: Option<ShownCorrection>,
}

crate::masked_debug!(ShownCorrection, Record);

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.to_owned(), value, ..Answer::default() }
}

pub(super) fn deed_words(deed: &Deed) -> String {
    let name = if deed.name.is_empty() { "示例人员" } else { &deed.name };
    format!("{name}，{}", deed.at.shanghai_full())
}

fn act(id: &str, key: &str, act: &'static str, inside: AnyView) -> AnyView {
    // Each form has a key of its own: two acts of one page are two acts.
    let (action, key) = (format!("/staff/timebank/records/{id}"), format!("{key}{act}"));
    view! {
        <form method="post" action=action novalidate class="xw-form">
            <input type="hidden" name="idempotency_key" value=key/>
            <input type="hidden" name="act" value=act/>
            {inside}
        </form>
    }
    .into_any()
}

fn correction_part(record: &Record, correction: &ShownCorrection, key: &str) -> AnyView {
    let mut rows = vec![
        row("原来记的", minutes_text(correction.recorded)),
        row("真实的", minutes_text(correction.right)),
        row("为什么", correction.why.clone()),
        row("提出", deed_words(&correction.proposed)),
    ];
    rows.extend(correction.approved.as_ref().map(|deed| row("同意", deed_words(deed))));
    let inside = |words: &'static str, kind: &'static str| {
        let id = correction.id.clone();
        view! {
            <input type="hidden" name="correction" value=id/>
            <Actions><Button kind>{words}</Button></Actions>
        }
        .into_any()
    };
    let id = record.line.id.as_str();
    let acts = match (&correction.approved, correction.own) {
        (Some(_), _) => ().into_any(),
        (None, true) => view! {
            <Banner kind="info" title="要请另一位来同意">
                <p>"这是您自己提出的，不能自己同意。时间银行协调员、区里的经办人都可以。"</p>
            </Banner>
            {act(id, key, "drop", inside("不更正了，收回", "quiet"))}
        }
        .into_any(),
        (None, false) => view! {
            {act(id, key, "approve", inside("同意更正", "primary"))}
            {act(id, key, "drop", inside("不同意", "secondary"))}
        }
        .into_any(),
    };
    view! { <Answers title="更正" rows/> {acts} }.into_any()
}

/// One service.
pub fn show(
    me: &Me,
    record: &Record,
    sent: &Sent<CorrectionForm>,
    words: &str,
    key: &str,
) -> impl IntoView + use<> {
    let line = &record.line;
    let mut rows = vec![
        row("做什么", line.kind.clone()),
        row("什么时候", line.at.shanghai_full()),
        row("在哪里", place_name(&line.area)),
        row("志愿者", record.helper.clone()),
        row("记的时间", minutes_text(line.minutes)),
    ];
    if record.late {
        rows.push(row("记得晚了", "服务以后超过 10 个工作日才确认".to_owned()));
    }
    let part = match &record.correction {
        Some(correction) => correction_part(record, correction, key),
        None => {
            let form = sent.form.clone();
            let [right, why] = ["right", "why"].map(|field| sent.error(field));
            let inside = view! {
                <Card title="记错了，要更正">
                    <p>"先问过志愿者和服务对象。另一位同意以后，账上另记一笔，志愿者会收到消息。一次服务更正一次。"</p>
                    <Field name="right" label="真实的时间（分钟）" hint="比如 60；没有去的写 0" inputmode="numeric" value=form.right error=right maxlength=6/>
                    <TextArea name="why" label="为什么更正" hint="谁说的、怎么查的" value=form.why error=why rows=3/>
                    <Actions><Button>"提出更正"</Button></Actions>
                </Card>
            };
            act(&line.id, key, "propose", inside.into_any())
        }
    };
    let words = (!words.is_empty()).then(|| {
        let title = words.to_owned();
        view! { <Banner kind="warn" title/> }
    });
    let errors = sent.summary();
    view! {
        <StaffLayout title="一次服务的记录" back="/staff/timebank/records" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            {words}
            <Answers title="这次服务" rows/>
            {part}
        </StaffLayout>
    }
}
