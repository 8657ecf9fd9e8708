//! A marriage registration office: what is known of it, and whether its clerks work in this system.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Matter, Province};
use crate::domain::normalise;
use crate::slugs;

/// Whether a booking made here reaches the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfficeMode {
    /// Its clerks work in this system.
    Here,
    /// It knows nothing of this system: facts and a preparation sheet, never a booking.
    Elsewhere,
}

slugs!(OfficeMode { Here = "here", Elsewhere = "elsewhere" });

/// An office as it stands from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// The code in addresses and in clerks' posts, such as `xinwu`.
    pub code: String,
    /// The name over its door.
    pub name: String,
    /// Where it lies.
    pub province: &'static Province,
    /// The city, or the province's own name in a city of that rank.
    pub city: String,
    /// The district or county; may be empty.
    pub district: String,
    /// Street and number.
    pub address: String,
    /// Floor and room.
    pub floor: String,
    /// When it takes matters.
    pub hours: String,
    /// When it does in summer, with the dates; empty where it is the same or not known.
    pub summer_hours: String,
    /// What it takes.
    pub matters: Vec<Matter>,
    /// It takes people from Hong Kong, Macao, Taiwan, overseas Chinese and foreigners too.
    pub foreign_related: bool,
    /// How to get there.
    pub transit: String,
    /// Lift, ramp, accessible room; empty where not known.
    pub accessible: String,
    /// Its telephone.
    pub phone: String,
    /// Its own booking address; may be empty.
    pub booking_url: String,
    /// The mode.
    pub mode: OfficeMode,
    /// From which day on this is so.
    pub effective_from: Date,
    /// Who says so.
    pub source: String,
    /// Made up for the demo.
    pub sample: bool,
}

impl Office {
    /// Whether it takes a matter; who takes the first visit of a divorce takes the second.
    pub fn takes(&self, matter: Matter) -> bool {
        self.matters.contains(&matter.base())
    }

    /// What can have times of its own here: its matters, and the second visit beside the first.
    pub fn bookable(&self) -> Vec<Matter> {
        Matter::ALL.iter().copied().filter(|matter| self.takes(*matter)).collect()
    }
}

/// The search for an office, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OfficeSearch {
    /// Two digits; empty for all.
    pub province: String,
    /// Part of the name of a city, a district or an office; empty for all.
    pub city: String,
    /// Slug of a [`Matter`]; empty for all.
    pub matter: String,
    /// `yes` for offices that take people who are not mainland residents.
    pub foreign: String,
}

impl OfficeSearch {
    /// Whether the office is one that is looked for.
    pub fn finds(&self, office: &Office) -> bool {
        let place = normalise::single_line(&self.city);
        let within = |text: &str| text.contains(&place);
        (self.province.is_empty() || self.province == office.province.code)
            && (place.is_empty()
                || [&office.city, &office.district, &office.name].into_iter().any(|text| within(text)))
            && Matter::parse_choice(&self.matter).is_none_or(|matter| office.matters.contains(&matter))
            && (self.foreign != "yes" || office.foreign_related)
    }
}
