import { approve } from '../../../src/cli/approval/approve.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { testOn } from '../fixtures.ts'
import { effectRequests } from '../sandbox.ts'
import { execute, run } from './calls.ts'
import { type ConnectOptions, connect, type Era, type RawClient, type RawReply } from './raw-client.ts'

export interface ConsentFixtures {
  /** A client that sends whatever the test says, connected to a server of its own on the sandbox. */
  readonly connect: (era: Era, options?: ConnectOptions, platform?: Sandbox) => Promise<RawClient>
  /** Requests with an effect that arrived at the sandbox. */
  readonly effects: () => Promise<readonly unknown[]>
}

/** A `test` whose clients write protocol messages by hand. */
export const consentTest = testOn({ jobs: 100 }).extend<ConsentFixtures>({
  connect: async ({ sandbox }, use) =>
    use((era, meeting = {}, platform = sandbox) => connect(platform, era, meeting)),
  effects: async ({ sandbox }, use) => use(() => effectRequests(sandbox.control)),
})

/** The sentence that names the way to approve in a terminal. */
export const codeText = /`qualys-mcp approve ([2-9A-Z]{4}-[2-9A-Z]{4})[` ]/

export const codeIn = ({ text }: RawReply): string => codeText.exec(text)?.[1] ?? ''

/** Answers a pending call in a terminal; returns what the terminal showed. */
export async function answerInTerminal(stateDir: string, code: string, answer = 'yes'): Promise<string> {
  const shown: string[] = []
  const print = (line: string): void => void shown.push(line)
  await approve(stateDir, code, { isTTY: true, ask: async () => answer, print })
  return shown.join('\n')
}

/** The code of a call from a client that cannot ask a person. */
export async function pendingCallCode(client: RawClient): Promise<string> {
  return codeIn(await client.call(execute, run))
}
