import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Assistant, assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { reply, service, xml } from '../workflows/campaign-desk.ts'

// Templates: what is written comes back as it was written, and what nobody foresaw is kept.

type Fields = Readonly<Record<string, unknown>>

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
  assistant = await assistantOn(sandbox, { QUALYS_MODE: 'unattended', QUALYS_REPLY_CHARS: '400000' })
})
afterEach(() => sandbox.control.reset())
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

const create = 'POST /qps/rest/1.0/create/saq/template'
const get = 'GET /qps/rest/1.0/get/saq/template/{templateId}'
const question = (more: Fields = {}): Fields => ({ text: 'Is there a plan?', kind: 'text', ...more })
const section = (...questions: Fields[]): Fields => ({ name: 'General', questions })
const scoring = [
  { label: 'Good', value: 10 },
  { label: 'Fair', value: 5 },
  { label: 'Poor', value: 0 },
]
const options = [{ text: 'Weekly', score: 'Good' }, { text: 'Yearly', score: 'Poor' }, { text: 'Never' }]

const args = (contents: Fields): Fields => ({ name: 'Round trip', category: 'Test', ...contents })

/** What a template holds, as `saq_get_template` gives it. */
async function got(
  templateId: unknown,
): Promise<{ sections: Fields[]; scoring: Fields[] | undefined; row: Fields }> {
  const { structured, isError, text } = await assistant.call('saq_get_template', { templateId }, 'json')
  expect(isError, text).toBe(false)
  const [row = {}] = structured.rows
  return {
    row,
    sections: row['elements.sections'] as Fields[],
    scoring: row['elements.scoring'] as Fields[] | undefined,
  }
}

/** Creates a template and gives its id. */
async function created(contents: Fields): Promise<unknown> {
  const { text, isError } = await assistant.call('saq_create_template', args(contents))
  expect(isError, text).toBe(false)
  return (await sandbox.control.truth('templates')).at(-1)?.['id']
}

async function refusal(contents: Fields): Promise<string> {
  const { text, isError } = await assistant.call('saq_create_template', args(contents))
  expect(isError, text).toBe(true)
  const sent = (await sandbox.control.requests()).filter(({ path }) => path.includes('/create/'))
  expect(sent).toEqual([])
  return text
}

