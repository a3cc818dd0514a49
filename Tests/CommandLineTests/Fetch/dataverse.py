"""A Dataverse server for tests: hands out a toy release, and misbehaves as the address says.

    python3 dataverse.py RELEASE_FOLDER

Prints its port, serves on 127.0.0.1 and ends when its standard input does. An address is
/SCENARIO/TOKEN/api/…; a request for /go/TOKEN ends the scenario "hold"; what was asked under a token stands at /log/TOKEN, as a line "PATH RANGE" for each request.
"""
import hashlib
import json
import os
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from urllib.parse import parse_qs, urlsplit

folder = sys.argv[1]
paths = sorted(
    f"{kind}/{name}" for kind in ("events", "irfs", "uptime") for name in os.listdir(f"{folder}/{kind}"))
content = {path: open(f"{folder}/{path}", "rb").read() for path in paths}
# Version 3.1 of the scenario "newer": the last event of one season is gone.
newer = dict(content)
newer["events/IC40_exp.csv"] = newer["events/IC40_exp.csv"].rsplit(b"\n", 2)[0] + b"\n"
archive = BytesIO()
with zipfile.ZipFile(archive, "w") as bundle:
    for path in paths:
        bundle.writestr(path, content[path])
    bundle.writestr("MANIFEST.TXT", "what the server put in")
inside = bundle.getinfo("irfs/IC40_effectiveArea.csv").header_offset + 200
archive = archive.getvalue()
damaged = archive[:inside] + b"????????" + archive[inside + 8:]
lock = threading.Lock()
requests, counts, events = {}, {}, {}


def entry(index, path, scenario, content=content):
    kind, name = path.split("/")
    data = content[path]
    md5 = hashlib.md5(data).hexdigest()
    file = {"id": 1000 + index, "filesize": len(data), "md5": md5, "checksum": {"type": "MD5", "value": md5}}
    item = {"label": name, "directoryLabel": kind, "restricted": False, "dataFile": file}
    if kind == "uptime":
        # A table that the server converted: its size is the conversion's, its checksum the original's.
        item["label"] = name[:-4] + ".tab"
        file |= {"filesize": 7, "originalFileFormat": "text/csv", "originalFileSize": len(data)}
        file |= {"originalFileName": "named_before.csv"}
    if scenario == "wrong-checksum":
        file["checksum"]["value"] = file["md5"] = "0" * 32
    if scenario == "sha256":
        file["checksum"] = {"type": "SHA-256", "value": hashlib.sha256(data).hexdigest()}
    if scenario == "no-checksum":
        del file["checksum"], file["md5"]
    if scenario == "odd-checksum":
        file["checksum"] = {"type": "CRC-9", "value": "17"}
    if scenario == "size-too-large":
        file["filesize"] = len(data) + 1000
    if scenario == "size-too-small":
        file["filesize"] = len(data) - 1000
    if scenario == "negative-size":
        file["filesize"] = -1
    if scenario == "huge":
        file["filesize"] = 3 << 30
    if scenario == "restricted":
        item["restricted"] = True
    if scenario == "escape":
        item["directoryLabel"] = "../../" + kind
    if scenario == "absolute":
        item["directoryLabel"] = "/" + kind
    if scenario == "in-a-folder":
        item["directoryLabel"] = "icecube_14year_ps/" + kind
    if scenario == "no-id":
        del file["id"]
    return item


def event(token):
    with lock:
        return events.setdefault(token, threading.Event())


