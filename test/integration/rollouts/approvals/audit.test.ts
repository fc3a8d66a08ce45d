import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { sha256 } from '../../../../src/shared/crypto.ts'
import { showAudit } from '../../../../src/tools/effects/audit/show/show-audit.ts'
import { verifyAudit } from '../../../../src/tools/effects/audit/verify-audit.ts'
import { yes } from '../../../support/consent/raw-client.ts'
import { codeIn } from '../../../support/forged/attacks.ts'
import {
  type ApprovalServer,
  annasFolder,
  decideAt,
  type Place,
  approvalTest as test,
} from '../../../support/plans/approval-server.ts'
import { goOn, plansIn, rolloutOf, stateIn } from '../../../support/plans/rollout-test.ts'
import { effectRequests } from '../../../support/sandbox.ts'

// What the audit log says of a rollout: who was asked and said what, which wave went out by which approval.

const propose = 'car_plan_rollout'
const resume = 'car_resume_rollout'

/** The events of the log, each with its tool and, of a wave, its number. */
const eventsOf = (server: ApprovalServer): string[] =>
  server
    .audit()
    .filter(({ event }) => event !== 'start')
    .map(({ event, facts: { tool, wave, record } }) =>
      [event, record && event === 'asked' ? 'record' : '', tool, wave].filter((part) => part).join(' '),
    )

/** Ends the log as the program does, and follows its chains. */
async function verified({ options, stateDir }: ApprovalServer): Promise<readonly string[]> {
  options.safeguards.audit?.close()
  const { lines, ok } = await verifyAudit(join(stateDir, 'audit.jsonl'))
  expect(ok, lines.join('\n')).toBe(true)
  return lines
}

/** A call of the log as a person reads it. */
async function shownCall({ stateDir }: ApprovalServer, id: unknown): Promise<string> {
  return (await showAudit(join(stateDir, 'audit.jsonl'), String(id))).lines.join('\n')
}

const sentWave = (wave: number): string[] =>
  ['asked', 'approved', 'sent', 'answered'].map((event) => `${event} car_execute_script ${wave}`)

