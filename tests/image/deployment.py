"""Deployment: two sidecars in containers of the image, and one tor in a third. As deploy/ has it,
a sidecar's network is its own and its app's, and tor is reached by unix sockets alone.
"""
import os
import pathlib
import shutil
import tempfile
import unittest

from container import USER, Container
from image import Image
from stage import onion, topology
from stage.app import App
from stage.pki import TRUST_DOMAIN
from stage.sidecar import eventually
from stage.topology import GATEWAY, PAYMENT, ROOT
from stage.wire import Client
from tornet import namespace, socks, torrc
from tornet.node import CACHES

PATIENCE = 90  # seconds: a quarter of a core, on a machine that does other things too
SIDECARS = (GATEWAY, PAYMENT)
CONTROL = 7190  # of our tor; the network's own begin at 7101
# One rule more than shipped: what the payment service itself refuses must leave the gateway.
ASKS_TOO_MUCH = """
  - name: gateway-asks-too-much
    to: { plane: wallet, services: [tron-payment] }
    operations: [chain.read]
"""


class Deployment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="beta-image."))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.folder.chmod(0o711)  # the user of the containers passes through
        cls.image = Image(os.environ["BETA_IMAGE"])
        cls.root = cls.folder / "root"
        cls.image.unpack(cls.root)
        cls.pki = topology.pki(cls.folder)
        cls.containers = {}
        for name in ("tor.run", *(f"{service.name}.ingress" for service in SIDECARS)):
            cls.own(name)
        onions = cls.launch_tor()
        for service in SIDECARS:
            cls.write(service, onions)
            cls.launch(service)

    @staticmethod
    def reply(request):
        """What the payment service's app answers."""

    def run(self, result=None):
        before = len(result.failures) + len(result.errors)
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            print("".join(one.words() for one in self.containers.values()), flush=True)
        return result

    @classmethod
    def launch(cls, service):
        """Its container, and for the payment service its app, in the network of that."""
        mounts = [
            (cls.folder / service.name, "/etc/beta", "ro"),
            (cls.folder / "tor.run", "/run/tor", "rw"),
            (cls.folder / f"{service.name}.ingress", "/run/ingress", "rw"),
        ]
        home = pathlib.Path(tempfile.mkdtemp(dir=cls.folder, prefix="run."))
        one = Container(service.name, home, cls.root, cls.image.command, mounts)
        cls.containers[service] = one
        cls.addClassCleanup(one.stop)
        one.start()
        cls.wait_for(one, lambda: cls.is_ready(one), f"{service.name} to be ready")
        if service is PAYMENT:
            cls.app = one.inside(lambda: App(PAYMENT.app, cls.reply))
            cls.addClassCleanup(cls.app.close)

    @classmethod
    def is_ready(cls, one):
        return one.execute(*cls.image.health).returncode == 0

    @staticmethod
    def wait_for(one, probe, what):
        def fine():
            if one.ended:
                raise AssertionError(f"{one.name} ended\n{one.words()}")
            return probe()

        try:
            eventually(fine, what, PATIENCE)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{one.words()}") from None

    def egress(self):
        client = self.containers[GATEWAY].inside(lambda: Client(GATEWAY.egress))
        self.addCleanup(client.stream.close)
        return client

    # -- files -------------------------------------------------------------------------------------

    @classmethod
    def write(cls, service, onions):
        """/etc/beta of one sidecar."""
        home = cls.folder / service.name
        (home / "acl").mkdir(parents=True)
        policy = (ROOT / "acl" / f"{service.plane}.yaml").read_text(encoding="utf-8")
        more = ASKS_TOO_MUCH if service is GATEWAY else ""
        (home / "acl" / f"{service.plane}.yaml").write_text(policy + more, encoding="utf-8")
        (home / "services.yaml").write_text(topology.directory(onions), encoding="utf-8")
        block = cls.pki.block(service)
        shutil.copytree(block["ca"], home / "tls" / "ca")
        for part in ("certificate", "key", "crl"):
            shutil.copy(block[part], home / "tls" / f"{part}.pem")
        for file in ((home / "tls"), *(home / "tls").rglob("*")):
            os.chown(file, USER, USER)  # scripts/pki lets nobody else read them
        (home / "sidecar.yaml").write_text(configuration(service), encoding="utf-8")

    @classmethod
    def own(cls, name):
        """A folder that the containers' user has for itself."""
        folder = cls.folder / name
        folder.mkdir(mode=0o700)
        os.chown(folder, USER, USER)
        return folder

    # -- tor ---------------------------------------------------------------------------------------

    @classmethod
    def launch_tor(cls):
        """One more tor of the private network, by user 65532. The addresses
        of all onions; behind the others is nobody."""
        namespace.require_isolation()  # the test's network, which this one container shares
        state = pathlib.Path(os.environ["TORNET_STATE"])
        data = cls.own("tor.data")
        for name in CACHES:  # a download of its own would back off for seconds
            if (state / "nodes" / "a1" / name).exists():
                shutil.copy(state / "nodes" / "a1" / name, data / name)
                os.chown(data / name, USER, USER)
        authority = (state / "warm").read_text(encoding="ascii").splitlines()[0]
        onions = {"/var/lib/tor/ops": {"80": 'unix:"/run/ingress/ops"'}}
        lines = [
            *torrc.common("image", "/var/lib/tor", CONTROL, [authority]),
            'SocksPort unix:"/run/tor/socks" ExtendedErrors',
            *torrc.onion_host(onions)[1:],
        ]
        text = "".join(f"{line}\n" for line in lines)
        torrc.check(text, [authority])
        (cls.folder / "torrc").write_text(text, encoding="ascii")
        mounts = [
            *programs(cls.folder / "tor.root"),
            (cls.folder / "torrc", "/etc/tor/torrc", "ro"),
            (data, "/var/lib/tor", "rw"),
            (cls.folder / "tor.run", "/run/tor", "rw"),
            (cls.folder / f"{PAYMENT.name}.ingress", "/run/ingress", "rw"),
        ]
        command = ["/usr/bin/tor", "--defaults-torrc", "/dev/null", "-f", "/etc/tor/torrc"]
        tor = Container(
            "tor", cls.folder, cls.folder / "tor.root", command, mounts, network=False, profile=None
        )
        cls.containers["tor"] = tor
        cls.addClassCleanup(tor.stop)
        tor.start()
        hostname = data / "ops" / "hostname"
        cls.wait_for(tor, lambda: "Bootstrapped 100%" in tor.out(), "tor to know the network")
        address = hostname.read_text(encoding="ascii").strip()
        # Our tor asks for the descriptor once in a while only: not before it is there.
        cls.wait_for(tor, lambda: meets(address), "the onion to be met by another tor")
        names = topology.tornet_spec()["onions"]
        return onion.invented(names) | {PAYMENT.onion_name(GATEWAY.plane): address}


