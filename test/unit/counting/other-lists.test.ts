import { describe, expect, test } from 'vitest'
import { type Join, ListJoin } from '../../../src/operations/car/joins/list-join.ts'
import { scriptFilter } from '../../../src/operations/car/joins/result-filters.ts'
import { firstId } from '../../../src/operations/car/joins/values.ts'
import { jobList } from '../../../src/operations/car/run-lists.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Reads } from '../../../src/operations/reads/local-filter.ts'
import { noLists } from '../../support/lists/no-lists.ts'

// Other lists that are read in part: what lies behind is unknown, and nothing is said to be absent.

const run = { id: '1', platform: 'LINUX', scriptId: '7' }

/** The list of runs, of which further rows cannot be reached. */
const limited: Reads<Operation> = {
  ...noLists,
  async *walk(_list, _input, _fields, onLimit) {
    onLimit?.('No further rows.')
    yield [run]
  },
}

/** The list of runs, which fails behind its first row. */
const failing: Reads<Operation> = {
  ...noLists,
  async *walk() {
    yield [run]
    throw new Error('Qualys fails')
  },
  attempt: (reading) => reading().catch(() => undefined),
}

const join: Join = {
  prefix: 'job',
  other: { list: jobList, noun: 'runs', input: {}, idsOf: ({ id }) => firstId(id), fields: ['id'] },
  idsOf: ({ jobId }) => firstId(jobId),
  missing: { what: 'run' },
}

describe.each([
  ['cannot be reached to its end', limited],
  ['fails in the middle', failing],
])('a list that %s', (_, lists) => {
  test('does not say that the rows behind are not there', async () => {
    const runs = new ListJoin(join, 'result', ['platform'], lists)
    await runs.read()
    expect(runs.value({ jobId: '1' }, 'platform')).toBe('LINUX')
    runs.value({ jobId: '2' }, 'platform')
    expect(runs.notes).toEqual([
      'The list of runs could not be read to its end; car_search_jobs says why (1 result not shown).',
    ])
  })

  test('leaves it open whether a result is of a run that was not read', async () => {
    const { test: verdictOn, clause } = await scriptFilter.prepare('7' as never, lists, { scriptId: '7' })
    expect(clause).toBeUndefined()
    expect(['1', '2'].map((id) => verdictOn?.({ job: { id } }))).toEqual([true, undefined])
  })
})
