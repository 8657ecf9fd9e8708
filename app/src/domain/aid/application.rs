//! The whole application: what is typed so far, and what it becomes when all of it is right.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::consent::signatories;
use super::{
    Address, AddressForm, Applicant, ApplicantForm, Asks, AuthorisationForm, BankAccountForm, CheckConsent,
    EmergencyPlace, Finances, FinancesForm, HouseholdMember, MAX_MEMBERS, MemberForm, NoticeForm,
    PayoutAccount, Place, PledgeForm, Residence, Signatory, Situation, SituationForm, Step,
};
use crate::domain::form::{FormErrors, Rule};
use crate::domain::money::Fen;
use crate::domain::name::PersonName;
use crate::masked_debug;

/// What has been typed so far, right or wrong. `None` is a page that was never sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// What the item asks for: other pages are not there.
    pub asks: Asks,
    /// Page 1.
    pub applicant: Option<ApplicantForm>,
    /// Page 2.
    pub address: Option<AddressForm>,
    /// Page 3: whether the list was said to be complete.
    pub household_told: bool,
    /// Page 3: the members, by id, in the order of entry. Each was right on the day it was kept.
    pub members: Vec<(String, MemberForm)>,
    /// Page 4.
    pub finances: Option<FinancesForm>,
    /// Page 5.
    pub situation: Option<SituationForm>,
    /// Page 6.
    pub bank_account: Option<BankAccountForm>,
    /// Page 7.
    pub notice: Option<NoticeForm>,
    /// Page 8.
    pub authorisation: Option<AuthorisationForm>,
    /// Page 9.
    pub pledge: Option<PledgeForm>,
}

masked_debug!(Draft, Application, ApplicationRecord, MemberRecord);

/// What keeps a draft from being sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftErrors {
    /// Pages that were never sent, in page order.
    pub missing: Vec<Step>,
    /// Pages with errors; a member's id stands with the household's.
    pub wrong: Vec<(Step, Option<String>, FormErrors)>,
}

impl DraftErrors {
    /// True when the draft can be sent.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.wrong.is_empty()
    }

    /// Whether a page is missing or wrong.
    pub fn concerns(&self, step: Step) -> bool {
        self.missing.contains(&step) || self.wrong.iter().any(|(s, _, _)| *s == step)
    }
}

/// An application whose every answer was checked.
#[derive(Clone)]
pub struct Application {
    /// Who applies.
    pub applicant: Applicant,
    /// Where, and so which street receives it.
    pub address: Address,
    /// Who lives with them.
    pub members: Vec<HouseholdMember>,
    /// Income and spending, where the item looks at the household.
    pub finances: Option<Finances>,
    /// What happened.
    pub situation: Situation,
    /// Where the money may go, if told already.
    pub account: Option<PayoutAccount>,
    /// Whether other offers may be suggested from these answers (separate consent).
    pub suggests: bool,
    /// Each adult's answer to the data check.
    pub consents: Vec<CheckConsent>,
}

impl Draft {
    /// Who is asked to agree to the data check: the applicant and the adult members whose pages are right. Nobody, where the item
    /// looks at the person alone.
    pub fn signatories(&self, today: Date) -> Vec<Signatory> {
        if !self.asks.household {
            return Vec::new();
        }
        let applicant = self.applicant.as_ref().and_then(|form| PersonName::parse(&form.name).ok());
        let members: Vec<_> = self
            .members
            .iter()
            .filter_map(|(id, form)| HouseholdMember::parse(id, form, today).ok())
            .collect();
        applicant.map(|name| signatories(&name, &members, today)).unwrap_or_default()
    }

