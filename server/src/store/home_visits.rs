//! Visits to a household at home, and the register of near relatives of those who handle aid.

use app::domain::aid::home_visit::{HomeVisit, SelfCare, Signatures};
use app::domain::aid::staff_kin::{KinRelation, StaffKin};
use app::domain::audit::AuditAct;
use app::domain::staff::{Post, Role};
use app::domain::time::Instant;
use app::ports::{CaseEventKind, EnteredVisit, KinEntry, VisitLevel};
use sqlx::{Any, Row as _, Transaction};

use super::audit::Actor;
use super::case_acts::{CaseRef, Doing, KEY};
use super::case_due::{day_number, day_of};
use super::cases::unknown;
use super::staff_cases::{FoundCase, Scope, found};
use super::{OnlyOnce, Store, StoreError};
use crate::seal::Place;

fn place<'a>(column: &'static str, row: &'a str) -> Place<'a> {
    Place { column, row }
}

/// Whose visit it is: the district's own are told apart (民发〔2021〕57号 art. 20).
fn level_of(post: &str) -> VisitLevel {
    if post.starts_with(Role::DistrictOfficer.as_str()) { VisitLevel::District } else { VisitLevel::Street }
}

impl Store {
    /// Enters a visit to the household.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is closed, one of the two is a relative of the household, or the key was sent with
    /// another body.
    pub(crate) async fn enter_visit(
        &self,
        case: &CaseRef,
        visit: &HomeVisit,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let next = Self::next_inquiry(&mut tx, case).await?;
        let row = format!("{}/{next}", case.row());
        let unmet = visit
            .unmet
            .as_ref()
            .map(|unmet| unmet.iter().map(|what| what.as_str()).collect::<Vec<_>>().join(" "));
        let entered = sqlx::query(
            "insert into home_visits (area, application_id, sequence, level, visit_day, companion, family, findings, \
             unmet, signatures, entered_by, entered_post, entered_at) \
             select k.area, k.application_id, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 from cases k \
             where k.area = $1 and k.application_id = $2 \
             and k.state in ('received', 'correction_requested', 'accepted', 'opinion_given') and not exists \
             (select 1 from staff_kin r where r.area = $1 and r.application_id = $2 and r.account in ($6, $11))",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(next)
        .bind(level_of(post).as_str())
        .bind(day_number(visit.day))
        .bind(&visit.companion)
        .bind(self.sealer.seal_json(place("home_visits.family", &row), &(&visit.family, &visit.family_is))?)
        .bind(self.sealer.seal(place("home_visits.findings", &row), visit.findings.as_bytes())?)
        .bind(unmet)
        .bind(self.sealer.seal_json(place("home_visits.signatures", &row), &visit.signatures)?)
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if entered.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        let traces = (AuditAct::HomeVisited, CaseEventKind::HomeVisited);
        self.beside(&mut tx, case, traces, None, doing).await?;
        self.settled(tx, case, doing).await
    }

    /// Enters a near relative of the household among those who handle aid (单独登记备案).
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the case is closed, or the key was sent with another body.
    pub(crate) async fn enter_kin(
        &self,
        case: &CaseRef,
        kin: &StaffKin,
        doing: &Doing,
    ) -> Result<OnlyOnce<String>, StoreError> {
        let (staff, post) = doing.staff()?;
        let mut tx = self.write().await?;
        if let Some(before) = Self::take_key(&mut tx, &doing.key, &doing.owner, KEY, doing.now).await? {
            return Ok(OnlyOnce::Before(before));
        }
        let next = Self::next_inquiry(&mut tx, case).await?;
        let row = format!("{}/{next}", case.row());
        let entered = sqlx::query(
            "insert into staff_kin (area, application_id, sequence, account, name, relation, entered_by, entered_post, entered_at) \
             select k.area, k.application_id, $3, $4, $5, $6, $7, $8, $9 from cases k \
             where k.area = $1 and k.application_id = $2 \
             and k.state in ('received', 'correction_requested', 'accepted', 'opinion_given')",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(next)
        .bind(kin.account.as_deref())
        .bind(self.sealer.seal(place("staff_kin.name", &row), kin.name.as_bytes())?)
        .bind(kin.relation.as_str())
        .bind(staff)
        .bind(post)
        .bind(doing.now.0)
        .execute(&mut *tx)
        .await?;
        if entered.rows_affected() != 1 {
            return Err(StoreError::Conflict);
        }
        Self::note_follow_up(&mut tx, case, AuditAct::StaffKinEntered, doing).await?;
        Self::answer_key(&mut tx, &doing.key, &case.number).await?;
        tx.commit().await?;
        Ok(OnlyOnce::Done(case.number.clone()))
    }

    /// The number of the next visit or entry of a case. The case's row is written to, so that two come one after the other.
    pub(super) async fn next_inquiry(
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
    ) -> Result<i64, StoreError> {
        sqlx::query("update cases set changed_at = changed_at where area = $1 and application_id = $2")
            .bind(&case.area)
            .bind(&case.id)
            .execute(&mut **tx)
            .await?;
        let next = sqlx::query_scalar(
            "select cast(coalesce(max(sequence), 0) + 1 as bigint) from \
             (select sequence from home_visits where area = $1 and application_id = $2 \
             union all select sequence from staff_kin where area = $1 and application_id = $2) entered",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut **tx)
        .await?;
        Ok(next)
    }

    /// Refuses an act of staff who are near relatives of the household (民发〔2021〕57号 art. 11), or whose post does not cover the
    /// office that has the case: it may have moved since their page was opened. Others' acts pass.
    pub(super) async fn may_act(
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
        doing: &Doing,
    ) -> Result<(), StoreError> {
        let Actor::Staff { id: staff, post } = &doing.actor else { return Ok(()) };
        let place: Option<String> = sqlx::query_scalar(
            "select coalesce(community, office) from cases where area = $1 and application_id = $2",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_optional(&mut **tx)
        .await?;
        let covers = |place: &String| Post::parse(post).is_ok_and(|post| post.covers(place));
        if !place.as_ref().is_some_and(covers) {
            return Err(StoreError::Conflict);
        }
        let kin: i64 = sqlx::query_scalar(
            "select cast(count(*) as bigint) from staff_kin where area = $1 and application_id = $2 and account = $3",
        )
        .bind(&case.area)
        .bind(&case.id)
        .bind(staff)
        .fetch_one(&mut **tx)
        .await?;
        if kin == 0 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// Refuses a decision that the district must visit the household for and has not: of a relative's family (民发〔2021〕57号
    /// art. 20), of a case that was drawn (特困人员认定办法 art. 16).
    pub(super) async fn visited_where_due(
        tx: &mut Transaction<'static, Any>,
        case: &CaseRef,
    ) -> Result<(), StoreError> {
        let due: i64 = sqlx::query_scalar(
            "select cast(count(*) as bigint) from applications a where a.area = $1 and a.id = $2 and \
             (exists (select 1 from staff_kin r where r.area = a.area and r.application_id = a.id) \
             or exists (select 1 from random_draw_cases d where d.area = a.area and d.application_id = a.id and d.drawn = 1)) \
             and not exists \
             (select 1 from home_visits v where v.area = a.area and v.application_id = a.id and v.level = 'district')",
        )
        .bind(&case.area)
        .bind(&case.id)
        .fetch_one(&mut **tx)
        .await?;
        if due == 0 { Ok(()) } else { Err(StoreError::Conflict) }
    }

    /// The visits to a household, oldest first.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn visits_of(&self, area: &str, id: &str) -> Result<Vec<EnteredVisit>, StoreError> {
        let rows = sqlx::query(
            "select sequence, level, visit_day, companion, family, findings, unmet, signatures, entered_by, entered_at \
             from home_visits where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("sequence")?);
                let sealed = |column| row.try_get::<Vec<u8>, _>(column);
                let (family, family_is): (String, String) =
                    self.sealer.open_json(place("home_visits.family", &at), &sealed("family")?)?;
                let signatures: Signatures =
                    self.sealer.open_json(place("home_visits.signatures", &at), &sealed("signatures")?)?;
                let unmet: Option<String> = row.try_get("unmet")?;
                let unmet = unmet.map(|slugs| slugs.split_whitespace().filter_map(SelfCare::parse).collect());
                Ok(EnteredVisit {
                    level: VisitLevel::parse(row.try_get("level")?).ok_or(unknown("home_visits.level"))?,
                    visit: HomeVisit {
                        day: day_of(row.try_get("visit_day")?).ok_or(unknown("home_visits.visit_day"))?,
                        companion: row.try_get("companion")?,
                        family,
                        family_is,
                        findings: self
                            .sealer
                            .open_text(place("home_visits.findings", &at), &sealed("findings")?)?,
                        unmet,
                        signatures,
                    },
                    entered_by: row.try_get("entered_by")?,
                    entered_at: Instant(row.try_get("entered_at")?),
                })
            })
            .collect()
    }

    /// The near relatives of a household among those who handle aid, oldest first.
    ///
    /// # Errors
    /// The database failed, or a name doesn't open with our keys.
    pub(crate) async fn kin_of(&self, area: &str, id: &str) -> Result<Vec<KinEntry>, StoreError> {
        let rows = sqlx::query(
            "select sequence, account, name, relation, entered_at from staff_kin \
             where area = $1 and application_id = $2 order by sequence",
        )
        .bind(area)
        .bind(id)
        .fetch_all(&self.reader)
        .await?;
        rows.iter()
            .map(|row| {
                let at = format!("{area}/{id}/{}", row.try_get::<i64, _>("sequence")?);
                let name: Vec<u8> = row.try_get("name")?;
                Ok(KinEntry {
                    kin: StaffKin {
                        account: row.try_get("account")?,
                        name: self.sealer.open_text(place("staff_kin.name", &at), &name)?,
                        relation: KinRelation::parse(row.try_get("relation")?)
                            .ok_or(unknown("staff_kin.relation"))?,
                    },
                    entered_at: Instant(row.try_get("entered_at")?),
                })
            })
            .collect()
    }

    /// The register of a post's area, newest first: each case once, and whether the district was there.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn kin_register(
        &self,
        scope: &Scope,
        skip: i64,
        count: i64,
    ) -> Result<Vec<(FoundCase, bool)>, StoreError> {
        let rows = sqlx::query(
            "select a.id, a.number, a.area, k.office, k.community, a.aid_item, a.kind, a.urgency, a.received_at, a.under_14, k.state, \
             cast(0 as bigint) as missing, cast((select count(*) from home_visits v where v.area = a.area \
             and v.application_id = a.id and v.level = 'district') as bigint) as visits \
             from applications a join cases k on k.area = a.area and k.application_id = a.id \
             join (select area, application_id, max(entered_at) as entered_at from staff_kin \
             group by area, application_id) r on r.area = a.area and r.application_id = a.id \
             where k.office >= $1 and k.office < $2 and ($3 = '' or k.community = $3) order by r.entered_at desc, a.id limit $4 offset $5",
        )
        .bind(&scope.from)
        .bind(&scope.before)
        .bind(&scope.community)
        .bind(count)
        .bind(skip)
        .fetch_all(&self.reader)
        .await?;
        rows.iter().map(|row| Ok((found(row)?, row.try_get::<i64, _>("visits")? > 0))).collect()
    }
}
