//! The exported class.

use std::rc::Rc;

use bmrl::{FaceMode, OCCLUSION_CELLS, Square, enroll::Examples};
use js_sys::{JSON, Object, Promise, Reflect, Uint8Array, Uint8ClampedArray};
use wasm_bindgen::{JsCast, prelude::*};

use crate::about::About;
use crate::calls::{self, Calls, Failure};
use crate::device::{Backend, Device, NAME};

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the page or worker began, in windows and workers alike.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now() -> f64;
}

/// What a loaded tracer holds. Calls in progress share it, so that `free()` is safe at any time.
struct Loaded {
    // Fields drop in this order: the model's tensors go before the device that holds them.
    tracer: bmrl::Tracer<Backend>,
    _device: Device,
    calls: Calls,
}

/// A loaded model that traces pictures. It computes inside this wasm module, on one device, and sends nothing anywhere.
#[wasm_bindgen]
pub struct Tracer(Rc<Loaded>);

#[wasm_bindgen]
impl Tracer {
    /// Loads a model bundle.
    ///
    /// Rejects when the bundle is not one that this version reads, when `options.backend` names the other module's backend, and,
    /// in the GPU module, when no WebGPU adapter can be used.
    #[wasm_bindgen(unchecked_return_type = "Promise<Tracer>")]
    pub fn load(
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] bundle: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "LoadOptions")] options: JsValue,
    ) -> Promise {
        let calls = Calls::new();
        calls::run(calls.id(), async move {
            check_backend(&options)?;
            let bundle = bytes(&bundle, "the bundle")?;
            let device = Device::open(&calls).await.map_err(|e| e.to_string())?;
            let tracer = bmrl::Tracer::load(&bundle, device.burn()).map_err(|e| e.to_string())?;
            let loaded = Loaded { tracer, _device: device, calls };
            Ok::<_, String>(Tracer(Rc::new(loaded)).into())
        })
    }

    /// Traces the faces of one encoded picture (JPEG, PNG, WebP, GIF or BMP).
    ///
    /// A picture that cannot be read resolves too, with `verdict.error` saying why. Rejects only when the tracer cannot go on,
    /// for instance because the GPU was lost.
    #[wasm_bindgen(unchecked_return_type = "Promise<Verdict>")]
    pub fn trace(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] image: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "TraceOptions")] options: JsValue,
    ) -> Promise {
        let loaded = Rc::clone(&self.0);
        calls::run(self.0.calls.id(), async move {
            let faces = face_mode(&options)?;
            let image = bytes(&image, "the image")?;
            let start = now();
            let mut verdict = loaded.tracer.trace(&image, faces).await;
            // A picture that was read and yet has an error means that the device failed, not the picture.
            if verdict.image.is_some()
                && let Some(error) = verdict.error
            {
                return Err(error);
            }
            verdict.backend = NAME.to_owned();
            verdict.milliseconds = now() - start;
            to_js(&verdict)
        })
    }

    /// What the network makes of each face of one encoded picture, for comparing faces.
    ///
    /// Rejects when the picture cannot be read, with an error whose `code` is "picture"; otherwise as [`Tracer::trace`].
    #[wasm_bindgen(unchecked_return_type = "Promise<FaceEmbedding[]>")]
    pub fn embed(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] image: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "TraceOptions")] options: JsValue,
    ) -> Promise {
        let loaded = Rc::clone(&self.0);
        calls::run(self.0.calls.id(), async move {
            let faces = face_mode(&options)?;
            let image = bytes(&image, "the image")?;
            let embeddings = loaded.tracer.embed(&image, faces).await.map_err(failure)?;
            Ok::<_, Failure>(to_js(&embeddings)?)
        })
    }

    /// What the model was shown of one face.
    ///
    /// Rejects as [`Tracer::embed`], and with the `code` "picture" when there is no such face.
    #[wasm_bindgen(unchecked_return_type = "Promise<Explanation>")]
    pub fn explain(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] image: JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "FaceOptions")] options: JsValue,
    ) -> Promise {
        let loaded = Rc::clone(&self.0);
        calls::run(self.0.calls.id(), async move {
            let (faces, face) = (face_mode(&options)?, index(&options, "face")?.unwrap_or(0));
            let image = bytes(&image, "the image")?;
            let explanation = loaded.tracer.explain(&image, faces, face).await.map_err(failure)?;
            Ok::<_, Failure>(explanation_to_js(&explanation)?)
        })
    }

    /// What hiding some cells of a face takes from the answer.
    ///
    /// Rejects as [`Tracer::explain`].
    #[wasm_bindgen(unchecked_return_type = "Promise<Occlusion>")]
    pub fn occlude(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] image: JsValue,
        #[wasm_bindgen(unchecked_param_type = "OccludeOptions")] options: JsValue,
    ) -> Promise {
        let loaded = Rc::clone(&self.0);
        calls::run(self.0.calls.id(), async move {
            let (faces, face) = (face_mode(&options)?, index(&options, "face")?.unwrap_or(0));
            let from = index(&options, "from")?.unwrap_or(0);
            let count = index(&options, "count")?.unwrap_or(OCCLUSION_CELLS);
            let image = bytes(&image, "the image")?;
            let cells = from..from.saturating_add(count);
            let occlusion = loaded.tracer.occlude(&image, faces, face, cells).await.map_err(failure)?;
            Ok::<_, Failure>(to_js(&occlusion)?)
        })
    }

    /// Enrols generators in place of those enrolled before; those of the bundle stay.
    ///
    /// Rejects with the `code` "refused" when a name is taken, a level is unknown or an embedding is of another model.
    #[wasm_bindgen(unchecked_return_type = "Promise<EnrolledReport[]>")]
    pub fn enroll(
        &self,
        #[wasm_bindgen(unchecked_param_type = "EnrolledGenerator[]")] generators: JsValue,
    ) -> Promise {
        let loaded = Rc::clone(&self.0);
        calls::run(self.0.calls.id(), async move {
            let all: Vec<Examples> = from_js(&generators, "the generators").map_err(Failure::refused)?;
            let reports =
                loaded.tracer.enroll(&all).await.map_err(|error| {
                    if error.blames_input() { Failure::refused(error) } else { error.into() }
                })?;
            Ok::<_, Failure>(to_js(&reports)?)
        })
    }

    /// The bundle that this tracer was loaded from, with what was enrolled since.
    #[wasm_bindgen(js_name = withEnrolled, unchecked_return_type = "Uint8Array")]
    pub fn with_enrolled(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] bundle: JsValue,
    ) -> Result<JsValue, JsError> {
        let bundle = bytes(&bundle, "the bundle").map_err(|e| JsError::new(&e))?;
        let written = self.0.tracer.with_enrolled(&bundle).map_err(|e| JsError::new(&e.to_string()))?;
        Ok(Uint8Array::from(written.as_slice()).into())
    }

    /// What the bundle says of itself.
    #[wasm_bindgen(getter, unchecked_return_type = "About")]
    pub fn about(&self) -> Result<JsValue, JsError> {
        to_js(&About::of(&self.0.tracer)).map_err(|e| JsError::new(&e))
    }

    /// Runs the model on the input stored in the bundle and resolves to the largest absolute difference from the
    /// stored answer; rejects when it is too large, as on a GPU that computes wrongly.
    #[wasm_bindgen(js_name = selfCheck, unchecked_return_type = "Promise<number>")]
    pub fn self_check(&self) -> Promise {
        let loaded = Rc::clone(&self.0);
        calls::run(self.0.calls.id(), async move {
            let difference = loaded.tracer.self_check().await;
            difference.map(|value| JsValue::from(f64::from(value)))
        })
    }

    /// Where this module computes.
    #[wasm_bindgen(getter, unchecked_return_type = "Backend")]
    pub fn backend(&self) -> String {
        NAME.to_owned()
    }

    /// The loaded model.
    #[wasm_bindgen(getter, unchecked_return_type = "ModelInfo")]
    pub fn model(&self) -> Result<JsValue, JsError> {
        to_js(self.0.tracer.model()).map_err(|e| JsError::new(&e))
    }
}

