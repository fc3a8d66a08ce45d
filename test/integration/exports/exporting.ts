import type { Environment } from '../../../src/config/settings.ts'
import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts'
import { environmentFor } from '../../support/environment.ts'
import { type Desk, newFolder, openDesk } from '../../support/exports/desk.ts'
import { testOn } from '../../support/fixtures.ts'

/** What a test of exports is given besides. */
export interface Exporting {
  /** A folder of its own, empty. */
  readonly folder: string
  /** A server that exports into it. */
  readonly exporter: Desk
}

/** Fixtures with a folder of exports. */
export function exportingOn(options: SandboxOptions, environment: Environment = {}) {
  return testOn(options).extend<Exporting>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    folder: async ({}, use) => {
      const folder = newFolder()
      await use(folder.path)
      folder.remove()
    },
    exporter: async ({ sandbox, folder }, use) => {
      const settings = { QUALYS_MAX_WAIT_SECONDS: '0', ...environment }
      const exporter = await openDesk(environmentFor(sandbox, settings), folder)
      await use(exporter)
      await exporter.close()
    },
  })
}
