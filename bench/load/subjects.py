"""What is measured: each proxy with comparable settings, and how it is started.

All have one thread, keep-alive on both sides, an access log appended to a file of the same file
system, and the same access rules. HAProxy reuses server connections as freely as it can.
"""

import base64
import dataclasses
import hashlib
import os
import pathlib
import resource
import shutil

import certificates
import rules
from processes import Failed, Process, free_port


@dataclasses.dataclass
class Site:
    """Where a subject finds what it needs."""

    folder: pathlib.Path
    core: int
    ports: dict[str, int]  # of the backend, by what it speaks there
    rule_count: int
    sidecar: pathlib.Path
    tls: certificates.Ends | None = None


@dataclasses.dataclass
class Subject:
    name: str
    process: Process
    port: int
    access_log: pathlib.Path
    admin_port: int = 0
    asked: tuple[str, ...] = ()  # how the generator must ask it


def start(name: str, site: Site) -> Subject:
    starters = {
        "haproxy": _haproxy, "haproxy-again": _haproxy, "haproxy-unlogged": _haproxy,
        "nginx": _nginx,
        "egress": _egress, "ingress": _ingress, "privoxy": _privoxy,
        "haproxy-to-tls": _haproxy, "haproxy-to-tls-again": _haproxy, "nginx-to-tls": _nginx,
    }
    subject = starters[name](name, site)
    try:
        subject.process.await_port(subject.port)
    except Failed:
        subject.process.stop()
        raise
    return subject


def missing(name: str, sidecar: pathlib.Path) -> str:
    """Why this subject cannot be measured here; empty if it can."""
    if name in ("egress", "ingress"):
        return "" if sidecar.exists() else f"no {sidecar}"
    program = name.partition("-")[0]
    return "" if _program(program) else f"{program} is not installed"


def _program(name: str) -> str | None:
    return shutil.which(name) or shutil.which(f"/usr/sbin/{name}")


def _write(site: Site, name: str, text: str) -> pathlib.Path:
    path = site.folder / name
    path.write_text(text, encoding="utf-8")
    return path


_HAPROXY_LOG = "  log stdout format raw local0 info\n"
_HAPROXY = """\
global
  nbthread 1
  tune.ssl.cachesize 0
  maxconn 12000
  no strict-limits
{log}defaults
  mode http
  log global
  option httplog
  http-reuse always
  timeout connect 5s
  timeout client 300s
  timeout server 60s
  timeout http-keep-alive 300s
frontend bench
  bind 127.0.0.1:{port}{bind}
{rules}
  default_backend app
backend app
  server app 127.0.0.1:{app}{server}
"""


def _haproxy(name: str, site: Site) -> Subject:
    port = free_port()
    inwards, outwards = _tls_of(name, site)
    text = _HAPROXY.format(
        port=port, app=site.ports["https" if outwards else "http"],
        rules=rules.for_haproxy(site.rule_count),
        log="" if name.endswith("-unlogged") else _HAPROXY_LOG,
        bind=inwards.callee.for_haproxy_bind() if inwards else "",
        server=outwards.caller.for_haproxy() if outwards else "",
    )
    config = _write(site, f"{name}.cfg", text)
    command = [_program("haproxy"), "-db", "-f", str(config)]
    if site.tls:
        command = ["/usr/bin/env", f"OPENSSL_CONF={site.tls.openssl}", *command]
    process = Process(name, command, site.core, site.folder)
    return Subject(name, process, port, process.log, asked=_asked(inwards))


def _tls_of(name: str, site: Site) -> tuple[certificates.Ends | None, certificates.Ends | None]:
    """Of a rival: towards who calls it, and towards whom it calls."""
    return (None, site.tls) if "-to-tls" in name else (site.tls, None)


def _asked(tls: certificates.Ends | None) -> tuple[str, ...]:
    return tls.caller.for_generator() if tls else ()


_NGINX = """\
daemon off;
{user}worker_processes 1;
worker_rlimit_nofile {files};
pid {folder}/nginx.pid;
error_log {folder}/nginx.err warn;
events {{ worker_connections 12000; }}
http {{
  access_log {folder}/nginx-access.log combined;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_max_temp_file_size 0;
  keepalive_timeout 300s;
  keepalive_requests 1000000000;
  variables_hash_max_size 4096;
{rules}
  upstream app {{
    server 127.0.0.1:{app};
    keepalive 64;
    keepalive_requests 1000000000;
  }}
  server {{
    listen 127.0.0.1:{port}{ssl} backlog=4096;
{server}    if ($allowed = 0) {{ return 403; }}
    location / {{
{upstream}      proxy_pass {scheme}://app;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }}
  }}
}}
"""


