//! Who eats: found by document, telephone or name, and changed by whoever saw the papers.

use app::domain::audit::AuditAct;
use app::domain::document::IdentityDocument;
use app::domain::meals::{HujiPlace, KeptEater, MealPerson, NewEater, Status};
use app::domain::name::PersonName;
use app::domain::phone::ContactPhone;
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::{Doing, note};
use crate::seal::{Place, new_id};
use crate::store::{Store, StoreError};

macro_rules! eaters {
    ($where:literal) => {
        concat!(
            "select e.id, e.community, e.person, e.huji, e.statuses, e.avoid, e.resident, e.checked_at, e.care_call \
             from meal_eaters e ",
            $where
        )
    };
}

fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place { column, row: id }
}

/// By what somebody is looked for.
#[derive(Clone, Debug)]
pub(crate) enum EaterKey {
    /// A document.
    Document(IdentityDocument),
    /// A telephone.
    Phone(ContactPhone),
    /// A whole name.
    Name(PersonName),
}

impl Store {
    pub(super) fn eater_of(&self, row: &AnyRow) -> Result<KeptEater, StoreError> {
        let id: String = row.try_get("id")?;
        let person: Vec<u8> = row.try_get("person")?;
        let avoid: Vec<u8> = row.try_get("avoid")?;
        let (huji, statuses): (String, String) = (row.try_get("huji")?, row.try_get("statuses")?);
        let checked = row.try_get::<Option<i64>, _>("checked_at")?.map(|_| {
            let statuses = statuses.split(' ').filter_map(Status::parse).collect();
            (HujiPlace::of(&huji), statuses)
        });
        Ok(KeptEater {
            person: self.sealer.open_json::<MealPerson>(place("meal_eaters.person", &id), &person)?,
            avoid: self.sealer.open_json(place("meal_eaters.avoid", &id), &avoid)?,
            community: row.try_get("community")?,
            checked,
            care_call: row.try_get::<i64, _>("care_call")? == 1,
            resident: row.try_get("resident")?,
            id,
        })
    }

