//! `/staff/cases/{number}/means`: what is asked of other systems about a household, and `/staff/means`, what waits for an answer.

use jiff::civil::Date;
use leptos::prelude::*;

use super::cases::{CaseHead, head_rows};
use super::{Me, other_posts};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Field, Figure,
    Hint, LinkItem, LinkList, OptionGroup, Radios, Select, StaffLayout, TextArea,
};
use crate::domain::aid::means_check::{
    ANSWER_COLUMNS, AnswerProblem, MeansAnswerForm, MeansOutcome, MeansQueryForm, MeansSource,
};
use crate::domain::form::FormErrors;
use crate::domain::staff::{Post, Role};
use crate::domain::time::{Instant, date_text};
use crate::pages::choices;
use crate::ports::{MeansCheck, MeansSignatory};
use crate::text;
use crate::text::errors::sentence;
use crate::text::inquiry::{answer_fault, means_outcome, means_source};
use crate::text::staff::{place_name, post_name};

/// Who asks.
pub const ASKERS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// Who hands the queries on and writes down what comes back (民发〔2021〕57号 art. 17).
pub const ANSWERERS: &[Role] = &[Role::DistrictOfficer];

/// What is asked about one household.
#[derive(Clone)]
pub struct MeansPage {
    /// What the list shows.
    pub head: CaseHead,
    /// Whoever may be asked about.
    pub signatories: Vec<MeansSignatory>,
    /// Queries, oldest first.
    pub checks: Vec<MeansCheck>,
    /// This person may ask now.
    pub may_ask: bool,
    /// This person may write answers down.
    pub may_answer: bool,
    /// The key of whichever form is sent.
    pub key: String,
}

/// A form of the page that came back.
#[derive(Clone, Default)]
pub struct TypedMeans {
    /// A query.
    pub query: MeansQueryForm,
    /// The name of somebody who owes support.
    pub obligor: String,
    /// The query that an answer is of, and the answer.
    pub answer: Option<(String, MeansAnswerForm)>,
    /// The signatory whose paper was not ticked as seen.
    pub paper: Option<String>,
    /// What is wrong.
    pub errors: FormErrors,
}

crate::masked_debug!(MeansPage, TypedMeans);

fn row(label: &str, value: String) -> Answer {
    Answer { label: label.into(), value, ..Answer::default() }
}

fn named(signatories: &[MeansSignatory], id: &str) -> String {
    signatories.iter().find(|one| one.id == id).map(|one| one.name.clone()).unwrap_or_default()
}

fn agreements(base: &str, page: &MeansPage, typed: &TypedMeans) -> AnyView {
    let rows = page
        .signatories
        .iter()
        .map(|one| {
            let who =
                if one.obligor { format!("{}（法定义务人）", one.name) } else { one.name.clone() };
            let state = match one.given_at {
                Some(at) => format!("{} 同意", at.shanghai_text()),
                None => "待补授权，不能查".to_owned(),
            };
            row(&who, state)
        })
        .collect();
    let papers = page
        .signatories
        .iter()
        .filter(|one| one.given_at.is_none() && page.may_ask)
        .map(|one| {
            let (action, key) = (format!("{base}/agreement"), page.key.clone());
            let name = format!("signed-{}", one.id);
            let label = format!("我当面看过{}的证件，本人在授权书上签了字", one.name);
            let error = (typed.paper.as_deref() == Some(&one.id))
                .then(|| typed.errors.of(&name).map(sentence))
                .flatten();
            let signatory = one.id.clone();
            view! {
                <form method="post" action=action novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <input type="hidden" name="signatory" value=signatory/>
                    <Checkbox name label error/>
                    <Actions><Button kind="secondary">"记下纸上的授权"</Button></Actions>
                </form>
            }
        })
        .collect_view();
    view! { <Answers title="谁同意了核对" rows/>{papers} }.into_any()
}

