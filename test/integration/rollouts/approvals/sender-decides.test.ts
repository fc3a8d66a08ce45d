import { describe, expect } from 'vitest'
import type { Environment } from '../../../../src/config/settings.ts'
import { pinKeys } from '../../../support/approvals/local-server.ts'
import { yes } from '../../../support/consent/raw-client.ts'
import { codeIn } from '../../../support/forged/attacks.ts'
import { pinned, softwareKey } from '../../../support/passkeys/software-key.ts'
import {
  type ApprovalServer,
  annasFolder,
  countRuns,
  decideAt,
  type OpenServer,
  type Place,
  approvalTest as test,
} from '../../../support/plans/approval-server.ts'
import { goOn, plansIn, rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'

// The process that sends decides, before every wave, by its own settings: whoever approved in another way is not enough.

/** How a rollout of two waves was approved, and by which settings of the process that asked. */
interface Approval {
  readonly settings?: Environment
  readonly way: Place | 'form' | 'settings'
}

/** A rollout of two waves whose first one has run, and the server that it was approved at. */
async function begun(
  open: OpenServer,
  hosts: readonly string[],
  { settings = {}, way }: Approval,
  { key, stateDir } = annasFolder(),
): Promise<ApprovalServer> {
  const hasForm = way === 'form' || way === 'settings'
  const server = await open({ settings, stateDir, ...(!hasForm && { capabilities: {} }) })
  const reply = await server.ask('car_plan_rollout', rolloutOf(hosts, 2, 3), yes)
  if (!hasForm) await decideAt(way, server, codeIn(reply), { key })
  await goOn(server, 1)
  return server
}

const held = (stateDir: string) => {
  const [id = ''] = plansIn(stateDir)
  const { phase, held: why } = stateIn(stateDir, id)
  return [phase, why?.reason, why?.why]
}

const ownPage = 'only a passkey on the approval page counts'
const cases: readonly (readonly [string, Approval, Environment, string])[] = [
  [
    'in a form, and a passkey is asked for',
    { way: 'form' },
    { QUALYS_PASSKEY_FOR: 'execute' },
    `It was approved in a form of the client, but ${ownPage}.`,
  ],
  [
    'on the page with its key, and a passkey is asked for',
    { way: 'page' },
    { QUALYS_PASSKEY_FOR: 'execute,delete' },
    `It was approved on the approval page, but ${ownPage}.`,
  ],
  [
    'in a terminal, and the page alone counts',
    { way: 'terminal' },
    { QUALYS_APPROVE_BY: 'page' },
    'It was approved in a terminal, but only the approval page counts.',
  ],
  [
    'in a form, and page and terminal count',
    { way: 'form' },
    { QUALYS_APPROVE_BY: 'page,terminal' },
    'It was approved in a form of the client, but only the approval page and a terminal count.',
  ],
  [
    'by settings that ask nobody, and a person is asked here',
    { way: 'settings', settings: { QUALYS_MODE: 'unattended' } },
    {},
    'It was let through by settings that ask nobody, and by the settings of this process a person has to approve it.',
  ],
  [
    'by QUALYS_CONFIRM without execute, and a passkey is asked for',
    { way: 'settings', settings: { QUALYS_CONFIRM: 'delete' } },
    { QUALYS_CONFIRM: 'delete', QUALYS_PASSKEY_FOR: 'execute' },
    'It was let through by settings that ask nobody, and by the settings of this process a person has to approve it.',
  ],
]

describe('a rollout that was approved', () => {
  test.for(cases)(
    '%s: is held before the next wave',
    async ([, approval, settings, why], { open, hosts, sandbox }) => {
      const server = await begun(open, hosts, approval)
      expect(await countRuns(sandbox)).toBe(1)
      const other = await open({ stateDir: server.stateDir, settings })
      await goOn(other, 2)
      expect(held(server.stateDir)).toEqual(['held', 'approval', `${why} Resuming asks a person again.`])
      await goOn(server, 2)
      expect(await countRuns(sandbox)).toBe(1)
    },
  )

  test('on the page is held where only forms count, and resuming there lets it go on', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const { stateDir } = await begun(open, hosts, { way: 'page' })
    const other = await open({ stateDir, settings: { QUALYS_APPROVE_BY: 'client' } })
    await goOn(other, 1)
    expect(held(stateDir)).toEqual([
      'held',
      'approval',
      'It was approved on the approval page, but only the form of the client counts. Resuming asks a person again.',
    ])
    const [planId = ''] = plansIn(stateDir)
    await other.ask('car_resume_rollout', { planId }, yes)
    await goOn(other, 1)
    expect(await countRuns(sandbox)).toBe(2)
  })
})

