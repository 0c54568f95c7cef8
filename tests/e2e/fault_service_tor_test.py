"""Goal: when the tor of the services is killed every answer is right or says why not, and all is
well again by itself once it is back.
Method: kill it, call, start it again; call until it works, and let curl try beside it.
"""
from stage.case import main
from stage.fault import Fault


class ServiceTorKilled(Fault):
    def test_calls_are_right_or_say_why_not_and_come_back(self):
        self.kill("host")
        for _ in range(3):
            self.works()
        self.start("host")
        self.measure_recovery()


if __name__ == "__main__":
    main()
