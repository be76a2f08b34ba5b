//! What came out of a study's seasons, or of those of some shards.

use std::collections::{BTreeMap, BTreeSet};

use feriematch_model::Mechanism;
use serde::{Deserialize, Serialize};

use super::{Assumptions, Dimension, Figure, FigureKey, Shard};
use crate::{Distribution, Moments};

/// The format of a part. One is added whenever a part of before can no longer be merged with one of after.
const FORMAT: u32 = 1;

/// What came out of a study's seasons, or of those of some shards.
///
/// All in it are whole numbers and texts, so that parts made on different machines [merge](Self::merge) to the bytes of a study that was played in
/// one piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudyPart {
    format: u32,
    /// The program that played it: another may match otherwise.
    program: String,
    /// The hash of everything that decides what comes out, in hexadecimal.
    pub study: String,
    /// The seed; that of a season is this text and its number.
    pub seed: String,
    /// How many seasons the study has.
    pub seasons: u32,
    /// Which shards are in.
    shards: BTreeSet<Shard>,
    /// The cells, the first being the one that others are compared with.
    pub cells: Vec<CellTotals>,
}

/// What came out of a cell's seasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellTotals {
    /// The cell's name.
    pub name: String,
    /// What was played.
    pub facts: CellFacts,
    /// How many seasons were played.
    pub seasons: u32,
    /// What came out, by figure.
    figures: BTreeMap<FigureKey, Distribution>,
    /// By how much that is more than in the first cell, season by season; nothing for the first cell.
    differences: BTreeMap<FigureKey, Distribution>,
    /// How many were hired, by blocks of seasons: those after the last block, up to a number.
    convergence: BTreeMap<u32, Moments>,
}

/// What was played: as much as it takes to read the figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellFacts {
    /// The season's name.
    pub season: String,
    /// How places are assigned.
    pub mechanism: Mechanism,
    /// How many applicants are in the files.
    pub applicants: u32,
    /// How many places there are.
    pub places: u32,
    /// What is assumed.
    pub assumptions: Assumptions,
    /// Everything that figures are counted of, in the order in which tables show it.
    pub parts: Vec<PartOfSeason>,
}

/// Something that figures are counted of: some applicants, an employer, a work area, a payer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOfSeason {
    /// What it is a part by.
    #[serde(with = "dimension")]
    pub dimension: Dimension,
    /// Its id.
    pub id: Box<str>,
    /// Its name.
    pub name: Box<str>,
    /// How many applicants of the files are in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicants: Option<u32>,
    /// Whether somebody among them has a protected identity.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_protected: bool,
    /// How many places there are in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<u32>,
    /// Its budget, in öre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget_ore: Option<i64>,
}

/// How far the mean number of those hired was known after some of the seasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Convergence {
    /// The first so many seasons.
    pub seasons: u32,
    /// The mean, in hundredths.
    pub mean: i64,
    /// Half its 95 % interval, in hundredths.
    pub half_width: u64,
}

/// Why parts do not make a study.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("there is no part to merge")]
    Nothing,
    /// A part has a format that this version does not read.
    #[error("part {part} has format {found}, and this version reads {FORMAT}")]
    Format {
        /// The part, from 1.
        part: usize,
        /// Its format.
        found: u32,
    },
    /// A part is of another study.
    #[error("part {part} is of another study than the first: {what}")]
    AnotherStudy {
        /// The part, from 1.
        part: usize,
        /// What is different.
        what: AnotherStudy,
    },
    /// A study was split in two ways.
    #[error("part {part} is one of {found}, and the first is one of {of}")]
    AnotherSplit {
        /// The part, from 1.
        part: usize,
        /// How many parts it is one of.
        found: u32,
        /// How many the first is one of.
        of: u32,
    },
    /// Seasons are there twice.
    #[error("part {part} has the seasons of {shard}, which an earlier one has, too")]
    Overlap {
        /// The part, from 1.
        part: usize,
        /// The seasons.
        shard: Shard,
    },
    /// A part's figures are not those of the study that it says it is of.
    #[error("part {part} was changed: its figures are not those of so many seasons")]
    Changed {
        /// The part, from 1.
        part: usize,
    },
}

/// What two studies differ in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnotherStudy {
    /// The program.
    #[error("another version of the program played it")]
    Program,
    /// The seed.
    #[error("its seed is another")]
    Seed,
    /// The number of seasons.
    #[error("it has another number of seasons")]
    Seasons,
    /// The files, the assumptions or the cells.
    #[error("the files, the mechanism, the assumptions or what is compared are others")]
    Content,
}

impl StudyPart {
    /// Returns a part without seasons.
    pub(super) fn new(study: String, seed: String, seasons: u32, shard: Shard, cells: Vec<CellTotals>) -> Self {
        let program = env!("CARGO_PKG_VERSION").to_owned();
        Self { format: FORMAT, program, study, seed, seasons, shards: BTreeSet::from([shard]), cells }
    }

