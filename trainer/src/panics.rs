//! Burn's devices and its learner panic where they cannot go on; a person reads an error.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, PoisonError},
};

/// What `work` returns, or the message of the first panic in it or in a thread of it.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let message = Arc::new(Mutex::new(None::<String>));
    let before = panic::take_hook();
    let kept = message.clone();
    panic::set_hook(Box::new(move |info| {
        let text = info.payload_as_str().unwrap_or("no reason given").to_string();
        // A later one is most often a consequence of the first.
        kept.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(text);
    }));
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(before);
    outcome.map_err(|_| {
        let message = message.lock().unwrap_or_else(PoisonError::into_inner).take();
        message.unwrap_or_else(|| "no reason given".into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_panic_is_what_is_said() {
        assert_eq!(caught(|| 3), Ok(3));
        assert_eq!(caught(|| panic!("no {}", "device")), Err::<(), _>("no device".into()));
    }
}
