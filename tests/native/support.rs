//! What the tests share: the bundle that ships, one tracer, and verdicts as JSON.

use std::{
    fs,
    path::PathBuf,
    sync::{LazyLock, Mutex, PoisonError},
};

use bmrl::{FaceMode, Tracer};
use burn_flex::{Flex, FlexDevice};
use serde_json::Value;

/// The bundle that the page and the command line use.
pub static BUNDLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let path = root().join("www/models/bmrl-web.safetensors");
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
});

static TRACER: LazyLock<Mutex<Tracer<Flex>>> =
    LazyLock::new(|| Mutex::new(Tracer::load(&BUNDLE, &FlexDevice).expect("the bundle that ships loads")));

/// The repository.
pub fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Uses the one tracer. Each test that fails leaves it usable, as a bad picture must.
pub fn with_tracer<T>(use_it: impl FnOnce(&Tracer<Flex>) -> T) -> T {
    use_it(&TRACER.lock().unwrap_or_else(PoisonError::into_inner))
}

/// The verdict on a picture, as the JSON that every user of this project gets.
pub fn trace(image: &[u8], faces: FaceMode) -> Value {
    let verdict = with_tracer(|tracer| pollster::block_on(tracer.trace(image, faces)));
    serde_json::to_value(verdict).unwrap()
}

/// The faces of a verdict.
pub fn faces(verdict: &Value) -> &[Value] {
    verdict["faces"].as_array().expect("faces is a list")
}

/// Left, top, width, height of a face.
pub fn area(face: &Value) -> [i64; 4] {
    let numbers = face["box"].as_array().expect("box is a list");
    std::array::from_fn(|index| numbers[index].as_i64().expect("whole pixels"))
}
