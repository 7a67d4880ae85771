//! How much is read of a file, so that none can exhaust memory or time. What goes past a limit is left out and counted.

/// Bytes of one value, as UTF-8. Long enough for the workflow of an image generator.
pub const VALUE: usize = 128 << 10;
/// Characters of a name.
pub const NAME: usize = 128;
/// Claims in a group.
pub const CLAIMS: usize = 250;
/// Bytes of all names and values of a group.
pub const GROUP: usize = 1 << 20;
/// Bytes that a compressed PNG text may unfold to; one more character than is kept tells that it was cut.
pub const INFLATED: usize = 2 * VALUE;
/// Characters of a title, a program, a signer or an action's name in content credentials.
pub const CREDENTIAL: usize = 512;

/// Bytes of EXIF. A JPEG segment holds 64 KiB, other containers more.
pub const EXIF: usize = 512 << 10;
/// Entries of all directories of EXIF; cameras write some hundred.
pub const EXIF_ENTRIES: usize = 2_000;
/// Bytes of an EXIF value that is not text, before it is shown.
pub const EXIF_OPAQUE: usize = 64;

/// Bytes of an XMP packet.
pub const XMP: usize = 4 << 20;
/// Elements within each other in XMP.
pub const XMP_DEPTH: usize = 64;

/// Bytes of a C2PA manifest store that a JPEG file has in pieces; others are read in place.
pub const C2PA: usize = 16 << 20;
/// Pieces of it.
pub const C2PA_PIECES: usize = 4_096;
/// JUMBF boxes looked at.
pub const BOXES: usize = 2_000;
/// Bytes of one CBOR box; as values in memory they take up to 64 times as much.
pub const CBOR: usize = 256 << 10;
/// Values within each other in CBOR.
pub const CBOR_DEPTH: usize = 32;
/// Actions listed.
pub const ACTIONS: usize = 100;
