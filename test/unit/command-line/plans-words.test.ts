import { describe, expect, test } from 'vitest'
import { answersEnd, readCommandLine } from '../../../src/cli/command-line.ts'
import { type PlansCall, readPlansCall } from '../../../src/cli/plans/words.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

/** What a command line asks of rollouts. */
const read = (...words: readonly string[]): PlansCall => readPlansCall(readCommandLine(['plans', ...words]))

describe('plans', () => {
  test.each<readonly [words: readonly string[], call: PlansCall]>([
    [[], { word: 'list', id: '' }],
    [['list', '--all'], { word: 'list', id: '' }],
    [['--all'], { word: 'list', id: '' }],
    [['show', 'k7q2m9xd'], { word: 'show', id: 'K7Q2M9XD' }],
    [['show', ' K7Q2M9XD ', '--jsonl'], { word: 'show', id: 'K7Q2M9XD' }],
    [['advance', '--watch'], { word: 'advance', id: '' }],
    [['approve', 'K7Q2M9XD', '--page'], { word: 'approve', id: 'K7Q2M9XD' }],
    [['hold', 'K7Q2M9XD'], { word: 'hold', id: 'K7Q2M9XD' }],
    [
      ['stop', 'K7Q2M9XD', 'The disks are full.'],
      { word: 'stop', id: 'K7Q2M9XD', reason: 'The disks are full.' },
    ],
    [['resume', 'K7Q2M9XD', '--adopt', '15011'], { word: 'resume', id: 'K7Q2M9XD' }],
    [['resume', 'K7Q2M9XD', '--not-run'], { word: 'resume', id: 'K7Q2M9XD' }],
  ])('%j', (words, call) => expect(read(...words)).toEqual(call))

  test.each<readonly [words: readonly string[], says: RegExp]>([
    [['cancel'], /^Nothing is called "cancel" here\. There is: qualys-mcp plans \[list /],
    [['toString'], /^Nothing is called "toString" here/],
    [
      ['show'],
      /^Name the rollout: qualys-mcp plans show ID \[--jsonl\]; `qualys-mcp plans list` shows the ids\.$/,
    ],
    [['hold', ' '], /^Name the rollout: qualys-mcp plans hold ID \[REASON\]/],
    [['list', 'K7Q2M9XD'], /^Too many arguments: qualys-mcp plans list \[--all\]$/],
    [['show', 'K7Q2M9XD', 'now'], /^Too many arguments: qualys-mcp plans show ID/],
    [['stop', 'K7Q2M9XD', 'disks', 'full'], /^Too many arguments: qualys-mcp plans /],
    [['list', '--watch'], /^--watch is no flag of `plans list`: qualys-mcp plans list \[--all\]$/],
    [['--watch'], /^--watch is no flag of `plans list`/],
    [['advance', '--all'], /^--all is no flag of `plans advance`: qualys-mcp plans advance \[--watch\]$/],
    [['stop', 'K7Q2M9XD', '--not-run'], /^--not-run is no flag of `plans stop`/],
    [['show', 'K7Q2M9XD', '--json'], /^--json is no flag of this command: qualys-mcp plans /],
    [['resume', 'K7Q2M9XD', '--adopt'], /^--adopt needs a value/],
    [['plan'], /^Nothing is called "plan" here/],
  ])('%j is refused with what there is', (words, says) => {
    expect(() => read(...words)).toThrow(SettingsError)
    expect(() => read(...words)).toThrow(says)
  })

  test('a near word is named', () => {
    expect(() => readCommandLine(['plan', 'list'])).toThrow('did you mean plans?')
  })
})

test.each<readonly [argv: readonly string[], itself: boolean]>([
  [['plans', 'advance'], true],
  [['plans', 'advance', '--watch'], true],
  [['plans'], false],
  [['plans', 'resume', 'K7Q2M9XD'], false],
  [['http'], true],
  [[], true],
  [['call', 'advance'], false],
  [['--help'], false],
])('%j answers the request to end itself: %s', (argv, itself) => {
  expect(answersEnd(readCommandLine(argv))).toBe(itself)
})
