//! The names of unique constraints, which SQLite leaves out of its messages.

use std::collections::HashMap;

use rusqlite::Connection;

/// From the columns that a message lists (`document.org, document.id`) to the constraint's name in the schema.
#[derive(Default)]
pub(super) struct Constraints {
    names: HashMap<String, String>,
}

impl Constraints {
    /// Finds the name of the constraint that SQLite's message speaks of.
    ///
    /// The schema is read when the message is not known yet: at the first clash, and after a migration.
    pub(super) fn name(&mut self, connection: &Connection, message: &str) -> String {
        let clash = message.split_once("failed: ").map_or(message, |(_, clash)| clash);
        if let Some(index) = clash.strip_prefix("index ") {
            return index.trim_matches('\'').to_owned();
        }
        if !self.names.contains_key(clash) {
            // An unreadable schema leaves the table as it was; the columns are then the best name there is.
            self.names = read(connection).unwrap_or_default();
        }
        self.names.get(clash).cloned().unwrap_or_else(|| clash.to_owned())
    }
}

fn read(connection: &Connection) -> rusqlite::Result<HashMap<String, String>> {
    let mut names = HashMap::new();
    let mut tables = connection
        .prepare("select name, sql from sqlite_schema where type = 'table' and sql is not null")?;
    let tables = tables.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for table in tables {
        let (table, text): (String, String) = table?;
        let mut key = connection
            .prepare("select name from pragma_table_info($1) where pk > 0 order by pk")?;
        let key = key.query_map([&table], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
        names.insert(listed(&table, &key), format!("{table}_pkey"));
        let mut indexes = connection.prepare(
            "select name, origin from pragma_index_list($1) where \"unique\" and origin <> 'pk'",
        )?;
        let indexes = indexes.query_map([&table], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for index in indexes {
            let (index, origin): (String, String) = index?;
            let mut columns =
                connection.prepare("select name from pragma_index_info($1) order by seqno")?;
            let columns = columns
                .query_map([&index], |row| row.get(0))?
                .collect::<Result<Vec<Option<String>>, _>>()?;
            // An index on an expression is named by the message itself.
            let Some(columns) = columns.into_iter().collect::<Option<Vec<_>>>() else { continue };
            let name = if origin == "u" { declared(&text, &columns) } else { Some(index) };
            let name = name.unwrap_or_else(|| format!("{table}_{}_key", columns.join("_")));
            names.insert(listed(&table, &columns), name);
        }
    }
    Ok(names)
}

/// The columns as SQLite's messages list them.
fn listed(table: &str, columns: &[String]) -> String {
    columns.iter().map(|column| format!("{table}.{column}")).collect::<Vec<_>>().join(", ")
}

/// The name in `constraint NAME unique (COLUMNS)` of a table's definition.
fn declared(table: &str, columns: &[String]) -> Option<String> {
    let text = table.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    text.split("constraint ").skip(1).find_map(|rest| {
        let (name, rest) = rest.split_once(' ')?;
        let (listed, _) =
            rest.strip_prefix("unique")?.trim_start().strip_prefix('(')?.split_once(')')?;
        listed
            .split(',')
            .map(str::trim)
            .eq(columns.iter().map(String::as_str))
            .then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_found_by_their_columns() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "create table a (k integer primary key, org integer, id blob, n text, unique (n),
                     constraint a_id_key unique (org,  id)) strict;
                 create unique index a_upper on a (upper(n));
                 create unique index a_part on a (org, n) where id is null;
                 create table b (org integer, m integer, primary key (org, m)) strict, without rowid;",
            )
            .unwrap();
        let mut constraints = Constraints::default();
        for (message, name) in [
            ("UNIQUE constraint failed: a.org, a.id", "a_id_key"),
            ("UNIQUE constraint failed: a.n", "a_n_key"),
            ("UNIQUE constraint failed: a.org, a.n", "a_part"),
            ("UNIQUE constraint failed: a.k", "a_pkey"),
            ("UNIQUE constraint failed: index 'a_upper'", "a_upper"),
            ("UNIQUE constraint failed: b.org, b.m", "b_pkey"),
        ] {
            assert_eq!(constraints.name(&connection, message), name);
        }
    }
}
