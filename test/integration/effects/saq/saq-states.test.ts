import { expect } from 'vitest'
import { isEffect } from '../../../../src/operations/operation.ts'
import { saqStates } from '../../../support/effects/saq/saq-states.ts'
import { stateTest as test } from '../../../support/effects/saq/state-test.ts'
import { servedOperations } from '../../../support/operations/served-routes.ts'

// The reply of each effect of SAQ says the new state, after at most one read. (The clauses one by one:
// test/unit/effects/verify-saq.test.ts.)

test('each effect of SAQ is in the table', () => {
  const effects = servedOperations.filter((one) => isEffect(one) && one.name.startsWith('saq_'))
  expect(saqStates.map(({ tool }) => tool).sort()).toEqual(effects.map(({ name }) => name).sort())
})

const shapes = saqStates.flatMap((state) =>
  (['whole', 'ids', 'counts'] as const).map((answers) => ({ state, tool: state.tool, answers })),
)

test.for(shapes)(
  '$tool says the state where Qualys answers with $answers',
  async ({ state, answers }, { run }) => {
    const { reply, line, after } = await run(state, answers)
    expect(reply.isError, reply.text).toBe(false)
    expect(line).toMatch(state.says[answers] ?? state.says.ids)
    expect(line.length).toBeLessThan(300)
    expect(after).toHaveLength(state.reads[answers] === undefined ? 0 : 1)
  },
)

const withFields = saqStates.filter(({ now }) => now !== undefined)
test.for(withFields)('$tool says it to programs as fields', async (state, { run }) => {
  const { reply, line } = await run(state, 'ids', undefined, 'json')
  expect(line).toMatch(state.says.ids)
  expect(reply.structured.rows).toMatchObject([{ ...state.now }])
})
