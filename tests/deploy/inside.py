"""Inside: what the tests do from within a container of an app: serve, call, and look for a way out.
Needs nothing but Python's own library; says what it found as one line of JSON.
"""
import errno
import http.client
import http.server
import json
import select
import socket
import sys
import time

APP, EGRESS = ("127.0.0.1", 8080), ("127.0.0.1", 15001)
AT_ONCE = 400  # sockets; fewer than anybody may have open
PATIENCE = 20  # seconds; the kernel gives up asking who has an address after three
UNREACHED = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EINPROGRESS, errno.ETIMEDOUT)


def serve(name):
    class App(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            said = {"app": name, "caller": self.headers["X-Beta-Source-Service"]}
            body = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    http.server.ThreadingHTTPServer(APP, App).serve_forever()


def call(host, path):
    """[status, body] of a GET by the sidecar; [0, why] without an answer."""
    try:
        connection = http.client.HTTPConnection(*EGRESS, timeout=150)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return [answer.status, answer.read().decode()]
    except (OSError, http.client.HTTPException) as error:
        return [0, str(error)]


def scan(addresses, ports, device=None):
    """{"open": […], "refused": […]} of [address, port]. Who refuses is reached as well. `device`:
    to which each socket is bound, so that the kernel needs no route.
    """
    places = [[address, port] for address in addresses for port in ports]
    found = {"open": [], "refused": []}
    for begin in range(0, len(places), AT_ONCE):
        for place, error in knock(places[begin : begin + AT_ONCE], device):
            if error == 0:
                found["open"].append(place)
            elif error == errno.ECONNREFUSED:
                found["refused"].append(place)
            elif error not in UNREACHED:
                raise OSError(error, f"{place}")
    return found


def knock(places, device):
    """Yields each place with how the connect to it ended; EINPROGRESS: not at all, in time."""
    poll, waiting = select.poll(), {}
    for place in places:
        stream = socket.socket()
        stream.setblocking(False)
        if device:
            stream.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
        error = stream.connect_ex(tuple(place))
        if error != errno.EINPROGRESS:
            yield place, error
            continue
        waiting[stream.fileno()] = stream, place
        poll.register(stream, select.POLLOUT)
    deadline = time.monotonic() + PATIENCE
    while waiting and (left := deadline - time.monotonic()) > 0:
        for number, _ in poll.poll(left * 1000):
            stream, place = waiting.pop(number)
            poll.unregister(number)
            yield place, stream.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    for _, place in waiting.values():
        yield place, errno.EINPROGRESS


def look_up(*names):
    """Those of the names that have an address here."""
    found = []
    for name in names:
        try:
            socket.getaddrinfo(name, 80)
            found.append(name)
        except OSError:
            pass
    return found


def knock_at_sockets(*paths):
    """Those of the unix sockets that can be reached."""
    found = []
    for path in paths:
        with socket.socket(socket.AF_UNIX) as stream:
            if stream.connect_ex(path) == 0:
                found.append(path)
    return found


if __name__ == "__main__":
    WORDS = [json.loads(word) for word in sys.argv[2:]]
    print(json.dumps(globals()[sys.argv[1]](*WORDS)))
