import { expect, test } from 'vitest'
import { sectionsOf } from '../../../src/operations/saq/imports/question-rows.ts'

const q = (text: string, more: object = {}) => ({ text, kind: 'text', ...more })

test('rows of a section stand together; an empty section is that of the row above', () => {
  const { value, problems, rowAt } = sectionsOf([
    { section: 'A', sectionDescription: 'About A', ...q('1') },
    { section: '', ...q('2') },
    { section: 'B', level: '2' },
    { section: 'B', level: '2', ...q('3') },
    { section: 'C', ...q('4') },
  ])
  expect(problems).toEqual([])
  expect(value).toEqual([
    { name: 'A', description: 'About A', questions: [q('1'), q('2')] },
    { name: 'B', level: '2', questions: [q('3')] },
    { name: 'C', questions: [q('4')] },
  ])
  expect([
    rowAt([0, 'questions', 1, 'kind']),
    rowAt([1, 'name']),
    rowAt([1, 'questions', 0]),
    rowAt([2]),
  ]).toEqual([1, 2, 3, 4])
})

test('without sections all questions are in one', () => {
  expect(sectionsOf([q('1'), q('2')]).value).toEqual([{ name: 'Questions', questions: [q('1'), q('2')] }])
})

test('scores of options, in their order', () => {
  const scored = (options: readonly string[], optionScores: readonly string[]) =>
    sectionsOf([{ ...q('1'), options, optionScores }])
  expect(scored(['a', 'b'], ['High', '']).value[0]?.questions).toEqual([
    q('1', { options: [{ text: 'a', score: 'High' }, { text: 'b' }] }),
  ])
  expect(scored(['a', 'b'], ['High']).problems).toEqual([
    { row: 0, problem: expect.stringMatching(/^has 2 options and 1 optionScores/) },
  ])
})

test('a section that comes again, and a second description, are named', () => {
  const { problems } = sectionsOf([
    { section: 'A', sectionDescription: 'one', ...q('1') },
    { section: 'A', sectionDescription: 'two', ...q('2') },
    { section: 'B', ...q('3') },
    { section: 'A', ...q('4') },
  ])
  expect(problems.map(({ row, problem }) => [row, problem.slice(0, 21)])).toEqual([
    [1, 'gives its section ano'],
    [3, 'names section "A" aga'],
  ])
})
