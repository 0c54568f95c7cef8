"""The same access rules for every proxy, in its own words.

Of N rules one matches what the load generator asks, and it stands in the middle: a proxy that tries
them in order pays for half of them. Half of the others name the same service and other paths, half
name other services.
"""

import dataclasses

SERVICE = "tron-payment"


@dataclasses.dataclass(frozen=True)
class Rule:
    name: str
    service: str
    prefix: str


def rules(count: int) -> list[Rule]:
    listed = []
    for index in range(count):
        if index == count // 2:
            listed.append(Rule("measured", SERVICE, "/bytes/"))
        elif index % 2 == 0:
            listed.append(Rule(f"other-path-{index}", SERVICE, f"/other-{index}/v1/"))
        else:
            listed.append(Rule(f"other-service-{index}", f"service-{index}", "/bytes/"))
    return listed


def for_haproxy(count: int) -> str:
    lines = [
        f"  http-request allow if {{ req.hdr(host) {rule.service} }}"
        f" {{ method GET POST }} {{ path_beg {rule.prefix} }}"
        for rule in rules(count)
    ]
    return "\n".join([*lines, "  http-request deny"])


def for_nginx(count: int) -> str:
    lines = [
        f'    "~^(GET|POST) {rule.service} {rule.prefix}" 1;' for rule in rules(count)
    ]
    return "\n".join(['  map "$request_method $host $uri" $allowed {', "    default 0;",
                      *lines, "  }"])


def for_egress(count: int) -> str:
    """The caller's file: plane ops, service api-gateway."""
    return _acl("ops", "{ services: [api-gateway] }", "{ plane: wallet, services: [%s] }", count)


def for_ingress(count: int) -> str:
    """The callee's file: plane wallet; of the caller only its plane is known."""
    return _acl("wallet", "{ plane: ops }", "{ services: [%s] }", count)


def _acl(plane: str, source: str, destination: str, count: int) -> str:
    lines = ["apiVersion: beta.acl/v1", f"plane: {plane}", "allow:"]
    for rule in rules(count):
        lines += [
            f"  - name: {rule.name}",
            f"    from: {source}",
            f"    to: {destination % rule.service}",
            "    methods: [GET, POST]",
            f'    paths: ["{rule.prefix}*"]',
        ]
    return "\n".join(lines) + "\n"
