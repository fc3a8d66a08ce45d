import { describe, expect, test } from 'vitest'
import type { Role } from '../../../src/config/service/parsers.ts'
import { readSettings } from '../../../src/config/settings.ts'
import type { ServiceCaller } from '../../../src/service/callers/caller.ts'
import { rightsOf } from '../../../src/service/page/rights.ts'
import type { AskedCall } from '../../../src/tools/effects/approval/page/contract.ts'
import { catalogueOf } from '../../../src/tools/server/catalogue.ts'

// What a person who is logged in sees and decides.

const catalogue = catalogueOf(readSettings({}, { QUALYS_UNVERIFIED: 'all' }).settings)

const callerWith = (
  roles: readonly Role[],
  more: Partial<Pick<ServiceCaller, 'name' | 'person' | 'toolsets' | 'knownBy'>> = {},
): ServiceCaller => ({ name: 'eve', person: 'Eve', knownBy: 'callers file', roles: new Set(roles), ...more })

const record: AskedCall['record'] = {
  v: 1,
  server: 'server',
  account: 'account',
  platform: 'sandbox',
  caller: 'http:ada',
  tool: 'car_clone_script',
  effect: 'create',
  arguments: 'a'.repeat(64),
  preview: 'b'.repeat(64),
  id: 'c'.repeat(32),
  asked: '2027-03-01T12:00:00.000Z',
  until: '2027-03-01T12:10:00.000Z',
}

interface Differences {
  readonly caller?: string
  readonly tool?: string
  readonly person?: string | undefined
  readonly needsOther?: true
}

const callWith = ({
  caller = 'http:ada',
  tool = 'car_clone_script',
  ...more
}: Differences = {}): AskedCall => {
  const { person, needsOther } = { person: 'Ada', ...more }
  return {
    record: { ...record, caller, tool },
    ...(person !== undefined && { person }),
    ...(needsOther && { needsOther }),
  }
}

const sees = (caller: ServiceCaller, call = callWith()): boolean => rightsOf(caller, catalogue).sees(call)
const obstacle = (caller: ServiceCaller, call = callWith()): string | undefined =>
  rightsOf(caller, catalogue).obstacle(call)

describe('a call is seen', () => {
  test.each<[string, ServiceCaller, AskedCall]>([
    ['by its caller', callerWith(['operator'], { name: 'ada', person: 'Somebody' }), callWith()],
    ['by its person', callerWith(['viewer'], { person: 'Ada' }), callWith()],
    ['by its person, spelled otherwise', callerWith(['viewer'], { person: ' ADA\u200b' }), callWith()],
    [
      'by its caller of the issuer',
      callerWith(['viewer'], { name: 'ada', knownBy: 'issuer' }),
      callWith({ caller: 'oidc:ada' }),
    ],
    ['by an approver', callerWith(['approver']), callWith()],
    ['by an approver of its product', callerWith(['approver'], { toolsets: ['car'] }), callWith()],
    ['by an approver of its toolset', callerWith(['approver'], { toolsets: ['car.scripts'] }), callWith()],
    ['by an admin', callerWith(['admin'], { toolsets: ['saq'] }), callWith()],
    ['by an approver, of a tool that is gone', callerWith(['approver']), callWith({ tool: 'car_gone' })],
  ])('%s', (_who, caller, call) => {
    expect(sees(caller, call)).toBe(true)
  })

  test.each<[string, ServiceCaller, AskedCall]>([
    ['by a viewer', callerWith(['viewer']), callWith()],
    ['by another operator', callerWith(['operator']), callWith()],
    [
      'by a caller of the same name of the issuer',
      callerWith(['viewer'], { name: 'ada', knownBy: 'issuer' }),
      callWith(),
    ],
    ['by an approver of another product', callerWith(['approver'], { toolsets: ['saq'] }), callWith()],
    ['by an approver of another toolset', callerWith(['approver'], { toolsets: ['car.runs'] }), callWith()],
    [
      'by an approver of some toolsets, of a tool that is gone',
      callerWith(['approver'], { toolsets: ['car'] }),
      callWith({ tool: 'car_gone' }),
    ],
    ['of stdio, by an admin', callerWith(['admin', 'approver']), callWith({ caller: 'stdio' })],
    [
      'of a caller without a person, by nobody in particular',
      callerWith(['viewer'], { person: '' }),
      callWith({ person: undefined }),
    ],
  ])('not %s', (_who, caller, call) => {
    expect(sees(caller, call)).toBe(false)
  })
})

describe('a call is decided', () => {
  test('by an approver, their own one too', () => {
    expect(obstacle(callerWith(['approver']))).toBeUndefined()
    expect(obstacle(callerWith(['operator', 'approver'], { name: 'ada', person: 'Ada' }))).toBeUndefined()
    expect(obstacle(callerWith(['approver']), callWith({ needsOther: true }))).toBeUndefined()
  })

  test.each<[string, ServiceCaller, AskedCall, RegExp]>([
    ['without the role', callerWith(['viewer', 'operator', 'admin']), callWith(), /role approver/],
    [
      'outside of their toolsets',
      callerWith(['approver', 'admin'], { toolsets: ['saq'] }),
      callWith(),
      /toolsets/,
    ],
    [
      'by its person',
      callerWith(['approver'], { person: 'Ada' }),
      callWith({ needsOther: true }),
      /Another person/,
    ],
    [
      'by its person, spelled otherwise',
      callerWith(['approver'], { person: 'ada' }),
      callWith({ needsOther: true }),
      /Another person/,
    ],
    [
      'by its caller, whatever person that is now',
      callerWith(['approver'], { name: 'ada', person: 'Eve' }),
      callWith({ needsOther: true }),
      /Another person/,
    ],
    [
      'where nobody says who asks',
      callerWith(['approver']),
      callWith({ needsOther: true, person: undefined }),
      /Another person/,
    ],
  ])('not %s', (_how, caller, call, sentence) => {
    const fault = obstacle(caller, call)
    expect(fault).toMatch(sentence)
    expect(fault).toMatch(/^[A-Z].*\.$/)
  })
})
