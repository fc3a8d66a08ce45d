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
  [
    '1,000 sections and 3,000 questions',
    { sections: many(1_000, () => section(...many(3, () => question()))) },
  ],
  ['3,000 questions in one section', { sections: [section(...many(3_000, () => question()))] }],
  ['1,000 options', { sections: [section(choices(1_000))] }],
  [
    'an option of 4,000 characters',
    {
      sections: [
        section(question({ kind: 'single', options: [{ text: 'x'.repeat(4_000) }, { text: 'y' }] })),
      ],
    },
  ],
  ['one checkbox', { sections: [section(question({ kind: 'multi', options: [{ text: 'I understand' }] }))] }],
  [
    'sections within sections',
    {
      sections: [
        { name: 'Outer' },
        { ...section(question()), level: 2 },
        { name: 'Inner', level: 2 },
        { ...section(question({ text: 'Deep?' })), level: 3 },
        section(question({ text: 'Next?' })),
      ],
    },
  ],
  ['2 options', { sections: [section(choices(2))] }],
  ['5 scores', { sections: [section(question())], scoring: scores(5) }],
]

const yesNo = question({ kind: 'yesNo', yesScore: 'Good' })

/** The words of the refusal. */
export const invalidContents: readonly (readonly [name: string, contents: Fields, says: string])[] = [
  [
    '1,001 sections',
    { sections: many(1_001, () => section(question())) },
    'sections: must hold at most 1,000 sections',
  ],
  [
    'a score below zero',
    { sections: [section(question())], scoring: [{ label: 'Good', value: -1 }] },
    'scoring.0.value: must be a number from 0 to 1,000,000',
  ],
  ['no section', { sections: [] }, 'sections: must hold at least 1 section'],
  ['no sections at all', {}, 'sections: must be a list of sections'],
  ['no question', { sections: [section()] }, 'must hold at least 1 question'],
  [
    '5,001 questions in one section',
    { sections: [section(...many(5_001, () => question()))] },
    'must hold at most 5,000 questions',
  ],
  [
    '5,001 questions in all',
    { sections: [section(...many(5_000, () => question())), section(question())] },
    'The template has 5001 questions. Make it at most 5000, or split it.',
  ],
  [
    'more bytes than can be read back',
    { sections: [section(...many(1_100, () => question({ text: 'x'.repeat(4_000) })))] },
    'Make it at most 4,000,000, or split it',
  ],
  [
    'a level without the one above',
    { sections: [{ ...section(question()), level: 2 }] },
    'Section "General" of level 2 has no section of level 1 before it. Make its level 1, or add that section.',
  ],
  [
    'an empty section before another of its level',
    { sections: [{ name: 'Empty' }, section(question())] },
    'Section "Empty" must hold at least 1 question or a section of level 2. Add one, or leave it out.',
  ],
  [
    'parts in another order',
    { sections: [section(question()), { ...section(question()), name: 'Other', continued: true }] },
    'sections.1: continues a section of another name than the one before; pass the parts of saq_get_template in their order',
  ],
  [
    'a part without its start',
    { sections: [{ ...section(question()), continued: true }] },
    'sections.0: continues a section of another name',
  ],
  [
    '1,001 options',
    { sections: [section(choices(1_001))] },
    'must hold at most 1,000 options; ask with kind text instead, or split them over two questions',
  ],
  [
    '1 option',
    { sections: [section(choices(1))] },
    'of kind single must hold at least 2 options. Add one, or make it kind multi, a single checkbox.',
  ],
  [
    '6 scores',
    { sections: [section(question())], scoring: scores(6) },
    'scoring: must hold at most 5 scores: Qualys takes no more (portal help); merge some',
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
