import { describe, expect } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { loginRoutes, logins, tokenForms } from '../../support/shapes/logins.ts'
import { serveAnswer, test } from '../../support/shapes/over-http.ts'
import { expectOutcome, outcomeOf } from '../../support/shapes/shape.ts'

// Each answer to a login of each kind of account, through the whole stack.

const each = loginRoutes.flatMap(([route, level]) =>
  logins.map((shape) => [route, shape.status ?? 200, shape.name, { shape, level }] as const),
)

test.for(each)('%s: %i, %s', async ([route, , , { shape, level }], { sandbox }) => {
  const { clientId, clientSecret } = sandbox
  const client = { QUALYS_CLIENT_ID: clientId, QUALYS_CLIENT_SECRET: clientSecret, ...level }
  const environment = { QUALYS_MAX_WAIT_SECONDS: '0', ...(route !== 'POST /auth' && client) }
  const assistant = await openAssistantOn(sandbox, environment)
  await serveAnswer(sandbox.control, route, shape)
  const answer = await assistant.call('car_list_script_types')
  await assistant.close()
  expectOutcome(answer, outcomeOf(shape, 'list'), shape)
  expect(answer.text).not.toMatch(/Evil/)
  // A login is tried once, and nothing else is sent without a token.
  expect(await sandbox.control.requests()).toHaveLength(1)
})

describe('a token is found', () => {
  test.for(tokenForms)('%s', async ([, form], { sandbox, assistant }) => {
    const { gatewayUrl, username, password } = sandbox
    const body = new URLSearchParams({ username, password, token: 'true' })
    const token = await (await fetch(`${gatewayUrl}/auth`, { method: 'POST', body })).text()
    await serveAnswer(sandbox.control, 'POST /auth', {
      status: 201,
      body: form(token),
      contentType: 'text/html',
    })
    expect((await assistant.call('car_list_script_types')).isError).toBe(false)
  })
})
