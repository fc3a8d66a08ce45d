import { expect } from 'vitest'
import { test } from '../../support/doctor/doctor-fixtures.ts'

// The operator's limits in doctor and qualys_status: each that is set, and what they name in vain.

const limits = {
  QUALYS_BLOCKED_TAGS: 'No such tag',
  QUALYS_ALLOWED_ASSETS: 'no-such-host',
  QUALYS_BLOCKED_SCRIPTS: '19218, 5',
  QUALYS_ALLOWED_PARAMETERS: '{"25209":{"no-such-key":"/tmp/[a-z]+"}}',
  QUALYS_FORBID: 'reboot, unblock',
  QUALYS_MAX_HOSTS_PER_DAY: '30',
}
const vain = [
  'QUALYS_BLOCKED_SCRIPTS names "5", and Qualys lists no such script',
  'QUALYS_ALLOWED_ASSETS names "no-such-host", and Qualys lists no such host',
  'QUALYS_BLOCKED_TAGS names "No such tag", and Qualys lists no such tag',
  'QUALYS_ALLOWED_PARAMETERS names "no-such-key", and script 25209 has no such parameter',
]

test('doctor prints them readably, and what they name in vain', async ({ runDoctor }) => {
  const { ok, text } = await runDoctor(limits)
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      '  QUALYS_BLOCKED_SCRIPTS = 19218,5  (environment QUALYS_BLOCKED_SCRIPTS)',
      '  QUALYS_ALLOWED_PARAMETERS = 25209 (no-such-key=/tmp/[a-z]+)  (environment QUALYS_ALLOWED_PARAMETERS)',
      '  QUALYS_FORBID = reboot,unblock  (environment QUALYS_FORBID)',
      ...vain.map((clause) => `warn  limits: ${clause}`),
    ]),
  )
  expect(ok).toBe(true)
})

test('the status shows them, too', async ({ readStatus }) => {
  const { row } = await readStatus(limits)
  expect(row).toMatchObject({
    hostsPerDay: 'at most 30',
    blockedScripts: '19218, 5',
    allowedHosts: 'no-such-host',
    blockedTags: 'No such tag',
    allowedParameters: '25209 (no-such-key=/tmp/[a-z]+)',
    forbidden: 'reboot, unblock',
    unmatchedLimits: vain.join('; '),
  })
})

test('nothing is said where each names something', async ({ runDoctor, readStatus }) => {
  const { text } = await runDoctor({ QUALYS_BLOCKED_SCRIPTS: '19218' })
  expect(text).not.toContain('limits:')
  const { row } = await readStatus({ QUALYS_BLOCKED_SCRIPTS: '19218' })
  expect(row).not.toHaveProperty('unmatchedLimits')
  expect(row).toMatchObject({
    blockedScripts: '19218',
    hostsPerRun: 'at most 25',
    hostsPerRollout: 'at most 0',
  })
})
