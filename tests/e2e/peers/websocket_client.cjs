// A client of Debian's node-ws: talks to an echo server through a proxy, and says what it saw as a
// line of JSON. websocket_client.cjs PORT HOST PATH MESSAGES
"use strict";
const crypto = require("crypto");
const WebSocket = require("ws");
const [port, host, path, count] = process.argv.slice(2);

const seen = { echoed: 0, wrong: 0, large: 0, fragmented: 0, pings: 0, pongs: 0 };
const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
  headers: { Host: host }, perMessageDeflate: false, maxPayload: 1 << 22,
});
const fail = (why) => { console.log(JSON.stringify({ ...seen, failed: String(why) })); process.exit(1); };
socket.on("error", fail);
socket.on("unexpected-response", (_, answer) => fail(answer.statusCode));

const waiting = [];  // what was sent and has not come back, in order
function expect(data, isBinary, kind) {
  return new Promise((done) => waiting.push({ data, isBinary, kind, done }));
}
socket.on("message", (data, isBinary) => {
  const { data: sent, isBinary: was, kind, done } = waiting.shift();
  if (!Buffer.from(data).equals(Buffer.from(sent)) || isBinary !== was) seen.wrong += 1;
  seen[kind] += 1;
  done();
});
socket.on("ping", () => { seen.pings += 1; });
socket.on("pong", (data) => { if (data.toString() === "from the client") seen.pongs += 1; });

async function talk() {
  const under_way = [];
  for (let i = 0; i < Number(count); ++i) {
    const binary = i % 2 === 1;
    const data = binary ? crypto.randomBytes(1 + (i * 37) % 3000) : `message ${i} ` + "ä".repeat(i % 200);
    under_way.push(expect(data, binary, "echoed"));
    socket.send(data);
    if (i % 500 === 0) socket.ping("from the client");
    if (under_way.length >= 64) await under_way.shift();
  }
  await Promise.all(under_way);
  for (let i = 0; i < 3; ++i) {
    const data = crypto.randomBytes(1 << 20);
    const back = expect(data, true, "large");
    socket.send(data);
    await back;
  }
  const whole = crypto.randomBytes(300000);
  const back = expect(whole, true, "fragmented");
  for (let at = 0; at < whole.length; at += 10000) {
    socket.send(whole.subarray(at, at + 10000), { binary: true, fin: at + 10000 >= whole.length });
    if (at === 100000) socket.ping("from the client");  // control frames may come in between
  }
  await back;
  socket.send("close 4001");
}

socket.on("open", () => talk().catch(fail));
socket.on("close", (code, reason) => {
  console.log(JSON.stringify({ ...seen, code, reason: reason.toString() }));
  process.exit(0);
});
