"""JsonApp: the few lines that the demo's services have in common. They speak plain HTTP to their
sidecar only.
"""
import http.server
import json
import sys


def serve(answers):
    """Serves on 127.0.0.1:PORT (the first argument). `answers`: (method, path prefix) ->
    function of the request (its headers, its JSON) that gives a status and an object.
    """

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self):
            text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            for (method, prefix), function in answers.items():
                if self.command == method and self.path.startswith(prefix):
                    return self.reply(*function(self.headers, json.loads(text or "{}")))
            return self.reply(404, {"error": "no such thing here"})

        def reply(self, status, what):
            body = json.dumps(what).encode() + b"\n"
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = handle_any
        wbufsize = -1  # head and body in one segment

        def log_message(self, *_):
            pass  # the sidecar's access log says it all

    http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