describe('the audit log', () => {
  test('has a proposal that a limit refuses', async ({ open, hosts }) => {
    const server = await open({ settings: { QUALYS_MAX_ASSETS_PER_PLAN: '4' } })
    await server.ask(propose, rolloutOf(hosts, 2, 3))
    expect(eventsOf(server)).toEqual([`asked ${propose}`, `refused ${propose}`])
    expect(plansIn(server.stateDir)).toEqual([])
  })

  test('has the question, the yes and the answer of the proposal, and each wave as one call', async ({
    open,
    hosts,
  }) => {
    const server = await open()
    await server.ask(propose, rolloutOf(hosts, 2, 3), yes)
    await goOn(server, 3)
    const [id = ''] = plansIn(server.stateDir)
    expect(eventsOf(server)).toEqual([
      `asked ${propose}`,
      `asked record ${propose}`,
      `approved ${propose}`,
      `answered ${propose}`,
      ...sentWave(1),
      ...sentWave(2),
    ])
    const { approval } = stateIn(server.stateDir, id)
    const facts = server.audit().map((line) => line.facts)
    expect(facts.find(({ shown }) => shown)).toMatchObject({
      tool: propose,
      by: 'a person, asked by the client',
      plan: id,
      counts: { hosts: 5 },
      record: approval?.record,
      digest: approval?.digest,
    })
    const waves = server.audit().filter(({ event, facts: { wave } }) => event === 'approved' && wave)
    expect(waves.map(({ facts: { approvals, counts, plan } }) => [approvals, counts, plan])).toEqual(
      [2, 3].map((count) => [[approval?.digest], expect.objectContaining({ hosts: count }), id]),
    )
    await verified(server)
  })

  const places = ['page', 'terminal', 'passkey'] as const
  test.for(places)(
    'has what was decided after the call gave up, and about a wave: %s',
    async (place, { open, hosts }) => {
      const { key, stateDir } = annasFolder()
      const settings = place === 'passkey' ? { QUALYS_PASSKEY_FOR: 'execute' } : {}
      const server = await open({ capabilities: {}, stateDir, settings })
      const decide = (code: string) => decideAt(place as Place, server, code, { key })
      const { waves, ...rest } = rolloutOf(hosts, 2, 3)
      const args = { ...rest, waves: waves.map((wave, at) => ({ ...wave, needsApproval: at === 1 })) }
      await decide(codeIn(await server.ask(propose, args)))
      await goOn(server, 2)
      const [id = ''] = plansIn(stateDir)
      const { text } = await server.ask('car_get_rollout', { planId: id })
      await decide(codeIn({ text: text.slice(text.indexOf('waits for an approval')) }))
      await goOn(server, 1)
      expect(eventsOf(server)).toEqual([
        `asked ${propose}`,
        `asked record ${propose}`,
        `refused ${propose}`,
        `approved ${propose}`,
        ...sentWave(1),
        `asked ${propose} 2`,
        `asked record ${propose} 2`,
        `approved ${propose} 2`,
        ...sentWave(2),
      ])
      const person = place === 'passkey' ? 'Anna' : 'a person'
      const where = {
        page: 'on the approval page',
        terminal: 'in a terminal',
        passkey: 'on the approval page with a passkey',
      }
      const approved = server
        .audit()
        .filter(({ event, facts: { tool } }) => event === 'approved' && tool === propose)
      expect(approved.map(({ facts: { by, counts, plan } }) => [by, counts, plan])).toEqual([
        [`${person}, ${where[place]}`, { hosts: 5 }, id],
        [`${person}, ${where[place]}`, { hosts: 3 }, id],
      ])
      await verified(server)
      const shown = await shownCall(server, approved[1]?.facts['call'])
      expect(shown).toMatch(
        new RegExp(
          `^call \\w{16}: ${propose}\\nasked [^]*a yes counts by: [^]*approved [^]*by: ${person}, ${where[place]}`,
        ),
      )
      expect(shown).toMatch(/Start a wave of a rollout \(execute\): wave 2 of 2, 3 hosts/)
      if (place === 'passkey') expect(shown).toMatch(/signed by Anna with the passkey/)
    },
  )

  test('has a resumption like a proposal, with what was shown', async ({ open, hosts }) => {
    const server = await open()
    await server.ask(propose, rolloutOf(hosts, 2, 3), yes)
    await server.move()
    const [planId = ''] = plansIn(server.stateDir)
    await server.ask('car_hold_rollout', { planId })
    await server.ask(resume, { planId }, { action: 'decline' })
    await server.ask(resume, { planId }, yes)
    await goOn(server, 2)
    expect(eventsOf(server)).toEqual([
      `asked ${propose}`,
      `asked record ${propose}`,
      `approved ${propose}`,
      `answered ${propose}`,
      ...sentWave(1),
      'asked car_hold_rollout',
      'answered car_hold_rollout',
      `asked ${resume}`,
      `asked record ${resume}`,
      `refused ${resume}`,
      `asked ${resume}`,
      `asked record ${resume}`,
      `approved ${resume}`,
      `answered ${resume}`,
      ...sentWave(2),
    ])
    const approval = server
      .audit()
      .find(({ event, facts: { tool } }) => event === 'approved' && tool === resume)
    expect(approval?.facts).toMatchObject({
      counts: { hosts: 3 },
      plan: planId,
      record: { tool: resume, effect: 'execute' },
      shown: { headline: expect.stringMatching(/^Resume a rollout/) },
    })
    await verified(server)
    expect(await shownCall(server, approval?.facts['call'])).toMatch(
      /2 of 2\): car_resume_rollout\nasked[\s\S]*answered[\s\S]*outcome: resumed/,
    )
  })

  test.for(['page', 'terminal'] as const)(
    'has a no, with what was shown: %s',
    async (place, { open, hosts }) => {
      const server = await open({ capabilities: {} })
      const asked = await server.ask(propose, rolloutOf(hosts, 2, 3))
      await decideAt(place, server, codeIn(asked), { decision: 'decline' })
      await server.move()
      expect(server.audit().at(-1)).toMatchObject({
        event: 'refused',
        facts: {
          tool: propose,
          kind: 'declined',
          why: `A person said no (a person, ${place === 'page' ? 'on the approval page' : 'in a terminal'}).`,
          shown: { headline: expect.stringMatching(/^Roll/) },
        },
      })
      await verified(server)
    },
  )

  test('reads well: the proposal and the call of a wave', async ({ open, hosts }) => {
    const server = await open()
    await server.ask(propose, rolloutOf(hosts, 2, 3), yes)
    await goOn(server, 1)
    await verified(server)
    const callOf = (tool: string): unknown =>
      server.audit().find(({ facts }) => facts['tool'] === tool)?.facts['call']
    const [id = ''] = plansIn(server.stateDir)
    const digest = stateIn(server.stateDir, id).approval?.digest
    const proposal = (await shownCall(server, callOf(propose))).split('\n')
    expect(proposal).toEqual(
      expect.arrayContaining([
        `call ${callOf(propose)}: car_plan_rollout`,
        '    a yes counts by: client, page, terminal',
        '    by: a person, asked by the client',
        `    rollout ${id}`,
        '        Roll a script out in waves (execute): 2 waves, 5 hosts',
        `    digest: ${digest}`,
        '    outcome: planned',
        `    id: ${id}`,
      ]),
    )
    const wave = (await shownCall(server, callOf('car_execute_script'))).split('\n')
    const at = wave.findIndex((line) => line.startsWith('approved '))
    expect(wave.slice(1, at)).toContain(`    rollout ${id}, wave 1`)
    expect(wave.slice(at + 1)).toEqual([
      '    by: a person, asked by the client',
      `    shown with the digest ${digest}`,
      '    ids of hosts (2):',
      `        ${hosts.slice(0, 2).join(', ')}`,
      '    ids of scripts (1):',
      '        19218',
      expect.stringMatching(/^sent /),
      expect.stringMatching(/^answered /),
      '    outcome: done',
      expect.stringMatching(/^ {4}id: /),
      'in all 0 s',
    ])
  })

  test('holds no secret that a parameter names, and neither does anything else of the rollout', async ({
    open,
    hosts,
    sandbox,
  }) => {
    const secret = 'canary-of-a-parameter-4711'
    const stored = (await sandbox.control.dump('scripts')).find(({ id }) => id === 25209)
    const pin = sha256(Buffer.from(String(stored?.['content']), 'base64'))
    const server = await open({
      settings: {
        QUALYS_CONFIRM: 'delete',
        QUALYS_SECRET_DB_PASSWORD: secret,
        QUALYS_SECRET_DB_PASSWORD_FOR: `25209@${pin}`,
      },
    })
    const args = {
      ...rolloutOf(hosts, 1, 1),
      scriptId: '25209',
      params: [{ key: 'path', secret: 'db-password' }],
    }
    // Whatever QUALYS_CONFIRM says, a person is asked about a secret.
    const proposed = await server.ask(propose, args, yes)
    expect(server.client.questions).toHaveLength(1)
    await server.move()
    const [planId = ''] = plansIn(server.stateDir)
    await server.ask('car_hold_rollout', { planId, reason: `Since ${secret} is due` })
    const resumed = await server.ask(resume, { planId }, yes)
    expect(server.client.questions).toHaveLength(2)
    await goOn(server, 3)
    const sent = (await effectRequests(sandbox.control)).filter(({ body }) =>
      body.includes(Buffer.from(secret).toString('base64')),
    )
    expect(sent).toHaveLength(2)
    expect(stateIn(server.stateDir, planId).phase).toBe('done')
    await verified(server)
    const files = readdirSync(server.stateDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    expect(files.length).toBeGreaterThan(8)
    const texts = [
      proposed.text,
      resumed.text,
      server.log(),
      JSON.stringify(server.client.received),
      ...files,
    ]
    for (const form of [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)])
      expect(texts.findIndex((text) => text.includes(form))).toBe(-1)
  })
})
