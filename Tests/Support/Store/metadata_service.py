#!/usr/bin/env python3
"""The services that provide credentials to containers and instances, for tests. Prints its port.

Usage: metadata_service.py SECONDS FAILURES      the lifetime of the credentials; the first requests for them
                                                 that get status 500

/container requires the token in Authorization; /latest is like the instance's service, version 2; /sts provides
credentials for a token of the platform. GET /count returns how often credentials were provided.
"""

import http.server
import json
import sys
import time
from urllib.parse import parse_qsl

given = 0
failures = int(sys.argv[2])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, text=""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def credentials(self):
        global given
        given += 1
        end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + int(sys.argv[1])))
        self.answer(200, json.dumps({"Code": "Success", "AccessKeyId": "AKIDMETA", "SecretAccessKey": "meta/secret",
                                     "Token": "meta-token", "Expiration": end}))

    def do_POST(self):
        global given
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        wanted = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleSessionName": "staticd",
                  "RoleArn": "arn:aws:iam::1:role/a b", "WebIdentityToken": "platform.token+/="}
        if self.path != "/sts" or form != wanted:
            self.answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
            return
        given += 1
        self.answer(200, "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
                         "<AccessKeyId>AKIDROLE</AccessKeyId><SecretAccessKey>role/secret</SecretAccessKey>"
                         "<SessionToken>role-token</SessionToken><Expiration>2026-11-29T20:15:30Z</Expiration>"
                         "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>")

    def do_PUT(self):
        good = self.path == "/latest/api/token" and "X-aws-ec2-metadata-token-ttl-seconds" in self.headers
        self.answer(200 if good else 400, "instance-token")

    def do_GET(self):
        role = "/latest/meta-data/iam/security-credentials/"
        if self.path == "/count":
            self.answer(200, str(given))
        elif self.path == "/container?x=1":
            global failures
            failures -= 1
            if failures >= 0:
                self.answer(500)
            elif self.headers.get("Authorization") == "container-token":
                self.credentials()
            else:
                self.answer(403)
        elif self.headers.get("X-aws-ec2-metadata-token") != "instance-token":
            self.answer(401)
        elif self.path == role:
            self.answer(200, "site-role")
        elif self.path == role + "site-role":
            self.credentials()
        else:
            self.answer(404)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
