import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { effect, eventsIn, isFailed, test, verify } from '../../support/audit/servers.ts'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { objectsOf } from '../../support/effects/calls.ts'
import { countRequests, readAuditLines } from '../../support/effects/unattended.ts'
import { eventually, waitForStderr } from '../../support/shutdown/servers.ts'
import { type Message, RawServer } from '../../support/stdio/raw-server.ts'

// The audit log as an operator reads it, with the built program.

const show = (...args: string[]) => runProgram(['audit', 'show', ...args])
const request = 'POST /sm/v1/block-commands'

test('`audit show` lists the calls of a log, and shows one as a person reads it', async ({
  sandbox,
  serve,
  file,
}) => {
  const { hosts } = await objectsOf(sandbox.control)
  const server = await serve({ QUALYS_MAX_ASSETS_PER_RUN: '2' })
  const run = (count: number) =>
    server.call('car_execute_script', { scriptId: 19218, assetIds: hosts.slice(0, count) })
  expect(isFailed(await run(2))).toBe(false)
  expect(isFailed(await run(3))).toBe(true)
  await server.finish()

  const list = await show(file)
  expect(list).toMatchObject({ code: 0, stderr: '' })
  const [first = '', second = ''] = list.stdout.split('\n')
  expect(first).toMatch(/^2\S+Z {2}[0-9a-f]{16} {2}car_execute_script \(execute\) {2}done$/)
  expect(second).toMatch(/ {2}refused \(QUALYS_MAX_ASSETS_PER_RUN\)$/)

  const id = first.split('  ')[1] ?? ''
  const one = await show(file, id)
  expect(one).toMatchObject({ code: 0, stderr: '' })
  expect(one.stdout).toContain(`    account: ${sandbox.gatewayUrl} ${sandbox.username}\n    client: raw 1\n`)
  expect(one.stdout).toContain('    limits set: QUALYS_MAX_ASSETS_PER_RUN\n')
  expect(one.stdout).toContain('        Run a script on hosts (execute): 2 hosts, 1 script\n')
  expect(one.stdout).toContain(`    ids of hosts (2):\n        ${hosts.slice(0, 2).join(', ')}\n`)
  expect(one.stdout).toMatch(/^sent .*\nanswered .*\n {4}outcome: done\n/m)

  const wrong = await show(file, `${id.slice(0, -1)}x`)
  expect(wrong).toEqual({
    code: 2,
    stdout: '',
    stderr: `qualys-mcp: No call of this log has the id ${id.slice(0, -1)}x: did you mean ${id}?\n`,
  })
})

test('the wrong words of `audit` are answered with the right ones', async ({ file }) => {
  for (const args of [[], ['verify'], ['show'], ['look', file], ['verify', file, 'x']])
    expect(await runProgram(['audit', ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/audit verify FILE.*, or .*audit show FILE \[CALL\]/),
    })
})

test('a run by tag leaves the hosts that were counted', async ({ sandbox, serve, file }) => {
  const assets = await sandbox.control.dump('assets')
  const tagsOf = (asset: Readonly<Record<string, unknown>>) => asset['tags'] as { id: unknown }[]
  const tag = assets.flatMap(tagsOf).find(({ id }) => hostsWith(id).length > 1)?.id
  function hostsWith(id: unknown): string[] {
    return assets
      .filter((asset) => tagsOf(asset).some((own) => own.id === id))
      .map((asset) => String(asset['id']))
  }
  const server = await serve({ QUALYS_MAX_ASSETS_PER_RUN: '1000' })
  await server.call('car_execute_script', { scriptId: 19218, assetTagIds: [tag] })
  await server.finish()
  const { counts, targets } = readAuditLines(file).find(({ event }) => event === 'approved')?.facts ?? {}
  const ids = (targets as { hosts: string[] }).hosts
  expect(ids.toSorted()).toEqual(hostsWith(tag).sort())
  expect(counts).toMatchObject({ hosts: ids.length })
  expect(await verify(file)).toMatchObject({ code: 0 })
})

describe('the file', () => {
  test('emptied is told: by verify, and by the next server in its log', async ({ serve, file }) => {
    const server = await serve()
    await server.call(...effect)
    await server.finish()
    writeFileSync(file, '')
    expect(await verify(file)).toEqual({
      code: 1,
      stderr: '',
      stdout:
        'the file is empty: its lines were taken away, or nothing was ever written\n0 chains, 0 lines: 1 finding\n',
    })
    const next = await serve()
    const { err } = await next.finish()
    expect(err.match(/is an empty file: a rotation may leave one/g)).toHaveLength(1)
  })

  test.skipIf(process.platform === 'win32')(
    'that others may write is refused: no effect is sent',
    async ({ sandbox, settings, file }) => {
      writeFileSync(file, '')
      chmodSync(file, 0o666)
      const args = ['call', effect[0], JSON.stringify(effect[1])]
      const { code, stdout, stderr } = await runProgram(args, processEnvironment(settings))
      expect(code).toBe(1)
      expect(stdout).toMatch(
        /^The audit log \(QUALYS_AUDIT_FILE\) cannot be written: other users may write it/,
      )
      expect(stderr).toContain('effects are refused, since the audit log (QUALYS_AUDIT_FILE) is not safe')
      expect(await countRequests(sandbox.control, request)).toBe(0)
      expect(readFileSync(file, 'utf8')).toBe('')
    },
  )
})

test('a yes after SIGTERM begins no effect: it is refused, and the log says so', async ({
  sandbox,
  settings,
  file,
}) => {
  const { QUALYS_MODE: _, ...confirming } = settings
  const server = new RawServer({ ...confirming, QUALYS_LOG_LEVEL: 'info' })
  let question: Message | undefined
  server.onRequest = (message) => {
    question = message
  }
  await server.line('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: { elicitation: {} },
    clientInfo: { name: 'slow', version: '1' },
  })
  server.send({ jsonrpc: '2.0', method: 'notifications/initialized' })
  const reply = server.call(...effect)
  await eventually(() => expect(question?.method).toBe('elicitation/create'))
  server.child.kill('SIGTERM')
  await waitForStderr(server, '"reason":"SIGTERM"')
  server.send({ jsonrpc: '2.0', id: question?.id, result: { action: 'accept', content: { approve: true } } })
  const { result } = await reply
  expect(result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/^qualys-mcp is ending, so nothing was sent\./) }],
  })
  expect(await server.ended).toMatchObject({ code: 0 })
  expect(await countRequests(sandbox.control, request)).toBe(0)
  expect(eventsIn(file)).toEqual(['start', 'asked', 'asked', 'refused', 'end'])
  expect(await verify(file)).toMatchObject({ code: 0 })
})

test.for([
  [
    { QUALYS_MODE: 'unattended', QUALYS_CONFIRM: 'execute,delete' },
    /in QUALYS_MODE=unattended nobody is asked/,
  ],
  [{ QUALYS_AUDIT_LOG: '/var/log/q' }, /QUALYS_AUDIT_LOG is no setting of qualys-mcp: use QUALYS_AUDIT_FILE/],
  [{ QUALYS_MAX_RECIPIENTS: '5' }, /use QUALYS_MAX_MAILS_PER_DAY/],
] as const)('settings that promise in vain stop the program: %j', async ([extra, sentence], { settings }) => {
  for (const args of [[], ['call', 'qualys_status'], ['doctor']]) {
    const { code, stdout, stderr } = await runProgram(args, processEnvironment({ ...settings, ...extra }))
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
  }
})
