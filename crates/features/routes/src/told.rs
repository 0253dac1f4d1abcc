//! What an error says, with what is behind it.

/// An error with its causes, each said once: errors of connections keep the reason below.
pub fn told(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !sentence.contains(&said) {
            sentence.push_str(&format!(": {said}"));
        }
        source = cause.source();
    }
    sentence
}
