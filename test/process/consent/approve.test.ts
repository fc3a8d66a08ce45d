import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { findPending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { wholeText } from '../../../src/tools/effects/preview/text.ts'
import { approveCode, declineCode } from '../../support/approvals/decisions.ts'
import { processEnvironment, runProgram } from '../../support/command-line/program.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { agePending } from '../../support/consent/raw-client.ts'
import { pty, TerminalSession } from '../../support/consent/terminal.ts'
import { environmentFor } from '../../support/environment.ts'
import { effectRequests, openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { RawServer } from '../../support/stdio/raw-server.ts'

// A client that cannot ask, a person at a terminal, and the built program between them.

let sandbox: TestSandbox
let stateDir: string
let env: Record<string, string>
let server: RawServer
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  stateDir = mkdtempSync(join(tmpdir(), 'qualys mcp '))
  env = processEnvironment(environmentFor(sandbox, { QUALYS_STATE_DIR: stateDir }))
  server = await new RawServer(env).initialize()
})
beforeEach(async () => {
  await sandbox.control.reset()
  // The server stores pending and approved calls here, and nowhere else.
  rmSync(join(stateDir, 'pending'), { recursive: true, force: true })
})
afterAll(async () => {
  await server.finish()
  await sandbox.close()
  rmSync(stateDir, { recursive: true })
})

const effects = async (): Promise<number> => (await effectRequests(sandbox.control)).length

async function callPending(args: object = run): Promise<{ readonly failed: boolean; readonly text: string }> {
  const { result } = await server.call(execute, args)
  return { failed: result?.isError === true, text: result?.content?.[0]?.text ?? '' }
}

/** The command that approves a call that is refused, and its code. */
async function commandOf(args: object = run): Promise<readonly [command: string, code: string]> {
  const { text, failed } = await callPending(args)
  expect(failed).toBe(true)
  const [, command = text] = /run `(.+)` there within ten minutes[;,] then/.exec(text) ?? []
  const [, code = text] = / approve ([2-9A-Z]{4}-[2-9A-Z]{4}) --state-dir /.exec(command) ?? []
  return [command, code]
}

const codeOf = async (args: object = run): Promise<string> => (await commandOf(args))[1]

test('without a terminal nothing is shown, asked or approved, whatever is on stdin', async () => {
  const code = await codeOf()
  const { code: ended, stdout, stderr } = await runProgram(['approve', code], env, 'yes\nyes\nyes\n')
  expect(ended).toBe(2)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^qualys-mcp: Approving needs a person at a terminal: [^\n]+\n$/)
  expect(findPending(stateDir, code)).toBeDefined()
  expect(await effects()).toBe(0)
})

test('no tool of the server approves, and `call` waits under the same code until a person says no', async () => {
  const code = await codeOf()
  const { result } = JSON.parse(await server.line('tools/list'))
  const names = result.tools.map(({ name }: { name: string }) => name)
  expect(names).toContain(execute)
  expect(names.filter((name: string) => name.includes('approv'))).toEqual([])
  const call = runProgram(['call', execute, JSON.stringify(run)], env)
  const waiters = () => findPending(stateDir, code)?.waiters.length
  await expect.poll(waiters, { interval: 20, timeout: 30_000 }).toBe(2)
  expect(declineCode(stateDir, code)).toBe(true)
  expect((await call).stdout).toContain('A person said no in a terminal, so nothing was sent.')
  expect(await effects()).toBe(0)
})

test('a call that waits runs when a person says yes', async () => {
  const args = { ...run, description: 'waits' }
  const code = await codeOf(args)
  const waiting = callPending(args)
  expect(approveCode(stateDir, code)).toBe(true)
  expect((await waiting).failed).toBe(false)
  expect(await effects()).toBe(1)
})

const reason = pty ? '' : ' (left out: node-pty has no prebuilt binary for this machine)'