    /// Puts parts of a study together, in any order. Shards may be [missing](Self::missing).
    ///
    /// # Errors
    ///
    /// Says which part is of another study, was split in another way, has seasons that an earlier one has, or was changed.
    pub fn merge(parts: Vec<Self>) -> Result<Self, MergeError> {
        let mut numbered = (1..).zip(parts);
        let (_, mut merged) = numbered.next().ok_or(MergeError::Nothing)?;
        merged.check(1)?;
        for (part, other) in numbered {
            other.check(part)?;
            merged.add(part, other)?;
        }
        if merged.missing().is_empty() {
            merged.shards = BTreeSet::from([Shard::WHOLE]);
        }
        Ok(merged)
    }

    /// Puts studies side by side that were played with the same seed and compare with the same first cell: the cells of all, the first once.
    ///
    /// # Errors
    ///
    /// Says which part is of other seasons, or compares with something else.
    pub fn side_by_side(parts: Vec<Self>) -> Result<Self, MergeError> {
        let study = hash_side_by_side(parts.iter().map(|part| &*part.study));
        let mut numbered = (1..).zip(parts);
        let (_, mut all) = numbered.next().ok_or(MergeError::Nothing)?;
        for (part, other) in numbered {
            let what = match () {
                () if other.program != all.program => Some(AnotherStudy::Program),
                () if other.seed != all.seed => Some(AnotherStudy::Seed),
                () if (other.seasons, &other.shards) != (all.seasons, &all.shards) => Some(AnotherStudy::Seasons),
                () if other.cells.first() != all.cells.first() => Some(AnotherStudy::Content),
                () => None,
            };
            if let Some(what) = what {
                return Err(MergeError::AnotherStudy { part, what });
            }
            all.cells.extend(other.cells.into_iter().skip(1));
        }
        Ok(Self { study, ..all })
    }

    /// Returns the shards that are not in.
    pub fn missing(&self) -> Vec<Shard> {
        let of = self.shards.first().map(|shard| shard.of());
        of.map(|of| Shard::all(of).filter(|shard| !self.shards.contains(shard)).collect()).unwrap_or_default()
    }

    /// Returns the shards that are in.
    pub fn shards(&self) -> impl Iterator<Item = Shard> {
        self.shards.iter().copied()
    }

    /// Returns how many seasons were played.
    pub fn played(&self) -> u32 {
        self.shards.iter().map(|shard| shard.len(self.seasons)).sum()
    }

    /// Checks what a file may have that was changed by hand.
    fn check(&self, part: usize) -> Result<(), MergeError> {
        if self.format != FORMAT {
            return Err(MergeError::Format { part, found: self.format });
        }
        let of = self.shards.first().map(|shard| shard.of());
        let fits = |distribution: &Distribution| {
            let counted: u64 = distribution.counts().map(|(_, count)| u64::from(count)).sum();
            distribution.len() == self.played() && counted == u64::from(self.played())
        };
        let is_whole =
            |cell: &CellTotals| cell.seasons == self.played() && cell.figures.values().chain(cell.differences.values()).all(fits);
        let is_sound = of.is_some_and(|of| self.shards.iter().all(|shard| shard.of() == of)) && self.cells.iter().all(is_whole);
        if is_sound { Ok(()) } else { Err(MergeError::Changed { part }) }
    }

    fn add(&mut self, part: usize, other: Self) -> Result<(), MergeError> {
        let another = |what| Err(MergeError::AnotherStudy { part, what });
        if other.program != self.program {
            return another(AnotherStudy::Program);
        }
        if other.seed != self.seed {
            return another(AnotherStudy::Seed);
        }
        if other.seasons != self.seasons {
            return another(AnotherStudy::Seasons);
        }
        let is_same = |(own, other): (&CellTotals, &CellTotals)| {
            let keys = |cell: &CellTotals| cell.figures.keys().chain(cell.differences.keys()).cloned().collect::<Vec<_>>();
            own.name == other.name && own.facts == other.facts && keys(own) == keys(other)
        };
        if other.study != self.study || other.cells.len() != self.cells.len() || !self.cells.iter().zip(&other.cells).all(is_same)
        {
            return another(AnotherStudy::Content);
        }
        if let (Some(own), Some(found)) = (self.shards.first(), other.shards.first())
            && own.of() != found.of()
        {
            return Err(MergeError::AnotherSplit { part, found: found.of().get(), of: own.of().get() });
        }
        if let Some(&shard) = self.shards.intersection(&other.shards).next() {
            return Err(MergeError::Overlap { part, shard });
        }
        self.shards.extend(other.shards);
        self.cells.iter_mut().zip(&other.cells).for_each(|(own, other)| own.merge(other));
        Ok(())
    }
}

