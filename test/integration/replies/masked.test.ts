import { expect } from 'vitest'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import type { Tool } from '../../../src/tools/tool.ts'
import { buildServerParts, optionsForTools, readToolReply } from '../../support/assistant.ts'
import { environmentFor } from '../../support/environment.ts'
import { testOn } from '../../support/fixtures.ts'

// What the server masks last is counted too: a tool may pass on what it has not looked at.

const test = testOn({ jobs: 10 })
const secret = 'tr0ub4dor-and-3'

const careless: Tool = {
  name: 'car_careless',
  title: 'Careless',
  description: 'Passes on what it reads.',
  effect: 'read',
  input: {},
  run: async () => ({ summary: 'one row', body: `value: ${secret}`, rows: [{ value: secret }] }),
}

test('a secret that only the server masks is told in both forms', async ({ sandbox }) => {
  const parts = buildServerParts(environmentFor(sandbox, { QUALYS_SECRET_DB: secret }))
  const client = await connectInProcess({ ...parts.options, ...optionsForTools(careless) })
  const call = async (form: 'text' | 'json') =>
    readToolReply(
      await client.request('tools/call', {
        ...{ name: careless.name, arguments: {} },
        _meta: { 'qualys-mcp/reply': form },
      }),
    )
  const { text } = await call('text')
  const { structured, text: brief } = await call('json')
  await client.close()
  await parts.close()
  expect(text).toBe('one row\nvalue: [masked-by-qualys-mcp]\nNote: 1 value is masked.')
  expect(structured).toMatchObject({
    rows: [{ value: '[masked-by-qualys-mcp]' }],
    note: '1 value is masked.',
  })
  expect(brief).toContain('\nNote: 1 value is masked.')
})
