import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import { digestOf } from '../../../../src/tools/effects/approval/approval-record.ts'
import type { PlanApproval, RolloutPlan } from '../../../../src/tools/plans/plan.ts'
import { inTerminal, onPage } from '../../../support/approvals/decisions.ts'
import { removeFiles } from '../../../support/forged/approved-files.ts'
import { softwareKey } from '../../../support/passkeys/software-key.ts'
import { countRuns, decideAt, approvalTest as test } from '../../../support/plans/approval-server.ts'
import { openForger, otherPlan, signed, writeLine, yesOf } from '../../../support/plans/forged-plans.ts'
import { linesIn, stateIn } from '../../../support/plans/rollout-test.ts'

// Lines of a journal that somebody wrote by hand, each with the right number and hash: what decides is the signature.

test('a yes that nobody signed lets nothing run, whatever the journal says', async ({
  open,
  hosts,
  sandbox,
}) => {
  const { server, key, stateDir, propose } = await openForger(open)
  const right = await propose(hosts)
  await decideAt('passkey', server, right.code, { key })
  await server.move()
  expect(await countRuns(sandbox)).toBe(1)
  const real = yesOf(stateDir, right.plan)
  const stranger = softwareKey()
  /** What is written about a plan that waits, and what is said of it. */
  const forgeries: readonly (readonly [
    string,
    (waiting: Awaited<ReturnType<typeof propose>>) => PlanApproval,
    string | RegExp,
  ])[] = [
    ['the yes to another rollout', () => real, otherPlan],
    ['its record with the digest of another', ({ file }) => ({ ...real, record: file.record }), otherPlan],
    ['the record of another with its digest', ({ file }) => ({ ...real, digest: file.digest }), otherPlan],
    [
      'its record with the signature of another',
      ({ file: { record, digest } }) => ({ ...real, record, digest }),
      /^The passkey signed another request than this one/,
    ],
    [
      'a record that names its arguments, and the old signature',
      ({ file }) => {
        const record = { ...real.record, arguments: file.record.arguments }
        return { ...real, record, digest: digestOf(record) }
      },
      /^The passkey signed another request than this one/,
    ],
    [
      'the signature of a key that is not pinned',
      ({ file: { record, digest } }) => ({
        ...real,
        record,
        digest,
        approval: signed(server, stranger, digest),
      }),
      /^This passkey is not in the file of passkeys/,
    ],
    [
      'that signature under the id of the pinned key',
      ({ file: { record, digest } }) => {
        const { passkey, ...approval } = signed(server, stranger, digest)
        const { credentialId } = key
        const assertion = { ...passkey?.assertion, id: credentialId, rawId: credentialId }
        return { ...real, record, digest, approval: { ...approval, passkey: { credentialId, assertion } } }
      },
      /^The signature /,
    ],
    [
      'the yes of another person',
      ({ file: { record, digest } }) => ({
        ...real,
        record,
        digest,
        approval: { ...signed(server, key, digest), person: 'Bert' },
      }),
      /Bert/,
    ],
    [
      'a passkey without a signature',
      ({ file: { record, digest } }) => ({
        ...real,
        record,
        digest,
        approval: { way: 'page', by: 'passkey', at: 1 },
      }),
      /^The approval with a passkey came without a signature/,
    ],
    [
      'a page key',
      ({ file: { record, digest } }) => ({ ...real, record, digest, approval: onPage() }),
      /^It was approved on the approval page, but only a passkey/,
    ],
    [
      'a terminal',
      ({ file: { record, digest } }) => ({ ...real, record, digest, approval: inTerminal() }),
      /^It was approved in a terminal, but only a passkey/,
    ],
    [
      'nothing',
      ({ file: { record, digest } }) => ({ record, digest, approvedBy: 'Anna', way: 'elsewhere' }),
      /^The approval does not say how it was given/,
    ],
    [
      'a form',
      ({ file: { record, digest } }) => ({ record, digest, approvedBy: 'a person', way: 'form' }),
      /^It was approved in a form of the client, but only a passkey/,
    ],
    [
      'settings that ask nobody',
      ({ file: { record, digest } }) => ({ record, digest, approvedBy: 'settings', way: 'settings' }),
      /^It was let through by settings that ask nobody/,
    ],
    [
      'another caller who asked',
      ({ file: { record, digest } }) => ({
        ...real,
        record,
        digest,
        approval: signed(server, key, digest),
        asker: { name: 'ada', person: 'Ada', knownBy: 'callers file' },
      }),
      otherPlan,
    ],
  ]
  for (const [name, forge, why] of forgeries) {
    const waiting = await propose(hosts)
    const { id } = waiting.plan
    writeLine(stateDir, id, { kind: 'approved', approval: forge(waiting) })
    await server.move()
    const { phase, held } = stateIn(stateDir, id)
    const said = typeof why === 'string' ? why : expect.stringMatching(why)
    expect([phase, held?.reason, held?.why], name).toEqual(['held', 'approval', said])
    removeFiles(stateDir, 'pending')
  }
  expect(await countRuns(sandbox)).toBe(1)
  // With the signature that is missing, each of them would have run.
  const { plan, file } = await propose(hosts)
  const { record, digest } = file
  writeLine(stateDir, plan.id, {
    kind: 'approved',
    approval: { ...real, record, digest, approval: signed(server, key, digest) },
  })
  await server.move()
  expect(await countRuns(sandbox)).toBe(2)
})

describe('a rollout that was changed after its yes', () => {
  const changes: Readonly<
    Record<string, (plan: RolloutPlan, hosts: readonly string[]) => Partial<RolloutPlan>>
  > = {
    'other hosts': ({ waves }, hosts) => ({
      waves: waves.map((wave, at) => (at === 0 ? { ...wave, hosts: [hosts[9] ?? ''] } : wave)),
    }),
    'another script': ({ script }) => ({ script: { ...script, id: '16515' } }),
    'other content': ({ script }) => ({ script: { ...script, sha256: 'a'.repeat(64) } }),
    'another limit of failures': () => ({ stopAfter: { all: { percent: 100 } } }),
    'no pause': ({ waves }) => ({ waves: waves.map((wave) => ({ ...wave, soakMinutes: 0 })) }),
    'no approval of its waves': ({ waves }) => ({
      waves: waves.map((wave) => ({ ...wave, needsApproval: false })),
    }),
    'another caller': () => ({ caller: { id: 'http:ada' } }),
    'more options': () => ({ options: { rebootAfterScriptExecution: true } }),
  }

  test('is held, with the yes that it had', async ({ open, hosts, sandbox }) => {
    const { server, key, stateDir, propose } = await openForger(open)
    for (const [name, change] of Object.entries(changes)) {
      const { plan, file } = await propose(hosts, name === 'no approval of its waves')
      const [first] = linesIn(stateDir, plan.id)
      if (first?.kind !== 'proposed') throw new Error('it begins with something else')
      const { record, digest } = file
      const approval: PlanApproval = {
        record,
        digest,
        approvedBy: 'Anna',
        way: 'elsewhere',
        approval: signed(server, key, digest),
      }
      rmSync(join(stateDir, 'plans', plan.id), { recursive: true })
      writeLine(stateDir, plan.id, {
        kind: 'proposed',
        digest: first.digest,
        plan: { ...plan, ...change(plan, hosts) },
      })
      writeLine(stateDir, plan.id, { kind: 'approved', approval })
      await server.move()
      const { phase, held } = stateIn(stateDir, plan.id)
      expect([phase, held?.reason, held?.why], name).toEqual(['held', 'approval', otherPlan])
    }
    expect(await countRuns(sandbox)).toBe(0)
  })
})
