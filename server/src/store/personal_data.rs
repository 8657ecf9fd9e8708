//! A resident's rights over their data (个人信息保护法 44 to 47): a copy of everything, and the end of the account.

use app::domain::area::district;
use app::domain::audit::{AuditAct, Purpose};
use app::domain::consents::{ConsentKind, text_of};
use app::domain::notices::Notice;
use app::domain::person::Profile;
use app::domain::phone::ContactPhone;
use app::domain::time::Instant;
use app::text::follow_up::{changes_line, grade_label, node_label};
use app::visit::Owner;
use serde::Serialize;
use sqlx::{Any, Row as _, Transaction};

use super::audit::{Actor, AuditEntry};
use super::cards::forget_confirmations;
use super::proxies::{Details, masked, place as proxy_place};
use super::residents::owner_of;
use super::{Store, StoreError};

/// Everything that is kept about a resident, as they get it: every value whole, and nobody else's secrets.
#[derive(Serialize)]
pub(crate) struct Export {
    /// When it was made.
    made_at: String,
    /// The telephone of the account.
    phone: String,
    /// The accounts at providers that open this one, by the provider's id.
    logins: Vec<String>,
    /// `declared` or `verified`.
    assurance: &'static str,
    /// The profile as typed.
    profile: Profile,
    /// Every application that was sent.
    applications: Vec<ExportedApplication>,
    /// Service given and got in the time bank.
    time_bank: Vec<ExportedService>,
    /// Records of service that were brought from elsewhere.
    time_bank_brought: Vec<app::domain::timebank::RawRecord>,
    /// The accident insurance for services that may be dangerous.
    time_bank_insurance: Option<app::domain::timebank::Insurance>,
    /// Every booking at a marriage office that goes on.
    marriage_bookings: Vec<ExportedBooking>,
    /// Every meal that was ordered.
    meals: Vec<ExportedMeal>,
    /// What is ordered each week until one says otherwise.
    standing_meals: Vec<ExportedStandingMeal>,
    /// Lines for meals in which one stood.
    meal_waits: Vec<ExportedMealWait>,
    /// What was found when one was rung after missed meals.
    meal_calls: Vec<ExportedMealCall>,
    /// Every line of a full day that was stood in.
    marriage_lines: Vec<ExportedLine>,
    /// Every draw that was entered.
    marriage_draws: Vec<ExportedEntry>,
    /// Every message.
    messages: Vec<ExportedMessage>,
    /// Acting for others and by others.
    proxies: Vec<ExportedProxy>,
    /// What was agreed to, and until when.
    consents: Vec<ExportedConsent>,
}

/// One meal, and who paid what where that is known.
#[derive(Serialize)]
struct ExportedMeal {
    day: String,
    meal: &'static str,
    dish: String,
    point: String,
    state: &'static str,
    price_fen: i64,
    own_fen: Option<i64>,
    /// What was said of it.
    score: Option<&'static str>,
    word: Option<String>,
}

/// One standing order.
#[derive(Serialize)]
struct ExportedStandingMeal {
    weekdays: String,
    meal: &'static str,
    point: String,
    mode: &'static str,
    usual: Option<String>,
    paused_from: Option<String>,
    paused_to: Option<String>,
}

/// One place in a line for a meal.
#[derive(Serialize)]
struct ExportedMealWait {
    day: String,
    meal: &'static str,
    dish: String,
    point: String,
    state: &'static str,
}

/// One call after missed meals.
#[derive(Serialize)]
struct ExportedMealCall {
    day: String,
    found: &'static str,
    words: Option<String>,
}

/// One service of the time bank; the other one's data is theirs.
#[derive(Serialize)]
struct ExportedService {
    part: &'static str,
    kind: String,
    time: String,
    minutes: Option<i64>,
    state: &'static str,
}

/// What was said after a step of an application.
#[derive(Serialize)]
struct ExportedWord {
    at: String,
    what: &'static str,
    words: String,
}

#[derive(Serialize)]
struct ExportedBooking {
    number: String,
    office: String,
    matter: &'static str,
    day: String,
    time: String,
    state: &'static str,
    people: Vec<String>,
    /// When a divorce application was accepted, as the booking has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
    /// What the office wrote for the couple.
    notes: Vec<String>,
    /// What the couple says against an entry that it did not come.
    objection: String,
}

#[derive(Serialize)]
struct ExportedLine {
    office: String,
    matter: &'static str,
    day: String,
    state: &'static str,
}

