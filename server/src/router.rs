//! Every route, grouped by who calls it. The access-matrix test walks this list: a route without a row there
//! fails it.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use leptos::prelude::IntoAny as _;
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::domain_check::DomainChecks;
use crate::error::AppError;
use crate::forms::{
    acting, aid, benefit, case, check, complaint, confirm, confirm_paper, consent, counter_lists,
    data_consents, follow_up, found, home, keys, marriage, me, meal_tours, meals, meals_order,
    meals_standing, meals_waiting, notices, papers, phone_change, sign_in, sign_in_provider, staff, timebank,
    timebank_certificate, timebank_events, timebank_gift, timebank_papers, timebank_records, timebank_sign,
    timebank_spend, timebank_wards, verify,
};
use crate::health;
use crate::middleware::csrf::CsrfRefusal;
use crate::middleware::error_pages::{ErrorFacts, Renderer};
use crate::site::{Site, Visitor};

/// One route.
pub(crate) struct Route {
    /// `GET` (and `HEAD`) or `POST`.
    pub(crate) method: Method,
    /// The path with its parameters.
    pub(crate) path: &'static str,
    handler: MethodRouter<Site>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

macro_rules! routes {
    ($($method:ident $path:literal => $handler:path),+ $(,)?) => {
        vec![$(route!($method $path => $handler)),+]
    };
}
macro_rules! route {
    (GET $path:literal => $handler:path) => {
        Route { method: Method::GET, path: $path, handler: get($handler) }
    };
    (POST $path:literal => $handler:path) => {
        Route { method: Method::POST, path: $path, handler: post($handler) }
    };
}

/// The routes of pages and forms.
pub(crate) fn routes() -> Vec<Route> {
    routes![
        // Everybody 所有人
        GET "/" => home::home,
        GET "/privacy" => home::privacy,
        GET "/aid" => aid::catalogue,
        GET "/aid/check" => aid::screener,
        POST "/aid/check" => aid::screened,
        GET "/aid/charity" => aid::charity,
        GET "/aid/tell" => found::form,
        POST "/aid/tell" => found::submit,
        GET "/aid/tell/{number}" => found::received,
        GET "/aid/{item}" => aid::guide,
        GET "/notices" => notices::list,
        GET "/notices/{id}/object" => notices::form,
        POST "/notices/{id}/object" => notices::submit,
        GET "/marriage" => marriage::home,
        GET "/marriage/offices" => marriage::offices,
        GET "/marriage/offices/{office}" => marriage::office,
        GET "/marriage/offices/{office}/times/{matter}" => marriage::booking::month,
        GET "/marriage/offices/{office}/times/{matter}/{day}" => marriage::booking::day,
        GET "/marriage/offices/{office}/wait/{matter}/{day}" => marriage::waiting::form,
        POST "/marriage/offices/{office}/wait/{matter}/{day}" => marriage::waiting::join,
        GET "/marriage/waiting" => marriage::waiting::list,
        GET "/marriage/waiting/{wait}" => marriage::waiting::show,
        GET "/marriage/waiting/{wait}/leave" => marriage::waiting::back,
        POST "/marriage/waiting/{wait}/leave" => marriage::waiting::leave,
        GET "/marriage/offices/{office}/hall" => marriage::hall,
        GET "/marriage/draws/{draw}" => marriage::draws::show,
        GET "/marriage/draws/{draw}/draw.json" => marriage::draws::file,
        GET "/marriage/draws/{draw}/enter" => marriage::draws::form,
        POST "/marriage/draws/{draw}/enter" => marriage::draws::enter,
        GET "/marriage/draw-invite/{secret}" => marriage::draws::invited,
        POST "/marriage/draw-invite/{secret}" => marriage::draws::agree,
        GET "/marriage/draw-entries/{entry}" => marriage::draws::entry,
        GET "/marriage/draw-entries/{entry}/withdraw" => marriage::draws::back,
        POST "/marriage/draw-entries/{entry}/withdraw" => marriage::draws::withdraw,
        GET "/marriage/draw-entries/{entry}/take" => marriage::draws::back,
        POST "/marriage/draw-entries/{entry}/take" => marriage::draws::take,
        GET "/marriage/hold" => marriage::booking::begin_again,
        POST "/marriage/hold" => marriage::booking::hold,
        GET "/marriage/bookings/{booking}" => marriage::booking::show,
        POST "/marriage/bookings/{booking}/extend" => marriage::booking::extend,
        GET "/marriage/bookings/{booking}/couple" => marriage::booking::back,
        POST "/marriage/bookings/{booking}/couple" => marriage::couple::couple,
        GET "/marriage/bookings/{booking}/cancel" => marriage::booking::back,
        POST "/marriage/bookings/{booking}/cancel" => marriage::booking::cancel,
        GET "/marriage/bookings/{booking}/coming" => marriage::booking::back,
        POST "/marriage/bookings/{booking}/coming" => marriage::coming::say,
        GET "/marriage/bookings/{booking}/object" => marriage::booking::back,
        POST "/marriage/bookings/{booking}/object" => marriage::booking::object,
        GET "/marriage/bookings/{booking}/move" => marriage::booking::move_month,
        GET "/marriage/bookings/{booking}/move/{day}" => marriage::booking::move_day,
        POST "/marriage/bookings/{booking}/move" => marriage::booking::move_to,
        GET "/marriage/bookings/{booking}/slip" => marriage::booking::slip,
        GET "/marriage/bookings/{booking}/day.ics" => marriage::booking::calendar,
        GET "/marriage/invite/{secret}" => marriage::couple::invited,
        POST "/marriage/invite/{secret}" => marriage::couple::agree,
        GET "/marriage/free" => marriage::free,
        GET "/marriage/second-visit" => marriage::second_visit_form,
        POST "/marriage/second-visit" => marriage::second_visit,
        GET "/marriage/papers/{matter}" => marriage::questions,
        POST "/marriage/papers/{matter}" => marriage::papers,
        GET "/timebank" => timebank::home,
        GET "/timebank/totals" => timebank::totals,
        GET "/timebank/order" => timebank_spend::order_form,
        POST "/timebank/order" => timebank_spend::order,
        GET "/timebank/donate" => timebank_spend::donate_form,
        POST "/timebank/donate" => timebank_spend::donate,
        GET "/timebank/gift" => timebank_gift::gift_form,
        POST "/timebank/gift" => timebank_gift::gift,
        GET "/timebank/surplus" => timebank_gift::surplus,
        POST "/timebank/surplus" => timebank_gift::settle_surplus,
        GET "/timebank/statement" => timebank_papers::form,
        POST "/timebank/statement" => timebank_papers::make,
        GET "/timebank/statements/{number}" => timebank_papers::show,
        GET "/timebank/certificate" => timebank_certificate::form,
        POST "/timebank/certificate" => timebank_certificate::make,
        GET "/timebank/certificates/{number}" => timebank_certificate::show,
        GET "/timebank/records.csv" => timebank_records::table,
        GET "/timebank/records.json" => timebank_records::json,
        GET "/timebank/volunteer" => timebank::volunteer_form,
        POST "/timebank/volunteer" => timebank::volunteer,
        GET "/timebank/wards" => timebank_wards::show,
        POST "/timebank/wards" => timebank_wards::act,
        GET "/timebank/events" => timebank_events::list,
        GET "/timebank/events/{event}" => timebank_events::event,
        POST "/timebank/events/{event}" => timebank_events::act,
        GET "/timebank/needs" => timebank::needs,
        GET "/timebank/needs/{need}" => timebank::need,
        POST "/timebank/needs/{need}" => timebank::act,
        GET "/timebank/needs/{need}/sign" => timebank_sign::form,
        POST "/timebank/needs/{need}/sign" => timebank_sign::sign,
        GET "/timebank/needs/{need}/code" => timebank_sign::code,
        POST "/timebank/needs/{need}/code" => timebank_sign::phone_key,
        POST "/timebank/devices" => timebank_sign::device,
        GET "/meals" => meals::list,
        GET "/meals/mine" => meals_order::mine,
        POST "/meals/mine/care-call" => meals_order::care_call,
        GET "/meals/mine/{order}" => meals_order::show,
        POST "/meals/mine/{order}/cancel" => meals_order::cancel,
        POST "/meals/mine/{order}/rate" => meals_order::rate,
        GET "/meals/standing/{standing}" => meals_standing::show,
        POST "/meals/standing/{standing}" => meals_standing::change,
        GET "/meals/waiting/{wait}" => meals_waiting::show,
        POST "/meals/waiting/{wait}/leave" => meals_waiting::leave,
        GET "/meals/checks" => staff::meal_checks::public,
        GET "/meals/tours" => meal_tours::list,
        GET "/meals/tours/{tour}" => meal_tours::show,
        POST "/meals/tours/{tour}/begin" => meal_tours::begin,
        POST "/meals/tours/{tour}/door" => meal_tours::door,
        GET "/meals/{point}" => meals::point,
        GET "/meals/{point}/reserve" => meals_order::reserve_form,
        POST "/meals/{point}/reserve" => meals_order::reserve,
        GET "/meals/{point}/standing" => meals_standing::form,
        POST "/meals/{point}/standing" => meals_standing::make,
        GET "/meals/{point}/wait" => meals_waiting::form,
        POST "/meals/{point}/wait" => meals_waiting::stand,
        GET "/feedback" => complaint::form,
        POST "/feedback" => complaint::submit,
        GET "/feedback/{number}" => complaint::received,
        POST "/feedback/{number}" => complaint::open,
        GET "/V/{token}" => check::token,
        GET "/keys" => keys::sheet,
        GET "/.well-known/jwks.json" => keys::jwk_set,
        GET "/.well-known/cose-keys" => keys::cose_key_set,
        GET "/check" => check::short_form,
        POST "/check" => check::short,
        GET "/verify" => verify::page,
        GET "/verify/manifest.webmanifest" => verify::manifest,
        GET "/verify/service-worker.js" => verify::service_worker,
        GET "/verify/list" => counter_lists::states,
        // Residents, each for what this device keeps 居民
        GET "/me" => me::mine,
        GET "/sign-in" => sign_in::form,
        POST "/sign-in" => sign_in::send_code,
        GET "/sign-in/code" => sign_in::code_form,
        POST "/sign-in/code" => sign_in::take_code,
        GET "/sign-in/prove" => sign_in::prove_form,
        POST "/sign-in/prove" => sign_in::prove,
        POST "/sign-in/fresh" => sign_in::fresh,
        POST "/sign-in/continue" => sign_in::go_on,
        GET "/sign-in/left" => sign_in::left,
        POST "/sign-in/left" => sign_in::stay,
        GET "/sign-in/back" => sign_in::back,
        POST "/sign-in/with/{provider}" => sign_in_provider::begin,
        GET "/sign-in/callback/{provider}" => sign_in_provider::callback,
        GET "/sign-in/counter" => sign_in_provider::counter,
        POST "/me/logins/{provider}/connect" => sign_in_provider::connect,
        POST "/me/logins/{provider}/disconnect" => sign_in_provider::disconnect,
        POST "/sign-out" => sign_in::sign_out,
        POST "/sign-out/everywhere" => sign_in::sign_out_everywhere,
        GET "/me/inbox" => me::inbox,
        POST "/me/inbox" => me::inbox_read,
        GET "/me/profile" => me::profile,
        GET "/me/profile/phone" => phone_change::form,
        POST "/me/profile/phone" => phone_change::send_code,
        POST "/me/profile/phone/prove" => phone_change::prove,
        GET "/me/profile/phone/code" => phone_change::code_form,
        POST "/me/profile/phone/code" => phone_change::take_code,
        GET "/me/profile/phone/changed" => phone_change::changed,
        GET "/me/profile/identity" => me::identity,
        POST "/me/profile/identity" => me::keep_identity,
        GET "/me/profile/address" => me::address,
        POST "/me/profile/address" => me::keep_address,
        GET "/me/profile/needs" => me::needs,
        POST "/me/profile/needs" => me::keep_needs,
        GET "/me/profile/household/{member}" => me::member,
        POST "/me/profile/household/{member}" => me::keep_member,
        POST "/me/profile/household/{member}/remove" => me::remove_member,
        GET "/me/devices" => me::devices,
        POST "/me/devices/{id}/end" => me::end_device,
        GET "/me/data" => me::data,
        GET "/me/data/readable" => me::readable,
        GET "/me/data/export" => me::export,
        GET "/me/data/delete" => me::delete_form,
        POST "/me/data/delete" => me::delete,
        GET "/me/consents" => data_consents::show,
        POST "/me/consents/{kind}/withdraw" => data_consents::withdraw,
        POST "/me/consents/suggestions/{number}/withdraw" => data_consents::withdraw_suggestions,
        GET "/account-deleted" => me::deleted,
        GET "/me/acting" => acting::list,
        GET "/me/acting/new" => acting::form,
        POST "/me/acting/new" => acting::ask,
        POST "/me/acting/stop" => acting::stop,
        POST "/me/acting/{id}/begin" => acting::begin,
        POST "/me/acting/{id}/end" => acting::end,
        GET "/aid/{item}/apply" => aid::start,
        POST "/aid/{item}/apply" => aid::begin,
        POST "/aid/temporary-aid/apply/from-check" => aid::begin_from_check,
        POST "/aid/{item}/apply/discard" => aid::discard,
        GET "/aid/{item}/apply/check" => aid::check,
        POST "/aid/{item}/apply/check" => aid::submit,
        GET "/aid/{item}/apply/household/{member}" => aid::member,
        POST "/aid/{item}/apply/household/{member}" => aid::keep_member,
        POST "/aid/{item}/apply/household/{member}/remove" => aid::remove_member,
        GET "/aid/{item}/apply/{step}" => aid::step,
        POST "/aid/{item}/apply/{step}" => aid::keep_step,
        GET "/confirm" => confirm::open_form,
        POST "/confirm" => confirm::open,
        GET "/confirm/{number}" => confirm::show,
        GET "/confirm/{number}/answer" => case::answer_form,
        POST "/confirm/{number}/answer" => case::answer,
        GET "/confirm/{number}/withdraw" => case::withdraw_form,
        POST "/confirm/{number}/withdraw" => case::withdraw,
        GET "/confirm/{number}/rate/{node}" => follow_up::rate_form,
        POST "/confirm/{number}/rate/{node}" => follow_up::rate,
        GET "/confirm/{number}/change" => follow_up::change_form,
        POST "/confirm/{number}/change" => follow_up::change,
        GET "/confirm/{number}/recheck" => follow_up::recheck_form,
        POST "/confirm/{number}/recheck" => follow_up::recheck,
        GET "/confirm/{number}/hearing" => benefit::hearing_form,
        POST "/confirm/{number}/hearing" => benefit::hearing,
        POST "/confirm/{number}/unchanged" => benefit::unchanged,
        GET "/confirm/{number}/referral" => follow_up::referral_form,
        POST "/confirm/{number}/referral" => follow_up::referral,
        POST "/confirm/{number}/referral/withdraw" => follow_up::withdraw_referral,
        GET "/confirm/{number}/slip" => confirm_paper::slip,
        GET "/confirm/{number}/slip/58mm" => confirm_paper::roll,
        GET "/confirm/{number}/card.png" => confirm_paper::picture,
        GET "/confirm/{number}/service.ics" => confirm_paper::service_day,
        GET "/confirm/{number}/latest-day.ics" => confirm_paper::latest_day,
        GET "/confirm/{number}/papers" => papers::list,
        POST "/confirm/{number}/papers" => papers::send,
        POST "/confirm/{number}/papers/reuse" => papers::reuse,
        GET "/confirm/{number}/papers/{paper}" => papers::show,
        GET "/confirm/{number}/papers/{paper}/photo.jpg" => papers::whole,
        GET "/confirm/{number}/papers/{paper}/small.jpg" => papers::small,
        POST "/confirm/{number}/papers/{paper}/delete" => papers::delete,
        GET "/me/papers" => papers::library,
        // Holders of a secret link 持链接的家人
        GET "/acting/{secret}" => acting::asked,
        POST "/acting/{secret}" => acting::answer,
        GET "/authorise/{secret}" => consent::show,
        POST "/authorise/{secret}" => consent::agree,
        // Staff 工作人员
        GET "/staff/sign-in" => staff::sign_in::form,
        POST "/staff/sign-in" => staff::sign_in::submit,
        GET "/staff/sign-in/second" => staff::sign_in::second,
        POST "/staff/sign-in/second" => staff::sign_in::submit_second,
        POST "/staff/passkey" => staff::sign_in::challenge,
        POST "/staff/sign-out" => staff::sign_in::sign_out,
        GET "/staff" => staff::home::home,
        GET "/staff/counter" => staff::counter::home,
        GET "/staff/counter/identity" => staff::counter::identity,
        POST "/staff/counter/identity" => staff::counter::keep_identity,
        GET "/staff/counter/proxy" => staff::counter::proxy,
        POST "/staff/counter/proxy" => staff::counter::keep_proxy,
        GET "/staff/counter/visit" => staff::visits::form,
        POST "/staff/counter/visit" => staff::visits::begin,
        POST "/staff/counter/end" => staff::visits::end,
        GET "/staff/counter/visit/{visit}" => staff::visits::show,
        POST "/staff/counter/visit/{visit}/identity" => staff::visits::verify,
        POST "/staff/counter/visit/{visit}/card" => staff::cards::issue,
        GET "/staff/counter/visit/{visit}/card" => staff::cards::print,
        POST "/staff/counter/visit/{visit}/card/lost" => staff::cards::lost,
        GET "/staff/counter/visit/{visit}/relative" => staff::agreements::relative,
        POST "/staff/counter/visit/{visit}/relative" => staff::agreements::keep_relative,
        GET "/staff/counter/visit/{visit}/guardian" => staff::agreements::guardian,
        POST "/staff/counter/visit/{visit}/guardian" => staff::agreements::keep_guardian,
        POST "/staff/counter/visit/{visit}/agreement/end" => staff::agreements::end,
        POST "/staff/counter/visit/{visit}/help" => staff::agreements::help,
        GET "/staff/counter/visit/{visit}/phone" => staff::visit_phone::form,
        POST "/staff/counter/visit/{visit}/phone" => staff::visit_phone::send_code,
        GET "/staff/counter/visit/{visit}/phone/code" => staff::visit_phone::code_form,
        POST "/staff/counter/visit/{visit}/phone/code" => staff::visit_phone::take_code,
        GET "/staff/counter/recorded" => staff::counter::recorded,
        GET "/staff/cases" => staff::work::list,
        POST "/staff/cases/assign" => staff::work::assign,
        POST "/staff/cases/accept" => staff::work::accept,
        GET "/staff/cases/hand-over" => staff::work::hand_over_form,
        POST "/staff/cases/hand-over" => staff::work::hand_over,
        GET "/staff/cases/register" => staff::register::form,
        POST "/staff/cases/register" => staff::register::make,
        GET "/staff/cases/{number}" => staff::cases::show,
        POST "/staff/cases/{number}" => staff::cases::open,
        POST "/staff/cases/{number}/papers/{paper}" => staff::papers::open,
        GET "/staff/cases/{number}/work" => staff::work::show,
        POST "/staff/cases/{number}/labels" => staff::work::labels,
        POST "/staff/cases/{number}/note" => staff::work::note,
        GET "/staff/cases/{number}/handle" => staff::handling::show,
        POST "/staff/cases/{number}/accept" => staff::handling::accept,
        POST "/staff/cases/{number}/correct" => staff::handling::correct,
        POST "/staff/cases/{number}/opinion" => staff::handling::opinion,
        POST "/staff/cases/{number}/send-back" => staff::handling::send_back,
        POST "/staff/cases/{number}/decide" => staff::handling::decide,
        GET "/staff/cases/{number}/transfer" => staff::transfers::show,
        POST "/staff/cases/{number}/transfer" => staff::transfers::transfer,
        GET "/staff/services" => staff::services::list,
        GET "/staff/cases/{number}/service" => staff::services::show,
        POST "/staff/cases/{number}/service" => staff::services::report,
        GET "/staff/transfers" => staff::transfers::list,
        POST "/staff/cases/{number}/extend" => staff::clock::extend,
        POST "/staff/cases/{number}/first" => staff::clock::first,
        POST "/staff/cases/{number}/supplement" => staff::clock::supplement,
        POST "/staff/cases/{number}/objections/{id}" => staff::objections::answer,
        GET "/staff/cases/{number}/inquiry" => staff::inquiry::show,
        GET "/staff/cases/{number}/visit" => staff::inquiry::visit,
        POST "/staff/cases/{number}/visit" => staff::inquiry::enter_visit,
        POST "/staff/cases/{number}/kin" => staff::inquiry::enter_kin,
        GET "/staff/cases/{number}/means" => staff::means::show,
        POST "/staff/cases/{number}/means" => staff::means::ask,
        POST "/staff/cases/{number}/obligor" => staff::means::obligor,
        POST "/staff/cases/{number}/agreement" => staff::means::agreement,
        POST "/staff/cases/{number}/means/answer" => staff::means::answer,
        GET "/staff/means" => staff::means::list,
        POST "/staff/means/file" => staff::means::file,
        POST "/staff/means/answers" => staff::means::answers,
        GET "/staff/kin" => staff::inquiry::register,
        GET "/staff/random-checks" => staff::random_checks::list,
        POST "/staff/random-checks" => staff::random_checks::draw,
        GET "/staff/random-checks/{id}" => staff::random_checks::show,
        GET "/staff/sharing" => staff::sharing::list,
        POST "/staff/sharing" => staff::sharing::make,
        GET "/staff/sharing/{id}" => staff::sharing::show,
        POST "/staff/sharing/{id}/file" => staff::sharing::file,
        GET "/aid/random-checks" => staff::random_checks::public,
        GET "/verify/day-list" => counter_lists::day,
        POST "/verify/scans" => counter_lists::scans,
        GET "/staff/confirmations" => staff::confirmations::list,
        POST "/staff/confirmations" => staff::confirmations::find,
        GET "/staff/confirmations/{id}" => staff::confirmations::show,
        POST "/staff/confirmations/{id}/cancel" => staff::confirmations::cancel,
        POST "/staff/confirmations/{id}/reissue" => staff::confirmations::reissue,
        GET "/staff/found" => staff::found::list,
        GET "/staff/found/{number}" => staff::found::show,
        POST "/staff/found/{number}/take" => staff::found::take,
        POST "/staff/found/{number}/visited" => staff::found::visited,
        GET "/staff/follow-up" => staff::follow_up::list,
        GET "/staff/cases/{number}/follow-up" => staff::follow_up::show,
        POST "/staff/cases/{number}/recheck" => staff::follow_up::recheck,
        POST "/staff/cases/{number}/changes/{sequence}" => staff::follow_up::change,
        POST "/staff/cases/{number}/referrals/{programme}" => staff::follow_up::hand_over,
        GET "/staff/cases/{number}/benefit" => staff::benefit::show,
        POST "/staff/cases/{number}/benefit/step" => staff::benefit::propose,
        POST "/staff/cases/{number}/benefit/heard" => staff::benefit::heard,
        POST "/staff/cases/{number}/benefit/drop" => staff::benefit::drop_step,
        POST "/staff/cases/{number}/benefit/decide-step" => staff::benefit::decide,
        POST "/staff/cases/{number}/benefit/reviewed" => staff::benefit::reviewed,
        GET "/staff/reviews" => staff::benefit::reviews,
        GET "/staff/payments" => staff::benefit::payments_form,
        POST "/staff/payments" => staff::benefit::payments,
        GET "/staff/ratings" => staff::follow_up::ratings,
        GET "/staff/complaints" => staff::complaints::list,
        GET "/staff/complaints/{number}" => staff::complaints::show,
        POST "/staff/complaints/{number}/take" => staff::complaints::take,
        POST "/staff/complaints/{number}/reply" => staff::complaints::reply,
        POST "/staff/complaints/{number}/escalate" => staff::complaints::escalate,
        POST "/staff/complaints/{number}/close" => staff::complaints::close,
        GET "/staff/deliveries" => staff::deliveries::list,
        GET "/staff/deliveries/{id}" => staff::deliveries::show,
        POST "/staff/deliveries/{id}/done" => staff::deliveries::done,
        GET "/staff/audit" => staff::audit::show,
        GET "/staff/templates" => staff::templates::list,
        GET "/staff/templates/{id}/letter" => staff::templates::letter,
        GET "/staff/meal-checks" => staff::meal_checks::list,
        GET "/staff/meal-checks/{month}" => staff::meal_checks::show,
        POST "/staff/meal-checks/{month}" => staff::meal_checks::draw,
        GET "/staff/meal-checks/{month}/sample.csv" => staff::meal_checks::sample,
        GET "/staff/meal-checks/{month}/numbers.csv" => staff::meal_checks::numbers,
        GET "/staff/meal-points" => staff::meal_points::show,
        GET "/staff/meal-tables" => staff::meal_tables::list,
        POST "/staff/meal-tables" => staff::meal_tables::add,
        GET "/staff/meal-tables/{id}" => staff::meal_tables::show,
        POST "/staff/meal-tables/{id}/approve" => staff::meal_tables::approve,
        POST "/staff/meal-tables/{id}/withdraw" => staff::meal_tables::withdraw,
        GET "/staff/standards" => staff::standards::list,
        POST "/staff/standards" => staff::standards::add,
        GET "/staff/standards/{id}" => staff::standards::show,
        POST "/staff/standards/{id}/approve" => staff::standards::approve,
        POST "/staff/standards/{id}/withdraw" => staff::standards::withdraw,
        GET "/staff/marriage" => staff::marriage::home,
        GET "/staff/marriage/{office}" => staff::marriage::show,
        POST "/staff/marriage/{office}/sessions" => staff::marriage::add_session,
        POST "/staff/marriage/{office}/sessions/{session}/end" => staff::marriage::end_session,
        POST "/staff/marriage/{office}/closures" => staff::marriage::close,
        POST "/staff/marriage/{office}/closures/{closure}/reopen" => staff::marriage::reopen,
        POST "/staff/marriage/{office}/rules" => staff::marriage::rules,
        POST "/staff/marriage/{office}/door-rules" => staff::marriage::door_rules,
        GET "/staff/marriage/{office}/hot" => staff::marriage_hot::show,
        POST "/staff/marriage/{office}/hot" => staff::marriage_hot::mark,
        POST "/staff/marriage/{office}/hot/{hot}/end" => staff::marriage_hot::unmark,
        GET "/staff/marriage/{office}/day" => staff::marriage_day::day,
        GET "/staff/marriage/{office}/day/print" => staff::marriage_day::print,
        POST "/staff/marriage/{office}/day/move" => staff::marriage_day::move_all,
        GET "/staff/marriage/{office}/numbers" => staff::marriage_day::numbers,
        GET "/staff/marriage/{office}/door" => staff::marriage_door::show,
        POST "/staff/marriage/{office}/door/find" => staff::marriage_door::find,
        POST "/staff/marriage/{office}/door/next" => staff::marriage_door::next,
        POST "/staff/marriage/{office}/door/walk-in" => staff::marriage_door::walk_in,
        POST "/staff/marriage/{office}/door/visits/{visit}" => staff::marriage_door::act,
        GET "/staff/marriage/{office}/door/{booking}" => staff::marriage_door::couple,
        POST "/staff/marriage/{office}/door/{booking}/arrive" => staff::marriage_door::arrive,
        POST "/staff/marriage/{office}/door/{booking}/accepted" => staff::marriage_door::accepted,
        POST "/staff/marriage/{office}/door/{booking}/note" => staff::marriage_door::note,
        POST "/staff/marriage/{office}/door/{booking}/no-show" => staff::marriage_no_show::mark,
        POST "/staff/marriage/{office}/door/{booking}/no-show/settle" => staff::marriage_no_show::settle,
        GET "/staff/marriage-offices" => staff::marriage_offices::show,
        POST "/staff/marriage-offices" => staff::marriage_offices::import,
        GET "/staff/meal-orders" => staff::meal_orders::home,
        POST "/staff/meal-orders" => staff::meal_orders::find,
        GET "/staff/meal-orders/new" => staff::meal_orders::form,
        POST "/staff/meal-orders/new" => staff::meal_orders::keep,
        GET "/staff/meal-orders/{eater}" => staff::meal_orders::show,
        POST "/staff/meal-orders/{eater}" => staff::meal_orders::order,
        GET "/staff/meal-orders/{eater}/change" => staff::meal_orders::change_form,
        GET "/staff/meal-orders/{eater}/standing" => staff::meal_standing::show,
        POST "/staff/meal-orders/{eater}/standing" => staff::meal_standing::make,
        POST "/staff/meal-orders/{eater}/standing/{standing}" => staff::meal_standing::change,
        POST "/staff/meal-orders/{eater}/wait" => staff::meal_orders::wait,
        POST "/staff/meal-orders/{eater}/waits/{wait}" => staff::meal_orders::leave_line,
        POST "/staff/meal-orders/{eater}/cancel" => staff::meal_orders::cancel,
        GET "/staff/meal-calls" => staff::meal_calls::list,
        GET "/staff/meal-calls/{call}" => staff::meal_calls::show,
        POST "/staff/meal-calls/{call}" => staff::meal_calls::finish,
        GET "/staff/meals" => staff::meals::home,
        GET "/staff/meals/{point}" => staff::meals::show,
        GET "/staff/meals/{point}/month" => staff::meal_month::show,
        GET "/staff/meals/{point}/month.csv" => staff::meal_month::file,
        GET "/staff/meals/{point}/kitchen" => staff::meal_kitchen::show,
        POST "/staff/meals/{point}/kitchen" => staff::meal_kitchen::printed,
        GET "/staff/meals/{point}/labels" => staff::meal_kitchen::labels,
        GET "/staff/meals/{point}/hand-out" => staff::meal_desk::show,
        POST "/staff/meals/{point}/hand-out" => staff::meal_desk::find,
        POST "/staff/meals/{point}/hand-out/{order}" => staff::meal_desk::hand_out,
        GET "/staff/meals/{point}/waiting" => staff::meal_waiting::show,
        POST "/staff/meals/{point}/waiting/{wait}" => staff::meal_waiting::answer,
        GET "/staff/meals/{point}/ratings" => staff::meal_ratings::show,
        POST "/staff/meals/{point}/ratings/{rating}" => staff::meal_ratings::answer,
        POST "/staff/meals/{point}/hand-out/{order}/paid" => staff::meal_desk::note_paid,
        POST "/staff/meals/{point}/conflicts/{scan}" => staff::meal_desk::settle,
        GET "/staff/meals/{point}/offline" => staff::meal_offline::show,
        POST "/staff/meals/{point}/offline" => staff::meal_offline::paper,
        POST "/staff/meals/{point}/offline/list" => staff::meal_offline::list,
        POST "/staff/meals/{point}/offline/scans" => staff::meal_offline::scans,
        GET "/staff/meals/{point}/tours" => staff::meal_tours::show,
        POST "/staff/meals/{point}/tours" => staff::meal_tours::assign,
        POST "/staff/meals/{point}/tours/{tour}/begin" => staff::meal_tours::begin,
        POST "/staff/meals/{point}/tours/{tour}/back" => staff::meal_tours::take_back,
        POST "/staff/meals/{point}/tours/{tour}/stops/{order}" => staff::meal_tours::stop,
        POST "/staff/meals/{point}/walk-in" => staff::meal_walk_in::serve,
        POST "/staff/meals/{point}/dishes" => staff::meals::add_dish,
        POST "/staff/meals/{point}/menu" => staff::meals::add_menu,
        POST "/staff/meals/{point}/dishes/{dish}" => staff::meals::change_dish,
        POST "/staff/meals/{point}/services" => staff::meals::service,
        POST "/staff/meals/{point}/closures" => staff::meals::close,
        POST "/staff/meals/{point}/closures/{closure}/reopen" => staff::meals::reopen,
        GET "/staff/timebank" => staff::timebank::list,
        GET "/staff/timebank/new" => staff::timebank::form,
        POST "/staff/timebank/new" => staff::timebank::add,
        GET "/staff/timebank/events" => staff::timebank_events::list,
        GET "/staff/timebank/events/new" => staff::timebank_events::form,
        POST "/staff/timebank/events/new" => staff::timebank_events::add,
        GET "/staff/timebank/events/{event}" => staff::timebank_events::show,
        POST "/staff/timebank/events/{event}" => staff::timebank_events::act,
        GET "/staff/timebank/events/{event}/screen" => staff::timebank_events::screen,
        GET "/staff/timebank/insurance" => staff::timebank_insurance::list,
        GET "/staff/timebank/insurance/{need}" => staff::timebank_insurance::form,
        POST "/staff/timebank/insurance/{need}" => staff::timebank_insurance::keep,
        GET "/staff/timebank/freezes" => staff::timebank_freezes::list,
        POST "/staff/timebank/freezes" => staff::timebank_freezes::add,
        GET "/staff/timebank/freezes/{freeze}" => staff::timebank_freezes::show,
        POST "/staff/timebank/freezes/{freeze}" => staff::timebank_freezes::act,
        GET "/staff/timebank/patterns" => staff::timebank_patterns::list,
        POST "/staff/timebank/patterns" => staff::timebank_patterns::looked,
        GET "/staff/timebank/import" => staff::timebank_import::form,
        POST "/staff/timebank/import" => staff::timebank_import::import,
        GET "/staff/timebank/records" => staff::timebank_records::list,
        GET "/staff/timebank/records/{need}" => staff::timebank_records::show,
        POST "/staff/timebank/records/{need}" => staff::timebank_records::act,
        GET "/staff/timebank/{need}/fitting" => staff::timebank_fitting::list,
        POST "/staff/timebank/{need}/fitting" => staff::timebank_fitting::open,
        GET "/staff/timebank/{need}" => staff::timebank::show,
        POST "/staff/timebank/{need}" => staff::timebank::act,
        GET "/staff/accounts" => staff::accounts::list,
        GET "/staff/accounts/new" => staff::accounts::form,
        POST "/staff/accounts/new" => staff::accounts::add,
        GET "/staff/accounts/{id}" => staff::accounts::show,
        POST "/staff/accounts/{id}/posts" => staff::accounts::give_post,
        POST "/staff/accounts/{id}/posts/remove" => staff::accounts::take_post,
        POST "/staff/accounts/{id}/reset" => staff::accounts::reset,
        POST "/staff/accounts/{id}/disable" => staff::accounts::disable,
        GET "/staff/account" => staff::account::show,
        GET "/staff/account/password" => staff::account::password_form,
        POST "/staff/account/password" => staff::account::change_password,
        POST "/staff/account/passkeys" => staff::account::add_passkey,
        POST "/staff/account/passkeys/{id}/remove" => staff::account::remove_passkey,
        POST "/staff/account/sign-out-everywhere" => staff::sign_in::sign_out_everywhere,
        // Demo alone 演示
        GET "/_kit" => home::kit,
    ]
}

/// All routes with the files of the site and the machines' doors, without the layers around them.
pub(crate) fn router(site: &Site, figures: PrometheusHandle) -> Router {
    let pages = routes()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler))
        .with_state(site.clone())
        .layer(axum::middleware::from_fn_with_state(site.clone(), crate::session::find))
        // Files of the site are compressed at build time; pages now, at a level that costs little.
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest));
    let store = site.store().clone();
    let ready: health::ReadyCheck = Arc::new(move || {
        let store = store.clone();
        Box::pin(async move { Ok(store.ready().await?) })
    });
    let checks = DomainChecks::new(site.settings().domain_check_dir.clone());
    pages
        .merge(health::routes(ready, figures, site.settings().metrics_public))
        .merge(files(site))
        .fallback(move |request: Request| {
            let checks = checks.clone();
            async move { checks.answer(request.method(), request.uri().path()).await.ok_or(AppError::NotFound) }
        })
        .method_not_allowed_fallback(|| async { StatusCode::METHOD_NOT_ALLOWED })
}

