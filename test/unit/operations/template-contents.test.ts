import { describe, expect, test } from 'vitest'
import {
  contentsOf,
  readNotes,
  type StoredContents,
  wholeContentsOf,
} from '../../../src/operations/saq/contents/template-contents.ts'
import { searchTemplates } from '../../../src/operations/saq/templates.ts'
import { checkArguments } from '../../support/operations/calls.ts'
import { type Fields, many, question, section } from '../../support/operations/questions.ts'

// What a stored template holds: in the form of the input, and what no input takes.

const text = (more: Fields = {}): Fields => ({ text: 'Why?', type: 'textQuestion', ...more })

function stored(elements: Fields): StoredContents {
  const contents = contentsOf(searchTemplates.record.parse({ id: '5', elements }))
  if (!contents) throw new Error('no contents')
  return contents
}

const sectionsOf = (...questions: readonly Fields[]): Fields => ({ sections: [{ name: 'S', questions }] })

describe('fields that no input takes are told apart, and counted', () => {
  test.for<readonly [elements: Fields, others: readonly string[], ids: readonly string[]]>([
    [sectionsOf(text()), [], []],
    [sectionsOf(text({ weight: '2' }), text({ weight: '3' })), ['weight (2 questions)'], []],
    [sectionsOf(text({ id: '7', uuid: 'u' })), [], ['id (1 question)', 'uuid (1 question)']],
    [sectionsOf(text({ type: 'multiSelectQuestion', mode: 'Checkbox' })), ['mode (1 question)'], []],
    [sectionsOf(text({ options: [{ text: 'a', score: '1', weight: '2' }] })), ['weight (1 option)'], []],
    [{ sections: [{ name: 'S', level: '3', hint: 'x' }] }, ['level (1 section)', 'hint (1 section)'], []],
    [{ scorings: [{ label: 'a', value: '1', color: 'red' }] }, ['color (1 score)'], []],
    [{ questions: [text(), text()], pages: '3' }, ['questions outside of sections (2)', 'pages (1)'], []],
  ])('%j', ([elements, others, ids]) => {
    const contents = stored(elements)
    expect(contents.others).toEqual(others)
    expect(contents.ids).toEqual(ids)
    expect(JSON.stringify(contents.sections)).not.toMatch(/weight|uuid|mode|hint|pages/)
  })

  test('the note of a read says which, and where they are shown', () => {
    expect(readNotes(stored(sectionsOf(text({ weight: '2', id: '7' }))))).toEqual([
      'Qualys also stores weight (1 question), id (1 question), which no input takes: an update of the sections loses it. qualys_export of saq_search_templates shows it.',
    ])
    expect(readNotes(stored(sectionsOf(text())))).toEqual([])
  })

  test('and which questions cannot be passed as they are', () => {
    const odd = [text(), text({ type: 'rank' }), text({ criticality: 'URGENT' })]
    expect(
      readNotes(
        stored({
          sections: [...many(2, () => ({ name: 'S', questions: [text()] })), { name: 'T', questions: odd }],
        }),
      ),
    ).toEqual([
      'These sections cannot be passed as they are: question 4 (kind must be one of yesNo, number, text, single, dropdown, multi), question 5 (criticality must be one of INFO, LOW, MEDIUM, HIGH, CRITICAL).',
    ])
  })
})

test('a type that is none of the kinds is shown, and taken back', async () => {
  const { sections } = stored(sectionsOf(text({ type: 'dateQuestion' })))
  expect(sections).toEqual([{ name: 'S', questions: [{ text: 'Why?', kind: 'dateQuestion' }] }])
  expect(
    (await checkArguments('saq_create_template', { name: 'x', category: 'x', sections })).complaint,
  ).toBeUndefined()
  for (const kind of ['date', 'booleanQuestion', 'DateQuestion', 'x Question']) {
    const wrong = [section(question({ kind }))]
    const { complaint } = await checkArguments('saq_create_template', {
      name: 'x',
      category: 'x',
      sections: wrong,
    })
    expect(complaint, kind).toContain('must be one of yesNo, number, text, single, dropdown, multi')
  }
})

describe('a template is whole', () => {
  const held = { elements: { sections: [{ name: 'S', questions: [question(), question()] }] } }
  test.for([
    [{ ...held, questionCnt: 2 }, true],
    [held, true],
    [{ ...held, questionCnt: 3 }, false],
    [{ elements: { ...held.elements, questions: [question()] }, questionCnt: 3 }, true],
    [{ questionCnt: 2 }, false],
    [{ elements: { sections: 'many' } }, false],
  ] as const)('%j: %s', ([template, isWhole]) => {
    expect(wholeContentsOf(template) !== undefined).toBe(isWhole)
  })
})

test('empty texts in lists are absent, in a new template and in an update', async () => {
  const sections = [
    section(question({ label: '', criticality: null, kind: 'multi', options: [{ text: 'a', score: '' }] })),
  ]
  const plain = [section(question({ kind: 'multi', options: [{ text: 'a' }] }))]
  const created = await checkArguments('saq_create_template', {
    name: 'x',
    category: 'x',
    description: '',
    sections,
  })
  expect(created.value).toEqual({ name: 'x', category: 'x', sections: plain })
  expect((await checkArguments('saq_update_templates', { ids: ['5'], sections })).value).toEqual({
    ids: ['5'],
    sections: plain,
  })
})
