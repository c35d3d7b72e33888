//! Logs as Terraform takes them from a plugin: one JSON object a line on stderr.

use std::fmt::Debug;
use std::io::Write;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value as Json};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// Crates whose own doings are of no interest to users.
const QUIET: [&str; 6] = ["h2", "hyper", "hyper_util", "rustls", "tonic", "tower"];

/// A line over 64 KiB falls apart at the host.
const LONGEST_TEXT: usize = 8 * 1024;

/// Starts logging, unless the provider has set up its own; off unless TF_LOG_PROVIDER or TF_LOG ask for it.
pub(crate) fn install(variable: impl Fn(&str) -> Option<String>) {
    let level = level(variable("TF_LOG_PROVIDER").or_else(|| variable("TF_LOG")).as_deref());
    if level == LevelFilter::OFF {
        return;
    }
    let targets = Targets::new()
        .with_default(level)
        .with_targets(QUIET.map(|target| (target, level.min(LevelFilter::WARN))));
    let layer = HcLog(|line: &str| {
        // Nobody is left to tell if stderr is gone.
        let _ = std::io::stderr().lock().write_all(line.as_bytes());
    });
    let subscriber = tracing_subscriber::registry().with(layer.with_filter(targets));
    // An error says that the provider has a subscriber of its own.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

fn level(text: Option<&str>) -> LevelFilter {
    match text.map(str::to_ascii_lowercase).as_deref() {
        Some("trace" | "json") => LevelFilter::TRACE,
        Some("debug") => LevelFilter::DEBUG,
        Some("info") => LevelFilter::INFO,
        Some("warn") => LevelFilter::WARN,
        Some("error") => LevelFilter::ERROR,
        None | Some("" | "off") => LevelFilter::OFF,
        // Terraform takes what it does not know for trace.
        Some(_) => LevelFilter::TRACE,
    }
}

/// Writes each event as a line, with the fields of the spans it happened in.
struct HcLog<W>(W);

impl<S, W> Layer<S> for HcLog<W>
where
    S: Subscriber + for<'l> LookupSpan<'l>,
    W: Fn(&str) + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            if let Some(fields) = span.extensions().get::<Fields>() {
                line.0.extend(fields.0.clone());
            }
        }
        event.record(&mut line);
        let message = line.0.remove("message").unwrap_or_default();
        // The host breaks down over a message or level that is not a string.
        let message = message.as_str().map_or_else(|| message.to_string(), str::to_owned);
        line.0.insert("@message".to_owned(), message.into());
        line.0.insert("@level".to_owned(), name(*event.metadata().level()).into());
        line.0.insert("@module".to_owned(), event.metadata().target().into());
        line.0.insert("@timestamp".to_owned(), timestamp(SystemTime::now()).into());
        (self.0)(&format!("{}\n", Json::Object(line.0)));
    }
}

fn name(level: Level) -> &'static str {
    match level {
        Level::TRACE => "trace",
        Level::DEBUG => "debug",
        Level::INFO => "info",
        Level::WARN => "warn",
        Level::ERROR => "error",
    }
}

#[derive(Default)]
struct Fields(Map<String, Json>);

impl Fields {
    fn text(&mut self, field: &Field, mut text: String) {
        if text.len() > LONGEST_TEXT {
            text.truncate(text.floor_char_boundary(LONGEST_TEXT));
            text.push_str("...");
        }
        self.0.insert(field.name().to_owned(), text.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.text(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.text(field, value.to_owned());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

/// UTC with six digits after the second; with any other number of them the host takes the line for plain text.
fn timestamp(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    let (year, month, day) = date(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.{:06}Z",
        second / 3600,
        second / 60 % 60,
        second % 60,
        since.subsec_micros()
    )
}

/// Year, month and day of the day `days` after 1970-01-01.
fn date(days: u64) -> (u64, u64, u64) {
    // Counted from 0000-03-01, so that the leap day is the last of its year; an era is 400 years of 146 097 days.
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    fn lines(log: impl FnOnce()) -> Vec<Json> {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let layer = HcLog({
            let lines = Arc::clone(&lines);
            move |line: &str| lines.lock().unwrap().push(serde_json::from_str(line).unwrap())
        });
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let lines = lines.lock().unwrap();
        lines.clone()
    }

    #[test]
    fn a_line_says_what_happened_where_in_strings_the_host_can_take() {
        let lines = lines(|| {
            let span = tracing::info_span!("call", resource = "tiny_note", attempt = 2);
            let _entered = span.enter();
            tracing::warn!(size = 3, "slow");
        });
        assert_eq!(lines[0]["@message"], "slow");
        assert_eq!(lines[0]["@level"], "warn");
        assert_eq!(lines[0]["resource"], "tiny_note");
        assert_eq!(lines[0]["attempt"], 2);
        assert_eq!(lines[0]["size"], 3);
        assert_eq!(lines[0]["@timestamp"].as_str().unwrap().len(), "2006-01-02T15:04:05.000000Z".len());
    }

    #[test]
    fn a_long_text_is_cut_before_the_line_falls_apart() {
        let lines = lines(|| tracing::info!(text = "ü".repeat(100_000)));
        assert!(lines[0]["text"].as_str().unwrap().len() < 9_000);
    }

    #[test]
    fn dates_are_right_around_leap_days() {
        let at = |seconds| timestamp(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(at(0), "1970-01-01T00:00:00.000000Z");
        assert_eq!(at(951_782_399), "2000-02-28T23:59:59.000000Z");
        assert_eq!(at(951_782_400), "2000-02-29T00:00:00.000000Z");
        assert_eq!(at(1_795_435_200), "2026-11-23T12:00:00.000000Z");
    }

    #[test]
    fn nothing_is_logged_unless_asked_for() {
        assert_eq!(level(None), LevelFilter::OFF);
        assert_eq!(level(Some("INFO")), LevelFilter::INFO);
        assert_eq!(level(Some("JSON")), LevelFilter::TRACE);
    }
}
