//! `/me/consents…`: what one agreed to, and taking it back.

use app::domain::consents::ConsentKind;
use app::domain::person::{Assurance, Reach};
use app::pages::me as pages;
use app::pages::me::Given;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::me::own;
use crate::error::AppError;
use crate::site::{Site, Visitor, see_other};

const PAGE: &str = "/me/consents";

/// What one agreed to.
pub(crate) async fn show(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let resident = own(&site, &visitor).await?.resident();
    let store = site.store();
    let kept = store.account(resident).await?;
    let verified = kept.assurance == Assurance::Verified;
    let mut without = kept.profile.clone();
    without.forget(verified);
    let given = Given {
        consents: store.data_consents(resident).await?,
        profile_kept: without != kept.profile,
        messages_sent: kept.profile.reach() != Some(Reach::Inbox),
        suggestions: store.suggestions_of(resident).await?,
        checks: store.check_consents_of(resident).await?,
    };
    Ok(site.page(&visitor, StatusCode::OK, || pages::consents(&given)))
}

/// Takes one back, with what was kept or done on its ground.
pub(crate) async fn withdraw(
    State(site): State<Site>,
    visitor: Visitor,
    Path(kind): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    let kind = ConsentKind::parse(&kind).ok_or(AppError::NotFound)?;
    let kept = site.store().account(session.resident()).await?;
    let verified = kept.assurance == Assurance::Verified;
    let mut settled = vec![(kind, false)];
    if kind == ConsentKind::Profile && kept.profile.reach() == Some(Reach::Letter) {
        // Without the address no letter arrives.
        settled.push((ConsentKind::Messages, false));
    }
    let change = |profile: &mut app::domain::person::Profile| {
        match kind {
            ConsentKind::Profile => profile.forget(verified),
            ConsentKind::Messages => {
                profile.needs.get_or_insert_default().reach = Reach::Inbox.as_str().into();
            }
        }
        Ok(())
    };
    let (resident, now) = (session.resident(), site.clock().now());
    site.store().change_profile_agreeing(resident, &session.actor(), None, &settled, change, now).await?;
    Ok(see_other(PAGE, None))
}

/// Has one's application be looked through for nothing else.
pub(crate) async fn withdraw_suggestions(
    State(site): State<Site>,
    visitor: Visitor,
    Path(number): Path<String>,
) -> Result<Response, AppError> {
    let session = own(&site, &visitor).await?;
    site.store().withdraw_suggestions(session.resident(), &number, site.clock().now()).await?;
    Ok(see_other(PAGE, None))
}
