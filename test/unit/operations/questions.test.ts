import { describe, expect, test } from 'vitest'
import { contentsOf } from '../../../src/operations/saq/contents/template-contents.ts'
import { getTemplate } from '../../../src/operations/saq/templates.ts'
import { writeXml } from '../../../src/session/products/xml.ts'
import { publishedTemplate } from '../../support/effects/saq/saq-objects.ts'
import { callInMemory, checkArguments, operationNamed } from '../../support/operations/calls.ts'
import { type Answer, sessionInMemory } from '../../support/operations/memory.ts'
import {
  type Fields,
  invalidContents,
  many,
  oddQuestions,
  question,
  questionsOfEveryKind,
  scoring,
  section,
  validContents,
} from '../../support/operations/questions.ts'
import { answeringWith, draftTemplate, saqAnswer } from '../../support/operations/rows.ts'
import { success } from '../../support/session/qps-answers.ts'
import { xmlOf } from '../../support/xml/parse.ts'

// Templates: what is written is read back unchanged, and unknown elements are kept.

const args = (contents: Fields): Fields => ({ name: 'Round trip', category: 'Test', ...contents })

const answer = (template: object): Answer => ({
  body: writeXml({ ServiceResponse: { responseCode: 'SUCCESS', count: 1, data: { Template: template } } }),
})

/** A template as `saq_get_template` finds it. */
interface ReadTemplate {
  readonly row: Fields
  readonly sections: readonly Fields[]
  readonly scoring: readonly Fields[]
}

/** A template as `saq_get_template` returns it, from Qualys' answer. */
async function readTemplateFrom(answered: Answer): Promise<ReadTemplate> {
  const { session } = sessionInMemory(() => answered)
  const reply = await session.call(getTemplate, { templateId: '5' })
  const row = reply.kind === 'record' ? reply.record : {}
  const { sections, scoring } = (row['elements'] ?? {}) as Partial<Pick<ReadTemplate, 'sections' | 'scoring'>>
  return { row, sections: sections ?? [], scoring: scoring ?? [] }
}

/** The same for a template that was sent: Qualys answers with what it received. */
async function sendAndRead(
  contents: Fields,
  tool = 'saq_create_template',
  more: Fields = args({}),
): Promise<ReadTemplate> {
  const { value = {}, complaint } = await checkArguments(tool, { ...more, ...contents })
  expect(complaint).toBeUndefined()
  expect(operationNamed(tool).change?.validate?.(value, 0)).toBeUndefined()
  const { session, sent } = sessionInMemory(() => saqAnswer('Template', [{ id: 5 }]))
  await session.call(operationNamed(tool), value)
  const request = (await xmlOf(sent[0]?.body ?? '')) as {
    ServiceRequest: { data: { Template: object } }
  }
  const { row } = await readTemplateFrom(answer({ id: 5, ...request.ServiceRequest.data.Template }))
  return { row, sections: [], scoring: [], ...contentsOf(row) }
}

describe('what is created is read back as it was written:', () => {
  test.for(Object.entries(questionsOfEveryKind))('%s', async ([, one]) => {
    const sections = [section(one)]
    expect((await sendAndRead({ sections, scoring })).sections).toEqual(sections)
  })

  test('all of them together, in their order, in several sections', async () => {
    const all = Object.values(questionsOfEveryKind)
    const sections = [
      { name: 'First', description: 'What comes first.', questions: all },
      { name: 'Second', questions: [...all].reverse() },
      { name: 'Third', description: 'One & only', questions: [question()] },
    ]
    const got = await sendAndRead({ sections, scoring, description: 'All' })
    expect(got.sections).toEqual(sections)
    expect(got.row).toMatchObject({ name: 'Round trip', category: 'Test', description: 'All' })
  })

  test('scores, in the form that is accepted', async () => {
    expect((await sendAndRead({ sections: [section(question())], scoring })).scoring).toEqual(scoring)
  })

  test('options as plain texts, without scores', async () => {
    const bare = question({ kind: 'multi', options: ['Weekly', { text: 'Yearly', score: 'Good' }, 'Never'] })
    const options = [{ text: 'Weekly' }, { text: 'Yearly', score: 'Good' }, { text: 'Never' }]
    expect((await sendAndRead({ sections: [section(bare)], scoring })).sections).toEqual([
      section(question({ kind: 'multi', options })),
    ])
  })

  test('an empty list of scores is none', async () => {
    expect((await sendAndRead({ sections: [section(question())] })).scoring).toEqual([])
  })

  test('and can be passed to an update', async () => {
    const { sections } = await sendAndRead({
      sections: [section(...Object.values(questionsOfEveryKind))],
      scoring,
    })
    const again = await sendAndRead({ ids: ['5'], sections, scoring }, 'saq_update_templates', {})
    expect(again.sections).toEqual(sections)
    expect(again.scoring).toEqual(scoring)
  })
})

describe('limits', () => {
  test.for(validContents)('%s are accepted', async ([, contents]) => {
    expect((await sendAndRead(contents)).sections).toEqual(contents['sections'])
  })

  test.for(invalidContents)('%s: refused before anything is sent', async ([, contents, says]) => {
    const { text, isError, sent } = await callInMemory('saq_create_template', args(contents))
    expect(text.toLowerCase()).toContain(says.toLowerCase())
    expect({ isError, sent }).toEqual({ isError: true, sent: [] })
  })

  test('an update has the same limits', async () => {
    const sections = many(1_001, () => section(question()))
    const wrong = { ids: [publishedTemplate], sections }
    const { text, isError, sent } = await callInMemory('saq_update_templates', wrong)
    expect(text).toContain('must hold at most 1,000 sections')
    expect({ isError, sent }).toEqual({ isError: true, sent: [] })
  })
})