    /// Checks all pages on the day `today` (Asia/Shanghai).
    ///
    /// # Errors
    /// Every page that is missing or wrong.
    pub fn parse(&self, today: Date) -> Result<Application, DraftErrors> {
        let mut errors = DraftErrors::default();
        let applicant =
            errors.page(Step::Applicant, self.applicant.as_ref(), |form| self.asks.applicant(form, today));
        let address = errors.page(Step::Address, self.address.as_ref(), Address::parse);
        let members = self.parse_members(&mut errors, applicant.as_ref(), today);
        let finances = if self.asks.household {
            errors.page(Step::Finances, self.finances.as_ref(), Finances::parse).map(Some)
        } else {
            Some(None)
        };
        let situation = errors.page(Step::Situation, self.situation.as_ref(), Situation::parse);
        let account = if self.asks.account {
            errors.page(Step::BankAccount, self.bank_account.as_ref(), |form| {
                PayoutAccount::parse(form, applicant.as_ref().map(|a| &a.name))
            })
        } else {
            Some(None)
        };
        let suggests = errors.page(Step::Notice, self.notice.as_ref(), |form| Ok(form.suggests()));
        let signatories = self.signatories(today);
        let consents = if self.asks.household {
            errors.page(Step::Authorisation, self.authorisation.as_ref(), |form| {
                CheckConsent::parse(form, &signatories)
            })
        } else {
            Some(Vec::new())
        };
        let pledge = errors.page(Step::Pledge, self.pledge.as_ref(), PledgeForm::parse);
        match (applicant, address, finances, situation, account, suggests, consents, pledge) {
            (
                Some(applicant),
                Some(address),
                Some(finances),
                Some(situation),
                Some(account),
                Some(suggests),
                Some(consents),
                Some(()),
            ) if errors.is_empty() => Ok(Application {
                applicant,
                address,
                members,
                finances,
                situation,
                account,
                suggests,
                consents,
            }),
            _ => Err(errors),
        }
    }

    fn parse_members(
        &self,
        errors: &mut DraftErrors,
        applicant: Option<&Applicant>,
        today: Date,
    ) -> Vec<HouseholdMember> {
        if !self.asks.household {
            return Vec::new();
        }
        if !self.household_told {
            errors.missing.push(Step::Household);
        }
        let mut members: Vec<HouseholdMember> = Vec::new();
        for (position, (id, form)) in self.members.iter().enumerate() {
            let parsed = HouseholdMember::parse(id, form, today).and_then(|member| {
                let key = member.document.index_key();
                let known = members.iter().map(|m| m.document.index_key());
                let twice = known.chain(applicant.map(|a| a.document.index_key())).any(|k| k == key);
                let mut refused = FormErrors::default();
                if twice {
                    refused.add("document_number", Rule::MemberTwice);
                }
                if position >= MAX_MEMBERS {
                    refused.add("name", Rule::TooManyMembers);
                }
                if refused.is_empty() { Ok(member) } else { Err(refused) }
            });
            match parsed {
                Ok(member) => members.push(member),
                Err(wrong) => errors.wrong.push((Step::Household, Some(id.clone()), wrong)),
            }
        }
        members
    }

    /// The errors of one member beside those of the other members: the same document twice.
    ///
    /// # Errors
    /// All fields that are wrong, in page order.
    pub fn check_member(&self, id: &str, form: &MemberForm, today: Date) -> Result<(), FormErrors> {
        let mut with = self.clone();
        with.household_told = true;
        match with.members.iter_mut().find(|(known, _)| known == id) {
            Some((_, known)) => *known = form.clone(),
            None => with.members.push((id.to_owned(), form.clone())),
        }
        let wrong = with.parse(today).err().unwrap_or_default().wrong;
        match wrong.into_iter().find(|(_, member, _)| member.as_deref() == Some(id)) {
            Some((_, _, errors)) => Err(errors),
            None => Ok(()),
        }
    }
}

impl DraftErrors {
    fn page<F, T>(
        &mut self,
        step: Step,
        form: Option<&F>,
        parse: impl FnOnce(&F) -> Result<T, FormErrors>,
    ) -> Option<T> {
        match form.map(parse) {
            None => {
                self.missing.push(step);
                None
            }
            Some(Ok(good)) => Some(good),
            Some(Err(errors)) => {
                self.wrong.push((step, None, errors));
                None
            }
        }
    }
}

