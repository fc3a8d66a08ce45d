import { expect } from 'vitest'
import { isFailed, test } from '../../support/audit/servers.ts'
import { objectsOf } from '../../support/effects/calls.ts'
import { countRequests } from '../../support/effects/unattended.ts'

// Two servers of the built program share a file of budgets.

test('of 200 runs that race for 30 hosts, none is over', async ({ sandbox, serve }) => {
  const { hosts, script } = await objectsOf(sandbox.control)
  const args = { scriptId: script, assetIds: hosts.slice(0, 1) }
  const settings = { QUALYS_MAX_HOSTS_PER_DAY: '30' }
  const both = await Promise.all([serve(settings), serve(settings)])
  const answers = await Promise.all(
    both.flatMap((server) => Array.from({ length: 100 }, () => server.call('car_execute_script', args))),
  )
  const sent = await countRequests(sandbox.control, `POST /sm/v1/scripts/${script}/execute`)
  expect(answers.filter((answer) => !isFailed(answer))).toHaveLength(sent)
  expect(sent).toBeLessThanOrEqual(30)
  // A charge that does not fit counts until it is given back, so that the last ones may be refused together.
  expect(sent).toBeGreaterThan(25)
})