/// The picture's fault, or the device's.
fn failure(error: bmrl::TraceError) -> Failure {
    if error.blames_picture() { Failure::of_picture(error) } else { error.into() }
}

fn explanation_to_js(explanation: &bmrl::Explanation) -> Result<JsValue, String> {
    let square = |Square { x, y, side }| serde_json::json!({ "x": x, "y": y, "side": side });
    let value = to_js(&serde_json::json!({
        "crop": square(explanation.crop),
        "patch": explanation.patch.map(square),
    }))?;
    let views = Object::new();
    for (name, picture) in &explanation.views {
        let rgba: Vec<u8> = picture
            .rgb
            .as_chunks::<3>()
            .0
            .iter()
            .flat_map(|&[red, green, blue]| [red, green, blue, 255])
            .collect();
        let view = Object::new();
        let side = JsValue::from(picture.side as u32);
        set(&view, "width", &side);
        set(&view, "height", &side);
        set(&view, "pixels", &Uint8ClampedArray::from(rgba.as_slice()));
        set(&views, name, &view);
    }
    set(&value, "views", &views);
    Ok(value)
}

/// Setting a property of a plain object never fails.
fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// A plain JavaScript object, through JSON: so its numbers are those of `trainer predict --json` to the last digit.
pub(crate) fn to_js(value: &impl serde::Serialize) -> Result<JsValue, String> {
    let text = serde_json::to_string(value).map_err(|e| e.to_string())?;
    JSON::parse(&text).map_err(|_| "the answer is not valid JSON".to_owned())
}

