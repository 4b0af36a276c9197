"""The unmodified azure-storage-blob package uploads to presigned URLs and downloads from version links."""

import hashlib
import io
import sys

from azure.storage.blob import BlobClient

from bindery_api import Api

MIB = 1 << 20


class Pattern(io.RawIOBase):
    """A stream of so many bytes that differ everywhere, made on the fly, with its digest."""

    def __init__(self, size):
        self.left, self.block, self.digest = size, 0, hashlib.sha256()

    def readable(self):
        return True

    def read(self, size=-1):
        size = self.left if size is None or size < 0 else min(size, self.left)
        parts = bytearray()
        while len(parts) < size:
            parts += hashlib.sha256(self.block.to_bytes(8, "big")).digest() * 2048
            self.block += 1
        data = bytes(parts[:size])
        self.left -= len(data)
        self.digest.update(data)
        return data


def round_trip(api, size, name):
    """Uploads so many bytes in the library's way, commits them, downloads them, compares the digests."""
    presigned = api.presign()
    source = Pattern(size)
    client = BlobClient.from_blob_url(presigned["presignedUrl"])
    client.upload_blob(source, length=size, overwrite=True, max_concurrency=4)
    version = api.version(api.commit(presigned["uploadId"], name))
    digest = hashlib.sha256()
    received = 0
    for chunk in BlobClient.from_blob_url(version["downloadUrl"]).download_blob(max_concurrency=2).chunks():
        digest.update(chunk)
        received += len(chunk)
    assert received == size, f"{name}: {received} bytes came back of {size}"
    assert digest.digest() == source.digest.digest(), f"{name}: the bytes differ"
    print(f"{name}: {size} bytes up and down, digests equal")


def main():
    api = Api()
    round_trip(api, 1 * MIB, "azure-1-mib.bin")
    round_trip(api, int(sys.argv[1]) * MIB if len(sys.argv) > 1 else 300 * MIB, "azure-large.bin")
    small = api.presign()
    BlobClient.from_blob_url(small["presignedUrl"]).upload_blob(b"", overwrite=False)
    assert api.commit(small["uploadId"], "azure-empty.bin")["id"]


if __name__ == "__main__":
    main()
