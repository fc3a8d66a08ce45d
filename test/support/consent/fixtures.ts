import { approve } from '../../../src/cli/approve.ts'
import type { Sandbox } from '../../../src/sandbox/sandbox.ts'
import { testOn } from '../fixtures.ts'
import { effectsAt } from '../sandbox.ts'
import { execute, run } from './calls.ts'
import { connect, type Era, type Heard, type Meeting, type RawClient } from './raw-client.ts'

export interface ConsentFixtures {
  /** A client that says whatever it is told to say, to a server of its own on the sandbox. */
  readonly connect: (era: Era, meeting?: Meeting, platform?: Sandbox) => Promise<RawClient>
  /** Requests with an effect that arrived at the sandbox. */
  readonly effects: () => Promise<readonly unknown[]>
}

/** A `test` whose clients speak the protocol by hand. */
export const consentTest = testOn({ jobs: 100 }).extend<ConsentFixtures>({
  connect: async ({ sandbox }, use) =>
    use((era, meeting = {}, platform = sandbox) => connect(platform, era, meeting)),
  effects: async ({ sandbox }, use) => use(() => effectsAt(sandbox.control)),
})

/** The sentence that names the way to approve in a terminal. */
export const codeText = /qualys-mcp approve ([2-9A-Z]{4}-[2-9A-Z]{4})/

export const codeIn = ({ text }: Heard): string => codeText.exec(text)?.[1] ?? ''

/** Answers in a terminal to a call that waits; returns what the terminal showed. */
export async function answerInTerminal(stateDir: string, code: string, answer = 'yes'): Promise<string> {
  const shown: string[] = []
  const print = (line: string): void => void shown.push(line)
  await approve(stateDir, code, { isTTY: true, ask: async () => answer, print })
  return shown.join('\n')
}

/** A call by who cannot be asked: it waits under a code. */
export async function waitingCall(client: RawClient): Promise<string> {
  return codeIn(await client.call(execute, run))
}
