//! `/`: what can be done here. Only doors that open are shown.

use leptos::prelude::*;

use crate::components::{Card, Door, Doors, Empty, HomeLayout, Layout, LinkItem, LinkList};
use crate::ports::CaseLine;
use crate::text;

/// What belongs to this device: a draft, cases.
#[derive(Clone, Debug, Default)]
pub struct Mine {
    /// When the open draft was kept last, in words; `None` without a draft.
    pub draft_saved: Option<String>,
    /// Cases, newest first.
    pub cases: Vec<CaseLine>,
}

impl Mine {
    fn is_empty(&self) -> bool {
        self.draft_saved.is_none() && self.cases.is_empty()
    }

    fn items(&self) -> Vec<LinkItem> {
        let draft = self.draft_saved.iter().map(|at| LinkItem {
            href: "/aid/temporary-aid/apply".into(),
            title: "接着填临时救助申请".into(),
            hint: format!("{at} 保存，还没有提交"),
            sign: String::new(),
        });
        let cases = self.cases.iter().map(|case| LinkItem {
            href: format!("/confirm/{}", case.number),
            title: format!("{} {}", text::aid::TEMPORARY_AID, case.number),
            hint: match case.consents_missing {
                0 => format!("{} 收到申请", case.received_at.shanghai_text()),
                n => format!("{} 收到申请，{n} 人待补授权", case.received_at.shanghai_text()),
            },
            sign: String::new(),
        });
        draft.chain(cases).collect()
    }
}

/// The home page.
pub fn home(mine: &Mine, hotline: &str) -> impl IntoView + use<> {
    let items = mine.items();
    let first: Vec<_> = items.iter().take(3).cloned().collect();
    let phone = (!hotline.is_empty()).then(|| LinkItem {
        href: format!("tel:{hotline}"),
        title: format!("打电话问：{hotline}"),
        hint: "社区和街道窗口也能办，纸质材料同样有效".into(),
        sign: "phone".into(),
    });
    let mut services = vec![
        LinkItem {
            href: "/confirm".into(),
            title: "凭编号查进度".into(),
            hint: "用编号和手机号后四位".into(),
            sign: String::new(),
        },
        LinkItem {
            href: "/check".into(),
            title: "核对一张凭证".into(),
            hint: "输入二维码下面的八位短码".into(),
            sign: String::new(),
        },
    ];
    services.extend(phone);
    services.push(LinkItem {
        href: "/feedback".into(),
        title: "投诉与建议".into(),
        hint: "哪里不好用、哪里没办好，请告诉我们".into(),
        sign: String::new(),
    });
    let more = items.len() > 3;
    let recent = (!first.is_empty())
        .then(|| view! { <Card title="我的事"><LinkList items=first/><MoreMine show=more/></Card> });
    view! {
        <HomeLayout>
            {recent}
            <Doors
                label="服务"
                items=vec![
                    Door {
                        href: "/aid/temporary-aid".into(),
                        sign: "助".into(),
                        title: "临时救助".into(),
                        hint: "突然遇到难处，可以在这里申请".into(),
                        tone: "aid",
                    },
                ]
            />
            <LinkList items=services/>
        </HomeLayout>
    }
}

#[component]
fn MoreMine(show: bool) -> impl IntoView {
    show.then(|| view! { <a class="xw-alone" href="/me">"查看我的全部事项"</a> })
}

/// `/me`: everything that was done on this device, newest first.
pub fn mine(mine: &Mine) -> impl IntoView + use<> {
    let body = if mine.is_empty() {
        view! {
            <Empty
                title="这部手机上还没有办过事"
                hint="在别的手机上办的，可以用编号和手机号后四位查看。"
                href="/confirm"
                action="凭编号查进度"
            />
        }
        .into_any()
    } else {
        let items = mine.items();
        view! { <LinkList items/> }.into_any()
    };
    view! { <Layout title="我的事" back="/">{body}</Layout> }
}
