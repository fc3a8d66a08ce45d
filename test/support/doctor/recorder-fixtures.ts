import type { Environment } from '../../../src/config/settings.ts'
import { testOn } from '../fixtures.ts'
import { openRecorder, type RecordedFile, type Recorder } from './recorder.ts'

/** A `test` that records the answers of a sandbox; recordings are removed after the test. */
export const test = testOn({ jobs: 100, assets: 200 }).extend<{
  readonly recorder: Recorder
  /** Records the answers of the sandbox, with these settings. */
  readonly record: (extra?: Environment) => Promise<RecordedFile>
  /** The same under faults; with the tools of CAR unless the settings say otherwise. */
  readonly recordUnder: (faults: readonly object[], extra?: Environment) => Promise<RecordedFile>
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  recorder: async ({}, use) => {
    const recorder = openRecorder()
    await use(recorder)
    recorder.close()
  },
  record: async ({ sandbox, recorder }, use) => use((extra) => recorder.record(sandbox, extra)),
  recordUnder: async ({ sandbox, recorder }, use) =>
    use(async (faults, extra = car) => {
      await sandbox.control.faults(faults)
      return recorder.record(sandbox, extra)
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

/**
 * The variable that a shell would set from such a line: one word, or a text in single quotes without single quotes
 * in it.
 */
export function variableIn(line: string): Record<string, string> {
  const [, name = '', quoted, word = ''] = /^(\w+)=(?:'([^']*)'|(\w+))$/.exec(line) ?? []
  return { [name]: quoted ?? word }
}
