import { expect } from 'vitest'
import {
  type Fields,
  many,
  question,
  questionsOfEveryKind,
  scoring,
  section,
} from '../../support/operations/questions.ts'
import { test } from '../../support/operations/questions-over-http.ts'

// Templates between the assistant and Qualys: what is written is read back unchanged. Each kind of question, and
// unknown elements: test/unit/operations/questions.test.ts.

test('every kind of question is read back as it was written, in its order', async ({
  readTemplate,
  createTemplate,
}) => {
  const all = Object.values(questionsOfEveryKind)
  const sections = [
    { name: 'First', description: 'What comes first.', questions: all },
    { name: 'Second', questions: [...all].reverse() },
    { name: 'Third', description: 'One & only', questions: [question()] },
  ]
  const {
    sections: back,
    scoring: scores,
    row,
  } = await readTemplate(await createTemplate({ sections, scoring }))
  expect(back).toEqual(sections)
  expect(scores).toEqual(scoring)
  expect(row).toMatchObject({
    name: 'Round trip',
    category: 'Test',
    state: 'DRAFT',
    questionCnt: all.length * 2 + 1,
  })
})

test('and can be passed to create and update again', async ({ readTemplate, createTemplate, assistant }) => {
  const sections = [section(...Object.values(questionsOfEveryKind))]
  const { row: _, ...once } = await readTemplate(await createTemplate({ sections, scoring }))
  const id = await createTemplate(once)
  expect((await readTemplate(id)).sections).toEqual(sections)
  const questions = ((once.sections[0]?.['questions'] ?? []) as Fields[]).slice(0, 4)
  const other = [{ name: 'Other', questions }]
  const { text, isError } = await assistant.call('saq_update_templates', {
    ids: [id],
    sections: other,
    scoring,
  })
  expect(isError, text).toBe(false)
  expect((await readTemplate(id)).sections).toEqual(other)
})

test('200 sections and 1,000 questions are accepted', async ({ readTemplate, createTemplate }) => {
  const sections = many(200, () => section(...many(5, () => question())))
  expect((await readTemplate(await createTemplate({ sections }))).sections).toEqual(sections)
})

test('the existing templates: read, then written, then read the same', async ({
  sandbox,
  readTemplate,
  createTemplate,
}) => {
  const all = await sandbox.control.dump('templates')
  expect(all.length).toBeGreaterThan(20)
  for (const { id } of all.slice(0, 6)) {
    const { sections, scoring: scores } = await readTemplate(id)
    const copy = await readTemplate(await createTemplate({ sections, scoring: scores }))
    expect(copy.sections).toEqual(sections)
    expect(copy.scoring).toEqual(scores)
  }
})

const kinds: Readonly<Record<string, string>> = {
  textQuestion: 'text',
  numericQuestion: 'number',
  booleanQuestion: 'yesNo',
  multiSelectQuestion: 'multi',
  'singleSelectQuestion Radio': 'single',
  'singleSelectQuestion Combo': 'dropdown',
}

/** A question of the sandbox as an assistant should see it. */
function seenAs({ type, mode, yesScoringLabel, noScoringLabel, options, ...same }: Fields): Fields {
  const listed = options as { text: string; scoringLabel?: string }[] | undefined
  return {
    ...Object.fromEntries(Object.entries(same).filter(([, value]) => value !== false)),
    kind: kinds[`${type} ${mode}`] ?? kinds[String(type)],
    ...(yesScoringLabel !== undefined && { yesScore: yesScoringLabel }),
    ...(noScoringLabel !== undefined && { noScore: noScoringLabel }),
    ...(listed && {
      options: listed.map(({ text, scoringLabel }) => ({
        text,
        ...(scoringLabel && { score: scoringLabel }),
      })),
    }),
  }
}

test('they lose no question and no part of one', async ({ sandbox, readTemplate }) => {
  const all = await sandbox.control.dump('templates')
  for (const template of all.slice(0, 12)) {
    const stored = (template['sections'] as { questions: Fields[] }[]).flatMap(({ questions }) => questions)
    const { sections } = await readTemplate(template['id'])
    const back = sections.flatMap(({ questions }) => questions as Fields[])
    expect(stored.length).toBeGreaterThan(0)
    expect(back).toEqual(stored.map(seenAs))
  }
})
