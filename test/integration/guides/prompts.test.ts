import { randomBytes } from 'node:crypto'
import { describe, expect } from 'vitest'
import { prompts } from '../../../src/tools/guides/prompts/prompts.ts'
import { toolRegistry } from '../../../src/tools/server/tool-registry.ts'
import { type Assistant, openAssistant } from '../../support/assistant.ts'
import { testOn } from '../../support/fixtures.ts'
import { exampleIn, quotedIn } from '../../support/guides/words.ts'
import { someJwt as jwt } from '../../support/leak-search.ts'

// Prompts as a client gets them, and that the calls they show work. Their words: test/unit/guides.

/** Not named "canary": a prompt uses that word. */
const core = randomBytes(6).toString('hex')
const secret = `hidden+${core}&=/ü"`
const test = testOn({ jobs: 200 }, { QUALYS_SECRET_HIDDEN: secret })

async function messageOf(assistant: Assistant, name: string, args?: object): Promise<string> {
  const { messages } = (await assistant.request('prompts/get', {
    name,
    ...(args && { arguments: args }),
  })) as { messages: { role: string; content: { type: string; text: string } }[] }
  expect(messages).toHaveLength(1)
  expect(messages[0]).toMatchObject({ role: 'user', content: { type: 'text' } })
  return messages[0]?.content.text ?? ''
}

const argumentForms: readonly (readonly [name: string, args: Record<string, string>])[] = [
  ['triage_failed_runs', { days: '7' }],
  ['triage_failed_runs', { jobId: '80507' }],
  ['roll_out_script', { scriptId: '19218', tag: 'EMEA Servers' }],
  ['roll_out_script', { scriptId: '19218', hosts: '21789601, 21789602' }],
  ['chase_campaign', {}],
  ['chase_campaign', { campaignId: '640002' }],
]

test.for(argumentForms)('%s %o shows calls that work', async ([name, args], { assistant }) => {
  const examples = quotedIn(await messageOf(assistant, name, args)).flatMap((part) => exampleIn(part) ?? [])
  expect(examples.length).toBeGreaterThan(0)
  for (const { tool, args } of examples) {
    expect(toolRegistry.has(tool), tool).toBe(true)
    const { isError, text } = await assistant.call(tool, args)
    // An id that does not exist may be reported so.
    expect(!isError || /no such id/.test(text), text).toBe(true)
  }
})

test('every prompt is listed with its arguments, as plain text', async ({ assistant }) => {
  const { prompts: listed } = (await assistant.request('prompts/list')) as {
    prompts: { name: string; arguments: { name: string; description: string; required: boolean }[] }[]
  }
  expect(
    listed.map(({ name, arguments: args }) => [
      name,
      args.map(({ name, description, required }) => [name, description, required]),
    ]),
  ).toEqual(
    prompts.map(({ name, arguments: declared, required = [] }) => [
      name,
      Object.entries(declared).map(([argument, description]) => [
        argument,
        description,
        required.includes(argument),
      ]),
    ]),
  )
})

test('wrong arguments are refused with the allowed ones', async ({ assistant }) => {
  await expect(messageOf(assistant, 'roll_out_script', { scriptId: '../19218' })).rejects.toThrow(
    /scriptId: must be an id/,
  )
  await expect(messageOf(assistant, 'roll_out_script', { scriptID: '1' })).rejects.toThrow(
    /no argument "scriptID"; did you mean scriptId/,
  )
})

test('separates the hosts of a tag from hosts that merely contain its word', async ({ assistant }) => {
  const text = await messageOf(assistant, 'roll_out_script', { scriptId: '19218', tag: 'Servers' })
  expect(text).toMatch(/with its id as tagId, fields \["id","name","platform"\] and pageSize 200/)
  const [{ args } = { args: {} }] = quotedIn(text)
    .flatMap((part) => exampleIn(part) ?? [])
    .filter(({ tool }) => tool === 'car_search_asset_tags')
  const { structured: tags } = await assistant.call('car_search_asset_tags', args, 'json')
  const [tag, ...others] = tags.rows.filter(({ name }) => name === 'Servers')
  expect(others).toEqual([])
  const countOf = async (args: object): Promise<number> => {
    const { text: page } = await assistant.call('car_search_assets', { ...args, pageSize: 200 })
    return Number(/([\d,]+) match(?:es)? in ([\d,]+) of \2 scanned/.exec(page)?.[1]?.replaceAll(',', ''))
  }
  const tagged = await countOf({ tagId: tag?.['id'] })
  expect(tagged).toBeGreaterThan(0)
  expect(tagged).toBeLessThan(await countOf({ match: 'Servers' }))
})

test('looks hosts up in one call', async ({ sandbox, assistant }) => {
  const { text: some } = await assistant.call('car_search_assets', { pageSize: 3, fields: ['id'] })
  const ids = some.match(/^\d+$/gm) ?? []
  expect(ids).toHaveLength(3)
  const text = await messageOf(assistant, 'roll_out_script', { scriptId: '19218', hosts: ids.join(',') })
  const calls = quotedIn(text).flatMap((part) => exampleIn(part) ?? [])
  const [look] = calls.filter(({ tool }) => tool === 'car_search_assets')
  await sandbox.control.clearRequests()
  const { text: page } = await assistant.call('car_search_assets', look?.args ?? {})
  expect(await sandbox.control.requests()).toHaveLength(1)
  for (const id of ids) expect(page).toContain(id)
  expect(text).toMatch(/For an id without a row.* on with the token until it is found or the list ends/)
})

test('a secret is not echoed', async ({ assistant }) => {
  for (const [tag, part] of [
    [secret, core],
    [jwt.slice(0, 128), jwt.slice(0, 40)],
  ] as const) {
    const text = await messageOf(assistant, 'roll_out_script', { scriptId: '19218', tag })
    expect(text).not.toContain(part)
    expect(text).toContain('[masked-by-qualys-mcp]')
  }
})

describe('which prompts exist', () => {
  const listed = async (environment: Record<string, string>): Promise<string[]> => {
    const there = await openAssistant(environment)
    const answer = await there.request('prompts/list').catch(() => ({ prompts: [] }))
    await there.close()
    return (answer['prompts'] as { name: string }[]).map(({ name }) => name)
  }

  test('those whose tools are all listed', async () => {
    expect(await listed({})).toEqual(['triage_failed_runs', 'roll_out_script', 'chase_campaign'])
    expect(await listed({ QUALYS_MODE: 'read-only' })).toEqual(['triage_failed_runs', 'chase_campaign'])
    expect(await listed({ QUALYS_TOOLSETS: 'saq' })).toEqual(['chase_campaign'])
    expect(await listed({ QUALYS_TOOLSETS: 'car.runs' })).toEqual(['triage_failed_runs'])
    expect(await listed({ QUALYS_EXCLUDE_TOOLS: 'car_follow_run,saq_campaign_status' })).toEqual([])
  })

  test('a prompt that is not listed cannot be requested', async () => {
    const there = await openAssistant({ QUALYS_MODE: 'read-only' })
    const call = there.request('prompts/get', { name: 'roll_out_script', arguments: { scriptId: '1' } })
    await expect(call).rejects.toThrow(/roll_out_script not found/)
    await there.close()
  })
})
