import { createServer } from 'node:http'

// A gateway that answers each search of jobs with one large answer, for loop.ts. The first argument names the answer.

const mebibyte = 1024 * 1024
const envelope = (rows) => `{"errorCode":null,"message":null,"body":{"totalCount":1,"list":[${rows}]}}`
const job = (id, more) => `{"sortValues":[${id}],"data":{"id":${id},"title":"Job ${id}"${more}}}`

/** Lines of a log, with what JSON has to escape. */
function logOf(length) {
  const lines = []
  for (let at = 0, size = 0; size < length; at++) {
    const line = `2026-11-30T08:00:00Z host-${at} INFO "service" C:\\Program Files\\x started in ${at} ms, été`
    lines.push(line)
    size += line.length + 1
  }
  return lines.join('\n').slice(0, length)
}

const answers = {
  rows: () => {
    const row = (id) => job(id, `,"description":"${'x'.repeat(900)}"`)
    const count = Math.floor((64 * mebibyte - 1_000) / row(999_999).length)
    return envelope(Array.from({ length: count }, (_, id) => row(id)).join(','))
  },
  fields: () =>
    envelope(job(1, Array.from({ length: 1_000_000 }, (_, at) => `,"field${at}":${at}`).join(''))),
  text: () => envelope(job(1, `,"description":${JSON.stringify(logOf(48 * mebibyte))}`)),
}

const answer = Buffer.from(answers[process.argv[2]]())
const server = createServer((request, response) => {
  request.resume()
  if (request.url === '/auth') response.writeHead(201).end('header.payload.signature')
  else response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
