//! `/staff/templates`: what residents are written, with made-up values, in every way in which it reaches them.

use leptos::prelude::*;

use super::Me;
use crate::components::{Card, Hint, LinkItem, LinkList, StaffLayout, Tag};
use crate::domain::notices::{Notice, length, signed, spoken};
use crate::domain::staff::Role;
use crate::visit::PageContext;

/// Who looks at them.
pub const READERS: &[Role] = &[Role::Administrator, Role::DistrictOfficer];

fn paragraphs(text: &str) -> impl IntoView + use<> {
    text.split("\n\n").map(|paragraph| view! { <p>{paragraph.trim().to_owned()}</p> }).collect_view()
}

fn preview(notice: &Notice, service: &str) -> impl IntoView + use<> {
    let message = signed(service, &notice.sms());
    let (signs, parts) = length(&message);
    let counted = format!("短信（{signs} 字，算 {parts} 条）");
    let urgent = notice.is_urgent().then(|| view! { <p><Tag kind="warn">"夜里也发"</Tag></p> });
    let letter = notice.letter();
    let inbox = paragraphs(&letter);
    let aloud = spoken(&message);
    let links = vec![LinkItem {
        href: format!("/staff/templates/{}/letter", notice.id()),
        title: "大字信".into(),
        hint: format!("「{}」打印出来的样子", notice.title()),
        sign: String::new(),
    }];
    view! {
        <Card title=notice.title()>
            {urgent}
            <h3 class="xw-hint">{counted}</h3>
            <p>{message}</p>
            <h3 class="xw-hint">"站内消息"</h3>
            {inbox}
            <h3 class="xw-hint">"打座机念出来"</h3>
            <p>{aloud}</p>
            <LinkList items=links/>
        </Card>
    }
}

/// All of them.
pub fn templates(me: &Me) -> impl IntoView + use<> {
    let service = expect_context::<PageContext>().site.name.clone();
    let previews = Notice::samples().iter().map(|notice| preview(notice, &service)).collect_view();
    view! {
        <StaffLayout title="通知的样子" back="/staff" name=me.name.clone() doors=me.doors() narrow=true>
            <Hint>"里面的姓名、编号和验证码都是编的。文字在程序的数据文件里，改了要重新部署。一条短信最多 70 字，更长的每条 67 字。"</Hint>
            {previews}
        </StaffLayout>
    }
}

/// One of them as a letter.
pub fn letter(me: &Me, notice: &Notice) -> impl IntoView + use<> {
    let text = notice.letter();
    view! {
        <StaffLayout title=notice.title() back="/staff/templates" name=me.name.clone() doors=me.doors() narrow=true>
            <Card label="信">
                <div class="xw-letter"><p class="xw-lines">"样例老人\n旺庄街道样例路 1 号"</p><p class="xw-lines">{text}</p></div>
            </Card>
            <div class="xw-screen-only"><Hint>"用浏览器的打印功能打印这一页，按钮和这些说明不会印出来。"</Hint></div>
        </StaffLayout>
    }
}
