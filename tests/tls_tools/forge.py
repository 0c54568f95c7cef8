"""Forge: certificates that scripts/pki would not make, by the keys of its authorities."""
import datetime
import pathlib
import subprocess
import tempfile

from stage import pki

_SETTINGS = """\
[ca]
default_ca = it
[it]
database = {work}/index.txt
new_certs_dir = {work}
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""


def certificate(made_by, plane, names, days=(-1, 30)):
    """cert.pem and key.pem in a new folder, which is returned: from the authority of `plane` in
    the Pki `made_by`. `names`: of the subject, as openssl writes them; `days`: from and until.
    """
    home = pathlib.Path(tempfile.mkdtemp(dir=made_by.folder))
    authority = made_by.folder / ".authority" / plane
    (home / "index.txt").touch()
    settings = home / "settings"
    settings.write_text(_SETTINGS.format(work=home, names=names), encoding="utf-8")
    _openssl(
        *("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
        *("-subj", "/CN=forged", "-keyout", home / "key.pem", "-out", home / "request.pem"),
    )
    _openssl(
        *("ca", "-batch", "-notext", "-config", settings, "-extensions", "leaf"),
        *("-cert", authority / "ca.pem", "-keyfile", authority / "key.pem"),
        *("-startdate", _moment(days[0]), "-enddate", _moment(days[1])),
        *("-in", home / "request.pem", "-out", home / "cert.pem"),
    )
    return home


def name_of(service):
    return f"URI:{pki.identity(service)}"


def _moment(days):
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return when.strftime("%Y%m%d%H%M%SZ")


def _openssl(*arguments):
    done = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"openssl {arguments[0]}: {done.stderr}")
