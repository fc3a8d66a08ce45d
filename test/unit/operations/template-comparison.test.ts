import { describe, expect, test } from 'vitest'
import { compareSections } from '../../../src/operations/saq/contents/template-comparison.ts'
import type { StoredContents } from '../../../src/operations/saq/contents/template-contents.ts'
import { type Fields, many, question, section } from '../../support/operations/questions.ts'

// What is stored of a template, compared with the sections that take its place.

const storedAs = (sections: readonly Fields[]): StoredContents => ({
  sections,
  scoring: [],
  count: 0,
  others: [],
  ids: [],
})

const stored = storedAs(
  many(9, (at) => ({
    name: `S${at}`,
    questions: many(4, (q) => question({ label: `${at}.${q}`, text: `Question ${at} ${q}` })),
  })),
)
const compare = (sections: readonly Fields[], before = stored) => compareSections(before, { sections })
const questionsOf = (one: Fields | undefined): Fields[] => (one as { questions: Fields[] }).questions
/** The sections with other questions in the first one. */
const withFirst = (...questions: readonly (Fields | undefined)[]): Fields[] => [
  { ...stored.sections[0], questions },
  ...stored.sections.slice(1),
]
const [one, two, three, four] = questionsOf(stored.sections[0])

describe('what falls', () => {
  test('is said by number and name, questions and sections', () => {
    const { warnings, changes } = compare(stored.sections.slice(0, 2))
    expect(warnings).toEqual([
      '28 of 36 questions fall: "2.0 Question 2 0", "2.1 Question 2 1", "2.2 Question 2 2" and 25 more.',
      '7 of 9 sections fall: "S2", "S3", "S4" and 4 more.',
      'The other questions are as they are stored.',
    ])
    expect(changes).toHaveLength(28)
    expect(changes[0]).toEqual({ number: 9, section: 'S2', before: questionsOf(stored.sections[2])[0] })
  })

  test('is found where labels begin anew in each section', () => {
    const sections = ['A', 'B'].map((name) => ({
      name,
      questions: many(2, (at) => question({ label: `${at}`, text: `${name}${at}?` })),
    }))
    expect(compare(sections.slice(1), storedAs(sections)).warnings).toEqual([
      '2 of 4 questions fall: "0 A0?", "1 A1?".',
      '1 of 2 sections falls: "A".',
      'The other questions are as they are stored.',
    ])
  })

  test('counts a question that is there twice and sent once', () => {
    const same = storedAs([{ name: 'S', questions: [question(), question()] }])
    expect(compare([section(question())], same).warnings.slice(0, 2)).toEqual([
      '1 of 2 questions falls: "Is there a plan?".',
      '1 of 1 sections falls: "S".',
    ])
  })
})

describe('what changes', () => {
  test('is nothing if the same is sent, with switches that are off', () => {
    const [{ name }, ...others] = stored.sections as readonly [Fields, ...Fields[]]
    const off = { requireComment: false, criticality: undefined }
    const questions = questionsOf(stored.sections[0]).map((asked) => ({ ...off, ...asked }))
    expect(compare([{ name, questions }, ...others])).toEqual({
      changes: [],
      warnings: ['All questions are as they are stored.'],
    })
  })

  test('is no option that Qualys sends as a plain text', () => {
    const plain = question({ kind: 'single', options: ['a', 'b'] })
    const sent = question({ kind: 'single', options: [{ text: 'a', score: undefined }, { text: 'b' }] })
    expect(compare([section(sent)], storedAs([section(plain)])).changes).toEqual([])
  })

  test('is a text under its label, a label at its text, an option that goes, and a new question', () => {
    const choice = question({ kind: 'single', options: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] })
    const before = storedAs(withFirst(one, two, three, choice))
    const shorter = { ...choice, options: [{ text: 'a' }, { text: 'b' }] }
    const fresh = question({ text: 'New?' })
    const [other, renamed] = [
      { ...one, text: 'Other words' },
      { ...two, label: 'new' },
    ]
    const { changes, warnings } = compare(withFirst(fresh, other, renamed, three, shorter), before)
    expect(changes).toEqual([
      { number: 0, section: 'S0', after: fresh },
      { number: 1, section: 'S0', before: one, after: other },
      { number: 2, section: 'S0', before: two, after: renamed },
      { number: 4, section: 'S0', before: choice, after: shorter },
    ])
    expect(warnings).toEqual(['Compared with what is stored: 3 questions changed, 1 question added.'])
  })

  test('is no question that stands elsewhere: the order is said', () => {
    expect(compare([...stored.sections].reverse())).toEqual({
      changes: [],
      warnings: ['All questions are as they are stored.', 'The order of the questions changes.'],
    })
    const [first, second, ...rest] = withFirst(one, two, three) as [Fields, Fields, ...Fields[]]
    const moved = [first, { ...second, questions: [four, ...questionsOf(second)] }, ...rest]
    expect(compare(moved).warnings).toEqual([
      'All questions are as they are stored.',
      '1 question stands in another section.',
    ])
  })

  test('is the description or level of a section', () => {
    const [first, second, ...rest] = stored.sections as readonly [Fields, Fields, ...Fields[]]
    const sent = [{ ...first, level: 1, description: 'Now' }, { ...second, level: 2 }, ...rest]
    expect(compare(sent).warnings).toEqual([
      'All questions are as they are stored.',
      'Description or level changes of "S0", "S1".',
    ])
  })
})
