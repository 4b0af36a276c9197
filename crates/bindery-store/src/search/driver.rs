//! Where the documents of a search are read from, and the statement that reads them.

use super::spec::{FacetPlace, FacetTest, Reach, Spec, Test};
use super::statement::Statement;

/// What a search reads; the other tests are put to each of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Driver {
    /// The index of the documents in reach, newest first.
    Documents,
    /// The facets of the test with this number under this binder, newest first.
    Facets {
        /// Which of the tests.
        test: usize,
        /// Under which binder.
        binder: i64,
    },
    /// The trigrams of names, in no order.
    Names,
}

/// The fewest letters that the trigram index finds.
const TRIGRAM: usize = 3;

impl Driver {
    /// Begins the statement for the documents that pass all tests: `select newest, document …`, without an order.
    pub(crate) fn select(self, org: i64, token: &str, spec: &Spec) -> Statement {
        match self {
            Self::Documents => {
                let mut statement =
                    Statement::new("select d.newest, d.document from document d where ");
                statement.push_reach(org, spec.reach);
                statement.push_tests(org, spec, None, &Columns::DOCUMENT);
                statement
            }
            Self::Names => {
                let mut statement = Statement::new("select d.newest, d.document from ");
                push_names(&mut statement, org, token, spec);
                statement.push(" and ").push_reach(org, spec.reach);
                statement.push_tests(org, spec, None, &Columns::DOCUMENT);
                statement
            }
            Self::Facets { test, binder } => {
                let Some(Test::Facet(facet)) = spec.tests.get(test) else {
                    return Self::Documents.select(org, token, spec);
                };
                let mut statement = Statement::new("select f.newest, f.document from facet f ");
                let columns = if needs_documents(spec, test, binder) {
                    statement.push("cross join document d where d.document = f.document and ");
                    statement.push_reach(org, spec.reach).push(" and ");
                    Columns::FACET_AND_DOCUMENT
                } else {
                    statement.push("where ");
                    Columns::FACET
                };
                statement.push_facet("f", org, binder, facet);
                statement.push_tests(org, spec, Some(test), &columns);
                statement
            }
        }
    }

    /// Whether its rows come newest first without being sorted.
    pub(crate) fn is_in_order(self, spec: &Spec) -> bool {
        match self {
            Self::Documents => true,
            Self::Names => false,
            Self::Facets { test, .. } => {
                matches!(
                    &spec.tests[test],
                    Test::Facet(FacetTest { place: FacetPlace::One(_), .. })
                )
            }
        }
    }

    /// The column that orders its rows.
    pub(crate) fn newest(self) -> &'static str {
        match self {
            Self::Documents | Self::Names => "d.newest",
            Self::Facets { .. } => "f.newest",
        }
    }
}

/// Whether facets alone cannot answer the other tests.
pub(crate) fn needs_documents(spec: &Spec, driver: usize, binder: i64) -> bool {
    let is_of_documents = |test: &Test| match test {
        Test::Word(_) => true,
        Test::TabType(_) => false,
        Test::Facet(facet) => {
            matches!(facet.place, FacetPlace::Each(_)) && binder == super::index::ANY_BINDER
        }
    };
    matches!(spec.reach, Reach::Folder { .. })
        || spec.tests.iter().enumerate().any(|(n, test)| n != driver && is_of_documents(test))
}

/// The words that the trigram index can find.
pub(crate) fn indexed_words(spec: &Spec) -> impl Iterator<Item = &str> {
    spec.tests.iter().filter_map(|test| match test {
        Test::Word(word) if word.chars().count() >= TRIGRAM => Some(word.as_str()),
        _ => None,
    })
}