/// Files of `public` that keep their names.
const PLAIN_FILES: [&str; 11] = [
    "/island-loader.js",
    "/staff-passkey.js",
    "/staff-meals.js",
    "/staff-visit.js",
    "/kept.js",
    "/kept-worker.js",
    "/timebank-sign.js",
    "/read-aloud.js",
    "/draw-verify.js",
    "/icon.svg",
    "/robots.txt",
];

/// The stylesheet, the scripts, the icon. Names in `/pkg` hold their content's hash, so a browser keeps them.
fn files(site: &Site) -> Router {
    let root = &site.settings().site_root;
    let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
    let a_day = HeaderValue::from_static("public, max-age=86400");
    let pkg = Router::new()
        .fallback_service(ServeDir::new(root.join("pkg")).precompressed_br().precompressed_gzip())
        .layer(SetResponseHeaderLayer::overriding(CACHE_CONTROL, forever_if_found(forever)));
    let mut router = Router::new().nest("/pkg", pkg);
    for file in PLAIN_FILES {
        let served = Router::new()
            .route_service(
                file,
                ServeFile::new(root.join(&file[1..])).precompressed_br().precompressed_gzip(),
            )
            .layer(SetResponseHeaderLayer::overriding(CACHE_CONTROL, forever_if_found(a_day.clone())));
        router = router.merge(served);
    }
    router
}

