//! Duplicates within a file.

use std::collections::HashMap;

use bindery_domain::ObjectName;

use super::Mistake;

/// What has come so far among things that must differ.
#[derive(Default)]
pub(crate) struct Seen {
    ids: HashMap<String, usize>,
    names: HashMap<String, Named>,
}

/// The earlier ones of a name.
struct Named {
    line: usize,
    all_have_ids: bool,
}

impl Seen {
    /// An id that may come once.
    pub(crate) fn id(&mut self, what: &str, id: &str, line: usize, mistakes: &mut Vec<Mistake>) {
        if let Some(earlier) = self.ids.get(id) {
            let message = format!("duplicate {what} id {id}: it stands on line {earlier} already");
            mistakes.push(Mistake::new(line, message));
        } else {
            self.ids.insert(id.to_owned(), line);
        }
    }

    /// A label that may come once, whatever the ids.
    pub(crate) fn label(&mut self, label: &ObjectName, line: usize, mistakes: &mut Vec<Mistake>) {
        if let Some(earlier) = self.ids.get(&label.identity()) {
            let label = label.as_str();
            let message = format!("duplicate label {label:?}: it stands on line {earlier} already");
            mistakes.push(Mistake::new(line, message));
        } else {
            self.ids.insert(label.identity(), line);
        }
    }

    /// A name. Two things may share one only when ids tell them apart.
    pub(crate) fn name(
        &mut self,
        what: &str,
        name: &ObjectName,
        has_id: bool,
        line: usize,
        mistakes: &mut Vec<Mistake>,
    ) {
        let key = name.identity();
        let Some(earlier) = self.names.get_mut(&key) else {
            self.names.insert(key, Named { line, all_have_ids: has_id });
            return;
        };
        if !(has_id && earlier.all_have_ids) {
            let earlier = earlier.line;
            let message = format!(
                "duplicate {what} {:?}: it stands on line {earlier} already; two of a name need ids",
                name.as_str()
            );
            mistakes.push(Mistake::new(line, message));
        }
        earlier.all_have_ids &= has_id;
    }
}
