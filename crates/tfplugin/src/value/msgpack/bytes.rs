//! Reading MessagePack piece by piece.

use rmp::Marker;

use crate::value::DecodeError;

/// What is left to be read.
pub(super) struct Bytes<'b>(pub(super) &'b [u8]);

impl<'b> Bytes<'b> {
    /// The kind of the next piece, which stays.
    pub(super) fn peek(&self) -> Result<Marker, DecodeError> {
        self.0.first().map(|byte| Marker::from_u8(*byte)).ok_or_else(ended)
    }

    pub(super) fn marker(&mut self) -> Result<Marker, DecodeError> {
        let [byte] = self.array()?;
        Ok(Marker::from_u8(byte))
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'b [u8], DecodeError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(ended)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(ended)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn bool(&mut self) -> Result<bool, DecodeError> {
        match self.marker()? {
            Marker::True => Ok(true),
            Marker::False => Ok(false),
            _ => Err(DecodeError::new("a bool is needed")),
        }
    }

    /// Text; bytes that are text will do.
    pub(super) fn text(&mut self) -> Result<&'b str, DecodeError> {
        std::str::from_utf8(self.binary()?).map_err(|_| DecodeError::new("the text is not UTF-8"))
    }

    /// Bytes; text will do.
    pub(super) fn binary(&mut self) -> Result<&'b [u8], DecodeError> {
        let length = match self.marker()? {
            Marker::FixStr(length) => length.into(),
            Marker::Str8 | Marker::Bin8 => self.length8()?,
            Marker::Str16 | Marker::Bin16 => self.length16()?,
            Marker::Str32 | Marker::Bin32 => self.length32()?,
            _ => return Err(DecodeError::new("a string is needed")),
        };
        self.take(length)
    }

    /// The number of elements that follow; there are at least as many bytes left.
    pub(super) fn array_length(&mut self) -> Result<usize, DecodeError> {
        let length = match self.marker()? {
            Marker::FixArray(length) => length.into(),
            Marker::Array16 => self.length16()?,
            Marker::Array32 => self.length32()?,
            _ => return Err(DecodeError::new("a list is needed")),
        };
        self.believable(length, 1)
    }

    /// The number of pairs that follow; there are at least twice as many bytes left.
    pub(super) fn map_length(&mut self) -> Result<usize, DecodeError> {
        let length = match self.marker()? {
            Marker::FixMap(length) => length.into(),
            Marker::Map16 => self.length16()?,
            Marker::Map32 => self.length32()?,
            _ => return Err(DecodeError::new("a map is needed")),
        };
        self.believable(length, 2)
    }

    /// The kind and the content of an extension.
    pub(super) fn extension(&mut self) -> Result<(i8, &'b [u8]), DecodeError> {
        let length = match self.marker()? {
            Marker::FixExt1 => 1,
            Marker::FixExt2 => 2,
            Marker::FixExt4 => 4,
            Marker::FixExt8 => 8,
            Marker::FixExt16 => 16,
            Marker::Ext8 => self.length8()?,
            Marker::Ext16 => self.length16()?,
            Marker::Ext32 => self.length32()?,
            _ => return Err(DecodeError::new("an unknown value is needed")),
        };
        let [kind] = self.array()?;
        Ok((i8::from_be_bytes([kind]), self.take(length)?))
    }

    /// Passes over one piece, whatever it is, without recursion.
    pub(super) fn skip(&mut self) -> Result<(), DecodeError> {
        let mut pieces: usize = 1;
        while pieces > 0 {
            pieces -= 1;
            pieces += match self.peek()? {
                Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => self.array_length()?,
                Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => 2 * self.map_length()?,
                Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
                    self.binary().map(|_| 0)?
                }
                Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => self.binary().map(|_| 0)?,
                Marker::FixExt1 | Marker::FixExt2 | Marker::FixExt4 | Marker::FixExt8 | Marker::FixExt16 => {
                    self.extension().map(|_| 0)?
                }
                Marker::Ext8 | Marker::Ext16 | Marker::Ext32 => self.extension().map(|_| 0)?,
                Marker::U8 | Marker::I8 => self.take(2).map(|_| 0)?,
                Marker::U16 | Marker::I16 => self.take(3).map(|_| 0)?,
                Marker::U32 | Marker::I32 | Marker::F32 => self.take(5).map(|_| 0)?,
                Marker::U64 | Marker::I64 | Marker::F64 => self.take(9).map(|_| 0)?,
                Marker::FixPos(_) | Marker::FixNeg(_) | Marker::Null | Marker::True | Marker::False => {
                    self.take(1).map(|_| 0)?
                }
                Marker::Reserved => return Err(DecodeError::new("a byte that MessagePack does not use")),
            };
        }
        Ok(())
    }

    fn length8(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|bytes| u8::from_be_bytes(bytes).into())
    }

    fn length16(&mut self) -> Result<usize, DecodeError> {
        self.array().map(|bytes| u16::from_be_bytes(bytes).into())
    }

    fn length32(&mut self) -> Result<usize, DecodeError> {
        usize::try_from(u32::from_be_bytes(self.array()?)).map_err(|_| ended())
    }

    fn believable(&self, length: usize, bytes_each: usize) -> Result<usize, DecodeError> {
        if length <= self.0.len() / bytes_each { Ok(length) } else { Err(ended()) }
    }
}

/// Whether `marker` begins an extension, which is always an unknown value.
pub(super) fn is_extension(marker: Marker) -> bool {
    use Marker::{Ext8, Ext16, Ext32, FixExt1, FixExt2, FixExt4, FixExt8, FixExt16};
    matches!(marker, FixExt1 | FixExt2 | FixExt4 | FixExt8 | FixExt16 | Ext8 | Ext16 | Ext32)
}

fn ended() -> DecodeError {
    DecodeError::new("the bytes end too early")
}
