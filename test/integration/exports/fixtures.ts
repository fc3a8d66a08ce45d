import type { Environment } from '../../../src/config/settings.ts'
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts'
import { environmentFor } from '../../support/environment.ts'
import { createFolder, type Exporter, openExporter } from '../../support/exports/exporter.ts'
import { testOn } from '../../support/fixtures.ts'

/** Further fixtures of a test of exports. */
export interface Exporting {
  /** An empty folder for this test. */
  readonly folder: string
  /** A server that exports into it. */
  readonly exporter: Exporter
}

/** Fixtures with a folder of exports. */
export function exportingOn(options: SandboxOptions, environment: Environment = {}) {
  return testOn(options).extend<Exporting>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    folder: async ({}, use) => {
      const folder = createFolder()
      await use(folder.path)
      folder.remove()
    },
    exporter: async ({ sandbox, folder }, use) => {
      const settings = { QUALYS_MAX_WAIT_SECONDS: '0', ...environment }
      const exporter = await openExporter(environmentFor(sandbox, settings), folder)
      await use(exporter)
      await exporter.close()
    },
  })
}
