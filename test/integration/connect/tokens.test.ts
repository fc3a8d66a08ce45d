import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { temporaryFolder } from '../../support/connect/folder.ts'
import { connectAs, StdioClient, textOf } from '../../support/connect/stdio-client.ts'
import { tokenOf } from '../../support/service/callers.ts'
import { serviceTestOn } from '../../support/service/fixture.ts'

// Tokens of the callers file of the real service.

const test = serviceTestOn()

/** Everything that a client and its operator get to see. */
const seen = ({ messages, log, announced }: StdioClient): string => JSON.stringify([messages, log, announced])

test('a wrong token: the client gets the words of the service', async ({ serve }) => {
  const client = connectAs(await serve(), 'nobody')
  const refusal = { code: -32_000, message: 'The token belongs to no caller: ask the operator for one.' }
  expect((await client.initialize()).error).toEqual(refusal)
  expect((await client.call('car_list_script_types')).error).toEqual(refusal)
  expect(seen(client)).not.toContain('canary')
})

test('without a token: the client is told where to put one', async ({ serve }) => {
  const { url } = await serve()
  const client = new StdioClient(`${url}/mcp`)
  const { error } = await client.initialize()
  expect(error?.message).toBe(
    `${url}/mcp asks for a token: set QUALYS_CONNECT_TOKEN_FILE (--token-file) to a file with the token of a caller, or QUALYS_CONNECT_CLIENT_ID (--client-id) to log in.`,
  )
})

test('a new token in the file is used with the next request', async ({ serve }) => {
  const tokenFile = join(temporaryFolder(), 'token')
  const write = (name: string): void => writeFileSync(tokenFile, `${tokenOf(name)}\n`, { mode: 0o600 })
  const service = await serve({ callers: { ada: { role: 'viewer' }, bob: { role: 'viewer' } } })
  write('nobody')
  const client = new StdioClient(`${service.url}/mcp`, { tokenFile })
  expect((await client.initialize()).error).toBeDefined()
  const callers: unknown[] = []
  for (const name of ['ada', 'bob']) {
    write(name)
    expect((await client.initialize()).result).toBeDefined()
    callers.push(service.lines().findLast(({ msg }) => msg === 'request ended')?.['caller'])
  }
  expect(callers).toEqual(['http:ada', 'http:bob'])
  expect(seen(client)).not.toContain('canary')
})

test('a file that is gone fails the request, which is not sent', async ({ serve }) => {
  const service = await serve()
  const client = connectAs(service)
  await client.initialize()
  writeFileSync(join(service.folder, 'token-of-ada'), '')
  const answer = await client.call('car_list_script_types')
  expect(textOf(answer)).toBe(
    'The file that QUALYS_CONNECT_TOKEN_FILE (--token-file) names is empty: write the secret into it. Nothing was sent.',
  )
})

test('an effect without the role is an unknown tool, here as there', async ({ serve, effects }) => {
  const client = connectAs(await serve({ callers: { ada: { role: 'viewer' } } }))
  await client.initialize({ elicitation: {} })
  const answer = await client.call('car_delete_blocked_commands', { commandIds: [102] })
  expect(answer.error?.message).toContain('car_delete_blocked_commands')
  expect(await effects()).toEqual([])
})
