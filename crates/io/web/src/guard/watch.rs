//! A handler that takes too long or panics still gets an answer out.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use axum::response::{IntoResponse, Response};

use crate::WebError;

pub(crate) async fn over(answer: impl Future<Output = Response>, limit: Duration) -> Response {
    match tokio::time::timeout(limit, caught(answer)).await {
        Ok(Ok(response)) => response,
        Ok(Err(words)) => WebError::internal(format!("a handler panicked: {words}")).into_response(),
        Err(_) => WebError::TooSlow.into_response(),
    }
}

async fn caught<T>(answer: impl Future<Output = T>) -> Result<T, String> {
    let mut answer = pin!(answer);
    // The future is dropped after a panic and never polled again, so a broken state is seen by nobody.
    poll_fn(move |context| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context))) {
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(panic) => {
            let words = panic
                .downcast_ref::<&str>()
                .map(|words| (*words).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned());
            Poll::Ready(Err(words.unwrap_or_default()))
        }
    })
    .await
}
