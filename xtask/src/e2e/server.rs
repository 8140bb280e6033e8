//! Servers of pages that run while a check looks at them.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::{Result, Trying};

const MOST_TIME: Duration = Duration::from_secs(60);

/// A server, which ends when this is dropped.
pub(super) struct Server {
    child: Child,
    /// Its address, with a slash at the end.
    pub(super) address: String,
}

impl Server {
    /// Starts a server on a free port, which the command is made for, and waits until it answers.
    pub(super) fn start(command: impl FnOnce(&str) -> Command) -> Result<Self> {
        let free = TcpListener::bind("127.0.0.1:0").trying("a free port")?;
        let place = free.local_addr().trying("a free port")?;
        drop(free);
        let mut command = command(&place.port().to_string());
        let silent = command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self {
            child: silent.spawn().trying("the server")?,
            address: format!("http://{place}/"),
        };
        let started = Instant::now();
        while TcpStream::connect(place).is_err() {
            if let Some(status) = server.child.try_wait().trying("the server")? {
                return Err(format!("the server ended: {status}"));
            }
            if started.elapsed() > MOST_TIME {
                return Err("the server does not answer".to_owned());
            }
            sleep(Duration::from_millis(100));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A server that has ended by itself is what is wanted as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
