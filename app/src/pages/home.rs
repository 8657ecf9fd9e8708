//! `/`: what can be done here. Only doors that open are shown.

use leptos::prelude::*;

use crate::components::{Card, Door, Doors, HomeLayout, LinkItem, LinkList};
use crate::pages::aid::screener_link;
use crate::pages::me::Mine;
use crate::visit::SignedIn;

/// The home page.
pub fn home(mine: &Mine, signed_in: Option<&SignedIn>, hotline: &str) -> impl IntoView + use<> {
    let (first, more) = mine.first();
    let phone = (!hotline.is_empty()).then(|| LinkItem {
        href: format!("tel:{hotline}"),
        title: format!("打电话问：{hotline}"),
        hint: "社区和街道窗口也能办，纸质材料同样有效".into(),
        sign: "phone".into(),
    });
    let account = match signed_in {
        Some(signed_in) => LinkItem {
            href: "/me".into(),
            title: "我的".into(),
            hint: if signed_in.acting_for.is_some() {
                "替他办过的事，办到哪一步".into()
            } else if signed_in.name.is_empty() {
                "已登录：资料、消息、代办".into()
            } else {
                format!("{} 已登录：资料、消息、代办", signed_in.name)
            },
            sign: String::new(),
        },
        None => LinkItem {
            href: "/sign-in?next=/me".into(),
            title: "登录".into(),
            hint: "用手机号和验证码；不登录也能申请".into(),
            sign: String::new(),
        },
    };
    let mut services = vec![
        screener_link(),
        account,
        LinkItem {
            href: "/aid".into(),
            title: "别的救助和补贴".into(),
            hint: "低保、残疾人补贴、尊老金、孩子的保障等".into(),
            sign: String::new(),
        },
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
    // A clerk who helps finds only what may be opened meanwhile.
    if signed_in.is_some_and(|signed_in| signed_in.helping) {
        services.retain(|item| !matches!(item.href.as_str(), "/confirm" | "/feedback"));
    }
    let mut doors = vec![Door {
        href: "/aid/temporary-aid".into(),
        sign: "助".into(),
        title: "临时救助".into(),
        hint: "突然遇到难处，可以在这里申请".into(),
        tone: "aid",
    }];
    let wedding = (!signed_in.is_some_and(|signed_in| signed_in.helping)).then(|| Door {
        href: "/marriage".into(),
        sign: "婚".into(),
        title: "婚姻登记".into(),
        hint: "带什么、去哪家，预约时间".into(),
        tone: "wed",
    });
    doors.extend(wedding);
    let meals = (!signed_in.is_some_and(|signed_in| signed_in.helping)).then(|| Door {
        href: "/meals".into(),
        sign: "餐".into(),
        title: "老年助餐".into(),
        hint: "附近哪里吃，今天吃什么".into(),
        tone: "meal",
    });
    doors.extend(meals);
    let bank = (!signed_in.is_some_and(|signed_in| signed_in.helping)).then(|| Door {
        href: "/timebank".into(),
        sign: "时".into(),
        title: "时间银行".into(),
        hint: "帮帮邻居，时间存起来".into(),
        tone: "bank",
    });
    doors.extend(bank);
    let recent = (!first.is_empty())
        .then(|| view! { <Card title="我的事"><LinkList items=first/><MoreMine show=more/></Card> });
    view! {
        <HomeLayout>
            {recent}
            <Doors
                label="服务"
                items=doors
            />
            <LinkList items=services/>
        </HomeLayout>
    }
}

#[component]
fn MoreMine(show: bool) -> impl IntoView {
    show.then(|| view! { <a class="xw-alone" href="/me">"查看我的全部事项"</a> })
}
