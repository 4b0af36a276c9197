//! Log lines on stderr: for people, or one JSON object a line. Each carries the trace id of the request it belongs to.

mod fields;

use std::fmt;

use serde_json::Value;
use tracing::{Event, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogFormat, LoggingConfig};
use crate::middleware::current;
use fields::Fields;

/// Begins to log. The first call of a process counts.
pub fn init(config: &LoggingConfig) {
    // The storage's library tells of each credential that it has found; who wants that says so.
    let filter = EnvFilter::builder().parse_lossy(format!("aws_config=warn,{}", config.filter));
    let line = Line { format: config.format, is_coloured: config.is_coloured() };
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).event_format(line);
    // A second call can only come from a test that runs two commands in one process.
    _ = tracing_subscriber::registry().with(filter).with(layer).try_init();
}

/// How a line is written.
struct Line {
    format: LogFormat,
    is_coloured: bool,
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut fields = Fields::default();
        event.record(&mut fields);
        if let Some(trace) = current::trace_id() {
            fields.add("traceId", trace.to_string().into());
            current::with_client(|client| {
                if let Some(client) = client {
                    fields.add("client", client.into());
                }
            });
        }
        let time = format!("{:.3}", jiff::Timestamp::now());
        match self.format {
            LogFormat::Json => write_json(&mut writer, event, time, fields),
            LogFormat::Text => write_text(&mut writer, event, &time, fields, self.is_coloured),
        }
    }
}

fn write_json(
    writer: &mut Writer<'_>,
    event: &Event<'_>,
    time: String,
    fields: Fields,
) -> fmt::Result {
    let mut line = serde_json::Map::new();
    line.insert("time".to_owned(), time.into());
    line.insert("level".to_owned(), event.metadata().level().as_str().to_lowercase().into());
    line.insert("target".to_owned(), event.metadata().target().into());
    line.insert("message".to_owned(), fields.message.into());
    line.extend(fields.others.into_iter().map(|(name, value)| (name.to_owned(), value)));
    writeln!(writer, "{}", Value::Object(line))
}

fn write_text(
    writer: &mut Writer<'_>,
    event: &Event<'_>,
    time: &str,
    fields: Fields,
    is_coloured: bool,
) -> fmt::Result {
    let level = event.metadata().level();
    let (on, dim, off) = match *level {
        _ if !is_coloured => ("", "", ""),
        tracing::Level::ERROR => ("\x1b[31m", "\x1b[2m", "\x1b[0m"),
        tracing::Level::WARN => ("\x1b[33m", "\x1b[2m", "\x1b[0m"),
        _ => ("\x1b[32m", "\x1b[2m", "\x1b[0m"),
    };
    write!(writer, "{dim}{time}{off} {on}{level:5}{off} {}", on_one_line(&fields.message))?;
    for (name, value) in fields.others {
        match value {
            Value::String(text) if is_plain(&text) => write!(writer, " {dim}{name}={off}{text}")?,
            other => write!(writer, " {dim}{name}={off}{other}")?,
        }
    }
    writeln!(writer)
}

/// Text from outside must not be able to begin a line or to drive the terminal.
fn on_one_line(message: &str) -> String {
    let mut line = String::with_capacity(message.len());
    for c in message.chars() {
        if c.is_control() { line.extend(c.escape_default()) } else { line.push(c) }
    }
    line
}

fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '"' && c != '=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_begin_a_line() {
        assert_eq!(on_one_line("a\nb\x1b[31m"), "a\\nb\\u{1b}[31m");
        assert!(is_plain("/api/documents"));
        assert!(!is_plain("a b") && !is_plain("a\nb") && !is_plain(""));
    }
}
