"""schemathesis holds the server to its own description: statuses, content types, schemas and headers of answers.

Makes a document first, so that calls with ids that exist are among the generated ones. Further arguments go to
schemathesis. See schemathesis.toml beside this file for the checks and the exceptions.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import requests

from bindery_api import BASE, BINDER, CLIENT_ID, CLIENT_SECRET, FOLDER, ORGANIZATION, Api, token

HERE = pathlib.Path(__file__).parent

# How often a parameter has a value that exists; otherwise schemathesis makes one up.
OFTEN = 0.7


def made():
    """A document with one version, and an upload that waits for its commit."""
    api = Api()
    upload = api.presign()
    requests.put(upload["presignedUrl"], data=b"%PDF-1.7", timeout=30).raise_for_status()
    version = api.commit(upload["uploadId"], "A-40.1-1100.pdf")
    return version["documentId"], version["id"]


def dictionaries(document, version):
    """Configuration that offers existing ids for the parameters of paths and queries."""
    known = {
        "path.domain": "binders",
        "path.id": BINDER,
        "path.folderId": FOLDER,
        "path.documentId": document,
        "path.versionId": version,
        "body.client_id": CLIENT_ID,
        "body.client_secret": CLIENT_SECRET,
    }
    lines = []
    for name, value in known.items():
        word = name.replace(".", "_")
        lines += [f"[dictionaries.{word}]", f"values = [{json.dumps(value)}]"]
    lines.append("[parameters]")
    for name in known:
        if name.startswith("path."):
            lines.append(f'"{name}" = {{ dictionary = "{name.replace(".", "_")}", probability = {OFTEN} }}')
    return "\n".join(lines)


def main():
    config = (HERE / "schemathesis.toml").read_text() + "\n" + dictionaries(*made())
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "schemathesis.toml")
        file.write_text(config)
        command = [
            pathlib.Path(sys.executable).with_name("schemathesis"), "--no-color", "--config-file", file,
            "run", f"{BASE}/openapi.json",
            "-H", f"Authorization: Bearer {token()}",
            "-H", f"x-ibinder-tenantid: {ORGANIZATION}",
            *sys.argv[1:],
        ]
        # It keeps what it found in the present folder, and nothing of that is to stay.
        environment = os.environ | {"COLUMNS": "120"}
        sys.exit(subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL).returncode)


if __name__ == "__main__":
    main()
