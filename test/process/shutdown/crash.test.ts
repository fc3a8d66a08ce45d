import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { processEnvironment, run, start } from '../../support/command-line/program.ts'
import { linesOf } from '../../support/effects/bench.ts'
import { leaks } from '../../support/leak-search.ts'
import { bundled } from '../audit/processes.ts'
import { answerIn, effect, logIn, reading, Stage } from './stage.ts'

// What nobody expected ends the program with 1, after it was written down: without secrets, and with an end for the audit log.

const stage = new Stage()
const folder = mkdtempSync(`${tmpdir()}/qualys-crash-`)
let hook: string
beforeAll(async () => {
  hook = await bundled(new URL('./crash.ts', import.meta.url), folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

const crashing = (crash: string) => ({ NODE_OPTIONS: `--import=${hook}`, CRASH: crash })

describe.each(['throw', 'rejection'])('%s', (crash) => {
  test('in a server, while an effect is in flight', async () => {
    const server = await stage.serve(crashing(crash))
    await stage.inFlight(server, effect)
    server.child.kill('SIGUSR2')
    const { code, out, err } = await server.ended
    expect(code).toBe(1)
    const bug = logIn(err).find(({ msg }) => msg === 'unexpected')
    expect(bug).toMatchObject({ level: 'error', error: 'a bug that quotes [secret] at length' })
    expect(bug?.['stack']).toMatch(/^Error: a bug[^\n]*\n +at /)
    expect(answerIn(out)).toHaveProperty('error')
    const lines = linesOf(stage.audit)
    expect(lines.map(({ event }) => event)).toEqual(['asked', 'approved', 'sent', 'answered', 'end'])
    expect(lines[3]?.facts).toMatchObject({ outcome: 'unclear' })
  })

  test('in a command, while an effect is in flight', async () => {
    await stage.sandbox.control.faults([{ route: effect.route, kind: 'delay', ms: 3_600_000 }])
    const env = processEnvironment(stage.environment(crashing(crash)))
    const child = start(['call', effect.tool, JSON.stringify(effect.args)], env)
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    await stage.seen(effect.path)
    child.kill('SIGUSR2')
    await new Promise((resolve) => child.once('close', resolve))
    expect(child.exitCode).toBe(1)
    expect(said).toMatch(/^qualys-mcp: Error: a bug that quotes \[secret\] at length\n {4}at /)
    expect(leaks(said)).toEqual([])
    expect(
      linesOf(stage.audit)
        .map(({ event }) => event)
        .slice(-2),
    ).toEqual(['answered', 'end'])
  })
})

describe('a command that is told to end', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s, with an effect in flight: exit code %i, and nobody knows', async (signal, exitCode) => {
    await stage.sandbox.control.faults([{ route: effect.route, kind: 'delay', ms: 3_600_000 }])
    const env = processEnvironment(stage.environment())
    const child = start(['call', effect.tool, JSON.stringify(effect.args)], env)
    child.stdout.resume()
    child.stderr.resume()
    await stage.seen(effect.path)
    child.kill(signal)
    await new Promise((resolve) => child.once('close', resolve))
    expect(child.exitCode).toBe(exitCode)
    const lines = linesOf(stage.audit)
    expect(lines.map(({ event }) => event)).toEqual(['asked', 'approved', 'sent', 'answered', 'end'])
    expect(lines[3]?.facts).toMatchObject({ outcome: 'unclear' })
    expect((await run(['audit', 'verify', stage.audit])).code).toBe(0)
  })

  test('whoever reads no further is no reason to fall over', async () => {
    const child = start(['call', reading.tool], processEnvironment(stage.environment()))
    child.stdout.destroy()
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    await new Promise((resolve) => child.once('close', resolve))
    expect({ code: child.exitCode, said }).toEqual({ code: 0, said: '' })
  })
})
