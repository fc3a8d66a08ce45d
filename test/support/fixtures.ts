import { test as plain } from 'vitest'
import type { Environment } from '../../src/config/settings.ts'
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts'
import type { Session } from '../../src/session/session.ts'
import { type Assistant, openAssistantOn } from './assistant.ts'
import { openSandbox, type TestSandbox } from './sandbox.ts'
import { sessionOn } from './session.ts'

/** The fixtures of a test. */
export interface Fixtures {
  /** In its initial state. */
  readonly sandbox: TestSandbox
  /** A new session of the sandbox's manager, without a token. */
  readonly session: Session
  /** A new server with its own session. */
  readonly assistant: Assistant
}

/** The sandboxes of this worker: tests with the same data share one, and reset it. */
const sandboxes = new Map<string, Promise<TestSandbox>>()

function sharedSandbox(options: SandboxOptions): Promise<TestSandbox> {
  const key = JSON.stringify(options)
  const known = sandboxes.get(key)
  if (known) return known
  const opened = openSandbox(options)
  sandboxes.set(key, opened)
  return opened
}

/**
 * A `test` whose fixtures are a sandbox with these data, and a session and an assistant with these settings. Each
 * test gets new ones, so that tests pass in any order.
 */
export function testOn(options: SandboxOptions = { jobs: 100 }, environment: Environment = {}) {
  return plain.extend<Fixtures>({
    // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
    sandbox: async ({}, use) => {
      const sandbox = await sharedSandbox(options)
      await sandbox.control.reset()
      await use(sandbox)
    },
    session: async ({ sandbox }, use) => {
      const session = sessionOn(sandbox, environment)
      await use(session)
      await session.close()
    },
    assistant: async ({ sandbox }, use) => {
      const assistant = await openAssistantOn(sandbox, environment)
      await use(assistant)
      await assistant.close()
    },
  })
}

/** Settings that list every tool and never ask a person. */
export const unattendedSettings = {
  QUALYS_UNVERIFIED: 'all',
  QUALYS_MODE: 'unattended',
  QUALYS_MAX_ASSETS_PER_RUN: '100',
  QUALYS_MAX_ASSETS_PER_PLAN: '100',
} as const