fn check(base: &str, page: &MeansPage, typed: &TypedMeans, check: &MeansCheck) -> AnyView {
    let title = format!("{}：{}", named(&page.signatories, &check.signatory), means_source(check.source));
    let mut rows = vec![
        row("查询编号", check.reference.clone()),
        row("为什么查", check.purpose.clone()),
        row("提出", check.asked_at.shanghai_full()),
    ];
    if let Some((answer, at)) = &check.answer {
        rows.push(row("结果", means_outcome(answer.outcome).to_owned()));
        rows.extend(answer.detail.clone().map(|detail| row("说明", detail)));
        rows.push(row("记下", at.shanghai_full()));
        return view! { <Answers title rows/> }.into_any();
    }
    rows.push(row("结果", "等着".to_owned()));
    let form = page.may_answer.then(|| {
        let (typed_form, errors) = match &typed.answer {
            Some((reference, form)) if *reference == check.reference => (form.clone(), Some(&typed.errors)),
            _ => (MeansAnswerForm::default(), None),
        };
        let error = |field: &str| errors.and_then(|errors| errors.of(field)).map(sentence);
        let (outcome_name, detail_name) =
            (format!("outcome-{}", check.reference), format!("detail-{}", check.reference));
        let (outcome_error, detail_error) = (error(&outcome_name), error(&detail_name));
        let options = choices!(MeansOutcome::ALL, means_outcome, |_| None);
        let (action, key, reference) = (format!("{base}/means/answer"), page.key.clone(), check.reference.clone());
        let MeansAnswerForm { outcome, detail } = typed_form;
        view! {
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="reference" value=reference/>
                <Radios name=outcome_name legend="核对出来怎样" value=outcome options error=outcome_error/>
                <TextArea name=detail_name label="说明" hint="不一致的必须写，居民会看到" value=detail error=detail_error rows=3/>
                <Actions><Button kind="secondary">"记下结果"</Button></Actions>
            </form>
        }
    });
    view! { <Card><Answers title rows/>{form}</Card> }.into_any()
}

fn ask(base: &str, page: &MeansPage, typed: &TypedMeans) -> AnyView {
    let errors = |field: &str| typed.errors.of(field).map(sentence);
    let (person_error, source_error, purpose_error, obligor_error) =
        (errors("person"), errors("source"), errors("purpose"), errors("obligor"));
    let agreed = page.signatories.iter().filter(|one| one.given_at.is_some());
    let groups = vec![OptionGroup {
        label: String::new(),
        options: agreed.map(|one| (one.id.clone(), one.name.clone())).collect(),
    }];
    let sources = vec![OptionGroup {
        label: String::new(),
        options: MeansSource::ALL
            .iter()
            .map(|source| (source.as_str().to_owned(), means_source(*source).to_owned()))
            .collect(),
    }];
    let MeansQueryForm { person, source, purpose } = typed.query.clone();
    let (action, key, other) = (format!("{base}/means"), page.key.clone(), page.key.clone());
    let (to_obligor, obligor) = (format!("{base}/obligor"), typed.obligor.clone());
    view! {
        <Card title="提出核对">
            <p>"只能查已经同意的人，每次都要写明为什么查。查了什么、谁查的，都会记下来。"</p>
            <form method="post" action=action novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Select name="person" label="核对谁" value=person groups error=person_error/>
                <Select name="source" label="核对什么" value=source groups=sources error=source_error/>
                <Field name="purpose" label="为什么核对" value=purpose error=purpose_error/>
                <Actions><Button>"提出核对"</Button></Actions>
            </form>
        </Card>
        <Card title="加一位法定义务人">
            <p>"不住在一起、有赡养抚养义务的人，要本人自己同意才能查（社会救助法第四十一条）。加上以后，申请人的进度页里有给他的链接。"</p>
            <form method="post" action=to_obligor novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=other/>
                <Field name="obligor" label="姓名" value=obligor error=obligor_error/>
                <Actions><Button kind="secondary">"加上"</Button></Actions>
            </form>
        </Card>
    }
    .into_any()
}

/// The page.
pub fn means(me: &Me, page: &MeansPage, typed: &TypedMeans) -> impl IntoView + use<> {
    let base = format!("/staff/cases/{}", page.head.number);
    let errors =
        typed.errors.iter().map(|e| (e.field.clone().into_owned(), sentence(&e.error))).collect::<Vec<_>>();
    let checks = if page.checks.is_empty() {
        view! { <Empty title="还没有提出过核对" hint="税务、社保、不动产、存款等，能核对的不用居民交证明。"/> }.into_any()
    } else {
        page.checks.iter().map(|one| check(&base, page, typed, one)).collect_view().into_any()
    };
    let ask = page.may_ask.then(|| ask(&base, page, typed));
    let agreements = agreements(&base, page, typed);
    let (number, rows) = (text::case_number(&page.head.number), head_rows(&page.head));
    let back = format!("{base}/inquiry");
    view! {
        <StaffLayout title="经济状况核对" back=back name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors/>
            <Figure label="编号" value=number/>
            <Answers title="这份申请" rows/>
            {agreements}
            {checks}
            {ask}
            <Hint>"您看了这份申请的核对情况，已经记下来。"</Hint>
        </StaffLayout>
    }
}

