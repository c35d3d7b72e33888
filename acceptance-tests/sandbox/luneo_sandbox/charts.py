"""A chart repository at `/charts`, made of the sources in `acceptance-tests/sandbox/charts`."""

import functools
import gzip
import hashlib
import io
import json
import pathlib
import re
import tarfile

_SOURCES = pathlib.Path(__file__).resolve().parent.parent / "charts"
_ROOT = "/charts/"
_THEN = "2026-01-01T00:00:00Z"


def is_asked(environ):
    """Whether a request is for a chart. One that is signed is for a bucket that happens to have that name."""
    signed = "HTTP_AUTHORIZATION" in environ or "X-Amz-" in environ.get("QUERY_STRING", "")
    return environ["REQUEST_METHOD"] in ("GET", "HEAD") and environ["PATH_INFO"].startswith(_ROOT) and not signed


def answer(path):
    """(status, headers, body)"""
    found = _files().get(path.removeprefix(_ROOT))
    if found is None:
        return 404, [("Content-Type", "text/plain")], b"no such chart\n"
    kind = "application/yaml" if path.endswith(".yaml") else "application/gzip"
    return 200, [("Content-Type", kind)], found


@functools.cache
def _files():
    """The repository, the same bytes whenever and wherever it is made."""
    files, entries = {}, {}
    for name, versions in json.loads((_SOURCES / "versions.json").read_text()).items():
        for version, app_version in versions.items():
            described = _described(name, version, app_version)
            file, archive = f"{name}-{version}.tgz", _archive(name, described)
            files[file] = archive
            digest = hashlib.sha256(archive).hexdigest()
            described = dict(line.split(": ", 1) for line in described.splitlines())
            entries.setdefault(name, []).append({**described, "created": _THEN, "digest": digest, "urls": [file]})
    # JSON is YAML, too.
    index = {"apiVersion": "v1", "entries": entries, "generated": _THEN}
    files["index.yaml"] = json.dumps(index, indent=2).encode()
    return files


def _described(name, version, app_version):
    """`Chart.yaml`, of the given version."""
    text = (_SOURCES / name / "Chart.yaml").read_text()
    text = re.sub(r"^version: .*$", f"version: {version}", text, flags=re.MULTILINE)
    return re.sub(r"^appVersion: .*$", f"appVersion: {app_version}", text, flags=re.MULTILINE)


def _archive(name, described):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path in sorted(path for path in (_SOURCES / name).rglob("*") if path.is_file()):
            text = described.encode() if path.name == "Chart.yaml" else path.read_bytes()
            entry = tarfile.TarInfo(f"{name}/{path.relative_to(_SOURCES / name).as_posix()}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    return gzip.compress(packed.getvalue(), mtime=0)
