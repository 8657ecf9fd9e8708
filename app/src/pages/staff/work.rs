//! `/staff/cases` as a work list, `/staff/cases/{number}/work` for who handles a case, its labels and notes, and
//! `/staff/cases/hand-over` for somebody who goes on leave.

use jiff::civil::Date;
use leptos::prelude::*;

use super::cases::CaseHead;
use super::register::REGISTRARS;
use super::transfers::MOVERS;
use super::{Me, other_posts};
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Checkbox, Empty, ErrorSummary, Figure, Hint, LinkList,
    OptionGroup, Select, StaffLayout, Tag, TextArea,
};
use crate::domain::aid::TemporaryAidKind;
use crate::domain::aid::case::CaseState;
use crate::domain::aid::work::{CaseLabel, DueWithin, Whose, WorkFilter, WorkOrder, pressure};
use crate::domain::calendar::Calendar;
use crate::domain::staff::Post;
use crate::domain::time::{Instant, date_text};
use crate::pages::Sent;
use crate::text;
use crate::text::aid::{kind_name, urgency_label, what_words};
use crate::text::case::state_for_staff;
use crate::text::staff::{place_name, post_name};
use crate::text::work::{due_words, label_words, order_words, pressure_words, whose_words};

/// Somebody who handles cases.
#[derive(Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The account.
    pub id: String,
    /// The person's name.
    pub name: String,
}

crate::masked_debug!(Colleague);

/// A case in the list.
#[derive(Clone, Debug)]
pub struct WorkLine {
    /// What it is.
    pub head: CaseHead,
    /// The latest day of the decision.
    pub due: Option<Date>,
    /// Who handles it.
    pub assignee: Option<Colleague>,
    /// What it is marked with.
    pub labels: Vec<CaseLabel>,
}

/// What an office noted for itself.
#[derive(Clone)]
pub struct CaseNote {
    /// The words.
    pub note: String,
    /// Who wrote it; empty where the account is gone.
    pub by: String,
    /// When.
    pub at: Instant,
}

crate::masked_debug!(CaseNote);

/// One page of the list.
#[derive(Clone, Debug)]
pub struct WorkPage {
    /// The posts that have a list, and which one this is.
    pub posts: Vec<Post>,
    /// The position of the post whose list it is.
    pub at: usize,
    /// The cases.
    pub lines: Vec<WorkLine>,
    /// What the list is narrowed to.
    pub filter: WorkFilter,
    /// The page, from 1.
    pub page: u32,
    /// Whether there is another one.
    pub more: bool,
    /// Today.
    pub today: Date,
    /// To whom cases may be given; empty for who may only take them.
    pub colleagues: Vec<Colleague>,
    /// The post accepts cases.
    pub accepts: bool,
    /// How many cases the last press was done for, of how many.
    pub done: Option<(u32, u32)>,
    /// The key of the form.
    pub key: String,
}

/// Whose cases somebody takes over or gives away.
pub const NOBODY: &str = "nobody";

fn row(line: &WorkLine, today: Date) -> impl IntoView + use<> {
    let head = &line.head;
    let (number, name) = (text::case_number(&head.number), format!("case-{}", head.number));
    let (words, kind) = pressure_words(pressure(head.state, line.due, today, Calendar::embedded()));
    let due = line.due.map(|day| format!("，最晚 {}", date_text(day))).unwrap_or_default();
    let place = place_name(head.community.as_deref().unwrap_or(&head.office));
    let consents = match head.consents_missing {
        0 => String::new(),
        n => format!("，{n} 人待补授权"),
    };
    let by =
        line.assignee.as_ref().map_or("还没有人经办".to_owned(), |who| format!("{}经办", who.name));
    let hint = format!(
        "{}，{place}，{}，{} 收到{due}，{by}{consents}",
        state_for_staff(head.state),
        what_words(&head.item, head.kind),
        head.received_at.shanghai_text(),
    );
    let labels = line
        .labels
        .iter()
        .map(|label| label_words(*label))
        .map(|words| view! { <Tag>{words}</Tag> })
        .collect_view();
    let href = format!("/staff/cases/{}", head.number);
    let title = format!("{number} {}", urgency_label(head.urgency));
    let pick = format!("选中 {number}");
    view! {
        <li class="xw-work__row">
            <input class="xw-work__pick xw-choice__input xw-choice__input--box" type="checkbox" id=name.clone() name=name value="yes" aria-label=pick/>
            <a class="xw-work__link" href=href>
                <span class="xw-work__title">{title}</span>
                <span class="xw-work__hint">{hint}</span>
            </a>
            <div class="xw-tags"><Tag kind=kind>{words}</Tag>{labels}</div>
        </li>
    }
}

