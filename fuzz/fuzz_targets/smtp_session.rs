//! What a client says to our listener: commands, which can be written and read again, and mails with dots.
#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::smtp::{Command, DotScanner, bare_line_end, dot_stuff, dot_unstuff};

fuzz_target!(|input: &[u8]| {
    for line in input.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(command) = Command::parse(line) else { continue };
        let mut written = Vec::new();
        // Some commands are read more kindly than they may be written.
        if command.write(&mut written).is_ok() {
            let again = written.strip_suffix(b"\r\n").map(Command::parse);
            assert_eq!(again, Some(Ok(command)), "{:?}", String::from_utf8_lossy(&written));
            assert!(!written[..written.len() - 2].contains(&b'\n'));
        }
    }
    // However the body arrives, it ends at the same place.
    let (mut scanner, mut end) = (DotScanner::new(), None);
    for received in (0..input.len()).step_by(7).chain([input.len()]) {
        end = scanner.find(&input[..received]);
        if end.is_some() {
            break;
        }
    }
    assert_eq!(end, DotScanner::new().find(input));
    let mut body = Vec::new();
    dot_unstuff(input, &mut body);
    let mut message = input.to_vec();
    message.extend_from_slice(b"\r\n");
    if bare_line_end(&message).is_none() {
        let (mut stuffed, mut plain) = (Vec::new(), Vec::new());
        dot_stuff(&message, &mut stuffed);
        assert!(DotScanner::new().find(&stuffed).is_none(), "a mail ends before its end");
        dot_unstuff(&stuffed, &mut plain);
        assert_eq!(plain, message);
    }
});
