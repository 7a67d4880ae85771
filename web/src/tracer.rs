//! The exported class.

use std::rc::Rc;

use bmrl::FaceMode;
use js_sys::{JSON, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, prelude::*};

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
            let embeddings = loaded.tracer.embed(&image, faces).await.map_err(|error| {
                if error.blames_picture() { Failure::of_picture(error) } else { error.into() }
            })?;
            Ok::<_, Failure>(to_js(&embeddings)?)
        })
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

/// A plain JavaScript object, through JSON: so its numbers are those of `trainer predict --json` to the last digit.
fn to_js(value: &impl serde::Serialize) -> Result<JsValue, String> {
    let text = serde_json::to_string(value).map_err(|e| e.to_string())?;
    JSON::parse(&text).map_err(|_| "the answer is not valid JSON".to_owned())
}

/// A copy of the bytes of a `Uint8Array`.
fn bytes(value: &JsValue, what: &str) -> Result<Vec<u8>, String> {
    value
        .dyn_ref::<Uint8Array>()
        .map(Uint8Array::to_vec)
        .ok_or_else(|| format!("{what} must be a Uint8Array"))
}

/// The option `name` as text; `None` when it, or `options` itself, is absent.
fn option(options: &JsValue, name: &str) -> Result<Option<String>, String> {
    if options.is_null_or_undefined() {
        return Ok(None);
    }
    let value =
        Reflect::get(options, &name.into()).map_err(|_| "the options must be an object".to_owned())?;
    if value.is_null_or_undefined() {
        return Ok(None);
    }
    value.as_string().map(Some).ok_or_else(|| format!("the option `{name}` must be a string"))
}

fn check_backend(options: &JsValue) -> Result<(), String> {
    match option(options, "backend")?.as_deref() {
        None | Some("auto") => Ok(()),
        Some(name) if name == NAME => Ok(()),
        Some(name @ ("cpu" | "gpu")) => Err(format!(
            "this module computes on the {NAME} only: for backend `{name}` load the module tracer-{name}"
        )),
        Some(name) => Err(format!("backend `{name}` is unknown: say `auto`, `cpu` or `gpu`")),
    }
}

fn face_mode(options: &JsValue) -> Result<FaceMode, String> {
    match option(options, "faces")?.as_deref() {
        None | Some("auto") => Ok(FaceMode::Auto),
        Some("whole") => Ok(FaceMode::Whole),
        Some(other) => Err(format!("faces `{other}` is unknown: say `auto` or `whole`")),
    }
}
