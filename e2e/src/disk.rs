//! A disk that is small enough to be filled.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What fills it.
const FILLER: &str = "filler";
/// Written at once.
const BLOCK: usize = 64 * 1024;

/// A tmpfs over a folder; it goes when dropped, which must be before the folder.
pub struct SmallDisk {
    folder: PathBuf,
}

impl SmallDisk {
    /// Mounts one of so many bytes. Only root may.
    pub fn over(folder: &Path, bytes: u64) -> Self {
        std::fs::create_dir_all(folder).expect("a folder can be made");
        let size = format!("size={bytes},mode=0700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
        let mounted = mounted.expect("mount can be started");
        assert!(
            mounted.status.success(),
            "a tmpfs cannot be mounted, which this test needs root with CAP_SYS_ADMIN for (in a container: \
             --cap-add SYS_ADMIN): {}",
            String::from_utf8_lossy(&mounted.stderr).trim()
        );
        SmallDisk { folder: folder.to_owned() }
    }

    /// Fills it until so many bytes are left.
    pub fn fill(&self, left: u64) {
        let free = |folder: &Path| {
            let disk = rustix::fs::statvfs(folder).expect("a mounted disk tells what is free");
            disk.f_bavail * disk.f_bsize
        };
        let mut filler = File::create(self.folder.join(FILLER)).expect("a file fits on the disk");
        while free(&self.folder) > left {
            let more = usize::try_from(free(&self.folder) - left).unwrap_or(BLOCK).min(BLOCK);
            filler.write_all(&vec![b'x'; more]).expect("what is free can be filled");
        }
    }

    /// Gives everything back.
    pub fn free(&self) {
        std::fs::remove_file(self.folder.join(FILLER)).expect("what fills the disk is ours");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a program of a test that failed may still have a file open.
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}
