//! The client credentials grant (RFC 6749, section 4.4): a client proves its secret and acts for itself.

use crate::identity::TokenError;
use crate::identity::claims::SCOPE;
use crate::identity::parameters::Parameters;

/// The `grant_type` of this grant.
pub const GRANT_TYPE: &str = "client_credentials";

/// Checks the grant type, which needs no proof of the client.
///
/// # Errors
/// [`TokenError::InvalidRequest`] without one, [`TokenError::UnsupportedGrantType`] for another.
pub fn check_grant_type(parameters: &Parameters) -> Result<(), TokenError> {
    match parameters.get("grant_type") {
        Some(GRANT_TYPE) => Ok(()),
        Some(_) => Err(TokenError::UnsupportedGrantType),
        None => Err(TokenError::InvalidRequest("grant_type is missing")),
    }
}

/// Checks the scope: names divided by spaces, of which there is one. Absent means that one.
///
/// # Errors
/// [`TokenError::InvalidScope`] for any other.
pub fn check_scope(parameters: &Parameters) -> Result<(), TokenError> {
    let scope = parameters.get("scope").unwrap_or(SCOPE);
    let mut names = scope.split(' ').filter(|name| !name.is_empty()).peekable();
    if names.peek().is_some() && names.all(|name| name == SCOPE) {
        Ok(())
    } else {
        Err(TokenError::InvalidScope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameters(form: &str) -> Parameters {
        Parameters::from_form(form).unwrap()
    }

    #[test]
    fn the_one_scope_may_be_left_out_or_named() {
        for form in ["", "scope=", "scope=ibinder_public", "scope=ibinder_public+ibinder_public"] {
            assert!(check_scope(&parameters(form)).is_ok(), "{form}");
        }
        for form in
            ["scope=openid", "scope=ibinder_public+openid", "scope=IBINDER_PUBLIC", "scope=+"]
        {
            let refused = check_scope(&parameters(form));
            assert!(matches!(refused, Err(TokenError::InvalidScope)), "{form}");
        }
    }

    #[test]
    fn only_client_credentials_are_granted() {
        assert!(check_grant_type(&parameters("grant_type=client_credentials")).is_ok());
        assert!(matches!(check_grant_type(&parameters("")), Err(TokenError::InvalidRequest(_))));
        for other in ["password", "authorization_code", "refresh_token", "Client_Credentials"] {
            let refused = check_grant_type(&parameters(&format!("grant_type={other}")));
            assert!(matches!(refused, Err(TokenError::UnsupportedGrantType)), "{other}");
        }
    }
}
