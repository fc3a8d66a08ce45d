import { expect } from 'vitest'
import {
  everyQuestion,
  type Fields,
  many,
  question,
  scoring,
  section,
} from '../../support/operations/questions.ts'
import { test } from '../../support/operations/questions-over-http.ts'

// Templates between the assistant and Qualys: what is written comes back as it was written. Each kind of question, and
// what nobody foresaw: test/unit/operations/questions.test.ts.

test('every kind of question comes back as it was written, in its order', async ({ got, created }) => {
  const all = Object.values(everyQuestion)
  const sections = [
    { name: 'First', description: 'What comes first.', questions: all },
    { name: 'Second', questions: [...all].reverse() },
    { name: 'Third', description: 'One & only', questions: [question()] },
  ]
  const { sections: back, scoring: scores, row } = await got(await created({ sections, scoring }))
  expect(back).toEqual(sections)
  expect(scores).toEqual(scoring)
  expect(row).toMatchObject({
    name: 'Round trip',
    category: 'Test',
    state: 'DRAFT',
    questionCnt: all.length * 2 + 1,
  })
})

test('and can be created again, and given to an update', async ({ got, created, assistant }) => {
  const sections = [section(...Object.values(everyQuestion))]
  const { row: _, ...once } = await got(await created({ sections, scoring }))
  const id = await created(once)
  expect((await got(id)).sections).toEqual(sections)
  const questions = ((once.sections[0]?.['questions'] ?? []) as Fields[]).slice(0, 4)
  const other = [{ name: 'Other', questions }]
  const { text, isError } = await assistant.call('saq_update_templates', {
    ids: [id],
    sections: other,
    scoring,
  })
  expect(isError, text).toBe(false)
  expect((await got(id)).sections).toEqual(other)
})

test('50 sections and 500 questions are taken', async ({ got, created }) => {
  const sections = many(50, () => section(...many(10, () => question())))
  expect((await got(await created({ sections }))).sections).toEqual(sections)
})

test('the templates that are there: read, then written, read the same', async ({ sandbox, got, created }) => {
  const all = await sandbox.control.truth('templates')
  expect(all.length).toBeGreaterThan(20)
  for (const { id } of all.slice(0, 6)) {
    const { sections, scoring: scores } = await got(id)
    const copy = await got(await created({ sections, scoring: scores }))
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

/** A question of the sandbox as an assistant is to see it. */
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

test('they lose no question, and none of what it says', async ({ sandbox, got }) => {
  const all = await sandbox.control.truth('templates')
  for (const template of all.slice(0, 12)) {
    const truth = (template['sections'] as { questions: Fields[] }[]).flatMap(({ questions }) => questions)
    const { sections } = await got(template['id'])
    const back = sections.flatMap(({ questions }) => questions as Fields[])
    expect(truth.length).toBeGreaterThan(0)
    expect(back).toEqual(truth.map(seenAs))
  }
})
