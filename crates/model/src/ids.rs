//! Index types: which row of which table, so that one table's number cannot index another.

use std::fmt;
use std::num::{NonZeroU16, NonZeroU32};

/// Declares index newtypes: the row number plus one in so many bits, so that an optional index is no larger than an index.
macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident: $number:ty as $bits:ty;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($number);

        impl $name {
            /// The largest number of rows a table may have to be referred to by this index.
            pub const LIMIT: usize = <$bits>::MAX as usize;

            /// Wraps a row number.
            ///
            /// # Panics
            ///
            /// Panics if the row number is not below [`LIMIT`](Self::LIMIT).
            pub const fn new(row: usize) -> Self {
                assert!(row < Self::LIMIT, "a row number is below the limit of its table");
                match <$number>::new(row as $bits + 1) {
                    Some(number) => Self(number),
                    None => unreachable!(),
                }
            }

            /// Returns the row number.
            pub const fn get(self) -> usize {
                self.0.get() as usize - 1
            }
        }

        impl From<$name> for u32 {
            fn from(index: $name) -> u32 {
                u32::from(index.0.get()) - 1
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.get())
            }
        }
    )*};
}

index_types! {
    /// A row of [`Season::applicants`](crate::Season::applicants), which are sorted by id.
    ApplicantIx: NonZeroU32 as u32;
    /// A row of [`Season::jobs`](crate::Season::jobs), which are sorted by id.
    JobIx: NonZeroU32 as u32;
    /// A row of [`Settings::districts`](crate::Settings::districts).
    DistrictIx: NonZeroU16 as u16;
    /// A row of [`Settings::departments`](crate::Settings::departments).
    DepartmentIx: NonZeroU32 as u32;
    /// A row of [`Settings::classes`](crate::Settings::classes): lower comes first.
    ClassIx: NonZeroU32 as u32;
    /// A row of [`Settings::areas`](crate::Settings::areas).
    AreaIx: NonZeroU16 as u16;
    /// A row of [`Settings::periods`](crate::Settings::periods).
    PeriodIx: NonZeroU32 as u32;
    /// A row of [`Settings::qualifications`](crate::Settings::qualifications).
    QualificationIx: NonZeroU32 as u32;
    /// A row of [`Settings::streams`](crate::Settings::streams): lower is served first.
    StreamIx: NonZeroU32 as u32;
}
