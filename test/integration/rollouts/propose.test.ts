import { describe, expect } from 'vitest'
import { plansIn, rolloutOf, scriptId, test } from '../../support/plans/rollout-test.ts'
import { effectRequests } from '../../support/sandbox.ts'

// What car_plan_rollout refuses: it says what is wrong, writes no plan and sends nothing.

type Hosts = readonly string[]

const waves = (...list: readonly object[]) => list
const base = (hosts: Hosts, changes: object = {}) => ({ ...rolloutOf(hosts, 5, 15), ...changes })

/** Input that can never become a plan, and what is said of it. */
const bad: Readonly<Record<string, readonly [args: (hosts: Hosts) => object, says: RegExp]>> = {
  'waves that overlap': [
    (hosts) =>
      base(hosts, {
        waves: waves({ assetIds: hosts.slice(0, 5) }, { name: 'canary', assetIds: hosts.slice(3, 8) }),
      }),
    /Wave 1 and wave 2 \(canary\) share 2 hosts \(\d+, \d+\): each host is in one wave\./,
  ],
  'a wave without hosts': [
    (hosts) => base(hosts, { waves: waves({ assetIds: [] }, { rest: true }) }),
    /assetIds/,
  ],
  'a wave of what earlier ones took': [
    (hosts) => base(hosts, { waves: waves({ share: '100%' }, { rest: true }) }),
    /Wave 2 has no hosts: earlier waves have all hosts of the fleet\./,
  ],
  'no wave': [(hosts) => base(hosts, { waves: [] }), /must be a list of 1 to 20 waves/],
  'a wave that chooses in two ways': [
    (hosts) => base(hosts, { waves: waves({ assetIds: hosts.slice(0, 2), share: '10%' }, { rest: true }) }),
    /exactly one of assetIds, assetTagId, share and rest/,
  ],
  'the rest before the last wave': [
    (hosts) => base(hosts, { waves: waves({ rest: true }, { share: '10%' }) }),
    /Wave 1 takes the rest, and is not the last wave\./,
  ],
  'a host outside of the fleet': [
    (hosts) => base(hosts, { waves: waves({ assetIds: hosts.slice(18, 22) }, { rest: true }) }),
    /2 hosts of wave 1 are not in the fleet/,
  ],
  'a share of zero': [
    (hosts) => base(hosts, { waves: waves({ share: '0%' }, { rest: true }) }),
    /must be a share above 0% and up to 100%/,
  ],
  'a share above all': [
    (hosts) => base(hosts, { waves: waves({ share: '120%' }, { rest: true }) }),
    /must be a share above 0% and up to 100%/,
  ],
  'no rule to stop by': [(hosts) => base(hosts, { stopAfter: {} }), /needs wave or all/],
  'rules left out': [(hosts) => ({ ...base(hosts), stopAfter: undefined }), /stopAfter/],
  'a rule that always fires': [
    (hosts) => base(hosts, { stopAfter: { wave: '0' } }),
    /must be at least 1 host/,
  ],
  'a rule of a wave that can never fire': [
    (hosts) => base(hosts, { stopAfter: { wave: '16' } }),
    /stopAfter\.wave 16 hosts can never stop the plan: the largest wave has 15 hosts\./,
  ],
  'a rule over all that can never fire': [
    (hosts) => base(hosts, { stopAfter: { all: '21' } }),
    /stopAfter\.all 21 hosts can never stop the plan: all waves together have 20 hosts\./,
  ],
  'a limit of missing hosts that can never fire': [
    (hosts) => base(hosts, { notReported: '100%' }),
    /notReported 100% can never stop the plan/,
  ],
  'an id named twice': [
    (hosts) => base(hosts, { fleet: { assetIds: [...hosts.slice(0, 20), ...hosts.slice(0, 1)] } }),
    /names an id twice/,
  ],
  'a host that does not exist': [
    (hosts) => base(hosts, { fleet: { assetIds: [...hosts.slice(0, 20), '999'] } }),
    /999/,
  ],
  'a tag that does not exist': [
    (hosts) => base(hosts, { fleet: { assetTagId: '999' }, waves: waves({ rest: true }) }),
    /999/,
  ],
  'a fleet of ids and a tag': [
    (hosts) => base(hosts, { fleet: { assetIds: hosts.slice(0, 20), assetTagId: '7512800' } }),
    /needs exactly one of assetIds and assetTagId/,
  ],
  'a script that does not exist': [(hosts) => base(hosts, { scriptId: '999' }), /999/],
  'a window that is none': [(hosts) => base(hosts, { window: 'at night' }), /window/],
  'a time to report of zero': [(hosts) => base(hosts, { reportWithin: '0m' }), /reportWithin/],
  'a masked secret in place of a text': [
    (hosts) => base(hosts, { description: 'token [masked-by-qualys-mcp]' }),
    /description holds \[masked-by-qualys-mcp\]/,
  ],
  'parameters that the script does not have': [
    (hosts) => base(hosts, { params: [{ key: 'path', value: '/' }] }),
    /Script 19218 takes no parameters\. Leave params out\./,
  ],
}

