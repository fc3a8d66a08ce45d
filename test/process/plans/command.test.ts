import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect } from 'vitest'
import { openPlanFiles } from '../../../src/tools/plans/journal/plan-files.ts'
import { openAssistant } from '../../support/assistant.ts'
import { processEnvironment, runProgram, spawnProgram } from '../../support/command-line/program.ts'
import { objectsOf } from '../../support/effects/calls.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'
import { unattended } from '../../support/plans/rollout-server.ts'
import { planIdIn, quickHosts, rolloutOf, stateIn } from '../../support/plans/rollout-test.ts'

// `plans` of the built program: what it prints where, its exit codes, and how it ends.

interface Rollout {
  readonly folder: string
  readonly env: Record<string, string>
  /** Of a rollout of two waves that is approved and not begun. */
  readonly id: string
}

const test = testOn({ jobs: 100, assets: 400 }).extend<{ readonly rollout: Rollout }>({
  rollout: async ({ sandbox }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'qualys-plans-'))
    await sandbox.control.knobs(quickHosts)
    const settings = { ...unattended, QUALYS_STATE_DIR: folder }
    const environment = environmentFor(sandbox, settings)
    const assistant = await openAssistant(environment)
    const { hosts } = await objectsOf(sandbox.control)
    const id = planIdIn(await assistant.call('car_plan_rollout', rolloutOf(hosts, 2, 3)))
    await assistant.close()
    await use({ folder, env: processEnvironment(environment), id })
    rmSync(folder, { recursive: true, force: true })
  },
})

const quiet = { code: 0, stdout: '', stderr: '' }

describe('plans', () => {
  test('list and show need no account', async ({ rollout: { folder, id } }) => {
    const env = { QUALYS_STATE_DIR: folder }
    const line = new RegExp(`^rollout ${id} of script 19218 .*: running, wave 1 of 2 waiting\n$`)
    expect(await runProgram(['plans', 'list'], env)).toEqual({
      ...quiet,
      stdout: expect.stringMatching(line),
    })
    const shown = await runProgram(['plans', 'show', id, '--jsonl'], env)
    expect(
      shown.stdout
        .trimEnd()
        .split('\n')
        .map((text) => JSON.parse(text)),
    ).toEqual(openPlanFiles(folder).read(id))
    expect(await runProgram(['plans', 'show', 'ZZZZZZZZ'], env)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^qualys-mcp: There is no rollout ZZZZZZZZ in /),
    })
  })

  test('advance takes what is due and ends; damage is exit code 1', async ({
    rollout: { folder, env, id },
  }) => {
    const moved = await runProgram(['plans', 'advance'], env)
    expect(moved).toEqual({
      ...quiet,
      stdout: expect.stringMatching(new RegExp(`^rollout ${id} .*: running, wave \\d of 2 .*\\.\n$`)),
    })
    expect(stateIn(folder, id).waves[0]?.intent).toBeDefined()
    writeFileSync(join(folder, 'plans', id, '000002.json'), '{}\n')
    expect(await runProgram(['plans', 'advance'], env)).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^qualys-mcp: The journal of plan \w+ is damaged: .*\n$/),
    })
  })

  test('advance where nothing was ever proposed says nothing', async ({ rollout: { folder, env } }) => {
    const other = join(folder, 'other')
    expect(await runProgram(['plans', 'advance'], { ...env, QUALYS_STATE_DIR: other })).toEqual(quiet)
    expect(await runProgram(['plans', 'advance', '--sandbox'], { QUALYS_STATE_DIR: folder })).toEqual(quiet)
  })

  test.for(['SIGTERM', 'SIGINT'] as const)(
    'advance --watch goes on until %s, and lets nothing half done',
    async (signal, { rollout: { folder, env, id } }) => {
      const child = spawnProgram(['plans', 'advance', '--watch'], env)
      const closed = once(child, 'close')
      const lines: string[] = []
      for await (const line of createInterface(child.stdout)) {
        lines.push(line)
        if (line.startsWith('rollout ')) child.kill(signal)
      }
      expect(await closed).toEqual([0, null])
      expect(lines).toEqual([
        'Rollouts are moved on until this is ended.',
        expect.stringContaining(`rollout ${id} of script`),
      ])
      expect(stateIn(folder, id).waves[0]?.phase).toMatch(/^(?:sent|ended)$/)
    },
  )
})
