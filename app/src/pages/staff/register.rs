//! `/staff/cases/register`: the applications of one's area as a file for a spreadsheet. It names nobody in full, and is
//! made only for a reason.

use leptos::prelude::*;

use super::Me;
use super::cases::PURPOSES;
use crate::components::{Actions, Button, ErrorSummary, Radios, StaffLayout};
use crate::domain::staff::{Post, Role};
use crate::pages::{Sent, choices};
use crate::text::staff::{post_name, purpose_hint, purpose_name};

/// Who may take the register along: those who answer for a whole area, not for single families.
pub const REGISTRARS: &[Role] = &[Role::StreetOfficer, Role::DistrictOfficer];

/// The question before the file is made.
pub fn ask(me: &Me, post: &Post, sent: &Sent<String>) -> impl IntoView + use<> {
    let (errors, error, chosen) = (sent.summary(), sent.error("purpose"), sent.form.clone());
    let (area, post) = (post_name(post), post.text());
    view! {
        <StaffLayout
            title="导出登记表"
            back="/staff/cases"
            name=me.name.clone()
            doors=me.doors()
            narrow=true
        >
            <ErrorSummary errors/>
            <p>
                {format!(
                    "{area}收到、还没有办结的申请，一份一行：编号、地方、困难种类、有多急、收到时间、申请人（姓名隐去一部分）。\
                     不含证件号、电话、住址和困难经过。",
                )}
            </p>
            <form method="post" action="/staff/cases/register" novalidate class="xw-form">
                <input type="hidden" name="post" value=post/>
                <Radios
                    name="purpose"
                    legend="您为什么要导出？"
                    hint="您的账号、岗位、时间和原因都会记进审计记录。文件用完请删除，不要转发。"
                    value=chosen
                    options=choices!(PURPOSES, purpose_name, purpose_hint)
                    error
                />
                <Actions>
                    <Button>"导出"</Button>
                </Actions>
            </form>
        </StaffLayout>
    }
}