/// Returns the hash of studies side by side, from their hashes.
pub(crate) fn hash_side_by_side<'h>(studies: impl Iterator<Item = &'h str>) -> String {
    let mut hasher = blake3::Hasher::new_derive_key("feriematch 1 studies side by side");
    for study in studies {
        hasher.update(study.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}

impl CellTotals {
    /// Returns a cell without seasons, with these figures.
    pub(super) fn new(name: String, facts: CellFacts, keys: &[FigureKey], differences: &[FigureKey]) -> Self {
        let empty = |key: &FigureKey| (key.clone(), Distribution::in_units(key.figure.unit()));
        Self {
            name,
            facts,
            seasons: 0,
            figures: keys.iter().map(empty).collect(),
            differences: differences.iter().map(empty).collect(),
            convergence: BTreeMap::new(),
        }
    }

    /// Returns how a figure is distributed over the seasons.
    pub fn figure(&self, key: &FigureKey) -> Option<&Distribution> {
        self.figures.get(key)
    }

    /// Returns how a figure of the whole season is distributed.
    pub fn total(&self, figure: Figure) -> Option<&Distribution> {
        self.figures.get(&figure.into())
    }

    /// Returns how a figure of something is distributed.
    pub fn of(&self, figure: Figure, part: &PartOfSeason) -> Option<&Distribution> {
        self.figures.get(&FigureKey { figure, of: Some((part.dimension, part.id.clone())) })
    }

    /// Returns every figure, in order.
    pub fn figures(&self) -> impl Iterator<Item = (&FigureKey, &Distribution)> {
        self.figures.iter()
    }

    /// Returns by how much a figure is more than in the first cell, season by season; nothing for the first cell.
    pub fn difference(&self, key: &FigureKey) -> Option<&Distribution> {
        self.differences.get(key)
    }

    /// Returns every difference, in order.
    pub fn differences(&self) -> impl Iterator<Item = (&FigureKey, &Distribution)> {
        self.differences.iter()
    }

    /// Returns how far the mean number of those hired was known after 10, 20, 50, 100 … seasons, and after all, of a study of so many seasons; nothing where
    /// some of these are missing.
    pub fn convergence(&self, of: u32) -> Vec<Convergence> {
        let mut moments = Moments::default();
        let blocks = self.convergence.iter().filter_map(|(&up_to, block)| {
            moments.merge(block);
            let is_whole = moments.len() == up_to.min(of);
            let at = |(mean, half_width)| Convergence { seasons: moments.len(), mean, half_width };
            moments.mean().zip(moments.half_width()).filter(|_| is_whole).map(at)
        });
        blocks.collect()
    }

    /// Adds the figures of a season, in the order of the keys; and those of the same season in the first cell, as far as they are there.
    pub(super) fn add(&mut self, season: u32, numbers: &[i64], hired: i64, differences: &[i64]) {
        self.seasons += 1;
        self.figures.values_mut().zip(numbers).for_each(|(figure, &number)| figure.add(number));
        self.differences.values_mut().zip(differences).for_each(|(difference, &number)| difference.add(number));
        self.convergence.entry(block_of(season)).or_default().add(hired);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.seasons += other.seasons;
        self.figures.values_mut().zip(other.figures.values()).for_each(|(own, other)| own.merge(other));
        self.differences.values_mut().zip(other.differences.values()).for_each(|(own, other)| own.merge(other));
        for (&block, moments) in &other.convergence {
            self.convergence.entry(block).or_default().merge(moments);
        }
    }
}

/// Returns the last season of the block that a season is in: 10, 20, 50, 100 and so on.
fn block_of(season: u32) -> u32 {
    let mut end = 10_u32;
    loop {
        for times in [1, 2, 5] {
            if season <= end.saturating_mul(times) {
                return end.saturating_mul(times);
            }
        }
        end = end.saturating_mul(10);
    }
}

/// A dimension by the name that programs use.
mod dimension {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Dimension;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
    pub(super) fn serialize<S: Serializer>(dimension: &Dimension, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(dimension.key())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Dimension, D::Error> {
        let key = String::deserialize(deserializer)?;
        let dimension = Dimension::ALL.into_iter().find(|dimension| dimension.key() == key);
        dimension.ok_or_else(|| D::Error::custom(format!("`{key}` is nothing that figures are counted of")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_at_round_numbers() {
        assert_eq!(
            [1, 10, 11, 20, 21, 50, 51, 100, 101, 1_000, 1_001].map(block_of),
            [10, 10, 20, 20, 50, 50, 100, 100, 200, 1_000, 2_000]
        );
        assert_eq!(block_of(u32::MAX), u32::MAX);
    }
}
