"""Goal: while tor is away calls are 503; when it is back they work again, with nobody's help.
Method: stop the network's client tor, call, start it again, call.
"""
from stage.case import E2E, PAYOUTS, main
from stage.sidecar import eventually
from stage.wire import request


class TorRestart(E2E):
    def call(self):
        return self.egress().send(request("GET", PAYOUTS)).answer().status

    def tearDown(self):
        self.tornet.ask({"do": "start", "name": "client"})
        super().tearDown()

    def test_calls_fail_while_tor_is_away_and_work_when_it_is_back(self):
        self.assertEqual(self.call(), 200)
        self.assertNotIn("error", self.tornet.ask({"do": "stop", "name": "client"}))
        self.assertEqual(self.call(), 503)
        self.assertNotIn("error", self.tornet.ask({"do": "start", "name": "client"}))
        eventually(lambda: self.call() == 200, "a call that works again", 60)


if __name__ == "__main__":
    main()
