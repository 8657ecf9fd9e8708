//! What was changed at an office, line by line: nothing of a plan is overwritten, so its rows tell.

use app::domain::marriage::{DayPart, NoShowPolicy, time_words};
use app::domain::time::Instant;
use app::text::marriage::{hot_rules_words, matter_label, no_show_policy_label, part_label};
use sqlx::Row as _;

use super::hot_days::{hot_day_of, hot_days};
use super::plans::session_of;
use crate::store::{Store, StoreError};

/// One line of an office's history.
#[derive(Clone, Debug)]
pub(crate) struct PlanLine {
    /// What.
    pub(crate) words: String,
    /// When.
    pub(crate) at: Instant,
}

impl Store {
    /// What was changed at an office, the newest first.
    ///
    /// # Errors
    /// The database failed.
    pub(crate) async fn marriage_history(&self, office: &str) -> Result<Vec<PlanLine>, StoreError> {
        let rows = sqlx::query(
            "select id, matter, starts, ends, quota, valid_from, valid_until, entered_at, ended_at \
             from marriage_sessions where office = $1 order by entered_at desc limit 100",
        )
        .bind(office)
        .fetch_all(&self.reader)
        .await?;
        let mut lines = Vec::new();
        for row in &rows {
            let Some(session) = session_of(row)? else { continue };
            let what =
                format!("{} {}", matter_label(session.matter), time_words(session.starts, session.ends));
            let words = format!("加了 {what}，{} 对，{} 起", session.quota, session.from);
            lines.push(PlanLine { words, at: Instant(row.try_get("entered_at")?) });
            if let (Some(at), Some(until)) = (row.try_get::<Option<i64>, _>("ended_at")?, session.until) {
                lines.push(PlanLine {
                    words: format!("停了 {what}，最后一天 {until}"), at: Instant(at)
                });
            }
        }
        let rows = sqlx::query(
            "select day, part, reason, entered_at, withdrawn_at from marriage_closures where office = $1 \
             order by entered_at desc limit 100",
        )
        .bind(office)
        .fetch_all(&self.reader)
        .await?;
        for row in &rows {
            let part = DayPart::parse(row.try_get("part")?).unwrap_or(DayPart::Whole);
            let (on, reason): (String, String) = (row.try_get("day")?, row.try_get("reason")?);
            let words = format!("{on} {}不开：{reason}", part_label(part));
            lines.push(PlanLine { words, at: Instant(row.try_get("entered_at")?) });
            if let Some(at) = row.try_get::<Option<i64>, _>("withdrawn_at")? {
                lines
                    .push(PlanLine { words: format!("{on} {}照常开", part_label(part)), at: Instant(at) });
            }
        }
        let rows = sqlx::query(
            "select window_min, window_max, keep_hours, entered_at from marriage_rules where office = $1 \
             order by entered_at desc limit 100",
        )
        .bind(office)
        .fetch_all(&self.reader)
        .await?;
        for row in &rows {
            let [min, max, hours] =
                ["window_min", "window_max", "keep_hours"].map(|name| row.try_get::<i64, _>(name));
            let words = format!("可以提前 {} 到 {} 天约，为对方保留 {} 小时", min?, max?, hours?);
            lines.push(PlanLine { words, at: Instant(row.try_get("entered_at")?) });
        }
        let rows = sqlx::query(
            "select walk_in, no_show, entered_at from marriage_door_rules where office = $1 \
             order by entered_at desc limit 100",
        )
        .bind(office)
        .fetch_all(&self.reader)
        .await?;
        for row in &rows {
            let walk_in = if row.try_get::<i64, _>("walk_in")? == 1 { "收" } else { "不收" };
            let no_show = NoShowPolicy::parse(row.try_get("no_show")?).unwrap_or_default();
            let words = format!("没有预约的{walk_in}；没来的：{}", no_show_policy_label(no_show));
            lines.push(PlanLine { words, at: Instant(row.try_get("entered_at")?) });
        }
        let rows = sqlx::query(hot_days!("where h.office = $1 order by h.entered_at desc limit 100"))
            .bind(office)
            .fetch_all(&self.reader)
            .await?;
        for row in &rows {
            let Some(hot) = hot_day_of(row)? else { continue };
            let what = format!("{} {}（{}）", hot.day, matter_label(hot.matter), hot.name);
            let words = format!("{what}：{}", hot_rules_words(&hot));
            lines.push(PlanLine { words, at: Instant(row.try_get("entered_at")?) });
            if let Some(at) = row.try_get::<Option<i64>, _>("withdrawn_at")? {
                lines.push(PlanLine { words: format!("{what}照平常的安排"), at: Instant(at) });
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.at));
        Ok(lines)
    }
}
