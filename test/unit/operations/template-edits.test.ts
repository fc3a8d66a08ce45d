import { describe, expect, test } from 'vitest'
import type { Adapted, Input } from '../../../src/operations/operation.ts'
import { wireElements } from '../../../src/operations/saq/contents/template-wire.ts'
import { searchTemplates } from '../../../src/operations/saq/templates.ts'
import { callInMemory, checkArguments, operationNamed } from '../../support/operations/calls.ts'
import { type Fields, question, scoring, section } from '../../support/operations/questions.ts'

// Edits of single questions: which one is meant, what is sent, and what is refused.

const stored = [
  {
    name: 'Access',
    questions: [
      question({ label: '1.1', text: 'Is MFA on?', kind: 'yesNo', yesScore: 'Good' }),
      question({
        label: '1.2',
        text: 'Which cloud?',
        kind: 'single',
        options: [{ text: 'A' }, { text: 'B' }],
      }),
    ],
  },
  { name: 'Data' },
  {
    name: 'Places',
    level: 2,
    questions: [question({ label: '2.1', text: 'Where is it?' }), question({ text: 'Why?' })],
  },
]

/** A template as the list of templates shows it. */
function templateOf(sections: readonly Fields[], more: Fields = {}): Input {
  const normalized = JSON.parse(
    JSON.stringify(wireElements({ sections, scoring } as never)),
    (_, value: Record<string, unknown>) => {
      const [name, ...others] = value && typeof value === 'object' ? Object.keys(value) : []
      return name && others.length === 0 && /^[A-Z]/.test(name) ? value[name] : value
    },
  )
  return searchTemplates.record.parse({ id: '5', elements: normalized, ...more })
}

const current = templateOf(stored, { questionCnt: 4 })

/** What becomes of edits. */
function adapt(edits: readonly Fields[], template: Input | undefined = current): Adapted {
  const adapted = operationNamed('saq_update_templates').change?.adapt?.(
    { ids: ['5'], edits },
    template,
    (text) => text,
  )
  if (!adapted) throw new Error('edits are not adapted')
  return adapted
}

/** The sections that are sent, with one question replaced. */
function withQuestion(at: readonly [section: number, question: number], ...by: readonly Fields[]): Fields[] {
  return stored.map((one, index) =>
    index === at[0] ? { ...one, questions: (one.questions ?? []).toSpliced(at[1], 1, ...by) } : one,
  )
}

describe('a question is found', () => {
  const edited = withQuestion([0, 1], { ...stored[0]?.questions?.[1], text: 'Which one?' })
  test.for(['1.2', '2', '#2', ' 1.2 ', 'Which cloud?'])('by %j', (named) => {
    const { input, problem } = adapt([{ question: named, text: 'Which one?' }])
    expect(problem).toBeUndefined()
    expect(input).toEqual({ ids: ['5'], sections: edited, scoring })
  })

  test.for([
    ['9.9', 'No question has the label "9.9": pass one of "1.1", "1.2", "2.1", or a number from #1 to #4.'],
    ['1', undefined],
    ['#5', 'There is no question #5: pass a number from #1 to #4.'],
    ['#0', 'There is no question #0: pass a number from #1 to #4.'],
    ['2.', 'No question has the label "2.": pass one of "2.1", or a number from #1 to #4.'],
  ] as const)('or not, by %j', ([named, problem]) => {
    expect(adapt([{ question: named, text: 'x' }]).problem).toBe(problem)
  })

  const twice = templateOf([
    section(
      question({ label: '7', text: 'a' }),
      question({ label: '1', text: 'b' }),
      question({ label: '7', text: 'c' }),
    ),
  ])
  test('neither by a label that two have, nor by one that is the number of another', () => {
    expect(adapt([{ question: '7', text: 'x' }], twice).problem).toBe(
      '"7" names 2 questions: pass one of #1, #3.',
    )
    expect(adapt([{ question: '1', text: 'x' }], twice).problem).toBe(
      '"1" is the label of question 2 and the number of another: pass #2 or #1.',
    )
  })
})

