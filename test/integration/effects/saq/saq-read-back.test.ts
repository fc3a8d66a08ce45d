import { describe, expect } from 'vitest'
import { xml } from '../../../support/effects/saq/saq-faults.ts'
import { saqCalls } from '../../../support/effects/saq/saq-objects.ts'
import {
  cleanedName,
  hostileName,
  notRead,
  readFailures,
  readsAfter,
  type SaqState,
  saqStates,
} from '../../../support/effects/saq/saq-states.ts'
import { stateTest as test } from '../../../support/effects/saq/state-test.ts'

// Whatever the one read after an effect of SAQ brings, the effect does not look failed. (Each failure after each effect:
// test/nightly/effects/saq-reads.test.ts.)

describe('a read that fails', () => {
  test('there are such reads', () => expect(readsAfter.length).toBeGreaterThanOrEqual(saqStates.length))

  const some = readsAfter.map((read, at) => {
    const [what, fault] = readFailures[at % readFailures.length] ?? []
    return { ...read, what, fault }
  })
  test.for(some)(
    'with $what after $tool, answered with $answers',
    async ({ state, answers, fault }, { run }) => {
      const { reply, line, after } = await run(state, answers, fault)
      expect(reply.isError, reply.text).toBe(false)
      expect(line).toMatch(notRead)
      expect(line).not.toMatch(/BUT|gone:/)
      expect(after.length).toBeLessThanOrEqual(1)
    },
  )
})

const others = saqStates.flatMap((state) =>
  state.others.map((answer) => ({
    state,
    tool: state.tool,
    answer,
    what: answer.what,
    answers: answer.answers,
  })),
)
test.for(others)('$tool, after which Qualys shows $what', async ({ state, answer }, { run, sandbox }) => {
  const args = (await saqCalls(sandbox.control))[state.tool] ?? {}
  const named = ['templateId', 'campaignId', 'userId'].map((name) => args[name]).find(Boolean)
  const listed = Array.isArray(args['ids']) ? args['ids'][0] : undefined
  const isNew = state.tool.startsWith('saq_create')
  const id = String(isNew ? await nextIdOf(state, sandbox.control) : (named ?? listed))
  const { reply, line } = await run(state, answer.answers, answer.reply(id))
  expect(reply.isError, reply.text).toBe(false)
  expect(line).toMatch(answer.says)
})

/** The id that the sandbox gives next to what the effect creates. */
async function nextIdOf(
  { tool }: SaqState,
  { dump }: { dump: (name: string) => Promise<Record<string, unknown>[]> },
) {
  const rows = await dump(/template/.test(tool) ? 'templates' : /campaign/.test(tool) ? 'campaigns' : 'users')
  return Math.max(...rows.map(({ id }) => Number(id))) + 1
}

describe('text of others in the state', () => {
  const stateOf = (tool: string): SaqState => {
    const state = saqStates.find((one) => one.tool === tool)
    if (!state) throw new Error(`no state of ${tool}`)
    return state
  }
  const replyWith = (object: string, fields: string): object => ({
    kind: 'reply',
    contentType: 'application/xml',
    body: xml(
      `<responseCode>SUCCESS</responseCode><count>1</count><data><${object}>${fields}</${object}></data>`,
    ),
  })
  const cases: readonly (readonly [tool: string, object: string, id: string | undefined, name: string])[] = [
    ['saq_update_user', 'User', '339590', 'firstName'],
    ['saq_launch_campaign', 'QuestionnaireCampaign', '1111001', 'name'],
    ['saq_update_campaign', 'QuestionnaireCampaign', '1111001', 'name'],
  ]

  test.for(cases)('%s with a hostile name', async ([tool, object, id, name], { run }) => {
    const fault = replyWith(object, `<id>${id}</id><${name}>${hostileName}</${name}>`)
    const { reply, line } = await run(stateOf(tool), 'ids', fault)
    expect(reply.isError).toBe(false)
    expect(line).toContain(cleanedName)
    expect(reply.text).not.toMatch(/[\u202e\u200b]/)
    expect(reply.text.split('\n').length).toBeLessThan(4)
  })

  test.for(cases)(
    '%s with a secret of the settings in the name',
    async ([tool, object, id, name], { run, sandbox }) => {
      const { password } = sandbox
      const long = 'x'.repeat(55)
      const fault = replyWith(object, `<id>${id}</id><${name}>${long} ${password}</${name}>`)
      for (const form of [undefined, 'json'] as const) {
        await sandbox.control.reset()
        const { reply } = await run(stateOf(tool), 'ids', fault, form)
        expect(reply.isError).toBe(false)
        const all = JSON.stringify([reply.text, reply.structured])
        expect(all).not.toContain(password)
        expect(all).not.toContain(password.slice(0, 5))
      }
    },
  )
})
