//! What each kind of event of each service means.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod sign;

use serde_json::{Value, json};
use sign::{dead, signed};
use webhooks::{Outcome, Provider};

/// `action reason`, one line an event.
fn meant(provider: Provider, event: &Value) -> String {
    let Outcome::Notices(notices) = signed(provider, event).read().unwrap() else { panic!() };
    let lines: Vec<String> =
        notices.iter().map(|notice| format!("{} {}", notice.action.as_str(), notice.reason)).collect();
    if lines.is_empty() { "nothing".to_owned() } else { lines.join(", ") }
}

/// Changes fields of the service's example of a dead address; `null` removes one.
fn check(provider: Provider, inside: &str, changes: Value, expected: &str) {
    let mut event = dead(provider);
    let place = event.pointer_mut(inside).unwrap();
    for (name, value) in changes.as_object().unwrap() {
        let place = place.as_object_mut().unwrap();
        match value {
            Value::Null => place.remove(name),
            value => place.insert(name.clone(), value.clone()),
        };
    }
    assert_eq!(meant(provider, &event), expected, "{provider}: {changes}");
}

#[test]
fn ses() {
    let bounce = |kind: &str, sub: &str, said: Option<&str>, expected: &str| {
        let recipient = match said {
            Some(said) => json!({ "emailAddress": "ines@example.com", "diagnosticCode": said }),
            None => json!({ "emailAddress": "ines@example.com" }),
        };
        let changes = json!({ "bounceType": kind, "bounceSubType": sub, "bouncedRecipients": [recipient] });
        check(Provider::Ses, "/bounce", changes, expected);
    };
    bounce("Permanent", "General", None, "suppress address_dead");
    bounce("Permanent", "General", Some("smtp; 550 5.7.26 unauthenticated mail"), "trouble authentication");
    bounce("Permanent", "General", Some("smtp; 552 5.2.2 mailbox full"), "soft mailbox_full");
    bounce("Permanent", "General", Some("smtp; 550 5.1.2 host not found"), "suppress host_dead");
    bounce("Permanent", "NoEmail", None, "soft other");
    bounce(
        "Permanent",
        "Suppressed",
        Some("Amazon SES has suppressed… invalid address"),
        "soft provider_list",
    );
    bounce("Permanent", "OnAccountSuppressionList", None, "soft provider_list");
    bounce("Permanent", "UnsubscribedRecipient", None, "none unsubscribed");
    bounce("Transient", "General", None, "soft other");
    bounce("Transient", "MailboxFull", None, "soft mailbox_full");
    bounce("Transient", "MessageTooLarge", None, "trouble content");
    bounce("Transient", "ContentRejected", None, "trouble content");
    bounce("Transient", "AttachmentRejected", None, "trouble content");
    bounce("Undetermined", "Undetermined", None, "soft other");
    bounce("Transient", "General", Some("smtp; 421 4.7.28 rate limit exceeded"), "trouble policy");

    let complaint = |kind: Value, sub: Value| {
        json!({
            "eventType": "Complaint",
            "complaint": {
                "complainedRecipients": [{ "emailAddress": "a@example.com" }, { "emailAddress": "b@example.com" }],
                "complaintFeedbackType": kind, "complaintSubType": sub, "feedbackId": "f",
            },
            "mail": {},
        })
    };
    let said = |event| meant(Provider::Ses, &event);
    assert_eq!(said(complaint(json!("abuse"), Value::Null)), "complaint complaint, complaint complaint");
    assert_eq!(said(complaint(Value::Null, Value::Null)), "complaint complaint, complaint complaint");
    assert_eq!(said(complaint(json!("not-spam"), Value::Null)), "none not_spam, none not_spam");
    assert_eq!(
        said(complaint(Value::Null, json!("OnAccountSuppressionList"))),
        "soft provider_list, soft provider_list"
    );
    let delayed =
        json!({ "emailAddress": "a@example.com", "status": "4.4.1", "diagnosticCode": "450 later" });
    assert_eq!(
        said(
            json!({ "eventType": "DeliveryDelay", "deliveryDelay": { "delayedRecipients": [delayed] }, "mail": {} })
        ),
        "retry deferred"
    );
    let mail = json!({ "destination": ["a@example.com"] });
    assert_eq!(
        said(json!({ "eventType": "Reject", "reject": { "reason": "Bad content" }, "mail": mail })),
        "trouble content"
    );
    for other in ["Delivery", "Send", "Open", "Click", "Subscription", "New one"] {
        assert_eq!(said(json!({ "eventType": other, "mail": mail })), "nothing", "{other}");
    }
}

