import type { Environment } from '../../../src/config/settings.ts'
import { environmentFor } from '../environment.ts'
import { testOn } from '../fixtures.ts'
import type { TestSandbox } from '../sandbox.ts'
import {
  createFolder,
  type Exporter,
  type ExportReply,
  openExporter,
  readCsv,
  readExportFile,
  readJsonLines,
} from './exporter.ts'

// Exports that end early.

/** Three batches, the last one half full. */
const jobs = 2_500
export const route = 'POST /sm/v2/jobs/search'
export const path = '/sm/v2/jobs/search'

/** An export of all jobs. */
export const exportArguments = (format: 'csv' | 'jsonl') => ({ tool: 'car_search_jobs', format })

export const settingsOn = (sandbox: TestSandbox, extra: Environment = {}): Environment =>
  environmentFor(sandbox, { QUALYS_CONCURRENCY: '1', QUALYS_MAX_WAIT_SECONDS: '0', ...extra })

/** The ids of the rows of an exported file. */
export function exportedIds(reply: ExportReply): string[] {
  const text = readExportFile(reply)
  const rows = reply.rows[0]?.['format'] === 'csv' ? readCsv(text) : readJsonLines(text)
  return rows.map(({ id }) => String(id))
}

interface InterruptedFixtures {
  readonly folder: string
  readonly exporter: Exporter
  /** Another server with other settings, that exports to the same folder. */
  readonly open: (extra?: Environment) => Promise<Exporter>
  /** The ids of all jobs. */
  readonly allIds: readonly string[]
}

/** A `test` with this number of jobs, and a folder for their exports. */
export const interruptedTestOn = (jobs: number) =>
  testOn({ jobs }).extend<InterruptedFixtures>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    folder: async ({}, use) => {
      const { path, remove } = createFolder()
      await use(path)
      remove()
    },
    open: async ({ sandbox, folder }, use) => {
      const exporters: Exporter[] = []
      await use(async (extra) => {
        const exporter = await openExporter(settingsOn(sandbox, extra), folder)
        exporters.push(exporter)
        return exporter
      })
      await Promise.all(exporters.map((exporter) => exporter.close()))
    },
    exporter: async ({ open }, use) => use(await open()),
    allIds: async ({ sandbox }, use) =>
      use((await sandbox.control.dump('jobs')).map(({ id }) => String(id)).sort()),
  })

export const test = interruptedTestOn(jobs)
