//! The pages of staff, each for what one's posts allow and nothing else.

pub mod account;
pub mod home;
pub mod sign_in;

use leptos::prelude::*;

use crate::components::StaffDoor;
use crate::domain::staff::Post;
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
        vec![
            StaffDoor { href: "/staff", title: "工作台" },
            StaffDoor { href: "/staff/account", title: "我的账号" },
        ]
    }
}

/// The module that asks the browser for a passkey. Only pages that need it load it.
fn passkey_script() -> impl IntoView {
    let nonce = expect_context::<PageContext>().visit.nonce;
    view! { <script type="module" src="/staff-passkey.js" nonce=nonce></script> }
}
