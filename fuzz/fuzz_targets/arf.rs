//! Complaints (RFC 5965): the frame is right, the fields and the mail complained of are anything.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let middle = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let (fields, rest) = input.split_at(middle);
    let mail = [
        b"From: fbl@isp.example\r\nTo: abuse@bounce.example\r\nSubject: FW: letter\r\nMIME-Version: 1.0\r\n\
          Content-Type: multipart/report; report-type=feedback-report; boundary=\"=b\"\r\n\r\n\
          --=b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n\
          --=b\r\nContent-Type: message/feedback-report\r\n\r\n" as &[u8],
        fields,
        b"\r\n--=b\r\nContent-Type: message/rfc822\r\n\r\n",
        rest.get(1..).unwrap_or_default(),
        b"\r\n--=b--\r\n",
    ];
    let _ = returned::read(&mail.concat());
});