def _nginx(name: str, site: Site) -> Subject:
    port = free_port()
    inwards, outwards = _tls_of(name, site)
    text = _NGINX.format(
        port=port, app=site.ports["https" if outwards else "http"], folder=site.folder,
        rules=rules.for_nginx(site.rule_count),
        user="user root;\n" if os.geteuid() == 0 else "",
        files=resource.getrlimit(resource.RLIMIT_NOFILE)[1],
        ssl=" ssl" if inwards else "",
        server=inwards.callee.for_nginx() if inwards else "",
        upstream=outwards.caller.for_nginx_upstream() if outwards else "",
        scheme="https" if outwards else "http",
    )
    config = _write(site, "nginx.conf", text)
    command = [_program("nginx"), "-c", str(config), "-p", str(site.folder), "-e",
               str(site.folder / "nginx.err")]
    process = Process(name, command, site.core, site.folder)
    return Subject(name, process, port, site.folder / "nginx-access.log", asked=_asked(inwards))


_SIDECAR = """\
service: {service}
plane: {plane}
acl: {name}-acl.yaml
services: services.yaml
{identity}tor: {{ socks: 127.0.0.1:{socks} }}
admin: {{ address: 127.0.0.1:{admin} }}
workers: 1
limits: {{ keep_alive_time: 300s }}
"""


def _egress(name: str, site: Site) -> Subject:
    port, admin = free_port(), free_port()
    _write(site, f"{name}-acl.yaml", rules.for_egress(site.rule_count))
    head = _SIDECAR.format(service="api-gateway", plane="ops", name=name,
                           socks=site.ports["socks_tls" if site.tls else "socks"], admin=admin,
                           identity=_identity(site.tls and site.tls.caller))
    # It calls nobody's app, but a service has one.
    text = head + f"app: 127.0.0.1:{site.ports['http']}\negress: {{ address: 127.0.0.1:{port} }}\n"
    return _sidecar(name, site, text, port, admin)


def _ingress(name: str, site: Site) -> Subject:
    port, admin = free_port(), free_port()
    _write(site, f"{name}-acl.yaml", rules.for_ingress(site.rule_count))
    head = _SIDECAR.format(service=rules.SERVICE, plane="wallet", name=name,
                           socks=site.ports["socks"], admin=admin,
                           identity=_identity(site.tls and site.tls.callee))
    text = head + (f"app: 127.0.0.1:{site.ports['http']}\negress: {{ address: off }}\n"
                   f"ingress: [ {{ plane: ops, address: 127.0.0.1:{port} }} ]\n")
    subject = _sidecar(name, site, text, port, admin)
    subject.asked = _asked(site.tls)
    return subject


def _identity(end: certificates.End | None) -> str:
    return end.for_sidecar() if end else "identity: listener\n"


def _sidecar(name: str, site: Site, text: str, port: int, admin: int) -> Subject:
    _write(site, "services.yaml",
           "apiVersion: beta.directory/v1\nservices:\n"
           f"  {rules.SERVICE}: {{ plane: wallet, onion: {onion_address()}, port: 80 }}\n")
    config = _write(site, f"{name}.yaml", text)
    process = Process(name, [str(site.sidecar), "run", "-c", str(config)], site.core, site.folder)
    return Subject(name, process, port, process.log, admin_port=admin)


def onion_address(name: str = "bench") -> str:
    """Well formed (rend-spec-v3 §6), and nobody's."""
    key = hashlib.sha256(name.encode()).digest()
    checksum = hashlib.sha3_256(b".onion checksum" + key + b"\x03").digest()[:2]
    return base64.b32encode(key + checksum + b"\x03").decode().lower() + ".onion"


_PRIVOXY = """\
listen-address 127.0.0.1:{port}
forward-socks5 / 127.0.0.1:{socks} .
keep-alive-timeout 300
default-server-timeout 300
connection-sharing 1
socket-timeout 300
max-client-connections 2048
logdir {folder}
logfile privoxy-access.log
debug 512
"""


def _privoxy(name: str, site: Site) -> Subject:
    port = free_port()
    config = _write(site, "privoxy.conf", _PRIVOXY.format(
        port=port, socks=site.ports["socks"], folder=site.folder))
    command = [_program("privoxy"), "--no-daemon", str(config)]
    process = Process(name, command, site.core, site.folder)
    return Subject(name, process, port, site.folder / "privoxy-access.log",
                   asked=("--absolute", "yes"))
