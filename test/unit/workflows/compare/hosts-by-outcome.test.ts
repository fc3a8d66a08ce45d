import { describe, expect, test } from 'vitest'
import { hostsByOutcome } from '../../../../src/tools/workflows/run/unsuccessful-hosts.ts'
import {
  type ComparedHost,
  type ComparedRun,
  callerOnRuns,
  hosts,
} from '../../../support/workflows/compared-runs.ts'

// The hosts of a run by outcome, for a plan that runs a script again.

const read = (run: ComparedRun | readonly ComparedHost[], jobId = '1') =>
  hostsByOutcome(jobId, callerOnRuns(run, []).running)

const host = (id: unknown, more: ComparedHost = {}): ComparedHost => ({
  asset: { id, name: `ws-${id}` },
  ...more,
})
const failed = { code: 1, text: 'FAILED' }

describe('the hosts of a run', () => {
  test('are ids by outcome, in ascending order', async () => {
    const found = await read({
      hosts: [
        host(100, failed),
        host(20, failed),
        host('3', failed),
        host(4),
        host(5, { open: true }),
        host(6, { more: { output: { text: 'ENDED' } } }),
      ],
      row: { correlationUuid: '0b9ef5ae-0000-4000-8000-000000000001' },
    })
    expect(found).toEqual({
      scriptId: '19218',
      title: 'Patch state',
      correlationUuid: '0b9ef5ae-0000-4000-8000-000000000001',
      hosts: { succeeded: ['4'], failed: ['3', '20', '100'], open: ['5'], unknown: ['6'] },
      nameless: 0,
    })
  })

  test('count by their newest result, wherever it stands', async () => {
    const results = [host(7, { ...failed, after: 1_000 }), host(7, { after: 2_000 })]
    for (const list of [results, [...results].reverse()])
      expect((await read(list)).hosts).toMatchObject({ succeeded: ['7'], failed: [] })
  })

  test('count as nameless without a number', async () => {
    const found = await read([
      host(7),
      { asset: { name: 'ws-8' } },
      { asset: null },
      { asset: { agentUuid: '11111111-aaaa-4bbb-8ccc-1234567890ab' } },
    ])
    expect(found).toMatchObject({ hosts: { succeeded: ['7'] }, nameless: 3 })
  })

  test('have their number in their results without a record of the host', async () => {
    expect(await read([{ asset: null, more: { assetId: 7 } }])).toMatchObject({
      hosts: { succeeded: ['7'] },
      nameless: 0,
    })
  })
})

describe('the script of a run', () => {
  test('is the one of its results where the run does not show it', async () => {
    const named = hosts(1, () => ({ more: { script: { id: 7, name: 'Scan' } } }))
    expect(await read({ hosts: named, row: null })).toMatchObject({ scriptId: '7', title: 'Scan' })
  })

  test('that nothing shows is refused', async () => {
    await expect(read({ hosts: hosts(1), row: null })).rejects.toThrow(
      'Neither run 1 nor its results show which script it ran.',
    )
  })
})

test('a run that does not exist is refused', async () => {
  await expect(read([], '9')).rejects.toThrow('There is no run 9.')
})
