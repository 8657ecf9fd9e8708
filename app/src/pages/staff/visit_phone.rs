//! `/staff/counter/visit/{visit}/phone…`: another number for the resident of a visit.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Banner, Button, ButtonLink, Card, Checkbox, ErrorSummary, Field, Hint, LinkItem, LinkList,
    StaffLayout,
};
use crate::domain::person::CodeForm;
use crate::domain::phone_change::NewPhoneForm;
use crate::pages::Sent;
use crate::pages::sign_in::shown_message;

fn path(visit: &str, more: &str) -> String {
    format!("/staff/counter/visit/{visit}{more}")
}

/// The way here from the visit's page.
pub(super) fn link(visit: &str) -> impl IntoView + use<> {
    let items = vec![LinkItem {
        href: path(visit, "/phone"),
        title: "换登录号码".into(),
        hint: "手机丢了、号码不用了；没有电话的也可以登记一个".into(),
        sign: String::new(),
    }];
    view! { <LinkList items/> }
}

/// The new number. `now` is the masked one so far.
pub fn number(me: &Me, visit: &str, sent: &Sent<NewPhoneForm>, now: Option<String>) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (phone_error, paper_error) = (sent.error("phone"), sent.error("paper"));
    let NewPhoneForm { phone, paper } = sent.form.clone();
    let now = match now {
        Some(now) => format!("现在用 {now} 登录。换好以后，那个号码会收到一条消息，所有设备都要重新登录。"),
        None => "现在没有登录号码。登记以后，居民可以自己登录。".to_owned(),
    };
    let (back, action) = (path(visit, ""), path(visit, "/phone"));
    view! {
        <StaffLayout title="换登录号码" back name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <Card label="说明"><p>{now}</p></Card>
            <form method="post" action=action novalidate class="xw-form">
                <Field
                    name="phone"
                    label="居民的新号码"
                    hint="会收到六位验证码；座机要带区号，我们打电话念验证码"
                    value=phone
                    error=phone_error
                    kind="tel"
                    inputmode="tel"
                />
                <Checkbox
                    name="paper"
                    label="是座机，本人已经在换号单上签字"
                    hint="人在窗口，接不到家里的座机，才勾选。手机号不能勾选。"
                    error=paper_error
                    checked=paper == "yes"
                />
                <Actions><Button>"下一步"</Button></Actions>
            </form>
            <Hint>"只换登录号码。已经交上去的申请，联系电话不变。"</Hint>
        </StaffLayout>
    }
}

/// The code. `to` is the masked new number.
pub fn code(
    me: &Me,
    visit: &str,
    sent: &Sent<CodeForm>,
    to: &str,
    message: Option<String>,
) -> impl IntoView + use<> {
    let errors = sent.summary();
    let error = sent.error("code");
    let value = sent.form.code.clone();
    let lead = format!("验证码已经发到 {to}，五分钟内有效。请居民看自己的手机，自己输入。");
    let (back, action) = (path(visit, "/phone"), path(visit, "/phone/code"));
    let again = back.clone();
    view! {
        <StaffLayout title="填写验证码" back name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            {shown_message(message)}
            <Card label="说明"><p>{lead}</p></Card>
            <form method="post" action=action novalidate class="xw-form">
                <Field name="code" label="验证码" hint="六位数字" value error inputmode="numeric" autocomplete="off"/>
                <Actions>
                    <Button>"换成这个号码"</Button>
                    <ButtonLink href=again kind="secondary">"没有收到，重新获取"</ButtonLink>
                </Actions>
            </form>
        </StaffLayout>
    }
}

/// The number opens another account.
pub fn taken(me: &Me, visit: &str) -> impl IntoView + use<> {
    let (back, again) = (path(visit, ""), path(visit, "/phone"));
    let stop = back.clone();
    view! {
        <StaffLayout title="换登录号码" back name=me.name.clone() doors=me.doors() narrow=true>
            <Banner kind="warn" title="这个号码已经有一个账号"><p>"一个号码只能登录一个账号，所以没有换。"</p></Banner>
            <Card title="可以这样办">
                <ul>
                    <li>"请居民用这个号码登录，看看是不是自己以前用过的账号。不要了，就在「我的数据」里删除，再来换。"</li>
                    <li>"以前用这个号码的是别人，请居民登录时选「以前用这个号码的不是我」。"</li>
                </ul>
            </Card>
            <Actions>
                <ButtonLink href=again>"换一个别的号码"</ButtonLink>
                <ButtonLink href=stop kind="secondary">"不换了"</ButtonLink>
            </Actions>
        </StaffLayout>
    }
}
