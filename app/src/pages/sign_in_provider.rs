//! Signing in with an account at a provider: the buttons that lead there, and what is said when it did not succeed.

use leptos::prelude::*;

use crate::components::{Actions, Button, ButtonLink, Card, Hint, Layout};
use crate::ports::{LoginLine, ProviderName};

/// Why it did not succeed, as far as it concerns the resident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The answer belongs to no sign-in of this browser, or came twice or too late.
    Stale,
    /// The resident did not agree at the provider.
    Denied,
    /// The provider doesn't answer.
    Unreachable,
    /// The provider's answer can't be believed.
    Untrusted,
    /// The account there is connected with another one here.
    Taken,
    /// The account there is another person's.
    OtherPerson,
}

impl Failure {
    /// Every value.
    pub const ALL: [Self; 6] =
        [Self::Stale, Self::Denied, Self::Unreachable, Self::Untrusted, Self::Taken, Self::OtherPerson];

    /// What happened, and what to do now.
    fn words(self, provider: &str) -> (String, &'static str) {
        match self {
            Self::Stale => (
                "登录要在同一台设备的同一个浏览器里，十分钟之内做完。这一次的结果对不上，为了您的安全，我们没有接受。".into(),
                "请回去重新登录一次。",
            ),
            Self::Denied => (
                format!("「{provider}」告诉我们，这一次没有同意登录。我们没有收到您的信息。"),
                "想再试一次，或者改用手机验证码登录，请回到登录页。",
            ),
            Self::Unreachable => (
                format!("「{provider}」没有回应。不是您的错，您填过的内容都还在。"),
                "请改用手机验证码登录，或者过一会儿再试。",
            ),
            Self::Untrusted => (
                format!("「{provider}」送来的登录结果有问题，为了您的安全，我们没有接受。不是您的错，已经记下来了。"),
                "请改用手机验证码登录，或者过一会儿再试。",
            ),
            Self::Taken => (
                format!("这个「{provider}」账号已经连着这里的另一个账号，不能再连一个。"),
                "如果那也是您的，请先退出，用它登录，再断开或者删除那个账号。登录不了的话，请带证件到社区或街道窗口。",
            ),
            Self::OtherPerson => (
                format!("「{provider}」核对过的实名，和您在这里登记的不是同一个人，所以没有连接。"),
                "请用您本人的账号登录；资料写错了，先到「我的资料」里改正。",
            ),
        }
    }
}

/// One button for each provider. `next` is the path to go to afterwards.
pub fn provider_buttons(providers: &[ProviderName], next: &str) -> impl IntoView + use<> {
    let buttons: Vec<_> = providers
        .iter()
        .map(|ProviderName { id, name }| {
            let action = format!("/sign-in/with/{id}");
            let words = format!("用{name}登录");
            let next = next.to_owned();
            view! {
                <form method="post" action=action>
                    <input type="hidden" name="next" value=next/>
                    <Actions><Button kind="secondary">{words}</Button></Actions>
                </form>
            }
        })
        .collect();
    (!buttons.is_empty()).then(|| {
        view! {
            <Card title="有别处的账号">
                <p>"也可以用下面的账号登录，不用等验证码。在那边登录好了，会自动回到这里。"</p>
                {buttons}
            </Card>
        }
    })
}

/// Which accounts at providers open this account, and which could.
pub fn logins(lines: &[LoginLine]) -> impl IntoView + use<> {
    let rows: Vec<_> = lines
        .iter()
        .map(|LoginLine { provider: ProviderName { id, name }, since, can_go, can_come }| {
            let (id, name) = (id.clone(), name.clone());
            let connect = (since.is_none() && *can_come).then(|| {
                let words = format!("连接{name}");
                view! { <form method="post" action=format!("/me/logins/{id}/connect")><Button kind="secondary">{words}</Button></form> }
            });
            let state = since.map(|since| format!("{name}：{} 连接", since.shanghai_text()));
            let state = state.map(|words| view! { <p>{words}</p> });
            let disconnect = (since.is_some() && *can_go).then(|| {
                let words = format!("断开{name}");
                view! { <form method="post" action=format!("/me/logins/{id}/disconnect")><Button kind="quiet">{words}</Button></form> }
            });
            let last = (since.is_some() && !*can_go)
                .then(|| view! { <Hint>"现在只能用它登录，所以不能断开。不想再用，可以在「我的数据」里删除账号。"</Hint> });
            view! { {state}{connect}{disconnect}{last} }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <Card title="用别处的账号登录">
                <p>"连接以后，用手机验证码和用那边的账号，进的都是您现在这个账号。"</p>
                {rows}
            </Card>
        }
    })
}

