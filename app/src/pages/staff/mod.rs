//! The pages of staff, each for what one's posts allow and nothing else.

pub mod account;
pub mod accounts;
pub mod cases;
pub mod home;
pub mod sign_in;

use leptos::prelude::*;

use crate::components::StaffDoor;
use crate::domain::staff::{Post, Role};
use crate::visit::PageContext;

/// Who looks at a page.
#[derive(Clone)]
pub struct Me {
    /// The person's own name.
    pub name: String,
    /// The posts held now.
    pub posts: Vec<Post>,
}

crate::masked_debug!(Me);

impl Me {
    /// The places this person has business in.
    fn doors(&self) -> Vec<StaffDoor> {
        let holds = |roles: &[Role]| self.posts.iter().any(|post| roles.contains(&post.role()));
        let mut doors = vec![StaffDoor { href: "/staff", title: "工作台" }];
        if holds(cases::READERS) {
            doors.push(StaffDoor { href: "/staff/cases", title: "救助申请" });
        }
        if holds(&[Role::Administrator]) {
            doors.push(StaffDoor { href: "/staff/accounts", title: "人员账号" });
        }
        doors.push(StaffDoor { href: "/staff/account", title: "我的账号" });
        doors
    }
}

/// The module that asks the browser for a passkey. Only pages that need it load it.
fn passkey_script() -> impl IntoView {
    let nonce = expect_context::<PageContext>().visit.nonce;
    view! { <script type="module" src="/staff-passkey.js" nonce=nonce></script> }
}
