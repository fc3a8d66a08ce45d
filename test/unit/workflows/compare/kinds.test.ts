import { describe, expect, test } from 'vitest'
import { type ComparedHost, compared, hosts, linesOf } from '../../../support/workflows/compared-runs.ts'

// Kinds of output that one of the runs has alone.

const failed = (output: string): ComparedHost => ({ code: 1, text: 'FAILED', output })

test('a new kind is shown once with a sample, its hosts and an asset job', async () => {
  const { text } = await compared(
    hosts(6),
    hosts(6, (at) => (at < 2 ? failed('error: package not found') : {})),
  )
  const lines = linesOf({ text })
  expect(lines.slice(lines.indexOf('kinds of output that are new in B:'))).toEqual([
    'kinds of output that are new in B:',
    '2 hosts, failed, code 1 FAILED: ws-1 (2000), ws-2:',
    '<<MARK',
    'error: package not found',
    'MARK>>',
  ])
})

test('a kind that no host has any more is gone', async () => {
  const before = hosts(4, (at) => (at === 0 ? failed('disk is full') : {}))
  const { text, structured } = await compared(before, hosts(4), { form: 'json' })
  expect(text).toContain('1 changed outcome')
  expect(structured.rows).toEqual([
    { change: 'outcome', from: 'failed', to: 'succeeded', count: 1, hosts: ['ws-1'] },
    expect.objectContaining({ change: 'gone kind', count: 1, sample: 'disk is full', assetJobId: '1000' }),
  ])
})

test('no kind is gone while hosts may still print it', async () => {
  const before = hosts(4, (at) => (at === 0 ? failed('disk is full') : {}))
  const { structured } = await compared(
    before,
    hosts(4, (at) => ({ open: at === 0 })),
    { form: 'json' },
  )
  expect(structured.rows.map(({ change }) => change)).toEqual(['outcome'])
})

test('a kind of other hosts in both runs is neither new nor gone', async () => {
  const run = (odd: number): ComparedHost[] =>
    hosts(4, (at) =>
      at === odd ? { output: 'patched already\nnothing to do' } : { output: 'one\ntwo\nthree' },
    )
  const { text } = await compared(run(0), run(1))
  expect(text).not.toMatch(/kinds of output that are/)
  expect(text).toContain('2 other output')
  const lines = linesOf({ text })
  expect(lines).toContain('1 host (ws-1), succeeded, another kind of output:')
  expect(lines.join('\n')).toContain('- patched already\n- nothing to do\n+ one\n+ two\n+ three')
})

test('a host that moved says so in its row', async () => {
  const { structured } = await compared(
    hosts(4, () => ({ output: 'one\ntwo\nthree' })),
    hosts(4, (at) => ({ output: at === 0 ? 'patched already\nnothing to do' : 'one\ntwo\nthree' })),
    { form: 'json' },
  )
  expect(structured.rows[0]).toMatchObject({ change: 'output', moved: true, hosts: ['ws-1'] })
})

describe('samples', () => {
  test('are long ones clipped, with the way to the whole', async () => {
    const { text } = await compared(
      hosts(2),
      hosts(2, () => failed('x'.repeat(5_000))),
    )
    expect(text).toContain(`\n${'x'.repeat(1_000)}\n`)
    expect(text).toContain('\n(4,000 more characters)')
    expect(text).toContain('car_get_output shows a whole output (jobId 2, assetJobId in brackets).')
  })

  test('are of run B, though a host of run A printed much the same', async () => {
    const printed = (run: number) => failed(`error ${run}`)
    const { structured } = await compared(
      [...hosts(2), { name: 'a-1', ...printed(1), code: 7 }],
      hosts(2, () => printed(2)),
      { form: 'json' },
    )
    const shown = structured.rows.find(({ change }) => change === 'new kind')
    expect(shown).toMatchObject({ sample: 'error 2', hosts: ['ws-1', 'ws-2'] })
  })
})

describe('what cannot be compared', () => {
  const word = (index: number): string =>
    [...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
  const words = (index: number): string => ['x', 'y', 'z'].map((end) => word(index) + end).join(' ')

  test('is counted where there are too many kinds, and is no change', async () => {
    const { text } = await compared(
      hosts(150, (at) => ({ output: words(at) })),
      hosts(150, (at) => ({ output: words(at + 500) })),
    )
    const [, changed = '', left = ''] = /(\d+) other output, (\d+) not compared/.exec(text) ?? []
    expect(Number(changed) + Number(left)).toBe(150)
    expect(Number(left)).toBeGreaterThan(0)
    // A host whose lines are compared in one of the runs alone would have lost all of them.
    const diffs = [...text.matchAll(/succeeded.*:\n<<(\w+)\n([\s\S]*?)\n\1>>/g)].map(
      ([, , diff = '']) => diff,
    )
    expect(diffs.filter((diff) => /^[-+]/.test(diff) && !/^- .*\n\+ /.test(diff))).toEqual([])
    expect(text).toContain(`The outputs of ${left} hosts differ and could not be compared`)
  })

  test('says that outputs are under a name that nobody knows', async () => {
    const hidden = (at: number): ComparedHost => ({ more: { result: `text ${at}`, scriptResult: undefined } })
    const { text } = await compared(hosts(2, hidden), hosts(2, hidden))
    expect(text).toContain('2 hosts in both, 2 not compared')
    expect(text).toContain('Whether the outputs of 2 hosts changed is unknown')
    expect(text).not.toContain('nothing changed')
  })

  test('is said of what lies between the compared parts of long outputs', async () => {
    const long = (middle: string): ComparedHost[] =>
      hosts(1, () => ({
        output: `begin\n${'same line\n'.repeat(9_000)}${middle}\n${'same line\n'.repeat(3_000)}end`,
      }))
    const { text } = await compared(long('a'), long('b'))
    expect(text).toContain(': nothing changed: 1 host in both')
    expect(text).toContain('on 1 host only what lies between them differs.')
    expect((await compared(long('a'), long('a'))).text).not.toContain('Of long outputs')
  })
})