def meets(address):
    """Whether the network's own client has met that onion, whatever stands behind it."""
    proxy = ("127.0.0.1", topology.TOR_SOCKS)
    try:
        code, stream = socks.connect(address, 80, proxy, socks.new_user(), 4)
    except socks.SocksError:
        return False
    stream.close()
    return code in (socks.SUCCEEDED, socks.GENERAL_FAILURE)


def configuration(service):
    ingress = "".join(
        f"  - {{ plane: {plane}, address: unix:/run/ingress/{plane} }}\n"
        for plane in service.ingress
    )
    return f"""service: {service.name}
plane: {service.plane}
app: 127.0.0.1:{service.app}
acl: acl/{service.plane}.yaml
services: services.yaml
tls:
  certificate: tls/certificate.pem
  key: tls/key.pem
  ca: tls/ca
  crl: tls/crl.pem
  trust_domain: {TRUST_DOMAIN}
tor: {{ socks: unix:/run/tor/socks }}
egress: {{ address: 127.0.0.1:{service.egress} }}
ingress:
{ingress}"""


def programs(root):
    """The root of a container that has the programs of this machine, and how they come there."""
    root.mkdir()
    for name in ("bin", "lib", "lib64"):
        if (pathlib.Path("/") / name).is_symlink():
            (root / name).symlink_to(f"usr/{name}")
    return [("/usr", "/usr", "ro")]
