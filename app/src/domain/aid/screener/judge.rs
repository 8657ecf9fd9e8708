//! What each item says to the answers.

use jiff::civil::Date;

use super::answers::{
    Answers, Care, ChildSituation, DisabilityGrade, DisabilityKind, Huji, OldestAge, Receives, YesNo,
};
use super::finding::{Compared, Finding, Question, Reason, ScreenedItem, Standing};
use crate::domain::aid::standards::{Standard, StandardKey, Standards};
use crate::domain::money::Fen;

/// An item while its reasons are being weighed.
struct Weighing {
    item: ScreenedItem,
    reasons: Vec<(Standing, Reason)>,
    estimate: Option<Fen>,
}

impl Weighing {
    fn of(item: ScreenedItem) -> Self {
        Self { item, reasons: Vec::new(), estimate: None }
    }

    /// Notes a reason that speaks for it.
    fn because(&mut self, reason: Reason) {
        self.reasons.push((Standing::Likely, reason));
    }

    /// Notes a reason why only a person can tell.
    fn maybe(&mut self, reason: Reason) {
        self.reasons.push((Standing::Maybe, reason));
    }

    /// Notes a reason against it.
    fn not_now(&mut self, reason: Reason) {
        self.reasons.push((Standing::NotNow, reason));
    }

    fn standing(&self) -> Standing {
        self.reasons.iter().map(|(standing, _)| *standing).max().unwrap_or(Standing::Likely)
    }

    /// The reasons that decide come first, open questions after those that were answered. Beside a no nothing else counts.
    fn finding(mut self) -> Finding {
        let standing = self.standing();
        if standing == Standing::NotNow {
            self.reasons.retain(|(weight, _)| *weight == Standing::NotNow);
            self.estimate = None;
        }
        self.reasons.sort_by_key(|(weight, reason)| {
            (std::cmp::Reverse(*weight), matches!(reason, Reason::Unanswered(_)))
        });
        let reasons = self.reasons.into_iter().map(|(_, reason)| reason).collect();
        Finding { item: self.item, standing, reasons, estimate: self.estimate }
    }
}

/// What every item says to the answers on a day, the likely ones first, then in the order of the catalogue.
pub fn judge(answers: &Answers, standards: &Standards, day: Date) -> Vec<Finding> {
    let asked = Asked { answers, standards, day };
    let dibao = asked.dibao();
    let mut findings = vec![asked.temporary_aid(), asked.margin(dibao.standing()), dibao];
    findings.extend([asked.tekun(), asked.rigid_expenditure(), asked.price_subsidy()]);
    findings.extend([asked.disability_living(), asked.disability_care(), asked.zunlao()]);
    findings.extend([
        asked.for_elders(ScreenedItem::HomeAdaptation),
        asked.ability_assessment(),
        asked.for_elders(ScreenedItem::HomeService),
        asked.home_care_bed(),
    ]);
    findings.extend([asked.orphan(), asked.unattended_child(), asked.child_in_difficulty()]);
    let mut memorial = Weighing::of(ScreenedItem::MemorialService);
    memorial.maybe(Reason::OnWish);
    findings.push(memorial);
    let mut findings: Vec<_> = findings.into_iter().map(Weighing::finding).collect();
    findings.sort_by_key(|finding| (finding.standing, finding.item));
    findings
}

struct Asked<'a> {
    answers: &'a Answers,
    standards: &'a Standards,
    day: Date,
}