/** A template whose only section has these questions, as Qualys sends them. */
async function readQuestions(questions: readonly Fields[], elements: Fields = {}) {
  const held = { sections: { Section: { name: 'General', questions: { Question: questions } } }, ...elements }
  const got = await readTemplateFrom(answer({ id: 5, name: 'Odd', elements: held }))
  return { ...got, questions: got.sections[0]?.['questions'] }
}

/** `elements` as they are stored. */
const elementsOf = ({ row }: ReadTemplate): Fields => row['elements'] as Fields

describe('unknown values are kept:', () => {
  test.for(oddQuestions)('%j', async ([sent, kept]) => {
    expect((await readQuestions([sent])).questions).toMatchObject([kept])
  })

  // questions.ts reads the mode only to find the kind, and drops it where it found another one.
  test.for([
    { text: 'x', type: 'dateQuestion', mode: 'Calendar' },
    { text: 'x', type: 'booleanQuestion', mode: 'Radio' },
    { text: 'x', type: 'singleSelectQuestion', mode: 'Slider' },
    { text: 'x', type: 'multiSelectQuestion', mode: 'Checkbox' },
    { text: 'x', type: 'textQuestion', mode: 'Editor' },
  ])('a mode: %j', async (sent) => {
    expect((await readQuestions([sent])).questions).toMatchObject([{ mode: sent.mode }])
  })

  test.for([
    { type: 'booleanQuestion', mode: 'Button', kind: 'yesNo' },
    { type: 'singleSelectQuestion', mode: 'Radio', kind: 'single' },
    { type: 'singleSelectQuestion', mode: 'Combo', kind: 'dropdown' },
  ])('but not the usual mode: %j', async ({ type, mode, kind }) => {
    expect((await readQuestions([{ text: 'x', type, mode }])).questions).toEqual([{ text: 'x', kind }])
  })

  // questions.ts recognises yes/no by its type alone.
  test('yes or no without a mode is yes or no', async () => {
    expect((await readQuestions([{ text: 'x', type: 'booleanQuestion' }])).questions).toMatchObject([
      { kind: 'yesNo' },
    ])
  })

  // questions.ts drops what is false or absent, and not what is empty: create refuses an empty text.
  test('an empty element is omitted', async () => {
    const { questions } = await readQuestions([
      { label: '', text: 'x', type: 'textQuestion', criticality: '' },
    ])
    expect(questions).toEqual([{ text: 'x', kind: 'text' }])
  })

  test('a score whose value is no number', async () => {
    const scores = [
      { label: 'a', value: 'A+' },
      { label: 'b', value: '-1' },
      { label: 'c', value: '' },
      { label: 'd', value: '2.5' },
    ]
    expect((await readQuestions([], { scorings: { Scoring: scores } })).scoring).toEqual([
      { label: 'a', value: 'A+' },
      { label: 'b', value: '-1' },
      { label: 'c' },
      { label: 'd', value: 2.5 },
    ])
  })

  test('questions outside of sections', async () => {
    const loose = { questions: { Question: [{ text: 'loose' }, { text: 'ends' }] }, pages: '3' }
    const got = await readQuestions([question()], loose)
    expect(got.sections).toHaveLength(1)
    expect(elementsOf(got)).toMatchObject({ questions: [{ text: 'loose' }, { text: 'ends' }], pages: '3' })
  })

  test('a section within a section', async () => {
    const deep = { Question: [{ text: 'deep', type: 'textQuestion' }] }
    const inner = { Section: [{ name: 'Inner', questions: deep }] }
    const { sections } = await readQuestions([], {
      sections: { Section: [{ name: 'Outer', sections: inner }] },
    })
    expect(sections).toMatchObject([
      { name: 'Outer', sections: [{ name: 'Inner', questions: [{ text: 'deep' }] }] },
    ])
  })

  test('a flag that is neither yes nor no does not affect the other fields', async () => {
    const { row } = await readQuestions([{ text: 'x', type: 'textQuestion', requireComment: 'sometimes' }])
    expect(JSON.stringify(row)).toContain('sometimes')
    expect(row).toMatchObject({ name: 'Odd' })
  })

  test.for([{ sections: '' }, { sections: '', scorings: '' }])('no contents: %j', async (elements) => {
    expect((await readQuestions([], elements)).sections).toEqual([])
  })

  test('a template without elements', async () => {
    expect((await readTemplateFrom(answer({ id: 5, name: 'Bare' }))).row).toEqual({ id: '5', name: 'Bare' })
  })

  test('lists with a wrapper', async () => {
    const asked = ['x', 'y'].map(
      (text) => `<Question><text>${text}</text><type>textQuestion</type></Question>`,
    )
    const questions = `<questions><count>2</count><list>${asked.join('')}</list></questions>`
    const sections = `<count>1</count><list><Section><name>S</name>${questions}</Section></list>`
    const body = success(
      `<count>1</count><data><Template><id>5</id><elements><sections>${sections}</sections></elements></Template></data>`,
    )
    expect((await readTemplateFrom({ body })).sections).toEqual([
      { name: 'S', questions: ['x', 'y'].map((text) => ({ text, kind: 'text' })) },
    ])
  })
})

test('a template for which Qualys counts other questions is reported as such', async () => {
  const stored = saqAnswer('Template', [{ id: Number(draftTemplate), questionCnt: 1 }])
  const { text } = await callInMemory(
    'saq_create_template',
    args({ sections: [section(question(), question())] }),
    { answers: answeringWith('POST', '/qps/rest/1.0/create/saq/template', stored) },
  )
  expect(text).toContain('BUT Qualys counts 1 questions where 2 were sent')
})
