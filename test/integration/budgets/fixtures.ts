import type { Environment } from '../../../src/config/settings.ts'
import { effectTest } from '../../support/effects/fixtures.ts'
import type { UnattendedServer } from '../../support/effects/unattended.ts'

/** A `test` whose servers share a state folder of their own. */
export const test = effectTest({ jobs: 200, assets: 60 }).extend<{
  serveHere: (settings: Environment) => Promise<UnattendedServer>
}>({
  serveHere: async ({ serve, folder }, use) =>
    use((settings) => serve({ QUALYS_STATE_DIR: folder, ...settings })),
})

export const hostsADay = (max: number): Environment => ({ QUALYS_MAX_HOSTS_PER_DAY: String(max) })
