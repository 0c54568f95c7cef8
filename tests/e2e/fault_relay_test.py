"""Goal: when a relay on the way is killed every answer is right or says why not, and all is well
again by itself once it is back.
Method: kill the relay where both sides' circuits meet while calls are under way, start it again,
call until it works, and let curl try beside it.
"""
import re

from stage import topology
from stage.case import main
from stage.fault import Fault
from stage.sidecar import eventually

NAME = re.compile(r"~(\w+)")


class RelayKilled(Fault):
    hurt = ("client", "host")

    def meeting_relay(self):
        """The last relay of the client's on a circuit that leads to the service; not the authority,
        whose death is another test.
        """
        address = self.onions[topology.PAYMENT.onion_name("ops")].removesuffix(".onion")
        with self.tornet.control("client") as control:
            for line in control.ask("GETINFO circuit-status"):
                if "HS_STATE=HSCR_JOINED" in line and address in line:
                    way = NAME.findall(line.split(" ")[2])
                    return next(name for name in reversed(way) if name != "a1")
        return None

    def test_calls_are_right_or_say_why_not_and_come_back(self):
        self.break_for_a_moment(eventually(self.meeting_relay, "a circuit to the service"))


if __name__ == "__main__":
    main()