fn options<T: Copy>(
    all: &[T],
    slug: impl Fn(T) -> &'static str,
    words: impl Fn(T) -> &'static str,
) -> Vec<OptionGroup> {
    let options = all.iter().map(|one| (slug(*one).to_owned(), words(*one).to_owned())).collect();
    vec![OptionGroup { label: String::new(), options }]
}

fn filter_form(page: &WorkPage) -> impl IntoView + use<> {
    let filter = &page.filter;
    let open_states: Vec<_> = CaseState::ALL.iter().copied().filter(|state| state.is_open()).collect();
    let (order, whose) = (filter.order.as_str(), filter.whose.as_str());
    let text = |slug: Option<&'static str>| slug.unwrap_or_default().to_owned();
    let state = text(filter.state.map(CaseState::as_str));
    let due = text(filter.due.map(DueWithin::as_str));
    let kind = text(filter.kind.map(TemporaryAidKind::as_str));
    let label = text(filter.label.map(CaseLabel::as_str));
    let summary = format!("筛选和排序：{}，{}", whose_words(filter.whose), order_words(filter.order));
    view! {
        <details class="xw-filter" open=filter.narrows()>
            <summary>{summary}</summary>
            <form method="get" action="/staff/cases" class="xw-form">
                <input type="hidden" name="post" value=page.at.to_string()/>
                <div class="xw-filter__fields">
                    <Select name="order" label="排在前面的" value=order groups=options(WorkOrder::ALL, WorkOrder::as_str, order_words)/>
                    <Select name="whose" label="谁经办" value=whose groups=options(Whose::ALL, Whose::as_str, whose_words)/>
                    <Select name="state" label="办到哪一步" value=state empty="都要" groups=options(&open_states, CaseState::as_str, state_for_staff)/>
                    <Select name="due" label="时限" value=due empty="都要" groups=options(DueWithin::ALL, DueWithin::as_str, due_words)/>
                    <Select name="kind" label="困难种类" value=kind empty="都要" groups=options(TemporaryAidKind::ALL, TemporaryAidKind::as_str, kind_name)/>
                    <Select name="label" label="标签" value=label empty="都要" groups=options(CaseLabel::ALL, CaseLabel::as_str, label_words)/>
                </div>
                <Actions><Button kind="secondary">"按这些条件看"</Button></Actions>
            </form>
        </details>
    }
}

fn to_whom(colleagues: &[Colleague]) -> Vec<OptionGroup> {
    let mut options = vec![("me".to_owned(), "我自己".to_owned())];
    options.extend(colleagues.iter().map(|who| (who.id.clone(), who.name.clone())));
    options.push((NOBODY.to_owned(), "不指定".to_owned()));
    vec![OptionGroup { label: String::new(), options }]
}

