//! `/me`: everything that is one's own, newest first, with what waits for one on top; and the inbox.

use leptos::prelude::*;

use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Empty, Hint, Layout, LinkItem, LinkList, Tag,
};
use crate::domain::aid::case::CaseState;
use crate::ports::{CaseLine, InboxNotice};
use crate::text;
use crate::text::case::state_label;
use crate::visit::SignedIn;

/// What belongs to the one who asks: a draft, cases, messages.
#[derive(Clone, Debug, Default)]
pub struct Mine {
    /// The item of the open draft, and when it was kept last, in words; `None` without a draft.
    pub draft_saved: Option<(String, String)>,
    /// Cases, newest first.
    pub cases: Vec<CaseLine>,
    /// Messages that were not read, newest first.
    pub unread: Vec<InboxNotice>,
    /// Bookings at marriage offices that go on, the nearest day first.
    pub bookings: Vec<crate::domain::marriage::Booking>,
}

impl Mine {
    fn waiting(&self) -> Vec<LinkItem> {
        let draft = self.draft_saved.iter().map(|(item, at)| LinkItem {
            href: format!("/aid/{item}/apply"),
            title: format!("接着填{}申请", text::aid::item_words(item)),
            hint: format!("{at} 保存，还没有提交"),
            sign: String::new(),
        });
        let missing = |case: &&CaseLine| case.consents_missing > 0 && case.state.is_open();
        let consents = self.cases.iter().filter(missing).map(|case| LinkItem {
            href: format!("/confirm/{}", case.number),
            title: format!("还有 {} 位家人没有同意核对", case.consents_missing),
            hint: format!("编号 {}", case.number),
            sign: String::new(),
        });
        let asked =
            self.cases.iter().filter(|case| case.state == CaseState::CorrectionRequested).map(|case| {
                LinkItem {
                    href: format!("/confirm/{}", case.number),
                    title: "有一份申请要您补充".into(),
                    hint: format!("编号 {}", case.number),
                    sign: String::new(),
                }
            });
        let unread = (!self.unread.is_empty()).then(|| LinkItem {
            href: "/me/inbox".into(),
            title: format!("{} 条没看过的消息", self.unread.len()),
            hint: self.unread.first().map(|notice| notice.title.clone()).unwrap_or_default(),
            sign: String::new(),
        });
        draft.chain(asked).chain(consents).chain(unread).collect()
    }

    fn cases(&self) -> Vec<LinkItem> {
        let bookings = self.bookings.iter().map(|booking| LinkItem {
            href: format!("/marriage/bookings/{}", booking.id),
            title: format!("婚姻登记：{}", crate::text::marriage::state_label(booking.state)),
            hint: format!(
                "{} {}",
                crate::domain::time::date_text(booking.day),
                crate::domain::marriage::time_words(booking.starts, booking.ends)
            ),
            sign: String::new(),
        });
        let cases = self.cases.iter().map(|case| LinkItem {
            href: format!("/confirm/{}", case.number),
            title: format!("{} {}", text::aid::item_words(&case.item), case.number),
            hint: match case.consents_missing {
                n if n > 0 && case.state.is_open() => {
                    format!(
                        "{}，{} 收到，{n} 人待补授权",
                        state_label(case.state),
                        case.received_at.shanghai_text()
                    )
                }
                _ => format!("{}，{} 收到", state_label(case.state), case.received_at.shanghai_text()),
            },
            sign: String::new(),
        });
        bookings.chain(cases).collect()
    }

    /// The first few for the home page, what waits on top.
    pub(crate) fn first(&self) -> (Vec<LinkItem>, bool) {
        let draft_only = Self { draft_saved: self.draft_saved.clone(), ..Self::default() };
        let unread_only = Self { unread: self.unread.clone(), ..Self::default() };
        let all: Vec<_> =
            draft_only.waiting().into_iter().chain(unread_only.waiting()).chain(self.cases()).collect();
        (all.iter().take(3).cloned().collect(), all.len() > 3)
    }
}

fn item(href: &str, title: &str, hint: &str) -> LinkItem {
    LinkItem { href: href.into(), title: title.into(), hint: hint.into(), sign: String::new() }
}

