//! Metadata values of every type.

use bindery_domain::DataType;
use bindery_testkit::fuzz;

#[test]
fn any_value_is_refused_or_reads_the_same_again() {
    fuzz::run("value", |input| {
        let text = String::from_utf8_lossy(input);
        let mut outcome = String::new();
        for data_type in DataType::ALL {
            match data_type.parse_value(&text) {
                Ok(value) => {
                    let again = data_type.parse_value(&value.text);
                    assert_eq!(again.as_ref(), Ok(&value), "{data_type} {text:?}");
                    outcome += data_type.as_str();
                }
                Err(message) => outcome += &message,
            }
        }
        outcome
    });
}