impl Asked<'_> {
    fn standard(&self, key: StandardKey) -> Option<&Standard> {
        self.standards.on(key, self.day)
    }

    fn people(&self) -> i64 {
        i64::from(self.answers.people)
    }

    /// 特困, 低保: at the street of the registration, with a residence permit where conditions allow (社会救助法 37).
    fn huji(&self, finding: &mut Weighing) {
        match self.answers.huji {
            Some(Huji::Here) => {}
            Some(Huji::Permit) => finding.maybe(Reason::HujiPermit),
            Some(Huji::Elsewhere) => finding.not_now(Reason::HujiElsewhere),
            None => finding.maybe(Reason::Unanswered(Question::Huji)),
        }
    }

    fn assets(&self, finding: &mut Weighing) {
        match self.answers.assets {
            Some(YesNo::No) => {}
            Some(YesNo::Yes) => finding.maybe(Reason::AssetsToCheck),
            None => finding.maybe(Reason::Unanswered(Question::Assets)),
        }
    }

    /// Grade 1 or 2, or grade 3 of mind or soul, or a heavy illness (民发〔2021〕57号 art. 8). An open question may hide one.
    fn alone(&self) -> Option<Result<(), Question>> {
        let mind = Some(DisabilityKind::Intellectual) == self.answers.disability_kind
            || Some(DisabilityKind::Mental) == self.answers.disability_kind;
        let unknown_kind = self.answers.disability_kind.is_none();
        match (self.answers.disability, self.answers.illness) {
            (Some(DisabilityGrade::One | DisabilityGrade::Two), _) | (_, Some(YesNo::Yes)) => Some(Ok(())),
            (Some(DisabilityGrade::Three), _) if mind => Some(Ok(())),
            (Some(DisabilityGrade::Three), _) if unknown_kind => Some(Err(Question::DisabilityKind)),
            (None, _) => Some(Err(Question::Disability)),
            (_, None) => Some(Err(Question::Illness)),
            _ => None,
        }
    }

    /// The income beside `standard` × people (× `ratio`), both sides multiplied so that nothing is rounded away.
    fn compared(&self, income: Fen, standard: &Standard, ratio: Option<&Standard>) -> (bool, Compared) {
        let whole = standard.value.saturating_mul(self.people());
        let (line, below) = match ratio {
            None => (whole, income.0 < whole),
            Some(ratio) => {
                let scaled = whole.saturating_mul(ratio.value);
                (scaled / 10_000, income.0.saturating_mul(10_000) < scaled)
            }
        };
        let compared = Compared {
            yours: income,
            people: self.answers.people,
            line: Fen(line),
            standard: standard.clone(),
            ratio: ratio.cloned(),
        };
        (below, compared)
    }

    fn temporary_aid(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::TemporaryAid);
        let spent = self.answers.spending.filter(|spent| spent.0 > 0);
        match (self.answers.sudden, spent) {
            (Some(YesNo::Yes), _) => finding.because(Reason::Sudden),
            (_, Some(spent)) => finding.maybe(Reason::HeavySpending(spent)),
            (None, None) => finding.maybe(Reason::Unanswered(Question::Sudden)),
            (Some(YesNo::No), None) if self.answers.spending.is_none() => {
                finding.maybe(Reason::Unanswered(Question::Spending));
            }
            (Some(YesNo::No), None) => finding.not_now(Reason::NothingSudden),
        }
        finding
    }

    fn dibao(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::Dibao);
        match self.answers.receives {
            Some(Receives::Dibao) => finding.not_now(Reason::Has),
            Some(Receives::Tekun) => finding.maybe(Reason::HasOther(Receives::Tekun)),
            Some(Receives::Nothing | Receives::Margin | Receives::Rigid) => {}
            None => finding.maybe(Reason::Unanswered(Question::Receives)),
        }
        let ratio = self.standard(StandardKey::MarginRatio);
        match (self.answers.income, self.standard(StandardKey::Dibao)) {
            (None, _) => finding.maybe(Reason::Unanswered(Question::Income)),
            (Some(_), None) => finding.maybe(Reason::StandardUnknown(StandardKey::Dibao)),
            (Some(income), Some(standard)) => {
                let (below, compared) = self.compared(income, standard, None);
                if below {
                    finding.estimate = Some(Fen(compared.line.0 - income.0));
                    finding.because(Reason::BelowDibao(compared));
                } else {
                    // Only of a household of 低保边缘.
                    let in_margin = ratio.is_none_or(|ratio| self.compared(income, standard, Some(ratio)).0);
                    match self.alone().filter(|_| in_margin) {
                        Some(Ok(())) => finding.maybe(Reason::SinglePerson),
                        Some(Err(open)) => finding.maybe(Reason::Unanswered(open)),
                        None => finding.not_now(Reason::NotBelowDibao(compared)),
                    }
                }
            }
        }
        self.assets(&mut finding);
        self.huji(&mut finding);
        finding
    }

    fn margin(&self, dibao: Standing) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::DibaoMargin);
        match self.answers.receives {
            Some(Receives::Margin) => finding.not_now(Reason::Has),
            Some(receives @ (Receives::Dibao | Receives::Tekun)) => {
                finding.not_now(Reason::BetterAlready(receives));
            }
            Some(Receives::Nothing | Receives::Rigid) => {}
            None => finding.maybe(Reason::Unanswered(Question::Receives)),
        }
        let lines = (self.standard(StandardKey::Dibao), self.standard(StandardKey::MarginRatio));
        match (self.answers.income, lines) {
            (None, _) => finding.maybe(Reason::Unanswered(Question::Income)),
            (Some(_), (None, _)) => finding.maybe(Reason::StandardUnknown(StandardKey::Dibao)),
            (Some(_), (Some(_), None)) => finding.maybe(Reason::StandardUnknown(StandardKey::MarginRatio)),
            (Some(income), (Some(standard), Some(ratio))) => {
                let (below_dibao, _) = self.compared(income, standard, None);
                let (below, compared) = self.compared(income, standard, Some(ratio));
                match (below_dibao, below) {
                    (true, _) if dibao == Standing::Likely => finding.not_now(Reason::DibaoFirst),
                    (_, true) => finding.because(Reason::BelowMargin(compared)),
                    (_, false) => finding.not_now(Reason::NotBelowMargin(compared)),
                }
            }
        }
        self.assets(&mut finding);
        self.huji(&mut finding);
        finding
    }

    /// ≥ 60; < 16; mind and soul 1–3, limbs 1–2, sight 1 (特困人员认定办法 5).
    fn can_not_work(&self) -> bool {
        use DisabilityGrade as Grade;
        use DisabilityKind as Kind;
        let by_disability = matches!(
            (self.answers.disability_kind, self.answers.disability),
            (Some(Kind::Intellectual | Kind::Mental), Some(Grade::One | Grade::Two | Grade::Three))
                | (Some(Kind::Limb), Some(Grade::One | Grade::Two))
                | (Some(Kind::Sight), Some(Grade::One))
        );
        let by_age = self.answers.oldest.is_some_and(|age| age >= OldestAge::From60);
        let child = matches!(self.answers.child, Some(ChildSituation::Orphan | ChildSituation::Unattended));
        by_disability || by_age || child
    }

    fn tekun(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::Tekun);
        if self.answers.receives == Some(Receives::Tekun) {
            finding.not_now(Reason::Has);
            return finding;
        }
        match self.answers.unsupported {
            Some(YesNo::No) => finding.not_now(Reason::Supported),
            None => finding.maybe(Reason::Unanswered(Question::Unsupported)),
            Some(YesNo::Yes) if self.can_not_work() => finding.because(Reason::Unsupported),
            Some(YesNo::Yes) => finding.maybe(Reason::WorkAbilityUnclear),
        }
        self.huji(&mut finding);
        finding.estimate = self.standard(StandardKey::Tekun).map(Standard::fen);
        finding
    }

    fn rigid_expenditure(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::RigidExpenditure);
        match self.answers.receives {
            Some(Receives::Rigid) => finding.not_now(Reason::Has),
            Some(receives @ (Receives::Dibao | Receives::Tekun | Receives::Margin)) => {
                finding.not_now(Reason::BetterAlready(receives));
            }
            Some(Receives::Nothing) => {}
            None => finding.maybe(Reason::Unanswered(Question::Receives)),
        }
        let spent = match self.answers.spending {
            None => {
                finding.maybe(Reason::Unanswered(Question::Spending));
                return finding;
            }
            Some(Fen(0)) => {
                finding.not_now(Reason::NoSpending);
                return finding;
            }
            Some(spent) => spent,
        };
        let Some(monthly) = self.answers.income else {
            finding.maybe(Reason::Unanswered(Question::Income));
            return finding;
        };
        let income = Fen(monthly.0.saturating_mul(12));
        match self.standard(StandardKey::DisposableIncome) {
            None => finding.maybe(Reason::StandardUnknown(StandardKey::DisposableIncome)),
            Some(average) => {
                let (below, compared) = self.compared(income, average, None);
                if !below {
                    finding.not_now(Reason::NotBelowAverage(compared));
                }
            }
        }
        match self.standard(StandardKey::RigidRatio) {
            None => finding.maybe(Reason::StandardUnknown(StandardKey::RigidRatio)),
            Some(ratio) => {
                let above = spent.0.saturating_mul(10_000) > income.0.saturating_mul(ratio.value);
                let ratio = ratio.clone();
                if above {
                    finding.because(Reason::AboveShare { spent, income, ratio });
                } else {
                    finding.not_now(Reason::NotAboveShare { spent, income, ratio });
                }
            }
        }
        self.assets(&mut finding);
        self.huji(&mut finding);
        finding
    }

    fn price_subsidy(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::PriceSubsidy);
        match self.answers.receives {
            Some(Receives::Dibao | Receives::Tekun) => finding.maybe(Reason::OnTheList),
            Some(Receives::Margin) => finding.maybe(Reason::HasOther(Receives::Margin)),
            Some(Receives::Rigid | Receives::Nothing) => finding.not_now(Reason::NotOnTheList),
            None => finding.maybe(Reason::Unanswered(Question::Receives)),
        }
        finding
    }

    fn disability_living(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::DisabilityLiving);
        match self.answers.disability {
            Some(DisabilityGrade::None) => finding.not_now(Reason::NotDisabled),
            Some(_) => {
                finding.maybe(Reason::Disabled);
                finding.estimate = self.standard(StandardKey::DisabilityLiving).map(Standard::fen);
            }
            None => finding.maybe(Reason::Unanswered(Question::Disability)),
        }
        finding
    }

    fn disability_care(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::DisabilityCare);
        match (self.answers.disability, self.answers.care) {
            (Some(DisabilityGrade::None), _) => finding.not_now(Reason::NotDisabled),
            (Some(DisabilityGrade::Three | DisabilityGrade::Four), _) => {
                finding.not_now(Reason::NotSeverelyDisabled);
            }
            (Some(_), Some(Care::Nobody)) => finding.not_now(Reason::NoCare),
            (Some(_), Some(_)) => {
                finding.maybe(Reason::SeverelyDisabled);
                finding.estimate = self.standard(StandardKey::DisabilityCare).map(Standard::fen);
            }
            (Some(_), None) => finding.maybe(Reason::Unanswered(Question::Care)),
            (None, _) => finding.maybe(Reason::Unanswered(Question::Disability)),
        }
        finding
    }

    fn zunlao(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::Zunlao);
        let Some(oldest) = self.answers.oldest else {
            finding.maybe(Reason::Unanswered(Question::Oldest));
            return finding;
        };
        let key = match oldest {
            OldestAge::Under60 | OldestAge::From60 | OldestAge::From70 => {
                finding.not_now(Reason::Under80);
                return finding;
            }
            OldestAge::From80 => StandardKey::Zunlao80,
            OldestAge::From90 => StandardKey::Zunlao90,
            OldestAge::From100 => StandardKey::Zunlao100,
        };
        finding.because(Reason::From80);
        finding.estimate = self.standard(key).map(Standard::fen);
        match self.answers.huji {
            // Where one must be registered is the place's rule, and none is published.
            Some(Huji::Elsewhere) => finding.maybe(Reason::HujiElsewhere),
            _ => self.huji(&mut finding),
        }
        finding
    }

    /// What is for everyone from 60 on whose street says so.
    fn for_elders(&self, item: ScreenedItem) -> Weighing {
        let mut finding = Weighing::of(item);
        match self.answers.oldest {
            Some(OldestAge::Under60) => finding.not_now(Reason::NotElder),
            Some(_) => finding.maybe(Reason::ElderInNeed),
            None => finding.maybe(Reason::Unanswered(Question::Oldest)),
        }
        finding
    }

    fn ability_assessment(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::AbilityAssessment);
        match self.answers.oldest {
            Some(OldestAge::Under60) => finding.not_now(Reason::NotElder),
            Some(OldestAge::From60) => finding.maybe(Reason::Elder),
            Some(_) => match self.answers.huji {
                Some(Huji::Here) => finding.because(Reason::From70),
                Some(_) => finding.maybe(Reason::Elder),
                None => finding.maybe(Reason::Unanswered(Question::Huji)),
            },
            None => finding.maybe(Reason::Unanswered(Question::Oldest)),
        }
        finding
    }

    fn home_care_bed(&self) -> Weighing {
        let mut finding = self.for_elders(ScreenedItem::HomeCareBed);
        if finding.standing() == Standing::Maybe {
            match self.answers.care {
                Some(Care::Elder) => {}
                Some(Care::Nobody | Care::Younger) => finding.not_now(Reason::NoCare),
                None => finding.maybe(Reason::Unanswered(Question::Care)),
            }
        }
        finding
    }

    fn orphan(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::Orphan);
        match self.answers.child {
            Some(ChildSituation::Orphan) => {
                finding.because(Reason::Orphan);
                finding.estimate = self.standard(StandardKey::Orphan).map(Standard::fen);
            }
            Some(_) => finding.not_now(Reason::NoSuchChild),
            None => finding.maybe(Reason::Unanswered(Question::Child)),
        }
        finding
    }

    fn unattended_child(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::UnattendedChild);
        match self.answers.child {
            Some(ChildSituation::Unattended) => {
                finding.because(Reason::Unattended);
                finding.estimate = self.standard(StandardKey::UnattendedChild).map(Standard::fen);
            }
            Some(_) => finding.not_now(Reason::NoSuchChild),
            None => finding.maybe(Reason::Unanswered(Question::Child)),
        }
        finding
    }

    fn child_in_difficulty(&self) -> Weighing {
        let mut finding = Weighing::of(ScreenedItem::ChildInDifficulty);
        match self.answers.child {
            Some(ChildSituation::Difficulty) => finding.because(Reason::ChildInDifficulty),
            Some(ChildSituation::Orphan) => finding.maybe(Reason::Orphan),
            Some(ChildSituation::Unattended) => finding.maybe(Reason::Unattended),
            Some(ChildSituation::None | ChildSituation::Cared) => finding.not_now(Reason::NoSuchChild),
            None => finding.maybe(Reason::Unanswered(Question::Child)),
        }
        finding
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::super::answers::ScreenerForm;
    use super::*;

    const DAY: Date = Date::constant(2026, 11, 26);

    fn line() -> Standards {
        let standard = |key, value| Standard {
            key,
            value,
            effective_from: Date::constant(2020, 7, 1),
            document: "示例".to_owned(),
            sample: true,
        };
        Standards::national().with([
            standard(StandardKey::Dibao, 101_000),
            standard(StandardKey::DisposableIncome, 6_000_000),
            standard(StandardKey::RigidRatio, 5_000),
        ])
    }

    fn standing(findings: &[Finding], item: ScreenedItem) -> Standing {
        findings.iter().find(|finding| finding.item == item).expect("each item has an answer").standing
    }

    prop_compose! {
        fn forms()(
            people in 1..=20_u8,
            income in select(vec!["", "0", "900", "1200", "2500", "9000", "100000000"]),
            spending in select(vec!["", "0", "500", "30000", "100000000"]),
            huji in select(vec!["", "here", "permit", "elsewhere"]),
            receives in select(vec!["", "nothing", "dibao", "tekun", "margin", "rigid"]),
            yes_no in prop::array::uniform4(select(vec!["", "yes", "no"])),
            oldest in select(vec!["", "under-60", "60", "70", "80", "90", "100"]),
            care in select(vec!["", "nobody", "elder", "younger"]),
            disability in select(vec!["", "none", "1", "2", "3", "4"]),
            disability_kind in select(vec!["", "sight", "limb", "intellectual", "mental", "multiple"]),
            child in select(vec!["", "none", "cared", "orphan", "unattended", "difficulty"]),
        ) -> ScreenerForm {
            let [sudden, assets, unsupported, illness] = yes_no.map(str::to_owned);
            ScreenerForm {
                people: people.to_string(),
                income: income.into(),
                spending: spending.into(),
                huji: huji.into(),
                receives: receives.into(),
                sudden,
                assets,
                unsupported,
                illness,
                oldest: oldest.into(),
                care: care.into(),
                disability: disability.into(),
                disability_kind: disability_kind.into(),
                child: child.into(),
            }
        }
    }

    fn judged(form: &ScreenerForm, standards: &Standards) -> Vec<Finding> {
        judge(&Answers::parse(form).expect("a form of ours"), standards, DAY)
    }

    proptest! {
        #[test]
        fn each_item_answers_once_and_says_why(form in forms(), known in any::<bool>()) {
            let standards = if known { line() } else { Standards::national() };
            let findings = judged(&form, &standards);
            let mut items: Vec<_> = findings.iter().map(|finding| finding.item).collect();
            items.sort_unstable();
            prop_assert_eq!(items, ScreenedItem::ALL);
            for finding in &findings {
                prop_assert!(!finding.reasons.is_empty(), "{finding:?}");
                let open = matches!(finding.reasons[0], Reason::Unanswered(_));
                prop_assert!(!open || finding.standing == Standing::Maybe, "{finding:?}");
                prop_assert!(finding.estimate.is_none_or(|sum| sum.0 > 0), "{finding:?}");
            }
        }

        /// CF #4124: "not eligible" shown before the question was answered.
        #[test]
        fn an_open_question_never_makes_a_no(form in forms(), which in 0..14_usize) {
            let mut open = form.clone();
            let fields = [
                &mut open.income, &mut open.spending, &mut open.huji, &mut open.receives, &mut open.sudden,
                &mut open.assets, &mut open.unsupported, &mut open.illness, &mut open.oldest, &mut open.care,
                &mut open.disability, &mut open.disability_kind, &mut open.child,
            ];
            if let Some(field) = fields.into_iter().nth(which) {
                field.clear();
            }
            let (told, asked) = (judged(&form, &line()), judged(&open, &line()));
            for item in ScreenedItem::ALL {
                if standing(&asked, *item) == Standing::NotNow {
                    prop_assert_eq!(standing(&told, *item), Standing::NotNow, "{:?}", item);
                }
            }
        }

        #[test]
        fn what_no_document_tells_never_makes_a_no_by_income(form in forms()) {
            let mut local = form;
            local.huji = "here".into();
            local.receives = "nothing".into();
            let findings = judged(&local, &Standards::national());
            prop_assert_ne!(standing(&findings, ScreenedItem::Dibao), Standing::NotNow);
            prop_assert_ne!(standing(&findings, ScreenedItem::DibaoMargin), Standing::NotNow);
        }
    }

    #[test]
    fn temporary_aid_from_a_person_without_local_huji_is_accepted() {
        // 社会救助法 37: where the emergency happens.
        for huji in Huji::ALL {
            let form = ScreenerForm {
                people: "1".into(),
                huji: huji.as_str().into(),
                sudden: "yes".into(),
                ..Default::default()
            };
            let findings = judged(&form, &Standards::national());
            assert_eq!(standing(&findings, ScreenedItem::TemporaryAid), Standing::Likely);
        }
    }

    #[test]
    fn the_question_named_is_the_one_left_open() {
        let form = ScreenerForm {
            people: "1".into(),
            income: "1200".into(),
            huji: "here".into(),
            receives: "nothing".into(),
            assets: "no".into(),
            illness: "no".into(),
            disability: "3".into(),
            ..Default::default()
        };
        let findings = judged(&form, &line());
        let dibao = findings.iter().find(|finding| finding.item == ScreenedItem::Dibao);
        let open = dibao.map(|finding| finding.reasons.as_slice());
        assert_eq!(open, Some([Reason::Unanswered(Question::DisabilityKind)].as_slice()));
    }

    #[test]
    fn nobody_is_told_a_no_by_a_rule_of_the_place_that_is_not_published() {
        let form = ScreenerForm {
            people: "1".into(),
            huji: "elsewhere".into(),
            oldest: "80".into(),
            ..Default::default()
        };
        assert_eq!(standing(&judged(&form, &line()), ScreenedItem::Zunlao), Standing::Maybe);
    }

    #[test]
    fn old_age_allowance_never_disqualifies_tekun() {
        // 特困人员认定办法 6: 高龄津贴 is no means of living.
        let form = ScreenerForm {
            people: "1".into(),
            huji: "here".into(),
            receives: "nothing".into(),
            unsupported: "yes".into(),
            oldest: "90".into(),
            ..Default::default()
        };
        let findings = judged(&form, &line());
        assert_eq!(standing(&findings, ScreenedItem::Zunlao), Standing::Likely);
        assert_eq!(standing(&findings, ScreenedItem::Tekun), Standing::Likely);
    }
}
