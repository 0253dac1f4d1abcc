//! The services whose notices are understood.

use policy::Unknown;

/// A sending service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provider {
    /// Amazon SES, by way of SNS.
    Ses,
    /// Twilio SendGrid.
    SendGrid,
    /// Mailgun.
    Mailgun,
    /// Postmark.
    Postmark,
    /// Brevo.
    Brevo,
    /// Mailjet.
    Mailjet,
    /// SparkPost.
    SparkPost,
    /// Resend.
    Resend,
    /// Scaleway Transactional Email, by way of Topics and Events.
    Scaleway,
    /// Forward Email.
    ForwardEmail,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Ses,
        Self::SendGrid,
        Self::Mailgun,
        Self::Postmark,
        Self::Brevo,
        Self::Mailjet,
        Self::SparkPost,
        Self::Resend,
        Self::Scaleway,
        Self::ForwardEmail,
    ];

    /// The name in settings, addresses and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ses => "ses",
            Self::SendGrid => "sendgrid",
            Self::Mailgun => "mailgun",
            Self::Postmark => "postmark",
            Self::Brevo => "brevo",
            Self::Mailjet => "mailjet",
            Self::SparkPost => "sparkpost",
            Self::Resend => "resend",
            Self::Scaleway => "scaleway",
            Self::ForwardEmail => "forwardemail",
        }
    }
}

impl std::fmt::Display for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Provider {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|provider| provider.as_str() == text);
        known.ok_or_else(|| Unknown { what: "sending service", value: text.to_owned() })
    }
}