/// One query of the list. No name stands in it.
#[derive(Clone, Debug)]
pub struct WaitingLine {
    /// The case's number.
    pub number: String,
    /// The street.
    pub area: String,
    /// The query's own number.
    pub reference: String,
    /// Which system.
    pub source: MeansSource,
    /// When it was asked.
    pub asked_at: Instant,
    /// The latest day on which it begins; `None` beyond the loaded calendar.
    pub begin_by: Option<Date>,
}

/// One page of the list.
#[derive(Clone, Debug)]
pub struct WaitingMeans {
    /// The posts that have a list.
    pub posts: Vec<Post>,
    /// The position of the post whose list it is.
    pub at: usize,
    /// What waits, the oldest first.
    pub lines: Vec<WaitingLine>,
    /// The page, from 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
    /// Today.
    pub today: Date,
    /// How many answers were taken in just now.
    pub taken: usize,
    /// The key of the page's form.
    pub key: String,
}

/// What waits for an answer, the file to hand on, and the file that comes back.
pub fn waiting(
    me: &Me,
    waiting: &WaitingMeans,
    lines: &str,
    problems: &[AnswerProblem],
) -> impl IntoView + use<> {
    let WaitingMeans { posts, at, lines: shown, page, more, today, taken, key } = waiting.clone();
    let others = other_posts("/staff/means", &posts, at);
    let here = posts.get(at).map(post_name).unwrap_or_default();
    let post = posts.get(at).map(Post::text).unwrap_or_default();
    let (post_again, file_key) = (post.clone(), key.clone());
    let report = (!problems.is_empty()).then(|| {
        let lines = problems
            .iter()
            .map(|problem| view! { <li>{format!("第 {} 行：{}", problem.line, answer_fault(problem.fault))}</li> })
            .collect_view();
        view! { <Banner kind="bad" title="一行都没有导入，请改好下面这些再导一次"><ul>{lines}</ul></Banner> }
    });
    let done = (taken > 0).then(|| view! { <Banner kind="good" title=format!("导入了 {taken} 个结果")/> });
    let items: Vec<_> = shown
        .iter()
        .map(|line| {
            let begin = match line.begin_by {
                Some(day) if day < today => format!("{} 以前就该开始查", date_text(day)),
                Some(day) => format!("最晚 {} 开始查", date_text(day)),
                None => "开始的日子等放假安排公布后再算".to_owned(),
            };
            LinkItem {
                href: format!("/staff/cases/{}/means", line.number),
                title: format!("{}：{}", line.reference, means_source(line.source)),
                hint: format!("{}，{} 提出，{begin}", place_name(&line.area), line.asked_at.shanghai_text()),
                sign: String::new(),
            }
        })
        .collect();
    let empty = items.is_empty();
    let body = if empty {
        view! { <Empty title="没有等着结果的核对" hint="街道提出核对以后会出现在这里。"/> }.into_any()
    } else {
        view! { <LinkList items/> }.into_any()
    };
    let file = (!empty).then(|| {
        view! {
            <Card title="导出查询表">
                <p>"表里有姓名和完整的证件号码，只能用来查。谁在什么时候导出的，会记下来。"</p>
                <form method="post" action="/staff/means/file" class="xw-form">
                    <input type="hidden" name="idempotency_key" value=file_key/>
                    <input type="hidden" name="post" value=post_again/>
                    <Actions><Button kind="secondary">"导出（CSV）"</Button></Actions>
                </form>
            </Card>
        }
    });
    let link = |page: u32| format!("/staff/means?post={at}&page={page}");
    let before =
        (page > 1).then(|| view! { <ButtonLink href=link(page - 1) kind="secondary">"上一页"</ButtonLink> });
    let after =
        more.then(|| view! { <ButtonLink href=link(page + 1) kind="secondary">"下一页"</ButtonLink> });
    let lines = lines.to_owned();
    view! {
        <StaffLayout title="等着结果的核对" back="/staff" name=me.name.clone() doors=me.doors()>
            {report}
            {done}
            <p>{here}</p>
            {body}
            <Actions>{before}{after}</Actions>
            {file}
            <Card title="导入结果">
                <p>"第一行照抄表头，下面一行一个结果。有一行不对，就一行都不导入。"</p>
                <pre class="xw-code">{ANSWER_COLUMNS.join(",")}</pre>
                <form method="post" action="/staff/means/answers" novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=key/>
                    <input type="hidden" name="post" value=post/>
                    <TextArea name="lines" label="表的内容（CSV）" value=lines rows=8/>
                    <Actions><Button>"导入结果"</Button></Actions>
                </form>
            </Card>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}
