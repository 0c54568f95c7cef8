"""Keeper: the one process in the namespace that owns every tor; when it ends, all of them end.

It starts the network, then serves small requests on a unix socket until it is told to stop, its
owner ends, or (while still starting) whoever waits for it goes away.
"""
import json
import os
import select
import signal
import socket
import sys

from . import namespace, process
from .network import Network, NotUp
from .state import State, started_at

PAUSE = 0.03  # seconds between two looks


class Told(Exception):
    """To stop: by a signal, by the owner's end, or because nobody waits for the start any more."""


def _on_signal(number, _frame):
    raise Told(signal.Signals(number).name)


class Keeper:
    def __init__(self, folder, spec, owner, own_users):
        self._state = State(folder)
        self._spec, self._own_users = spec, own_users
        self._owner = os.pidfd_open(owner) if owner else None
        self._watch = select.poll()
        if self._owner is not None:
            self._watch.register(self._owner, select.POLLIN)
        self._network = Network(self._state, spec, self._pause, self._say)
        self._others = {}  # name -> what `tornet run` started

    def run(self):
        """The whole life. The exit code."""
        os.umask(0o077)
        namespace.raise_loopback()
        namespace.require_isolation()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _on_signal)
        try:
            self._state.make()
            self._describe(ready=False)
            self._start()
            self._serve()
        except (NotUp, OSError) as error:
            self._say(f"failed: {error}")
            return 1
        except Told:
            return 0
        finally:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            process.end(self._others.values())
            self._network.end()

    def _start(self):
        self._watch.register(sys.stdout, 0)  # POLLERR: the one who waits has gone
        self._network.start()
        self._watch.unregister(sys.stdout)
        self._listener = self._listen()
        self._describe(ready=True)
        self._say("ready")
        with open(self._state.log, "ab") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)

    def _pause(self):
        if self._watch.poll(int(PAUSE * 1000)):
            raise Told("owner")

    def _say(self, text):
        try:
            print(text, flush=True)
        except BrokenPipeError:
            raise Told("nobody waits") from None

    def _describe(self, ready):
        me = os.getpid()
        self._state.write(
            {
                "keeper": me,
                "started": started_at(me),
                "own_users": self._own_users,
                "ready": ready,
                "spec": json.loads(self._spec.as_json()),
                "clients": {name: f"127.0.0.1:{port}" for name, port in self._spec.clients.items()},
                "onions": self._network.onion_addresses() if ready else {},
                "control": self._network.control_ports(),
            }
        )

    def _listen(self):
        os.chdir(self._state.folder)  # short names: see State.ask
        if os.path.exists("keeper.sock"):
            os.unlink("keeper.sock")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("keeper.sock")
        listener.listen()
        return listener

    def _serve(self):
        self._watch.register(self._listener, select.POLLIN)
        while True:
            for descriptor, _ in self._watch.poll():
                if descriptor == self._owner:
                    raise Told("owner")
                stream, _ = self._listener.accept()
                stream.settimeout(10)
                with stream, stream.makefile("rw", encoding="utf-8") as lines:
                    try:
                        lines.write(json.dumps(self._answer(json.loads(lines.readline()))) + "\n")
                        lines.flush()
                    except (OSError, ValueError) as error:
                        print(f"a request could not be answered: {error!r}", flush=True)

    def _answer(self, request):
        try:
            self._obey(request)
        except (KeyError, OSError, NotUp) as error:
            return {"error": f"{request.get('do')}: {error}"}
        return {
            "pids": self._network.pids()
            | {name: child.pid for name, child in self._others.items() if child.poll() is None}
        }

    def _obey(self, request):
        what, name = request["do"], request.get("name")
        if what == "run":
            self._run(name, request["command"])
        elif what == "stop" and name in self._others:
            process.end([self._others.pop(name)])
        elif what == "stop":
            self._network.stop_node(name)
        elif what == "kill":
            self._network.kill_node(name)
        elif what == "start":
            self._network.start_node(name)
        elif what == "delay":
            self._network.delay_node(name, float(request["seconds"]))
        elif what == "disown" and self._owner is not None:
            self._watch.unregister(self._owner)
            os.close(self._owner)
            self._owner = None

    def _run(self, name, command):
        if name in self._others and self._others[name].poll() is None:
            raise OSError(f"{name} runs already")
        with open(self._state.folder / f"{name}.log", "ab") as log:
            self._others[name] = process.start(command, log)
