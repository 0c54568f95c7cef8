"""beta_log: records of Python's logging, to the log of the sidecar beside this service.

    import logging, beta_log
    logging.getLogger().addHandler(beta_log.Handler())
    logging.getLogger().warning("slow", extra={"milliseconds": 1200})

Standard library only; copy it. It never raises and never waits: records go into a queue, a thread
sends them in batches. When the queue is full the newest are dropped, and a line says how many.
"""

import collections
import http.client
import json
import logging
import os
import threading
import time
import urllib.parse

QUEUE = 10_000  # records
BATCH_LINES, BATCH_BYTES = 500, 200_000  # limits.app_log_bytes is 256 KiB
LONGEST = 16_000  # bytes of a line; limits.app_log_line_bytes is 16 KiB
_PATIENCE = 5  # seconds for one request
_LEVELS = {"DEBUG": "debug", "INFO": "info", "WARNING": "warn", "ERROR": "error",
           "CRITICAL": "error"}
_USUAL = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def _text(fields: dict) -> bytes:
    text = json.dumps(fields, default=str, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace")


class Handler(logging.Handler):
    def __init__(self, sidecar: str = "", level: int = logging.NOTSET):
        """`sidecar`: its egress address; else that of http_proxy, else 127.0.0.1:15001."""
        super().__init__(level)
        given = sidecar or os.environ.get("http_proxy", "") or "127.0.0.1:15001"
        url = urllib.parse.urlsplit(given if "//" in given else f"//{given}")
        self._address = (url.hostname or "127.0.0.1", url.port or 80)
        self._waiting: collections.deque[bytes] = collections.deque()
        self._dropped = 0
        self._arrived = threading.Condition()
        self._closing = False
        self._link: http.client.HTTPConnection | None = None
        self._thread = threading.Thread(target=self._run, name="beta_log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self._line(record)
        except Exception:  # a record that cannot be told is no reason to stop the service
            line = b""
        with self._arrived:
            if not line or self._closing or len(self._waiting) >= QUEUE:
                self._dropped += 1
                return
            self._waiting.append(line)
            self._arrived.notify()

    def close(self) -> None:
        """Sends what waits, for some seconds at most."""
        with self._arrived:
            self._closing = True
            self._arrived.notify()
        self._thread.join(2 * _PATIENCE)
        super().close()

    def _line(self, record: logging.LogRecord) -> bytes:
        fields = {"level": _LEVELS.get(record.levelname, record.levelname.lower()[:32]),
                  "message": self.format(record)[:LONGEST // 2], "logger": record.name,
                  "time": record.created}
        more = {key: value for key, value in vars(record).items() if key not in _USUAL}
        try:
            line = _text(more | fields)
        except (TypeError, ValueError):  # NaN, a cycle, keys that are no text
            line = _text({"fields": str(more)[:LONGEST // 4]} | fields)
        if len(line) <= LONGEST:
            return line
        return _text(fields | {"message": fields["message"][:LONGEST // 8], "fields": "too long"})

    def _run(self) -> None:
        while batch := self._next():
            try:
                self._deliver(batch)
            except Exception:  # a thread that ends would lose all that follows
                self._dropped += len(batch)
        if self._link is not None:
            self._link.close()

    def _next(self) -> list[bytes]:
        """What waits, as much as one request may have; empty when all is over."""
        with self._arrived:
            self._arrived.wait_for(lambda: self._waiting or self._closing)
            batch, size = [], 0
            if self._dropped and self._waiting:
                words = {"level": "warn", "message": "log records dropped", "count": self._dropped}
                batch.append(json.dumps(words).encode())
                self._dropped = 0
            while self._waiting and len(batch) < BATCH_LINES and size < BATCH_BYTES:
                size += len(self._waiting[0])
                batch.append(self._waiting.popleft())
            return batch

    def _deliver(self, batch: list[bytes]) -> None:
        pause = 0.1
        while True:
            status, wait = self._post(batch)
            if status in (400, 413) and len(batch) > 1:  # find the line that is not taken
                for line in batch:
                    self._deliver([line])
                return
            if status not in (0, 429, 503):
                if status != 202:
                    self._dropped += len(batch)
                return
            if self._closing and pause > 1:  # it had its time
                return
            time.sleep(wait or pause)
            pause = min(2 * pause, 10)

    def _post(self, batch: list[bytes]) -> tuple[int, float]:
        """The status, 0 for none, and how long to wait before another try."""
        if self._link is None:
            self._link = http.client.HTTPConnection(*self._address, timeout=_PATIENCE)
        try:
            self._link.request("POST", "/v1/logs", b"\n".join(batch),
                               {"Host": "beta.internal", "Content-Type": "application/x-ndjson"})
            answer = self._link.getresponse()
            answer.read()
            return answer.status, min(float(answer.headers.get("Retry-After", 0)), 60)
        except (OSError, http.client.HTTPException, ValueError):
            self._link.close()
            return 0, 0
