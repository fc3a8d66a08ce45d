import { describe, expect, test } from 'vitest'
import type { Input } from '../../../src/operations/operation.ts'
import type { PreviewBlock } from '../../../src/tools/effects/preview/preview.ts'
import {
  changeLines,
  mailLines,
  templateContents,
} from '../../../src/tools/effects/preview/template-preview.ts'
import { shortLines } from '../../../src/tools/effects/preview/text.ts'
import { linesIn } from '../../support/consent/previews.ts'

// What a preview shows of a new template, and of the mails of a campaign.

/** The lines of a short view. */
const short = (blocks: readonly PreviewBlock[]): string[] =>
  shortLines({ facts: { headline: '', warnings: [], blocks }, notes: [] }, '').slice(2)
const contents = (args: Input): string[] => linesIn(templateContents(args))
const excerpt = (args: Input): string[] => short(templateContents(args))
const changes = (args: Input): string[] => linesIn(changeLines(args))

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
    expect(contents({ sections, scoring })).toEqual([
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
    expect(contents(args)).toEqual([])
  })

  test('without questions are a section alone', () => {
    expect(contents({ sections: [{ name: 'Bare' }] })).toEqual(['section: "Bare"'])
  })

  test('show a long text in pieces', () => {
    expect(contents({ sections: [{ name: 'x'.repeat(81) }] })).toEqual([
      'section (1 value):',
      `  "${'x'.repeat(80)}"`,
      '    "x"',
    ])
  })

  test('of 20 lines are shown whole in a short view', () => {
    const lines = ['section: "One"', ...Array.from({ length: 19 }, (_, at) => `  text: "Q${at}"`)]
    expect(excerpt({ sections: sectionsOf(19) })).toEqual(lines)
    expect(contents({ sections: sectionsOf(19) })).toEqual(lines)
  })

  test('of 21 lines: the first ones in a short view, and how many more; all in the whole view', () => {
    const all = ['section: "One"', ...Array.from({ length: 20 }, (_, at) => `  text: "Q${at}"`)]
    expect(excerpt({ sections: sectionsOf(20) })).toEqual([
      ...all.slice(0, 18),
      '  (3 more lines, 20 questions in this section)',
      '(21 lines in all)',
    ])
    expect(contents({ sections: sectionsOf(20) })).toEqual(all)
  })

  test('of many sections: each of them begins in a short view, and short ones are whole', () => {
    const sections = [
      ...Array.from({ length: 3 }, (_, at) => ({ ...sectionsOf(60)[0], name: `S${at}` })),
      ...sectionsOf(2),
    ]
    const lines = excerpt({ sections })
    expect(lines.length).toBeLessThanOrEqual(20)
    for (const [at] of sections.slice(0, 3).entries()) {
      const start = lines.indexOf(`section: "S${at}"`)
      expect(lines.slice(start + 1, start + 3)).toEqual(['  text: "Q0"', '  text: "Q1"'])
    }
    expect(lines.filter((line) => line.endsWith('60 questions in this section)'))).toHaveLength(3)
    expect(lines.slice(-4, -1)).toEqual(['section: "One"', '  text: "Q0"', '  text: "Q1"'])
  })

  test('of a thousand sections: the first of them in a short view, all in the whole view', () => {
    const sections = Array.from({ length: 1_000 }, (_, at) => ({ ...sectionsOf(3)[0], name: `S${at}` }))
    const lines = excerpt({ sections })
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(lines).toContain('section: "S8"')
    expect(lines.slice(-2)).toEqual(['(991 more sections)', '(4,000 lines in all)'])
    expect(contents({ sections })).toHaveLength(4_000)
  })

  test('of many sections within others: no line is counted where it could be shown', () => {
    const options = Array.from({ length: 6 }, (_, at) => ({ text: `${at} ${'x'.repeat(100)}` }))
    const sections = Array.from({ length: 60 }, (_, at) => [
      { name: `Chapter ${at}`, level: 1 + Math.min(at, 1) },
      { name: `Group ${at}`, level: 3, questions: [{ text: 'How?', kind: 'single', options }] },
    ]).flat()
    const lines = excerpt({ sections })
    expect(lines.length).toBeLessThanOrEqual(20)
    expect(lines.filter((line) => line === '  level: "2"')).toHaveLength(4)
    expect(lines.filter((line) => line.startsWith('  (1 more line'))).toEqual([])
    expect(lines.join('\n')).toMatch(/ {2}\(\d+ more lines, 1 question in this section\)/)
  })

  test('show all of many options', () => {
    const options = Array.from({ length: 195 }, (_, at) => ({ text: `Country ${at}` }))
    const sections = [{ name: 'S', questions: [{ text: 'Where?', kind: 'dropdown', options }] }]
    const lines = contents({ sections })
    expect(lines[2]).toMatch(/^ {4}options: "Country 0", "Country 1", /)
    expect(
      lines
        .slice(2)
        .join('\n')
        .match(/"Country \d+"/g),
    ).toHaveLength(195)
  })

  test('tell an option that reads like one with a score from one', () => {
    const options = [{ text: 'A = B' }, { text: 'A', score: 'B' }]
    const sections = [{ name: 'S', questions: [{ text: 'W?', kind: 'single', options }] }]
    expect(contents({ sections })[2]).toBe(String.raw`    options: "{\"text\":\"A = B\"}", "A = B"`)
  })

  test('say the level of a section within another', () => {
    const sections = [{ name: 'Outer' }, { name: 'Inner', level: 2, questions: [question] }]
    expect(contents({ sections })).toEqual([
      'section: "Outer"',
      'section: "Inner"',
      '  level: "2"',
      '  text: "Why?"',
    ])
  })
})

