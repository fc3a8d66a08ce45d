// Questions of templates, as an assistant writes them.

export type Fields = Readonly<Record<string, unknown>>

export const question = (more: Fields = {}): Fields => ({ text: 'Is there a plan?', kind: 'text', ...more })
export const section = (...questions: Fields[]): Fields => ({ name: 'General', questions })
export const scoring = [
  { label: 'Good', value: 10 },
  { label: 'Fair', value: 5 },
  { label: 'Poor', value: 0 },
]
const options = [{ text: 'Weekly', score: 'Good' }, { text: 'Yearly', score: 'Poor' }, { text: 'Never' }]

const scored = { yesScore: 'Good', noScore: 'Poor', criticality: 'CRITICAL' }
const required = { requireAttachment: true, requireComment: true, requireAsset: true }
/** Each kind of question, with every property it may have. */
export const questionsOfEveryKind: Readonly<Record<string, Fields>> = {
  text: question(),
  'a number': question({ kind: 'number' }),
  'yes or no': question({ kind: 'yesNo' }),
  'yes or no, scored': question({ kind: 'yesNo', ...scored }),
  'yes alone scored': question({ kind: 'yesNo', yesScore: 'Fair' }),
  'no alone scored': question({ kind: 'yesNo', noScore: 'Poor' }),
  'one of several': question({ kind: 'single', options }),
  'one of a list': question({ kind: 'dropdown', options }),
  'some of several': question({ kind: 'multi', options }),
  ...Object.fromEntries(
    ['INFO', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'].map((criticality) => [
      `of criticality ${criticality}`,
      question({ kind: 'multi', options, criticality }),
    ]),
  ),
  'one that asks for everything besides': question({
    kind: 'single',
    options,
    criticality: 'HIGH',
    ...required,
  }),
  'a label': question({ label: '1.1' }),
  'one attachment': question({ requireAttachment: true }),
  'one comment': question({ requireComment: true }),
  'one asset': question({ requireAsset: true }),
  'signs and letters of every kind': question({ text: 'Größe <&> "1" \'2\' ]]> 東京 é 🔒 &amp; {x}' }),
  'several lines': question({ text: 'one\ntwo\n\n\tthree' }),
  numerals: question({
    text: '007',
    label: '1e3',
    kind: 'single',
    options: [{ text: '0' }, { text: '1.0' }],
  }),
  'words of other types': question({ text: 'true', label: 'null' }),
}

export const many = (count: number, of: (at: number) => Fields): Fields[] =>
  Array.from({ length: count }, (_, at) => of(at))
const choices = (count: number): Fields =>
  question({ kind: 'single', options: many(count, (at) => ({ text: `o${at}` })) })
const scores = (count: number): Fields[] => many(count, (at) => ({ label: `L${at}`, value: at }))

export const validContents: readonly (readonly [name: string, contents: Fields])[] = [
  ['50 sections and 500 questions', { sections: many(50, () => section(...many(10, () => question()))) }],
  ['500 questions in one section', { sections: [section(...many(500, () => question()))] }],
  ['50 options', { sections: [section(choices(50))] }],
  ['2 options', { sections: [section(choices(2))] }],
  ['5 scores', { sections: [section(question())], scoring: scores(5) }],
]

const yesNo = question({ kind: 'yesNo', yesScore: 'Good' })

