//! What many types of both crates are given alike.

/// Writes a `Debug` that shows no answer: these structs hold personal data as typed.
#[macro_export]
macro_rules! masked_debug {
    ($($name:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )+};
}

/// Gives an enum its slugs: one name per value, the same in form, table and address.
#[macro_export]
macro_rules! slugs {
    ($name:ident { $($variant:ident = $slug:literal),+ $(,)? }) => {
        impl $name {
            /// Every value, in page order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The value's name in forms, tables and addresses.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $slug),+ }
            }

            /// The value of that name, if there is one.
            pub fn parse(slug: &str) -> Option<Self> {
                match slug { $($slug => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