#[test]
fn sendgrid() {
    let bounce = |changes: Value, expected: &str| check(Provider::SendGrid, "/0", changes, expected);
    let event = |name: &str, reason: &str, expected: &str| {
        bounce(
            json!({ "event": name, "reason": reason, "status": null, "bounce_classification": null }),
            expected,
        );
    };
    bounce(json!({}), "suppress address_dead");
    bounce(json!({ "reason": null, "status": null }), "suppress address_dead");
    let classes = [
        ("Mailbox Unavailable", "soft other"),
        ("Technical", "soft other"),
        ("Content", "trouble content"),
        ("Reputation", "trouble policy"),
        ("Frequency or Volume Too High", "trouble policy"),
        ("Unclassified", "suppress address_dead"),
    ];
    for (class, expected) in classes {
        bounce(json!({ "bounce_classification": class, "reason": "hm", "status": null }), expected);
    }
    bounce(
        json!({ "type": "blocked", "bounce_classification": "Unclassified", "reason": "hm", "status": null }),
        "trouble policy",
    );
    bounce(json!({ "reason": "550 5.7.1 blocked, see spamhaus", "status": "5.7.1" }), "trouble policy");
    event("dropped", "Bounced Address", "soft provider_list");
    event("dropped", "Spam Reporting Address", "soft provider_list");
    event("dropped", "Unsubscribed Address", "none unsubscribed");
    event("dropped", "Invalid", "suppress address_invalid");
    event("dropped", "Recipient List over Package Quota", "trouble policy");
    event("deferred", "450 4.1.1 unknown user", "retry deferred");
    event("spamreport", "", "complaint complaint");
    event("unsubscribe", "", "none unsubscribed");
    event("group_unsubscribe", "", "none unsubscribed");
    for other in ["processed", "delivered", "open", "click", "group_resubscribe", "account_status_change"] {
        event(other, "", "nothing");
    }
}

#[test]
fn mailgun() {
    let event = |changes: Value, expected: &str| check(Provider::Mailgun, "", changes, expected);
    let status = |code: u16, message: &str| json!({ "code": code, "message": message });
    event(json!({}), "suppress address_dead");
    event(json!({ "severity": "temporary" }), "retry deferred");
    event(json!({ "delivery-status": status(550, "5.7.1 blocked by policy") }), "trouble policy");
    event(json!({ "delivery-status": status(552, "mailbox full") }), "soft mailbox_full");
    event(json!({ "delivery-status": status(550, "no") }), "soft other");
    event(
        json!({ "delivery-status": status(605, "Not delivering to previously bounced address"),
                  "reason": "suppress-bounce" }),
        "soft provider_list",
    );
    event(json!({ "delivery-status": status(607, "previously complained") }), "soft provider_list");
    event(json!({ "delivery-status": status(606, "unsubscribed") }), "none unsubscribed");
    event(json!({ "reason": "espblock" }), "trouble policy");
    event(
        json!({ "event": "rejected", "reject": { "reason": "Virus" }, "delivery-status": null }),
        "trouble content",
    );
    event(json!({ "event": "complained" }), "complaint complaint");
    event(json!({ "event": "unsubscribed" }), "none unsubscribed");
    for other in ["accepted", "delivered", "opened", "clicked", "stored"] {
        event(json!({ "event": other }), "nothing");
    }
}

#[test]
fn postmark() {
    let bounce = |kind: &str, said: &str, expected: &str| {
        check(Provider::Postmark, "", json!({ "Type": kind, "Details": said }), expected);
    };
    bounce("HardBounce", "", "suppress address_dead");
    bounce("HardBounce", "smtp;554 5.7.1 message looks like spam", "trouble content");
    bounce("BadEmailAddress", "", "suppress address_invalid");
    bounce("SoftBounce", "", "soft other");
    bounce("SoftBounce", "smtp;552 5.2.2 over quota", "soft mailbox_full");
    bounce("DnsError", "", "soft other");
    bounce("Transient", "", "retry deferred");
    bounce("SpamComplaint", "", "complaint complaint");
    bounce("Unsubscribe", "", "none unsubscribed");
    bounce("ManuallyDeactivated", "", "soft provider_list");
    bounce("AutoResponder", "", "auto_reply auto_reply");
    bounce("ChallengeVerification", "", "auto_reply auto_reply");
    bounce("AddressChange", "", "auto_reply auto_reply");
    bounce("AddressChange", "551 5.1.6 moved", "suppress address_dead");
    bounce("SpamNotification", "", "trouble content");
    bounce("VirusNotification", "", "trouble content");
    bounce("DMARCPolicy", "", "trouble authentication");
    bounce("Blocked", "", "trouble policy");
    bounce("SMTPApiError", "", "trouble policy");
    bounce("Subscribe", "", "nothing");
    let change = |reason: &str, origin: &str, suppress: bool, expected: &str| {
        let event = json!({
            "RecordType": "SubscriptionChange", "Recipient": "ines@example.com", "MessageID": "x",
            "ChangedAt": "2027-01-15T11:59:50Z", "SuppressSending": suppress, "SuppressionReason": reason,
            "Origin": origin,
        });
        assert_eq!(meant(Provider::Postmark, &event), expected);
    };
    change("ManualSuppression", "Recipient", true, "none unsubscribed");
    change("ManualSuppression", "Admin", true, "soft provider_list");
    change("HardBounce", "Recipient", true, "soft provider_list");
    change("SpamComplaint", "Recipient", true, "complaint complaint");
    change("", "Recipient", false, "nothing");
    for other in ["Delivery", "Open", "Click"] {
        check(Provider::Postmark, "", json!({ "RecordType": other }), "nothing");
    }
}

