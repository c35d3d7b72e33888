//! What every kind promises the engine, against the sandbox or AWS.

mod connecting;
mod ec2;
mod eks;
mod eks_access;
mod eks_leftovers;
mod eks_nodes;
mod holding;
mod iam;
mod kms;
mod kubernetes;
mod launch_template;
mod logs;
mod site;

use aws_objects::Aws;
use reconcile::{
    Birth, Change, Changes, Depth, Fault, Id, Object, Observed, Patience, Settling, Sort, Tags, patiently,
};
use serde_json::Value;
use site::Site;
use std::{collections::BTreeSet, fmt::Debug, time::Duration};
use tokio::time::{Instant, sleep};

/// An object reads back as it was asked for, is found again by whoever lost its id, can be changed, and can be deleted
/// twice. A change or deletion whose answer gets lost is made again.
pub(crate) async fn keeps_its_promises<O>(site: &Site, wanted: O, changed: O)
where
    O: Object<Cloud = Aws> + PartialEq + Debug,
{
    let aws = site.aws();
    let birth = site.birth();
    let id = make(aws, &wanted, &birth).await;

    let whole = settled(aws, &id, &wanted).await;
    assert_eq!(whole.spec, wanted, "it reads back what it was given");
    let outputs: BTreeSet<&str> = whole.outputs.keys().copied().collect();
    assert_eq!(outputs, O::OUTPUTS.iter().copied().collect(), "it has the outputs it lists");
    let fields = serde_json::to_value(&wanted).expect("a specification is plain data");
    assert!(
        O::ONLY_ORDERS.iter().all(|field| fields.get(field).is_some()),
        "what only gives the order is a field"
    );
    if O::TAGGED {
        assert_eq!(own_tags(&whole), birth.tags, "its tags came with the creating call");
    }

    is_found(aws, &id, &wanted, &birth.tags).await;
    a_cheap_look_says_what_it_left_out(aws, &id, &whole).await;
    an_absent_neighbour_does_not_matter(aws, &id).await;

    let lost_before = site.lost_answers();
    site.lose_an_answer();
    bring(aws, &id, &changed).await;
    assert_eq!(settled(aws, &id, &changed).await.spec, changed, "it can be changed");
    if O::TAGGED {
        tags_can_be_changed(aws, &id, &changed, &birth.tags).await;
    }

    let last = settled(aws, &id, &changed).await.spec;
    site.lose_an_answer();
    delete(aws, &id, &last).await;
    site.lose_no_answers();
    let was_deleted_or_changed = !O::LEFT_BEHIND || wanted != changed;
    assert!(
        !was_deleted_or_changed || site.lost_answers() > lost_before,
        "an answer was lost, and it did not matter"
    );
    if !O::LEFT_BEHIND {
        assert!(read(aws, &id, Depth::Whole).await.is_none(), "it is gone");
        let again = last.delete(aws, &id).await;
        let is_done = again.as_ref().is_ok_or_not_found();
        assert!(is_done, "deleting it twice is no error: {again:?}");
    }
}

/// Makes an object and everything about it that takes further calls.
pub(crate) async fn make<O: Object<Cloud = Aws>>(aws: &Aws, wanted: &O, birth: &Birth) -> Id<O> {
    let id = patiently(working::<O>(), || wanted.create(aws, birth)).await.expect("it can be made");
    bring(aws, &id, wanted).await;
    id
}

/// Deletes an object and waits until it is gone.
pub(crate) async fn delete<O: Object<Cloud = Aws>>(aws: &Aws, id: &Id<O>, last: &O) {
    let deleted = patiently(Patience::working(O::PACE.gone_within), || last.delete(aws, id)).await;
    assert!(deleted.as_ref().is_ok_or_not_found(), "it can be deleted: {deleted:?}");
    let start = Instant::now();
    while !O::LEFT_BEHIND && read(aws, id, Depth::Whole).await.is_some() {
        assert!(start.elapsed() < O::PACE.gone_within, "it goes away in time");
        sleep(Duration::from_millis(100)).await;
    }
}

/// Changes the object until it reads back as `wanted`.
async fn bring<O: Object<Cloud = Aws>>(aws: &Aws, id: &Id<O>, wanted: &O) {
    for _ in 0..20 {
        let seen = settled(aws, id, wanted).await.spec;
        let changes = differences(&seen, wanted);
        if changes.0.is_empty() {
            return;
        }
        patiently(working::<O>(), || wanted.update(aws, id, &seen, &changes))
            .await
            .expect("it can be changed");
    }
    panic!("it does not come to read back as it was asked for");
}

fn working<O: Object>() -> Patience {
    Patience::working(O::PACE.settles_within)
}