describe('an edit', () => {
  test('leaves what it does not name', () => {
    const { input } = adapt([{ question: '1.1', requireComment: true, text: undefined }])
    expect(input['sections']).toEqual(
      withQuestion([0, 0], { ...stored[0]?.questions?.[0], requireComment: true }),
    )
  })

  test('of the kind takes away what the new kind does not take', () => {
    const { input } = adapt([{ question: '1.2', kind: 'text' }])
    expect(input['sections']).toEqual(
      withQuestion([0, 1], question({ label: '1.2', text: 'Which cloud?', kind: 'text' })),
    )
  })

  test('removes, and says first which', () => {
    const { input, warnings } = adapt([{ question: '2.1', remove: true }])
    expect(input['sections']).toEqual(withQuestion([2, 0]))
    expect(warnings?.[0]).toBe('1 of 4 questions falls: "2.1 Where is it?".')
  })

  test('adds behind a question, in the order given; numbers are those of what is stored', () => {
    const [one, two] = [question({ text: 'One?' }), question({ text: 'Two?' })]
    const { input, shown } = adapt([
      { after: '#1', ...one },
      { after: '#1', ...two },
      { question: '#2', remove: true },
    ])
    expect(input['sections']).toEqual([
      { ...stored[0], questions: [stored[0]?.questions?.[0], one, two] },
      ...stored.slice(1),
    ])
    expect(shown?.['changes']).toEqual([
      { number: 1, section: 'Access', after: one },
      { number: 1, section: 'Access', after: two },
      { number: 2, section: 'Access', before: stored[0]?.questions?.[1] },
    ])
  })

  test('shows what changes alone', () => {
    expect(adapt([{ question: '2.1', text: 'Where?' }]).shown).toEqual({
      ids: ['5'],
      changes: [
        {
          number: 3,
          section: 'Places',
          before: question({ label: '2.1', text: 'Where is it?' }),
          after: question({ label: '2.1', text: 'Where?' }),
        },
      ],
    })
  })

  test.for([
    [
      'the same question twice',
      [
        { question: '1.1', text: 'a' },
        { question: '#1', text: 'b' },
      ],
      /^Question 1 is edited twice: pass one edit for it\.$/,
    ],
    [
      'a kind without options',
      [{ question: '2.1', kind: 'multi' }],
      /of kind multi has nothing to choose from: pass options/,
    ],
    [
      'a score that is no label',
      [{ question: '1.1', noScore: 'Ugly' }],
      /is no label of scoring: use one of Good, Fair, Poor/,
    ],
    [
      'the last question of a section',
      [
        { question: '2.1', remove: true },
        { question: '#4', remove: true },
      ],
      /^Section "Places" would hold no question any more: add one to it with after, or pass sections without it\.$/,
    ],
  ] as const)('is refused: %s', ([, edits, says]) => {
    expect(adapt(edits).problem).toMatch(says)
  })
})

describe('a template is not edited', () => {
  const edits = [{ question: '1.1', text: 'x' }]
  const withMore = (more: Fields) => templateOf([section(question({ label: '1.1', ...more }))])
  /** As Qualys sends it, with a field that no input takes. */
  const weighted = {
    id: '5',
    elements: {
      sections: [{ name: 'S', questions: [{ label: '1.1', text: 'x', type: 'textQuestion', weight: '3' }] }],
    },
  }

  test('that Qualys shows in part', () => {
    const part = { ...current, questionCnt: 5 }
    expect(adapt(edits, part).problem).toMatch(
      /^The questions of template 5 cannot be read whole: change it in/,
    )
    expect(adapt(edits, { id: '5' }).problem).toMatch(/cannot be read whole/)
  })

  test('that has no questions', () => {
    const empty = { id: '5', elements: { sections: [] }, questionCnt: 0 }
    expect(adapt(edits, empty).problem).toBe('Template 5 has no questions: pass sections.')
  })

  test('that holds what would be lost', () => {
    expect(adapt(edits, searchTemplates.record.parse(weighted)).problem).toBe(
      'Template 5 holds weight (1 question), which no input takes, and would lose it: change it in the Qualys UI, or pass all sections.',
    )
  })

  test('that holds what no input takes', () => {
    expect(adapt(edits, withMore({ criticality: 'URGENT', kind: 'yesNo' })).problem).toMatch(
      /^Template 5 cannot be sent again as it is, question 1 \(criticality must be one of INFO, LOW/,
    )
  })

  test('but is where ids alone are new, with a warning', () => {
    const [first] = stored
    const template = templateOf([{ ...first, id: '9' } as Fields])
    const { sections: [head] = [] } = (template['elements'] ?? {}) as { sections?: Fields[] }
    const withId = {
      ...template,
      elements: { ...(template['elements'] as Fields), sections: [{ ...head, id: '9' }] },
    }
    const { problem, warnings } = adapt(edits, withId)
    expect(problem).toBeUndefined()
    expect(warnings).toContain('Qualys may give new ids: id (1 section).')
  })
})

test.for([
  ['no question', { edits: [{ text: 'x' }] }, 'edits.0 names no question, or two.'],
  [
    'a question and a place',
    { edits: [{ question: '1', after: '2', text: 'x' }] },
    'edits.0 names no question, or two.',
  ],
  [
    'nothing',
    { edits: [{ question: '1' }] },
    'edits.0 changes nothing. Pass the fields to set, none of them empty, or remove.',
  ],
  [
    'a removal with fields',
    { edits: [{ question: '1', remove: true, text: 'x' }] },
    'edits.0 removes a question and sets fields.',
  ],
  [
    'half a new question',
    { edits: [{ after: '1', text: 'x' }] },
    'edits.0 adds a question without text or kind. Pass both.',
  ],
  [
    'sections besides',
    { edits: [{ question: '1', text: 'x' }], sections: [section(question())] },
    'Pass one of the two.',
  ],
  [
    'two templates',
    { ids: ['5', '6'], edits: [{ question: '1', text: 'x' }] },
    'edits name questions of one template. Pass one id.',
  ],
] as const)('edits with %s are refused before anything is asked for', async ([, args, says]) => {
  const { text, sent } = await callInMemory('saq_update_templates', { ids: ['5'], ...args })
  expect(text).toContain(says)
  expect(sent).toEqual([])
})

test('an edit takes numbers as numbers, and empty fields as absent', async () => {
  const { value } = await checkArguments('saq_update_templates', {
    ids: 5,
    edits: { question: 57, label: '', text: 'x', options: null },
  })
  expect(value).toEqual({ ids: ['5'], edits: [{ question: '57', text: 'x' }] })
})
