//! Connections that say nothing end: half a request holds its place no longer than [`IDLE_MAX`].
//!
//! The limit stands below HTTP, so that it is the same for a head, a body, a connection kept open
//! between two requests, and an answer that nobody takes.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// Longest a connection may stand still. Longer than any handler works.
pub const IDLE_MAX: Duration = Duration::from_mins(1);

/// A listener whose connections end when they stand still.
pub struct Patient<L> {
    listener: L,
    idle_max: Duration,
}

/// A connection that ends when it stands still.
pub struct PatientIo<Io> {
    io: Io,
    idle_max: Duration,
    end: Pin<Box<Sleep>>,
}

impl<L> Patient<L> {
    /// The connections of `listener`, each of which may stand still for `idle_max`.
    pub const fn new(listener: L, idle_max: Duration) -> Self {
        Self { listener, idle_max }
    }
}

impl<L: Listener> Listener for Patient<L> {
    type Io = PatientIo<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        let (io, peer) = self.listener.accept().await;
        let idle_max = self.idle_max;
        let end = Box::pin(sleep(idle_max));
        (PatientIo { io, idle_max, end }, peer)
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

impl<Io> PatientIo<Io> {
    /// What `moved` says, or the end of the connection when nothing has moved for too long.
    fn or_end<T>(
        &mut self,
        context: &mut Context<'_>,
        moved: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if moved.is_ready() {
            self.end.as_mut().reset(Instant::now() + self.idle_max);
            return moved;
        }
        self.end
            .as_mut()
            .poll(context)
            .map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for PatientIo<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let moved = Pin::new(&mut self.io).poll_read(context, buffer);
        self.or_end(context, moved)
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for PatientIo<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.io).poll_write(context, bytes);
        self.or_end(context, moved)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A flush that has nothing to do is no sign of life.
        match Pin::new(&mut self.io).poll_flush(context) {
            Poll::Pending => self.or_end(context, Poll::Pending),
            done @ Poll::Ready(_) => done,
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let moved = Pin::new(&mut self.io).poll_shutdown(context);
        self.or_end(context, moved)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let moved = Pin::new(&mut self.io).poll_write_vectored(context, slices);
        self.or_end(context, moved)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

#[cfg(test)]
mod tests;
