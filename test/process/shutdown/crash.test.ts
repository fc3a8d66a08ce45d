import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { bundleScript } from '../../support/audit/processes.ts'
import { processEnvironment, spawnProgram } from '../../support/command-line/program.ts'
import { readAuditLines } from '../../support/effects/unattended.ts'
import { leaks } from '../../support/leak-search.ts'
import { answerTo, effectCall, parseLog, readCall, startCall, test } from '../../support/shutdown/servers.ts'

// An unexpected error ends the program with 1, after it was logged, without secrets; and the audit log is closed.

const folder = mkdtempSync(`${tmpdir()}/qualys-crash-`)
let hook: string
beforeAll(async () => {
  hook = await bundleScript(new URL('../../support/shutdown/crash.ts', import.meta.url), folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

const crashing = (crash: string) => ({ NODE_OPTIONS: `--import=${hook}`, CRASH: crash })

describe.for(['throw', 'rejection'])('%s', (crash) => {
  test('in a server, while an effect is in flight', async ({ serve, holdAnswers, audit }) => {
    const held = await holdAnswers(effectCall)
    const server = await serve({ QUALYS_GATEWAY_URL: held.url, ...crashing(crash) })
    startCall(server, effectCall)
    await held.arrived
    server.child.kill('SIGUSR2')
    const { code, out, err } = await server.ended
    expect(code).toBe(1)
    const bug = parseLog(err).find(({ msg }) => msg === 'unexpected')
    expect(bug).toMatchObject({ level: 'error', error: 'a bug that quotes [masked-by-qualys-mcp] at length' })
    expect(bug?.['stack']).toMatch(/^Error: a bug[^\n]*\n +at /)
    expect(answerTo(effectCall, out)).toHaveProperty('error')
    const lines = readAuditLines(audit)
    expect(lines.map(({ event }) => event)).toEqual(['start', 'asked', 'approved', 'sent', 'answered', 'end'])
    expect(lines[4]?.facts).toMatchObject({ outcome: 'unclear' })
  })

  test('in a command, while an effect is in flight', async ({ environment, holdAnswers, audit }) => {
    const held = await holdAnswers(effectCall)
    const env = processEnvironment(environment({ QUALYS_GATEWAY_URL: held.url, ...crashing(crash) }))
    const child = spawnProgram(['call', effectCall.tool, JSON.stringify(effectCall.args)], env)
    child.stdout.resume()
    const [errors, ended] = [text(child.stderr), once(child, 'close')]
    await held.arrived
    child.kill('SIGUSR2')
    expect(await ended).toEqual([1, null])
    const said = await errors
    expect(said).toMatch(/^qualys-mcp: Error: a bug that quotes \[masked-by-qualys-mcp\] at length\n {4}at /)
    expect(leaks(said)).toEqual([])
    expect(
      readAuditLines(audit)
        .map(({ event }) => event)
        .slice(-2),
    ).toEqual(['answered', 'end'])
  })
})

test('a command whose output nobody reads does not fail', async ({ environment }) => {
  const child = spawnProgram(['call', readCall.tool], processEnvironment(environment()))
  child.stdout.destroy()
  const [errors, ended] = [text(child.stderr), once(child, 'close')]
  expect(await ended).toEqual([0, null])
  expect(await errors).toBe('')
})
