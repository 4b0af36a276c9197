//! The paths of all routes as patterns, to find which one a request means.

use std::sync::Arc;

use percent_encoding::percent_decode_str;

/// Deeper paths match only a pattern that ends with a rest.
const DEEPEST: usize = 16;

/// The patterns of all routes.
#[derive(Debug, Default)]
pub struct Templates(Vec<Template>);

#[derive(Debug)]
struct Template {
    text: Arc<str>,
    segments: Vec<Segment>,
    /// Whether paths are taken as they are spelled.
    is_exact: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Parameter,
    Rest,
}

/// Which route a path means.
#[derive(Debug, PartialEq, Eq)]
pub struct Match {
    /// Number of the route.
    pub route: usize,
    /// The path as the router wants it, when it was spelled in another way.
    pub rewritten: Option<String>,
}

impl Templates {
    /// Makes the list of patterns such as `/api/documents/{documentId}` and `/storage/{*key}`. The paths of exact ones
    /// are not respelled: another case, or a slash more, is another path.
    #[must_use]
    pub fn new(
        texts: impl IntoIterator<Item = String>,
        exact: impl IntoIterator<Item = String>,
    ) -> Self {
        let respelled = texts.into_iter().map(|text| Template::new(text, false));
        let exact = exact.into_iter().map(|text| Template::new(text, true));
        let mut templates: Vec<_> = respelled.chain(exact).collect();
        // A literal goes before a parameter, as in the router.
        templates.sort_by(|a, b| a.segments.cmp(&b.segments));
        templates.dedup_by(|a, b| a.text == b.text);
        Self(templates)
    }

    /// The patterns in their order: a route's number is its position.
    pub(crate) fn texts(&self) -> impl Iterator<Item = Arc<str>> {
        self.0.iter().map(|template| Arc::clone(&template.text))
    }

    /// Finds the route that a path means. Literal segments match in any case, and where letters are written as octets (RFC 3986
    /// section 6.2.2.2); a slash at the end is ignored.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<Match> {
        let mut parts = [""; DEEPEST];
        let mut count = 0;
        let inner = path.strip_prefix('/')?;
        let trimmed = inner.strip_suffix('/').unwrap_or(inner);
        for part in inner.split('/').take(DEEPEST) {
            parts[count] = part;
            count += 1;
        }
        let as_spelled = &parts[..count];
        // The last part of what ends with a slash is empty.
        let has_end = trimmed.len() != inner.len() && as_spelled.last() == Some(&"");
        let parts = &parts[..count - usize::from(has_end)];
        let is_it = |template: &&Template| match template.is_exact {
            true => template.matches(as_spelled) && template.is_spelled(as_spelled),
            false => template.matches(parts),
        };
        let route = self.0.iter().position(|template| is_it(&template))?;
        let template = &self.0[route];
        if template.is_exact {
            return Some(Match { route, rewritten: None });
        }
        let has_rest = template.segments.last() == Some(&Segment::Rest);
        let exact = (has_rest || trimmed.len() == inner.len()) && template.is_spelled(parts);
        // A rest is the file's own name or key: only what stands before it is ours to respell.
        let rewritten = (!exact).then(|| template.respell(if has_rest { inner } else { trimmed }));
        Some(Match { route, rewritten })
    }
}

impl Template {
    fn new(text: String, is_exact: bool) -> Self {
        let inner = text.strip_prefix('/').unwrap_or(&text);
        let segments = inner.split('/').map(|segment| match segment.as_bytes() {
            [b'{', b'*', .., b'}'] => Segment::Rest,
            [b'{', .., b'}'] => Segment::Parameter,
            _ => Segment::Literal(segment.to_owned()),
        });
        Self { segments: segments.collect(), text: text.into(), is_exact }
    }

    fn matches(&self, parts: &[&str]) -> bool {
        let fixed = match self.segments.split_last() {
            Some((Segment::Rest, fixed)) if parts.len() > fixed.len() => fixed,
            _ if parts.len() == self.segments.len() => &self.segments[..],
            _ => return false,
        };
        fixed.iter().zip(parts).all(|(segment, part)| match segment {
            Segment::Literal(literal) => says(part, literal),
            Segment::Parameter => !part.is_empty(),
            Segment::Rest => true,
        })
    }

    fn is_spelled(&self, parts: &[&str]) -> bool {
        self.segments.iter().zip(parts).all(|(segment, part)| match segment {
            Segment::Literal(literal) => literal == part,
            _ => true,
        })
    }

