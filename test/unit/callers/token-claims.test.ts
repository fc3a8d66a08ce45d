import { describe, expect, test } from 'vitest'
import type { RoleRule } from '../../../src/config/service/parsers.ts'
import { callerOfClaims, rolesIn, scopesFor } from '../../../src/service/callers/token-claims.ts'
import { roleRules } from '../../support/callers/memory-issuer.ts'

// What the claims of a verified token say of its caller.

const rule = (claim: string, value: string): readonly RoleRule[] => [{ claim, value, roles: ['viewer'] }]

describe('a role comes from', () => {
  test.each<[string, object, readonly RoleRule[]]>([
    ['a word of a text', { scope: 'openid qualys.read' }, rule('scope', 'qualys.read')],
    ['a whole text with a blank', { department: 'IT Security' }, rule('department', 'IT Security')],
    ['a member of a list', { groups: ['a', 'qualys viewers'] }, rule('groups', 'qualys viewers')],
    ['a list within an object', { realm_access: { roles: ['q'] } }, rule('realm_access.roles', 'q')],
    ['a claim with a dot in its name', { 'corp.roles': ['q'] }, rule('corp.roles', 'q')],
    ['true', { is_viewer: true }, rule('is_viewer', 'true')],
    ['a number', { tenant: 7 }, rule('tenant', '7')],
  ])('%s', (_what, claims, rules) => {
    expect(rolesIn({ ...claims }, rules)).toEqual(new Set(['viewer']))
  })

  test.each<[string, object, readonly RoleRule[]]>([
    ['a part of a word', { scope: 'qualys.reader my-qualys.read' }, rule('scope', 'qualys.read')],
    ['a part of a member', { groups: ['x q', 'qq'] }, rule('groups', 'q')],
    ['another case', { groups: ['Q'] }, rule('groups', 'q')],
    ['the name of a member', { groups: { q: true } }, rule('groups', 'q')],
    ['a list in a list', { groups: [['q']] }, rule('groups', 'q')],
    ['what every object has', {}, rule('constructor.name', 'Object')],
    ['no claim', {}, rule('scope', 'undefined')],
    ['null', { groups: [null], scope: null }, rule('groups', 'q')],
  ])('not from %s', (_what, claims, rules) => {
    expect(rolesIn({ ...claims }, rules).size).toBe(0)
  })

  test('every rule that fits, each role once', () => {
    const claims = { scope: 'qualys.read qualys.run', realm_access: { roles: ['qualys-admins'] } }
    expect(rolesIn(claims, roleRules)).toEqual(new Set(['viewer', 'operator', 'admin']))
  })
})

describe('the caller', () => {
  const claims = { sub: 'ada', exp: 1_800_000_000, scope: 'qualys.read' }

  test('is the subject until the token expires', () => {
    expect(callerOfClaims(claims, roleRules)).toEqual({
      name: 'ada',
      person: 'ada',
      knownBy: 'issuer',
      roles: new Set(['viewer']),
      expiresAt: 1_800_000_000_000,
    })
  })

  test('has a name of at most 64 safe characters, and two subjects never share one', () => {
    const subjects = ['auth0|7', 'auth0/7', 'x'.repeat(65), 'x'.repeat(66), `${'x'.repeat(64)}é`]
    const names = subjects.map((sub) => callerOfClaims({ ...claims, sub }, roleRules).name)
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9._@-]{1,64}$/)
    expect(new Set(names).size).toBe(subjects.length)
    expect(names[0]).toMatch(/^auth0_7-[0-9a-f]{16}$/)
    expect(callerOfClaims({ ...claims, sub: 'auth0|7' }, roleRules).person).toBe('auth0|7')
  })

  test.each([undefined, '', ' ', 7, ['ada'], 'ada\nroot', 'a\u202eda', 'x'.repeat(256)])(
    'is nobody with the subject %j',
    (sub) => {
      expect(() => callerOfClaims({ ...claims, sub }, roleRules)).toThrow('The token is refused: malformed.')
    },
  )

  test('without a role is refused', () => {
    expect(() => callerOfClaims({ ...claims, scope: 'openid' }, roleRules)).toThrow(
      'The token is refused: no role.',
    )
  })
})

describe('scopes', () => {
  test('are those of the rules that give one of the roles, each once', () => {
    expect(scopesFor(roleRules, ['viewer'])).toEqual(['qualys.read', 'qualys.run'])
    expect(scopesFor(roleRules, ['operator'])).toEqual(['qualys.run'])
    expect(scopesFor(roleRules, ['admin'])).toEqual([])
    expect(scopesFor([...roleRules, ...rule('scp', 'qualys.read')], ['viewer'])).toEqual([
      'qualys.read',
      'qualys.run',
    ])
  })

  test('that no header can hold are left out', () => {
    const values = ['two words', 'a"b', 'a\\b', 'line\r\nSet-Cookie: x', 'grün']
    expect(values.flatMap((value) => scopesFor(rule('scope', value), ['viewer']))).toEqual([])
  })
})
