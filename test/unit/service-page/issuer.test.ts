import { describe, expect, test } from 'vitest'
import type { RoleRule } from '../../../src/config/service/parsers.ts'
import { WebError } from '../../../src/service/outbound/web.ts'
import { factsOfFault, loginFaultOf } from '../../../src/service/page/issuer/issuer-errors.ts'
import { askedOf } from '../../../src/service/page/issuer/issuer-scopes.ts'
import { LoginFault } from '../../../src/service/page/issuer/login-fault.ts'

const rules: readonly RoleRule[] = [
  { claim: 'groups', value: 'approvers', roles: ['approver'] },
  { claim: 'realm_access.roles', value: 'q', roles: ['viewer'] },
  { claim: 'scope', value: 'qualys.read', roles: ['viewer'] },
  { claim: 'scp', value: 'qualys.approve', roles: ['approver'] },
]
const audience = ['api-of-qualys', 'https://mcp.example.com/mcp#x', 'https://mcp.example.com/mcp']

describe('a login asks for', () => {
  test.each<[string, readonly string[] | undefined, object]>([
    [
      'the scopes and the claims that give roles, as far as the issuer lists them',
      ['openid', 'groups', 'qualys.approve', 'email'],
      { scope: 'openid groups qualys.approve', resource: 'https://mcp.example.com/mcp' },
    ],
    [
      'the scopes alone where it lists none',
      undefined,
      { scope: 'openid qualys.read qualys.approve', resource: 'https://mcp.example.com/mcp' },
    ],
    // As Entra ID does, which refuses `resource` and short names of scopes.
    ['nothing else where it lists neither', ['openid', 'profile', 'email'], { scope: 'openid' }],
    ['no resource for groups alone', ['openid', 'groups'], { scope: 'openid groups' }],
  ])('%s', (_what, offered, asked) => {
    expect(askedOf(rules, audience, offered)).toEqual(asked)
  })

  test('no resource where no audience can be one', () => {
    expect(askedOf(rules, ['api-of-qualys'], undefined)).not.toHaveProperty('resource')
  })
})

const named = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more })

describe('an error of a login', () => {
  const away = new WebError('id.example.com does not answer', { isSent: false, isAway: true })
  const wrapped = new Error('something went wrong', { cause: away })

  test.each<[string, unknown, LoginFault['reason']]>([
    ['of the network', away, 'away'],
    ['of the network, within another', wrapped, 'away'],
    ['of time', named('TimeoutError', 'too long'), 'away'],
    ['of a busy issuer', named('AuthorizationResponseError', 'x', { error: 'server_error' }), 'away'],
    [
      'of a person who declines',
      named('AuthorizationResponseError', 'x', { error: 'access_denied' }),
      'refused',
    ],
    ['of a client', named('ResponseBodyError', 'x', { error: 'invalid_client' }), 'failed'],
    ['of anything else', new Error('odd'), 'failed'],
    ['of no error at all', 'odd', 'failed'],
    ['that is one already', new LoginFault('no role'), 'no role'],
  ])('%s is told as %3$s', (_what, error, reason) => {
    const fault = loginFaultOf(error)
    expect(fault.reason).toBe(reason)
    expect(fault.message).toMatch(/^[A-Z][^.]+\.$/)
    expect(fault.message).not.toContain('odd')
  })

  test('is logged by words of the library and of the standard, never by what an answer quotes', () => {
    const quoting = named('SyntaxError', 'Unexpected token "eyJhbGciOi"', {})
    const error = named('ClientError', 'parsing error occured', { cause: quoting })
    expect(factsOfFault(loginFaultOf(error))).toEqual({
      reason: 'failed',
      error: 'parsing error occured: SyntaxError',
    })
    const refused = named('ResponseBodyError', 'server responded with an error', {
      error: 'invalid_grant',
      error_description: 'the code abc is unknown',
    })
    expect(factsOfFault(loginFaultOf(refused))).toEqual({
      reason: 'failed',
      error: 'server responded with an error invalid_grant',
    })
    const odd = named('AuthorizationResponseError', 'an error', { error: 'x=<secret>' })
    expect(JSON.stringify(factsOfFault(loginFaultOf(odd)))).not.toContain('secret')
    expect(factsOfFault(loginFaultOf(wrapped)).error).toContain('id.example.com does not answer')
    expect(factsOfFault(new LoginFault('over'))).toEqual({ reason: 'over' })
  })
})