#[derive(Serialize)]
struct ExportedEntry {
    office: String,
    day: String,
    number: String,
    state: &'static str,
    place: Option<i64>,
}

#[derive(Serialize)]
struct ExportedConsent {
    kind: &'static str,
    version: String,
    given_at: String,
    withdrawn_at: Option<String>,
}

#[derive(Serialize)]
struct ExportedApplication {
    number: String,
    received_at: String,
    name: String,
    document_number: String,
    mobile: String,
    bank_account: Option<String>,
    story: String,
    details: app::domain::aid::ApplicationRecord,
    household: Vec<app::domain::aid::MemberRecord>,
    photos: Vec<ExportedPhoto>,
    said: Vec<ExportedWord>,
}

/// A photo of a paper; the picture itself is at `/me/papers`.
#[derive(Serialize)]
struct ExportedPhoto {
    paper: String,
    sent_at: String,
    bytes: i64,
    address: String,
}

#[derive(Serialize)]
struct ExportedMessage {
    at: String,
    title: String,
    text: String,
}

#[derive(Serialize)]
struct ExportedProxy {
    kind: &'static str,
    other: String,
    scope: String,
    state: &'static str,
    ends_on: String,
}

app::masked_debug!(Export);

impl Export {
    /// The same to read: headings with lines of label and value. `provider` gives the name for a provider's id.
    pub(crate) fn readable(&self, provider: impl Fn(&str) -> String) -> Vec<(String, Vec<(String, String)>)> {
        let line = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        let mut account = vec![line("电话", &self.phone), line("导出时间", &self.made_at)];
        account.extend(self.logins.iter().map(|id| line("能登录的账号", &provider(id))));
        if let Some(identity) = &self.profile.identity {
            account.push(line("姓名", &identity.name));
            account.push(line("证件号码", &identity.document_number));
            account.push(line("出生日期", &identity.birth_date));
        }
        if let Some(home) = &self.profile.home {
            account.push(line("住址", &home.detail));
        }
        let mut parts = vec![("账号和资料".to_owned(), account)];
        for (_, member) in &self.profile.members {
            parts.push((
                format!("家人 {}", member.name),
                vec![line("证件号码", &member.document_number), line("出生日期", &member.birth_date)],
            ));
        }
        for application in &self.applications {
            let mut lines = vec![
                line("收到时间", &application.received_at),
                line("姓名", &application.name),
                line("证件号码", &application.document_number),
                line("手机号", &application.mobile),
                line("发生的事", &application.story),
            ];
            if let Some(account) = &application.bank_account {
                lines.push(line("银行账户", account));
            }
            for member in &application.household {
                lines.push(line("一起生活的家人", &member.name));
            }
            for word in &application.said {
                lines.push(line(word.what, [&*word.at, &word.words].join(" ").trim()));
            }
            for photo in &application.photos {
                lines.push(line("材料照片", &format!("{}，{} 收到", photo.paper, photo.sent_at)));
            }
            parts.push((format!("救助申请 {}", application.number), lines));
        }
        if !self.time_bank.is_empty() {
            let lines = self.time_bank.iter().map(|service| {
                let spent = service.minutes.map(|minutes| format!("，{minutes} 分钟")).unwrap_or_default();
                let part = if service.part == "gave" { "我做的" } else { "我得到的" };
                line(part, &format!("{} {}{spent}", service.time, service.kind))
            });
            parts.push(("时间银行".to_owned(), lines.collect()));
        }
        if !self.time_bank_brought.is_empty() || self.time_bank_insurance.is_some() {
            let brought = self.time_bank_brought.iter().map(|record| {
                line("从别处带来的", &format!("{} {}，{} 分钟", record.date, record.content, record.minutes))
            });
            let insurance = self
                .time_bank_insurance
                .iter()
                .map(|insurance| line("意外险", &format!("{}，{}", insurance.insurer, insurance.policy)));
            parts.push(("志愿者登记".to_owned(), brought.chain(insurance).collect()));
        }
        if !self.meals.is_empty() {
            let lines = self.meals.iter().map(|meal| line(&meal.day, &meal.dish));
            parts.push(("订餐".to_owned(), lines.collect()));
        }
        if !self.standing_meals.is_empty() {
            let lines = self.standing_meals.iter().map(|meal| line(&meal.weekdays, &meal.point));
            parts.push(("固定订餐".to_owned(), lines.collect()));
        }
        for booking in &self.marriage_bookings {
            let mut lines = vec![
                line("时间", &format!("{} {}", booking.day, booking.time)),
                line("两个人", &booking.people.join("、")),
            ];
            lines.extend(booking.accepted.iter().map(|day| line("离婚申请受理", day)));
            lines.extend(booking.notes.iter().map(|note| line("登记处留的话", note)));
            if !booking.objection.is_empty() {
                lines.push(line("对没来的记录的意见", &booking.objection));
            }
            parts.push((format!("婚姻登记预约 {}", booking.number), lines));
        }
        for wait in &self.marriage_lines {
            parts.push((format!("婚姻登记排队 {}", wait.day), vec![line("哪一家", &wait.office)]));
        }
        for entry in &self.marriage_draws {
            let lines = vec![line("哪一家", &entry.office), line("号码", &entry.number)];
            parts.push((format!("婚姻登记摇号 {}", entry.day), lines));
        }
        if !self.messages.is_empty() {
            let lines = self.messages.iter().map(|message| line(&message.at, &message.title)).collect();
            parts.push(("消息".to_owned(), lines));
        }
        if !self.consents.is_empty() {
            let lines = self.consents.iter().map(|consent| {
                let until = consent
                    .withdrawn_at
                    .as_deref()
                    .map_or_else(|| "有效".to_owned(), |at| format!("{at} 收回"));
                let title = ConsentKind::parse(consent.kind)
                    .and_then(|kind| text_of(kind, &consent.version))
                    .map_or(consent.kind, |text| text.title.as_str());
                line(title, &format!("{} 同意，{until}", consent.given_at))
            });
            parts.push(("我的同意".to_owned(), lines.collect()));
        }
        for proxy in &self.proxies {
            parts.push((
                format!("代办 {}", proxy.other),
                vec![line("办什么", &proxy.scope), line("到哪一天", &proxy.ends_on)],
            ));
        }
        parts
    }
}

