//! Index types: which row of which table, so that one table's number cannot index another.

/// Declares index newtypes over `u32`.
macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u32);

        impl $name {
            /// Wraps a row number.
            pub const fn new(row: usize) -> Self {
                debug_assert!(row <= u32::MAX as usize);
                Self(row as u32)
            }

            /// Returns the row number.
            pub const fn get(self) -> usize {
                self.0 as usize
            }
        }

        impl From<$name> for u32 {
            fn from(index: $name) -> u32 {
                index.0
            }
        }
    )*};
}

index_types! {
    /// A row of [`Season::applicants`](crate::Season::applicants), which are sorted by id.
    ApplicantIx;
    /// A row of [`Season::jobs`](crate::Season::jobs), which are sorted by id.
    JobIx;
    /// A row of [`Settings::districts`](crate::Settings::districts).
    DistrictIx;
    /// A row of [`Settings::departments`](crate::Settings::departments).
    DepartmentIx;
    /// A row of [`Settings::classes`](crate::Settings::classes): lower comes first.
    ClassIx;
    /// A row of [`Settings::areas`](crate::Settings::areas).
    AreaIx;
    /// A row of [`Settings::periods`](crate::Settings::periods).
    PeriodIx;
    /// A row of [`Settings::qualifications`](crate::Settings::qualifications).
    QualificationIx;
    /// A row of [`Settings::streams`](crate::Settings::streams): lower is served first.
    StreamIx;
}