/// The object once it has settled, as it reads beside `wanted`.
async fn settled<O: Object<Cloud = Aws>>(aws: &Aws, id: &Id<O>, wanted: &O) -> Observed<O> {
    let start = Instant::now();
    loop {
        assert!(start.elapsed() < O::PACE.settles_within, "it settles in time");
        match read(aws, id, Depth::Whole).await {
            Some(Observed { settling: Settling::Failed(reason), .. }) => panic!("it failed: {reason}"),
            Some(mut seen) if seen.settling == Settling::Settled => {
                O::align(&mut seen.spec, wanted);
                return seen;
            }
            _ => sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn read<O: Object<Cloud = Aws>>(aws: &Aws, id: &Id<O>, depth: Depth) -> Option<Observed<O>> {
    let ids = [id.clone()];
    let mut seen = patiently(Patience::READING, || O::read(aws, &ids, depth)).await.expect("it can be read");
    assert!(seen.iter().all(|object| object.id == *id), "only what was asked for is answered");
    seen.pop()
}

/// By its tags, or by its name when the service cannot search by tags.
async fn is_found<O: Object<Cloud = Aws>>(aws: &Aws, id: &Id<O>, wanted: &O, tags: &Tags) {
    let owner = tags
        .iter()
        .filter(|(key, _)| key.starts_with("luneo:"))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        let owned = O::owned(aws, &owner).await.expect("it can be searched for by tags");
        let found = wanted.find(aws).await.expect("it can be searched for by name");
        let seen = owned.iter().chain(&found).find(|object| object.id == *id);
        if let Some(seen) = seen {
            assert!(!O::TAGGED || own_tags(seen) == *tags, "it is found with its tags");
            return;
        }
        sleep(Duration::from_millis(500)).await;
    }
    panic!("neither its tags nor its name lead to it");
}

async fn a_cheap_look_says_what_it_left_out<O: Object<Cloud = Aws>>(
    aws: &Aws,
    id: &Id<O>,
    whole: &Observed<O>,
) {
    let seen = read(aws, id, Depth::Surface).await.expect("it is there at a glance as well");
    let mut spec = seen.spec;
    O::align(&mut spec, &whole.spec);
    let unseen = differences(&spec, &whole.spec);
    let left_out = |change: &Change| seen.unread.contains(&change.field.as_str());
    assert!(
        unseen.0.iter().all(left_out),
        "{unseen:?} differ and only {:?} are said to be unread",
        seen.unread
    );
}

/// One object that somebody deleted must not hide all others.
async fn an_absent_neighbour_does_not_matter<O: Object<Cloud = Aws>>(aws: &Aws, id: &Id<O>) {
    let absent = Id::new(site::absent(id.as_str()));
    let seen = O::read(aws, &[absent, id.clone()], Depth::Surface).await.expect("an absent id is no error");
    assert_eq!(seen.into_iter().map(|object| object.id.into_string()).collect::<Vec<_>>(), [id.as_str()]);
}

async fn tags_can_be_changed<O: Object<Cloud = Aws>>(aws: &Aws, id: &Id<O>, spec: &O, tags: &Tags) {
    let put = Tags::from([
        ("Name".to_owned(), "renamed".to_owned()),
        ("team".to_owned(), "sky+sea: ä/@".to_owned()),
    ]);
    let remove = ["luneo:address".to_owned()];
    patiently(working::<O>(), || O::retag(aws, id, &put, &remove)).await.expect("tags change");
    let mut expected = tags.clone();
    expected.extend(put);
    expected.remove("luneo:address");
    let start = Instant::now();
    while own_tags(&settled(aws, id, spec).await) != expected {
        assert!(start.elapsed() < Duration::from_secs(60), "its tags can be changed");
        sleep(Duration::from_millis(500)).await;
    }
}

/// Its tags without those of AWS.
fn own_tags<O>(seen: &Observed<O>) -> Tags {
    let tags = seen.tags.clone().expect("the tags of a kind that has some are read");
    tags.into_iter().filter(|(key, _)| !key.starts_with("aws:")).collect()
}

/// The fields that differ; one that is not asked for does not count.
fn differences<O: Object>(before: &O, after: &O) -> Changes {
    let fields = |spec: &O| match serde_json::to_value(spec) {
        Ok(Value::Object(fields)) => fields,
        other => panic!("a specification is a struct, not {other:?}"),
    };
    let before = fields(before);
    let changed = fields(after).into_iter().filter_map(|(field, after)| {
        let before = before.get(&field).cloned().unwrap_or_default();
        (!after.is_null() && before != after).then_some(Change { field, before, after })
    });
    Changes(changed.collect())
}

trait Done {
    fn is_ok_or_not_found(&self) -> bool;
}

impl Done for Result<&(), &Fault> {
    fn is_ok_or_not_found(&self) -> bool {
        self.as_ref().map_or_else(|fault| fault.sort == Sort::NotFound, |()| true)
    }
}
