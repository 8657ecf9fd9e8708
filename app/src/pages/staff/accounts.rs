//! `/staff/accounts`: the administrator's list of accounts.

use leptos::prelude::*;

use super::Me;
use crate::components::{
    Actions, Answer, Answers, Banner, Button, ButtonLink, Card, ErrorSummary, Field, Figure, LinkItem,
    LinkList, OptionGroup, Select, StaffLayout,
};
use crate::domain::area;
use crate::domain::staff::{NewStaffForm, Post, PostForm, Role};
use crate::domain::time::Instant;
use crate::pages::Sent;
use crate::text::staff::{place_name, post_name, role_name};

/// One account.
#[derive(Clone)]
pub struct StaffAccount {
    /// The account.
    pub id: String,
    /// The login.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person does, and where.
    pub posts: Vec<Post>,
    /// A second factor was enrolled.
    pub enrolled: bool,
    /// When the account was made.
    pub created_at: Instant,
    /// When it was disabled, if it was.
    pub disabled_at: Option<Instant>,
    /// It is the account of the one who looks at it.
    pub own: bool,
}

crate::masked_debug!(StaffAccount);

impl StaffAccount {
    fn state(&self) -> String {
        match (self.disabled_at, self.enrolled) {
            (Some(at), _) => format!("{} 停用", at.shanghai_text()),
            (None, true) => "正常".to_owned(),
            (None, false) => "还没有登录过".to_owned(),
        }
    }
}

/// The list.
pub fn list(me: &Me, accounts: &[StaffAccount]) -> impl IntoView + use<> {
    let items: Vec<_> = accounts
        .iter()
        .map(|account| LinkItem {
            href: format!("/staff/accounts/{}", account.id),
            title: format!("{} {}", account.name, account.login),
            hint: if account.posts.is_empty() {
                format!("没有岗位，{}", account.state())
            } else {
                let posts = account.posts.iter().map(post_name).collect::<Vec<_>>().join("、");
                format!("{posts}，{}", account.state())
            },
            sign: String::new(),
        })
        .collect();
    view! {
        <StaffLayout title="人员账号" back="/staff" name=me.name.clone() doors=me.doors()>
            <Actions><ButtonLink href="/staff/accounts/new">"添加一个人"</ButtonLink></Actions>
            <LinkList items/>
        </StaffLayout>
    }
}

fn roles() -> Vec<OptionGroup> {
    let options =
        Role::ALL.iter().map(|role| (role.as_str().to_owned(), role_name(*role).to_owned())).collect();
    vec![OptionGroup { label: String::new(), options }]
}

fn places() -> Vec<OptionGroup> {
    let district = area::district();
    let mut groups = vec![OptionGroup {
        label: String::new(),
        options: vec![(district.to_owned(), place_name(district))],
    }];
    groups.extend(area::streets().iter().map(|street| {
        let own = (street.code.to_owned(), street.name.to_owned());
        let inside = area::communities_of(street.code).iter().map(|community| {
            (community.code.to_owned(), format!("{}{}", street.name, community.short_name()))
        });
        OptionGroup { label: street.name.to_owned(), options: std::iter::once(own).chain(inside).collect() }
    }));
    groups
}

/// Role and place, the same in both forms.
fn post_fields(form: PostForm, errors: [Option<String>; 3]) -> impl IntoView {
    let [role, place, office] = errors;
    view! {
        <Select name="role" label="岗位" groups=roles() value=form.role error=role/>
        <Select
            name="place"
            label="在哪里任职"
            hint="社区工作者选社区，街道经办选街道，区级经办、审计和系统管理员选全区"
            groups=places()
            value=form.place
            error=place
        />
        <Field
            name="office"
            label="婚姻登记处或助餐点的编号"
            hint="只有婚姻登记员和助餐点人员要填"
            value=form.office
            error=office
            optional=true
            maxlength=40
        />
    }
}

/// The form for a new account.
pub fn new(me: &Me, sent: &Sent<NewStaffForm>, key: &str) -> impl IntoView + use<> {
    let errors = sent.summary();
    let (login, name) = (sent.error("login"), sent.error("name"));
    let post_errors = [sent.error("role"), sent.error("place"), sent.error("office")];
    let form = sent.form.clone();
    let post = PostForm { role: form.role, place: form.place, office: form.office };
    let key = key.to_owned();
    view! {
        <StaffLayout title="添加一个人" back="/staff/accounts" name=me.name.clone() doors=me.doors() narrow=true>
            <ErrorSummary errors/>
            <form method="post" action="/staff/accounts/new" novalidate class="xw-form">
                <input type="hidden" name="idempotency_key" value=key/>
                <Field name="login" label="账号" hint="登录用，3 到 32 位小写字母、数字、点或横线" value=form.login error=login maxlength=64/>
                <Field name="name" label="姓名" value=form.name error=name maxlength=100/>
                {post_fields(post, post_errors)}
                <Actions><Button>"添加"</Button></Actions>
            </form>
        </StaffLayout>
    }
}

