import type { SandboxOptions } from '../../../src/sandbox/sandbox.ts'
import { testOn } from '../fixtures.ts'
import { effectRequests } from '../sandbox.ts'
import { openTestService, type ServiceOptions, type TestService } from './service.ts'

/** Fixtures of a test of the service, besides the sandbox. */
export interface ServiceFixtures {
  /** Starts a service on the sandbox, which is closed after the test. */
  readonly serve: (options?: ServiceOptions) => Promise<TestService>
  /** The requests that the sandbox received, as `POST /path`, without the logins. */
  readonly upstream: () => Promise<readonly string[]>
  /** Those with an effect. */
  readonly effects: () => Promise<readonly string[]>
}

const lineOf = ({ method, path }: { readonly method: string; readonly path: string }): string =>
  `${method} ${path}`

/** A `test` of the service on a sandbox with these data. */
export const serviceTestOn = (options: SandboxOptions = { jobs: 100 }) =>
  testOn(options).extend<ServiceFixtures>({
    serve: async ({ sandbox }, use) => use((more) => openTestService(sandbox, more)),
    upstream: async ({ sandbox }, use) =>
      use(async () =>
        (await sandbox.control.requests()).filter(({ path }) => !path.startsWith('/auth')).map(lineOf),
      ),
    effects: async ({ sandbox }, use) => use(async () => (await effectRequests(sandbox.control)).map(lineOf)),
  })