#[test]
fn brevo() {
    let event = |name: &str, said: &str, expected: &str| {
        check(Provider::Brevo, "", json!({ "event": name, "reason": said }), expected);
    };
    event("hard_bounce", "", "suppress address_dead");
    event("hard_bounce", "550 5.7.1 rejected: DMARC", "trouble authentication");
    event("soft_bounce", "", "soft other");
    event("soft_bounce", "452 4.2.2 over quota", "soft mailbox_full");
    event("invalid_email", "", "suppress address_invalid");
    event("blocked", "", "soft provider_list");
    event("deferred", "", "retry deferred");
    event("error", "", "trouble policy");
    event("spam", "", "complaint complaint");
    event("unsubscribed", "", "none unsubscribed");
    for other in ["request", "delivered", "opened", "unique_opened", "proxy_open", "click", "list_addition"] {
        event(other, "", "nothing");
    }
    let batch = json!([dead(Provider::Brevo), dead(Provider::Brevo)]);
    assert_eq!(meant(Provider::Brevo, &batch), "suppress address_dead, suppress address_dead");
}

#[test]
fn mailjet() {
    let error = |related: &str, error: &str, expected: &str| {
        let changes = json!({ "error_related_to": related, "error": error, "comment": "" });
        check(Provider::Mailjet, "", changes, expected);
    };
    error("recipient", "user unknown", "suppress address_dead");
    error("recipient", "mailbox inactive", "suppress address_dead");
    error("recipient", "quota exceeded", "soft mailbox_full");
    error("recipient", "blacklisted", "soft provider_list");
    error("recipient", "spam reporter", "soft provider_list");
    error("domain", "invalid domain", "suppress host_dead");
    error("domain", "no mail host", "suppress host_dead");
    error("domain", "relay/access denied", "trouble policy");
    error("domain", "typofix", "suppress address_invalid");
    error("content", "bad or empty template", "trouble content");
    error("content", "content blocked", "trouble content");
    error("spam", "sender blocked", "trouble policy");
    error("spam", "policy issue", "trouble policy");
    error("system", "system issue", "soft other");
    error("system", "connection issue", "soft other");
    error("mailjet", "preblocked", "soft provider_list");
    error("mailjet", "duplicate in campaign", "none duplicate");
    let changes = json!({ "error": "greylisted", "hard_bounce": false, "comment": "451 later" });
    check(Provider::Mailjet, "", changes, "retry deferred");
    let changes = json!({ "comment": "550 5.7.1 spamhaus blocked you" });
    check(Provider::Mailjet, "", changes, "trouble policy");
    check(Provider::Mailjet, "", json!({ "event": "spam" }), "complaint complaint");
    check(Provider::Mailjet, "", json!({ "event": "unsub" }), "none unsubscribed");
    for other in ["sent", "open", "click"] {
        check(Provider::Mailjet, "", json!({ "event": other }), "nothing");
    }
}

