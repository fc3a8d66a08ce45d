import { expect } from 'vitest'
import { answerTo, parseLog, readCall, startCall, test } from '../../support/shutdown/servers.ts'

// Far too large lines, and clients that do not read, do not end a server.

test('lines that are too long are refused, and other lines of the same write are kept', async ({ serve }) => {
  const server = await serve()
  const head = '{"jsonrpc":"2.0","id":"big","method":"ping","params":{"x":"'
  const most = 10 * 1024 * 1024
  const big = `${head}${'x'.repeat(most - 100 - head.length - 3)}"}}`
  const list = '{"jsonrpc":"2.0","id":"list","method":"tools/list"}'
  const ping = '{"jsonrpc":"2.0","id":"ping","method":"ping"}'
  server.send([big, list, 'x'.repeat(most + 1), ping].join('\n'))
  startCall(server, readCall)
  const { out, err } = await server.finish()
  const ids = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).id)
  expect(ids).toEqual(expect.arrayContaining(['big', 'list', 'ping']))
  expect(answerTo(readCall, out)?.['result']).toMatchObject({
    content: [{ text: expect.stringMatching(/^jobs 1-/) }],
  })
  expect(parseLog(err).filter(({ msg }) => msg === 'protocol')).toEqual([
    expect.objectContaining({
      level: 'warn',
      error: `a line of ${most + 1} bytes is refused: The message is longer than 10 MiB: send less.`,
    }),
  ])
})

test('a line that is no message is logged by its length, without its text', async ({ serve }) => {
  const server = await serve()
  const bad = '{"jsonrpc":"2.0","id":[],"method":"ping","innards":"of-the-client"}'
  server.send(bad)
  const { err } = await server.finish()
  expect(err).not.toMatch(/innards|of-the-client/)
  expect(parseLog(err).filter(({ msg }) => msg === 'protocol')).toEqual([
    expect.objectContaining({
      error: `a line of ${bad.length} bytes is refused: The id of a request must be text or a whole number.`,
    }),
  ])
})

test('a client that does not read the log is still served, and the log does not fill the memory', async ({
  serve,
}) => {
  const server = await serve()
  server.child.stderr.pause()
  // Each causes a reply of more than 100 bytes: together more than the 1 MiB that is buffered for a client.
  const lines = 14_000
  server.send(Array(lines).fill('{"jsonrpc":"2.0","id":[],"method":"ping"}').join('\n'))
  expect((await server.call(readCall.tool)).result?.isError).toBeUndefined()
  server.child.kill('SIGTERM')
  server.child.stderr.resume()
  const { code, err } = await server.ended
  expect(code).toBe(0)
  const logged = parseLog(err).filter(({ msg }) => msg === 'protocol')
  expect(logged.length).toBeGreaterThan(1_000)
  expect(logged.length).toBeLessThan(lines)
})
