"""Control: a small client of tor's control port (control-spec §2, §3.24 AUTHENTICATE with a
cookie).
"""
import socket


class ControlError(Exception):
    """The control port is not there yet, went away, or said no."""


class Control:
    def __init__(self, port, cookie_file):
        try:
            with open(cookie_file, "rb") as file:
                cookie = file.read()
            self._socket = socket.create_connection(("127.0.0.1", port), 10)
        except OSError as error:
            raise ControlError(str(error)) from error
        self._lines = self._socket.makefile("r", encoding="utf-8", errors="replace", newline="\r\n")
        self.ask(f"AUTHENTICATE {cookie.hex()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._lines.close()
        self._socket.close()

    def ask(self, command):
        """Sends one command; its reply lines without status codes. Anything but 250 raises."""
        try:
            self._socket.sendall(f"{command}\r\n".encode())
            return self._reply(command)
        except OSError as error:
            raise ControlError(str(error)) from error

    def event(self, seconds=60):
        """The next line that tor tells unasked (§4.1), without its code: for a connection that asks
        for nothing after its SETEVENTS. `seconds`: None waits for ever.
        """
        self._socket.settimeout(seconds)
        try:
            line = self._line()
        except OSError as error:
            raise ControlError(f"no event within {seconds} s") from error
        if not line.startswith("650"):
            raise ControlError(f"not an event: {line}")
        return line[4:]

    def _reply(self, command):
        lines = []
        while True:
            line = self._line()
            if not line.startswith("250"):
                raise ControlError(f"{command.split()[0]}: {line}")
            lines.append(line[4:])
            if line[3] == "+":  # a data block, ended by a lone dot
                while (data := self._line()) != ".":
                    lines.append(data)
            elif line[3] == " ":
                return lines

    def _line(self):
        line = self._lines.readline()
        if not line.endswith("\r\n"):
            raise ControlError("the control connection was closed")
        return line[:-2]