/// The part of an application that is kept as one sealed text: everything that has no column of its own.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationRecord {
    /// Slug of the document's kind.
    pub document_kind: String,
    /// Where the applicant lives: codes where it is in the district, and the address as written.
    pub residence: PlaceRecord,
    /// Where it happened, when not at home.
    pub emergency: Option<PlaceRecord>,
    /// Income and spending.
    pub finances: Option<Finances>,
    /// The amount asked for.
    pub amount: Option<Fen>,
    /// Whose account, which bank and why another's.
    pub account: Option<AccountRecord>,
    /// The separate consent.
    pub suggests: bool,
}

/// A place as kept.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRecord {
    /// Street code; empty outside the district.
    pub street: String,
    /// Community code, if known.
    pub community: Option<String>,
    /// The rest of the address.
    pub detail: String,
}

/// An account as kept; its number has a column of its own.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRecord {
    /// Whose account.
    pub holder: String,
    /// Which bank.
    pub bank: String,
    /// Why another's.
    pub reason: String,
}

masked_debug!(PlaceRecord, AccountRecord);

/// A household member as kept, sealed as one text.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberRecord {
    /// Name on the document.
    pub name: String,
    /// Slug of the relation.
    pub relation: String,
    /// Slug of the document's kind.
    pub document_kind: String,
    /// The document's number.
    pub document_number: String,
    /// Birth date, ISO 8601.
    pub birth_date: String,
}

impl From<&Place> for PlaceRecord {
    fn from(place: &Place) -> Self {
        Self {
            street: place.street.code.into(),
            community: place.community.map(|c| c.code.into()),
            detail: place.detail.clone(),
        }
    }
}

impl From<&Application> for ApplicationRecord {
    fn from(application: &Application) -> Self {
        Self {
            document_kind: application.applicant.document.kind().as_str().into(),
            residence: match &application.address.residence {
                Residence::Here(place) => place.into(),
                Residence::Outside(detail) => PlaceRecord { detail: detail.clone(), ..Default::default() },
            },
            emergency: match &application.address.emergency {
                EmergencyPlace::Home => None,
                EmergencyPlace::District(place) => Some(place.into()),
            },
            finances: application.finances,
            amount: application.situation.amount,
            account: application.account.as_ref().map(|a| AccountRecord {
                holder: a.holder.as_str().into(),
                bank: a.bank.clone(),
                reason: a.reason.clone(),
            }),
            suggests: application.suggests,
        }
    }
}

