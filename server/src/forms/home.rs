//! `/`, `/me`, `/privacy`, `/_kit`.

use app::pages;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::me::mine_of;
use crate::error::AppError;
use crate::settings::Profile;
use crate::site::{Site, Visitor};

/// The home page.
pub(crate) async fn home(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let mine = mine_of(&site, &visitor).await?;
    let signed_in = visitor.visit.signed_in.clone();
    Ok(site.page(&visitor, StatusCode::OK, || pages::home::home(&mine, signed_in.as_ref(), site.hotline())))
}

/// How personal data is handled.
pub(crate) async fn privacy(State(site): State<Site>, visitor: Visitor) -> Response {
    let kept = site.settings().retention.words();
    site.page(&visitor, StatusCode::OK, || pages::privacy::privacy(&kept))
}

/// Every component in every state; in the demo alone.
pub(crate) async fn kit(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    if site.settings().profile != Profile::Demo {
        return Err(AppError::NotFound);
    }
    Ok(site.page(&visitor, StatusCode::OK, || {
        use leptos::prelude::*;
        view! { <pages::kit::KitPage/> }
    }))
}
