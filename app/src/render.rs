//! From a view to a whole HTML document.
//!
//! The server gathers the data first and renders in one go: no suspense, no streaming, and so no inline script
//! behind the document. (`leptos_axum` closes every page with one, also where nothing hydrates: it stands
//! behind `</html>`, is invalid there, and is a script on pages that promise to load none.)

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::visit::PageContext;

/// Renders a page as a whole document. The view finds the [`PageContext`] in context; its layout sets the title.
pub fn document<V: IntoView>(context: PageContext, view: impl FnOnce() -> V) -> String {
    // Islands mode: nothing hydrates but what is inside an island.
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        provide_context(context.clone());
        let body = view().into_view().to_html();
        shell(&context, body).to_html()
    });
    owner.unset_with_forced_cleanup();
    html
}

fn shell(context: &PageContext, body: String) -> impl IntoView {
    let care = context.visit.care;
    let installable = context.visit.path == "/verify";
    view! {
        <!DOCTYPE html>
        <html lang="zh-CN" data-care=care.then_some("") data-weui-mode=care.then_some("care")>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                <title>{context.title.get()}</title>
                <link rel="icon" href="/icon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=context.assets.css.clone()/>
                {installable.then(|| view! { <link rel="manifest" href="/verify/manifest.webmanifest"/> })}
            </head>
            <body inner_html=body></body>
        </html>
    }
}
