//! What stands around a staff page: the same page as for residents, and below its bar who is signed in, where to go,
//! and the way out.

use leptos::prelude::*;

use super::{Layout, Words};

/// One place to go in the row of places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffDoor {
    /// Where to.
    pub href: &'static str,
    /// What is there.
    pub title: &'static str,
}

/// A staff page. Needs the page's context, as [`Layout`] does.
#[component]
pub fn StaffLayout(
    /// The page's name.
    #[prop(into)]
    title: String,
    /// Where 返回 goes; no link without.
    #[prop(optional, into)]
    back: Words,
    /// Who is signed in.
    #[prop(into)]
    name: String,
    /// The places this person has business in.
    doors: Vec<StaffDoor>,
    /// A form: a narrower column on a desk.
    #[prop(optional)]
    narrow: bool,
    children: Children,
) -> impl IntoView {
    let doors = doors
        .into_iter()
        .map(|door| view! { <li><a class="xw-staff__door" href=door.href>{door.title}</a></li> })
        .collect_view();
    view! {
        <Layout title=title back=back narrow=narrow>
            <div class="xw-staff">
                <nav aria-label="工作台"><ul class="xw-staff__doors">{doors}</ul></nav>
                <form method="post" action="/staff/sign-out" class="xw-staff__out">
                    <span class="xw-staff__name">{name}</span>
                    <button class="xw-staff__door" type="submit">"退出登录"</button>
                </form>
            </div>
            {children()}
        </Layout>
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::visit::{Assets, PageContext, PageTitle, SiteFacts, Visit};

    #[test]
    fn a_staff_page_says_who_is_signed_in_and_how_to_leave() {
        let owner = Owner::new();
        owner.set();
        provide_context(PageContext {
            visit: Visit::default(),
            site: Arc::new(SiteFacts::default()),
            assets: Arc::new(Assets::default()),
            title: PageTitle::default(),
        });
        let doors = vec![StaffDoor { href: "/staff", title: "工作台" }];
        let html =
            view! { <StaffLayout title="工作台" name="李样例" doors=doors>"正文"</StaffLayout> }.to_html();
        assert!(html.contains("李样例") && html.contains(r#"action="/staff/sign-out""#), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }
}
