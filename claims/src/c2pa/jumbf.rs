//! JUMBF (ISO 19566-5): boxes of a length, a kind and content; a superbox begins with a box that describes it.

use crate::limits;

/// A box.
#[derive(Clone, Copy)]
pub struct Block<'a> {
    pub kind: [u8; 4],
    pub content: &'a [u8],
    /// Whether it says that it is longer.
    pub is_cut: bool,
}

/// The boxes that follow each other in some bytes.
pub struct Boxes<'a> {
    rest: &'a [u8],
    left: usize,
}

impl<'a> Boxes<'a> {
    pub fn of(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, left: limits::BOXES }
    }
}

impl<'a> Iterator for Boxes<'a> {
    type Item = Block<'a>;

    fn next(&mut self) -> Option<Block<'a>> {
        self.left = self.left.checked_sub(1)?;
        let (length, after) = self.rest.split_first_chunk()?;
        let (&kind, after) = after.split_first_chunk()?;
        let (content, length) = match u32::from_be_bytes(*length) {
            0 => (after, after.len()),
            1 => {
                let (length, after) = after.split_first_chunk()?;
                (after, usize::try_from(u64::from_be_bytes(*length).checked_sub(16)?).unwrap_or(usize::MAX))
            }
            length => (after, (length as usize).checked_sub(8)?),
        };
        self.rest = content.get(length..).unwrap_or_default();
        let is_cut = length > content.len();
        Some(Block { kind, content: content.get(..length).unwrap_or(content), is_cut })
    }
}

impl<'a> Block<'a> {
    pub fn superbox(&self) -> Option<Superbox<'a>> {
        if &self.kind == b"jumb" { Superbox::within(self.content) } else { None }
    }
}

/// A box of boxes.
pub struct Superbox<'a> {
    /// What it goes by; empty without a label.
    pub label: &'a [u8],
    content: &'a [u8],
}

impl<'a> Superbox<'a> {
    /// A superbox, by its content.
    pub fn within(content: &'a [u8]) -> Option<Self> {
        let mut boxes = Boxes::of(content);
        let description = boxes.next().filter(|first| &first.kind == b"jumd")?;
        // 16 bytes of a UUID, then toggles: bit 1 for a label, which ends with a NUL.
        let (toggles, label) = description.content.get(16..)?.split_first()?;
        let label = if toggles & 2 == 0 { &[] } else { label.split(|&byte| byte == 0).next()? };
        Some(Self { label, content: boxes.rest })
    }

    pub fn children(&self) -> Boxes<'a> {
        Boxes::of(self.content)
    }
}
