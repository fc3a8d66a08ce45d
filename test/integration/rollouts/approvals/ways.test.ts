import { describe, expect } from 'vitest'
import { eras, forms, yes } from '../../../support/consent/raw-client.ts'
import { codeIn } from '../../../support/forged/attacks.ts'
import {
  annasFolder,
  countRuns,
  decideAt,
  type Place,
  approvalTest as test,
} from '../../../support/plans/approval-server.ts'
import { goOn, plansIn, rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'

// One approval over all waves, and one for each wave, in every way in which a person can say yes.

const propose = 'car_plan_rollout'

/** Waves of these sizes, the last of which needs an approval of its own. */
function withLastApproved(hosts: readonly string[], ...sizes: readonly number[]) {
  const plan = rolloutOf(hosts, ...sizes)
  return {
    ...plan,
    waves: plan.waves.map((wave, at, all) => ({ ...wave, needsApproval: at === all.length - 1 })),
  }
}

const places: readonly (readonly [Place, string])[] = [
  ['page', 'a person, on the approval page'],
  ['terminal', 'a person, in a terminal'],
  ['passkey', 'Anna, on the approval page with a passkey'],
]
const cells = eras.flatMap((era) => places.map(([place, by]) => [era, place, by] as const))

const settingsOf = (place: Place) => (place === 'passkey' ? { QUALYS_PASSKEY_FOR: 'execute' } : {})

describe('one approval over all waves', () => {
  test.for(eras)('in a form of a %s client: every wave is sent', async (era, { open, hosts, sandbox }) => {
    const server = await open({ era })
    const reply = await server.ask(propose, rolloutOf(hosts, 2, 3), yes)
    expect(reply.text).toMatch(/^rollout \w{8} of script 19218 .*: running/)
    await goOn(server, 4)
    const [id = ''] = plansIn(server.stateDir)
    expect(stateIn(server.stateDir, id)).toMatchObject({
      phase: 'done',
      approval: { approvedBy: 'a person, asked by the client', way: 'form' },
    })
    expect(await countRuns(sandbox)).toBe(2)
  })

  test.for(cells)('%s client, %s: every wave is sent', async ([era, place, by], { open, hosts, sandbox }) => {
    const { key, stateDir } = annasFolder()
    const server = await open({ era, capabilities: {}, stateDir, settings: settingsOf(place) })
    const args = rolloutOf(hosts, 2, 3)
    const first = await server.ask(propose, args)
    expect(first.isError).toBe(true)
    await goOn(server, 1)
    expect(await countRuns(sandbox)).toBe(0)
    await decideAt(place, server, codeIn(first), { key })
    const last = await server.ask(propose, args)
    expect(last.text).toMatch(/^rollout \w{8} of script 19218 .*: running/)
    await goOn(server, 4)
    const [id = '', ...others] = plansIn(stateDir)
    expect(others).toEqual([])
    expect(stateIn(stateDir, id)).toMatchObject({
      phase: 'done',
      approval: { approvedBy: by, way: 'elsewhere' },
    })
    expect(await countRuns(sandbox)).toBe(2)
  })

  test.for(eras)(
    'declined in a form of a %s client: nothing begins',
    async (era, { open, hosts, sandbox }) => {
      const server = await open({ era })
      const reply = await server.ask(propose, rolloutOf(hosts, 2, 3), { action: 'decline' })
      expect([reply.isError, reply.text]).toEqual([
        true,
        expect.stringMatching(/^The person said no, so nothing was sent\./),
      ])
      await goOn(server, 4)
      const [id = ''] = plansIn(server.stateDir)
      expect(stateIn(server.stateDir, id).phase).toBe('proposed')
      expect(await countRuns(sandbox)).toBe(0)
    },
  )
})

describe('a wave that needs its own approval', () => {
  test.for(cells)('%s client, %s: is sent after it', async ([era, place, by], { open, hosts, sandbox }) => {
    const { key, stateDir } = annasFolder()
    const server = await open({ era, capabilities: {}, stateDir, settings: settingsOf(place) })
    const args = withLastApproved(hosts, 2, 3)
    await decideAt(place, server, codeIn(await server.ask(propose, args)), { key })
    await server.ask(propose, args)
    await goOn(server, 2)
    expect(await countRuns(sandbox)).toBe(1)
    const [id = ''] = plansIn(stateDir)
    const shown = await server.ask('car_get_rollout', { planId: id })
    const command =
      place === 'passkey' ? '' : `, or run \`qualys-mcp approve \\S{9} --state-dir ${stateDir}\``
    expect(shown.text).toMatch(
      new RegExp(
        `wave 2 waits for an approval: ask the person to open http://localhost:\\d+/approve/\\S{9} \\(on the machine where this server runs\\)${command} within ten minutes\\.`,
      ),
    )
    await decideAt(place, server, codeIn({ text: shown.text.slice(shown.text.indexOf('approval:')) }), {
      key,
    })
    await goOn(server, 3)
    expect(stateIn(stateDir, id)).toMatchObject({
      phase: 'done',
      waves: [{ phase: 'ended' }, { phase: 'ended', approval: { approvedBy: by, way: 'elsewhere' } }],
    })
    expect(await countRuns(sandbox)).toBe(2)
  })

  test.for(eras)(
    'is approved in a form of a %s client that resumes',
    async (era, { open, hosts, sandbox }) => {
      const server = await open({ era })
      await server.ask(propose, withLastApproved(hosts, 2, 3), yes)
      await goOn(server, 3)
      const [id = ''] = plansIn(server.stateDir)
      const resumed = await server.ask('car_resume_rollout', { planId: id }, yes)
      expect(resumed.text).toMatch(/: running/)
      expect(String(server.client.questions.at(-1)?.['message'])).toMatch(
        /^Start a wave of a rollout .*wave 2 of 2.*3 hosts/,
      )
      const kinds = stateIn(server.stateDir, id)
      expect(kinds).toMatchObject({ phase: 'running', waves: [{}, { approval: { way: 'form' } }] })
      await goOn(server, 2)
      expect(await countRuns(sandbox)).toBe(2)
      expect(stateIn(server.stateDir, id).phase).toBe('done')
    },
  )
})

test('a wave that needs its own approval is asked about in mode unattended as well', async ({
  open,
  hosts,
  sandbox,
}) => {
  const server = await open({ capabilities: forms, settings: { QUALYS_MODE: 'unattended' } })
  const { text } = await server.ask(propose, withLastApproved(hosts, 2, 3))
  expect(text).toMatch(/: running/)
  expect(server.client.questions).toEqual([])
  await goOn(server, 4)
  expect(await countRuns(sandbox)).toBe(1)
  const [id = ''] = plansIn(server.stateDir)
  await server.ask('car_resume_rollout', { planId: id }, yes)
  expect(server.client.questions).toHaveLength(1)
  await goOn(server, 2)
  expect(await countRuns(sandbox)).toBe(2)
})
