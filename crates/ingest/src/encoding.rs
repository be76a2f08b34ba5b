//! From bytes to text: UTF-8, with a byte order mark or without, and Windows-1252.

use crate::Code;
use crate::diagnostic::Position;

/// How the text of a table is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// Windows-1252, in which a Swedish Excel saves CSV.
    Windows1252,
}

impl Encoding {
    /// Every encoding.
    pub const ALL: [Self; 2] = [Self::Utf8, Self::Windows1252];

    /// Returns the name that the command line uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// Why bytes are not text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DecodeFault {
    pub(crate) code: Code,
    pub(crate) position: Position,
    pub(crate) message: String,
    pub(crate) help: &'static str,
}

const UTF8_BOM: &[u8] = b"\xef\xbb\xbf";

/// The bytes to which Windows-1252 gives no character.
const UNDEFINED_IN_1252: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// Decodes the bytes of a table. A UTF-8 byte order mark decides; otherwise the encoding asked for; otherwise text is UTF-8
/// if it can be, and Windows-1252 if not.
pub(crate) fn decode(bytes: Vec<u8>, asked: Option<Encoding>) -> Result<String, DecodeFault> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(DecodeFault {
            code: Code::Utf16,
            position: Position::START,
            message: "the file is UTF-16 text".to_owned(),
            help: "save it as \"CSV UTF-8\"",
        });
    }
    match asked {
        _ if bytes.starts_with(UTF8_BOM) => decode_utf8(bytes),
        Some(Encoding::Utf8) => decode_utf8(bytes),
        Some(Encoding::Windows1252) => decode_1252(&bytes),
        None => String::from_utf8(bytes).or_else(|error| {
            let bytes = error.as_bytes();
            match mac_roman_letter(bytes) {
                Some(at) => Err(DecodeFault {
                    code: Code::MacRoman,
                    position: position_of(bytes, at),
                    message: format!("the byte 0x{:02X} is a Swedish letter in Mac Roman and a sign in Windows-1252", bytes[at]),
                    help: "save the file as \"CSV UTF-8\", or insist with `--encoding windows-1252`",
                }),
                None => decode_1252(bytes),
            }
        }),
    }
}

/// Decodes UTF-8, without copying unless there is a byte order mark.
pub(crate) fn decode_utf8(bytes: Vec<u8>) -> Result<String, DecodeFault> {
    let mut text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        DecodeFault {
            code: Code::UndecodableBytes,
            position: position_of(bytes, at),
            message: format!("the byte 0x{:02X} is not UTF-8", bytes[at]),
            help: "save the file as UTF-8",
        }
    })?;
    if text.as_bytes().starts_with(UTF8_BOM) {
        text.drain(..UTF8_BOM.len());
    }
    Ok(text)
}

fn decode_1252(bytes: &[u8]) -> Result<String, DecodeFault> {
    match bytes.iter().position(|byte| UNDEFINED_IN_1252.contains(byte)) {
        Some(at) => Err(DecodeFault {
            code: Code::UndecodableBytes,
            position: position_of(bytes, at),
            message: format!("the byte 0x{:02X} is neither UTF-8 nor Windows-1252", bytes[at]),
            help: "save the file as \"CSV UTF-8\"",
        }),
        None => Ok(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()),
    }
}

/// Returns where a text that is not UTF-8 has a byte that is å, ä, ö, Å, Ä, Ö or é in Mac Roman within or before a word, if
/// it has none of those letters in Windows-1252.
fn mac_roman_letter(bytes: &[u8]) -> Option<usize> {
    let in_1252 = |byte: &u8| matches!(byte, 0xe5 | 0xe4 | 0xf6 | 0xc5 | 0xc4 | 0xd6 | 0xe9);
    let in_mac_roman = |byte: u8| matches!(byte, 0x8c | 0x8a | 0x9a | 0x81 | 0x80 | 0x85 | 0x8e);
    if bytes.iter().any(in_1252) {
        return None;
    }
    bytes.windows(2).position(|pair| in_mac_roman(pair[0]) && pair[1].is_ascii_alphabetic())
}

/// Returns the position of a byte, taking each byte that does not continue a UTF-8 character as a character.
fn position_of(bytes: &[u8], at: usize) -> Position {
    Position::START.after(&String::from_utf8_lossy(&bytes[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_normal_forms_give_the_same_text() {
        for bytes in [&b"\xef\xbb\xbfh\xc3\xa5ll"[..], b"h\xc3\xa5ll", b"h\xe5ll"] {
            assert_eq!(decode(bytes.to_vec(), None).unwrap(), "håll");
        }
        assert_eq!(decode(b"h\xc3\xa5ll".to_vec(), Some(Encoding::Windows1252)).unwrap(), "hÃ¥ll");
        assert_eq!(decode(b"5\x80".to_vec(), None).unwrap(), "5€");
    }

    #[test]
    fn what_is_no_text_says_where() {
        let fault = |bytes: &[u8], asked| decode(bytes.to_vec(), asked).unwrap_err();
        assert_eq!(fault(b"\xff\xfea\0", None).code, Code::Utf16);
        assert_eq!(fault(b"a\n\xe5\x81", None).position, Position { line: 2, column: 2 });
        assert_eq!(fault(b"h\xe5ll", Some(Encoding::Utf8)).code, Code::UndecodableBytes);
        assert_eq!(fault(b"h\x8cll", None).code, Code::MacRoman);
        assert_eq!(decode(b"h\x8cll".to_vec(), Some(Encoding::Windows1252)).unwrap(), "hŒll");
    }
}
