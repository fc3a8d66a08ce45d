import { describe, expect } from 'vitest'
import { minimalArgumentsOn } from '../../../support/operations/minimal-arguments.ts'
import { revisions } from '../../../support/service/client.ts'
import { serviceTestOn } from '../../../support/service/fixture.ts'
import { openTestIssuer, publicUrl } from '../../../support/service/issuer.ts'
import { toolManifests } from '../../../support/service/manifests.ts'

// Callers of an OpenID issuer: what their scopes and groups give, and what they are told to ask for.

const test = serviceTestOn()

const effects = toolManifests.filter(({ effect }) => effect !== 'read').map(({ name }) => name)
const metadata = `${publicUrl}/.well-known/oauth-protected-resource/mcp`

describe.each(revisions)('%s', (revision) => {
  test('a token whose scope only reads gets 403 for each effect, with the scope that it lacks', async ({
    serve,
    sandbox,
    upstream,
  }) => {
    const issuer = await openTestIssuer()
    const service = await serve({ callers: {}, settings: { ...issuer.settings, QUALYS_MODE: 'unattended' } })
    const client = service.client('ada', { revision, token: await issuer.token() })
    const least = await minimalArgumentsOn(sandbox.control)
    expect((await client.toolNames()).filter((name) => effects.includes(name))).toEqual([])
    for (const name of effects) {
      const { status, headers, error } = await client.call(name, least[name])
      expect(status, name).toBe(403)
      expect(headers['www-authenticate']).toBe(
        `Bearer resource_metadata="${metadata}", error="insufficient_scope", error_description="The tool has an effect.", scope="qualys.run"`,
      )
      expect(error?.message).toBe(
        `The token lacks the scope for ${name}, which has an effect: get one with the scope qualys.run.`,
      )
    }
    const unknown = await client.call('car_no_such_tool')
    expect([unknown.status, unknown.error?.message]).toEqual([200, 'Tool car_no_such_tool not found'])
    expect(await upstream()).toEqual([])
    expect(service.auditText()).toBe('')
  })

  test('a batch does not get round it', async ({ serve, effects: sent }) => {
    const issuer = await openTestIssuer()
    const service = await serve({ callers: {}, settings: { ...issuer.settings, QUALYS_MODE: 'unattended' } })
    const client = service.client('ada', { revision, token: await issuer.token() })
    const batch = [
      client.messageOf('tools/list'),
      client.messageOf('tools/call', { name: 'car_clone_script', arguments: { scriptId: 61179 } }),
    ]
    const { messages } = await client.post(batch, { headers: { 'mcp-protocol-version': '2025-03-26' } })
    expect(messages.at(-1)?.error).toBeDefined()
    expect(await sent()).toEqual([])
  })
})

test('the token that the challenge asks for runs it', async ({ serve, effects: sent }) => {
  const issuer = await openTestIssuer()
  const service = await serve({ callers: {}, settings: { ...issuer.settings, QUALYS_MODE: 'unattended' } })
  const client = service.client('ada', { token: await issuer.token({ scope: 'openid qualys.run' }) })
  expect((await client.call('car_clone_script', { scriptId: 61179, title: 'A copy' })).isError).toBe(false)
  expect(await sent()).toEqual(['POST /sm/v1/scripts/61179/clone'])
  const [asked] = service.audit().filter(({ event }) => event === 'start')
  expect(asked?.['facts']).toMatchObject({ caller: { name: 'ada', person: 'ada', knownBy: 'issuer' } })
})

test('where groups give roles there is no scope to ask for: the effect is an unknown tool', async ({
  serve,
  upstream,
}) => {
  const issuer = await openTestIssuer({
    'groups:readers': 'viewer',
    'groups:runners': ['viewer', 'operator'],
  })
  const service = await serve({ callers: {}, settings: issuer.settings })
  const client = service.client('ada', { token: await issuer.token({ groups: ['readers'] }) })
  const { status, error, headers } = await client.call('car_clone_script', { scriptId: 61179 })
  expect([status, error?.message]).toEqual([200, 'Tool car_clone_script not found'])
  expect(headers).not.toHaveProperty('www-authenticate')
  expect(await upstream()).toEqual([])
})

test('a token without any role gets 403 with the least scope, and a caller of the file is still let in', async ({
  serve,
}) => {
  const issuer = await openTestIssuer()
  const service = await serve({ callers: { eve: { role: 'viewer' } }, settings: issuer.settings })
  const { status, headers } = await service
    .client('ada', { token: await issuer.token({ scope: 'openid' }) })
    .request('tools/list')
  expect(status).toBe(403)
  expect(headers['www-authenticate']).toContain('error="insufficient_scope"')
  expect(headers['www-authenticate']).toContain('scope="qualys.read"')
  expect((await service.client('eve').request('tools/list')).status).toBe(200)
})

test('an effect that the settings withhold is unknown to all, whatever the scopes', async ({ serve }) => {
  const issuer = await openTestIssuer()
  const service = await serve({ callers: {}, settings: { ...issuer.settings, QUALYS_MODE: 'read-only' } })
  for (const scope of ['qualys.read', 'qualys.run']) {
    const answer = await service
      .client('ada', { token: await issuer.token({ scope }) })
      .call('car_clone_script', { scriptId: 61179 })
    expect([answer.status, answer.error?.message]).toEqual([200, 'Tool car_clone_script not found'])
  }
})

test('callers of the file and of the issuer under one name are two callers', async ({ serve }) => {
  const issuer = await openTestIssuer()
  const service = await serve({ callers: { ada: { role: 'operator' } }, settings: issuer.settings })
  const token = await issuer.token({ scope: 'qualys.run' })
  const clone = ['car_clone_script', { scriptId: 61179, title: 'A copy' }] as const
  const texts = [
    await service.client('ada').call(...clone),
    await service.client('ada', { token }).call(...clone),
  ]
  const codes = texts.map(({ text }) => /approve ([2-9A-Z]{4}-[2-9A-Z]{4})/.exec(text)?.[1])
  expect(new Set(codes).size).toBe(2)
  expect(codes).not.toContain(undefined)
})

test('the metadata names the issuer, and only then exists', async ({ serve }) => {
  const issuer = await openTestIssuer()
  const service = await serve({ callers: {}, settings: issuer.settings })
  const client = service.client('nobody')
  for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource']) {
    const { status, body } = await client.post('', {
      path,
      method: 'GET',
      headers: { authorization: undefined },
    })
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({
      resource: `${publicUrl}/mcp`,
      authorization_servers: [issuer.url],
    })
  }
  const refused = await client.post('', { headers: { authorization: undefined } })
  expect(refused.headers['www-authenticate']).toBe(`Bearer resource_metadata="${metadata}"`)
  const alone = await serve({})
  const path = '/.well-known/oauth-protected-resource/mcp'
  expect((await alone.client('nobody').post('', { path, method: 'GET' })).status).toBe(404)
  expect((await alone.client('x', { token: 'short' }).post('')).headers['www-authenticate']).not.toContain(
    'resource_metadata',
  )
})