/// A first password, told this once.
pub fn first_password(me: &Me, account: &str, login: &str, password: &str) -> impl IntoView + use<> {
    let href = format!("/staff/accounts/{account}");
    let rows = vec![Answer { label: "账号".into(), value: login.to_owned(), ..Answer::default() }];
    let password = password.to_owned();
    view! {
        <StaffLayout title="一次性密码" back="/staff/accounts" name=me.name.clone() doors=me.doors() narrow=true>
            <Banner kind="good" title="账号可以用了"><p>"请当面把账号和一次性密码告诉本人。密码只在这里显示这一次，七天内有效，本人第一次登录时会换成自己的。"</p></Banner>
            <Answers title="登录" rows/>
            <Card><Figure label="一次性密码" value=password/></Card>
            <Actions><ButtonLink href=href>"记下了，看这个账号"</ButtonLink></Actions>
        </StaffLayout>
    }
}

/// One account.
pub fn account(
    me: &Me,
    account: &StaffAccount,
    sent: &Sent<PostForm>,
    keeps_own: bool,
) -> impl IntoView + use<> {
    let base = format!("/staff/accounts/{}", account.id);
    let errors = sent.summary();
    let post_errors = [sent.error("role"), sent.error("place"), sent.error("office")];
    let form = sent.form.clone();
    let rows = vec![
        Answer { label: "姓名".into(), value: account.name.clone(), ..Answer::default() },
        Answer { label: "账号".into(), value: account.login.clone(), ..Answer::default() },
        Answer { label: "状态".into(), value: account.state(), ..Answer::default() },
        Answer { label: "添加于".into(), value: account.created_at.shanghai_full(), ..Answer::default() },
    ];
    let remove = format!("{base}/posts/remove");
    let posts = account
        .posts
        .iter()
        .map(|post| {
            let own = account.own && post.role() == Role::Administrator;
            let (role, place) = (post.role().as_str(), post.place().to_owned());
            let action = remove.clone();
            view! {
                <li>
                    <strong>{post_name(post)}</strong>
                    {if own {
                        view! { <span class="xw-hint">"自己的管理员岗位要请别的管理员取消"</span> }.into_any()
                    } else {
                        view! {
                            <form method="post" action=action>
                                <input type="hidden" name="role" value=role/>
                                <input type="hidden" name="place" value=place/>
                                <Button kind="danger">"取消这个岗位"</Button>
                            </form>
                        }
                        .into_any()
                    }}
                </li>
            }
        })
        .collect_view();
    let none = account.posts.is_empty().then(|| view! { <p class="xw-hint">"还没有岗位"</p> });
    let (reset, disable, give) =
        (format!("{base}/reset"), format!("{base}/disable"), format!("{base}/posts"));
    let may_give = !account.own;
    let may_end = may_give && account.disabled_at.is_none();
    view! {
        <StaffLayout title="人员账号" back="/staff/accounts" name=me.name.clone() doors=me.doors()>
            {keeps_own.then(|| view! {
                <Banner kind="warn" title="没有改动"><p>"不能给自己加岗位、取消自己的管理员岗位，也不能停用或重置自己的账号，请别的管理员来做。"</p></Banner>
            })}
            <ErrorSummary errors/>
            <Answers title="账号" rows/>
            <Card title="岗位"><ul class="xw-deeds">{posts}</ul>{none}</Card>
            {may_give.then(|| view! {
                <Card title="再加一个岗位">
                    <form method="post" action=give novalidate class="xw-form">
                        {post_fields(form, post_errors)}
                        <Button kind="secondary">"加上这个岗位"</Button>
                    </form>
                </Card>
            })}
            {may_end.then(|| view! {
                <Card title="密码和手机">
                    <p>"忘了密码、手机丢了或换了，就重置：原来的密码、动态码和通行密钥都作废，所有设备上退出，并给一个新的一次性密码。"</p>
                    <form method="post" action=reset><Button kind="danger">"重置这个账号"</Button></form>
                </Card>
                <Card title="离职或调走">
                    <p>"停用以后马上退出，不能再登录。做过的事都还留着。"</p>
                    <form method="post" action=disable><Button kind="danger">"停用这个账号"</Button></form>
                </Card>
            })}
        </StaffLayout>
    }
}
