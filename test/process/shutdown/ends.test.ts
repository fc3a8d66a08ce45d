import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { processEnvironment, run, start } from '../../support/command-line/program.ts'
import { linesOf } from '../../support/effects/bench.ts'
import type { RawServer } from '../stdio/raw-server.ts'
import { answerIn, effect, logIn, reading, Stage } from './stage.ts'

// However a server is told to end: what runs may finish, what cannot is told so, and the audit log has its end.

const stage = new Stage()

const ways: readonly (readonly [string, (server: RawServer) => unknown, string])[] = [
  ['SIGTERM', ({ child }) => child.kill('SIGTERM'), 'SIGTERM'],
  ['SIGINT', ({ child }) => child.kill('SIGINT'), 'SIGINT'],
  ['SIGHUP', ({ child }) => child.kill('SIGHUP'), 'SIGHUP'],
  ['the end of stdin', ({ child }) => child.stdin.end(), 'the client closed stdin'],
]

describe.each(ways)('%s', (_way, end, reason) => {
  test('with nothing to do: it ends at once, and says why', async () => {
    const server = await stage.serve()
    end(server)
    const { code, err } = await server.ended
    expect(code).toBe(0)
    expect(logIn(err).at(-1)).toMatchObject({ level: 'info', msg: 'ending', reason })
  })

  test('while a call runs: its answer still comes', async () => {
    const server = await stage.serve()
    await stage.inFlight(server, reading, 1_000)
    end(server)
    const { code, out } = await server.ended
    expect(code).toBe(0)
    expect(answerIn(out)?.['result']).toMatchObject({
      content: [{ text: expect.stringMatching(/^jobs 1-/) }],
    })
  })

  test('while an effect runs: it is done, told and in the audit log', async () => {
    const server = await stage.serve()
    await stage.inFlight(server, effect, 1_000)
    end(server)
    const { code, out } = await server.ended
    expect(code).toBe(0)
    expect(answerIn(out)?.['result']).not.toHaveProperty('isError')
    const lines = linesOf(stage.audit)
    expect(lines.map(({ event }) => event)).toEqual(['asked', 'approved', 'sent', 'answered', 'end'])
    expect(lines[3]?.facts).toMatchObject({ outcome: 'done' })
    expect((await run(['audit', 'verify', stage.audit])).code).toBe(0)
  })

  test('while an effect hangs: nobody knows, and both the client and the audit log hear so', async () => {
    const server = await stage.serve()
    await stage.inFlight(server, effect)
    end(server)
    const { code, out } = await server.ended
    expect(code).toBe(0)
    expect(answerIn(out)?.['error']).toEqual({
      code: -32_000,
      message: expect.stringMatching(/told to end before the call was answered\. .* look up whether/),
    })
    const lines = linesOf(stage.audit)
    expect(lines.map(({ event }) => event)).toEqual(['asked', 'approved', 'sent', 'answered', 'end'])
    expect(lines[3]?.facts).toMatchObject({ outcome: 'unclear', why: 'cancelled' })
    expect((await run(['audit', 'verify', stage.audit])).code).toBe(0)
  })
})

test('said twice: it does not wait for what runs, though that would have been answered', async () => {
  const server = await stage.serve()
  await stage.inFlight(server, reading, 3_000)
  server.child.kill('SIGINT')
  await expect.poll(() => server.said, { timeout: 30_000 }).toContain('"reason":"SIGINT"')
  server.child.kill('SIGINT')
  const { code, out } = await server.ended
  expect(code).toBe(0)
  expect(answerIn(out)).toHaveProperty('error')
})

test('a client that hangs up and then loses its patience has said it twice', async () => {
  const server = await stage.serve()
  await stage.inFlight(server, reading, 3_000)
  server.child.stdin.end()
  await expect.poll(() => server.said, { timeout: 30_000 }).toContain('the client closed stdin')
  server.child.kill('SIGTERM')
  const { code, out } = await server.ended
  expect(code).toBe(0)
  expect(answerIn(out)).toHaveProperty('error')
})

