import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { mailLines, templateContents } from '../../../src/tools/effects/preview/template-preview.ts'

// What a preview shows of a new template, and of the mails of a campaign.

const question = { text: 'Why?', kind: 'text' }
const sectionsOf = (count: number): object[] => [
  { name: 'One', questions: Array.from({ length: count }, (_, at) => ({ text: `Q${at}`, kind: 'text' })) },
]

describe('the contents of a template', () => {
  test('are shown section by section, question by question, with the scoring at the end', () => {
    const sections = [
      {
        name: 'First',
        description: 'Of two',
        questions: [
          { text: 'Yes?', kind: 'yesNo', label: 'Q1', yesScore: 'Fine', criticality: 'CRITICAL' },
          { text: 'Which?', kind: 'multi', options: [{ text: 'This', score: 'Fine' }, { text: 'That' }] },
        ],
      },
      { name: 'Second', questions: [{ ...question, requireAttachment: true, requireComment: false }] },
    ]
    const scoring = [
      { label: 'Fine', value: 47 },
      { label: 'Bad', value: 0 },
    ]
    expect(templateContents({ sections, scoring })).toEqual([
      'section: "First"',
      '  description: "Of two"',
      '  yesNo: "Yes?"',
      '    label: "Q1"',
      '    yesScore: "Fine"',
      '    criticality: "CRITICAL"',
      '  multi: "Which?"',
      '    options: "This = Fine", "That"',
      'section: "Second"',
      '  text: "Why?"',
      '    requireAttachment: "true"',
      'scoring: "Fine = 47", "Bad = 0"',
    ])
  })

  test.each([
    ['nothing', {}],
    ['no list', { sections: 'x', scoring: 'y' }],
    ['no objects', { sections: [1, null], scoring: ['x'] }],
  ])('are empty for %s', (_what, args) => {
    expect(templateContents(args)).toEqual([])
  })

  test('without questions are a section alone', () => {
    expect(templateContents({ sections: [{ name: 'Bare' }] })).toEqual(['section: "Bare"'])
  })

  test('show a long text in pieces', () => {
    expect(templateContents({ sections: [{ name: 'x'.repeat(81) }] })).toEqual([
      'section (1 value):',
      `  "${'x'.repeat(80)}"`,
      '  "x"',
    ])
  })

  test('of 200 lines are shown whole', () => {
    const lines = templateContents({ sections: sectionsOf(199) })
    expect(lines).toEqual(['section: "One"', ...Array.from({ length: 199 }, (_, at) => `  text: "Q${at}"`)])
  })

  test.each([
    [201, '1 more line'],
    [250, '50 more lines'],
  ])('of %i lines: the first 150 and the last 50, and the hash of all', (count, more) => {
    const all = ['section: "One"', ...Array.from({ length: count - 1 }, (_, at) => `  text: "Q${at}"`)]
    const hash = createHash('sha256').update(all.join('\n')).digest('hex')
    expect(templateContents({ sections: sectionsOf(count - 1) })).toEqual([
      ...all.slice(0, 150),
      `(${more}; all of them have sha256 ${hash})`,
      ...all.slice(-50),
    ])
  })
})

describe('mails', () => {
  test('are shown with whether they are enabled, and when', () => {
    const notifications = [
      { kind: 'reminder', noOfDays: 3, interval: 2 },
      { kind: 'overdue', enabled: false },
      { kind: 'dueDate', enabled: true, noOfDays: undefined },
    ]
    expect(mailLines({ notifications })).toEqual([
      'mail: "reminder", "enabled true", "noOfDays 3", "interval 2"',
      'mail: "overdue", "enabled false"',
      'mail: "dueDate", "enabled true"',
    ])
  })

  test.each([[undefined], ['x'], [[1, null]]])('are none for %j', (notifications) => {
    expect(mailLines({ notifications })).toEqual([])
  })
})
