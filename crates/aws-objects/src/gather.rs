//! Reads that are asked for at the same time, joined into one call.

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use reconcile::Fault;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

/// How long the first who asks waits for others. Short beside any call to AWS, long beside the engine's scheduling.
const WINDOW: Duration = Duration::from_millis(5);

type Answer<V> = Shared<BoxFuture<'static, Result<Arc<V>, Fault>>>;

struct Batch<K, V> {
    keys: BTreeSet<K>,
    answer: Answer<V>,
}

/// Collects keys that are asked for within a moment and answers all who asked from one call.
pub(crate) struct Gather<K, V> {
    open: Arc<Mutex<Option<Batch<K, V>>>>,
}

impl<K, V> Default for Gather<K, V> {
    fn default() -> Self {
        Gather { open: Arc::default() }
    }
}

impl<K, V> Gather<K, V>
where
    K: Ord + Send + 'static,
    V: Send + Sync + 'static,
{
    /// What `call` gives for `keys` and whatever else was asked for at the same time. Only one of the `call`s of
    /// those who ask together is made; whoever asks may go away without harm to the others.
    pub(crate) async fn ask<F>(
        &self,
        keys: impl IntoIterator<Item = K>,
        call: impl FnOnce(BTreeSet<K>) -> F + Send + 'static,
    ) -> Result<Arc<V>, Fault>
    where
        F: Future<Output = Result<V, Fault>> + Send + 'static,
    {
        let answer = {
            let mut open = self.open.lock().expect("nothing panics while it holds the batch");
            let batch = open.get_or_insert_with(|| Batch { keys: BTreeSet::new(), answer: self.later(call) });
            batch.keys.extend(keys);
            batch.answer.clone()
        };
        answer.await
    }

    fn later<F>(&self, call: impl FnOnce(BTreeSet<K>) -> F + Send + 'static) -> Answer<V>
    where
        F: Future<Output = Result<V, Fault>> + Send + 'static,
    {
        let open = Arc::clone(&self.open);
        async move {
            tokio::time::sleep(WINDOW).await;
            let closed = open.lock().expect("nothing panics while it holds the batch").take();
            let keys = closed.map(|batch| batch.keys).unwrap_or_default();
            Ok(Arc::new(call(keys).await?))
        }
        .boxed()
        .shared()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Default)]
    struct Service {
        calls: Arc<AtomicUsize>,
        gather: Gather<u8, Vec<u8>>,
    }

    impl Service {
        async fn read(&self, keys: &[u8]) -> Vec<u8> {
            let calls = Arc::clone(&self.calls);
            let call = move |keys: BTreeSet<u8>| async move {
                calls.fetch_add(1, Ordering::SeqCst);
                Ok(keys.into_iter().collect())
            };
            self.gather.ask(keys.iter().copied(), call).await.unwrap().to_vec()
        }
        fn calls(&self) -> usize {
            self.calls.load(Ordering::SeqCst)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_who_ask_together_share_one_call() {
        let service = Service::default();
        let (first, second) = join(service.read(&[1, 2]), service.read(&[2, 3])).await;
        assert_eq!((first, second), (vec![1, 2, 3], vec![1, 2, 3]));
        assert_eq!(service.calls(), 1);
        assert_eq!(service.read(&[4]).await, [4], "who asks later is not given an old answer");
        assert_eq!(service.calls(), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_goes_away_leaves_the_others_their_answer() {
        let service = Service::default();
        let impatient = tokio::time::timeout(Duration::from_millis(1), service.read(&[1]));
        let (gone, stayed) = join(impatient, service.read(&[2])).await;
        assert!(gone.is_err());
        assert_eq!(stayed, [1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_fault_reaches_everyone_and_the_next_try_calls_again() {
        let gather: Gather<u8, u8> = Gather::default();
        let failing = || gather.ask([1], |_| async { Err(Fault::refused("Describe", "Nope", "no")) });
        let (first, second) = join(failing(), failing()).await;
        assert!(first.is_err() && second.is_err());
        assert_eq!(*gather.ask([1], |_| async { Ok(7) }).await.unwrap(), 7);
    }
}
