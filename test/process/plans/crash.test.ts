import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { objectsOf } from '../../support/effects/calls.ts'
import {
  buildCrashingProgram,
  type Failpoint,
  failpoints,
  killAt,
  type Recovered,
  recover,
} from '../../support/plans/killed-programs.ts'
import { quickHosts } from '../../support/plans/rollout-test.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'

// The built program kills itself at a line of a rollout; started again, it goes on. An intent is judged 39 s later, so
// that all of them wait at the same time.

/** 20 of the 24 points: the end of the last wave is like those of the others. */
const tried = failpoints.filter(({ line }) => !['sent 3', 'ended 3'].includes(line))

/** True where an intent stands that was not answered, as far as the journal knows. */
const standsIntent = ({ moment, line }: Failpoint): boolean =>
  moment === 'after' ? line.startsWith('intent') : line.startsWith('sent')

/** Those that wait longest come first. */
const cases = [...tried.filter(standsIntent), ...tried.filter((one) => !standsIntent(one))]

let sandbox: TestSandbox
let folder: string
let recovered: readonly Promise<Recovered>[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-crashes-'))
  const program = await buildCrashingProgram(join(folder, 'program'))
  sandbox = await openSandbox({ jobs: 100, assets: 400 })
  await sandbox.control.knobs({ ...quickHosts, hostSeconds: 0.1 })
  const { hosts } = await objectsOf(sandbox.control)
  const first: Promise<void>[] = []
  recovered = cases.map(async (failpoint, index) => {
    const stateDir = join(folder, String(index))
    const own = hosts.slice(index * 5, index * 5 + 5)
    // The machine is theirs while those that wait longest begin.
    if (!standsIntent(failpoint)) await Promise.all(first)
    const killed = killAt(failpoint, program, sandbox, stateDir, own)
    if (standsIntent(failpoint)) first.push(killed.catch(() => undefined))
    await killed
    return recover(program, sandbox, stateDir, own)
  })
  // Each test awaits its own one.
  for (const one of recovered) one.catch(() => undefined)
})

afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

test.for(cases.map((failpoint, index) => ({ ...failpoint, index })))(
  'killed $moment $line, a rollout ends when the program is started again, each wave sent once',
  { timeout: 120_000 },
  async ({ index }) => {
    const one = await recovered[index]
    expect(one?.state.phase).toBe('done')
    expect(one?.sent).toEqual(one?.state.plan.waves.map(({ hosts }) => hosts))
  },
)
