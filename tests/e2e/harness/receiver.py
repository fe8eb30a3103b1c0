"""Who is sent spans and CloudEvents, on this machine."""
import http.server
import json
import threading

KEY = ("X-Key", "a secret")


class Receiver(http.server.ThreadingHTTPServer):
    """Keeps the spans and events that it is sent. Use with `with`."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.spans, self.events = [], []
        self.wrong = []  # requests that no collector and no sink would take
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def flags(self):
        """What tells the operator, or `coreflow dev`, of it."""
        url, header = f"http://127.0.0.1:{self.server_port}", "=".join(KEY)
        return [f"--otlp-endpoint={url}", f"--otlp-headers={header}",
                f"--cloudevents-sink={url}/events", f"--cloudevents-headers={header}"]

    def take(self, path, headers, body):
        """Whether it is something for us."""
        kind = headers["Content-Type"].partition(";")[0]
        if headers[KEY[0]] == KEY[1] and (path, kind) == ("/v1/traces", "application/json"):
            self.spans += [span for resource in json.loads(body)["resourceSpans"] for scope in resource["scopeSpans"]
                           for span in scope["spans"]]
        elif headers[KEY[0]] == KEY[1] and (path, kind) == ("/events", "application/cloudevents+json"):
            self.events.append(json.loads(body))
        else:
            self.wrong.append((path, kind))
            return False
        return True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200 if self.server.take(self.path, self.headers, body) else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass
