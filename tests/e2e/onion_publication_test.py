"""Goal: a sidecar publishes the onions of its service by itself, at the same address for ever.
Method: keys made by the command line stand in the directory; the payment service's sidecar
publishes them through the control port of the network's client tor, which is stopped and started.
"""
from stage import topology
from stage.case import main
from stage.metrics import total
from stage.publishing import Publishing
from stage.sidecar import eventually

PUBLISHED = "beta_sidecar_onion_published"


class OnionPublication(Publishing):
    def published(self, plane):
        samples = self.sidecars[topology.PAYMENT].metrics()
        return total(samples, PUBLISHED, plane=plane)

    def test_an_onion_is_published_again_when_tor_comes_back(self):
        self.assertEqual(self.published("ops"), 1)
        self.assertEqual(self.published("chain"), 1)
        eventually(lambda: self.status_of_call() == 200, "a call by the published onion", 60)
        self.assert_no_onion_in(self.sidecars[topology.PAYMENT].words())
        self.assertNotIn("error", self.tornet.ask({"do": "stop", "name": "client"}))
        eventually(lambda: self.published("ops") == 0, "an onion that is not published", 60)
        self.assertNotIn("error", self.tornet.ask({"do": "start", "name": "client"}))
        eventually(lambda: self.published("ops") == 1, "an onion that is published again", 60)
        eventually(lambda: self.status_of_call() == 200, "a call by the same onion", 60)

    def tearDown(self):
        self.tornet.ask({"do": "start", "name": "client"})
        super().tearDown()


if __name__ == "__main__":
    main()
