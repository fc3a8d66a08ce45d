import { vi } from 'vitest'
import { movePlans, newMemory } from '../../../src/tools/plans/run/move-plans.ts'
import { decideWithKey, signByLink } from '../approvals/local-person.ts'
import {
  type LocalOptions,
  type LocalServer,
  openLocalServer,
  stateFolderWith,
} from '../approvals/local-server.ts'
import { answerInTerminal } from '../consent/fixtures.ts'
import type { Answer, Era, RawReply } from '../consent/raw-client.ts'
import { pinned, type SoftwareKey, softwareKey } from '../passkeys/software-key.ts'
import type { TestSandbox } from '../sandbox.ts'
import { quickHosts, test } from './rollout-test.ts'

// Servers over stdio whose people approve rollouts. Clocks stand still but for `pass`.

/** Settings with which a person approves rollouts. */
const confirmed = {
  QUALYS_MODE: 'confirm',
  QUALYS_MAX_ASSETS_PER_RUN: '2000',
  QUALYS_MAX_ASSETS_PER_PLAN: '2000',
} as const

/** A server with a page, a terminal and a client, whose plans are moved on when a test says so. */
export interface ApprovalServer extends LocalServer {
  /** Calls a tool; a form is answered so, or not at all. */
  readonly ask: (tool: string, args: object, answer?: Answer) => Promise<RawReply>
  /** Moves the plans on as far as they go now. */
  readonly move: () => Promise<void>
}

export type OpenServer = (options?: LocalOptions & { readonly era?: Era }) => Promise<ApprovalServer>

/** The passkey of Anna, and a state folder in which it is pinned. */
export function annasFolder(): { readonly key: SoftwareKey; readonly stateDir: string } {
  const key = softwareKey()
  const anna = pinned(key, { person: 'Anna', rpId: 'localhost', origin: 'http://localhost:40123' })
  return { key, stateDir: stateFolderWith(anna) }
}

export interface ApprovalFixtures {
  /** Opens a server, whose client shows forms unless it is said; it ends with the test. */
  readonly open: OpenServer
}

/** A `test` of rollouts that people approve. */
export const approvalTest = test.extend<ApprovalFixtures>({
  open: async ({ sandbox }, use) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await sandbox.control.knobs(quickHosts)
    await use(async ({ era = 'legacy', settings = {}, ...more } = {}) => {
      const server = await openLocalServer(sandbox, era, { ...more, settings: { ...confirmed, ...settings } })
      const { signal } = new AbortController()
      return {
        ...server,
        ask: (tool, args, answer) => server.client.callAndAnswer(tool, args, answer),
        move: async () => {
          await movePlans(server.options, newMemory(), signal)
        },
      }
    })
    vi.useRealTimers()
  },
})

/** Where a person decides without a form. */
export type Place = 'page' | 'terminal' | 'passkey'

/** Says yes, or no, to what waits under a code. */
export async function decideAt(
  place: Place,
  server: LocalServer,
  code: string,
  {
    key,
    decision = 'approve',
  }: { readonly key?: SoftwareKey; readonly decision?: 'approve' | 'decline' } = {},
): Promise<void> {
  if (place === 'terminal')
    await answerInTerminal(server.stateDir, code, decision === 'approve' ? 'yes' : 'no')
  else if (place === 'page') await decideWithKey(server, code, decision)
  else if (key) await signByLink(server, code, key)
}

/** How many runs arrived. */
export const countRuns = async ({ control }: TestSandbox): Promise<number> =>
  (await control.dump('executions')).length
