//! Why a request is not listened to.

/// Why a request is not listened to. The first five mean that it may be forged: answer 401 or 403 and do nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// There is nothing to check it with.
    #[error("no secret is set for this service, so nothing it says can be believed")]
    NoSecret,
    /// What must carry the proof is not there.
    #[error("the request carries no {0}")]
    NoProof(&'static str),
    /// The proof is wrong.
    #[error("the {0} is not right")]
    WrongProof(&'static str),
    /// Validly signed, but of a topic that is not ours.
    #[error("the notice is of the topic {0}, which is not the one set for this service")]
    OtherTopic(String),
    /// Signed long ago, or in the future: a repetition by somebody else.
    #[error("the notice was signed too long ago, or in the future")]
    Stale,
    /// SNS signs with SHA-1.
    #[error(
        "the topic signs its notices with SHA-1, which is not accepted: switch the topic to SignatureVersion 2 \
         (SetTopicAttributes, SignatureVersion = 2)"
    )]
    OldSignature,
    /// An address in the notice is not one of the service's own.
    #[error("the address {0} is not one of the service's own")]
    ForeignAddress(String),
    /// A certificate is needed and was not given, or is none.
    #[error("the certificate of the service cannot be used: {0}")]
    Certificate(&'static str),
    /// The secret as it is set cannot work.
    #[error("the secret set for this service is not {0}")]
    Secret(&'static str),
    /// Larger than anything a service sends.
    #[error("the notice is too large")]
    TooLarge,
    /// More events than any service sends.
    #[error("the notice holds more than {} events", crate::MOST_EVENTS)]
    TooMany,
    /// Proved to come from the service, but not in a form we know.
    #[error("the notice is not understood: {0}")]
    NotUnderstood(&'static str),
}

impl WebhookError {
    /// Whether whoever sent it failed to prove who it is.
    pub fn is_forgery(&self) -> bool {
        matches!(
            self,
            Self::NoSecret
                | Self::NoProof(_)
                | Self::WrongProof(_)
                | Self::OtherTopic(_)
                | Self::Stale
                | Self::OldSignature
                | Self::ForeignAddress(_)
        )
    }
}