describe.skipIf(!pty)(`at a terminal${reason}`, () => {
  const question = /Type yes to let it run once, anything else to decline: $/

  function sit(...args: string[]): TerminalSession {
    if (!pty) throw new Error('there is no terminal')
    const there = new TerminalSession(pty, ['approve', ...args], env)
    onTestFinished(() => there.kill())
    return there
  }

  /** However long the program takes to start. */
  const asked = (there: TerminalSession) =>
    expect.poll(() => there.screen, { interval: 5, timeout: 30_000 }).toMatch(question)

  test('the same preview is shown, yes lets the identical call run once, and the next one needs approval again', async () => {
    const code = await codeOf()
    const pending = findPending(stateDir, code)
    const preview = pending ? wholeText(pending.preview) : ''
    expect(preview).toMatch(/^Run a script on hosts \(execute\): 1 host, 1 script\n/)
    const there = sit(code)
    await asked(there)
    expect(there.screen.split('\nType yes')[0]).toBe(`An assistant wants to call ${execute}:\n\n${preview}\n`)
    expect(await effects()).toBe(0)
    there.type('yes\r')
    expect(await there.ended).toBe(0)
    expect(there.screen).toMatch(
      /Approved: the assistant's identical next call runs, once, within ten minutes\.\n$/,
    )
    expect(await effects()).toBe(0)

    expect((await callPending({ ...run, assetIds: [21789634] })).failed).toBe(true)
    expect((await callPending({ ...run, rebootAfterScriptExecution: true })).failed).toBe(true)
    expect(await effects()).toBe(0)
    const { text, failed } = await callPending()
    expect(failed, text).toBe(false)
    expect(await effects()).toBe(1)
    expect(await codeOf()).not.toBe(code)
    expect(await effects()).toBe(1)
  })

  test.skipIf(process.platform === 'win32')(
    'the command of a refusal works as it is printed, in a terminal without variables of the server',
    async () => {
      if (!pty) throw new Error('there is no terminal')
      const [command] = await commandOf()
      const there = new TerminalSession(pty, ['-c', command], { PATH: process.env['PATH'] ?? '' }, [
        '/bin/sh',
      ])
      onTestFinished(() => there.kill())
      await asked(there)
      there.type('yes\r')
      expect(await there.ended, there.screen).toBe(0)
      expect((await callPending()).failed).toBe(false)
      expect((await callPending()).failed).toBe(true)
      expect(await effects()).toBe(1)
    },
  )

  test('a long preview is shown short, all of it page by page, and yes approves it', async () => {
    const content = Array.from({ length: 150 }, (_, at) => `Get-Item ${at + 1}`).join('\n')
    const args = { scriptId: '19218', comment: 'longer', content }
    const { result } = await server.call('car_update_script', args)
    const [, code = ''] = / approve ([2-9A-Z]{4}-[2-9A-Z]{4}) /.exec(result?.content?.[0]?.text ?? '') ?? []
    const there = sit(code)
    const shows = (text: string | RegExp) =>
      expect.poll(() => there.screen, { interval: 5, timeout: 30_000 }).toMatch(text)
    await shows(/all to see everything, anything else to decline: $/)
    expect(there.screen).toContain('\nall of it: type all\n')
    expect(there.screen).not.toContain('"Get-Item 75"')
    there.type('all\r')
    await shows(/Enter goes on, q goes back: $/)
    there.type('\r')
    await shows(/(?:Enter goes on, q goes back: [\s\S]*){2}$/)
    expect(there.screen).toContain('\n  +  75 "Get-Item 75"\n')
    there.type('q\r')
    await shows(/(?:all to see everything, anything else to decline: [\s\S]*){2}$/)
    there.type('yes\r')
    expect(await there.ended, there.screen).toBe(0)
    expect((await server.call('car_update_script', args)).result?.isError).not.toBe(true)
    expect(await effects()).toBe(1)
  })

  // All other words: test/unit/approvals.
  test.each([
    ['no', 'no\r', ''],
    ['Ctrl-C', '\u0003', '\n'],
    ['Ctrl-D', '\u0004', '\n'],
  ])('%s declines: the pending call is removed', async (_name, keys, breaks) => {
    const code = await codeOf()
    const there = sit(code)
    await asked(there)
    there.type(keys)
    expect(await there.ended).toBe(1)
    const end = 'Declined: the call is taken off, and nothing runs.\n'
    expect(there.screen.endsWith(breaks + end), there.screen).toBe(true)
    expect(await codeOf()).not.toBe(code)
    expect(await effects()).toBe(0)
  })

  test('a call that has been pending for ten minutes is gone', async () => {
    const code = await codeOf()
    agePending(stateDir, 10 * 60_000)
    const there = sit(code)
    expect(await there.ended).toBe(2)
    expect(there.screen).toMatch(/^qualys-mcp: No call waits under this code: /)
    expect(await effects()).toBe(0)
  })

  test('a yes after ten minutes approves nothing', async () => {
    const code = await codeOf()
    const there = sit(code)
    await asked(there)
    agePending(stateDir, 10 * 60_000)
    there.type('yes\r')
    expect(await there.ended).toBe(2)
    expect(there.screen).not.toMatch(/Approved/)
    expect((await callPending()).failed).toBe(true)
    expect(await effects()).toBe(0)
  })

  test('an approval works for another process with the same state folder and account, once', async () => {
    const code = await codeOf()
    const there = sit(code.toLowerCase().replace('-', ''))
    await asked(there)
    there.type('yes\r')
    expect(await there.ended).toBe(0)
    const other = await new RawServer(env).initialize()
    onTestFinished(async () => {
      await other.finish()
    })
    const results = await Promise.all([server, other].map((one) => one.call(execute, run)))
    expect(results.filter(({ result }) => result?.isError !== true)).toHaveLength(1)
    expect(await effects()).toBe(1)
  })
})
