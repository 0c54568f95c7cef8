"""Goal: a sidecar with a tor of its own is called through it, and the tor lives as long as the
sidecar.
Method: the payment service's sidecar starts a tor that extra_torrc tells of the private network,
and publishes its onions by it; that tor is killed; then the sidecar is ended.
"""
import os
import pathlib
import signal

from stage import topology
from stage.case import E2E, main
from stage.sidecar import Sidecar, eventually
from tornet.node import CACHES
from tornet.torrc import NETWORK


class ManagedTor(E2E):
    services = ()  # both are started here, once the addresses are known

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.onions = dict(cls.onions)
        payment = cls.sidecar(topology.PAYMENT)
        cls.manage(payment)
        payment.start()
        eventually(lambda: cls.addresses(payment), "keys of its onions", 60)
        cls.onions |= cls.addresses(payment)
        gateway = cls.sidecar(topology.GATEWAY)
        with open(gateway.config, "a", encoding="utf-8") as file:
            file.write("limits: { connect_time: 5s }\n")  # a tor that died is not waited for
        gateway.start()
        for one in cls.sidecars.values():
            one.wait_ready(90)

    @classmethod
    def sidecar(cls, service):
        one = Sidecar(os.environ["BETA_SIDECAR"], cls.folder, service, cls.onions)
        cls.sidecars[service] = one
        cls.addClassCleanup(one.stop)
        return one

    @classmethod
    def manage(cls, sidecar):
        """Gives it a tor of its own: the private network's, and what a client of it has cached."""
        home = pathlib.Path(cls.folder)
        authority = cls.tornet.warm_mark.read_text(encoding="ascii").splitlines()[0]
        (home / "network").write_text(f"{NETWORK}{authority}\n", encoding="ascii")
        (home / "keys").mkdir()
        data = home / "tor"
        data.mkdir(mode=0o700)
        (data / "data").mkdir(mode=0o700)
        for name in CACHES:
            cached = cls.tornet.nodes / "client" / name
            if cached.exists():
                (data / "data" / name).write_bytes(cached.read_bytes())
        lines = sidecar.config.read_text(encoding="utf-8").splitlines()
        tor = (
            f"tor: {{ mode: managed, data: {data}, extra_torrc: {home}/network, "
            f"publish: true, keys: {home}/keys }}"
        )
        lines = [tor if line.startswith("tor:") else line for line in lines]
        sidecar.config.write_text("\n".join(lines) + "\n", encoding="utf-8")

    @staticmethod
    def addresses(sidecar):
        """Onion name -> address; nothing while there is no key."""
        told = sidecar.command("onion", "address", "-c", str(sidecar.config))
        if told.returncode != 0:
            return {}
        planes = (line.split(": ") for line in told.stdout.splitlines())
        return {topology.PAYMENT.onion_name(plane): address for plane, address in planes}

    def tors(self):
        """The pids of every tor that the sidecar has started, in order."""
        log = self.sidecars[topology.PAYMENT].log()
        return [int(line["pid"]) for line in log if line.get("message") == "tor started"]

    def test_a_managed_tor_is_started_again_and_ends_with_the_sidecar(self):
        eventually(lambda: self.status_of_call() == 200, "a call through the managed tor", 60)
        (first,) = self.tors()
        os.kill(first, signal.SIGKILL)
        eventually(lambda: len(self.tors()) > 1, "another tor", 60)
        eventually(lambda: self.status_of_call() == 200, "a call through the other tor", 90)
        payment = self.sidecars[topology.PAYMENT]
        payment.signal(signal.SIGTERM)
        self.assertEqual(payment.exit_code(60), 0)
        for pid in self.tors():
            self.assertFalse(pathlib.Path(f"/proc/{pid}").exists(), "a tor outlived its sidecar")


if __name__ == "__main__":
    main()
