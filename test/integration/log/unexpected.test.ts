import { expect, test } from 'vitest'
import { connectInProcess } from '../../../src/tools/server/in-process-client.ts'
import type { Tool } from '../../../src/tools/tool.ts'
import { buildServerParts, optionsForTools } from '../../support/assistant.ts'

const broken: Tool = {
  name: 'broken_tool',
  title: 'Broken tool',
  description: 'Fails as no tool should.',
  effect: 'read',
  input: {},
  run: () => Promise.reject(new TypeError('x is no function')),
}

test('an unexpected error is logged once, with its stack, under its call', async () => {
  const { options, log, close } = buildServerParts({ QUALYS_SANDBOX: '1' })
  const client = await connectInProcess({ ...options, ...optionsForTools(broken) })
  await client.request('tools/call', { name: broken.name, arguments: {} })
  await client.close()
  await close()
  const lines = log.map((line) => JSON.parse(line)).filter(({ level }) => level === 'error')
  expect(lines).toEqual([
    expect.objectContaining({
      call: 1,
      tool: 'broken_tool',
      stack: expect.stringMatching(/^TypeError: x is no function\n +at /),
      msg: 'unexpected',
    }),
  ])
})
