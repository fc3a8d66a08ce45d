import { readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { environmentFor } from '../environment.ts'
import { testOn } from '../fixtures.ts'
import type { TestSandbox } from '../sandbox.ts'
import { type Desk, fileOf, named, newFolder, openDesk, readCsv, readLines, type Told } from './desk.ts'

// Exports that are cut, and what they leave in their folder.

/** Three batches, the last of them half full. */
export const jobs = 2_500
export const route = 'POST /sm/v2/jobs/search'
export const path = '/sm/v2/jobs/search'

/** An export of all jobs. */
export const asked = (format: 'csv' | 'jsonl', more = {}) => ({ tool: 'car_search_jobs', format, ...more })

export const settingsOn = (sandbox: TestSandbox, extra: Environment = {}): Environment =>
  environmentFor(sandbox, { QUALYS_CONCURRENCY: '1', QUALYS_MAX_WAIT_SECONDS: '0', ...extra })

/** The ids of the rows of an exported file. */
export function idsIn(told: Told): string[] {
  const text = fileOf(told)
  const rows = told.rows[0]?.['format'] === 'csv' ? readCsv(text) : readLines(text)
  return rows.map(({ id }) => String(id))
}

interface Cut {
  readonly folder: string
  readonly exporter: Desk
  /** Another server with other settings, that exports to the same folder. */
  readonly open: (extra?: Environment) => Promise<Desk>
  /** The ids of all jobs. */
  readonly all: readonly string[]
  /** The one file of the folder that ends so. */
  readonly only: (ending: string) => string
  /** What is known of the export that is not finished. */
  readonly stateOf: () => Record<string, unknown> & { rows: number; bytes: number; place: string }
  /** Makes that older than it is, as if the run that wrote it had fallen silent. */
  readonly age: (seconds: number) => void
}

/** A `test` on so many jobs, with a folder for their exports. */
export const cutOn = (jobs: number) =>
  testOn({ jobs }).extend<Cut>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    folder: async ({}, use) => {
      const { path, remove } = newFolder()
      await use(path)
      remove()
    },
    open: async ({ sandbox, folder }, use) => {
      const exporters: Desk[] = []
      await use(async (extra) => {
        const exporter = await openDesk(settingsOn(sandbox, extra), folder)
        exporters.push(exporter)
        return exporter
      })
      await Promise.all(exporters.map((exporter) => exporter.close()))
    },
    exporter: async ({ open }, use) => use(await open()),
    all: async ({ sandbox }, use) =>
      use((await sandbox.control.truth('jobs')).map(({ id }) => String(id)).sort()),
    only: async ({ folder }, use) =>
      use((ending) => {
        const [name = '', ...others] = named(folder, ending)
        expect(others).toEqual([])
        return join(folder, name)
      }),
    stateOf: async ({ only }, use) => use(() => JSON.parse(readFileSync(only('.state'), 'utf8'))),
    age: async ({ only }, use) =>
      use((seconds) => {
        const then = new Date(Date.now() - seconds * 1_000)
        utimesSync(only('.state'), then, then)
      }),
  })

export const test = cutOn(jobs)