/// The list, with what is done to several cases at once.
pub fn list(me: &Me, page: &WorkPage, errors: &Sent<String>) -> impl IntoView + use<> {
    let WorkPage { posts, at, lines, filter, page: number, more, today, .. } = page.clone();
    let others = other_posts("/staff/cases", &posts, at);
    let here = posts.get(at).map(post_name).unwrap_or_default();
    let query: String = filter.pairs().iter().map(|(name, value)| format!("&{name}={value}")).collect();
    let link = |page: u32| format!("/staff/cases?post={at}{query}&page={page}");
    let before = (number > 1)
        .then(|| view! { <ButtonLink href=link(number - 1) kind="secondary">"上一页"</ButtonLink> });
    let after =
        more.then(|| view! { <ButtonLink href=link(number + 1) kind="secondary">"下一页"</ButtonLink> });
    let export =
        posts.get(at).filter(|post| REGISTRARS.contains(&post.role()) && !lines.is_empty()).map(|post| {
            let href = format!("/staff/cases/register?post={}", post.text());
            view! { <ButtonLink href kind="secondary">"导出登记表"</ButtonLink> }
        });
    let body = if lines.is_empty() {
        let (title, hint) = if filter.narrows() {
            ("没有符合条件的申请", "换一个条件，或者看全部。")
        } else {
            ("没有等着办的申请", "居民提交以后会出现在这里。")
        };
        view! { <Empty title hint/> }.into_any()
    } else {
        let rows = lines.iter().map(|line| row(line, today)).collect_view();
        let (groups, key, chosen) = (to_whom(&page.colleagues), page.key.clone(), errors.form.clone());
        let picked = errors.error("cases");
        let accept = page.accepts.then(|| {
            view! {
                <button class="weui-btn weui-btn_default xw-button xw-button--secondary" type="submit" formaction="/staff/cases/accept">
                    "受理选中的（材料都齐了）"
                </button>
            }
        });
        view! {
            <form method="post" action="/staff/cases/assign" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <input type="hidden" name="post" value=at.to_string()/>
                <input type="hidden" name="back" value=query.clone()/>
                <ul class="xw-work" id="cases">{rows}</ul>
                {picked.map(|words| view! { <p class="xw-field__error" id="cases-error">{words}</p> })}
                <Select name="to" label="把选中的交给" value=chosen error=errors.error("to") groups/>
                <Actions><Button>"交给这个人"</Button>{accept}</Actions>
            </form>
        }
        .into_any()
    };
    let done = page.done.map(|(done, of)| {
        let words = if done == of {
            format!("{done} 件都办好了。")
        } else {
            format!("{of} 件里办好了 {done} 件，其余的已经不在这一步，或者本来就是这样。")
        };
        view! { <Banner kind="good" title="办好了"><p>{words}</p></Banner> }
    });
    let moved = me.posts.iter().any(|post| MOVERS.contains(&post.role())).then(|| {
        view! { <ButtonLink href="/staff/transfers" kind="secondary">"转出转进的"</ButtonLink> }
    });
    let summary = errors.summary();
    let filters = filter_form(page);
    view! {
        <StaffLayout title="救助申请" back="/staff" name=me.name.clone() doors=me.doors()>
            <ErrorSummary errors=summary/>
            {done}
            <p>{format!("{here}，{}。第 {number} 页。", order_words(filter.order))}</p>
            {filters}
            {body}
            <Actions>{before}{after}{export}<ButtonLink href="/staff/cases/hand-over" kind="secondary">"请假，把我的都交出去"</ButtonLink>{moved}</Actions>
            {(!others.is_empty()).then(|| view! { <LinkList items=others/> })}
        </StaffLayout>
    }
}

/// Who handles one case, its labels and its notes.
#[derive(Clone)]
pub struct CaseWork {
    /// What it is.
    pub head: CaseHead,
    /// Who handles it.
    pub assignee: Option<Colleague>,
    /// To whom it may be given.
    pub colleagues: Vec<Colleague>,
    /// What it is marked with.
    pub labels: Vec<CaseLabel>,
    /// What was noted, oldest first.
    pub notes: Vec<CaseNote>,
    /// Other open cases of the same document or the same members: number, and what they share.
    pub related: Vec<Related>,
    /// The key of whichever form is sent.
    pub key: String,
}

crate::masked_debug!(CaseWork);

/// Another case that shares somebody with this one. Staff alone see it: who asks for aid is nobody else's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its number.
    pub number: String,
    /// How far it has come.
    pub state: CaseState,
    /// When it came in.
    pub received_at: Instant,
    /// The applicant is the same.
    pub same_applicant: bool,
    /// The reader may open it.
    pub may_open: bool,
}

fn related(cases: &[Related]) -> Option<impl IntoView + use<>> {
    if cases.is_empty() {
        return None;
    }
    let rows = cases
        .iter()
        .map(|case| {
            let shared = if case.same_applicant { "同一位申请人" } else { "有同一位家庭成员" };
            let words = format!(
                "{}，{shared}，{}，{} 收到",
                text::case_number(&case.number),
                state_for_staff(case.state),
                case.received_at.shanghai_text()
            );
            if case.may_open {
                let href = format!("/staff/cases/{}", case.number);
                view! { <li><a href=href>{words}</a></li> }.into_any()
            } else {
                view! { <li>{words}"（不在您的范围，不能打开）"</li> }.into_any()
            }
        })
        .collect_view();
    Some(view! {
        <Card title="可能是同一户的申请">
            <ul>{rows}</ul>
            <Hint>"按证件号核对出来的，只给工作人员看，不能告诉别人。是不是重复，请了解以后再定。"</Hint>
        </Card>
    })
}

