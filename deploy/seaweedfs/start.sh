#!/bin/sh
# Writes the store's one identity into memory, then becomes the server; only the S3 port leaves the container.
set -eu
umask 077

cat >/run/s3/identities.json <<JSON
{"identities": [{
  "name": "photogate",
  "credentials": [{"accessKey": "$S3_ACCESS_KEY", "secretKey": "$S3_SECRET_KEY"}],
  "actions": ["Admin:photogate", "Read:photogate", "Write:photogate", "List:photogate", "Tagging:photogate"]
}]}
JSON

exec weed -logtostderr=true server -dir=/store -volume.max=0 -master.volumeSizeLimitMB=1024 \
    -ip=127.0.0.1 -ip.bind=127.0.0.1 -filer -s3 -s3.port=8333 -s3.ip.bind=0.0.0.0 -s3.config=/run/s3/identities.json
