import { describe, expect, test } from 'vitest'
import { median } from '../../bench/median.ts'
import { keptText, performancePage } from '../../bench/page.ts'
import { worseFigures } from '../../bench/stored.ts'
import { type Figure, jsonForm, markdownTable, shown, tableLines, verdictOf } from '../../bench/table.ts'

const walk: Figure = { name: 'walk', what: 'walking', figure: 1.3, unit: 'x', goal: 1.35, from: 'a over b' }
const memory: Figure = { name: 'memory', what: 'peak', figure: 61.2, unit: 'MB', goal: 60 }
const digest: Figure = { name: 'digest', what: 'the digest', figure: 31, unit: 'x' }
const figures = [walk, memory, digest]

const circumstances = { date: '2026-11-30', node: '20.20.2', machine: '2 processor cores', quick: true }

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[10, 9], 9.5],
  [[7], 7],
  [[], Number.NaN],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle)
})

test.each([
  [1.35, 1.35, 'ok'],
  [1.36, 1.35, 'missed'],
  [-3, 60, 'ok'],
  [Number.NaN, 60, 'missed'],
  [31, undefined, ''],
])('%d with the goal %d: %s', (figure, goal, verdict) => {
  expect(verdictOf({ figure, ...(goal !== undefined && { goal }) })).toBe(verdict)
})

test.each([
  [1.3, 'x', '1.30 x'],
  [0.5, 'ms', '0.5 ms'],
  [61.2, 'MB', '61 MB'],
  [12_000, 'tokens', '12,000 tokens'],
  [3, '', '3'],
] as const)('%d %s is shown as %s', (value, unit, text) => {
  expect(shown(value, unit)).toBe(text)
})

describe('the table', () => {
  test('has a line for each figure, in columns', () => {
    expect(tableLines(figures)).toEqual([
      'what        goal    figure   verdict  from',
      'walking     1.35 x  1.30 x   ok       a over b',
      'peak        60 MB   61 MB    missed',
      'the digest          31.00 x',
    ])
  })

  test('is the same in Markdown', () => {
    expect(markdownTable(figures).split('\n').slice(1, 4)).toEqual([
      '| --- | --- | --- | --- | --- |',
      '| walking | 1.35 x | 1.30 x | ok | a over b |',
      '| peak | 60 MB | 61 MB | missed |  |',
    ])
  })

  test('is the same as JSON, with what was measured where', () => {
    expect(jsonForm(circumstances, [walk])).toEqual({
      ...circumstances,
      figures: [{ ...walk, verdict: 'ok' }],
    })
  })
})

describe('a comparison with what is stored', () => {
  test.each([
    ['a ratio a quarter larger', { ...walk, figure: 1.25 }, 1, 0],
    ['a ratio larger than that', { ...walk, figure: 1.26 }, 1, 1],
    ['less memory than nothing', { ...memory, figure: 14 }, -20, 0],
    ['memory beyond its room', { ...memory, figure: 46 }, 20, 1],
    ['twice the milliseconds, and half of one', { ...walk, figure: 2.5, unit: 'ms' as const }, 1, 0],
    ['far below its goal', { ...memory, figure: 29 }, 1, 0],
    ['no number', { ...walk, figure: Number.NaN }, 1, 1],
  ])('%s', (_, figure, stored, failures) => {
    expect(worseFigures([figure], { [figure.name]: stored })).toHaveLength(failures)
  })

  test('names the figure, the stored one and what is allowed', () => {
    expect(worseFigures([{ ...walk, figure: 2 }], { walk: 1 })).toEqual([
      'walk: 2.00 x, and 1.00 x is stored (1.25 x is allowed)',
    ])
  })

  test('fails without a stored figure, and ignores parts that were not run', () => {
    expect(worseFigures([walk], {})).toHaveLength(1)
    expect(worseFigures([], { walk: 1 })).toEqual([])
  })
})

describe('the page', () => {
  test('has date, Node, machine and table', () => {
    const page = performancePage(circumstances, figures, '')
    for (const part of ['2026-11-30', 'Node 20.20.2', '2 processor cores', markdownTable(figures)])
      expect(page).toContain(part)
  })

  test('keeps what people wrote, however often it is written', () => {
    const first = performancePage(circumstances, figures, '')
    expect(keptText(first)).toBe('')
    const edited = `${first.trim()}\n\n- A worker for all answers.\n`
    expect(keptText(edited)).toBe('- A worker for all answers.')
    expect(performancePage(circumstances, figures, edited)).toBe(edited)
  })

  test('keeps nothing of a page without that section', () => {
    expect(keptText('# Performance')).toBe('')
  })
})
