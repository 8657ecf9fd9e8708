//! `/aid/temporary-aid/apply`: begin, or go on with what was kept.

use leptos::prelude::*;

use super::{apply, is_temporary};
use crate::components::{Actions, Banner, Button, ButtonLink, Card, Layout};
use crate::domain::aid::{Asks, Step};
use crate::ports::CaseLine;
use crate::text::aid::step_title;
use crate::text::case::state_label;
use crate::text::case_number;

/// The open draft, as far as this page needs it.
#[derive(Clone, Debug)]
pub struct WithDraft {
    /// The item's address.
    pub item: String,
    /// The item's name.
    pub name: String,
    /// What is wanted is a service.
    pub service: bool,
    /// When it was kept last, in words.
    pub saved: String,
    /// The first page that is missing or wrong; none when all is ready for a last look.
    pub next: Option<Step>,
}

/// What the asker has sent before and is still under way. Only their own: who else receives aid is nobody's to find out here.
fn under_way(cases: &[CaseLine]) -> Option<impl IntoView + use<>> {
    let lines = cases
        .iter()
        .map(|case| {
            let href = format!("/confirm/{}", case.number);
            let words = format!("，{} 收到，{}", case.received_at.shanghai_text(), state_label(case.state));
            view! { <li><a href=href>{case_number(&case.number)}</a>{words}</li> }
        })
        .collect_view();
    (!cases.is_empty()).then(|| {
        view! {
            <Banner kind="info" title="您交过的申请还在办">
                <ul>{lines}</ul>
                <p>"同一件事不用再交一份，要补充什么，在那一份里补。又遇到别的急难，可以再申请。"</p>
            </Banner>
        }
    })
}

/// The page. `cases`: the asker's own that are still open.
pub fn start(
    (name, asks): (&str, Asks),
    draft: Option<&WithDraft>,
    cases: &[CaseLine],
    hotline: &str,
) -> impl IntoView + use<> {
    let under_way = under_way(cases);
    let (hotline, here) = (hotline.to_owned(), apply());
    let back = here.strip_suffix("/apply").unwrap_or("/aid").to_owned();
    let count = Step::asked(asks).len();
    let steps =
        format!("一共 {count} 步，每步一件事，{}。", if asks.household { "十来分钟" } else { "几分钟" });
    let ready = if asks.child {
        "准备好孩子的身份证号。只问孩子的情况，不问家里的收入。"
    } else if asks.service {
        "准备好要服务的人的身份证号，想一想哪几天方便。不问家里的收入。"
    } else if asks.household {
        "准备好您和家人的身份证号，大概的收入和开支。"
    } else {
        "准备好您的身份证号。只问您自己的情况，不问家里的收入。"
    };
    let body = match draft {
        Some(draft) => {
            let apply = format!("/aid/{}/apply", draft.item);
            let other = (apply != here).then(|| {
                let words = format!(
                    "那份申请的是「{}」。一次填一份：先交掉或者删掉那份，再来申请「{name}」。",
                    draft.name
                );
                view! { <p>{words}</p> }
            });
            let (href, where_next) = match draft.next {
                Some(step) => (
                    format!("{apply}/{}", step.as_str()),
                    format!("下一步：{}", step_title(step, draft.service)),
                ),
                None => (format!("{apply}/check"), "都填好了，核对后就可以提交".to_owned()),
            };
            let words = format!("{} 保存。{where_next}。", draft.saved);
            view! {
                <Banner kind="info" title="您有一份没填完的申请">
                    <p>{words}</p>
                    {other}
                </Banner>
                <Actions><ButtonLink href=href>"接着填"</ButtonLink></Actions>
                <form method="post" action=format!("{apply}/discard")>
                    <Actions><Button kind="quiet">"删掉这份草稿，重新开始"</Button></Actions>
                </form>
            }
            .into_any()
        }
        None => view! {
            <Card title="开始之前">
                <ul>
                    <li>{steps}</li>
                    <li>{ready}</li>
                    <li>"每一步都自动保存在系统里，三十天内在这部手机上可以接着填。"</li>
                    <li>"最后核对一遍，按下提交才算申请。"</li>
                </ul>
            </Card>
            <form method="post" action=here.clone()>
                <Actions><Button>"开始填写"</Button></Actions>
            </form>
        }
        .into_any(),
    };
    let phone = (!hotline.is_empty()).then(|| {
        view! { <p>"填不了也不要紧："<a href=format!("tel:{hotline}")>{format!("打 {hotline}")}</a>"，或者到社区、街道窗口，工作人员帮您填。"</p> }
    });
    let title = format!("申请{name}");
    view! {
        <Layout title back>
            {under_way}
            {body}
            {is_temporary().then(|| view! {
                <Banner kind="warn" title="人有危险，请先打急救和报警电话"><p>"急救 120，火警 119，报警 110。救助申请可以之后再填。"</p></Banner>
            })}
            {phone}
        </Layout>
    }
}
