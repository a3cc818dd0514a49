"""Writes zip archives of a release that are not what they should be.

    python3 zips.py RELEASE_FOLDER OUTPUT_FOLDER
"""
import os
import struct
import sys
import zipfile

release, output = sys.argv[1:]
paths = sorted(f"{kind}/{name}" for kind in ("events", "irfs", "uptime") for name in os.listdir(f"{release}/{kind}"))


def archive(name, extra=(), prefix="", without="-", method=zipfile.ZIP_DEFLATED):
    """A whole release, and more entries: (name, bytes, Unix mode)."""
    file = f"{output}/{name}.zip"
    with zipfile.ZipFile(file, "w", method) as bundle:
        for path in paths:
            if without not in path:
                with open(f"{release}/{path}", "rb") as source:
                    bundle.writestr(prefix + path, source.read())
        for path, data, mode in extra:
            info = zipfile.ZipInfo(path)
            info.create_system, info.external_attr = 3, mode << 16
            bundle.writestr(info, data)
    return file


def patch(file, change):
    with open(file, "rb") as source:
        data = bytearray(source.read())
    change(data)
    with open(file, "wb") as target:
        target.write(data)


def headers(data, signature):
    """Where the headers of that kind begin."""
    at = data.find(signature)
    while at >= 0:
        yield at
        at = data.find(signature, at + 4)


def state_size(size):
    def change(data):
        for at in list(headers(data, b"PK\1\2"))[-5:]:
            struct.pack_into("<I", data, at + 24, size)
        for at in list(headers(data, b"PK\3\4"))[-5:]:
            struct.pack_into("<I", data, at + 22, size)
    return change


def encrypt(data):
    for at in headers(data, b"PK\1\2"):
        data[at + 8] |= 1
    for at in headers(data, b"PK\3\4"):
        data[at + 6] |= 1


plain = 0o100644
archive("good", [("MANIFEST.TXT", b"all", plain)])
archive("in-a-folder", prefix="icecube_14year_ps_v2/")
archive("parent", [("events/../../evil.txt", b"x", plain)])
archive("absolute", [("/tmp/evil.txt", b"x", plain)])
archive("backslash", [("..\\evil.txt", b"x", plain)])
archive("hidden", [("events/.bashrc", b"x", plain)])
archive("dash", [("-rf", b"x", plain)])
archive("control", [("events/a\nb.csv", b"x", plain)])
archive("pattern", [("events/*.csv", b"x", plain)])
archive("long", [("events/" + "a" * 300, b"x", plain)])
archive("link", [("events/link.csv", b"/etc/passwd", 0o120777)])
archive("device", [("events/device", b"", 0o020644)])
archive("file-and-folder", [("events", b"x", plain)])
archive("lacks", without="IC40_smearing")
archive("many", [(f"events/{number}", b"", plain) for number in range(5001)])
archive("bomb", [(f"events/zeros{number}", bytes(10000), plain) for number in range(5)])
patch(f"{output}/bomb.zip", state_size(0xF0000000))
archive("liar", [(f"events/zeros{number}", bytes(1 << 20), plain) for number in range(5)])
patch(f"{output}/liar.zip", state_size(100))
archive("encrypted")
patch(f"{output}/encrypted.zip", encrypt)
archive("damaged", method=zipfile.ZIP_STORED)
patch(f"{output}/damaged.zip", lambda data: data.__setitem__(slice(2000, 2004), b"????"))
archive("truncated")
patch(f"{output}/truncated.zip", lambda data: data.__delitem__(slice(len(data) // 2, None)))
with zipfile.ZipFile(f"{output}/empty.zip", "w"):
    pass
with open(f"{output}/page.zip", "w") as page:
    page.write("<html>Please log in</html>")
# Python warns of the name that it writes twice, on standard error.
sys.stderr = open(os.devnull, "w")
archive("twice", [("events/IC40_exp.csv", b"x", plain)])
