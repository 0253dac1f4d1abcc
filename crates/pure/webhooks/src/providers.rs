//! One file a service: how it proves itself, and what its events mean.

pub(crate) mod brevo;
pub(crate) mod forwardemail;
pub(crate) mod mailgun;
pub(crate) mod mailjet;
pub(crate) mod postmark;
pub(crate) mod resend;
pub(crate) mod scaleway;
pub(crate) mod sendgrid;
pub(crate) mod ses;
pub(crate) mod sparkpost;