impl From<&HouseholdMember> for MemberRecord {
    fn from(member: &HouseholdMember) -> Self {
        Self {
            name: member.name.as_str().into(),
            relation: member.relation.as_str().into(),
            document_kind: member.document.kind().as_str().into(),
            document_number: member.document.number().into(),
            birth_date: member.birth_date.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{APPLICANT_ID, ConsentWay};
    use super::*;
    use jiff::civil::date;

    fn complete() -> Draft {
        Draft {
            asks: Asks::default(),
            applicant: Some(ApplicantForm {
                name: "王小明".into(),
                document_kind: "citizen_id".into(),
                document_number: "320205199912319937".into(),
                mobile: "13900000000".into(),
            }),
            address: Some(AddressForm {
                street: "320214050".into(),
                community: "unknown".into(),
                detail: "新光路 1 号".into(),
                emergency_place: "home".into(),
                ..Default::default()
            }),
            household_told: true,
            members: vec![
                ("aaaaaaaa".into(), member("王老太", "320222194503129909", "parent")),
                ("bbbbbbbb".into(), member("王小宝", "320214201602299914", "child")),
            ],
            finances: Some(FinancesForm { monthly_income: "0".into(), ..Default::default() }),
            situation: Some(SituationForm {
                kind: "emergency".into(),
                story: "家里失火，没有地方住".into(),
                amount: "3000".into(),
                urgency: "today".into(),
            }),
            bank_account: Some(BankAccountForm::default()),
            notice: Some(NoticeForm::default()),
            authorisation: Some(AuthorisationForm {
                ways: [(APPLICANT_ID.to_owned(), "this-phone".to_owned())].into(),
            }),
            pledge: Some(PledgeForm { agreed: "yes".into() }),
        }
    }

    fn member(name: &str, number: &str, relation: &str) -> MemberForm {
        MemberForm {
            name: name.into(),
            relation: relation.into(),
            document_kind: "citizen_id".into(),
            document_number: number.into(),
            birth_date: String::new(),
        }
    }

    #[test]
    fn an_item_that_looks_at_the_person_alone_wants_no_page_about_the_family() {
        let today = date(2026, 11, 23);
        let mut draft = Draft {
            asks: Asks { household: false, ..Asks::default() },
            household_told: false,
            finances: None,
            authorisation: None,
            ..complete()
        };
        let application = draft.parse(today).expect("six pages are enough");
        assert!(application.members.is_empty() && application.consents.is_empty());
        assert_eq!(application.finances.map(|_| ()), None);
        draft.asks = Asks::default();
        let missing = draft.parse(today).map(|_| ()).expect_err("three pages are missing").missing;
        assert_eq!(missing, [Step::Household, Step::Finances, Step::Authorisation]);
    }

    #[test]
    fn an_item_that_gives_no_money_asks_for_no_account_and_keeps_none() {
        let today = date(2026, 11, 23);
        let account =
            Some(BankAccountForm { holder: "王小明".into(), number: "x".into(), ..Default::default() });
        let mut draft =
            Draft { asks: Asks { account: false, ..Asks::default() }, bank_account: account, ..complete() };
        assert!(draft.parse(today).expect("the account is not looked at").account.is_none());
        draft.bank_account = None;
        assert!(draft.parse(today).is_ok());
        draft.asks = Asks::default();
        let missing = draft.parse(today).map(|_| ()).expect_err("a page is missing").missing;
        assert_eq!(missing, [Step::BankAccount]);
    }

    #[test]
    fn an_item_for_children_takes_nobody_who_is_18_on_that_day() {
        let draft = Draft { asks: Asks { child: true, household: false, ..Asks::default() }, ..complete() };
        // Born on 31 December 1999.
        assert!(draft.parse(date(2017, 12, 30)).is_ok());
        let wrong = draft.parse(date(2017, 12, 31)).map(|_| ()).expect_err("18 today").wrong;
        let (step, _, errors) = &wrong[0];
        assert_eq!(
            (*step, errors.of("document_number")),
            (Step::Applicant, Some(&Rule::OnlyForChildren.into()))
        );
    }

    #[test]
    fn each_adult_is_asked_for_the_check_and_a_missing_answer_does_not_stop_receipt() {
        let consents = complete().parse(date(2026, 11, 23)).map(|a| a.consents);
        let expected = [(APPLICANT_ID, ConsentWay::ThisPhone), ("aaaaaaaa", ConsentWay::Later)]
            .map(|(id, way)| CheckConsent { signatory: id.into(), way });
        assert_eq!(consents, Ok(expected.to_vec()));
    }

    #[test]
    fn an_empty_draft_names_every_page() {
        let errors = Draft::default().parse(date(2026, 11, 23)).err().map(|e| e.missing);
        let mut missing = Step::ALL.to_vec();
        missing.sort();
        assert_eq!(
            errors.map(|mut m| {
                m.sort();
                m
            }),
            Some(missing)
        );
    }

    #[test]
    fn the_same_document_twice_in_one_household_is_told_beside_the_second() {
        let mut draft = complete();
        draft.members.push(("cccccccc".into(), member("王小明", "320205199912319937", "other")));
        let wrong = draft.parse(date(2026, 11, 23)).err().map(|e| e.wrong).unwrap_or_default();
        let rule = Rule::MemberTwice.into();
        assert!(
            matches!(&wrong[..], [(Step::Household, Some(id), e)] if id == "cccccccc" && e.of("document_number") == Some(&rule))
        );
        let again = member("王老太", "320222194503129909", "parent");
        assert_eq!(complete().check_member("aaaaaaaa", &again, date(2026, 11, 23)), Ok(()));
        assert!(complete().check_member("dddddddd", &again, date(2026, 11, 23)).is_err());
    }

    #[test]
    fn a_pledge_that_was_not_made_keeps_the_application_back() {
        let mut draft = complete();
        draft.pledge = Some(PledgeForm::default());
        assert!(draft.parse(date(2026, 11, 23)).err().is_some_and(|e| e.concerns(Step::Pledge)));
    }
}
