// Says where Node's own parser, llhttp, cuts streams. In: 'q' (requests) or 'a' (answers), four
// bytes of length, the stream. Out: a line of JSON each.
"use strict";
const { HTTPParser } = process.binding("http_parser");
const methods = process.binding("http_parser").allMethods || process.binding("http_parser").methods;

function cut(kind, bytes) {
  const messages = [];
  const parser = new HTTPParser();
  parser.initialize(kind === "q" ? HTTPParser.REQUEST : HTTPParser.RESPONSE, {}, 0, 0);
  let open = null;
  let early = "";  // what Node says of a target before the head is complete
  parser[HTTPParser.kOnHeaders] = (headers, url) => { early += url; };
  parser[HTTPParser.kOnHeadersComplete] = (major, minor, headers, method, url, status) => {
    open = { method: method === undefined ? "" : methods[method], target: url || early,
             status: status || 0, payload: 0, whole: false };
    messages.push(open);
    return 0;
  };
  parser[HTTPParser.kOnBody] = (buffer, offset, length) => {
    open.payload += length === undefined ? buffer.length : length;
  };
  parser[HTTPParser.kOnMessageComplete] = () => { open.whole = true; early = ""; };
  const done = parser.execute(bytes, 0, bytes.length);
  const finished = done instanceof Error ? done : parser.finish();
  const error = finished instanceof Error ? finished.code || String(finished) : "";
  return JSON.stringify({ error, messages });
}

let pending = Buffer.alloc(0);
process.stdin.on("data", (data) => {
  pending = Buffer.concat([pending, data]);
  while (pending.length >= 5) {
    const size = pending.readUInt32BE(1);
    if (pending.length < 5 + size) break;
    const kind = String.fromCharCode(pending[0]);
    process.stdout.write(cut(kind, pending.subarray(5, 5 + size)) + "\n");
    pending = pending.subarray(5 + size);
  }
});
