"""An unmodified OAuth library gets, checks, introspects and revokes tokens."""

import requests
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

from bindery_api import BASE, CLIENT_ID, CLIENT_SECRET, ORGANIZATION


def session(method):
    return OAuth2Session(CLIENT_ID, CLIENT_SECRET, scope="ibinder_public", token_endpoint_auth_method=method)


def call(token):
    headers = {"Authorization": f"Bearer {token}", "x-ibinder-tenantid": ORGANIZATION}
    return requests.get(f"{BASE}/api/binders", headers=headers, timeout=30).status_code


def main():
    metadata = requests.get(f"{BASE}/.well-known/openid-configuration", timeout=30).json()
    assert metadata["issuer"], metadata
    for method in ("client_secret_basic", "client_secret_post"):
        oauth = session(method)
        token = oauth.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
        assert token["token_type"] == "Bearer" and token["scope"] == "ibinder_public", token
        assert 0 < token["expires_in"] <= 3600, token
        keys = KeySet.import_key_set(requests.get(metadata["jwks_uri"], timeout=30).json())
        verified = jwt.decode(token["access_token"], keys, algorithms=["ES256", "RS256"])
        jwt.JWTClaimsRegistry(iss={"essential": True, "value": metadata["issuer"]}).validate(verified.claims)
        assert verified.claims["client_id"] == CLIENT_ID, verified.claims
        assert verified.header["typ"].lower() == "at+jwt", verified.header
        assert call(token["access_token"]) == 200

        answer = oauth.introspect_token(metadata["introspection_endpoint"], token=token["access_token"])
        assert answer.json()["active"] is True, answer.text
        answer = oauth.revoke_token(metadata["revocation_endpoint"], token=token["access_token"])
        assert answer.status_code == 200, answer.text
        assert call(token["access_token"]) == 401
        answer = oauth.introspect_token(metadata["introspection_endpoint"], token=token["access_token"])
        assert answer.json() == {"active": False}, answer.text
        print(f"{method}: token fetched, verified, used, introspected, revoked")


if __name__ == "__main__":
    main()