describe('what is created comes back as it was written:', () => {
  const scored = { yesScore: 'Good', noScore: 'Poor', criticality: 'CRITICAL' }
  const required = { requireAttachment: true, requireComment: true, requireAsset: true }
  const cases: Readonly<Record<string, Fields>> = {
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

  test.each(Object.entries(cases))('%s', async (_name, one) => {
    const sections = [section(one)]
    const { sections: back } = await got(await created({ sections, scoring }))
    expect(back).toEqual(sections)
  })

  test('all of them together, in their order, in several sections', async () => {
    const all = Object.values(cases)
    const sections = [
      { name: 'First', description: 'What comes first.', questions: all },
      { name: 'Second', questions: [...all].reverse() },
      { name: 'Third', description: 'One & only', questions: [question()] },
    ]
    const { sections: back, row } = await got(await created({ sections, scoring, description: 'All' }))
    expect(back).toEqual(sections)
    expect(row).toMatchObject({
      name: 'Round trip',
      category: 'Test',
      description: 'All',
      state: 'DRAFT',
      questionCnt: all.length * 2 + 1,
    })
  })

  test('scores, in the form that is taken', async () => {
    const { scoring: back } = await got(await created({ sections: [section(question())], scoring }))
    expect(back).toEqual(scoring)
  })

  test('options as texts alone, which bear no score', async () => {
    const bare = question({ kind: 'multi', options: ['Weekly', { text: 'Yearly', score: 'Good' }, 'Never'] })
    const { sections } = await got(await created({ sections: [section(bare)], scoring }))
    expect(sections).toEqual([
      section(
        question({
          kind: 'multi',
          options: [{ text: 'Weekly' }, { text: 'Yearly', score: 'Good' }, { text: 'Never' }],
        }),
      ),
    ])
  })

  test('no scores are none', async () => {
    const { row } = await got(await created({ sections: [section(question())] }))
    expect(row['elements.scoring'] ?? []).toEqual([])
  })

  test('and can be created again, and given to an update', async () => {
    const sections = [section(...Object.values(cases))]
    const { row: _, ...once } = await got(await created({ sections, scoring }))
    const id = await created(once)
    expect((await got(id)).sections).toEqual(sections)
    const other = [
      {
        name: 'Other',
        questions: [...((once.sections[0]?.['questions'] as Fields[] | undefined) ?? [])].slice(0, 4),
      },
    ]
    const { text, isError } = await assistant.call('saq_update_templates', {
      ids: [id],
      sections: other,
      scoring,
    })
    expect(isError, text).toBe(false)
    expect((await got(id)).sections).toEqual(other)
  })
})

describe('the templates that are there', () => {
  test('read, then written, read the same', async () => {
    const all = await sandbox.control.truth('templates')
    expect(all.length).toBeGreaterThan(20)
    for (const { id } of all.slice(0, 25)) {
      const { sections, scoring: scores } = await got(id)
      const copy = await got(await created({ sections, scoring: scores }))
      expect(copy.sections).toEqual(sections)
      expect(copy.scoring).toEqual(scores)
    }
  })

  test('lose no question, and none of what it says', async () => {
    const kinds: Readonly<Record<string, string>> = {
      textQuestion: 'text',
      numericQuestion: 'number',
      booleanQuestion: 'yesNo',
      multiSelectQuestion: 'multi',
      'singleSelectQuestion Radio': 'single',
      'singleSelectQuestion Combo': 'dropdown',
    }
    for (const template of (await sandbox.control.truth('templates')).slice(0, 30)) {
      const truth = (template['sections'] as { questions: Fields[] }[]).flatMap(({ questions }) => questions)
      const { sections } = await got(template['id'])
      const back = sections.flatMap(({ questions }) => questions as Fields[])
      expect(back).toHaveLength(truth.length)
      for (const [
        at,
        { type, mode, yesScoringLabel, noScoringLabel, options: choices, ...same },
      ] of truth.entries()) {
        const flags = Object.entries(same).filter(([, value]) => value !== false)
        const listed = choices as { text: string; scoringLabel?: string }[] | undefined
        expect(back[at]).toEqual({
          ...Object.fromEntries(flags),
          kind: kinds[`${type} ${mode}`] ?? kinds[String(type)],
          ...(yesScoringLabel !== undefined && { yesScore: yesScoringLabel }),
          ...(noScoringLabel !== undefined && { noScore: noScoringLabel }),
          ...(listed && {
            options: listed.map(({ text, scoringLabel }) => ({
              text,
              ...(scoringLabel && { score: scoringLabel }),
            })),
          }),
        })
      }
    }
  })
})

/** A template whose only section holds these questions, as Qualys sends them. */
async function sentBy(questions: readonly Fields[], elements: Fields = {}) {
  const held = { sections: { Section: { name: 'General', questions: { Question: questions } } }, ...elements }
  const row = { id: 5, name: 'Odd', elements: held } as Parameters<typeof service>[1][number]
  await sandbox.control.faults([reply(get, service('Template', [row]))])
  const { row: back, sections } = await got(5)
  return { row: back, sections, questions: sections?.[0]?.['questions'] as Fields[] }
}

describe('what nobody foresaw is kept:', () => {
  test.each([
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
    [
      { text: 'x', type: 'textQuestion', rule: { when: '1.1', is: 'no' } },
      { rule: { when: '1.1', is: 'no' } },
    ],
  ])('%j', async (sent, kept) => {
    expect((await sentBy([sent])).questions).toMatchObject([kept])
  })

  // questions.ts reads the mode only to find the kind, and drops it where it found another one.
  test.each([
    { text: 'x', type: 'dateQuestion', mode: 'Calendar' },
    { text: 'x', type: 'booleanQuestion', mode: 'Radio' },
    { text: 'x', type: 'singleSelectQuestion', mode: 'Slider' },
    { text: 'x', type: 'multiSelectQuestion', mode: 'Checkbox' },
    { text: 'x', type: 'textQuestion', mode: 'Editor' },
  ])('a mode: %j', async (sent) => {
    expect((await sentBy([sent])).questions).toMatchObject([{ mode: sent.mode }])
  })

  // questions.ts tells yes/no by its mode alone.
  test('yes or no without a mode is yes or no', async () => {
    expect((await sentBy([{ text: 'x', type: 'booleanQuestion' }])).questions).toMatchObject([
      { kind: 'yesNo' },
    ])
  })

  // questions.ts drops what is false or absent, and not what is empty: create refuses an empty text.
  test('an element without a word says nothing', async () => {
    const { questions } = await sentBy([{ label: '', text: 'x', type: 'textQuestion', criticality: '' }])
    expect(questions).toEqual([{ text: 'x', kind: 'text' }])
  })

  test('the value of a score that is no number', async () => {
    const scores = {
      Scoring: [
        { label: 'a', value: 'A+' },
        { label: 'b', value: '-1' },
        { label: 'c', value: '' },
      ],
    }
    const { row } = await sentBy([], { scorings: scores })
    expect(row['elements.scoring']).toEqual([
      { label: 'a', value: 'A+' },
      { label: 'b', value: expect.anything() },
      { label: 'c' },
    ])
  })

  test('questions outside of sections', async () => {
    const { row, sections } = await sentBy([question()], {
      questions: { Question: [{ text: 'loose' }, { text: 'ends' }] },
      pages: '3',
    })
    expect(sections).toHaveLength(1)
    expect(row['elements.questions']).toEqual([{ text: 'loose' }, { text: 'ends' }])
    expect(row['elements.pages']).toBe('3')
  })

  test('a section within a section', async () => {
    const inner = {
      Section: [{ name: 'Inner', questions: { Question: [{ text: 'deep', type: 'textQuestion' }] } }],
    }
    const outer = { Section: [{ name: 'Outer', sections: inner }] }
    const { sections } = await sentBy([], { sections: outer })
    expect(sections).toMatchObject([
      { name: 'Outer', sections: [{ name: 'Inner', questions: [{ text: 'deep' }] }] },
    ])
  })

  test('a flag that is neither yes nor no costs nothing else', async () => {
    const { row } = await sentBy([{ text: 'x', type: 'textQuestion', requireComment: 'sometimes' }])
    expect(JSON.stringify(row)).toContain('sometimes')
    expect(row).toMatchObject({ name: 'Odd' })
  })

  test.each([{ sections: '' }, { sections: '', scorings: '' }])('no contents: %j', async (elements) => {
    const { sections } = await sentBy([], elements)
    expect(sections ?? []).toEqual([])
  })

  test('a template without elements', async () => {
    await sandbox.control.faults([reply(get, service('Template', [{ id: 5, name: 'Bare' }]))])
    expect((await got(5)).row).toEqual({ id: '5', name: 'Bare' })
  })

  test('lists with a wrapper', async () => {
    const list = xml('list', {
      Question: [
        { text: 'x', type: 'textQuestion' },
        { text: 'y', type: 'textQuestion' },
      ],
    })
    const body = `<ServiceResponse><responseCode>SUCCESS</responseCode><count>1</count><data><Template><id>5</id><elements><sections><count>1</count><list><Section><name>S</name><questions><count>2</count>${list}</questions></Section></list></sections></elements></Template></data></ServiceResponse>`
    await sandbox.control.faults([reply(get, body)])
    expect((await got(5)).sections).toEqual([
      { name: 'S', questions: ['x', 'y'].map((text) => ({ text, kind: 'text' })) },
    ])
  })
})

describe('limits', () => {
  const many = (count: number, of: (at: number) => Fields): Fields[] =>
    Array.from({ length: count }, (_, at) => of(at))
  const choices = (count: number): Fields =>
    question({ kind: 'single', options: many(count, (at) => ({ text: `o${at}` })) })
  const scores = (count: number): Fields[] => many(count, (at) => ({ label: `L${at}`, value: at }))

  test.each<[string, Fields]>([
    ['50 sections and 500 questions', { sections: many(50, () => section(...many(10, () => question()))) }],
    ['500 questions in one section', { sections: [section(...many(500, () => question()))] }],
    ['50 options', { sections: [section(choices(50))] }],
    ['2 options', { sections: [section(choices(2))] }],
    ['5 scores', { sections: [section(question())], scoring: scores(5) }],
  ])('%s are taken', async (_what, contents) => {
    const { sections } = await got(await created(contents))
    expect(sections).toEqual(contents['sections'])
  })

  const yesNo = question({ kind: 'yesNo', yesScore: 'Good' })
  test.each<[string, Fields, string]>([
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
    ['no score', { sections: [section(question())], scoring: [] }, 'scoring: must hold at least 1 scores'],
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
  ])('%s: refused before anything is sent', async (_what, contents, sentence) => {
    expect((await refusal(contents)).toLowerCase()).toContain(sentence.toLowerCase())
  })

  test('a colon in the question leaves the sentence whole', async () => {
    const text = await refusal({
      sections: [section(question({ text: 'Backups: how often?', kind: 'single' }))],
    })
    expect(text).toContain(
      'Question "Backups: how often?" of kind single has nothing to choose from. Pass options.',
    )
  })

  test('an update is held to the same', async () => {
    const id = await created({ sections: [section(question())] })
    await sandbox.control.forget()
    const wrong = { ids: [id], sections: many(51, () => section(question())) }
    const { text, isError } = await assistant.call('saq_update_templates', wrong)
    expect([isError, text]).toEqual([true, expect.stringContaining('must hold at most 50 sections')])
    expect(await sandbox.control.requests()).toEqual([])
  })
})

test('a template that Qualys counts otherwise is said to be so', async () => {
  const whole = service('Template', [{ id: 5, questionCnt: 1 }])
  await sandbox.control.faults([
    reply(create, whole),
    reply('POST /qps/rest/1.0/search/saq/template', service('Template', [{ id: 5, questionCnt: 1 }])),
  ])
  const { text } = await assistant.call(
    'saq_create_template',
    args({ sections: [section(question(), question())] }),
  )
  expect(text).toContain('BUT Qualys counts 1 questions where 2 were sent')
})