/** The words of the refusal. */
export const invalidContents: readonly (readonly [name: string, contents: Fields, says: string])[] = [
  [
    '51 sections',
    { sections: many(51, () => section(question())) },
    'sections: must hold at most 50 sections',
  ],
  ['no section', { sections: [] }, 'sections: must hold at least 1 sections'],
  ['no sections at all', {}, 'sections: must be a list of sections'],
  ['no question', { sections: [section()] }, 'must hold at least 1 questions'],
  [
    '501 questions in one section',
    { sections: [section(...many(501, () => question()))] },
    'must hold at most 500 questions',
  ],
  [
    '501 questions in all',
    { sections: [section(...many(500, () => question())), section(question())] },
    'The template has 501 questions. Make it at most 500, or split it.',
  ],
  ['51 options', { sections: [section(choices(51))] }, 'must hold at most 50 options'],
  ['1 option', { sections: [section(choices(1))] }, 'must hold at least 2 options'],
  [
    '6 scores',
    { sections: [section(question())], scoring: scores(6) },
    'scoring: must hold at most 5 scores',
  ],
  [
    'no score',
    { sections: [section(question())], scoring: [null] },
    'scoring.0: must be an object of label, value',
  ],
  [
    'a label twice',
    { sections: [section(question())], scoring: [scoring[0], scoring[0]] },
    'Scoring has the label "Good" twice. Use each once.',
  ],
  [
    'a score below zero',
    { sections: [section(question())], scoring: [{ label: 'a', value: -1 }] },
    'scoring.0.value',
  ],
  [
    'a choice without options',
    { sections: [section(question({ kind: 'dropdown' }))] },
    'Question "Is there a plan?" of kind dropdown has nothing to choose from. Pass options.',
  ],
  [
    'options where there is no choice',
    { sections: [section(question({ options: [{ text: 'a' }, { text: 'b' }] }))] },
    'of kind text takes no options. Leave them out, or choose single, dropdown or multi.',
  ],
  [
    'scores of yes and no elsewhere',
    { sections: [section(question({ noScore: 'Good' }))], scoring },
    'of kind text takes no yesScore or noScore. Pass score with each of its options.',
  ],
  [
    'criticality of a text',
    { sections: [section(question({ criticality: 'LOW' }))] },
    'takes no criticality. Leave it out.',
  ],
  [
    'criticality of a number',
    { sections: [section(question({ kind: 'number', criticality: 'LOW' }))] },
    'takes no criticality',
  ],
  [
    'a score without scoring',
    { sections: [section(yesNo)] },
    'is scored "Good", which is no label of scoring. Pass scoring.',
  ],
  [
    'a score that is no label',
    {
      sections: [
        section(question({ kind: 'multi', options: [{ text: 'a', score: 'good' }, { text: 'b' }] })),
      ],
      scoring,
    },
    'is scored "good", which is no label of scoring. Use one of Good, Fair, Poor.',
  ],
  [
    'an unknown kind',
    { sections: [section(question({ kind: 'date' }))] },
    'must be one of yesNo, number, text, single, dropdown, multi',
  ],
  [
    'an unknown criticality',
    { sections: [section(yesNo, { ...yesNo, criticality: 'None' })], scoring },
    'must be one of INFO, LOW, MEDIUM, HIGH, CRITICAL',
  ],
  ['a field that there is not', { sections: [section(question({ hint: 'x' }))] }, 'hint'],
  ['an empty text', { sections: [section(question({ text: ' ' }))] }, 'must not be empty'],
  [
    'a text beyond 4,000 characters',
    { sections: [section(question({ text: 'x'.repeat(4_001) }))] },
    'must be at most 4,000 characters',
  ],
  [
    'a text that XML cannot carry',
    { sections: [section(question({ text: 'a\u001bb' }))] },
    'control characters',
  ],
]

/** Questions as Qualys may send them, and as an assistant sees them. */
export const oddQuestions: readonly (readonly [sent: Fields, kept: Fields])[] = [
  [
    { text: 'x', type: 'dateQuestion' },
    { text: 'x', kind: 'dateQuestion' },
  ],
  [
    { text: 'x', type: 'textQuestion', hint: 'y' },
    { text: 'x', kind: 'text', hint: 'y' },
  ],
  [
    { text: 'x', type: 'textQuestion', criticality: 'URGENT' },
    { text: 'x', kind: 'text', criticality: 'URGENT' },
  ],
  [{ text: 'x' }, { text: 'x' }],
  [{ type: 'numericQuestion' }, { kind: 'number' }],
  [
    { text: 'x', type: 'TEXT' },
    { text: 'x', kind: 'TEXT' },
  ],
  [
    { text: 'x', type: 'rankQuestion', options: { Option: [{ text: 'a', weight: 1 }] } },
    { text: 'x', kind: 'rankQuestion', options: [{ text: 'a', weight: '1' }] },
  ],
  [{ text: 'x', type: 'textQuestion', rule: { when: '1.1', is: 'no' } }, { rule: { when: '1.1', is: 'no' } }],
]
