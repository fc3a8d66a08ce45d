import { describe, expect, test } from 'vitest'
import { callInMemory, expectRefusal } from '../../support/operations/calls.ts'
import { campaigns } from '../../support/operations/refused/campaigns.ts'
import { guardrails } from '../../support/operations/refused/guardrails.ts'
import { numberIds } from '../../support/operations/refused/ids.ts'
import { imports } from '../../support/operations/refused/library.ts'
import { runs } from '../../support/operations/refused/runs.ts'
import { schedules } from '../../support/operations/refused/schedules.ts'
import { scripts, validScript } from '../../support/operations/refused/scripts.ts'
import { templates } from '../../support/operations/refused/templates.ts'
import { users } from '../../support/operations/refused/users.ts'
import { answeringWith, carAnswer, changeRequestsIn } from '../../support/operations/rows.ts'

// Arguments that make no sense: each is refused with a sentence that says what to do, and nothing is sent.

const areas = { numberIds, scripts, imports, runs, schedules, guardrails, campaigns, templates, users }

describe.each(Object.entries(areas))('%s', (_area, wrong) => {
  test.for(wrong.map(([name, tool, args, says]) => [`${tool}: ${name}`, { tool, args, says }] as const))(
    '%s',
    async ([, { tool, args, says }]) => expectRefusal(await callInMemory(tool, args), says),
  )
})

describe('values at the limit are accepted', () => {
  test.for([
    ['500 KB', 'x'.repeat(512_000)],
    ['500 KB of two-byte characters', 'ü'.repeat(256_000)],
    ['pairs of half characters', 'echo 😀'],
  ] as const)('content: %s', async ([, content]) => {
    const answers = answeringWith('POST', '/sm/v5/script', carAnswer({ id: 1 }))
    const { text, isError, sent } = await callInMemory(
      'car_create_script',
      { ...validScript, content },
      { answers },
    )
    expect(isError, text).toBe(false)
    const [request] = changeRequestsIn(sent)
    expect(Buffer.from(JSON.parse(request?.body ?? '').content, 'base64').toString()).toBe(content)
  })
})

describe('the assistant’s own words stay in their quotes', () => {
  test('with a colon in it', async () => {
    const questions = [{ text: 'Region: which one?', kind: 'single' }]
    const outcome = await callInMemory('saq_create_template', {
      name: 'x',
      category: 'x',
      sections: [{ name: 'x', questions }],
    })
    expectRefusal(
      outcome,
      /^Question "Region: which one\?" of kind single has nothing to choose from\. Pass options\.$/,
    )
  })
})
