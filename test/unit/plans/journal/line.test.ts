import { describe, expect, test } from 'vitest'
import { hashAfter, lineText, nextLine, readLine } from '../../../../src/tools/plans/journal/line.ts'
import type { PlanApproval, PlanEvent, PlanLine } from '../../../../src/tools/plans/plan.ts'
import {
  allEvents,
  planId,
  proposed,
  sampleApproval,
  samplePlan,
  sampleWave,
} from '../../../support/plans/plan-lines.ts'

// What a line may hold: all that this program writes, and nothing else.

const writing = { at: 1, who: 'somebody' }
const write = (event: PlanEvent): PlanLine => nextLine(planId, [], event, writing).line
const read = (line: PlanLine) => readLine(Buffer.from(lineText(line)), line)

const rich = samplePlan({
  caller: {
    id: 'http:ci',
    named: { name: 'ci', person: 'somebody', knownBy: 'callers file' },
    tags: ['7588'],
    maxAssetsPerRun: 50,
  },
  description: 'Ticket 7',
  fleetTag: { id: '7588', name: 'Lab' },
  options: { params: [{ name: 'a', value: 'b' }], reboot: true },
  window: 'Mon-Fri 22:00-04:00 UTC',
  tool: 'car_plan_rerun',
})

const onPage: PlanApproval = {
  ...sampleApproval(),
  way: 'elsewhere',
  approval: {
    way: 'page',
    by: 'passkey',
    person: 'somebody',
    passkey: { credentialId: 'id', assertion: { response: {} } },
    at: 1,
    seal: 'a'.repeat(64),
  },
  asker: { name: 'ci', person: 'else', knownBy: 'issuer' },
}

const events: readonly PlanEvent[] = [
  ...allEvents(samplePlan()),
  proposed(rich),
  { kind: 'approved', approval: onPage },
  { kind: 'approved', approval: { ...sampleApproval(), way: 'settings' } },
]

describe('a line', () => {
  test.each(events.map((event, index) => [`${index} (${event.kind})`, event] as const))(
    'is read as it was written: event %s',
    (_, event) => {
      const line = write(event)
      expect(line).toMatchObject(event)
      expect(read(line)).toEqual(line)
    },
  )

  test.each(events.map((event, index) => [`${index} (${event.kind})`, event] as const))(
    'holds nothing that this program does not know, and lacks nothing: event %s',
    (_, event) => {
      const line = write(event)
      expect(read(Object.assign({ more: 1 }, line))).toMatch(/not what this version/)
      for (const name of ['v', 'id', 'seq', 'prev', 'at', 'who', 'kind']) {
        const { [name as keyof PlanLine]: _removed, ...rest } = line
        expect(readLine(Buffer.from(lineText(rest as PlanLine)), line), name).toMatch(/not what this version/)
      }
    },
  )

  const wave = sampleWave()
  const badPlans: Record<string, object> = {
    'of a later version': { v: 2 },
    'without waves': { waves: [] },
    'with a wave without hosts': { waves: [{ ...wave, hosts: [] }] },
    'with a wave that says more': { waves: [{ ...wave, more: 1 }] },
    'without a rule of stopping': { stopAfter: {} },
    'with a bound of two kinds': { leftOut: { hosts: 1, percent: 1 } },
    'with a share of more than all': { notReported: { percent: 101 } },
    'with a number as an id': { fleet: [1] },
    'with a script without a hash': { script: { id: '1', title: 'a', sha256: 'b' } },
    'of another tool': { tool: 'car_execute_script' },
    'with a caller who has more': { caller: { id: 'stdio', more: 1 } },
    'with a name of Object': { options: JSON.parse('{"__proto__":{"a":1}}') },
  }

  test.each(Object.entries(badPlans))('holds no plan %s', (_, changes) => {
    expect(() => write(proposed({ ...samplePlan(), ...changes }))).toThrow(/is not written/)
  })

  test('is the same text whatever the order of its members', () => {
    const reversed = Object.fromEntries(Object.entries(samplePlan()).reverse()) as never
    expect(lineText(write(proposed(reversed)))).toBe(lineText(write(proposed(samplePlan()))))
  })

  test('is followed by one that names its hash', () => {
    const first = write(proposed(samplePlan()))
    const { line, text } = nextLine(planId, [first], { kind: 'expired' }, writing)
    expect(line.prev).toBe(hashAfter(first))
    expect(readLine(Buffer.from(text), { id: planId, seq: 2, prev: hashAfter(first) })).toEqual(line)
    expect(readLine(Buffer.from(text), { id: planId, seq: 2, prev: 'a'.repeat(64) })).toMatch(
      /does not continue/,
    )
  })
})
