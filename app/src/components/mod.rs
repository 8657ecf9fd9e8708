//! The design system: plain components that render on the server, and nothing of the domain in them.
//!
//! Each component has its style in `style/components/` under the same name, and every one of them stands in all its
//! states on the kit page (`/_kit`, demo profile only). They take strings. What a string means is the caller's affair.

pub mod answers;
pub mod banner;
pub mod button;
pub mod card;
pub mod check_result;
pub mod choice;
pub mod doors;
pub mod empty;
pub mod error_summary;
pub mod facts;
pub mod field;
pub mod figure;
pub mod file_field;
pub mod hint;
pub mod icon;
pub mod layout;
pub mod link_list;
pub mod photos;
pub mod qr_card;
pub mod select;
pub mod skeleton;
pub mod staff_layout;
pub mod steps;
pub mod tag;
pub mod text_area;
pub mod timeline;
pub mod words;

pub use answers::{Answer, Answers};
pub use banner::Banner;
pub use button::{Actions, Button, ButtonLink};
pub use card::Card;
pub use check_result::CheckResult;
pub use choice::{Checkbox, Choice, Radios};
pub use doors::{Door, Doors};
pub use empty::Empty;
pub use error_summary::ErrorSummary;
pub use facts::{Fact, Facts};
pub use field::Field;
pub use figure::Figure;
pub use file_field::FileField;
pub use hint::Hint;
pub use icon::Icon;
pub use layout::{HomeLayout, Layout};
pub use link_list::{LinkItem, LinkList};
pub use photos::{Photo, PhotoButton, Photos};
pub use qr_card::QrCard;
pub use select::{OptionGroup, Select};
pub use skeleton::Skeleton;
pub use staff_layout::{StaffDoor, StaffLayout};
pub use steps::Steps;
pub use tag::Tag;
pub use text_area::TextArea;
pub use timeline::{Timeline, TimelineEntry};
pub use words::Words;
