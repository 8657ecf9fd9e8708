//! `/`, `/me`, `/privacy`, `/_kit`.

use app::pages;
use app::pages::home::Mine;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::error::AppError;
use crate::settings::Profile;
use crate::site::{Site, Visitor};

async fn mine_of(site: &Site, visitor: &Visitor) -> Result<Mine, AppError> {
    let Some(owner) = &visitor.visit.owner else { return Ok(Mine::default()) };
    let draft = site.store().draft_of(owner).await?;
    Ok(Mine {
        draft_saved: draft.map(|kept| kept.saved_at.shanghai_text()),
        cases: site.store().cases_of(owner).await?,
    })
}

/// The home page.
pub(crate) async fn home(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let mine = mine_of(&site, &visitor).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::home::home(&mine, site.hotline())))
}

/// What was done on this device.
pub(crate) async fn mine(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let mine = mine_of(&site, &visitor).await?;
    Ok(site.page(&visitor, StatusCode::OK, || pages::home::mine(&mine)))
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
