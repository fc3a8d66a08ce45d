import type { Environment } from '../../../src/config/settings.ts'
import { testOn } from '../fixtures.ts'
import { type Desk, openDesk, type Recorded } from './desk.ts'

/** A `test` that records what a sandbox answers; recordings are gone with the test. */
export const test = testOn({ jobs: 100, assets: 200 }).extend<{
  readonly desk: Desk
  /** Records what the sandbox answers, with these settings. */
  readonly record: (extra?: Environment) => Promise<Recorded>
  /** The same under faults; the tools of CAR unless other settings are given. */
  readonly recordUnder: (faults: readonly object[], extra?: Environment) => Promise<Recorded>
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  desk: async ({}, use) => {
    const desk = openDesk()
    await use(desk)
    desk.close()
  },
  record: async ({ sandbox, desk }, use) => use((extra) => desk.record(sandbox, extra)),
  recordUnder: async ({ sandbox, desk }, use) =>
    use(async (faults, extra = car) => {
      await sandbox.control.faults(faults)
      return desk.record(sandbox, extra)
    }),
})

/** Tools of one product. */
export const car = { QUALYS_TOOLSETS: 'car' }
export const saq = { QUALYS_TOOLSETS: 'saq' }

/** The lines below "To set:". */
export function settingsIn(text: string): string[] {
  const lines = text.split('\n')
  const at = lines.indexOf('To set:')
  return at < 0 ? [] : lines.slice(at + 1).map((line) => line.trim())
}

/** The variable that a shell would set from such a line: one word, or a text in single quotes that holds none. */
export function variableIn(line: string): Record<string, string> {
  const [, name = '', quoted, word = ''] = /^(\w+)=(?:'([^']*)'|(\w+))$/.exec(line) ?? []
  return { [name]: quoted ?? word }
}
