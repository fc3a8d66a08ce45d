import { describe, expect } from 'vitest'
import { operations } from '../../src/operations/index.ts'
import { toolRegistry } from '../../src/tools/server/tool-registry.ts'
import { openAssistantOn } from '../support/assistant.ts'
import { testOn, unattendedSettings } from '../support/fixtures.ts'
import { minimalArgumentsOn, planArguments } from '../support/operations/minimal-arguments.ts'
import { listedOperations } from '../support/operations/parts.ts'
import { servedOperations } from '../support/operations/served-routes.ts'

// A Qualys that serves only documented routes: the errors of guessed tools, and that no other tool is affected.

const guessed = servedOperations.filter(({ evidence }) => evidence === 'guessed')
const others = servedOperations.filter(({ evidence }) => evidence !== 'guessed')
/** A guess about the body alone: another tool has the same path, which exists. */
const sharing = 'saq_create_template_from_library'
const elsewhere = guessed.filter(({ name }) => name !== sharing)
const workflows = [...toolRegistry.keys()].filter((name) => !operations.some((one) => one.name === name))
/** What needs no plan that was proposed before: test/integration/rollouts has the others. */
const single = workflows.filter((name) => !(name in planArguments))

/** A Qualys without the guessed routes, and the arguments of each tool on it. */
const test = testOn({ jobs: 200, evidence: 'documented' }, unattendedSettings).extend<{
  least: Readonly<Record<string, object>>
}>({ least: async ({ sandbox }, use) => use(await minimalArgumentsOn(sandbox.control)) })

describe('against a Qualys without the guesses', () => {
  test.for(elsewhere)(
    '$name says that its path is not public, and how to set it',
    async ({ name, route }, { assistant, least }) => {
      const { text, isError, error } = await assistant.call(name, least[name])
      expect(text).toContain(`to ${route}: the path of ${name} is not public`)
      expect(text).toContain(`QUALYS_ROUTES='{"${name}":"${route}"}'`)
      expect(isError).toBe(true)
      expect(error).toMatchObject({ kind: 'setup' })
      expect([404, 405, 410]).toContain(error?.['status'])
    },
  )

  test('a guess that shares its path with another tool is refused by its body, and the error says that it is a guess', async ({
    assistant,
    least,
  }) => {
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

  test.for(others)('$name works', async ({ name }, { assistant, least }) => {
    const { text, isError, structured } = await assistant.call(name, least[name], 'json')
    expect(isError, text).toBe(false)
    expect(structured.rows.length).toBeGreaterThan(0)
  })

  test.for(single)('%s works', async (name, { assistant, least }) => {
    const { text, isError } = await assistant.call(name, least[name])
    expect(isError, text).toBe(false)
  })

  test('qualys_status works', async ({ assistant }) => {
    expect((await assistant.call('qualys_status')).text).toMatch(/^login: ok/m)
  })

  test('a configured path that does not exist either is no longer called a guess', async ({ sandbox }) => {
    const route = 'GET /sm/v9/scripts/{scriptId}'
    const own = await openAssistantOn(sandbox, { QUALYS_ROUTES: JSON.stringify({ car_get_script: route }) })
    const { text, error } = await own.call('car_get_script', { scriptId: 1 })
    await own.close()
    expect(error).toMatchObject({ kind: 'setup' })
    expect(text).toContain(route)
    expect(text).not.toContain('not public')
  })
})

describe('against a Qualys with all of the guesses', () => {
  const onAll = testOn({ jobs: 200 }, unattendedSettings)

  onAll('every tool works, one after the other', async ({ sandbox, assistant }) => {
    const wanted = await minimalArgumentsOn(sandbox.control)
    const { tools } = (await assistant.request('tools/list')) as { tools: { name: string }[] }
    const failed: string[] = []
    const served = new Set<string>(servedOperations.map(({ name }) => name))
    const complete = tools.filter(({ name }) => served.has(name) || single.includes(name))
    for (const { name } of complete) {
      const { text, isError } = await assistant.call(name, wanted[name])
      if (isError) failed.push(`${name}: ${text}`)
    }
    expect(failed).toEqual([])
    expect(complete.length).toBeGreaterThan(servedOperations.length)
  })
})

test('QUALYS_UNVERIFIED=none lists what is documented alone, and qualys_status names the others', async ({
  sandbox,
}) => {
  const strict = await openAssistantOn(sandbox, { QUALYS_UNVERIFIED: 'none' })
  const { tools } = (await strict.request('tools/list')) as { tools: { name: string; description: string }[] }
  const status = await strict.call('qualys_status')
  await strict.close()
  const named = (wanted: boolean): string[] =>
    listedOperations.filter(({ evidence }) => (evidence === 'documented') === wanted).map(({ name }) => name)
  expect(tools.map(({ name }) => name)).toEqual([...workflows, ...named(true)])
  expect(tools.filter(({ description }) => description.includes('not public'))).toEqual([])
  expect(status.text).toContain(`withheld: QUALYS_UNVERIFIED=none: ${named(false).join(', ')}\n`)
})