#[test]
fn sparkpost() {
    let place = "/0/msys/message_event";
    let class = |class: &str, expected: &str| {
        let changes = json!({ "bounce_class": class, "raw_reason": null, "error_code": null });
        check(Provider::SparkPost, place, changes, expected);
    };
    class("1", "soft other");
    class("10", "suppress address_dead");
    class("20", "soft other");
    class("21", "soft other");
    class("22", "soft mailbox_full");
    class("23", "trouble content");
    class("24", "soft other");
    class("25", "soft provider_list");
    class("30", "suppress address_dead");
    class("40", "soft other");
    class("50", "trouble policy");
    class("51", "trouble policy");
    class("52", "trouble content");
    class("53", "trouble content");
    class("54", "trouble policy");
    class("60", "auto_reply auto_reply");
    class("70", "soft other");
    class("80", "none subscribed");
    class("90", "none unsubscribed");
    class("100", "auto_reply auto_reply");
    let changes = json!({ "raw_reason": "550 5.7.26 unauthenticated", "type": "out_of_band" });
    check(Provider::SparkPost, place, changes, "trouble authentication");
    let kinds = [
        ("delay", "retry deferred"),
        ("spam_complaint", "complaint complaint"),
        ("list_unsubscribe", "none unsubscribed"),
        ("link_unsubscribe", "none unsubscribed"),
        ("generation_failure", "trouble content"),
        ("policy_rejection", "trouble policy"),
        ("delivery", "nothing"),
        ("injection", "nothing"),
        ("open", "nothing"),
        ("click", "nothing"),
    ];
    for (kind, expected) in kinds {
        check(Provider::SparkPost, place, json!({ "type": kind }), expected);
    }
    let changes = json!({ "type": "policy_rejection", "bounce_class": 25 });
    check(Provider::SparkPost, place, changes, "soft provider_list");
}

#[test]
fn resend() {
    let bounce = |kind: &str, sub: &str, said: &str, expected: &str| {
        let changes = json!({ "type": kind, "subType": sub, "message": said });
        check(Provider::Resend, "/data/bounce", changes, expected);
    };
    bounce("Permanent", "General", "", "suppress address_dead");
    bounce("Permanent", "General", "550 5.7.26 unauthenticated", "trouble authentication");
    bounce("Permanent", "Suppressed", "Resend has suppressed sending to this address", "soft provider_list");
    bounce("Transient", "MailboxFull", "", "soft mailbox_full");
    bounce("Transient", "ContentRejected", "", "trouble content");
    bounce("Undetermined", "Undetermined", "", "soft other");
    let kinds = [
        ("email.complained", "complaint complaint"),
        ("email.delivery_delayed", "retry deferred"),
        ("email.suppressed", "soft provider_list"),
        ("email.failed", "trouble policy"),
        ("email.sent", "nothing"),
        ("email.delivered", "nothing"),
        ("email.opened", "nothing"),
        ("contact.updated", "nothing"),
    ];
    for (kind, expected) in kinds {
        check(Provider::Resend, "", json!({ "type": kind }), expected);
    }
    let mut several = dead(Provider::Resend);
    several["data"]["to"] = json!(["a@example.com", "b@example.com"]);
    let Outcome::Notices(notices) = signed(Provider::Resend, &several).read().unwrap() else { panic!() };
    assert_eq!(notices[0].address, None);
}

#[test]
fn scaleway() {
    let event = |kind: &str, code: u16, said: &str, expected: &str| {
        let changes = json!({ "type": kind, "email_response_code": code, "email_response_message": said });
        check(Provider::Scaleway, "", changes, expected);
    };
    event("email_mailbox_not_found", 550, "", "suppress address_dead");
    event("email_dropped", 550, "5.1.1 no such user", "suppress address_dead");
    event("email_dropped", 550, "no", "soft other");
    event("email_dropped", 554, "5.7.1 blocked", "trouble policy");
    event("email_spam", 550, "no such user", "trouble content");
    event("email_deferred", 450, "later", "retry deferred");
    event("email_blocklisted", 550, "", "soft provider_list");
    for other in ["email_queued", "email_delivered", "blocklist_created", "unknown_type"] {
        event(other, 250, "", "nothing");
    }
}

#[test]
fn forwardemail() {
    let event = |category: &str, action: &str, said: &str, expected: &str| {
        let code = if action == "defer" { 450 } else { 550 };
        let changes = json!({
            "response": said, "response_code": code,
            "bounce": { "action": action, "category": category, "code": code },
        });
        check(Provider::ForwardEmail, "", changes, expected);
    };
    event("recipient", "reject", "550 5.1.1 no such user", "suppress address_dead");
    event("recipient", "reject", "", "suppress address_dead");
    event("recipient", "reject", "550 5.2.2 mailbox full", "soft mailbox_full");
    event("recipient", "defer", "450 4.2.0 busy", "retry deferred");
    for ours in ["block", "blocklist", "policy"] {
        event(ours, "reject", "550 no such user", "trouble policy");
    }
    for ours in ["spam", "virus"] {
        event(ours, "reject", "550 no such user", "trouble content");
    }
    event("dmarc", "reject", "", "trouble authentication");
    event("other", "reject", "", "soft other");
    check(Provider::ForwardEmail, "", json!({ "bounce": null }), "nothing");
}