fn account(signed_in: &SignedIn) -> impl IntoView + use<> {
    if signed_in.acting_for.is_some() {
        let words = if signed_in.helping { "结束帮办，回到接待" } else { "结束这次代办" };
        return view! {
            <form method="post" action="/me/acting/stop"><Actions><Button kind="secondary">{words}</Button></Actions></form>
        }
        .into_any();
    }
    let items = vec![
        item("/me/inbox", "消息", "办事的进展都在这里"),
        item("/me/profile", "我的资料", "填一次，以后办事自动填好"),
        item("/me/papers", "我的材料照片", "交过的照片，下次申请可以直接用"),
        item("/me/acting", "替家人办、请家人代办", "双方都同意才生效，随时可以结束"),
        item("/me/devices", "登录的设备", "看看在哪里登录过，可以一起退出"),
        item("/me/data", "我的数据", "谁看过、同意过什么、下载、删除账号"),
    ];
    let soon = (signed_in.minutes_left <= 30).then(|| {
        let words = format!("这次登录还有 {} 分钟就到时间了。", signed_in.minutes_left.max(0));
        view! {
            <Banner kind="warn" title="登录快到时间了">
                <p>{words}</p>
                <form method="post" action="/sign-in/continue"><Button kind="secondary">"继续登录"</Button></form>
            </Banner>
        }
    });
    let idle = format!("{} 分钟没有操作会自动退出，填到一半的内容会保留。", signed_in.idle_minutes);
    view! {
        {soon}
        <LinkList items/>
        <form method="post" action="/sign-out"><Actions><Button kind="secondary">"退出登录"</Button></Actions></form>
        <Hint>{idle}</Hint>
    }
    .into_any()
}

/// The page.
pub fn mine(mine: &Mine, signed_in: Option<&SignedIn>) -> impl IntoView + use<> {
    let waiting = mine.waiting();
    let cases = mine.cases();
    let empty = waiting.is_empty() && cases.is_empty();
    let waiting =
        (!waiting.is_empty()).then(|| view! { <Card title="等您办的"><LinkList items=waiting/></Card> });
    let cases = (!cases.is_empty()).then(|| view! { <Card title="办过的事"><LinkList items=cases/></Card> });
    let nothing = empty.then(|| match signed_in {
        Some(_) => view! {
            <Empty title="还没有办过事" hint="您办的事会按时间排在这里。" href="/" action="看看能办什么"/>
        }
        .into_any(),
        None => view! {
            <Empty
                title="这部手机上还没有办过事"
                hint="在别的手机上办的，可以登录查看，也可以用编号和手机号后四位查看。"
                href="/confirm"
                action="凭编号查进度"
            />
        }
        .into_any(),
    });
    let account = match signed_in {
        Some(signed_in) => account(signed_in).into_any(),
        None => view! {
            <Actions><ButtonLink href="/sign-in?next=/me" kind="secondary">"登录"</ButtonLink></Actions>
            <Hint>"登录以后，换手机也能看到自己的事。"</Hint>
        }
        .into_any(),
    };
    view! { <Layout title="我的事" back="/">{waiting}{cases}{nothing}{account}</Layout> }
}

/// The inbox, newest first.
pub fn inbox(notices: &[InboxNotice]) -> impl IntoView + use<> {
    let cards = notices
        .iter()
        .map(|notice| {
            let paragraphs = notice
                .text
                .split("\n\n")
                .map(|paragraph| view! { <p>{paragraph.trim().to_owned()}</p> })
                .collect_view();
            let link = notice.link.clone().map(|href| view! { <a class="xw-alone" href=href>"去看看"</a> });
            let at = notice.at.shanghai_full();
            let new = notice.read_at.is_none().then(|| view! { <Tag kind="info">"新"</Tag> });
            view! {
                <Card title=notice.title.clone()>
                    <p class="xw-hint">{at}" "{new}</p>
                    {paragraphs}
                    {link}
                </Card>
            }
        })
        .collect_view();
    let unread = notices.iter().any(|notice| notice.read_at.is_none());
    let body = if notices.is_empty() {
        view! { <Empty title="还没有消息" hint="办事有了进展，会在这里告诉您。"/> }.into_any()
    } else {
        cards.into_any()
    };
    let read = unread.then(|| {
        view! {
            <form method="post" action="/me/inbox"><Actions><Button kind="secondary">"都看过了"</Button></Actions></form>
        }
    });
    view! { <Layout title="消息" back="/me">{body}{read}</Layout> }
}
