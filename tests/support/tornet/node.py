"""Node: one tor of the network: its folder, its configuration, its process."""
from . import process, torrc
from .control import Control

CACHES = (
    "cached-certs",
    "cached-consensus",
    "cached-microdesc-consensus",
    "cached-microdescs",
    "cached-microdescs.new",
    "cached-descriptors",
    "cached-descriptors.new",
)


class Node:
    def __init__(self, state, name, control_port, own_lines):
        self.name = name
        self.folder = state.nodes / name
        self.log = state.nodes / f"{name}.log"
        self.control_port = control_port
        self._own_lines = own_lines
        self._child = None
        self.folder.mkdir(mode=0o700, exist_ok=True)

    def start(self, authorities):
        common = torrc.common(self.name, self.folder, self.control_port, authorities)
        # The cookie is new at every start: an old one must not be taken for it.
        (self.folder / "control_auth_cookie").unlink(missing_ok=True)
        with open(self.log, "wb") as log:
            self._child = process.start_tor([*common, *self._own_lines], authorities, log)

    def control(self):
        return Control(self.control_port, self.folder / "control_auth_cookie")

    @property
    def pid(self):
        return self._child.pid if self.alive else None

    @property
    def alive(self):
        return self._child is not None and self._child.poll() is None

    @property
    def died(self):
        return self._child is not None and self._child.poll() is not None

    def last_words(self):
        return self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]

    @property
    def child(self):
        return self._child

    def copy_caches(self, source):
        """Takes the consensus from another node's folder: tor's own download would back off 10
        to 20 s.
        """
        for name in CACHES:
            if (source.folder / name).exists():
                (self.folder / name).write_bytes((source.folder / name).read_bytes())

    @property
    def has_consensus(self):
        return (self.folder / "cached-microdesc-consensus").exists()
