//! Panics in the log: where, and never what. A panic's words may quote the very text that broke it.

use std::panic::PanicHookInfo;

/// From now on a panic is one log line with its place in the code and its thread, instead of the
/// standard message with its payload. The server catches it and answers 500.
pub fn log_panics() {
    std::panic::set_hook(Box::new(log));
}

fn log(panic: &PanicHookInfo<'_>) {
    let (file, line) = panic.location().map_or(("unknown", 0), |location| {
        (location.file(), location.line())
    });
    let thread = std::thread::current();
    let thread = thread.name().unwrap_or("unnamed");
    tracing::error!(target: "vostro::panic", file, line, thread, "a thread panicked");
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_is_logged_by_its_place_and_not_its_words() {
        let captured = Captured::default();
        let writer = captured.clone();
        let settings = crate::LogSettings::default();
        let subscriber = crate::subscriber(
            &settings,
            move || writer.clone(),
            false,
            crate::Listeners::default(),
        )
        .unwrap();
        tracing::subscriber::with_default(subscriber, || {
            let before = std::panic::take_hook();
            super::log_panics();
            let _ = std::panic::catch_unwind(|| panic!("account 4000123498764321"));
            std::panic::set_hook(before);
        });
        let text = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
        assert!(
            text.contains("panics.rs") && !text.contains("4000"),
            "{text}"
        );
    }
}
