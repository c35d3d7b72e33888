//! Accepted connections, secured or plain, as the gRPC server takes them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::listener::Listener;

/// How long a caller may take to say who it is.
const TLS_PATIENCE: Duration = Duration::from_secs(10);

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// One connection.
pub(crate) struct Connection(Box<dyn Stream>);

/// The connections that `listener` accepts, each after its TLS handshake if there is an `acceptor`, and the task that accepts.
///
/// One caller that is slow or refused does not hold up the others.
pub(crate) fn accept_all(
    listener: Listener,
    acceptor: Option<TlsAcceptor>,
) -> (ReceiverStream<io::Result<Connection>>, JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(16);
    let task = tokio::spawn(async move {
        loop {
            let stream = tokio::select! {
                accepted = listener.accept() => accepted,
                () = sender.closed() => return,
            };
            let stream = match stream {
                Ok(stream) => stream,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    // Out of file descriptors, for one; trying again at once would spin.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            };
            tokio::spawn(hand_over(stream, acceptor.clone(), sender.clone()));
        }
    });
    (ReceiverStream::new(receiver), task)
}

async fn hand_over(
    stream: impl Stream + 'static,
    acceptor: Option<TlsAcceptor>,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    let connection = match acceptor {
        None => Connection(Box::new(stream)),
        Some(acceptor) => match tokio::time::timeout(TLS_PATIENCE, acceptor.accept(stream)).await {
            Ok(Ok(secured)) => Connection(Box::new(secured)),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a connection was refused");
                return;
            }
            Err(_) => {
                tracing::warn!("a connection was refused: it did not finish its TLS handshake");
                return;
            }
        },
    };
    // The server has ended when nobody takes it.
    let _ = sender.send(Ok(connection)).await;
}

impl Connected for Connection {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}
