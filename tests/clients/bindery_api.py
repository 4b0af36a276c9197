"""The few API calls that the client tests share. Reads the server's facts from the environment."""

import os

import requests

BASE = os.environ["BINDERY_URL"]
ORGANIZATION = os.environ["BINDERY_ORGANIZATION"]
CLIENT_ID = os.environ["BINDERY_CLIENT_ID"]
CLIENT_SECRET = os.environ["BINDERY_CLIENT_SECRET"]
BINDER = os.environ["BINDERY_BINDER"]
FOLDER = os.environ["BINDERY_FOLDER"]


def token():
    """A fresh access token by the form that the original documents."""
    answer = requests.post(
        f"{BASE}/connect/token",
        data={
            "grant_type": "client_credentials",
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "scope": "ibinder_public",
        },
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()["access_token"]


class Api:
    """A session with token and tenant header."""

    def __init__(self):
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token()}"
        self.session.headers["x-ibinder-tenantid"] = ORGANIZATION

    def presign(self):
        """Step 1: where to PUT, and the upload's id."""
        return self._json("GET", "/documents/uploads/personalstorage/presignedupload")

    def commit(self, upload_id, name):
        """Step 3: the uploaded bytes become a version."""
        body = {"fileName": name, "uploadId": upload_id, "additionalMetadata": []}
        return self._json("POST", f"/documents/drives/binders/{BINDER}/{FOLDER}/upload", json=body)

    def version(self, version):
        """A version read again, with fresh links."""
        return self._json("GET", f"/documents/{version['documentId']}/versions/{version['id']}")

    def _json(self, method, path, **options):
        answer = self.session.request(method, f"{BASE}/api{path}", timeout=60, **options)
        assert answer.status_code == 200, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()
