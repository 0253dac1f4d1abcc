//! Any mail that comes back.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|mail: &[u8]| {
    let _ = returned::read(mail);
});
