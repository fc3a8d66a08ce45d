import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect } from 'vitest'
import { verifyAudit } from '../../../src/tools/effects/audit/verify-audit.ts'
import { processEnvironment, spawnProgram } from '../../support/command-line/program.ts'
import { readAuditLines } from '../../support/effects/unattended.ts'
import {
  answerTo,
  effectCall,
  parseLog,
  readCall,
  test,
  waitForStderr,
} from '../../support/shutdown/servers.ts'
import type { RawServer } from '../../support/stdio/raw-server.ts'

// Every way to end a server: running calls may finish, the client gets an answer for those that cannot, and the
// audit log is closed. Most tests wait for the 4 s that a server waits, so that they run at the same time.

const ways: readonly (readonly [string, (server: RawServer) => unknown, string])[] = [
  ['SIGTERM', ({ child }) => child.kill('SIGTERM'), 'SIGTERM'],
  ['SIGINT', ({ child }) => child.kill('SIGINT'), 'SIGINT'],
  ['SIGHUP', ({ child }) => child.kill('SIGHUP'), 'SIGHUP'],
  ['the end of stdin', ({ child }) => child.stdin.end(), 'the client closed stdin'],
]
const events = ['start', 'asked', 'approved', 'sent', 'answered', 'end']

describe.concurrent('a read and an effect hang: the outcome is unknown, for the client and in the audit log', () => {
  test.for(ways)('%s', async ([, end], { inFlight, audit }) => {
    const { server } = await inFlight(effectCall, readCall)
    end(server)
    const { code, out } = await server.ended
    expect(code).toBe(0)
    for (const work of [effectCall, readCall])
      expect(answerTo(work, out)?.['error']).toEqual({
        code: -32_000,
        message: expect.stringMatching(/told to end before the call was answered\. .* look up whether/),
      })
    const lines = readAuditLines(audit)
    expect(lines.map(({ event }) => event)).toEqual(events)
    expect(lines[4]?.facts).toMatchObject({ outcome: 'unclear', why: 'cancelled' })
    expect((await verifyAudit(audit)).ok).toBe(true)
  })
})

describe.concurrent('a read and an effect run: both are answered, and the effect is in the audit log', () => {
  test.for(ways)('%s', async ([, end, reason], { inFlight, audit }) => {
    const { server, gateway } = await inFlight(effectCall, readCall)
    end(server)
    await waitForStderr(server, `"reason":"${reason}"`)
    gateway.release()
    const { code, out } = await server.ended
    expect(code).toBe(0)
    expect(answerTo(readCall, out)?.['result']).toMatchObject({
      content: [{ text: expect.stringMatching(/^jobs 1-/) }],
    })
    expect(answerTo(effectCall, out)).toHaveProperty('result')
    expect(answerTo(effectCall, out)?.['result']).not.toHaveProperty('isError')
    const lines = readAuditLines(audit)
    expect(lines.map(({ event }) => event)).toEqual(events)
    expect(lines[4]?.facts).toMatchObject({ outcome: 'done' })
    expect((await verifyAudit(audit)).ok).toBe(true)
  })
})

describe.concurrent('no call runs: it ends at once, and logs why', () => {
  test.for(ways)('%s', async ([, end, reason], { serve }) => {
    const server = await serve()
    end(server)
    const { code, err } = await server.ended
    expect(code).toBe(0)
    expect(parseLog(err).at(-1)).toMatchObject({ level: 'info', msg: 'ending', reason })
  })
})

describe.concurrent('requested twice: it does not wait for running calls', () => {
  test.for<readonly [string, (server: RawServer) => unknown, string, NodeJS.Signals]>([
    ['SIGINT twice', ({ child }) => child.kill('SIGINT'), 'SIGINT', 'SIGINT'],
    [
      'the end of stdin, then SIGTERM',
      ({ child }) => child.stdin.end(),
      'the client closed stdin',
      'SIGTERM',
    ],
  ])('%s', async ([, first, reason, second], { inFlight }) => {
    const { server, gateway } = await inFlight(readCall)
    first(server)
    await waitForStderr(server, `"reason":"${reason}"`)
    server.child.kill(second)
    // Sent while a stopping server still waits, so that it could be answered.
    const later = setTimeout(gateway.release, 3_000)
    const { code, out } = await server.ended
    clearTimeout(later)
    expect(code).toBe(0)
    expect(answerTo(readCall, out)).toHaveProperty('error')
  })
})

test.concurrent('a call that arrives after that is refused, and is not sent to Qualys', async ({
  inFlight,
}) => {
  const { server, gateway } = await inFlight(readCall)
  server.child.kill('SIGTERM')
  await waitForStderr(server, '"reason":"SIGTERM"')
  const late = await server.call(effectCall.tool, effectCall.args)
  expect(late).toMatchObject({
    error: { code: -32_000, message: expect.stringContaining('takes no more calls') },
  })
  gateway.release()
  const { out } = await server.ended
  expect(answerTo(readCall, out)).toHaveProperty('result')
  expect(gateway.paths).toContain(readCall.path)
  expect(gateway.paths).not.toContain(effectCall.path)
})

test.concurrent.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  'a command with an effect under way reports at %s that the outcome is unknown: exit code %i',
  async ([signal, code], { holdAnswers, environment, audit }) => {
    const held = await holdAnswers(effectCall)
    const env = processEnvironment(environment({ QUALYS_GATEWAY_URL: held.url }))
    const child = spawnProgram(['call', effectCall.tool, JSON.stringify(effectCall.args)], env)
    child.stdout.resume()
    const [errors, ended] = [text(child.stderr), once(child, 'close')]
    await held.arrived
    child.kill(signal)
    expect(await ended).toEqual([code, null])
    expect(await errors).toMatch(
      /^qualys-mcp: qualys-mcp was told to end before the call was answered\. .* look up whether/m,
    )
    const lines = readAuditLines(audit)
    expect(lines.map(({ event }) => event)).toEqual(events)
    expect(lines[4]?.facts).toMatchObject({ outcome: 'unclear' })
    expect((await verifyAudit(audit)).ok).toBe(true)
  },
)
