import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  changeLines,
  mailLines,
  templateContents,
} from '../../../src/tools/effects/preview/template-preview.ts'

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

  const hashOf = (lines: readonly string[]): string =>
    createHash('sha256').update(lines.join('\n')).digest('hex')

  test('of 201 lines: the first ones, how many more, and the hash of all', () => {
    const all = ['section: "One"', ...Array.from({ length: 200 }, (_, at) => `  text: "Q${at}"`)]
    expect(templateContents({ sections: sectionsOf(200) })).toEqual([
      ...all.slice(0, 198),
      '  (3 more lines, 200 questions in this section)',
      `(201 lines in all; they have sha256 ${hashOf(all)})`,
    ])
  })

  test('of many sections: each of them begins, and short ones are whole', () => {
    const sections = [
      ...Array.from({ length: 8 }, (_, at) => ({ ...sectionsOf(60)[0], name: `S${at}` })),
      ...sectionsOf(2),
    ]
    const lines = templateContents({ sections })
    expect(lines.length).toBeLessThanOrEqual(200)
    for (const [at] of sections.slice(0, 8).entries()) {
      const start = lines.indexOf(`section: "S${at}"`)
      expect(lines.slice(start + 1, start + 3)).toEqual(['  text: "Q0"', '  text: "Q1"'])
    }
    expect(lines.filter((line) => line.endsWith('60 questions in this section)'))).toHaveLength(8)
    expect(lines.slice(-4, -1)).toEqual(['section: "One"', '  text: "Q0"', '  text: "Q1"'])
  })

  test('of a thousand sections: the first of them, and how many more', () => {
    const sections = Array.from({ length: 1_000 }, (_, at) => ({ ...sectionsOf(3)[0], name: `S${at}` }))
    const lines = templateContents({ sections })
    expect(lines.length).toBeLessThanOrEqual(200)
    expect(lines).toContain('section: "S98"')
    expect(lines.at(-2)).toBe('(901 more sections)')
    expect(lines.at(-1)).toMatch(/^\(4,000 lines in all; they have sha256 [0-9a-f]{64}\)$/)
  })

  test('of many sections within others: no line is counted where it could be shown', () => {
    const options = Array.from({ length: 6 }, (_, at) => ({ text: `${at} ${'x'.repeat(100)}` }))
    const sections = Array.from({ length: 60 }, (_, at) => [
      { name: `Chapter ${at}`, level: 1 + Math.min(at, 1) },
      { name: `Group ${at}`, level: 3, questions: [{ text: 'How?', kind: 'single', options }] },
    ]).flat()
    const lines = templateContents({ sections })
    expect(lines.length).toBeLessThanOrEqual(200)
    expect(lines.filter((line) => line === '  level: "2"')).toHaveLength(49)
    expect(lines.filter((line) => line.startsWith('  (1 more line'))).toEqual([])
    expect(
      lines.filter((line) => /^ {2}\(\d+ more lines, 1 question in this section\)$/.test(line)),
    ).toHaveLength(49)
  })

  test('show the first of many options, and the hash of all', () => {
    const options = Array.from({ length: 195 }, (_, at) => ({ text: `Country ${at}` }))
    const sections = [{ name: 'S', questions: [{ text: 'Where?', kind: 'dropdown', options }] }]
    expect(templateContents({ sections })).toEqual([
      'section: "S"',
      '  dropdown: "Where?"',
      `    options, the first 10: ${options
        .slice(0, 10)
        .map(({ text }) => `"${text}"`)
        .join(', ')}`,
      `    (185 more options of 195; all of them have sha256 ${hashOf(options.map(({ text }) => text))})`,
    ])
  })

  test('say the level of a section within another', () => {
    const sections = [{ name: 'Outer' }, { name: 'Inner', level: 2, questions: [question] }]
    expect(templateContents({ sections })).toEqual([
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
    expect(changeLines({ changes: [one] })).toEqual(lines)
  })

  test('of options: what goes and what comes', () => {
    const after = { ...before, options: [{ text: 'A' }, { text: 'C' }] }
    expect(changeLines({ changes: [change({ before, after })] })).toEqual([
      'question 57 of section: "Access"',
      '  text: "Old?"',
      '  options removed: "B = Good"',
      '  options added: "C"',
      expect.stringMatching(/^ {2}\(2 values of options then; all of them have sha256 [0-9a-f]{64}\)$/),
    ])
  })

  test('are none where there are none', () => {
    expect(changeLines({})).toEqual([])
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
