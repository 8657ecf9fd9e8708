//! Marriage offices, taken in as a table and never changed. `here` holds only while a clerk's account is posted at the
//! office: the moment the last one goes, the office is one that knows nothing of this system.

use app::domain::audit::{AuditAct, Purpose};
use app::domain::marriage::{LineFault, LineProblem, Matter, NewOffice, Office, OfficeMode, Province};
use app::domain::staff::Role;
use app::domain::time::Instant;
use app::visit::Owner;
use jiff::civil::Date;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::store::audit::AuditEntry;
use crate::store::standards::Doer;
use crate::store::{IdempotencyKey, OnlyOnce, Store, StoreError};

/// What became of a table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Import {
    /// So many offices were taken in.
    Done(OnlyOnce<String>),
    /// None was, for these lines.
    Refused(Vec<LineProblem>),
}

macro_rules! offices {
    ($where:literal) => {
        concat!(
            "select o.code, o.effective_from, o.name, o.province, o.city, o.district, o.address, o.floor, o.hours, \
             o.summer_hours, o.matters, o.foreign_related, o.transit, o.accessible, o.phone, o.booking_url, o.source, \
             o.sample, case when o.mode = 'here' and exists (select 1 from staff_posts p join staff s on s.id = p.staff \
             where p.role = 'marriage_clerk' and p.place = o.code and s.disabled_at is null) then 'here' \
             else 'elsewhere' end as mode \
             from marriage_offices o where o.effective_from = (select max(e.effective_from) from marriage_offices e \
             where e.code = o.code and e.effective_from <= $1) ",
            $where
        )
    };
}

fn office_of(row: &AnyRow) -> Result<Option<Office>, StoreError> {
    let Some(province) = Province::find(row.try_get("province")?) else { return Ok(None) };
    let day: String = row.try_get("effective_from")?;
    let matters: String = row.try_get("matters")?;
    Ok(Some(Office {
        code: row.try_get("code")?,
        name: row.try_get("name")?,
        province,
        city: row.try_get("city")?,
        district: row.try_get("district")?,
        address: row.try_get("address")?,
        floor: row.try_get("floor")?,
        hours: row.try_get("hours")?,
        summer_hours: row.try_get("summer_hours")?,
        matters: matters.split(' ').filter_map(Matter::parse).collect(),
        foreign_related: row.try_get::<i64, _>("foreign_related")? == 1,
        transit: row.try_get("transit")?,
        accessible: row.try_get("accessible")?,
        phone: row.try_get("phone")?,
        booking_url: row.try_get("booking_url")?,
        mode: OfficeMode::parse(row.try_get("mode")?).unwrap_or(OfficeMode::Elsewhere),
        effective_from: day.parse().map_err(anyhow::Error::from)?,
        source: row.try_get("source")?,
        sample: row.try_get::<i64, _>("sample")? == 1,
    }))
}

impl Store {
    /// All offices as they stand on a day, by province, city and name.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_offices(&self, day: Date) -> Result<Vec<Office>, StoreError> {
        let rows = sqlx::query(offices!("order by o.province, o.city, o.code"))
            .bind(day.to_string())
            .fetch_all(&self.reader)
            .await?;
        let mut offices = Vec::with_capacity(rows.len());
        for row in &rows {
            offices.extend(office_of(row)?);
        }
        Ok(offices)
    }

    /// One office as it stands on a day.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn marriage_office(&self, code: &str, day: Date) -> Result<Office, StoreError> {
        let row = sqlx::query(offices!("and o.code = $2"))
            .bind(day.to_string())
            .bind(code)
            .fetch_one(&self.reader)
            .await?;
        office_of(&row)?.ok_or(StoreError::NotFound)
    }

    /// Takes in a table, all of it or nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the key came with another body.
    pub(crate) async fn import_marriage_offices(
        &self,
        new: &[NewOffice],
        doer: Doer<'_>,
        key: &IdempotencyKey,
        now: Instant,
    ) -> Result<Import, StoreError> {
        let mut tx = self.write().await?;
        let owner = Owner(doer.id.to_owned());
        if let Some(count) = Self::take_key(&mut tx, key, &owner, "marriage_offices", now).await? {
            return Ok(Import::Done(OnlyOnce::Before(count)));
        }
        let mut problems = Vec::new();
        for NewOffice { line, office } in new {
            let posted: i64 = sqlx::query_scalar(
                "select count(*) from staff_posts p join staff s on s.id = p.staff \
                 where p.role = $1 and p.place = $2 and s.disabled_at is null",
            )
            .bind(Role::MarriageClerk.as_str())
            .bind(&office.code)
            .fetch_one(&mut *tx)
            .await?;
            if office.mode == OfficeMode::Here && posted == 0 {
                problems.push(LineProblem { line: *line, fault: LineFault::NoClerk });
            }
            // On SQLite the condition decides, for a trigger stands before the index; on PostgreSQL the index has the last word.
            let done = sqlx::query(
                "insert into marriage_offices (code, effective_from, name, province, city, district, address, floor, \
                 hours, summer_hours, matters, foreign_related, transit, accessible, phone, booking_url, mode, source, \
                 sample, imported_by, imported_at) select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
                 $15, $16, $17, $18, $19, $20, $21 where not exists (select 1 from marriage_offices o \
                 where o.code = $1 and o.effective_from = $2) on conflict do nothing",
            )
            .bind(&office.code)
            .bind(office.effective_from.to_string())
            .bind(&office.name)
            .bind(office.province.code)
            .bind(&office.city)
            .bind(&office.district)
            .bind(&office.address)
            .bind(&office.floor)
            .bind(&office.hours)
            .bind(&office.summer_hours)
            .bind(office.matters.iter().map(|matter| matter.as_str()).collect::<Vec<_>>().join(" "))
            .bind(i64::from(office.foreign_related))
            .bind(&office.transit)
            .bind(&office.accessible)
            .bind(&office.phone)
            .bind(&office.booking_url)
            .bind(office.mode.as_str())
            .bind(&office.source)
            .bind(i64::from(office.sample))
            .bind(doer.id)
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
            if done.rows_affected() == 0 {
                problems.push(LineProblem { line: *line, fault: LineFault::DayTaken });
            }
        }
        if !problems.is_empty() {
            return Ok(Import::Refused(problems));
        }
        let entry = AuditEntry {
            area: app::domain::area::district(),
            actor: doer.actor,
            on_behalf_of: None,
            act: AuditAct::MarriageOfficesImported,
            object_kind: "marriage_offices",
            object: "",
            subject: None,
            purpose: Purpose::Operation,
        };
        Self::note(&mut tx, &entry, now).await?;
        let count = new.len().to_string();
        Self::answer_key(&mut tx, key, &count).await?;
        tx.commit().await?;
        Ok(Import::Done(OnlyOnce::Done(count)))
    }
}
