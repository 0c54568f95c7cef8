"""Goal: when the directory authority, which relays too, is killed every answer is right or says why
not, and all is well again by itself once it is back.
Method: kill it while calls are under way, start it again, call until it works, and let curl try
beside it.
"""
from stage.case import main
from stage.fault import Fault


class AuthorityKilled(Fault):
    hurt = ("client", "host")

    def test_calls_are_right_or_say_why_not_and_come_back(self):
        self.break_for_a_moment("a1")


if __name__ == "__main__":
    main()