    fn respell(&self, path: &str) -> String {
        let mut respelled = String::with_capacity(path.len() + 1);
        for (n, part) in path.split('/').enumerate() {
            respelled.push('/');
            respelled.push_str(match self.segments.get(n) {
                Some(Segment::Literal(literal)) => literal,
                _ => part,
            });
        }
        respelled
    }
}

/// Whether a part of a path is this literal. Literals have unreserved letters only, so no octet can become a slash.
fn says(part: &str, literal: &str) -> bool {
    let folded = |octet: u8| octet.to_ascii_lowercase();
    part.eq_ignore_ascii_case(literal)
        || part.len() > literal.len()
            && percent_decode_str(part).map(folded).eq(literal.bytes().map(folded))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn templates() -> Templates {
        let texts = [
            "/",
            "/api/binders",
            "/api/documents",
            "/api/documents/{documentId}",
            "/api/documents/{documentId}/versions/{versionId}/raw",
            "/api/documents/drives/{domain}/{id}",
            "/api/documents/drives/{domain}/{id}/{folderId}",
            "/storage/{*key}",
        ];
        let exact = ["/docs", "/docs/", "/docs/{*page}"];
        Templates::new(texts.map(str::to_owned), exact.map(str::to_owned))
    }

    fn found(path: &str) -> Option<(String, Option<String>)> {
        let templates = templates();
        let found = templates.find(path)?;
        Some((templates.texts().nth(found.route)?.to_string(), found.rewritten))
    }

    #[test]
    fn a_path_in_our_spelling_is_left_as_it_is() {
        assert_eq!(found("/api/binders"), Some(("/api/binders".into(), None)));
        assert_eq!(found("/"), Some(("/".into(), None)));
        assert_eq!(found("/api/documents/ABC"), Some(("/api/documents/{documentId}".into(), None)));
        assert_eq!(found("/storage/a/B/c/"), Some(("/storage/{*key}".into(), None)));
    }

    #[test]
    fn literals_match_in_any_case_and_parameters_keep_theirs() {
        let (route, path) = found("/API/Documents/AbC/VERSIONS/X/Raw").unwrap();
        assert_eq!(route, "/api/documents/{documentId}/versions/{versionId}/raw");
        assert_eq!(path.as_deref(), Some("/api/documents/AbC/versions/X/raw"));
        assert_eq!(found("/STORAGE/a/B/").unwrap().1.as_deref(), Some("/storage/a/B/"));
    }

    #[test]
    fn letters_may_be_written_as_octets() {
        assert_eq!(found("/api/b%69n%64ERS").unwrap().1.as_deref(), Some("/api/binders"));
        let (_, path) = found("/%61pi/documents/%41bC").unwrap();
        assert_eq!(path.as_deref(), Some("/api/documents/%41bC"));
        assert_eq!(found("/api%2Fbinders"), None);
        assert_eq!(found("/api/binders%2F"), None);
        assert_eq!(found("/api/b%6"), None);
    }

    #[test]
    fn one_slash_at_the_end_is_ignored() {
        assert_eq!(found("/api/binders/").unwrap().1.as_deref(), Some("/api/binders"));
        assert_eq!(found("/api/binders//"), None);
        assert_eq!(found("/api//binders"), None);
        assert_eq!(found("/api/documents//"), None);
    }

    #[test]
    fn exact_paths_are_taken_as_they_are_spelled() {
        for (path, route) in [
            ("/docs", "/docs"),
            ("/docs/", "/docs/"),
            ("/docs/Guide/", "/docs/{*page}"),
            ("/docs/api", "/docs/{*page}"),
        ] {
            assert_eq!(found(path), Some((route.into(), None)), "{path}");
        }
        assert_eq!((found("/Docs"), found("/DOCS/guide")), (None, None));
        let deep = format!("/docs{}", "/a".repeat(40));
        assert_eq!(found(&deep), Some(("/docs/{*page}".into(), None)));
    }

    #[test]
    fn a_literal_goes_before_a_parameter() {
        assert_eq!(
            found("/api/documents/DRIVES/x/y").unwrap().0,
            "/api/documents/drives/{domain}/{id}"
        );
        assert_eq!(found("/api/documents/drives").unwrap().0, "/api/documents/{documentId}");
    }

    #[test]
    fn what_no_route_has_is_not_found() {
        for path in
            ["", "*", "/api", "/api/documents/a/b", "/nowhere", "/storage", &"/a".repeat(40)]
        {
            assert_eq!(found(path), None, "{path}");
        }
    }
}
