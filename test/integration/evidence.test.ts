import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operations } from '../../src/operations/index.ts'
import { toolbox } from '../../src/tools/toolbox.ts'
import { type Assistant, assistantOn } from '../support/assistant.ts'
import { leastArguments } from '../support/operations/least.ts'
import { openSandbox } from '../support/sandbox.ts'

// A Qualys that serves only what its pages name: what the guesses then say, and that nothing else suffers.

const guessed = operations.filter(({ evidence }) => evidence === 'guessed')
const others = operations.filter(({ evidence }) => evidence !== 'guessed')
/** A guess about the body alone: the path is that of another tool, which is there. */
const sharing = 'saq_create_template_from_library'
const elsewhere = guessed.filter(({ name }) => name !== sharing)
const workflows = [...toolbox.keys()].filter((name) => !operations.some((one) => one.name === name))

let sandbox: Awaited<ReturnType<typeof openSandbox>>
let assistant: Assistant
let least: Readonly<Record<string, object>>
beforeAll(async () => {
  sandbox = await openSandbox({ jobs: 200, evidence: 'documented' })
  least = await leastArguments(sandbox.control)
  assistant = await assistantOn(sandbox, {
    QUALYS_MODE: 'unattended',
    QUALYS_UNVERIFIED: 'all',
    QUALYS_MAX_ASSETS_PER_RUN: '100',
  })
})
afterAll(async () => {
  await assistant.close()
  await sandbox.close()
})

describe('against a Qualys without the guesses', () => {
  test.each(elsewhere)(
    '$name says that its path is not public, and how to set it',
    async ({ name, route }) => {
      const { text, isError, error } = await assistant.call(name, least[name])
      expect(text).toContain(`to ${route}: the path of ${name} is not public`)
      expect(text).toContain(`QUALYS_ROUTES='{"${name}":"${route}"}'`)
      expect(isError).toBe(true)
      expect(error).toMatchObject({ kind: 'setup' })
      expect([404, 405, 410]).toContain(error?.['status'])
    },
  )

  test('a guess that shares its path with another tool is refused by what it holds, and says that it is one', async () => {
    const { text, isError, error } = await assistant.call(sharing, least[sharing])
    expect(text).toBe(
      'Qualys refuses the request (INVALID_REQUEST: "libraryTemplate: Element must not be set. Remove the element libraryTemplate; it does not apply to this request."). Part of this request is a guess, since its page is not public: change what the reason names, or do it in the Qualys UI.',
    )
    expect(isError).toBe(true)
    expect(error).toMatchObject({ kind: 'input', code: 'INVALID_REQUEST' })
    const { evidence, route } = operations.find(({ name }) => name === sharing) ?? {}
    expect(evidence).toBe('guessed')
    expect(others.map((other) => other.route)).toContain(route)
  })

  test('every effect has arguments here', () => {
    const effects = operations.filter(({ effect }) => effect !== 'read').map(({ name }) => name)
    expect(Object.keys(least)).toEqual(expect.arrayContaining(effects))
  })

  test.each(others)('$name works', async ({ name }) => {
    const { text, isError, structured } = await assistant.call(name, least[name], 'json')
    expect(isError, text).toBe(false)
    expect(structured.rows.length).toBeGreaterThan(0)
  })

  test.each(workflows)('%s works', async (name) => {
    const { text, isError } = await assistant.call(name, least[name])
    expect(isError, text).toBe(false)
  })

  test('qualys_status works', async () => {
    expect((await assistant.call('qualys_status')).text).toMatch(/^login: ok/m)
  })

  test('a path set by hand that is not there either is no longer called a guess', async () => {
    const route = 'GET /sm/v9/scripts/{scriptId}'
    const own = await assistantOn(sandbox, { QUALYS_ROUTES: JSON.stringify({ car_get_script: route }) })
    const { text, error } = await own.call('car_get_script', { scriptId: 1 })
    await own.close()
    expect(error).toMatchObject({ kind: 'setup' })
    expect(text).toContain(route)
    expect(text).not.toContain('not public')
  })
})

test('against a Qualys with all of the guesses every tool works, one after the other', async () => {
  const whole = await openSandbox({ jobs: 200 })
  const there = await assistantOn(whole, {
    QUALYS_MODE: 'unattended',
    QUALYS_UNVERIFIED: 'all',
    QUALYS_MAX_ASSETS_PER_RUN: '100',
  })
  const wanted = await leastArguments(whole.control)
  const { tools } = (await there.request('tools/list')) as { tools: { name: string }[] }
  const failed: string[] = []
  for (const { name } of tools) {
    const { text, isError } = await there.call(name, wanted[name])
    if (isError) failed.push(`${name}: ${text}`)
  }
  await there.close()
  await whole.close()
  expect(failed).toEqual([])
  expect(tools.length).toBeGreaterThan(operations.length)
})

test('QUALYS_UNVERIFIED=none lists what is documented alone, and qualys_status names the others', async () => {
  const strict = await assistantOn(sandbox, { QUALYS_UNVERIFIED: 'none' })
  const { tools } = (await strict.request('tools/list')) as { tools: { name: string; description: string }[] }
  const status = await strict.call('qualys_status')
  await strict.close()
  const named = (wanted: boolean): string[] =>
    operations.filter(({ evidence }) => (evidence === 'documented') === wanted).map(({ name }) => name)
  expect(tools.map(({ name }) => name)).toEqual([...workflows, ...named(true)])
  expect(tools.filter(({ description }) => description.includes('not public'))).toEqual([])
  expect(status.text).toContain(`withheld: QUALYS_UNVERIFIED=none: ${named(false).join(', ')}\n`)
})