impl Store {
    /// The ids of the applications of an owner.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn case_ids_of(&self, owner: &Owner) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "select id from applications where owner = $1 order by received_at desc, id desc",
        )
        .bind(&owner.0)
        .fetch_all(&self.reader)
        .await?)
    }

    /// What was said after a step of an application: grades, changes, requests for a second look, words on a reduction.
    async fn said_of(&self, area: &str, id: &str) -> Result<Vec<ExportedWord>, StoreError> {
        let mut said = Vec::new();
        for (node, grade) in self.ratings_of(area, id).await? {
            let words = format!("{}：{}", node_label(node), grade_label(grade));
            said.push(ExportedWord { at: String::new(), what: "评价", words });
        }
        for change in self.changes_of(area, id).await? {
            let words = format!("{}：{}", changes_line(&change.told.kinds), change.told.words);
            said.push(ExportedWord { at: change.told_at.shanghai_full(), what: "报告的变化", words });
        }
        for service in self.services_of(area, id).await? {
            let at = service.arranged.day.to_string();
            let noted = service.report.map(|(_, note, _)| format!("；{note}")).unwrap_or_default();
            let words = format!("{}{noted}", service.arranged.words);
            said.push(ExportedWord { at, what: "约好的服务", words });
        }
        for moved in self.transfers_of(area, id).await? {
            said.push(ExportedWord {
                at: moved.at.shanghai_full(),
                what: "为什么转到别的街道",
                words: moved.why,
            });
        }
        for recheck in self.rechecks_of(area, id).await? {
            let at = recheck.asked_at.shanghai_full();
            said.push(ExportedWord { at, what: "复核的理由", words: recheck.asked });
        }
        let steps = self.benefit_of(area, id).await?.map(|benefit| benefit.steps).unwrap_or_default();
        for heard in steps.into_iter().filter_map(|step| step.heard) {
            let at = heard.on.to_string();
            said.push(ExportedWord { at, what: "对减发停发的意见", words: heard.words });
        }
        Ok(said)
    }

    async fn exported_meal_calls(&self, resident: &str) -> Result<Vec<ExportedMealCall>, StoreError> {
        let Some(eater) = self.eater_of_resident(resident).await? else { return Ok(Vec::new()) };
        let calls = self.calls_of_eater(&eater.id).await?.into_iter();
        let exported = calls.map(|(day, report)| ExportedMealCall {
            day: day.to_string(),
            found: report.outcome.as_str(),
            words: report.note,
        });
        Ok(exported.collect())
    }

    async fn exported_standing_meals(&self, resident: &str) -> Result<Vec<ExportedStandingMeal>, StoreError> {
        let Some(eater) = self.eater_of_resident(resident).await? else { return Ok(Vec::new()) };
        let standing = self.standing_of_eater(&eater.id).await?.into_iter();
        let exported = standing.map(|standing| ExportedStandingMeal {
            weekdays: app::text::meals::weekdays_words(standing.what.weekdays),
            meal: standing.what.kind.as_str(),
            point: standing.what.point,
            mode: standing.what.mode.as_str(),
            usual: standing.what.usual,
            paused_from: standing.pause.map(|pause| pause.from.to_string()),
            paused_to: standing.pause.and_then(|pause| pause.to).map(|day| day.to_string()),
        });
        Ok(exported.collect())
    }

    async fn exported_meal_waits(&self, resident: &str) -> Result<Vec<ExportedMealWait>, StoreError> {
        let Some(eater) = self.eater_of_resident(resident).await? else { return Ok(Vec::new()) };
        let waits = self.waits_of(&eater.id, jiff::civil::Date::MIN).await?.into_iter();
        let exported = waits.map(|wait| ExportedMealWait {
            day: wait.day.to_string(),
            meal: wait.kind.as_str(),
            dish: wait.dish_name,
            point: wait.point,
            state: wait.state.as_str(),
        });
        Ok(exported.collect())
    }

    async fn exported_meals(&self, resident: &str) -> Result<Vec<ExportedMeal>, StoreError> {
        let Some(eater) = self.eater_of_resident(resident).await? else { return Ok(Vec::new()) };
        let mut meals = Vec::new();
        for meal in self.meals_of(&eater.id, jiff::civil::Date::MIN).await? {
            let said = match meal.score {
                Some(_) => self.rating_of_meal(&meal.id).await?,
                None => None,
            };
            meals.push(ExportedMeal {
                day: meal.day.to_string(),
                meal: meal.kind.as_str(),
                dish: meal.dish_name,
                point: meal.point,
                state: meal.state.as_str(),
                price_fen: meal.price.0,
                own_fen: meal.bill.map(|bill| bill.own.0),
                score: meal.score.map(app::domain::meals::Score::as_str),
                word: said.and_then(|said| said.word),
            });
        }
        Ok(meals)
    }

    /// The bookings of an owner that go on, with what was written on them.
    async fn exported_bookings(&self, owner: &Owner) -> Result<Vec<ExportedBooking>, StoreError> {
        let mut exported = Vec::new();
        for booking in self.marriage_bookings_of(owner).await? {
            let notes = self.marriage_notes(&booking.id, true).await?;
            let objection = self.no_show_of(&booking.id).await?.map(|entry| entry.words).unwrap_or_default();
            exported.push(ExportedBooking {
                time: app::domain::marriage::time_words(booking.starts, booking.ends),
                number: booking.number,
                office: booking.office,
                matter: booking.matter.as_str(),
                day: booking.day.to_string(),
                state: booking.state.as_str(),
                // The other one's data is theirs: both names stay masked here.
                people: booking.names,
                accepted: booking.accepted.map(|accepted| accepted.day.to_string()),
                notes: notes.into_iter().map(|note| note.words).collect(),
                objection,
            });
        }
        Ok(exported)
    }

    /// Everything that is kept about a resident. Noted in the trail before it is given.
    ///
    /// # Errors
    /// The database failed, or a text doesn't open with our keys.
    pub(crate) async fn export(&self, resident: &str, now: Instant) -> Result<Export, StoreError> {
        let actor = Actor::Resident(resident.to_owned());
        self.note_alone(&own(&actor, AuditAct::DataExported, resident), now).await?;
        let kept = self.account(resident).await?;
        let mut applications = Vec::new();
        for line in self.cases_of(&owner_of(resident)).await? {
            let Some(found) = self.find_case(&line.number).await? else { continue };
            let file = self.case_file(&found).await?;
            let photos = self.papers_of_case(&found.head.area, &found.id).await?.into_iter();
            applications.push(ExportedApplication {
                number: line.number,
                received_at: line.received_at.shanghai_full(),
                name: file.name,
                document_number: file.document_number,
                mobile: file.mobile,
                bank_account: file.account_number,
                story: file.story,
                details: file.record,
                household: file.members,
                said: self.said_of(&found.head.area, &found.id).await?,
                photos: photos
                    .map(|paper| ExportedPhoto {
                        paper: app::text::papers::paper_name(&paper.line.kind).to_owned(),
                        sent_at: paper.line.sent_at.shanghai_full(),
                        bytes: paper.line.bytes,
                        address: format!("/confirm/{}/papers/{}/photo.jpg", paper.line.number, paper.line.id),
                    })
                    .collect(),
            });
        }
        let services = self.own_needs(resident).await?.into_iter();
        let bookings = self.exported_bookings(&owner_of(resident)).await?;
        let mut entries = Vec::new();
        for entry in self.draw_entries_of(&owner_of(resident)).await? {
            let draw = self.marriage_draw(&entry.draw).await?;
            entries.push(ExportedEntry {
                office: draw.office,
                day: draw.day.to_string(),
                number: entry.number,
                state: entry.state.as_str(),
                place: entry.place,
            });
        }
        let lines = self.marriage_waits_of(&owner_of(resident)).await?.into_iter();
        let consents = self.data_consents(resident).await?.into_iter();
        let messages = self.inbox(resident).await?.into_iter();
        let proxies = self.proxies_of(resident, now).await?.into_iter();
        Ok(Export {
            made_at: now.shanghai_full(),
            phone: kept.phone.map(|phone| phone.as_str().to_owned()).unwrap_or_default(),
            logins: self.logins_of(resident).await?.into_iter().map(|login| login.provider).collect(),
            assurance: kept.assurance.as_str(),
            profile: kept.profile,
            applications,
            time_bank: services
                .map(|need| ExportedService {
                    part: if need.helper.as_deref() == Some(resident) { "gave" } else { "got" },
                    minutes: need.true_minutes(),
                    kind: need.kind.name.clone(),
                    time: need.starts_at.shanghai_full(),
                    state: need.state.as_str(),
                })
                .collect(),
            time_bank_brought: self.imported_records(resident).await?,
            time_bank_insurance: self.insurance(resident).await?,
            meals: self.exported_meals(resident).await?,
            standing_meals: self.exported_standing_meals(resident).await?,
            meal_waits: self.exported_meal_waits(resident).await?,
            meal_calls: self.exported_meal_calls(resident).await?,
            marriage_bookings: bookings,
            marriage_draws: entries,
            marriage_lines: lines
                .map(|wait| ExportedLine {
                    office: wait.office,
                    matter: wait.matter.as_str(),
                    day: wait.day.to_string(),
                    state: wait.state.as_str(),
                })
                .collect(),
            messages: messages
                .map(|notice| ExportedMessage {
                    at: notice.at.shanghai_full(),
                    title: notice.title,
                    text: notice.text,
                })
                .collect(),
            proxies: proxies
                .map(|line| ExportedProxy {
                    kind: line.kind.as_str(),
                    other: line.other,
                    scope: app::text::proxy::scope_words(&line.scope),
                    state: line.state.as_str(),
                    ends_on: line.ends_on,
                })
                .collect(),
            consents: consents
                .map(|line| ExportedConsent {
                    kind: line.kind.as_str(),
                    version: line.version,
                    given_at: line.given_at.shanghai_full(),
                    withdrawn_at: line.withdrawn_at.map(Instant::shanghai_full),
                })
                .collect(),
        })
    }

    /// Closes an account: the person's key goes, and with it profile, number and messages wherever a copy may lie; drafts,
    /// sessions and agreements go or end. Applications stay for as long as the law has them kept (社会救助法; 档案法), apart
    /// from the account: their number and the mobile's last four digits still open them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for one that is closed already; or the database failed.
    pub(crate) async fn close_account(&self, resident: &str, now: Instant) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for statement in [
            "delete from outbox where resident = $1 and sent_at is null and gave_up_at is null",
            "update outbox set body = null where resident = $1",
        ] {
            sqlx::query(statement).bind(resident).execute(&mut *tx).await?;
        }
        // The last message goes out while the number is still known.
        self.tell(&mut tx, resident, &Notice::DataDeleted, None, now).await?;
        // A letter or a call would keep address and number until somebody delivers it; the page said the same at once.
        sqlx::query(
            "delete from outbox where resident = $1 and channel in ('letter', 'call') and sent_at is null \
             and gave_up_at is null",
        )
        .bind(resident)
        .execute(&mut *tx)
        .await?;
        let closed = sqlx::query(
            "update residents set closed_at = $1, phone = null, phone_index = null, profile = null, \
             document_index = null, verified_at = null, verified_by = null, assurance = 'declared' \
             where id = $2 and closed_at is null",
        )
        .bind(now.0)
        .bind(resident)
        .execute(&mut *tx)
        .await?;
        if closed.rows_affected() == 0 {
            return Err(StoreError::NotFound);
        }
        for statement in [
            "delete from person_keys where person = $1",
            "delete from notices where resident = $1",
            "delete from resident_sessions where resident = $1",
            "delete from resident_devices where resident = $1",
            "delete from resident_logins where resident = $1",
            "update consents set withdrawn_at = $2 where resident = $1 and withdrawn_at is null",
        ] {
            let mut query = sqlx::query(statement).bind(resident);
            if statement.contains("$2") {
                query = query.bind(now.0);
            }
            query.execute(&mut *tx).await?;
        }
        sqlx::query(
            "update proxies set state = 'ended', ended_at = $1, ended_by = $2 \
             where (representative = $2 or represented = $2) and state in ('requested', 'active')",
        )
        .bind(now.0)
        .bind(resident)
        .execute(&mut *tx)
        .await?;
        let actor = Actor::Resident(resident.to_owned());
        forget_confirmations(&mut tx, resident, &actor, now).await?;
        self.forget_in_agreements(&mut tx, resident).await?;
        let owner = owner_of(resident);
        Self::forget_papers(&mut tx, &owner).await?;
        let owner = owner.0;
        sqlx::query("delete from drafts where owner = $1").bind(&owner).execute(&mut *tx).await?;
        self.forget_marriage_bookings(&mut tx, &owner, now).await?;
        self.forget_meals(&mut tx, resident, now).await?;
        self.forget_time_bank(&mut tx, resident, now).await?;
        // Nobody's device and nobody's account: opened by number and digits alone.
        sqlx::query("update applications set owner = $1 where owner = $2")
            .bind(format!("closed:{resident}"))
            .bind(&owner)
            .execute(&mut *tx)
            .await?;
        Self::note(&mut tx, &own(&actor, AuditAct::DataDeleted, resident), now).await?;
        tx.commit().await?;
        self.states_changed();
        Ok(())
    }

    /// Leaves of a resident in their agreements what the other one needs to know whom it was with: the masked name. Where
    /// the other one never had an account, nobody is left to read anything.
    async fn forget_in_agreements(
        &self,
        tx: &mut Transaction<'static, Any>,
        resident: &str,
    ) -> Result<(), StoreError> {
        let rows = sqlx::query(
            "select id, representative, represented, details from proxies \
             where representative = $1 or represented = $1",
        )
        .bind(resident)
        .fetch_all(&mut **tx)
        .await?;
        for row in &rows {
            let id: String = row.try_get("id")?;
            let sealed: Vec<u8> = row.try_get("details")?;
            let mut details: Details = self.sealer.open_json(proxy_place(&id), &sealed)?;
            // It was there to send the request to.
            details.phone = String::new();
            if row.try_get::<String, _>("representative")? == resident {
                details.representative = masked(&details.representative);
                if row.try_get::<Option<String>, _>("represented")?.is_none() {
                    details.represented = String::new();
                    details.relation = String::new();
                }
            } else {
                details.represented = masked(&details.represented);
            }
            sqlx::query("update proxies set details = $1 where id = $2")
                .bind(self.sealer.seal_json(proxy_place(&id), &details)?)
                .bind(&id)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    /// What the demo shows instead of a telephone: the text of the last message of a template to a number.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn last_message_to(
        &self,
        phone: &ContactPhone,
        template: &'static str,
    ) -> Result<Option<String>, StoreError> {
        let rows = sqlx::query(
            "select id from outbox where template = $1 order by created_at desc, id desc limit 50",
        )
        .bind(template)
        .fetch_all(&self.reader)
        .await?;
        for row in &rows {
            let id: String = row.try_get("id")?;
            if let Some((to, text)) = self.demo_message(&id).await?
                && to == phone.as_str()
            {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
impl Store {
    /// Everything that an agreement says of its two people.
    pub(crate) async fn proxy_texts(&self, id: &str) -> [String; 4] {
        let sealed: Vec<u8> = sqlx::query_scalar("select details from proxies where id = $1")
            .bind(id)
            .fetch_one(&self.reader)
            .await
            .unwrap();
        let details: Details = self.sealer.open_json(proxy_place(id), &sealed).unwrap();
        [details.representative, details.represented, details.relation, details.phone]
    }
}

fn own<'a>(actor: &'a Actor, act: AuditAct, resident: &'a str) -> AuditEntry<'a> {
    AuditEntry {
        area: district(),
        actor,
        on_behalf_of: None,
        act,
        object_kind: "residents",
        object: resident,
        subject: Some(resident),
        purpose: Purpose::Own,
    }
}
