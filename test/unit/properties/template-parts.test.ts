import { expect, test } from 'vitest'
import type { Parts } from '../../../src/operations/long-records.ts'
import { getTemplate } from '../../../src/operations/saq/templates.ts'
import { writeXml } from '../../../src/session/products/xml.ts'
import { readPart } from '../../../src/tools/replies/parts/read-part.ts'
import { type Reply, structureOf, textOf } from '../../../src/tools/replies/reply.ts'
import { checkArguments, operationNamed } from '../../support/operations/calls.ts'
import { sessionInMemory } from '../../support/operations/memory.ts'
import type { Fields } from '../../support/operations/questions.ts'
import { saqAnswer } from '../../support/operations/rows.ts'
import { listIn, longScoring, longSections, templateContents } from '../../support/operations/templates.ts'
import { checkAsyncProperty } from '../../support/properties/property.ts'
import { xmlOf } from '../../support/xml/parse.ts'

// What is passed to create a template comes back when it is read in parts, whatever a reply holds.

interface Contents {
  readonly sections: readonly Fields[]
  readonly scoring: readonly Fields[]
}

/** The body of the request that an effect sends. */
async function sentBy(tool: string, args: object): Promise<Fields> {
  const { value = {}, complaint } = await checkArguments(tool, args)
  expect(complaint).toBeUndefined()
  expect(operationNamed(tool).change?.validate?.(value, 0)).toBeUndefined()
  const { session, sent } = sessionInMemory(() => saqAnswer('Template', [{ id: 5 }]))
  await session.call(operationNamed(tool), value)
  const { ServiceRequest } = (await xmlOf(sent[0]?.body ?? '')) as { ServiceRequest: { data: Fields } }
  return ServiceRequest.data['Template'] as Fields
}

/** Every part of a template, from the first to the last. */
async function readAll(template: Fields, budget: number): Promise<Reply[]> {
  const data = { Template: { id: 5, ...template } }
  const body = writeXml({ ServiceResponse: { responseCode: 'SUCCESS', count: 1, data } })
  const { session } = sessionInMemory(() => ({ body }))
  const signal = new AbortController().signal
  const replies: Reply[] = []
  for (let continuationToken: string | undefined; replies.length < 2_000; ) {
    const args = { templateId: '5', ...(continuationToken !== undefined && { continuationToken }) }
    const reply = await readPart(getTemplate, getTemplate.parts as Parts, args, { session, signal, budget })
    replies.push(reply)
    continuationToken = reply.continuationToken
    if (continuationToken === undefined) break
  }
  return replies
}

const joined = (replies: readonly Reply[]): Contents => ({
  sections: replies.flatMap(({ rows }) => (rows[0]?.['sections'] ?? []) as Fields[]),
  scoring: (replies[0]?.rows[0]?.['scoring'] ?? []) as Fields[],
})

const runs = 15

test('all parts joined are what was passed, in both forms, and an update with them sends the same', async () => {
  let partCount = 0
  await checkAsyncProperty(templateContents, runs, async (contents) => {
    const created = await sentBy('saq_create_template', { name: 'Any', category: 'Any', ...contents })
    for (const budget of [2_000, 24_000]) {
      const replies = await readAll(created, budget)
      partCount += replies.length
      for (const reply of replies) {
        expect(textOf(reply).length).toBeLessThanOrEqual(budget)
        expect(JSON.stringify(structureOf(reply)).length).toBeLessThanOrEqual(budget)
        expect(listIn(reply.body, 'sections') ?? []).toEqual(reply.rows[0]?.['sections'] ?? [])
      }
      const whole = joined(replies)
      if (budget === 24_000) expect(replies).toHaveLength(1)
      if (replies.length === 1) expect(whole).toEqual(contents)
      const updated = await sentBy('saq_update_templates', { ids: ['5'], ...whole })
      expect(updated['elements']).toEqual(created['elements'])
    }
  })
  // Else nothing was cut.
  expect(partCount).toBeGreaterThan(runs * 3)
})

test('332 questions are read in a handful of calls', async () => {
  const contents = { sections: longSections(), scoring: longScoring }
  const created = await sentBy('saq_create_template', { name: 'Any', category: 'Any', ...contents })
  const replies = await readAll(created, 24_000)
  expect(replies.length).toBeGreaterThan(1)
  expect(replies.length).toBeLessThan(6)
  expect(replies[0]?.summary).toMatch(/^template 5: questions 1-\d+ of 332, sections 1-\d of 9$/)
  expect(replies.at(-1)?.summary).toMatch(/^template 5: questions \d+-332 of 332, sections \d-9 of 9$/)
})

test('a question that no reply holds is cut, says so, and is refused where it is passed', async () => {
  const options = Array.from({ length: 195 }, (_, at) => ({ text: `Country number ${at + 1}` }))
  const countries = { text: 'Where?', kind: 'dropdown', options }
  const sections = [
    { name: 'One', questions: [{ text: 'Why?', kind: 'text' }, countries, { text: 'Who?', kind: 'text' }] },
  ]
  const created = await sentBy('saq_create_template', { name: 'Any', category: 'Any', sections })
  const replies = await readAll(created, 2_000)
  for (const reply of replies) expect(textOf(reply).length).toBeLessThanOrEqual(2_000)
  const whole = joined(replies)
  const cut = whole.sections.flatMap(({ questions }) => questions as Fields[]).find((one) => 'cut' in one)
  expect(cut?.['cut']).toMatch(/^options: \d+ of 195$/)
  expect(replies.map(({ note }) => note).join(' ')).toContain(
    'is longer than a reply, and cut: it cannot be passed as it is. Change other questions with edits of',
  )
  const { complaint } = await checkArguments('saq_update_templates', { ids: ['5'], sections: whole.sections })
  expect(complaint).toContain('there is no argument "cut"')
  // A reply of the usual size holds it.
  expect(joined(await readAll(created, 24_000)).sections).toEqual(sections)
})