/// Adds the documents of the organization whose names the trigram index finds: tables, with `document d` among them, and
/// the conditions.
pub(crate) fn push_names(statement: &mut Statement, org: i64, token: &str, spec: &Spec) {
    let query = statement.bind(names_query(token, spec));
    // SQLite does cross joins in the order they stand in: a few names first, then their documents.
    statement.push_each(
        "document_name m cross join document d where d.document = m.rowid and m.document_name match ",
        "document d where ",
    );
    let org = statement.bind(org);
    statement.push_each(
        &query,
        &format!("d.org = {org} and d.trashed_at is null and d.trashed_by is null"),
    );
    // PostgreSQL makes trigrams of letters and digits alone. A word without any would be looked for among all names, so
    // it is left to the test of each document; without any word that helps, all names are found, and not driven from.
    let has_trigram = |word: &&str| {
        word.split(|c: char| !c.is_alphanumeric()).any(|run| run.chars().count() >= TRIGRAM)
    };
    for word in indexed_words(spec).filter(has_trigram) {
        let pattern = statement.bind(like_pattern(word));
        statement.push_each("", " and d.name_search like ").push_each("", &pattern);
    }
}

/// The pattern of `like` for texts that hold a word.
fn like_pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// The query of the trigram index: data between quotes, which are doubled inside, so that nothing in it is an operator.
fn names_query(token: &str, spec: &Spec) -> String {
    let mut query = format!("org : \"{token}\"");
    for word in indexed_words(spec) {
        query.push_str(" AND name : \"");
        query.push_str(&word.replace('"', "\"\""));
        query.push('"');
    }
    query
}

/// How the tests name what they need of a row.
struct Columns {
    key: &'static str,
    newest: &'static str,
    tab: &'static str,
    binder: &'static str,
}

impl Columns {
    const DOCUMENT: Self =
        Self { key: "d.document", newest: "d.newest", tab: "d.tab", binder: "d.binder" };
    const FACET: Self =
        Self { key: "f.document", newest: "f.newest", tab: "f.tab", binder: "f.binder" };
    const FACET_AND_DOCUMENT: Self =
        Self { key: "f.document", newest: "f.newest", tab: "f.tab", binder: "d.binder" };
}

impl Statement {
    /// Adds the conditions on the facets of a value.
    pub(crate) fn push_facet(
        &mut self,
        name: &str,
        org: i64,
        binder: i64,
        facet: &FacetTest,
    ) -> &mut Self {
        self.push_bound(&format!("{name}.org = "), org)
            .push_bound(&format!(" and {name}.binder = "), binder)
            .push_bound(&format!(" and {name}.element = "), facet.element)
            .push_bound(&format!(" and {name}.value = "), facet.value.as_slice());
        self.push_exact(name, facet)
    }

    fn push_exact(&mut self, name: &str, facet: &FacetTest) -> &mut Self {
        if !facet.exact.is_empty() {
            self.push_bound(&format!(" and {name}.exact = "), facet.exact.as_slice());
        }
        self
    }

    /// Adds all tests but the one that is driven from.
    fn push_tests(&mut self, org: i64, spec: &Spec, driver: Option<usize>, columns: &Columns) {
        for (_, test) in spec.tests.iter().enumerate().filter(|(n, _)| Some(*n) != driver) {
            match test {
                Test::Word(word) => {
                    self.push(" and ").push_holds("d.name_search", word);
                }
                Test::TabType(name) => {
                    self.push(" and exists (select 1 from folder t where t.folder = ")
                        .push(columns.tab)
                        .push_bound(" and t.org = ", org)
                        .push_bound(" and t.type = ", name.as_str())
                        .push(")");
                }
                Test::Facet(facet) => self.push_probe(org, facet, columns),
            }
        }
    }

    /// Adds a test by the primary key of `facet`.
    fn push_probe(&mut self, org: i64, facet: &FacetTest, columns: &Columns) {
        self.push_bound(" and exists (select 1 from facet p where p.org = ", org)
            .push(" and p.binder = ");
        match facet.place {
            FacetPlace::One(binder) => {
                let place = self.bind(binder);
                self.push(&place);
            }
            FacetPlace::Each(_) => {
                self.push(columns.binder);
            }
        }
        self.push_bound(" and p.element = ", facet.element)
            .push_bound(" and p.value = ", facet.value.as_slice())
            .push(" and p.newest = ")
            .push(columns.newest)
            .push(" and p.document = ")
            .push(columns.key);
        self.push_exact("p", facet).push(")");
    }
}
