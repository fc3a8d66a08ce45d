import { expect } from 'vitest'
import type { ToolReply } from '../assistant.ts'
import { testOn } from '../fixtures.ts'
import type { TestSandbox } from '../sandbox.ts'
import { type Answer, type Call, fleetSettings, type Question, type Truth, truthOf } from './question.ts'
import { moreCampaigns } from './recipients.ts'

// Questions that are asked through a session, in tests of each.

export const test = testOn({ jobs: 2_000, moreCampaigns }, fleetSettings).extend<{
  replies: ToolReply[]
  call: Call
}>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads from the pattern which fixtures are needed
  replies: ({}, use) => use([]),
  call: ({ assistant, replies }, use) =>
    use(async (tool, args) => {
      const reply = await assistant.call(tool, args, 'json')
      replies.push(reply)
      return reply.structured ?? { summary: reply.text, rows: [], returned: 0 }
    }),
})

/** The data at the beginning, read once: every test begins with them. */
let initial: Truth | undefined

/** The data of the sandbox, once the question is prepared. */
export async function prepared({ prepare }: Question, { control }: TestSandbox, call: Call): Promise<Truth> {
  initial ??= truthOf(control)
  if (!prepare) return initial
  await prepare(call, control, initial)
  return truthOf(control)
}

export const sorted = (answer: Answer): Answer => {
  if (typeof answer === 'number') return answer
  if (Array.isArray(answer)) return [...answer].sort()
  const byName = Object.entries(answer as Readonly<Record<string, number>>)
  return Object.fromEntries(byName.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Words of an answer that says what it could not see. */
const saysUnknown =
  /\bunknown\b|\bnot shown?\b|\bdoes not\b|\bdo not\b|\bcannot\b|\bcould not\b|\bNOT all\b|\bno field\b|No row has|None of the/i

/** What a test of a question has. */
interface Asked {
  readonly sandbox: TestSandbox
  readonly call: Call
  readonly replies: ToolReply[]
}

/** Expects the right answer, or one that says what records with these knobs do not show. */
export async function expectNoFalseAnswer(
  question: Question,
  knobs: object,
  { sandbox, call, replies }: Asked,
): Promise<void> {
  const { answer, expected } = question
  const truth = await prepared(question, sandbox, call)
  replies.length = 0
  const right = sorted(await expected(truth))
  await sandbox.control.knobs(knobs)
  const given = sorted(await answer(call, truth))
  const text = replies.map(({ structured, text }) => JSON.stringify(structured ?? text)).join('\n')
  if (JSON.stringify(given) === JSON.stringify(right)) return
  // Another answer than the right one says why.
  expect(text).toMatch(saysUnknown)
}
