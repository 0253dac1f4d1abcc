//! The body on its way, its last byte held back until the gate opens.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use wire::smtp::{dot_stuff, needs_dots};

use super::Connection;
use super::exchange::Fault;

/// What became of a body.
pub(super) struct Sent {
    /// Whether its last byte was taken by the system.
    pub(super) last_byte_left: bool,
    /// Why it could not be written, if so; the server's answer may still tell the reason.
    pub(super) fault: Option<Fault>,
}

/// A gate that said no, and whether bytes of the body had left.
pub(super) struct Shut<E> {
    pub(super) error: E,
    pub(super) begun: bool,
}

impl Connection {
    /// `head` and the message in one write, once the gate has opened: the ledger is quicker than a round trip, and two
    /// writes would cost the system twice.
    pub(super) async fn send<E>(
        &mut self,
        message: &[u8],
        gate: Pin<&mut impl Future<Output = Result<(), E>>>,
    ) -> Result<Sent, Shut<E>> {
        gate.await.map_err(|error| Shut { error, begun: false })?;
        self.usable = false;
        // A server that gave up meanwhile is heard before anything of the mail has left: the case stays a clear one.
        if let Err(fault) = self.exchange.listen() {
            return Ok(Sent { last_byte_left: false, fault: Some(fault) });
        }
        let last = if message.ends_with(b"\r\n") { b"".as_slice() } else { b"\r\n" };
        let head = std::mem::take(&mut self.head);
        let (written, result) = self.exchange.write([&head, message, last], self.timeouts.block).await;
        let last_byte_left = written == head.len() + message.len() + last.len();
        self.head = head;
        Ok(Sent { last_byte_left, fault: result.err() })
    }

    /// The message as DATA wants it, whose end mark waits for the gate.
    pub(super) async fn send_dotted<E>(
        &mut self,
        message: &[u8],
        gate: Pin<&mut impl Future<Output = Result<(), E>>>,
    ) -> Result<Sent, Shut<E>> {
        let last = if message.ends_with(b"\r\n") { b".\r\n".as_slice() } else { b"\r\n.\r\n" };
        if !needs_dots(message) {
            return self.send_gated(message, last, gate).await;
        }
        let mut dotted = std::mem::take(&mut self.dotted);
        dotted.clear();
        dot_stuff(message, &mut dotted);
        let sent = self.send_gated(&dotted, last, gate).await;
        self.dotted = dotted;
        sent
    }

    async fn send_gated<E>(
        &mut self,
        front: &[u8],
        last: &[u8],
        mut gate: Pin<&mut impl Future<Output = Result<(), E>>>,
    ) -> Result<Sent, Shut<E>> {
        let patience = self.timeouts.block;
        match poll_fn(|cx| Poll::Ready(gate.as_mut().poll(cx))).await {
            Poll::Ready(Err(error)) => return Err(Shut { error, begun: false }),
            Poll::Ready(Ok(())) => {
                self.usable = false;
                let (written, result) = self.exchange.write([front, last, &[]], patience).await;
                let last_byte_left = written == front.len() + last.len();
                return Ok(Sent { last_byte_left, fault: result.err() });
            }
            Poll::Pending => {}
        }
        self.usable = false;
        if let (_, Err(fault)) = self.exchange.write([front, &[], &[]], patience).await {
            return Ok(Sent { last_byte_left: false, fault: Some(fault) });
        }
        gate.await.map_err(|error| Shut { error, begun: true })?;
        // The last moment at which a server that gave up meanwhile makes the case a clear one.
        if let Err(fault) = self.exchange.listen() {
            return Ok(Sent { last_byte_left: false, fault: Some(fault) });
        }
        let (written, result) = self.exchange.write([last, &[], &[]], patience).await;
        Ok(Sent { last_byte_left: written == last.len(), fault: result.err() })
    }
}
