import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'
import { effect, eventsIn, expectIntact, isFailed, test, verify } from '../../support/audit/servers.ts'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { objectsOf } from '../../support/effects/calls.ts'
import { readAuditLines } from '../../support/effects/unattended.ts'
import { openHoldingGateway } from '../../support/holding-gateway.ts'

// Servers as operators run them: processes of the built program that share an audit log, and that end in every way.

test('two of them, 200 effects together, one file: intact', async ({ sandbox, serve, file }) => {
  await expectIntact(sandbox, serve, file, 100)
})

test('killed with an effect in flight: its chain has no end, and the effect no answer', async ({
  sandbox,
  serve,
  file,
}) => {
  const held = await openHoldingGateway(sandbox.gatewayUrl, ['/sm/v1/block-commands'])
  const server = await serve({ QUALYS_GATEWAY_URL: held.url })
  const lostCall = server.call(...effect).catch(() => undefined)
  await held.arrived
  server.child.kill('SIGKILL')
  await server.ended
  await lostCall
  await held.close()
  expect(eventsIn(file)).toEqual(['start', 'asked', 'approved', 'sent'])
  const { code, stdout, stderr } = await verify(file)
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toMatch(/^chain [0-9a-f]{8} has no end after line 4: .*\n1 chain, 4 lines: 1 finding\n$/)
  // The next server works, and the gap remains visible.
  const next = await serve()
  expect(isFailed(await next.call(...effect))).toBe(false)
  await next.finish()
  expect((await verify(file)).stdout).toMatch(/has no end after line 4: .*\n2 chains, 10 lines: 1 finding\n$/)
})

// Other effects and other ways to end: test/process/shutdown/shutdown.test.ts.
test('ended with an execution in flight, whose run would be searched for: the outcome is unknown, and the chain ends', async ({
  sandbox,
  serve,
  file,
}) => {
  const held = await openHoldingGateway(sandbox.gatewayUrl, ['/sm/v1/scripts/19218/execute'])
  const { hosts } = await objectsOf(sandbox.control)
  const server = await serve({ QUALYS_GATEWAY_URL: held.url })
  void server
    .call('car_execute_script', { scriptId: 19218, assetIds: hosts.slice(0, 1) })
    .catch(() => undefined)
  await held.arrived
  server.child.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0, err: '' })
  await held.close()
  expect(eventsIn(file)).toEqual(['start', 'asked', 'approved', 'sent', 'answered', 'end'])
  expect(readAuditLines(file)[4]?.facts).toMatchObject({ outcome: 'unclear' })
  expect(await verify(file)).toEqual({ code: 0, stderr: '', stdout: '1 chain, 6 lines: intact\n' })
})

test('`qualys-mcp call` logs its one effect, and verify detects a changed line', async ({
  settings,
  file,
}) => {
  const { code } = await runProgram(
    ['call', effect[0], JSON.stringify(effect[1])],
    processEnvironment(settings),
  )
  expect(code).toBe(0)
  expect(eventsIn(file)).toEqual(['start', 'asked', 'approved', 'sent', 'answered', 'end'])
  expect((await verify(file)).code).toBe(0)
  writeFileSync(file, readFileSync(file, 'utf8').replace('"outcome":"done"', '"outcome":"none"'))
  expect(await verify(file)).toEqual({
    code: 1,
    stderr: '',
    stdout: 'line 5: changed, for it does not fit its own hash\n1 chain, 6 lines: 1 finding\n',
  })
})
