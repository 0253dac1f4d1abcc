//! Delivery status notifications (RFC 3464): the frame is right, the fields and the returned mail are anything.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let middle = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let (fields, rest) = input.split_at(middle);
    let mail = [
        b"From: MAILER-DAEMON@mx.example\r\nTo: b+t@bounce.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
          MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"=b\"\r\n\r\n\
          --=b\r\n\r\nI'm sorry.\r\n--=b\r\nContent-Type: message/delivery-status\r\n\r\n" as &[u8],
        fields,
        b"\r\n--=b\r\nContent-Type: message/rfc822\r\n\r\n",
        rest.get(1..).unwrap_or_default(),
        b"\r\n--=b--\r\n",
    ];
    let _ = returned::read(&mail.concat());
});
