//! Threads that sign: an RSA signature takes longer than all the rest of a mail, and would keep a worker of the
//! runtime from answering its connections.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;
use wire::dkim::{Coverage, DkimError, Signer};

use super::sheet::Sheet;

/// Why a sheet came back unsigned.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsigned {
    /// The signer refused.
    #[error(transparent)]
    Dkim(#[from] DkimError),
    /// The signing threads are gone.
    #[error("the mail could not be signed: a fault of the program")]
    Gone,
}

struct Order {
    sheet: Sheet,
    signer: Arc<Signer>,
    coverage: Coverage,
    at: u64,
    done: oneshot::Sender<(Sheet, Result<(), DkimError>)>,
}

/// As many signing threads as there are cores; they end with the last hand on them.
#[derive(Clone)]
pub(super) struct Signers {
    orders: Sender<Order>,
}

impl Signers {
    pub(super) fn start() -> std::io::Result<Self> {
        let (orders, waiting) = channel::<Order>();
        let waiting = Arc::new(Mutex::new(waiting));
        let threads = thread::available_parallelism().map_or(1, usize::from);
        for number in 0..threads {
            let waiting = Arc::clone(&waiting);
            thread::Builder::new().name(format!("signer-{number}")).spawn(move || work(&waiting))?;
        }
        Ok(Signers { orders })
    }

    /// Signs what is on a sheet; the sheet comes back in any case but a fault of the program.
    pub(super) async fn sign(
        &self,
        sheet: &mut Sheet,
        signer: Arc<Signer>,
        coverage: Coverage,
        at: u64,
    ) -> Result<(), Unsigned> {
        let (done, signed) = oneshot::channel();
        let order = Order { sheet: std::mem::take(sheet), signer, coverage, at, done };
        self.orders.send(order).map_err(|_| Unsigned::Gone)?;
        let (back, result) = signed.await.map_err(|_| Unsigned::Gone)?;
        *sheet = back;
        Ok(result?)
    }
}

fn work(waiting: &Mutex<Receiver<Order>>) {
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Order { mut sheet, signer, coverage, at, done }) = next else { return };
        let result = sheet.sign(&signer, coverage, at);
        // A line that went away wants no signature.
        let _ = done.send((sheet, result));
    }
}
