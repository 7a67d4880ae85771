//! What a file says of itself.

use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, prelude::*};

use crate::tracer::to_js;

/// What `bmrl_claims::FileClaims` serialises to.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a file says of itself. Anybody can write such things into a file, or take them out. */
export interface FileClaims {
  exif: Claim[];
  text: Claim[];
  description: Claim[];
  digitalSourceType: string | null;
  generator: string | null;
  model: string | null;
  seed: string | null;
  c2pa: ContentCredentials | null;
  leftOut: number;
}

export interface Claim {
  name: string;
  value: string;
  leftOut: number;
}

/** What the active C2PA manifest claims; its signature is not checked. */
export interface ContentCredentials {
  generator: string | null;
  title: string | null;
  signer: string | null;
  actions: { action: string; agent: string | null; digitalSourceType: string | null }[];
  ingredients: number;
  fault: "broken" | "too-large" | "compressed" | null;
}
"#;

/// Reads what the file says of itself: claims, which anybody can write or remove.
///
/// Never throws for what a file holds: what cannot be read is left out. Throws when `image` is not a `Uint8Array`.
#[wasm_bindgen(js_name = readClaims, unchecked_return_type = "FileClaims")]
pub fn read_claims(
    #[wasm_bindgen(unchecked_param_type = "Uint8Array")] image: JsValue,
) -> Result<JsValue, JsError> {
    let bytes =
        image.dyn_ref::<Uint8Array>().ok_or_else(|| JsError::new("the image must be a Uint8Array"))?;
    to_js(&bmrl_claims::read(&bytes.to_vec())).map_err(|error| JsError::new(&error))
}
