import { describe, expect } from 'vitest'
import { type FaultKind, faultKinds } from '../../../src/sandbox/faults/faults.ts'
import { leaks } from '../../support/leak-search.ts'
import {
  answerPlaces,
  answerWithTexts,
  faultDetails,
  heavyFaults,
  secretTexts,
  statuses,
} from '../../support/secrets/echoed.ts'
import { callsOn, collectOutput, test } from '../../support/secrets/fixtures.ts'

// All tools, in both forms, under all statuses and places of a secret, and under all faults.

describe.each(statuses)('what Qualys echoes with %i', (status) => {
  test.for(Object.entries(answerPlaces))('in %s', async ([name, how], { sandbox, secretServer, token }) => {
    const calls = await callsOn(sandbox, 'every')
    const turn = statuses.indexOf(status) * 9 + name.length
    await answerWithTexts(sandbox.control, secretTexts(token, status, turn), status, how)
    expect(leaks(await collectOutput(secretServer, calls))).toEqual([])
    expect((await sandbox.control.requests()).length).toBeGreaterThan(calls.length)
  })
})

describe('every fault', () => {
  const kinds = (Object.keys(faultKinds) as FaultKind[]).filter(
    (kind) => kind !== 'stall' && !heavyFaults.includes(kind),
  )

  test.for(kinds)('%s', async (kind, { sandbox, secretServer }) => {
    const calls = await callsOn(sandbox, 'every')
    await sandbox.control.faults([{ route: '*', kind, ...faultDetails[kind] }])
    expect(leaks(await collectOutput(secretServer, calls))).toEqual([])
    expect((await sandbox.control.requests()).length).toBeGreaterThan(calls.length)
  })

  test.for(heavyFaults)('%s, for some tools', async (kind, { sandbox, secretServer }) => {
    const some = ['car_search_jobs', 'car_get_script', 'saq_search_users', 'car_add_blocked_commands']
    const calls = (await callsOn(sandbox, 'every')).filter(([tool]) => some.includes(tool))
    expect(calls).toHaveLength(some.length)
    await sandbox.control.faults([{ route: '*', kind, ...faultDetails[kind] }])
    expect(leaks(await collectOutput(secretServer, calls))).toEqual([])
    expect((await sandbox.control.requests()).length).toBeGreaterThanOrEqual(calls.length)
  })
})
