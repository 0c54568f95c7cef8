"""Goal: requests that are sent without waiting are answered, on one connection, in their order.
Method: several requests in one write, some with bodies, one refused among them; each answer
names its request.
"""
from stage.app import Answer
from stage.case import E2E, PAYOUTS, main
from stage.wire import request


class Pipelining(E2E):
    files = {"limits": False}  # so many requests at once are beyond the shipped policy

    @staticmethod
    def reply(request):
        return Answer(request.target.encode() + b" " + request.body)

    def test_answers_come_in_the_order_of_the_requests(self):
        targets = [f"{PAYOUTS}/{number}" for number in range(8)]
        client = self.egress().send(b"".join(request("GET", target) for target in targets))
        self.assertEqual([client.answer().body.decode().strip() for _ in targets], targets)

    def test_bodies_do_not_run_into_the_next_request(self):
        client = self.egress().send(
            b"".join(
                request("POST", PAYOUTS, body=b"GET / HTTP/1.1\r\n%d" % number)
                for number in range(5)
            )
        )
        for number in range(5):
            self.assertEqual(client.answer().body, f"{PAYOUTS} GET / HTTP/1.1\r\n{number}".encode())

    def test_a_refused_request_among_them_keeps_its_place(self):
        client = self.egress().send(
            request("GET", f"{PAYOUTS}/1")
            + request("GET", "/admin")
            + request("GET", f"{PAYOUTS}/2")
        )
        self.assertEqual([client.answer().status for _ in range(3)], [200, 403, 200])

    def test_a_connection_is_kept_alive_between_requests(self):
        client = self.egress()
        for number in range(3):
            answer = client.send(request("GET", f"{PAYOUTS}/{number}")).answer()
            self.assertEqual(answer.body.decode().strip(), f"{PAYOUTS}/{number}")

    def test_connection_close_is_honoured(self):
        client = self.egress().send(request("GET", PAYOUTS, headers=["Connection: close"]))
        self.assertEqual(client.answer().status, 200)
        self.assertTrue(client.at_end())


if __name__ == "__main__":
    main()