/// A file that is there may be kept; one that isn't must be asked for again.
fn forever_if_found<B>(
    value: HeaderValue,
) -> impl Fn(&axum::http::Response<B>) -> Option<HeaderValue> + Clone {
    move |response| {
        Some(if response.status().is_success() {
            value.clone()
        } else {
            HeaderValue::from_static("no-store")
        })
    }
}

/// Paints error pages.
pub(crate) fn renderer(site: &Site) -> Renderer {
    let site = site.clone();
    Arc::new(move |facts| {
        let site = site.clone();
        Box::pin(async move { error_page(&site, facts) })
    })
}

fn error_page(site: &Site, facts: ErrorFacts) -> Response {
    let visitor = Visitor {
        visit: app::visit::Visit {
            request_id: facts.request_id.clone(),
            // Error pages have no script.
            nonce: String::new(),
            // The elder switch on an error page leads home in the other mode: the path may be a secret one.
            path: "/".into(),
            care: facts.care,
            owner: None,
            draft_owner: None,
            signed_in: None,
        },
        address: crate::client_address::ClientAddress(std::net::Ipv4Addr::UNSPECIFIED.into()),
        device: None,
        session: None,
        waiting: None,
        helping: None,
    };
    if let Some(ended) = facts.ended {
        return site.page(&visitor, facts.status, || match ended {
            crate::session::Ended::Session => {
                app::pages::error::session_ended(&facts.path, facts.kept_input.clone()).into_any()
            }
            crate::session::Ended::Acting => app::pages::error::acting_ended().into_any(),
            crate::session::Ended::OwnAffair => app::pages::error::own_affair().into_any(),
            crate::session::Ended::OutOfScope => app::pages::error::out_of_scope().into_any(),
            crate::session::Ended::Helping => app::pages::error::helping_ended().into_any(),
            crate::session::Ended::NotWhileHelping => app::pages::error::not_while_helping().into_any(),
            crate::session::Ended::GuardianFirst => app::pages::error::guardian_first().into_any(),
            crate::session::Ended::OtherPerson => app::pages::error::other_person().into_any(),
            crate::session::Ended::HelperTooYoung => app::pages::error::helper_too_young().into_any(),
        });
    }
    if facts.csrf == Some(CsrfRefusal::NoOrigin) {
        return site.page(&visitor, facts.status, || {
            app::pages::error::send_again(&facts.path, facts.kept_input.clone(), &facts.request_id)
        });
    }
    // What a layer refuses says why; without a reason it was a handler, and so staff.
    if facts.status == StatusCode::FORBIDDEN && facts.csrf.is_none() {
        return site.page(&visitor, facts.status, || app::pages::error::forbidden(&facts.request_id));
    }
    site.page(&visitor, facts.status, || {
        app::pages::error::error(facts.status.as_u16(), &facts.request_id, site.hotline())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::PLAIN_FILES;

    #[test]
    fn every_file_of_the_folder_public_is_served() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../public");
        let there: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| format!("/{}", entry.unwrap().file_name().to_string_lossy()))
            .collect();
        let served: BTreeSet<String> = PLAIN_FILES.iter().map(ToString::to_string).collect();
        assert_eq!(there, served);
    }
}
