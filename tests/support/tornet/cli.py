"""Cli: the verbs of the command, each a few lines over State and Keeper."""
import argparse
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time

from . import keeper, namespace, spec, torrc
from .state import State

ROOT = pathlib.Path(__file__).resolve().parents[3]
COMMAND = pathlib.Path(__file__).resolve().parent / "tornet"
FAILED, INTERRUPTED, UNAVAILABLE = 1, 130, 69


def say(text):
    print(f"tornet: {text}", file=sys.stderr, flush=True)


def up(state, options):
    wanted = spec.load(options.spec)
    state.make()
    with state.exclusive():
        if network := state.read():
            if network["ready"] and network["spec"] == json.loads(wanted.as_json()):
                say(f"already up in {state.folder}")
                return 0
            say(f"another network is up in {state.folder}: stop it first (tornet down)")
            return FAILED
        return start_keeper(state, wanted, options.owner)


def start_keeper(state, wanted, owner):
    begun = time.monotonic()
    make, own_users = namespace.maker()
    command = [
        *make,
        sys.executable,
        str(COMMAND),
        "--state",
        str(state.folder),
        "keep",
        wanted.as_json(),
        str(owner or 0),
        str(int(own_users)),
    ]
    # Its own session: Ctrl-C comes to us, and the keeper sees that nobody waits any more.
    child = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        for line in child.stdout:
            if line == "ready\n":
                say(f"up in {time.monotonic() - begun:.1f} s ({state.folder})")
                return 0
            say(line.rstrip())
        code = FAILED
    except KeyboardInterrupt:
        say("stopping")
        code = INTERRUPTED
    child.stdout.close()
    child.wait()
    return code


def keep(state, options):
    os.environ["PYTHONUNBUFFERED"] = "1"
    return keeper.Keeper(
        state.folder, spec.parse(options.json), options.owner, options.own_users
    ).run()


def down(state, _options):
    if network := state.read():
        state.end(network)
        say("down")
    return 0


def warm(state, options):
    """Up and down again: the next start finds keys and a consensus."""
    return up(state, options) or down(state, options)


def living(state):
    network = state.read()
    if not network or not network["ready"]:
        say(f"not up in {state.folder}: tornet up")
        sys.exit(UNAVAILABLE)
    return network


def status(state, _options):
    network = living(state)
    network["pids"] = state.ask({"do": "status"})["pids"]
    print(json.dumps(network, indent=2))
    return 0


def onions(state, _options):
    print(json.dumps(living(state)["onions"], indent=2))
    return 0


def execute(state, options):
    command = [
        *state.entry(living(state)),
        *(command_of(options) or [os.environ.get("SHELL", "bash")]),
    ]
    os.execvp(command[0], command)


def command_of(options):
    return options.command[1:] if options.command[:1] == ["--"] else options.command


def run(state, options):
    """A process that belongs to the network: it ends when the network does."""
    return request(state, {"do": "run", "name": options.name, "command": command_of(options)})


def stop_or_start(state, options):
    return request(state, {"do": options.verb, "name": options.name})


def delay(state, options):
    return request(state, {"do": "delay", "name": options.name, "seconds": options.seconds})


def disown(state, _options):
    return request(state, {"do": "disown"})


def request(state, what):
    living(state)
    if error := state.ask(what).get("error"):
        say(error)
        return FAILED
    return 0


def check(_state, options):
    lines = pathlib.Path(options.torrc).read_text(encoding="utf-8")
    torrc.check(lines, options.authority)
    return 0


def parser():
    top = argparse.ArgumentParser(prog="tornet", description="A private Tor network on loopback.")
    top.add_argument(
        "--state",
        default=os.environ.get("TORNET_STATE", str(ROOT / ".tornet" / "default")),
        help="the network's folder (TORNET_STATE, or .tornet/default)",
    )
    verbs = top.add_subparsers(dest="verb", required=True)
    for name, action, text in (
        ("up", up, "start it; at once when it is up already"),
        ("warm", warm, "up and down again, so that the next start is quick"),
    ):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("--spec", help="a JSON file: relays, clients, onions (README.md)")
        verb.add_argument("--owner", type=int, help="a process; when it ends, the network ends")
        verb.set_defaults(action=action)
    for name, action, text in (
        ("down", down, "stop it; keys and consensus are kept"),
        ("status", status, "the network and its processes, as JSON"),
        ("onions", onions, "the onion addresses, as JSON"),
    ):
        verbs.add_parser(name, help=text).set_defaults(action=action)
    verb = verbs.add_parser("exec", help="run a command in the network's namespace (or a shell)")
    verb.add_argument("command", nargs=argparse.REMAINDER)
    verb.set_defaults(action=execute)
    verb = verbs.add_parser(
        "run", help="start a process that belongs to the network and ends with it"
    )
    verb.add_argument("name")
    verb.add_argument("command", nargs=argparse.REMAINDER)
    verb.set_defaults(action=run)
    for name, text in (
        ("stop", "stop one tor, or a process that was run"),
        ("start", "start that tor again"),
    ):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("name")
        verb.set_defaults(action=stop_or_start)
    verb = verbs.add_parser("delay", help="make one relay slow, where the specification has hops")
    verb.add_argument("name")
    verb.add_argument("seconds", type=float, help="each way, on channels to it")
    verb.set_defaults(action=delay)
    verbs.add_parser("disown", help="let it live on when its owner ends").set_defaults(
        action=disown
    )
    verb = verbs.add_parser("check", help="say whether a torrc would be allowed to start")
    verb.add_argument("torrc")
    verb.add_argument(
        "--authority", action="append", default=[], help="the network's DirAuthority line"
    )
    verb.set_defaults(action=check)
    verb = verbs.add_parser("keep")
    verb.add_argument("json")
    verb.add_argument("owner", type=int)
    verb.add_argument("own_users", type=lambda text: text == "1")
    verb.set_defaults(action=keep)
    return top


def main(arguments):
    options = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        return options.action(State(options.state), options)
    except (spec.BadSpec, torrc.Refused, namespace.NotIsolated, OSError) as error:
        say(str(error))
        return FAILED
    except KeyboardInterrupt:
        with contextlib.suppress(OSError):
            sys.stderr.flush()
        return INTERRUPTED
