"""Goal: a tor that stands still (its port takes connections, nothing comes back) makes no answer
wrong, and no hand is needed once it goes on.
Method: SIGSTOP, calls that are under way meanwhile, SIGCONT; the caller's tor, then that of the
services.
"""
import concurrent.futures
import contextlib

from stage.case import main
from stage.fault import Fault, frozen

STANDSTILL = 5  # seconds, the longest


class FrozenTor(Fault):
    def freeze(self, name):
        with concurrent.futures.ThreadPoolExecutor() as pool:
            with frozen(self.tornet.ask({"do": "status"})["pids"][name]):
                calls = [pool.submit(self.works) for _ in range(3)]
                with contextlib.suppress(TimeoutError):
                    calls[0].result(STANDSTILL)
            for call in calls:
                call.result()  # the right answer, or one that says why not
        self.measure_recovery()

    def test_a_frozen_client_tor(self):
        self.freeze("client")

    def test_a_frozen_tor_of_the_services(self):
        self.freeze("host")


if __name__ == "__main__":
    main()
