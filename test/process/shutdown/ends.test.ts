import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { verifyAudit } from '../../../src/cli/audit.ts'
import { processEnvironment, start } from '../../support/command-line/program.ts'
import { linesOf } from '../../support/effects/unattended.ts'
import { answerTo, effect, logIn, reading, said, test } from '../../support/shutdown/servers.ts'
import type { RawServer } from '../../support/stdio/raw-server.ts'

// However a server is told to end: what runs may finish, the client gets an answer for what cannot, and the audit log has
// its end. Most tests wait for the 4 s that a server waits, so that they run at the same time.

const ways: readonly (readonly [string, (server: RawServer) => unknown, string])[] = [
  ['SIGTERM', ({ child }) => child.kill('SIGTERM'), 'SIGTERM'],
  ['SIGINT', ({ child }) => child.kill('SIGINT'), 'SIGINT'],
  ['SIGHUP', ({ child }) => child.kill('SIGHUP'), 'SIGHUP'],
  ['the end of stdin', ({ child }) => child.stdin.end(), 'the client closed stdin'],
]
const events = ['asked', 'approved', 'sent', 'answered', 'end']

describe.concurrent('a read and an effect hang: nobody knows, and client and audit log have it', () => {
  test.for(ways)('%s', async ([, end], { inFlight, audit }) => {
    const { server } = await inFlight(effect, reading)
    end(server)
    const { code, out } = await server.ended
    expect(code).toBe(0)
    for (const work of [effect, reading])
      expect(answerTo(work, out)?.['error']).toEqual({
        code: -32_000,
        message: expect.stringMatching(/told to end before the call was answered\. .* look up whether/),
      })
    const lines = linesOf(audit)
    expect(lines.map(({ event }) => event)).toEqual(events)
    expect(lines[3]?.facts).toMatchObject({ outcome: 'unclear', why: 'cancelled' })
    expect((await verifyAudit(audit)).ok).toBe(true)
  })
})

describe.concurrent('a read and an effect run: both are answered, and the effect is in the audit log', () => {
  test.for(ways)('%s', async ([, end, reason], { inFlight, audit }) => {
    const { server, held } = await inFlight(effect, reading)
    end(server)
    await said(server, `"reason":"${reason}"`)
    held.release()
    const { code, out } = await server.ended
    expect(code).toBe(0)
    expect(answerTo(reading, out)?.['result']).toMatchObject({
      content: [{ text: expect.stringMatching(/^jobs 1-/) }],
    })
    expect(answerTo(effect, out)).toHaveProperty('result')
    expect(answerTo(effect, out)?.['result']).not.toHaveProperty('isError')
    const lines = linesOf(audit)
    expect(lines.map(({ event }) => event)).toEqual(events)
    expect(lines[3]?.facts).toMatchObject({ outcome: 'done' })
    expect((await verifyAudit(audit)).ok).toBe(true)
  })
})

describe.concurrent('nothing runs: it ends at once, and says why', () => {
  test.for(ways)('%s', async ([, end, reason], { serve }) => {
    const server = await serve()
    end(server)
    const { code, err } = await server.ended
    expect(code).toBe(0)
    expect(logIn(err).at(-1)).toMatchObject({ level: 'info', msg: 'ending', reason })
  })
})

describe.concurrent('told twice: it does not wait for what runs', () => {
  test.for<readonly [string, (server: RawServer) => unknown, string, NodeJS.Signals]>([
    ['SIGINT twice', ({ child }) => child.kill('SIGINT'), 'SIGINT', 'SIGINT'],
    [
      'the end of stdin, then SIGTERM',
      ({ child }) => child.stdin.end(),
      'the client closed stdin',
      'SIGTERM',
    ],
  ])('%s', async ([, first, reason, second], { inFlight }) => {
    const { server, held } = await inFlight(reading)
    first(server)
    await said(server, `"reason":"${reason}"`)
    server.child.kill(second)
    // While a server that still waits is waiting, so that it would be answered.
    const later = setTimeout(held.release, 3_000)
    const { code, out } = await server.ended
    clearTimeout(later)
    expect(code).toBe(0)
    expect(answerTo(reading, out)).toHaveProperty('error')
  })
})

test.concurrent('a call that comes after that is refused, and nothing of it reaches Qualys', async ({
  inFlight,
}) => {
  const { server, held } = await inFlight(reading)
  server.child.kill('SIGTERM')
  await said(server, '"reason":"SIGTERM"')
  const late = await server.call(effect.tool, effect.args)
  expect(late).toMatchObject({
    error: { code: -32_000, message: expect.stringContaining('takes no more calls') },
  })
  held.release()
  const { out } = await server.ended
  expect(answerTo(reading, out)).toHaveProperty('result')
  expect(held.seen).toContain(reading.path)
  expect(held.seen).not.toContain(effect.path)
})

test.concurrent.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  'a command with an effect under way says at %s that nobody knows: exit code %i',
  async ([signal, code], { hold, environment, audit }) => {
    const held = await hold(effect)
    const env = processEnvironment(environment({ QUALYS_GATEWAY_URL: held.url }))
    const child = start(['call', effect.tool, JSON.stringify(effect.args)], env)
    child.stdout.resume()
    const [errors, ended] = [text(child.stderr), once(child, 'close')]
    await held.arrived
    child.kill(signal)
    expect(await ended).toEqual([code, null])
    expect(await errors).toMatch(
      /^qualys-mcp: qualys-mcp was told to end before the call was answered\. .* look up whether/m,
    )
    const lines = linesOf(audit)
    expect(lines.map(({ event }) => event)).toEqual(events)
    expect(lines[3]?.facts).toMatchObject({ outcome: 'unclear' })
    expect((await verifyAudit(audit)).ok).toBe(true)
  },
)
