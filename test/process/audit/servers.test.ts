import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { effect, eventsIn, expectIntact, failed, test, verify } from '../../support/audit/servers.ts'
import { processEnvironment, run } from '../../support/command-line/program.ts'
import { objectsOf } from '../../support/effects/calls.ts'
import { linesOf } from '../../support/effects/unattended.ts'
import { holding } from '../../support/held.ts'

// Servers as operators run them: processes of the built program that share an audit log, and that end in every way.

test('two of them, 200 effects together, one file: intact', async ({ sandbox, serve, file }) => {
  await expectIntact(sandbox, serve, file, 100)
})

test('killed with an effect in flight: its chain has no end, and the effect no answer', async ({
  sandbox,
  serve,
  file,
}) => {
  const held = await holding(sandbox.gatewayUrl, ['/sm/v1/block-commands'])
  const server = await serve({ QUALYS_GATEWAY_URL: held.url })
  const lost = server.call(...effect).catch(() => undefined)
  await held.arrived
  server.child.kill('SIGKILL')
  await server.ended
  await lost
  await held.close()
  expect(eventsIn(file)).toEqual(['asked', 'approved', 'sent'])
  const { code, stdout, stderr } = await verify(file)
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^chain [0-9a-f]{8} has no end after line 3: .*\n1 chain, 3 lines: 1 finding\n$/)
  // The next server is not hindered, and the gap can still be seen.
  const next = await serve()
  expect(failed(await next.call(...effect))).toBe(false)
  await next.finish()
  expect((await verify(file)).stdout).toMatch(/has no end after line 3: .*\n2 chains, 8 lines: 1 finding\n$/)
})

// Other effects and other ways to end: test/process/shutdown/ends.test.ts.
test('ended with an execution in flight, whose run would be looked for: nobody knows, and the chain ends', async ({
  sandbox,
  serve,
  file,
}) => {
  const held = await holding(sandbox.gatewayUrl, ['/sm/v1/scripts/19218/execute'])
  const { hosts } = await objectsOf(sandbox.control)
  const server = await serve({ QUALYS_GATEWAY_URL: held.url })
  void server
    .call('car_execute_script', { scriptId: 19218, assetIds: hosts.slice(0, 1) })
    .catch(() => undefined)
  await held.arrived
  server.child.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0, err: '' })
  await held.close()
  expect(eventsIn(file)).toEqual(['asked', 'approved', 'sent', 'answered', 'end'])
  expect(linesOf(file)[3]?.facts).toMatchObject({ outcome: 'unclear' })
  expect(await verify(file)).toEqual({ code: 0, stderr: '', stdout: '1 chain, 5 lines: intact\n' })
})

test('`qualys-mcp call` logs its one effect, and verify finds a line that was changed', async ({
  settings,
  file,
}) => {
  const { code } = await run(['call', effect[0], JSON.stringify(effect[1])], processEnvironment(settings))
  expect(code).toBe(0)
  expect(eventsIn(file)).toEqual(['asked', 'approved', 'sent', 'answered', 'end'])
  expect((await verify(file)).code).toBe(0)
  writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"done"', '"outcome":"none"'))
  expect(await verify(file)).toEqual({
    code: 1,
    stderr: '',
    stdout: 'line 4: changed, for it does not fit its own hash\n1 chain, 5 lines: 1 finding\n',
  })
})