describe('changes of single questions', () => {
  const change = (more: object): object => ({ number: 57, section: 'Access', ...more })
  const before = {
    label: '1.1',
    text: 'Old?',
    kind: 'single',
    options: [{ text: 'A' }, { text: 'B', score: 'Good' }],
  }

  test.each<readonly [string, object, readonly string[]]>([
    [
      'a text',
      change({ before, after: { ...before, text: 'New?' } }),
      ['question 57 of section: "Access"', '  text before: "Old?"', '  text after: "New?"'],
    ],
    [
      'a switch',
      change({ before, after: { ...before, requireComment: true } }),
      [
        'question 57 of section: "Access"',
        '  text: "Old?"',
        '  requireComment before: none',
        '  requireComment after: "true"',
      ],
    ],
    [
      'nothing',
      change({ before, after: { ...before, requireComment: false } }),
      ['question 57 of section: "Access"', '  text: "Old?"', '  (as it is stored)'],
    ],
    [
      'a removal',
      change({ before: question }),
      ['removed, question 57 of section: "Access"', '  text: "Why?"'],
    ],
    [
      'a new one',
      change({ after: { ...question, label: '1.2' } }),
      ['new, behind question 57 of section: "Access"', '  text: "Why?"', '    label: "1.2"'],
    ],
    [
      'options in another order',
      change({ before, after: { ...before, options: [...before.options].reverse() } }),
      ['question 57 of section: "Access"', '  text: "Old?"', '  options in another order: "B = Good", "A"'],
    ],
  ])('%s', (_what, one, lines) => {
    expect(changes({ changes: [one] })).toEqual(lines)
  })

  test('of options: what goes and what comes', () => {
    const after = { ...before, options: [{ text: 'A' }, { text: 'C' }] }
    expect(changes({ changes: [change({ before, after })] })).toEqual([
      'question 57 of section: "Access"',
      '  text: "Old?"',
      '  options removed: "B = Good"',
      '  options added: "C"',
      '  options then: "A", "C"',
    ])
  })

  test('are none where there are none', () => {
    expect(changes({})).toEqual([])
  })
})

describe('mails', () => {
  test('are shown with whether they are enabled, and when', () => {
    const notifications = [
      { kind: 'reminder', noOfDays: 3, interval: 2 },
      { kind: 'overdue', enabled: false },
      { kind: 'dueDate', enabled: true, noOfDays: undefined },
    ]
    expect(linesIn(mailLines({ notifications }))).toEqual([
      'mail: "reminder", "enabled true", "noOfDays 3", "interval 2"',
      'mail: "overdue", "enabled false"',
      'mail: "dueDate", "enabled true"',
    ])
  })

  test.each([[undefined], ['x'], [[1, null]]])('are none for %j', (notifications) => {
    expect(mailLines({ notifications })).toEqual([])
  })
})