/// The page.
pub fn work(me: &Me, work: &CaseWork, sent: &Sent<String>) -> impl IntoView + use<> {
    let base = format!("/staff/cases/{}", work.head.number);
    let number = text::case_number(&work.head.number);
    let (assign, labels, note) = ("/staff/cases/assign", format!("{base}/labels"), format!("{base}/note"));
    let now = work
        .assignee
        .as_ref()
        .map_or("还没有人经办。".to_owned(), |who| format!("现在由{}经办。", who.name));
    let chosen = work.assignee.as_ref().map(|who| who.id.clone()).unwrap_or_default();
    let groups = to_whom(&work.colleagues);
    let [one, two, three] = [work.key.clone(), work.key.clone(), work.key.clone()];
    let pick = format!("case-{}", work.head.number);
    let boxes = CaseLabel::ALL
        .iter()
        .map(|label| {
            let (name, words) = (format!("label-{}", label.as_str()), label_words(*label));
            let checked = work.labels.contains(label);
            view! { <Checkbox name label=words checked=checked/> }
        })
        .collect_view();
    let notes = work
        .notes
        .iter()
        .map(|note| {
            let (about, note) = (format!("{} {}", note.at.shanghai_full(), note.by), note.note.clone());
            view! { <li><p>{note}</p><Hint>{about}</Hint></li> }
        })
        .collect_view();
    let none = work.notes.is_empty().then(|| view! { <p>"还没有备注。"</p> });
    let (errors, error, value) = (sent.summary(), sent.error("note"), sent.form.clone());
    let (related, from) = (related(&work.related), work.head.number.clone());
    view! {
        <StaffLayout title="经办和备注" back=base.clone() name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Figure label="编号" value=number/>
            {related}
            <Card title="谁来办">
                <p>{now}</p>
                <form method="post" action=assign novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=one/>
                    <input type="hidden" name=pick value="yes"/>
                    <input type="hidden" name="from" value=from/>
                    <Select name="to" label="交给" value=chosen groups/>
                    <Actions><Button kind="secondary">"交给这个人"</Button></Actions>
                </form>
            </Card>
            <Card title="标签">
                <form method="post" action=labels class="xw-form">
                    <input type="hidden" name="idempotency_key" value=two/>
                    {boxes}
                    <Actions><Button kind="secondary">"保存标签"</Button></Actions>
                </form>
            </Card>
            <Card title="备注">
                {none}
                <ul>{notes}</ul>
                <form method="post" action=note novalidate class="xw-form">
                    <input type="hidden" name="idempotency_key" value=three/>
                    <TextArea name="note" label="写一条备注" hint="给同事看，写上就留在卷里，不能改。只写办理要用的。" value error rows=3/>
                    <Actions><Button kind="secondary">"写上"</Button></Actions>
                </form>
            </Card>
            <Hint>"您看了这份申请的备注，已经记下来。"</Hint>
        </StaffLayout>
    }
}

/// All of one's own cases, to be handed over before a leave.
pub fn hand_over(
    me: &Me,
    mine: usize,
    colleagues: &[Colleague],
    sent: &Sent<String>,
    key: &str,
) -> impl IntoView + use<> {
    let (errors, error, chosen) = (sent.summary(), sent.error("to"), sent.form.clone());
    let options = colleagues.iter().map(|who| (who.id.clone(), who.name.clone())).collect();
    let groups = vec![OptionGroup { label: String::new(), options }];
    let key = key.to_owned();
    let body = if mine == 0 {
        view! { <Empty title="您手里没有经办的申请" hint="不用交接。"/> }.into_any()
    } else if colleagues.is_empty() {
        view! {
            <Banner kind="warn" title="没有能接手的同事">
                <p>"能接手的人，岗位要管得到您手里的每一件。请让管理员先给同事加上岗位。"</p>
            </Banner>
        }
        .into_any()
    } else {
        view! {
            <p>{format!("您手里有 {mine} 件没有办结的申请，会一次全部交给一位同事，备注和标签跟着走。")}</p>
            <form method="post" action="/staff/cases/hand-over" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Select name="to" label="交给谁" value=chosen error=error groups/>
                <Actions><Button>"全部交过去"</Button></Actions>
            </form>
        }
        .into_any()
    };
    view! {
        <StaffLayout title="请假交接" back="/staff/cases" name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            {body}
        </StaffLayout>
    }
}
