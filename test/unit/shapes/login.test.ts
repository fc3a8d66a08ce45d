import { describe, expect, test } from 'vitest'
import { openInMemory } from '../../support/session/memory.ts'
import { toTransportAnswer } from '../../support/shapes/in-memory.ts'
import { loginRoutes, logins, tokenForms } from '../../support/shapes/logins.ts'
import { expectOutcome, outcomeOf } from '../../support/shapes/shape.ts'

// The meaning of each answer to a login, for each kind of account.

const rows = {
  body: { errorCode: null, message: null, body: { totalCount: 1, list: [{ id: 1, name: 'One' }] } },
}

describe.for(loginRoutes)('%s', ([route, level]) => {
  const byClient = route !== 'POST /auth'
  const client = { QUALYS_CLIENT_ID: 'a-client', QUALYS_CLIENT_SECRET: 'not the secret', ...level }
  const extra = byClient ? client : {}

  test.for(logins.map((shape) => [shape.status ?? 200, shape.name, shape] as const))(
    '%i, %s',
    async ([, , shape]) => {
      const memory = openInMemory(rows, { extra, login: toTransportAnswer(shape) })
      const answer = await memory.call('car_list_script_types')
      expectOutcome(answer, outcomeOf(shape, 'list'), shape)
      expect(answer.text).not.toMatch(/Evil/)
      // A login is tried once, and nothing else is sent without a token.
      expect(memory.logins.map(({ method, path }) => `${method} ${path}`)).toEqual([route])
      expect(memory.sent).toEqual([])
    },
  )

  test.for(tokenForms)('a token is found: %s', async ([, form]) => {
    const token = 'eyJhbGciOiJIUzUxMiJ9.e30.signature'
    const memory = openInMemory(rows, { extra, login: { status: 201, body: form(token) } })
    const { isError, text } = await memory.call('car_list_script_types')
    expect(isError, text).toBe(false)
    expect(memory.sent[0]?.headers).toMatchObject({ authorization: `Bearer ${token}` })
  })
})

test.for([15, 16, 16_000, 16_001])('a token of %i characters', async (length) => {
  const login = { status: 201, body: 'a'.repeat(length) }
  const { isError } = await openInMemory(rows, { login }).call('car_list_script_types')
  expect(isError).toBe(length < 16 || length > 16_000)
})
