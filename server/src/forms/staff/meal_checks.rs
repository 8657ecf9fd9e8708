//! `/staff/meal-checks…`: the auditor's sample of a month's meals; `/meals/checks`, what everybody sees of it.

use app::domain::aid::random_check::lot;
use app::domain::aid::standards::Deed;
use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::meals::{CheckForm, MealMonth, opens_on};
use app::domain::name::PersonName;
use app::domain::staff::Role;
use app::pages::Sent;
use app::pages::meals::checks as public;
use app::pages::staff::meal_checks::{self as pages, CheckView, DrawnLine};
use app::ports::MealCheck;
use app::text::meals::{AS_PUBLISHED, meal_label, mode_label, paid_label};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::meal_desk::place_words;
use super::meals::owner_of;
use super::table_file::{self, cell};
use crate::error::AppError;
use crate::forms::{Fields, new_key, sent_back};
use crate::site::{Site, Visitor, see_other};
use crate::staff::StaffVisitor;
use crate::store::StoreError;
use crate::store::audit::{Actor, AuditEntry};
use crate::store::meals::Doing;
use crate::store::meals::checks::DrawnMeal;

/// The auditor who asks.
async fn auditor(staff: &StaffVisitor) -> Result<Actor, AppError> {
    let post = staff.require(&[Role::Auditor], district()).await?;
    Ok(staff.actor(post))
}

fn month_of(slug: &str) -> Result<MealMonth, AppError> {
    MealMonth::parse(slug).ok_or(AppError::NotFound)
}

async fn check_of(site: &Site, month: MealMonth) -> Result<Option<MealCheck>, AppError> {
    Ok(site.store().meal_checks().await?.into_iter().find(|check| check.month == month))
}

/// Notes that the auditor looked at what was drawn.
async fn note_read(site: &Site, actor: &Actor, month: MealMonth) -> Result<(), AppError> {
    let slug = month.slug();
    let entry = AuditEntry {
        area: district(),
        actor,
        on_behalf_of: None,
        act: AuditAct::DetailsRead,
        object_kind: "meal_checks",
        object: &slug,
        subject: None,
        purpose: Purpose::Audit,
    };
    Ok(site.store().note_alone(&entry, site.clock().now()).await?)
}

/// Somebody of the staff, masked; a volunteer or a made-up account has no name here.
fn by(deed: &Deed) -> String {
    PersonName::parse(&deed.name).map_or_else(|_| "志愿者或示例人员".to_owned(), |name| name.masked())
}

/// What was recorded of a meal, a line each.
fn told(site: &Site, drawn: &DrawnMeal) -> Vec<String> {
    let Some((meal, who)) = &drawn.meal else {
        return vec!["保存的时间到了，只留下编号".to_owned()];
    };
    let (place, kind) = (place_words(site, &meal.point), meal_label(meal.kind));
    let mut lines = vec![format!(
        "{}月{}日{kind}，{place}：{}（{}），{who}",
        meal.day.month(),
        meal.day.day(),
        meal.dish_name,
        mode_label(meal.mode)
    )];
    lines.push(match &meal.bill {
        Some(bill) => format!(
            "原价 {} 元：区里补 {} 元，街道补 {} 元，个人 {} 元{}",
            bill.price.yuan(),
            bill.district.yuan(),
            bill.street.yuan(),
            bill.own.yuan(),
            if bill.sample { "（示例）" } else { "" }
        ),
        None => format!("原价 {} 元：{AS_PUBLISHED}", meal.price.yuan()),
    });
    if let Some(deed) = &drawn.handed {
        let paid = meal.paid.map_or("没有记", paid_label);
        let order = if drawn.walk_in { "没有订，来了给的；" } else { "" };
        lines.push(format!("{order}出餐 {}，{}记的，个人的部分{paid}", deed.at.shanghai_text(), by(deed)));
    }
    match (&drawn.used, &meal.scanned) {
        (Some(deed), Some((at, office))) => {
            let network = if drawn.offline { "，没有网的时候扫的" } else { "" };
            let place = place_words(site, office);
            lines.push(format!("扫码 {}，在{place}，{}扫的{network}", at.shanghai_text(), by(deed)));
        }
        _ => lines.push("没有扫码".to_owned()),
    }
    if drawn.conflicts > 0 {
        lines.push(format!("另有 {} 次记录和它不一样", drawn.conflicts));
    }
    lines
}

/// The months.
pub(crate) async fn list(State(site): State<Site>, staff: StaffVisitor) -> Result<Response, AppError> {
    auditor(&staff).await?;
    let (seeds, checks) = (site.store().meal_seeds().await?, site.store().meal_checks().await?);
    let me = staff.me();
    Ok(site.page(&staff.visitor, StatusCode::OK, || pages::list(&me, &seeds, &checks)))
}