    /// The eater of an account.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn eater_of_resident(&self, resident: &str) -> Result<Option<KeptEater>, StoreError> {
        let row = sqlx::query(eaters!("where e.resident = $1 order by e.created_at desc limit 1"))
            .bind(resident)
            .fetch_optional(&self.reader)
            .await?;
        row.as_ref().map(|row| self.eater_of(row)).transpose()
    }

    /// One eater.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub(crate) async fn eater(&self, id: &str) -> Result<KeptEater, StoreError> {
        let row = sqlx::query(eaters!("where e.id = $1")).bind(id).fetch_one(&self.reader).await?;
        self.eater_of(&row)
    }

    pub(super) async fn eater_in(
        &self,
        tx: &mut Transaction<'static, Any>,
        id: &str,
    ) -> Result<KeptEater, StoreError> {
        let row = sqlx::query(eaters!("where e.id = $1")).bind(id).fetch_one(&mut **tx).await?;
        self.eater_of(&row)
    }

    /// Those who have that document, telephone or name.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn find_eaters(&self, key: &EaterKey) -> Result<Vec<KeptEater>, StoreError> {
        let (statement, index) = match key {
            EaterKey::Document(document) => {
                (eaters!("where e.document_index = $1 limit 20"), self.document_index(document))
            }
            EaterKey::Phone(phone) => {
                (eaters!("where e.phone_index = $1 order by e.id limit 20"), self.phone_index(phone))
            }
            EaterKey::Name(name) => {
                (eaters!("where e.name_index = $1 order by e.id limit 20"), self.eater_name_index(name))
            }
        };
        let rows = sqlx::query(statement).bind(index).fetch_all(&self.reader).await?;
        rows.iter().map(|row| self.eater_of(row)).collect()
    }

    fn eater_name_index(&self, name: &PersonName) -> String {
        self.sealer.index("meal_eaters.name", name.as_str())
    }

    /// An account that proved the document of somebody whom staff noted before eats as this eater.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn link_eater(
        &self,
        id: &str,
        resident: &str,
        doing: &Doing<'_>,
    ) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, "meal_eater", doing.now).await? {
            return Ok(id);
        }
        sqlx::query("update meal_eaters set resident = $2, changed_at = $3 where id = $1")
            .bind(id)
            .bind(resident)
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
        Self::answer_key(&mut tx, doing.key, id).await?;
        tx.commit().await?;
        Ok(id.to_owned())
    }

    /// Keeps somebody who eats, one row for each document; gives its id. What staff saw is never written over by what somebody
    /// tells of themselves.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] for a key with another body.
    pub(crate) async fn keep_eater(
        &self,
        new: &NewEater,
        resident: Option<&str>,
        doing: &Doing<'_>,
    ) -> Result<String, StoreError> {
        let mut tx = self.write().await?;
        if let Some(id) = Self::take_key(&mut tx, doing.key, doing.owner, "meal_eater", doing.now).await? {
            return Ok(id);
        }
        let index = self.document_index(&new.document);
        let found: Option<String> =
            sqlx::query_scalar("select id from meal_eaters where document_index = $1")
                .bind(&index)
                .fetch_optional(&mut *tx)
                .await?;
        let id = match found {
            Some(id) => id,
            None => {
                let id = new_id(doing.now)?;
                let person = self.sealer.seal_json(place("meal_eaters.person", &id), &new.person)?;
                let avoid = self.sealer.seal_json(place("meal_eaters.avoid", &id), &new.avoid)?;
                // Two at once: the second one finds the first one's row, and changes it below.
                sqlx::query(
                    "insert into meal_eaters (id, community, document_index, name_index, person, huji, statuses, avoid, \
                     created_at, changed_at) values ($1, $2, $3, $4, $5, '', '', $6, $7, $7) on conflict do nothing",
                )
                .bind(&id)
                .bind(new.community.code)
                .bind(&index)
                .bind(self.eater_name_index(&new.name))
                .bind(person)
                .bind(avoid)
                .bind(doing.now.0)
                .execute(&mut *tx)
                .await?;
                sqlx::query_scalar("select id from meal_eaters where document_index = $1")
                    .bind(&index)
                    .fetch_one(&mut *tx)
                    .await?
            }
        };
        let phone_index = new.phone.as_ref().map(|phone| self.phone_index(phone));
        if let Some((huji, statuses)) = &new.checked {
            let statuses: Vec<_> = statuses.iter().map(|status| status.as_str()).collect();
            // An account that proved this document eats as this eater.
            let account: Option<String> = sqlx::query_scalar(
                "select id from residents where document_index = $1 and assurance = 'verified' and closed_at is null",
            )
            .bind(&index)
            .fetch_optional(&mut *tx)
            .await?;
            sqlx::query(
                "update meal_eaters set community = $2, phone_index = $3, name_index = $4, person = $5, huji = $6, \
                 statuses = $7, avoid = $8, checked_by = $9, checked_at = $10, changed_at = $10, \
                 resident = coalesce($11, resident), care_call = $12 where id = $1",
            )
            .bind(&id)
            .bind(new.community.code)
            .bind(phone_index)
            .bind(self.eater_name_index(&new.name))
            .bind(self.sealer.seal_json(place("meal_eaters.person", &id), &new.person)?)
            .bind(huji.code())
            .bind(statuses.join(" "))
            .bind(self.sealer.seal_json(place("meal_eaters.avoid", &id), &new.avoid)?)
            .bind(&doing.owner.0)
            .bind(doing.now.0)
            .bind(account)
            .bind(i64::from(new.care_call))
            .execute(&mut *tx)
            .await?;
            note(&mut tx, AuditAct::MealEaterChecked, ("meal_eaters", &id), resident, doing).await?;
        } else {
            sqlx::query(
                "update meal_eaters set resident = $2, phone_index = coalesce($3, phone_index), changed_at = $4 where id = $1",
            )
            .bind(&id)
            .bind(resident)
            .bind(phone_index)
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
        }
        Self::answer_key(&mut tx, doing.key, &id).await?;
        tx.commit().await?;
        Ok(id)
    }
}
