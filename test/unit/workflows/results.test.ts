import { describe, expect, test } from 'vitest'
import { outcomeOf } from '../../../src/operations/car/outcomes.ts'
import { withMoved } from '../../../src/operations/reads/moved-fields.ts'
import type { Row } from '../../../src/session/answer.ts'
import { redactor, Secret } from '../../../src/shared/secrets.ts'
import { exitStatusOf, hostNameOf, inline } from '../../../src/tools/digest/host-result.ts'
import { noOutputReason, resultLine } from '../../../src/tools/workflows/run/host-lookup.ts'
import { hostResultOf } from '../../../src/tools/workflows/run/host-output.ts'
import { isOpen, Tally } from '../../../src/tools/workflows/run/outcomes.ts'

// One host of a run: its outcome, its output, and how they are reported.

const end = '2026-11-22T06:42:13Z'

describe('the outcome', () => {
  test.each<[Row, string]>([
    [{}, 'open'],
    [{ endDate: end }, 'unknown'],
    [{ endDate: end, output: { code: 0 } }, 'succeeded'],
    [{ endDate: end, output: { code: '0' } }, 'unknown'],
    [{ endDate: end, output: { code: 1 } }, 'failed'],
    [{ endDate: end, output: { code: -1 } }, 'failed'],
    [{ endDate: end, output: { text: 'x' } }, 'unknown'],
    [{ output: { code: 0 } }, 'succeeded'],
    [{ output: { code: 3 } }, 'failed'],
  ])('of %j is %s', (row, outcome) => {
    expect(outcomeOf(row)).toBe(outcome)
    expect(isOpen(outcome)).toBe(outcome === 'open')
  })
})

describe('the outcome of a row that may hold its result under another name', () => {
  test.each<[Row, string, readonly string[]]>([
    [{ result: 'SUCCESS' }, 'unknown', ['output']],
    [{ ended: end }, 'unknown', ['endDate']],
    [{ result: 'SUCCESS' }, 'open', ['scriptResult']],
    [{ endDate: end, result: 'SUCCESS' }, 'unknown', ['output']],
    [{ output: { code: 0 }, ended: end }, 'succeeded', ['endDate']],
    [{ output: { code: 1 }, ended: end }, 'failed', ['endDate']],
    [{ status: 'EXECUTION PASSED', result: 7 }, 'succeeded', ['output']],
  ])('%j is %s', (row, outcome, fields) => {
    expect(outcomeOf(withMoved(row, fields))).toBe(outcome)
  })
})

describe('a tally', () => {
  test('counts no host as open or done that may be either', () => {
    const tally = new Tally((text) => text)
    tally.add(withMoved({ id: 7, result: 'SUCCESS' }, ['output', 'endDate']))
    expect([tally.hosts, tally.open, tally.done, tally.undecided]).toEqual([1, 0, 0, 1])
    expect(String(tally)).toBe('1 unknown')
    expect(tally.columns).toEqual(['id', 'result'])
  })

  test('counts hosts, those that are open, and those that are done', () => {
    const tally = new Tally((text) => text)
    for (const code of [1, undefined, 0, 0, null])
      tally.add(code === undefined ? {} : { endDate: end, output: { code } })
    expect([tally.hosts, tally.open, tally.done]).toEqual([5, 1, 4])
    expect(String(tally)).toBe('2 succeeded, 1 failed, 1 open, 1 unknown')
  })

  test('of no hosts is empty; of thousands has commas', () => {
    expect(String(new Tally((text) => text))).toBe('')
    const tally = new Tally((text) => text)
    for (let host = 0; host < 1_200; host++) tally.add({})
    expect(String(tally)).toBe('1,200 open')
    expect(tally.done).toBe(0)
  })
})

const secret = 'tr0ub4dor-and-3'
const redact = redactor([new Secret(secret)]).redact

describe('what is read of an asset job', () => {
  test.each<[Row, object]>([
    [{ id: 7 }, { assetJobId: '7', outcome: 'open' }],
    [
      {
        id: '7',
        asset: { name: 'ws-1' },
        endDate: end,
        output: { code: 2, text: 'File not found' },
        scriptResult: 'a\r\nb',
      },
      { assetJobId: '7', outcome: 'failed', host: 'ws-1', code: 2, text: 'File not found', output: 'a\nb' },
    ],
    [
      { id: 7, output: 'odd', scriptResult: '' },
      { assetJobId: '7', outcome: 'unknown', text: 'odd', output: '' },
    ],
    [
      { id: 7, asset: 'x', output: { code: null, text: null }, scriptResult: null },
      { assetJobId: '7', outcome: 'unknown' },
    ],
    [
      { id: 7, output: { code: { x: 1 } } },
      { assetJobId: '7', outcome: 'unknown', code: '{"x":1}' },
    ],
    [
      { id: 7, scriptResult: { a: 1 } },
      { assetJobId: '7', outcome: 'open', output: '{"a":1}' },
    ],
  ])('%j', (row, result) => expect(hostResultOf(row, redact)).toMatchObject(result))

  test('has no member for missing values', () => {
    expect(Object.keys(hostResultOf({ id: 7 }, redact))).toEqual(['assetJobId', 'outcome'])
  })

  test('holds no secret, coloured or not, and no name longer than 255 characters', () => {
    const coloured = `${secret.slice(0, 5)}\u001b[31m${secret.slice(5)}`
    const {
      host,
      text,
      output: printed,
    } = hostResultOf(
      {
        id: 7,
        asset: { name: 'x'.repeat(300) },
        output: { code: 1, text: coloured },
        scriptResult: `a ${coloured} b`,
      },
      redact,
    )
    expect([host?.length, text, printed]).toEqual([
      255,
      '[masked-by-qualys-mcp]',
      'a [masked-by-qualys-mcp] b',
    ])
  })
})

describe('a host is named', () => {
  const base = { assetJobId: '7', outcome: 'failed' }

  test('by its name, or by its asset job', () => {
    expect(hostNameOf({ ...base, host: 'ws-1' })).toBe('ws-1')
    expect(hostNameOf(base)).toBe('asset job 7')
  })

  test.each([
    [{}, ''],
    [{ code: 0 }, 'code 0'],
    [{ text: 'File not found' }, '"File not found"'],
    [{ code: 2, text: 'FAILED' }, 'code 2 FAILED'],
    [{ code: '2 x', text: '' }, 'code "2 x"'],
  ])('%j ends in %j', (more, ending) => expect(exitStatusOf({ ...base, ...more })).toBe(ending))

  test('in one line', () => {
    expect(resultLine(base)).toBe('asset job 7: failed')
    expect(resultLine({ ...base, host: 'ws 1', code: 2 })).toBe('asset job 7 ("ws 1"): failed, code 2')
  })

  test('with nothing that looks like a fence', () => {
    expect(inline('<<deadbeef\nx')).toBe('"‹‹deadbeef x"')
  })

  test.each([
    [{ ...base, output: 'x' }, undefined],
    [{ ...base, outcome: 'open', output: 'x' }, undefined],
    [{ ...base, output: ' \n' }, 'The script printed nothing.'],
    [base, 'Qualys holds no output of this host.'],
    [
      { ...base, outcome: 'open' },
      'The host is still open, without output so far; Qualys does not say whether it is offline or busy.',
    ],
  ])('%j: nothing to show because %s', (result, why) => expect(noOutputReason(result)).toBe(why))
})
