//! What a letter is for.

/// What a letter is for. The name is the first part of its templates' file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A place is offered.
    Offer,
    /// The offer has not been answered yet.
    Reminder,
    /// The contract for an accepted place, to be signed.
    Contract,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Offer, Self::Reminder, Self::Contract];

    /// Returns the name, as files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Reminder => "reminder",
            Self::Contract => "contract",
        }
    }
}
