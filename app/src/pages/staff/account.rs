//! `/staff/account`: one's own password, devices and passkeys.

use leptos::prelude::*;

use super::{Me, passkey_script};
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, Empty, ErrorSummary, Field, StaffLayout,
};
use crate::domain::staff::PasswordForm;
use crate::pages::Sent;
use crate::text::staff::post_name;

/// A line about a device or a passkey.
#[derive(Clone, Debug, Default)]
pub struct AccountLine {
    /// Its id; empty where nothing can be done with it.
    pub id: String,
    /// Which kind of device.
    pub title: String,
    /// When it was used.
    pub hint: String,
}

/// The account.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The login.
    pub login: String,
    /// Where the account is signed in.
    pub devices: Vec<AccountLine>,
    /// The passkeys.
    pub passkeys: Vec<AccountLine>,
    /// Whether passkeys are offered: they need a host name.
    pub offers_passkeys: bool,
    /// The browser's answer to the challenge did not fit.
    pub passkey_refused: bool,
}

/// The page.
pub fn account(me: &Me, account: &Account) -> impl IntoView + use<> {
    let Account { login, devices, passkeys, offers_passkeys, passkey_refused } = account.clone();
    let rows = vec![
        Answer { label: "账号".into(), value: login, ..Answer::default() },
        Answer { label: "姓名".into(), value: me.name.clone(), ..Answer::default() },
        Answer {
            label: "岗位".into(),
            value: me.posts.iter().map(post_name).collect::<Vec<_>>().join("、"),
            ..Answer::default()
        },
    ];
    let devices = devices
        .into_iter()
        .map(|device| view! { <li><strong>{device.title}</strong><span class="xw-hint">{device.hint}</span></li> })
        .collect_view();
    let keys = if passkeys.is_empty() {
        view! { <Empty title="还没有通行密钥" hint="有了它，不用再抄六位数字，用指纹、面容或锁屏密码就能登录。"/> }.into_any()
    } else {
        let keys = passkeys
            .into_iter()
            .map(|key| {
                let action = format!("/staff/account/passkeys/{}/remove", key.id);
                view! {
                    <li>
                        <strong>{key.title}</strong>
                        <span class="xw-hint">{key.hint}</span>
                        <form method="post" action=action><Button kind="danger">"删除这个通行密钥"</Button></form>
                    </li>
                }
            })
            .collect_view();
        view! { <ul class="xw-deeds">{keys}</ul> }.into_any()
    };
    view! {
        <StaffLayout title="我的账号" back="/staff" name=me.name.clone() doors=me.doors()>
            {passkey_refused.then(|| view! { <Banner kind="warn" title="通行密钥没有添加"><p>"请再试一次，按浏览器的提示做到底。"</p></Banner> })}
            <Answers title="账号" rows/>
            <Actions><ButtonLink href="/staff/account/password" kind="secondary">"修改密码"</ButtonLink></Actions>
            <Card title="在这些设备上登录着">
                <ul class="xw-deeds">{devices}</ul>
                <form method="post" action="/staff/account/sign-out-everywhere">
                    <Button kind="danger">"在所有设备上退出"</Button>
                </form>
            </Card>
            {offers_passkeys.then(|| view! {
                <Card title="通行密钥">
                    {keys}
                    <form method="post" action="/staff/account/passkeys" data-passkey="create" hidden=true>
                        <input type="hidden" name="credential" value=""/>
                        <Button kind="secondary">"添加通行密钥"</Button>
                        <p class="xw-hint" data-passkey-told role="status"></p>
                    </form>
                    <noscript><p class="xw-hint">"添加通行密钥要打开浏览器的 JavaScript；不添加也能用动态码登录。"</p></noscript>
                </Card>
                {passkey_script()}
            })}
        </StaffLayout>
    }
}

/// `/staff/account/password`: a new password. `first` when the present one was given by somebody else.
pub fn password(me: &Me, sent: &Sent<PasswordForm>, first: bool) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (current, new, again) = (sent.error("current"), sent.error("password"), sent.error("again"));
    let (back, doors) =
        if first { (String::new(), Vec::new()) } else { ("/staff/account".to_owned(), me.doors()) };
    view! {
        <StaffLayout title="修改密码" back=back name=me.name.clone() doors=doors narrow=true>
            {first.then(|| view! {
                <Banner kind="info" title="请先换成自己的密码"><p>"现在的密码是别人给您的。换好以后就能开始工作。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <form method="post" action="/staff/account/password" novalidate class="xw-form">
                <Field name="current" label="现在的密码" kind="password" error=current autocomplete="current-password" maxlength=256/>
                <Field name="password" label="新密码" hint="至少 10 位。可以用一句自己记得住的话，不要和别处的密码一样。" kind="password" error=new autocomplete="new-password" maxlength=256/>
                <Field name="again" label="再填一次新密码" kind="password" error=again autocomplete="new-password" maxlength=256/>
                <Actions><Button>"修改密码"</Button></Actions>
            </form>
            <p class="xw-hint">"改好以后，别的设备上会自动退出。"</p>
        </StaffLayout>
    }
}
