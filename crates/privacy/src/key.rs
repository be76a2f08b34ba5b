//! The city's secret key, and what it makes of ids and personal numbers.

use std::fmt;
use std::str::FromStr;

use crate::KeyError;

/// The first line of a key's file.
const HEADER: &str = "feriematch key 1";

/// A secret of 256 bits. It is never shown but by [`to_text`](Self::to_text).
///
/// Each use has a key of its own, derived from the secret, so that a pseudonym in a copy cannot be compared with a mark in a history.
///
/// # References
///
/// O'Connor, Aumasson, Neves and Wilcox-O'Hearn, *BLAKE3: one function, fast everywhere*, 2020, sections 2.3 and 6.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// Takes 32 random bytes as a key.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Returns the text of the key's file.
    pub fn to_text(&self) -> String {
        format!("{HEADER}\n{}\n", hexadecimal(&self.0))
    }

    /// Returns the mark by which the key is known, which does not tell it.
    pub fn mark(&self) -> KeyMark {
        KeyMark(first_bytes(&self.derived("feriematch 1 mark of a key")))
    }

    /// Returns the mark of a person: a keyed hash of the twelve digits of the personal number.
    pub fn person(&self, digits: &[u8; 12]) -> PersonMark {
        let key = self.derived("feriematch 1 mark of a person");
        PersonMark(first_bytes(blake3::keyed_hash(&key, digits).as_bytes()))
    }

    /// Returns the pseudonym of an applicant's id in copies that are made with this key.
    pub fn pseudonym(&self, id: &str) -> String {
        let key = self.derived("feriematch 1 pseudonym in a copy");
        format!("P-{}", hexadecimal(&first_bytes::<8>(blake3::keyed_hash(&key, id.as_bytes()).as_bytes())))
    }

    /// Returns the keyed hash of the content of a file that is to go away, by which it is known again.
    pub fn content(&self, bytes: &[u8]) -> String {
        let key = self.derived("feriematch 1 content of a file");
        hexadecimal(blake3::keyed_hash(&key, bytes).as_bytes())
    }

    fn derived(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(purpose, &self.0)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({})", self.mark())
    }
}

impl FromStr for SecretKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return Err(KeyError::Header);
        }
        let digits = lines.next().and_then(bytes_of).ok_or(KeyError::Digits)?;
        if lines.next().is_some() { Err(KeyError::Digits) } else { Ok(Self(digits)) }
    }
}

/// The mark of a key: eight hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyMark([u8; 4]);

impl KeyMark {
    /// Reads a mark as it is written.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        bytes_of(text).map(Self)
    }
}

impl fmt::Display for KeyMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

/// The mark of a person in histories: 32 hexadecimal digits, which tell nothing without the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PersonMark([u8; 16]);

impl PersonMark {
    /// Reads a mark as it is written.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        bytes_of(text).map(Self)
    }
}

impl fmt::Display for PersonMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal(&self.0))
    }
}

fn first_bytes<const N: usize>(hash: &[u8; 32]) -> [u8; N] {
    std::array::from_fn(|at| hash[at])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads lower-case hexadecimal digits, two a byte.
fn bytes_of<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; N];
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretKey {
        SecretKey::new([byte; 32])
    }

    #[test]
    fn a_key_is_read_as_it_is_written_and_is_not_shown() {
        let text = key(7).to_text();
        let read: SecretKey = text.parse().unwrap();
        assert_eq!(read.to_text(), text);
        assert!(!format!("{read:?}").contains("0707"));
        for (wrong, error) in [
            ("", KeyError::Header),
            ("feriematch key 1\nabc\n", KeyError::Digits),
            (&*text.replace('7', "G"), KeyError::Digits),
            (&*(text.clone() + "more\n"), KeyError::Digits),
        ] {
            assert_eq!(wrong.parse::<SecretKey>().unwrap_err(), error, "{wrong}");
        }
    }

    /// Marks that a city has kept must be found again by later versions.
    #[test]
    fn marks_never_change() {
        assert_eq!(key(7).person(b"201103151239").to_string(), MARK);
        assert_eq!(key(7).mark().to_string(), KEY_MARK);
    }
    const MARK: &str = "3b5e9ebf86070cbcad60a1e85836b7a6";
    const KEY_MARK: &str = "a1c6fd80";

    #[test]
    fn no_two_uses_keys_or_ids_give_the_same() {
        let mut all = vec![key(7).content(b"201103151239")[..16].to_owned()];
        for key in [key(7), key(8)] {
            all.push(key.person(b"201103151239").to_string()[..16].to_owned());
            all.push(key.person(b"201103151247").to_string()[..16].to_owned());
            all.push(key.pseudonym("201103151239")[2..].to_owned());
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