/// The reverse of [`to_js`]; `what` names the value in messages.
fn from_js<T: serde::de::DeserializeOwned>(value: &JsValue, what: &str) -> Result<T, String> {
    let text = JSON::stringify(value).ok().and_then(|text| text.as_string());
    serde_json::from_str(&text.unwrap_or_default()).map_err(|error| format!("{what}: {error}"))
}

/// A copy of the bytes of a `Uint8Array`.
fn bytes(value: &JsValue, what: &str) -> Result<Vec<u8>, String> {
    value
        .dyn_ref::<Uint8Array>()
        .map(Uint8Array::to_vec)
        .ok_or_else(|| format!("{what} must be a Uint8Array"))
}

/// The option `name`; `None` when it, or `options` itself, is absent.
fn option(options: &JsValue, name: &str) -> Result<Option<JsValue>, String> {
    if options.is_null_or_undefined() {
        return Ok(None);
    }
    let value =
        Reflect::get(options, &name.into()).map_err(|_| "the options must be an object".to_owned())?;
    Ok((!value.is_null_or_undefined()).then_some(value))
}

/// The option `name` as text.
fn text(options: &JsValue, name: &str) -> Result<Option<String>, String> {
    let value = option(options, name)?;
    let text =
        |value: JsValue| value.as_string().ok_or_else(|| format!("the option `{name}` must be a string"));
    value.map(text).transpose()
}

/// The option `name` as a whole number from 0 up.
fn index(options: &JsValue, name: &str) -> Result<Option<usize>, String> {
    let value = option(options, name)?;
    let number = |value: JsValue| {
        let number = value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..4e9).contains(number));
        number
            .map(|number| number as usize)
            .ok_or_else(|| format!("`{name}` must be a whole number from 0 up"))
    };
    value.map(number).transpose()
}

fn check_backend(options: &JsValue) -> Result<(), String> {
    match text(options, "backend")?.as_deref() {
        None | Some("auto") => Ok(()),
        Some(name) if name == NAME => Ok(()),
        Some(name @ ("cpu" | "gpu")) => Err(format!(
            "this module computes on the {NAME} only: for backend `{name}` load the module tracer-{name}"
        )),
        Some(name) => Err(format!("backend `{name}` is unknown: say `auto`, `cpu` or `gpu`")),
    }
}

fn face_mode(options: &JsValue) -> Result<FaceMode, String> {
    let Some(value) = option(options, "faces")? else { return Ok(FaceMode::Auto) };
    if value.is_object() {
        let side = |name| index(&value, name)?.ok_or_else(|| format!("a square of faces needs `{name}`"));
        let (x, y, side) = (side("x")? as u32, side("y")? as u32, side("side")? as u32);
        return Ok(FaceMode::Square(Square { x, y, side }));
    }
    match text(options, "faces")?.as_deref() {
        None | Some("auto") => Ok(FaceMode::Auto),
        Some("whole") => Ok(FaceMode::Whole),
        Some(other) => Err(format!("faces `{other}` is unknown: say `auto` or `whole`, or give a square")),
    }
}
