"""Makes a bucket in an S3 server that has just been started: make-bucket.py ENDPOINT BUCKET KEY SECRET."""

import datetime
import hashlib
import hmac
import sys
import time
import urllib.error
import urllib.parse
import urllib.request


def signed(endpoint, bucket, key, secret):
    """A PUT of the bucket, signed as AWS's signature version 4 asks."""
    now = datetime.datetime.now(datetime.timezone.utc)
    stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    host = urllib.parse.urlparse(endpoint).netloc
    empty = hashlib.sha256(b"").hexdigest()
    names = "host;x-amz-content-sha256;x-amz-date"
    headers = f"host:{host}\nx-amz-content-sha256:{empty}\nx-amz-date:{stamp}\n"
    request = f"PUT\n/{bucket}\n\n{headers}\n{names}\n{empty}"
    scope = f"{day}/us-east-1/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    mac = ("AWS4" + secret).encode()
    for part in [day, "us-east-1", "s3", "aws4_request"]:
        mac = hmac.digest(mac, part.encode(), "sha256")
    signature = hmac.new(mac, text.encode(), "sha256").hexdigest()
    authorization = f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    sent = {"x-amz-date": stamp, "x-amz-content-sha256": empty, "Authorization": authorization}
    return urllib.request.Request(f"{endpoint}/{bucket}", method="PUT", headers=sent)


def main():
    endpoint, bucket, key, secret = sys.argv[1:]
    last = None
    for _ in range(600):
        try:
            urllib.request.urlopen(signed(endpoint, bucket, key, secret), timeout=30).read()
            return
        except urllib.error.HTTPError as error:
            # It is there already.
            if error.code == 409:
                return
            last = error
        except OSError as error:
            last = error
        time.sleep(0.2)
    sys.exit(f"no bucket could be made: {last}")


if __name__ == "__main__":
    main()
