"""Goal: a payment sidecar without its app says 502 to the caller, and recovers when the app is
back.
Method: close the app's port, call, open it again, call.
"""
from stage import topology
from stage.app import App
from stage.case import E2E, PAYOUTS, main
from stage.wire import request


class AppDown(E2E):
    def test_a_missing_app_is_502_until_it_is_back(self):
        client = self.egress()
        self.assertEqual(client.send(request("GET", PAYOUTS)).answer().status, 200)
        self.app.close()
        self.assertEqual(self.egress().send(request("GET", PAYOUTS)).answer().status, 502)
        type(self).app = App(topology.PAYMENT.app, self.reply)
        self.addClassCleanup(self.app.close)
        self.assertEqual(self.egress().send(request("GET", PAYOUTS)).answer().status, 200)


if __name__ == "__main__":
    main()
