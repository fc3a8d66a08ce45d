import { describe, expect } from 'vitest'
import { mask } from '../../../src/shared/secrets.ts'
import { effectTest } from '../../support/effects/fixtures.ts'
import { minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'
import { validScript } from '../../support/operations/refused/scripts.ts'
import { effectRequests } from '../../support/sandbox.ts'

// What was masked when it was read goes back through no tool. (Each spelling of a mask: test/unit/limits.)

const test = effectTest()

test('a script that is read, changed and passed back is refused, and stays as it is', async ({
  sandbox,
  server,
  audit,
}) => {
  const content = '#!/bin/sh\ngit clone https://svc:Secret12345@repo.example/x\necho old\n'
  const created = await server.call('car_create_script', { ...validScript, content })
  const scriptId = /^script (\d+) "[^"]*" created/.exec(created.text)?.[1]
  const { text } = await server.call('car_get_script', { scriptId })
  const line = /git clone .*/.exec(text)?.[0] ?? ''
  expect(line).toBe(`git clone https://${mask}@repo.example/x`)
  const before = (await effectRequests(sandbox.control)).length
  const update = { scriptId, content: `#!/bin/sh\n${line}\necho new\n`, comment: 'says new' }
  const { text: refusal, error } = await server.call('car_update_script', update)
  expect(refusal).toMatch(/^content \(line 2\) holds \[masked-by-qualys-mcp\], which stands for a secret/)
  expect(error).toMatchObject({ kind: 'input' })
  expect(await effectRequests(sandbox.control)).toHaveLength(before)
  expect(audit.events().slice(-2)).toEqual(['asked', 'refused'])
})

describe('before anything is looked up', () => {
  const places: readonly (readonly [tool: string, args: object, says: RegExp])[] = [
    ['car_create_script', { description: `uses ${mask}` }, /^description holds .* Leave description out/],
    ['car_execute_script', { params: [{ key: 'path', value: mask }] }, /^params\.0\.value holds .* secret/],
    ['car_update_schedule', { title: mask }, /^title holds /],
    ['car_add_blocked_commands', { commands: [`curl ${mask}`] }, /^commands\.0 holds .* Pass the real text/],
    [
      'saq_create_template',
      { name: Buffer.from(`x ${mask}`).toString('base64') },
      /^name holds .* real text/,
    ],
    [
      'saq_update_campaign',
      { name: `%5B${mask.slice(1, -1).toUpperCase()}%5D` },
      /^name holds .* keeps what/,
    ],
    ['saq_update_user', { firstName: mask }, /^firstName holds .* Leave firstName out, which keeps what/],
  ]

  test.for(places)('%s %j is refused', async ([tool, args, says], { sandbox, server }) => {
    const minimal = (await minimalArgumentsOn(sandbox.control))[tool] as object
    await sandbox.control.reset()
    const { text, error } = await server.call(tool, { ...minimal, ...args })
    expect(text).toMatch(says)
    expect(error).toMatchObject({ kind: 'input' })
    expect(await sandbox.control.requests()).toEqual([])
  })
})

test('reads take one, and find nothing', async ({ server }) => {
  const { text, isError } = await server.call('car_search_scripts', { match: mask })
  expect(isError, text).toBe(false)
  expect(text).toMatch(/^scripts: 0 matches/)
})
