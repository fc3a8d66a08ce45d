import { describe, expect } from 'vitest'
import type { ToolReply } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { questions } from '../../support/questions/all.ts'
import {
  type Answer,
  type Call,
  fleetSettings,
  type Question,
  type Truth,
  truthOf,
} from '../../support/questions/question.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// What people ask, each answered by a script of calls and by brute force over the sandbox's own data: as the sandbox
// answers by default, and where its records do not show what the answer rests on.

const test = testOn({ jobs: 2_000 }, fleetSettings).extend<{ replies: ToolReply[]; call: Call }>({
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
async function prepared({ prepare }: Question, { control }: TestSandbox, call: Call): Promise<Truth> {
  initial ??= truthOf(control)
  if (!prepare) return initial
  await prepare(call, control, initial)
  return truthOf(control)
}

const sorted = (answer: Answer): Answer => {
  if (typeof answer === 'number') return answer
  if (Array.isArray(answer)) return [...answer].sort()
  const byName = Object.entries(answer as Readonly<Record<string, number>>)
  return Object.fromEntries(byName.sort(([a], [b]) => (a < b ? -1 : 1)))
}

const isNone = (answer: Answer): boolean =>
  typeof answer === 'number' ? !(answer > 0) : Object.keys(answer).length === 0

describe('the answer is that of a brute-force search', () => {
  test.for(questions)('$asks', async (question, { sandbox, call, replies }) => {
    const { answer, expected } = question
    const truth = await prepared(question, sandbox, call)
    replies.length = 0
    const right = await expected(truth)
    expect(isNone(right), 'a question about nothing').toBe(false)
    const given = await answer(call, truth)
    expect(sorted(given), replies.map(({ text }) => text).join('\n')).toEqual(sorted(right))
    expect(replies.length).toBeLessThanOrEqual(3)
  })
})

/** Where records do not show what an answer rests on, by the name of what is missing. */
const shapes: Readonly<Record<string, object>> = {
  'schedules with id and customerUuid alone': { scheduleRecord: 'bare' },
  'hosts as in a sister module': { hostRecord: 'fim' },
  'tags of hosts by UUID': { hostTags: 'uuids' },
  'tags of hosts as objects with a UUID': { hostTags: 'uuidObjects' },
  'results without their run': { resultJobs: 'hidden' },
  'results without their host': { resultHosts: 'none' },
  'scripts exported as CSV': { scriptExports: 'csv' },
  'scripts exported as a zip file': { scriptExports: 'zip' },
  'no export and no code of scripts': { scriptExports: 'gone', scriptContent: 'hidden' },
  'campaigns without recipients': { campaignRecipients: false },
  'campaigns without a due date': { campaignDueDate: false },
  'users without company and tags': { userGroupFields: false },
  'unknown tokens that match nothing': { unknownToken: 'nothing' },
  'unknown tokens that are ignored': { unknownToken: 'ignore' },
}

/** Words of an answer that says what it could not see. */
const saysUnknown =
  /\bunknown\b|\bnot shown?\b|\bdoes not\b|\bdo not\b|\bcannot\b|\bcould not\b|\bNOT all\b|\bno field\b|No row has|None of the/i

describe.each(Object.entries(shapes))('with %s', (_name, knobs) => {
  test.for(questions)('$asks', async (question, { sandbox, call, replies }) => {
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
  })
})
