//! Connections that read, on threads that may wait.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::connection;
use crate::StoreError;

/// Readers at work at once. Two cores are the machine we are made for; four hide a slow disk.
const READERS: usize = 4;

pub(super) struct Readers {
    path: PathBuf,
    idle: Arc<Mutex<Vec<Connection>>>,
    turns: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(path: PathBuf) -> Self {
        Readers { path, idle: Arc::default(), turns: Arc::new(Semaphore::new(READERS)) }
    }

    /// The file.
    pub(super) fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// Does a piece of work with a connection, off the threads that serve.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let (idle, path) = (Arc::clone(&self.idle), self.path.clone());
        tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let waiting = lock(&idle).pop();
            let mut connection = match waiting {
                Some(connection) => connection,
                None => connection::open_reader(&path)?,
            };
            let result = work(&mut connection);
            lock(&idle).push(connection);
            result
        })
        .await
        .map_err(|_| StoreError::Closed)?
    }

    pub(super) fn close(&self) {
        self.turns.close();
        lock(&self.idle).clear();
    }
}

/// A list of connections is sound whatever happened to the thread that held it.
fn lock(idle: &Mutex<Vec<Connection>>) -> std::sync::MutexGuard<'_, Vec<Connection>> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}
