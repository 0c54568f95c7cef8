// beta_log: a service's own lines, to the log of the sidecar beside it.
//
//     import { createLog } from './beta_log.mjs'
//     const log = createLog()
//     log.warn('slow', { milliseconds: 1200 })
//     await log.close()  // at the end: sends what waits
//
// Nothing but Node; copy it. It never throws and never waits: lines go into a queue, and from there
// in batches. When the queue is full the newest are dropped, and a line says how many.
import http from 'node:http'

const queueLines = 10_000
const batchLines = 500
const batchBytes = 200_000 // limits.app_log_bytes is 256 KiB
const longest = 16_000 // bytes of a line; limits.app_log_line_bytes is 16 KiB
const patience = 5_000 // milliseconds for one request

const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time))

/** Half a surrogate pair is no text in UTF-8. */
const whole = (_, value) =>
  typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value
const textOf = (fields) => JSON.stringify(fields, whole)

/** `sidecar`: its egress address; else that of http_proxy, else 127.0.0.1:15001. */
export function createLog({ sidecar = process.env.http_proxy || '127.0.0.1:15001' } = {}) {
  const url = new URL(sidecar.includes('//') ? sidecar : `http://${sidecar}`)
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
  const waiting = []
  let dropped = 0
  let closing = false
  let sending = null

  function lineOf(level, message, fields) {
    const own = { level, message: String(message).slice(0, longest / 2), time: Date.now() }
    const line = textOf({ ...fields, ...own })
    if (Buffer.byteLength(line) <= longest) return line
    return textOf({ ...own, message: own.message.slice(0, longest / 8), fields: 'too long' })
  }

  function put(level, message, fields) {
    let line
    try {
      line = lineOf(level, message, fields)
    } catch {
      try {
        line = lineOf(level, message, { fields: 'cannot be told' }) // a cycle, a BigInt
      } catch {} // nor can the message: a line that is lost is no reason to stop the service
    }
    if (!line || closing || waiting.length >= queueLines) {
      dropped += 1
      return
    }
    waiting.push(line)
    sending ??= send()
  }

  function nextBatch() {
    const batch = []
    if (dropped > 0) {
      batch.push(JSON.stringify({ level: 'warn', message: 'log lines dropped', count: dropped }))
      dropped = 0
    }
    let size = 0
    while (waiting.length > 0 && batch.length < batchLines && size < batchBytes) {
      batch.push(waiting.shift())
      size += Buffer.byteLength(batch.at(-1))
    }
    return batch
  }

  async function send() {
    await null // more lines of the same turn go along
    while (waiting.length > 0) await deliver(nextBatch())
    sending = null
  }

  async function deliver(batch) {
    for (let pause = 100; ; pause = Math.min(2 * pause, 10_000)) {
      const { status, wait } = await post(batch)
      if ((status === 400 || status === 413) && batch.length > 1) {
        for (const line of batch) await deliver([line]) // find the one that is not taken
        return
      }
      if (status !== 0 && status !== 429 && status !== 503) {
        if (status !== 202) dropped += batch.length
        return
      }
      if (closing && pause > 1_000) return // it had its time
      await sleep(wait || pause)
    }
  }

  /** The status, 0 for none, and the milliseconds to wait before another try. */
  function post(batch) {
    return new Promise((resolve) => {
      const request = http.request(
        {
          agent,
          host: url.hostname,
          port: url.port || 80,
          method: 'POST',
          path: '/v1/logs',
          timeout: patience,
          headers: { Host: 'beta.internal', 'Content-Type': 'application/x-ndjson' },
        },
        (answer) => {
          const seconds = Number(answer.headers['retry-after']) || 0
          answer.on('error', () => resolve({ status: 0, wait: 0 }))
          answer.on('end', () =>
            resolve({ status: answer.statusCode, wait: Math.min(seconds, 60) * 1_000 }))
          answer.resume()
        },
      )
      request.on('timeout', () => request.destroy(new Error('timeout')))
      request.on('error', () => resolve({ status: 0, wait: 0 }))
      request.end(batch.join('\n'))
    })
  }

  return {
    debug: (message, fields) => put('debug', message, fields),
    info: (message, fields) => put('info', message, fields),
    warn: (message, fields) => put('warn', message, fields),
    error: (message, fields) => put('error', message, fields),
    async close() {
      closing = true
      await sending
      agent.destroy()
    },
  }
}