async fn page(
    site: &Site,
    staff: &StaffVisitor,
    (month, actor): (MealMonth, &Actor),
    (status, sent): (StatusCode, &Sent<CheckForm>),
) -> Result<Response, AppError> {
    let check = check_of(site, month).await?;
    let seeds = site.store().meal_seeds().await?;
    // What was made after the month was over says nothing.
    let over = app::domain::time::Instant::shanghai_midnight(month.next().first());
    let seed = seeds.into_iter().find(|(of, seed)| *of == month && seed.since < over).map(|(_, seed)| seed);
    let mut lines = Vec::new();
    if check.is_some() {
        note_read(site, actor, month).await?;
        for drawn in site.store().drawn_meals(month).await? {
            let what = told(site, &drawn);
            lines.push(DrawnLine { number: drawn.number, lot: drawn.lot, what });
        }
    }
    let view = CheckView {
        month,
        seed,
        count: site.store().handed_out_numbers(month).await?.len(),
        check,
        lines,
        today: site.clock().today(),
        key: new_key()?,
    };
    let me = staff.me();
    Ok(site.page(&staff.visitor, status, || pages::check(&me, &view, sent)))
}

/// One month, with its sample where it was drawn.
pub(crate) async fn show(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(month): Path<String>,
) -> Result<Response, AppError> {
    let (actor, month) = (auditor(&staff).await?, month_of(&month)?);
    page(&site, &staff, (month, &actor), (StatusCode::OK, &Sent::fresh(CheckForm::default()))).await
}

/// Draws.
pub(crate) async fn draw(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(month): Path<String>,
    fields: Fields,
) -> Result<Response, AppError> {
    let (actor, month) = (auditor(&staff).await?, month_of(&month)?);
    let (key, owner) = (fields.key(site.store())?, owner_of(&staff));
    let form: CheckForm = fields.form()?;
    let now = site.clock().now();
    let percent = match form.parse() {
        Ok(percent) => percent,
        Err(errors) => {
            let sent = sent_back(form, errors);
            return page(&site, &staff, (month, &actor), (StatusCode::UNPROCESSABLE_ENTITY, &sent)).await;
        }
    };
    if now.shanghai_date() < opens_on(month) {
        return Err(AppError::Conflict);
    }
    let doing = Doing { actor: &actor, owner: &owner, key: &key, now };
    match site.store().draw_meals((month, percent), staff.staff_id(), &doing).await {
        Ok(()) => {}
        // Another auditor was first: the page shows what they drew.
        Err(StoreError::Conflict) if check_of(&site, month).await?.is_some() => {}
        Err(other) => return Err(other.into()),
    }
    Ok(see_other(&format!("/staff/meal-checks/{}", month.slug()), None))
}

/// The sample with what was recorded, for a spreadsheet.
pub(crate) async fn sample(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(month): Path<String>,
) -> Result<Response, AppError> {
    let (actor, month) = (auditor(&staff).await?, month_of(&month)?);
    check_of(&site, month).await?.ok_or(AppError::NotFound)?;
    note_read(&site, &actor, month).await?;
    let drawn = site.store().drawn_meals(month).await?;
    let rows =
        drawn.iter().map(|meal| [cell(&meal.number), meal.lot.clone(), cell(&told(&site, meal).join("；"))]);
    let file = file(["编号", "签", "记录"], rows).map_err(AppError::Internal)?;
    Ok(table_file::as_file("meal-sample", file))
}

/// All numbers of the month with their lots: from these anybody works the sample out again.
pub(crate) async fn numbers(
    State(site): State<Site>,
    staff: StaffVisitor,
    Path(month): Path<String>,
) -> Result<Response, AppError> {
    let (_, month) = (auditor(&staff).await?, month_of(&month)?);
    let check = check_of(&site, month).await?.ok_or(AppError::NotFound)?;
    let numbers = site.store().handed_out_numbers(month).await?;
    let drawn = app::domain::aid::random_check::drawn(
        &check.seed,
        &numbers.iter().map(String::as_str).collect::<Vec<_>>(),
        u8::try_from(check.percent).unwrap_or(100),
    );
    let rows = numbers.iter().map(|number| {
        let picked = if drawn.contains(&number.as_str()) { "抽中" } else { "" };
        [number.clone(), lot(&check.seed, number), picked.to_owned()]
    });
    let file = file(["编号", "签", "结果"], rows).map_err(AppError::Internal)?;
    Ok(table_file::as_file("meal-numbers", file))
}

fn file(head: [&str; 3], rows: impl Iterator<Item = [String; 3]>) -> anyhow::Result<Vec<u8>> {
    let mut out = table_file::table();
    out.write_record(head)?;
    for row in rows {
        out.write_record(row)?;
    }
    Ok(out.into_inner()?)
}

/// What everybody sees.
pub(crate) async fn public(State(site): State<Site>, visitor: Visitor) -> Result<Response, AppError> {
    let (seeds, checks) = (site.store().meal_seeds().await?, site.store().meal_checks().await?);
    Ok(site.page(&visitor, StatusCode::OK, || public::checks(&seeds, &checks)))
}
