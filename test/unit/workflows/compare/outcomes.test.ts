import { describe, expect, test } from 'vitest'
import { type ComparedHost, compared, hosts, linesOf } from '../../../support/workflows/compared-runs.ts'

// Two runs of one script: what the first line counts, and which hosts ended otherwise.

const failed = { code: 1, text: 'FAILED', output: 'error: package not found' }
const names =
  'run 2 (B, 2026-11-22 06:42) compared with run 1 (A, 2026-10-22 06:42), script 19218 "Patch state"'

describe('the first line', () => {
  test('is all there is where nothing changed', async () => {
    const { text } = await compared(hosts(50), hosts(50))
    expect(text).toBe(
      `${names}: nothing changed: 50 hosts in both, all with the same outcome and kind of output`,
    )
    const { structured } = await compared(hosts(50), hosts(50), { form: 'json' })
    expect(structured).toEqual({ summary: text, rows: [], returned: 0 })
  })

  test('counts hosts in both runs, in one alone, and those that changed', async () => {
    const after = hosts(11, (at) => (at === 2 ? failed : at === 3 ? { output: 'ok: rebooted' } : {}))
    const { text } = await compared(hosts(10), after.slice(1))
    expect(text.split('\n')[0]).toBe(
      `${names}: 9 of 11 hosts in both, 1 changed outcome, 1 other output, 1 only in A, 1 only in B`,
    )
    expect(text).toContain('\nonly in A: 1 host (ws-1)\nonly in B: 1 host (ws-11)')
  })

  test('says that no host is in both', async () => {
    const { text } = await compared(hosts(1), [{ name: 'other', output: 'ok' }])
    expect(text.split('\n')[0]).toBe(`${names}: 0 of 2 hosts in both, 1 only in A, 1 only in B`)
  })

  test('says how far a run is that goes on', async () => {
    const { text } = await compared(
      hosts(5),
      hosts(5, (at) => ({ open: at > 2 })),
    )
    expect(text.split('\n')[0]).toBe(
      `${names}: 5 hosts in both, 2 not done in B; run B so far: 3 of 5 hosts done`,
    )
    expect(text).not.toContain('outcome,')
  })

  test('does not call a run finished of which no host is listed', async () => {
    const { text } = await compared(hosts(2), [])
    expect(text.split('\n')[0]).toBe(
      `${names}: 0 of 2 hosts in both, 2 only in A; run B so far: no host listed`,
    )
  })

  test('says so far where nothing changed yet', async () => {
    const open = hosts(3, (at) => ({ open: at === 0 }))
    const { text } = await compared(open, open)
    expect(text).toMatch(
      /: nothing changed so far: 3 hosts in both, .*; run A so far: 2 of 3 hosts done; run B/,
    )
  })
})

describe('hosts with another outcome', () => {
  const after: readonly ComparedHost[] = [
    failed,
    {},
    { open: true },
    {},
    failed,
    { output: 'x', more: { output: { text: 'ENDED' } } },
  ]
  const before: readonly ComparedHost[] = [{}, failed, {}, { open: true }, {}, {}]

  test('are named, those that became worse first', async () => {
    const { text } = await compared(
      hosts(6, (at) => before[at] ?? {}),
      hosts(6, (at) => after[at] ?? {}),
    )
    expect(linesOf({ text }).filter((line) => line.includes(' -> '))).toEqual([
      'succeeded -> failed: 2 hosts (ws-1, ws-5)',
      'succeeded -> unknown: 1 host (ws-6)',
      'succeeded -> open: 1 host (ws-3)',
      'open -> succeeded: 1 host (ws-4)',
      'failed -> succeeded: 1 host (ws-2)',
    ])
    expect(text).toContain('4 changed outcome, 1 not done in B, 1 not done in A; run A so far')
  })

  test('are rows, with up to a hundred names; text has five', async () => {
    const [a, b] = [hosts(120), hosts(120, () => failed)]
    const { structured } = await compared(a, b, { form: 'json' })
    const [row] = structured.rows
    expect(row).toMatchObject({ change: 'outcome', from: 'succeeded', to: 'failed', count: 120 })
    expect(row?.['hosts']).toHaveLength(100)
    const { text } = await compared(a, b)
    expect(text).toContain('\nsucceeded -> failed: 120 hosts (ws-1, ws-2, ws-3, ws-4, ws-5, 115 more)\n')
  })

  test('are not told once more as other outputs', async () => {
    const { text } = await compared(
      hosts(3),
      hosts(3, () => failed),
    )
    expect(text).toContain(': 3 hosts in both, 3 changed outcome\n')
    expect(text).not.toContain('other output')
  })
})

test('a run that is not the later one is said', async () => {
  const late = { created: { dateTime: Date.UTC(2027, 0, 1) } }
  const { text } = await compared({ hosts: hosts(1), row: late }, hosts(1))
  expect(text).toContain('Note: Run A was started after run B: swap the ids to see what changed since.')
  expect((await compared(hosts(1), hosts(1))).text).not.toContain('swap')
})

test('a run without a row among the runs has the date of its first result', async () => {
  const results = hosts(2, (at) => ({ after: at * 600_000 + 60_000 }))
  const { text } = await compared({ hosts: results, row: null }, { hosts: results, row: null }).catch(
    (error: Error) => ({ text: error.message }),
  )
  expect(text).toContain('car_follow_run')
  const named = hosts(2, (at) => ({
    after: at * 600_000 + 60_000,
    more: { script: { id: 7, name: 'Scan' } },
  }))
  const known = await compared({ hosts: named, row: null }, { hosts: named, row: null })
  expect(known.text).toMatch(
    /^run 2 \(B, 2026-11-22 06:43\) .*\(A, 2026-10-22 06:43\), script 7 "Scan": nothing/,
  )
})
