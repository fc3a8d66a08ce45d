import { expect } from 'vitest'
import { addressesOf, alteredPlatform } from '../../support/effects/altered-platform.ts'
import {
  goOn,
  propose,
  rolloutOf,
  scriptId,
  sentRuns,
  stateIn,
  test,
} from '../../support/plans/rollout-test.ts'

// A script that changed since it was approved, between waves.

const change = { scriptId, content: 'Write-Output "changed"\n', comment: 'Says more' }

test('a changed script holds the plan; resuming approves the new content and goes on with it', async ({
  sandbox,
  folder,
  hosts,
  serve,
}) => {
  const server = await serve({ QUALYS_UNVERIFIED: 'all' })
  const id = await propose(server, rolloutOf(hosts, 2, 3, 4))
  await goOn(server)
  const changed = await server.call('car_update_script', change)
  expect(changed.isError, changed.text).toBe(false)
  await goOn(server)
  const { held, sha256 } = stateIn(folder, id)
  expect(held).toMatchObject({ reason: 'script changed', wave: 1 })
  expect(held?.why).toContain(`in place of ${sha256}. Resuming asks a person to approve the new content.`)
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
  await server.call('car_resume_rollout', { planId: id })
  expect(stateIn(folder, id).sha256).not.toBe(sha256)
  await goOn(server, 4)
  expect(stateIn(folder, id).phase).toBe('done')
  expect(await sentRuns(sandbox.control)).toHaveLength(3)
})

test('a script that changed again after it was resumed holds the plan again', async ({
  sandbox,
  folder,
  hosts,
  serve,
}) => {
  const server = await serve({ QUALYS_UNVERIFIED: 'all' })
  const id = await propose(server, rolloutOf(hosts, 2, 3))
  await goOn(server)
  await server.call('car_hold_rollout', { planId: id })
  await server.call('car_update_script', change)
  await server.call('car_resume_rollout', { planId: id })
  await server.call('car_update_script', { ...change, content: 'Write-Output "once more"\n' })
  await goOn(server)
  expect(stateIn(folder, id).held).toMatchObject({ reason: 'script changed' })
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
})

test('a script whose approval was taken back holds the plan until it is approved', async ({
  sandbox,
  folder,
  hosts,
  serve,
}) => {
  await sandbox.control.knobs({ changedScripts: 'pending' })
  const server = await serve({ QUALYS_UNVERIFIED: 'all' })
  const id = await propose(server, rolloutOf(hosts, 2, 3))
  await goOn(server)
  await server.call('car_update_script', change)
  await goOn(server)
  expect(stateIn(folder, id).phase).toBe('held')
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
  const refused = await server.call('car_resume_rollout', { planId: id })
  expect(refused.error).toMatchObject({ kind: 'input' })
  expect(refused.text).toMatch(`Script ${scriptId} may not run: its status is PENDING_`)
})

test('an unapproved script with the same content holds the plan', async ({
  sandbox,
  folder,
  hosts,
  serve,
}) => {
  let isPending = false
  const platform = await alteredPlatform(sandbox, {
    answer: (path, answer) => {
      if (!isPending || !path.endsWith(`/scripts/${scriptId}`)) return undefined
      return { ...answer, body: { ...(answer['body'] as object), status: 'PENDING_APPROVAL' } }
    },
  })
  const server = await serve(addressesOf(platform))
  const id = await propose(server, rolloutOf(hosts, 2, 3))
  await goOn(server)
  isPending = true
  await goOn(server)
  expect(stateIn(folder, id).held?.why).toMatch(/PENDING_APPROVAL/)
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
})

test('a script that is gone holds the plan', async ({ sandbox, folder, hosts, server }) => {
  const id = await propose(server, rolloutOf(hosts, 2, 3))
  await goOn(server)
  const body = { errorCode: '404', message: `Script not found: ${scriptId}`, body: null }
  await sandbox.control.faults([
    { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 404, body },
  ])
  await goOn(server)
  expect(stateIn(folder, id).held).toMatchObject({
    reason: 'script changed',
    why: expect.stringContaining(`Script ${scriptId} cannot be read any more`),
  })
  expect((await server.call('car_resume_rollout', { planId: id })).isError).toBe(true)
  expect(await sentRuns(sandbox.control)).toHaveLength(1)
})
