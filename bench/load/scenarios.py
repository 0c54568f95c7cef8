"""What is asked of every subject."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    says: str
    options: tuple[str, ...] = ()
    rule_count: int = 10

    @property
    def is_idle(self) -> bool:
        return self.name == "idle"


IDLE_CONNECTIONS = 10_000

ALL = (
    Scenario("get-1k", "GET 1 KiB, 32 connections"),
    Scenario("get-64k", "GET 64 KiB, 32 connections", ("--path", "/bytes/65536")),
    Scenario("get-1m", "GET 1 MiB, 32 connections", ("--path", "/bytes/1048576")),
    Scenario("post-1k", "POST 1 KiB, answered with 64 bytes, 32 connections",
             ("--body", "1024", "--path", "/bytes/64")),
    Scenario("new-connection", "GET 1 KiB, a new connection for each request, 32 at once",
             ("--new-connections", "yes")),
    Scenario("rules-1000", "GET 1 KiB, 32 connections, 1,000 rules", rule_count=1000),
    Scenario("idle", "10,000 idle keep-alive connections, each after one GET of 1 KiB"),
)