test('a call that comes after that is refused, and nothing of it reaches Qualys', async () => {
  const server = await stage.serve()
  await stage.inFlight(server, reading, 1_000)
  server.child.kill('SIGTERM')
  await expect.poll(() => server.said, { timeout: 30_000 }).toContain('"reason":"SIGTERM"')
  const late = await server.call(effect.tool, effect.args)
  expect(late).toMatchObject({
    error: { code: -32_000, message: expect.stringContaining('takes no more calls') },
  })
  const { out } = await server.ended
  expect(answerIn(out)).toHaveProperty('result')
  expect((await stage.sandbox.control.requests()).map(({ path }) => path)).not.toContain(effect.path)
})

test('a line beyond all measure is left out, and the next call is answered', async () => {
  const server = await stage.serve()
  server.say(`{"jsonrpc":"2.0","id":9,"method":"ping","params":{"x":"${'x'.repeat(11 * 1024 * 1024)}"}}`)
  expect((await server.call(reading.tool, { pageSize: 1 })).result?.content?.[0]?.text).toMatch(
    /^jobs 1-1 of/,
  )
  const { err } = await server.finish()
  expect(logIn(err).find(({ msg }) => msg === 'protocol')).toMatchObject({ level: 'warn' })
})

test('a line beyond all measure takes no line of the same write along', async () => {
  const server = await stage.serve()
  const head = '{"jsonrpc":"2.0","id":"big","method":"ping","params":{"x":"'
  const most = 10 * 1024 * 1024
  const big = `${head}${'x'.repeat(most - 100 - head.length - 3)}"}}`
  const list = '{"jsonrpc":"2.0","id":"list","method":"tools/list"}'
  const ping = '{"jsonrpc":"2.0","id":"ping","method":"ping"}'
  server.say([big, list, 'x'.repeat(most + 1), ping].join('\n'))
  const { out, err } = await server.finish()
  const ids = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line).id)
  expect(ids).toEqual(expect.arrayContaining(['big', 'list', 'ping']))
  expect(logIn(err).filter(({ msg }) => msg === 'protocol')).toEqual([
    expect.objectContaining({ error: `a line of ${most + 2} bytes is too long and left out` }),
  ])
})

test('what is no message is logged by its length, without a word of it', async () => {
  const server = await stage.serve()
  const bad = '{"jsonrpc":"2.0","id":[],"method":"ping","innards":"of-the-client"}'
  server.say(bad)
  const { err } = await server.finish()
  expect(err).not.toMatch(/innards|of-the-client/)
  expect(logIn(err).filter(({ msg }) => msg === 'protocol')).toEqual([
    expect.objectContaining({ error: `a line of ${bad.length + 1} bytes is no JSON-RPC message` }),
  ])
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a command with an effect under way is told by %s that nobody knows', async (signal, code) => {
  await stage.sandbox.control.faults([{ route: effect.route, kind: 'delay', ms: 3_600_000 }])
  const child = start(
    ['call', effect.tool, JSON.stringify(effect.args)],
    processEnvironment(stage.environment()),
  )
  const [said, ended] = [text(child.stderr), once(child, 'close')]
  await stage.seen(effect.path)
  child.kill(signal)
  expect(await ended).toEqual([code, null])
  expect(await said).toMatch(
    /^qualys-mcp: qualys-mcp was told to end before the call was answered\. .* look up whether/m,
  )
})

test('a client that never reads what is logged is served all the same', async () => {
  const server = await stage.serve({ QUALYS_LOG_LEVEL: 'debug', QUALYS_CONCURRENCY: '16' })
  server.child.stderr.pause()
  const calls = Array.from({ length: 1_500 }, () => server.call('car_list_script_types'))
  expect((await Promise.all(calls)).filter(({ result }) => result?.isError)).toEqual([])
  server.child.kill('SIGTERM')
  await new Promise((resolve) => server.child.once('exit', resolve))
  expect(server.child.exitCode).toBe(0)
})