/// It did not succeed. `again` is where one begins anew.
pub fn failed(
    failure: Failure,
    provider: &str,
    again: &'static str,
    request_id: &str,
) -> impl IntoView + use<> {
    let (what, next) = failure.words(provider);
    let signed_in = again != "/sign-in";
    let (title, words) = if signed_in {
        ("没有连接成功", "回到登录的设备")
    } else {
        ("没有登录成功", "回到登录页")
    };
    let number = (!request_id.is_empty()).then(|| {
        view! { <Hint>{format!("问起这件事时，请报这个号：{request_id}")}</Hint> }
    });
    view! {
        <Layout title=title back=again>
            <Card label="说明">
                <p>{what}</p>
                <p>{next}</p>
                {number}
            </Card>
            <Actions>
                <ButtonLink href=again>{words}</ButtonLink>
                <ButtonLink href="/" kind="secondary">"回首页"</ButtonLink>
            </Actions>
        </Layout>
    }
}

/// One is signed in, and the real name that the provider has proved was not taken over. It does not say why: that would
/// tell what is stored with others.
pub fn counter(next: &str) -> impl IntoView + use<> {
    let next = next.to_owned();
    view! {
        <Layout title="登录好了，还差一步" back="/me">
            <Card label="说明">
                <p>"您已经登录，可以照常办事。只是您的实名这一次没有在网上核对成。"</p>
                <p>"领补贴、看决定书这些要核对证件的事，请带身份证件到社区或街道窗口，工作人员当面核对一次就行。"</p>
                <p>"如果以前用手机号登录过，也可以用手机号登录，以前的事都在那里。"</p>
            </Card>
            <Actions><ButtonLink href=next>"知道了，继续"</ButtonLink></Actions>
        </Layout>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers() -> Vec<ProviderName> {
        [("province", "示例平台"), ("city", "示例市民卡")]
            .map(|(id, name)| ProviderName { id: id.into(), name: name.into() })
            .into()
    }

    #[test]
    fn each_failure_says_what_to_do_in_words_of_its_own() {
        let all = Failure::ALL.map(|failure| failure.words("示例平台"));
        for (what, next) in &all {
            assert!(what.ends_with('。') && next.ends_with('。'), "{what}{next}");
        }
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn each_provider_has_a_form_of_its_own() {
        let html = provider_buttons(&providers(), "/me").to_html();
        assert!(
            html.contains(r#"action="/sign-in/with/city""#) && html.contains("用示例市民卡登录"),
            "{html}"
        );
        assert_eq!(html.matches(r#"name="next" value="/me""#).count(), 2);
        assert!(!provider_buttons(&[], "/me").to_html().contains("<form"));
    }

    #[test]
    fn the_last_way_in_can_not_be_disconnected() {
        let [province, city] = providers().try_into().unwrap();
        let since = Some(crate::domain::time::Instant(0));
        let line = |provider, since, can_go| LoginLine { provider, since, can_go, can_come: true };
        let html = logins(&[line(province.clone(), since, false), line(city.clone(), None, false)]).to_html();
        assert!(html.contains("/me/logins/city/connect") && !html.contains("/disconnect"), "{html}");
        let html = logins(&[line(province, since, true), line(city, since, true)]).to_html();
        assert_eq!(html.matches("/disconnect").count(), 2);
        assert!(!logins(&[]).to_html().contains("连接"));
    }
}
