"""schemathesis holds the server to its own description: statuses, content types, schemas and headers of answers.

Makes a document and uploads first, so that calls with ids that exist are among the generated ones. Further arguments go to
schemathesis. See schemathesis.toml beside this file for the checks and the exceptions.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import requests

from bindery_api import BASE, BINDER, FOLDER, ORGANIZATION, Api, token

HERE = pathlib.Path(__file__).parent

# How often a value that exists is taken; otherwise schemathesis makes one up.
OFTEN = 0.7


# Uploads that wait for a commit: each can become a version once.
WAITING = 30


def put(api):
    """An upload whose bytes are there; its id."""
    upload = api.presign()
    requests.put(upload["presignedUrl"], data=b"%PDF-1.7", timeout=30).raise_for_status()
    return upload["uploadId"]


def known():
    """Values that exist, by the parameter or the place in a body that takes them."""
    api = Api()
    version = api.commit(put(api), "A-40.1-1100.pdf")
    element = ["GLOBAL_Status", "GLOBAL_FileName", "GLOBAL_Date", "GLOBAL_Category"]
    value = ["active", "A-40.1-1100.pdf", "2026-01-31", "legal"]
    return {
        "path.domain": ["binders"],
        "path.id": [BINDER],
        "path.folderId": [FOLDER],
        "path.documentId": [version["documentId"]],
        "path.versionId": [version["id"]],
        "body.fileName": ["A-40.1-1100.pdf", "A-40.1-1101.pdf"],
        "body.uploadId": [put(api) for _ in range(WAITING)],
        "body.additionalMetadata[*].metadataElementId": element,
        "body.additionalMetadata[*].value": value,
        "body.MetadataFilters[*].metadataElementId": element,
        "body.MetadataFilters[*].valueId": value,
        "body.SortBy[*].metadataElementId": element,
        "body.SortBy[*].direction": ["asc", "desc"],
    }


def dictionaries(known):
    """Configuration that offers these values where generated ones would nearly always miss."""
    lines = []
    for number, values in enumerate(known.values()):
        lines += [f"[dictionaries.known_{number}]", f"values = {json.dumps(values)}"]
    lines.append("[parameters]")
    for number, name in enumerate(known):
        lines.append(f'"{name}" = {{ dictionary = "known_{number}", probability = {OFTEN} }}')
    return "\n".join(lines)


def main():
    config = (HERE / "schemathesis.toml").read_text() + "\n" + dictionaries(known())
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
