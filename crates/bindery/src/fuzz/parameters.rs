//! Requests to the identity provider: forms, JSON bodies and HTTP Basic.

use bindery_testkit::fuzz;
use http::{HeaderMap, HeaderValue, header};

use crate::identity::credentials::Credentials;
use crate::identity::parameters::Parameters;

#[test]
fn any_request_for_a_token_is_read_or_refused() {
    fuzz::run("parameters", |input| {
        let form = Parameters::from_form(&String::from_utf8_lossy(input));
        let json = Parameters::from_json(input);
        let mut headers = HeaderMap::new();
        if let Ok(line) = HeaderValue::from_bytes(input) {
            headers.insert(header::AUTHORIZATION, line);
        }
        let basic = Credentials::find(&headers, &Parameters::default());
        let body = form.as_ref().ok().map(|form| Credentials::find(&HeaderMap::new(), form));
        format!(
            "{:?} {:?} {:?} {:?}",
            form.as_ref().err(),
            json.err(),
            basic.map(|found| found.client.is_empty()),
            body.map(|found| found.is_ok()),
        )
    });
}
