import { expect } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { testOn } from '../../support/fixtures.ts'
import { approved, attempt, type Outcome } from './attempt.ts'
import { Fleet } from './fleet.ts'

/** A call, and its outcome. */
export type Attempt = (
  tool: string,
  args: object,
  limits?: Environment,
  platform?: Sandbox,
) => Promise<Outcome>

export interface LimitFixtures {
  readonly fleet: Fleet
  /** An unattended call. */
  readonly callUnattended: Attempt
  /** A call that a person says yes to. */
  readonly callApproved: Attempt
}

export const most = (number: number): Environment => ({ QUALYS_MAX_ASSETS_PER_RUN: String(number) })

/** A `test` on a sandbox with hosts, for the operator's limits. */
export const test = testOn({ jobs: 100, assets: 200 }).extend<LimitFixtures>({
  fleet: async ({ sandbox }, use) => use(await Fleet.of(sandbox)),
  callUnattended: async ({ sandbox }, use) =>
    use((tool, args, limits = {}, platform = sandbox) => attempt(sandbox, [tool, args], limits, platform)),
  callApproved: async ({ sandbox }, use) =>
    use((tool, args, limits = {}, platform = sandbox) => approved(sandbox, [tool, args], limits, platform)),
})

/** At the limit a call is sent, one above it is not. */
export async function expectCount(call: Attempt, tool: string, args: object, count: number): Promise<void> {
  expect((await call(tool, args, most(count))).sent).toBe(1)
  const over = await call(tool, args, most(count - 1))
  expect(over.sent).toBe(0)
  expect(over.text).toMatch(new RegExp(`has \\d+ hosts?, and QUALYS_MAX_ASSETS_PER_RUN is ${count - 1}\\.`))
}