const byPasskey = { QUALYS_PASSKEY_FOR: 'execute' } as const
const again = 'Resuming asks a person again.'

describe('a rollout that was approved with a passkey', () => {
  test('is held if the passkey is removed from the file meanwhile', async ({ open, hosts, sandbox }) => {
    const folder = annasFolder()
    const server = await begun(open, hosts, { way: 'passkey', settings: byPasskey }, folder)
    const other = pinned(softwareKey(), {
      person: 'Anna',
      rpId: 'localhost',
      origin: 'http://localhost:40123',
    })
    pinKeys(folder.stateDir, other)
    await goOn(server, 2)
    const [phase, reason, why] = held(folder.stateDir)
    expect([phase, reason]).toEqual(['held', 'approval'])
    expect(why).toMatch(
      /^This passkey is not in the file of passkeys, or was removed from it: .* Resuming asks/,
    )
    expect(await countRuns(sandbox)).toBe(1)
  })

  test('is held if the key belongs to another person meanwhile', async ({ open, hosts, sandbox }) => {
    const folder = annasFolder()
    const server = await begun(open, hosts, { way: 'passkey', settings: byPasskey }, folder)
    pinKeys(
      folder.stateDir,
      pinned(folder.key, { person: 'Bert', rpId: 'localhost', origin: 'http://localhost:40123' }),
    )
    await goOn(server, 2)
    expect(held(folder.stateDir).slice(0, 2)).toEqual(['held', 'approval'])
    expect(await countRuns(sandbox)).toBe(1)
  })

  test('goes on after a restart on the same port', async ({ open, hosts, sandbox }) => {
    const folder = annasFolder()
    const server = await begun(open, hosts, { way: 'passkey', settings: byPasskey }, folder)
    const { port = '' } = new URL(server.page.origins()[0] ?? '')
    await server.page.close()
    const next = await open({
      stateDir: folder.stateDir,
      settings: { ...byPasskey, QUALYS_PAGE_PORT: port },
    })
    await next.page.start()
    await goOn(next, 2)
    expect(held(folder.stateDir)).toEqual(['done', undefined, undefined])
    expect(await countRuns(sandbox)).toBe(2)
  })

  test('is held after a restart on another port, with the setting that fixes it', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const folder = annasFolder()
    const server = await begun(open, hosts, { way: 'passkey', settings: byPasskey }, folder)
    const [origin] = server.page.origins()
    await server.page.close()
    const next = await open({ stateDir: folder.stateDir, settings: byPasskey })
    await goOn(next, 2)
    expect(held(folder.stateDir)).toEqual([
      'held',
      'approval',
      `The passkey signed on the page at ${origin}, which was that of another process: with QUALYS_PAGE_PORT the page keeps its port, and what was signed before a restart counts after it. ${again}`,
    ])
    const [planId = ''] = plansIn(folder.stateDir)
    expect((await next.ask('car_get_rollout', { planId })).text).toContain('QUALYS_PAGE_PORT')
    const resumed = await next.ask('car_resume_rollout', { planId })
    await decideAt('passkey', next, codeIn(resumed), folder)
    await next.ask('car_resume_rollout', { planId })
    await goOn(next, 2)
    expect(await countRuns(sandbox)).toBe(2)
  })
})