test.for(Object.entries(bad))('%s', async ([, [argsFor, says]], { sandbox, folder, hosts, server }) => {
  const reply = await server.call('car_plan_rollout', argsFor(hosts))
  expect(reply.isError, reply.text).toBe(true)
  expect(reply.error?.['kind'] ?? 'input', reply.text).toBe('input')
  expect(reply.text).toMatch(says)
  expect(plansIn(folder)).toEqual([])
  expect(await effectRequests(sandbox.control)).toEqual([])
})

describe('a script', () => {
  test.for(['PENDING_APPROVAL', 'REJECTED', 'DEPRECATED'])(
    'that is %s is refused',
    async (status, { sandbox, folder, hosts, server }) => {
      const script = (await sandbox.control.dump('scripts')).find((one) => one['status'] === status)
      const reply = await server.call('car_plan_rollout', base(hosts, { scriptId: String(script?.['id']) }))
      expect(reply.error).toMatchObject({ kind: 'input' })
      expect(reply.text).toContain(`Script ${script?.['id']} may not run: its status is ${status}.`)
      expect(plansIn(folder)).toEqual([])
    },
  )

  test('whose content is not shown is refused', async ({ sandbox, folder, hosts, server }) => {
    await sandbox.control.knobs({ scriptContent: 'hidden' })
    const reply = await server.call('car_plan_rollout', base(hosts))
    expect(reply.text).toContain(`The content of script ${scriptId} cannot be read`)
    expect(plansIn(folder)).toEqual([])
  })
})

test('a share takes at least one host, rounded up', async ({ hosts, server }) => {
  const shares = { waves: waves({ share: '0.001%' }, { share: '12%' }, { rest: true }) }
  const reply = await server.call('car_plan_rollout', base(hosts, shares), 'json')
  // 12% of the 19 hosts that are left are 2.28.
  expect(reply.structured.rows.map((row) => row['hosts'])).toEqual([1, 3, 16])
})

test('hosts in no wave are allowed and told', async ({ hosts, server }) => {
  const few = { waves: waves({ assetIds: hosts.slice(0, 5) }, { share: '20%' }) }
  const reply = await server.call('car_plan_rollout', base(hosts, few), 'json')
  expect(reply.structured.rows.map((row) => row['hosts'])).toEqual([5, 3])
})

test('a secret that nobody keeps is refused when it is proposed', async ({
  sandbox,
  folder,
  hosts,
  server,
}) => {
  const scripts = await sandbox.control.dump('scripts')
  const script = scripts.find(({ hasParameters, status }) => hasParameters === true && status === 'APPROVED')
  const reply = await server.call('car_plan_rollout', {
    ...base(hosts, { scriptId: String(script?.['id']), params: [{ key: 'path', secret: 'nobody' }] }),
  })
  expect(reply.isError, reply.text).toBe(true)
  expect(reply.text).toContain('nobody')
  expect(plansIn(folder)).toEqual([])
})
