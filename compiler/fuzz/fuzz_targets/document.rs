//! Random texts for reading YAML.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        gatewright_compiler::fuzz::document(text);
    }
});