def listing(scenario, version):
    if version == ":latest-published":
        number = {"versionNumber": 3, "versionMinorNumber": 1} if scenario == "newer" else {"versionNumber": 2}
        return json.dumps({"status": "OK", "data": number}).encode()
    if scenario == "newer" and version == "3.1":
        files = [entry(index + 1000, path, scenario, newer) for index, path in enumerate(paths)]
        return json.dumps({"status": "OK", "data": {"versionNumber": 3, "versionMinorNumber": 1, "files": files}}).encode()
    files = [entry(index, path, scenario) for index, path in enumerate(paths)]
    if scenario == "twice":
        files.append(files[0])
    if scenario == "lacks-a-file":
        files = [file for file in files if "IC40_smearing" not in file["label"]]
    if scenario == "files-only":
        return json.dumps({"status": "OK", "data": files}).encode()
    text = json.dumps({"status": "OK", "data": {"versionNumber": 2, "files": files}}).encode()
    return text[: len(text) // 2] if scenario == "truncated-list" else text


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        # A proxy is asked for the whole address.
        parts = urlsplit(self.path)
        if parts.path.startswith("/log/"):
            with lock:
                text = "\n".join(requests.get(parts.path[5:], []))
            return self.reply(200, text.encode())
        if parts.path.startswith("/go/"):
            event(parts.path[4:]).set()
            return self.reply(200, b"")
        _, scenario, token, rest = parts.path.split("/", 3)
        rest = "/" + rest
        with lock:
            shown = rest + (" " + self.headers["Range"] if "Range" in self.headers else "")
            requests.setdefault(token, []).append(("proxy " if self.path.startswith("http") else "") + shown)
            counts[token, rest] = count = counts.get((token, rest), 0) + 1
        query = parse_qs(parts.query)
        if rest.startswith("/api/datasets/"):
            self.serve_listing(scenario, count, rest.rsplit("/", 1)[1])
        elif rest.startswith("/api/access/dataset/"):
            self.serve_zip(scenario)
        elif rest.startswith("/api/access/datafile/") or rest.startswith("/store/"):
            self.serve_file(scenario, token, count, int(rest.rsplit("/", 1)[1]) - 1000, query)
        else:
            self.reply(404, b"no such thing")

    def serve_listing(self, scenario, count, version):
        if scenario == "html-list":
            return self.reply(200, b"<!DOCTYPE html><html>Please log in</html>")
        if scenario == "garbage":
            return self.wfile.write(b"220 this is a mail server\r\n")
        if scenario == "challenge":
            return self.reply(202, b"")
        if scenario == "list-503" and count < 3:
            return self.reply(503, b"")
        if scenario == "list-404" or version == ":latest-published" and scenario == "no-newest":
            return self.reply(404, b"{}")
        if scenario == "loop":
            return self.reply(302, b"", {"Location": self.path})
        if scenario == "drip-list":
            start = int(self.headers["Range"].split("=")[1].split("-")[0]) if "Range" in self.headers else 0
            return self.cut(listing(scenario, version), start, 1)
        if scenario == "cut-list" and count == 1:
            return self.cut(listing(scenario, version), 0, 200)
        self.reply(200, listing(scenario, version))

    def serve_zip(self, scenario):
        if scenario == "zip-only":
            return self.reply(200, archive)
        if scenario == "zip-truncated":
            return self.reply(200, archive[: len(archive) // 2])
        if scenario == "zip-damaged":
            return self.reply(200, damaged)
        self.reply(404, b"")

    def serve_file(self, scenario, token, count, index, query):
        if query.get("format") != ["original"] and not self.path.count("/store/"):
            return self.reply(200, b"what the server made of it\n")
        data = newer[paths[index - 1000]] if index >= 1000 else content[paths[index]]
        kind, _, number = scenario.partition("-")
        start = 0
        if "Range" in self.headers and scenario != "no-range":
            start = int(self.headers["Range"].split("=")[1].split("-")[0])
        if scenario in ("404", "403", "zip-only", "zip-truncated", "zip-damaged"):
            self.reply(403 if scenario == "403" else 404, b"no")
        elif kind == "cut" and number.isdigit() and count == 1:
            self.cut(data, start, int(number))
        elif scenario == "cut-late" and count == 1:
            self.cut(data, start, len(data) - 1)
        elif scenario == "cut-often":
            self.cut(data, start, max(1, len(data) // 12))
        elif scenario == "drip":
            self.cut(data, start, 1)
        elif scenario == "trickle":
            self.trickle(data, start)
        elif scenario == "cut-always":
            self.cut(data, start, 0)
        elif scenario in ("no-range", "bad-range") and count == 1:
            self.cut(data, 0, 1000)
        elif scenario == "bad-range" and start > 0:
            self.reply(416, b"")
        elif scenario == "503" and count < 3 or scenario == "503-always":
            self.reply(503, b"come back")
        elif scenario == "429" and count == 1:
            self.reply(429, b"", {"Retry-After": "1"})
        elif scenario == "429-long":
            self.reply(429, b"", {"Retry-After": "86400"})
        elif scenario == "html":
            self.reply(200, b"<html>not today</html>")
        elif scenario == "damaged" or scenario == "damaged-once" and count == 1:
            self.reply(200, bytes([data[0] ^ 1]) + data[1:])
        elif scenario == "longer":
            self.reply(200, data * 3 + b"x" * (1 << 21))
        elif scenario == "shorter":
            self.reply(200, data[:1000])
        elif scenario == "no-length" and count == 1:
            # Ends early and does not say so.
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data[:1000])
        elif scenario == "stall" and count == 1 or scenario == "stall-always":
            self.stall(data, start, 0 if start else 1000, 9)
        elif scenario == "hold" and count == 1:
            self.stall(data, start, 1000, 0)
            event(token).wait(60)
            self.wfile.write(data[1000:])
        elif scenario == "redirect" and "/store/" not in self.path:
            self.reply(302, b"", {"Location": f"/redirect/{token}/store/{index + 1000}"})
        else:
            self.part(data, start)

    def part(self, data, start):
        if start >= len(data) > 0:
            return self.reply(416, b"")
        extra = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}
        self.reply(206 if start else 200, data[start:], extra)

    def cut(self, data, start, length):
        self.head(206 if start else 200, len(data) - start, start, len(data))
        self.wfile.write(data[start:start + length])

    def trickle(self, data, start):
        """A byte every tenth of a second: never quiet, and never done."""
        self.head(206 if start else 200, len(data) - start, start, len(data))
        for byte in range(start, start + 100):
            self.wfile.write(data[byte:byte + 1])
            self.wfile.flush()
            time.sleep(0.1)

    def stall(self, data, start, length, seconds):
        self.head(206 if start else 200, len(data) - start, start, len(data))
        self.wfile.write(data[start:start + length])
        self.wfile.flush()
        time.sleep(seconds)

    def head(self, status, length, start=0, total=0):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        self.end_headers()

    def reply(self, status, body, headers={}):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
# Clients that go away are what is tested here.
server.handle_error = lambda *_: None
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
