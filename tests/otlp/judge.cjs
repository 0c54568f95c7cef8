// Judges bodies of exports, one JSON text a line of the file named: by the OTLP schema that
// OpenTelemetry's own JavaScript brings, and beside what its exporter would have sent for the same
// spans. Each line of the output is a fault; exit code 1 then. NODE_PATH leads to the packages.
"use strict";
const assert = require("assert");
const fs = require("fs");
const { TraceState } = require("@opentelemetry/core");
const { JsonTraceSerializer } = require("@opentelemetry/otlp-transformer");
const { opentelemetry } = require("@opentelemetry/otlp-transformer/build/src/generated/root");

const Request = opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
const whole = { longs: String, enums: Number, bytes: String };

// OTLP's JSON has ids in hexadecimal, where the mapping of protobuf has base64.
function withBytes(request) {
    for (const spans of eachSpans(request)) {
        for (const span of spans) {
            for (const id of ["traceId", "spanId", "parentSpanId"]) {
                if (span[id] === undefined) continue;
                assert.match(span[id], id === "traceId" ? /^[0-9a-f]{32}$/ : /^[0-9a-f]{16}$/, id);
                span[id] = Buffer.from(span[id], "hex").toString("base64");
            }
        }
    }
    return request;
}

function* eachSpans(request) {
    for (const resource of request.resourceSpans) {
        for (const scope of resource.scopeSpans) yield scope.spans;
    }
}

// Over the wire format and back. `options` say whether what was left out appears.
function decoded(request, options) {
    const message = Request.fromObject(withBytes(request));
    assert.strictEqual(Request.verify(message), null);
    return Request.toObject(Request.decode(Request.encode(message).finish()), options);
}

// Nothing is lost and nothing changes: an unknown field or a wrong type would not come back. Only
// 64 bits are strings, and they must be.
function judgeSchema(text) {
    assert.deepStrictEqual(decoded(JSON.parse(text), whole), withBytes(JSON.parse(text)));
}

const valueOf = (value) =>
    value.intValue !== undefined ? Number(value.intValue) : Object.values(value)[0];
const attributes = (list) =>
    Object.fromEntries(list.map((one) => [one.key, valueOf(one.value)]));
const time = (nanoseconds) =>
    [Number(BigInt(nanoseconds) / 1000000000n), Number(BigInt(nanoseconds) % 1000000000n)];

// A span of ours as their SDK would have it.
function theirs(span, resource, scope) {
    return {
        name: span.name,
        kind: span.kind - 1, // theirs begins at 0
        spanContext: () => ({
            traceId: span.traceId, spanId: span.spanId, traceFlags: 1,
            traceState: span.traceState && new TraceState(span.traceState),
        }),
        parentSpanContext: span.parentSpanId && { spanId: span.parentSpanId },
        startTime: time(span.startTimeUnixNano),
        endTime: time(span.endTimeUnixNano),
        status: span.status || { code: 0 },
        attributes: attributes(span.attributes),
        events: [], links: [],
        droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0,
        resource, instrumentationScope: scope,
    };
}

// Their exporter of this version leaves out the flags, and says of an integer what ours says.
function judgeExporter(text) {
    const [{ resource, scopeSpans: [{ scope, spans }] }] = JSON.parse(text).resourceSpans;
    const kept = { attributes: attributes(resource.attributes) };
    const sent = JsonTraceSerializer.serializeRequest(spans.map((span) => theirs(span, kept, scope)));
    const other = decoded(JSON.parse(Buffer.from(sent)), { ...whole, defaults: true });
    const own = decoded(JSON.parse(text), { ...whole, defaults: true });
    for (const list of [...eachSpans(other), ...eachSpans(own)]) {
        for (const span of list) {
            delete span.flags;
            if (span.status === null) span.status = { message: "", code: 0 };
        }
    }
    assert.deepStrictEqual(own, other);
}

let faults = 0;
const texts = fs.readFileSync(process.argv[2], "utf8").split("\n").filter((line) => line !== "");
texts.forEach((text, index) => {
    for (const judge of [judgeSchema, judgeExporter]) {
        try {
            judge(text);
        } catch (error) {
            faults += 1;
            console.log(`${index + 1}: ${judge.name}: ${error.message}`);
        }
    }
});
console.log(`${texts.length} exports judged, ${faults} faults`);
process.exit(faults === 0 && texts.length > 0 ? 0 : 1);
