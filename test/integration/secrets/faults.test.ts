import { expect, vi } from 'vitest'
import { type FaultKind, faultKinds, type Stage } from '../../../src/sandbox/faults/faults.ts'
import { openAssistantOn } from '../../support/assistant.ts'
import { leaks } from '../../support/leak-search.ts'
import { openSandbox } from '../../support/sandbox.ts'
import { faultDetails, heavyFaults } from '../../support/secrets/echoed.ts'
import { callsOn, clientSecret, collectOutput, test } from '../../support/secrets/fixtures.ts'
import { unattendedSettings } from '../../support/tool-calls.ts'

// Under any failure, no reply, error or line of the log contains a secret.

const stage = (wanted: Stage): FaultKind[] =>
  (Object.keys(faultKinds) as FaultKind[]).filter((kind) => faultKinds[kind].stage === wanted)

// Error texts, and the rest of an answer; test/nightly/secrets has all faults and all tools.
const kinds: readonly FaultKind[] = [
  ...stage('wreck').filter((kind) => !['stall', 'huge', 'drip'].includes(kind)),
  ...stage('answer'),
  ...(['move', 'statusAfterBody', 'emptyBody', 'nullFields'] as const),
  ...(['badJson', 'wrongType', 'brokenGzip', 'unknownEncoding'] as const),
]

test.for(kinds)('%s', async (kind, { sandbox, secretServer }) => {
  const calls = await callsOn(sandbox, 'kinds')
  await sandbox.control.faults([{ route: '*', kind, ...faultDetails[kind] }])
  expect(leaks(await collectOutput(secretServer, calls))).toEqual([])
  expect((await sandbox.control.requests()).length).toBeGreaterThan(calls.length)
})

test.for(heavyFaults)('%s, for a list of each product', async (kind, { sandbox, secretServer }) => {
  const calls = (await callsOn(sandbox, 'kinds')).filter(([tool]) =>
    ['car_search_jobs', 'saq_search_users'].includes(tool),
  )
  expect(calls).toHaveLength(2)
  await sandbox.control.faults([{ route: '*', kind, ...faultDetails[kind] }])
  expect(leaks(await collectOutput(secretServer, calls))).toEqual([])
  expect((await sandbox.control.requests()).length).toBeGreaterThanOrEqual(calls.length)
})

test('stall, until the other side closes', async ({ sandbox }) => {
  const calls = await callsOn(sandbox, 'kinds')
  const stalling = await openSandbox({ jobs: 100 })
  await stalling.control.knobs({ loginStatus: 201 })
  const assistant = await openAssistantOn(stalling, {
    ...unattendedSettings,
    QUALYS_MAX_WAIT_SECONDS: '0',
    QUALYS_CONCURRENCY: '16',
    QUALYS_CLIENT_SECRET: clientSecret,
  })
  await assistant.call('qualys_status')
  await stalling.control.faults([{ route: '*', kind: 'stall' }])
  const replies = calls.map(([tool, args]) => assistant.call(tool, args))
  // As many as the concurrency allows, and the login before.
  await vi.waitFor(async () => expect((await stalling.control.requests()).length).toBeGreaterThan(16), {
    timeout: 15_000,
  })
  await stalling.close()
  const said = await Promise.all(replies)
  const failed = new Set(said.flatMap(({ isError }, place) => (isError ? calls[place]?.[0] : [])))
  expect(calls.map(([tool]) => tool).filter((tool) => !failed.has(tool))).toEqual(['qualys_status'])
  expect(leaks([said, assistant.log])).toEqual([])
  await assistant.close()
})
