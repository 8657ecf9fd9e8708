//! `/staff/counter…`: what staff record for somebody who stands before them.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Checkbox, ErrorSummary, Field, Hint, LinkItem, LinkList,
    StaffLayout,
};
use crate::domain::counter::{AtHand, PaperForm, SeenForm};
use crate::domain::staff::Role;
use crate::pages::Sent;
use crate::pages::aid::DocumentFields;

/// Who works at a counter.
pub const AT_THE_COUNTER: &[Role] = &[Role::CommunityWorker, Role::StreetOfficer, Role::DistrictOfficer];

/// What can be done here.
pub fn counter(me: &Me) -> impl IntoView + use<> {
    let item = |href: &str, title: &str, hint: &str| LinkItem {
        href: href.into(),
        title: title.into(),
        hint: hint.into(),
        sign: String::new(),
    };
    let items = vec![
        item("/staff/counter/visit", "接待一位居民", "没有手机的居民也可以，当场建账号、办纸质卡"),
        item("/staff/counter/identity", "核对证件", "本人带证件原件来，核对后账号成为实名"),
        item("/staff/counter/proxy", "登记代办", "本人当面签同意书请家人办，或者监护人替孩子办"),
    ];
    view! {
        <StaffLayout title="窗口" back="/staff" name=me.name.clone() doors=me.doors()>
            <LinkList items/>
            <Hint>"这里填的内容不会留在这台电脑的浏览器里。人走以后请退出登录，或回到工作台。"</Hint>
        </StaffLayout>
    }
}

/// A document that was seen.
pub fn identity(me: &Me, sent: &Sent<SeenForm>) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (phone, name, birth_date) = (sent.error("phone"), sent.error("name"), sent.error("birth_date"));
    let (kind_error, number_error) = (sent.error("document_kind"), sent.error("document_number"));
    let seen_error = sent.error("seen");
    let Sent { form, .. } = sent.clone();
    let seen = form.seen == "yes";
    view! {
        <StaffLayout title="核对证件" back="/staff/counter" name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <form method="post" action="/staff/counter/identity" novalidate class="xw-form">
                <Field name="phone" label="居民的手机号或座机号" hint="居民用它登录" value=form.phone error=phone kind="tel" inputmode="tel"/>
                <Field name="name" label="证件上的姓名" value=form.name error=name/>
                <DocumentFields kind=form.document_kind number=form.document_number kind_error number_error/>
                <Field name="birth_date" label="出生日期" hint="身份证号里有的不用写" value=form.birth_date error=birth_date optional=true inputmode="numeric"/>
                <Checkbox name="seen" label="我看过证件原件，照片就是本人" checked=seen error=seen_error/>
                <Actions><Button>"核对无误，登记"</Button></Actions>
            </form>
        </StaffLayout>
    }
}

/// An agreement, both of whose sides are typed.
pub fn proxy(me: &Me, sent: &Sent<PaperForm>, key: &str) -> impl IntoView + use<> {
    let errors = sent.summary();
    let key = key.to_owned();
    let fields = super::agreements::fields(sent, AtHand::Nobody);
    view! {
        <StaffLayout title="登记代办" back="/staff/counter" name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Card label="说明">
                <p>"亲友代办：先核对本人的证件，再由本人在同意书上签字。监护人代办：先核对监护人的证件，再看孩子的材料。登记以后双方都会收到消息，任何一方随时可以结束。"</p>
            </Card>
            <form method="post" action="/staff/counter/proxy" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                {fields}
                <Actions><Button>"登记代办"</Button></Actions>
            </form>
        </StaffLayout>
    }
}

/// It was recorded. No name stands here: the next person may look on.
pub fn recorded(me: &Me) -> impl IntoView + use<> {
    view! {
        <StaffLayout title="已经登记" back="/staff/counter" name=me.name.clone() doors=me.doors() narrow=true>
            <Banner kind="good" title="已经登记"><p>"居民会收到消息，登录后在「我的」里看得到，也看得到是哪个岗位登记的。"</p></Banner>
            <Actions><ButtonLink href="/staff/counter">"下一位"</ButtonLink></Actions>
        </StaffLayout>
    }
}
