//! Promises that always settle.
//!
//! A readback from a lost GPU may never come, and after a panic a wasm module never polls a future again: promises
//! that wait for either would hang. So the calls in progress are listed here with their `reject` functions; the device-lost
//! callback and the panic hook reject them all, and every later call at once.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::task::{Context, Poll, Waker};

use js_sys::{Error, Function, Promise, Reflect, futures::spawn_local};
use wasm_bindgen::JsValue;

/// What is known of one tracer's calls.
#[derive(Default)]
struct State {
    /// Why the tracer answers no more.
    stopped: Option<String>,
    /// The `reject` function of each call in progress.
    pending: BTreeMap<u32, Function>,
}

#[derive(Default)]
struct Registry {
    states: BTreeMap<u32, State>,
    next: u32,
    /// The message of the panic that ended this module.
    panicked: Option<String>,
}

impl Registry {
    fn number(&mut self) -> u32 {
        self.next = self.next.wrapping_add(1);
        self.next
    }
}

thread_local! {
    static REGISTRY: RefCell<Registry> = RefCell::default();
}

/// The calls of one tracer; they are forgotten when it is dropped.
pub struct Calls(u32);

impl Calls {
    /// No calls yet. A module that has panicked refuses them all.
    pub fn new() -> Self {
        REGISTRY.with_borrow_mut(|registry| {
            let id = registry.number();
            let stopped = registry.panicked.clone();
            let pending = BTreeMap::new();
            registry.states.insert(id, State { stopped, pending });
            Self(id)
        })
    }

    /// The number by which [`stop`] knows these calls.
    pub fn id(&self) -> u32 {
        self.0
    }
}

impl Drop for Calls {
    fn drop(&mut self) {
        REGISTRY.with_borrow_mut(|registry| registry.states.remove(&self.0));
    }
}

/// Why a call gives nothing.
pub struct Failure {
    message: String,
    /// The property `code` of the JavaScript error.
    code: Option<&'static str>,
}

impl Failure {
    /// The picture is at fault and not this module, which goes on: the error's `code` is "picture".
    pub fn of_picture(message: impl ToString) -> Self {
        Self { message: message.to_string(), code: Some("picture") }
    }

    /// Something else that was given is at fault and not this module: the error's `code` is "refused".
    pub fn refused(message: impl ToString) -> Self {
        Self { message: message.to_string(), code: Some("refused") }
    }

    fn to_error(&self) -> Error {
        let error = Error::new(&self.message);
        if let Some(code) = self.code {
            // Setting a property of a new object never throws.
            let _ = Reflect::set(&error, &"code".into(), &code.into());
        }
        error
    }
}

impl<E: ToString> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { message: error.to_string(), code: None }
    }
}

/// Runs `work` and returns the promise of what it gives. The promise rejects with an `Error` when `work` fails, when the
/// calls of `id` are [stopped](stop) and when the module panics, whichever is first. `work` is dropped once stopped.
pub fn run<E: Into<Failure>>(id: u32, work: impl Future<Output = Result<JsValue, E>> + 'static) -> Promise {
    let mut work = Some(Box::pin(work));
    Promise::new(&mut |resolve, reject| {
        let Some(mut work) = work.take() else { return };
        if let Some(reason) = stopped(id) {
            settle(&reject, &Error::new(&reason));
            return;
        }
        let call = REGISTRY.with_borrow_mut(|registry| {
            let call = registry.number();
            if let Some(state) = registry.states.get_mut(&id) {
                state.pending.insert(call, reject.clone());
            }
            call
        });
        let finish = move |outcome: Result<JsValue, E>| {
            forget(id, call);
            match outcome {
                Ok(value) => settle(&resolve, &value),
                Err(error) => settle(&reject, &error.into().to_error()),
            }
        };
        // The first step, which reads the picture, runs inside the promise's executor: a trap that is no panic, such
        // as memory running out, thereby rejects the promise too.
        if let Poll::Ready(outcome) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return finish(outcome);
        }
        spawn_local(async move {
            // Asked before each step: going on after the device is lost could only panic.
            let outcome = poll_fn(|context| match stopped(id) {
                Some(_) => Poll::Ready(None),
                None => work.as_mut().poll(context).map(Some),
            })
            .await;
            if let Some(outcome) = outcome {
                finish(outcome);
            }
        });
    })
}

/// Rejects the calls of `id` in progress, and all later ones, with `reason`. Only the first reason counts.
pub fn stop(id: u32, reason: &str) {
    let pending = REGISTRY.with_borrow_mut(|registry| match registry.states.get_mut(&id) {
        Some(state) if state.stopped.is_none() => {
            state.stopped = Some(reason.to_owned());
            std::mem::take(&mut state.pending)
        }
        _ => BTreeMap::new(),
    });
    for reject in pending.into_values() {
        settle(&reject, &Error::new(reason));
    }
}

/// Makes a panic print its message and place to the console, and reject every call in progress or to come.
pub fn hear_panics() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&panic.to_string().into());
        let fault = panic.payload_as_str().unwrap_or("no message");
        let reason = format!("the tracer has stopped ({fault}); load it again in a new worker");
        // Nothing may panic in here: a registry in use is left alone.
        let ids = REGISTRY.with(|registry| {
            let Ok(mut registry) = registry.try_borrow_mut() else {
                return Vec::new();
            };
            registry.panicked = Some(reason.clone());
            registry.states.keys().copied().collect()
        });
        for id in ids {
            stop(id, &reason);
        }
    }));
}

fn stopped(id: u32) -> Option<String> {
    REGISTRY.with_borrow(|registry| registry.states.get(&id)?.stopped.clone())
}

fn forget(id: u32, call: u32) {
    REGISTRY.with_borrow_mut(|registry| {
        if let Some(state) = registry.states.get_mut(&id) {
            state.pending.remove(&call);
        }
    });
}

/// Calls the `resolve` or `reject` function of a promise: they never throw.
fn settle(function: &Function, value: &JsValue) {
    let _ = function.call1(&JsValue::UNDEFINED, value);
}
