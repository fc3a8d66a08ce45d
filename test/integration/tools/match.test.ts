import { afterAll, beforeAll, expect, test } from 'vitest'
import { assistantOn } from '../../support/assistant.ts'
import { openSandbox } from '../../support/sandbox.ts'

// What match tells must not tell a secret: it sees what is shown.

let sandbox: Awaited<ReturnType<typeof openSandbox>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 100 })
})
afterAll(() => sandbox.close())

const secret = 'tr0ub4dor-and-3'

test.each(['tr0', 'tr0ub', secret])('a secret is not found by %s', async (match) => {
  const rows = { totalCount: 1, list: [{ id: '7', name: `printed ${secret} today`, platform: 'LINUX' }] }
  await sandbox.control.faults([{ route: 'POST /sm/v1/assets/search', kind: 'reply', body: { body: rows } }])
  const assistant = await assistantOn(sandbox, { QUALYS_SECRET_DB: secret })
  const found = async (words: string) =>
    (await assistant.call('car_search_assets', { match: words }, 'json')).structured.returned
  expect(await found('printed today')).toBe(1)
  expect(await found(match)).toBe(0)
  await assistant.close()
})
