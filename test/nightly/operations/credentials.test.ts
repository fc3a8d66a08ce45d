import { describe, expect } from 'vitest'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import {
  argumentPlaces,
  credentialAdvice,
  credentials,
  letters,
  looksLikeName,
  type Schema,
  takesAnyText,
  textPathsOf,
  withText,
} from '../../support/operations/credentials.ts'
import { minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'
import { isComplete } from '../../support/operations/parts.ts'
import { validScript } from '../../support/operations/refused/scripts.ts'

// Every kind of credential in every place, through the whole stack.

const test = testOn({ jobs: 100 }, unattendedSettings)

describe.for(credentials)('%s', ([, kind, token]) => {
  test.for(argumentPlaces)('in %s', async ([argument, args], { sandbox, assistant }) => {
    const { text, error } = await assistant.call('car_create_script', args(token))
    expect(text).toBe(credentialAdvice(argument, kind))
    expect(error).toMatchObject({ kind: 'input' })
    expect(await sandbox.control.requests()).toEqual([])
  })

  test('as the name of a secret', async ({ sandbox, assistant }) => {
    const { text, isError } = await assistant.call('car_update_script', {
      scriptId: 16515,
      sourceUrl: 'https://github.com/acme/scripts/blob/main/disk.ps1',
      repositoryToken: token,
    })
    if (looksLikeName(token)) expect(text).toBe(credentialAdvice('repositoryToken', kind))
    else expect(text).toMatch(/repositoryToken: must be the name of a secret .*, never its value$/)
    expect(text).not.toContain(letters.slice(0, 12))
    expect(isError).toBe(true)
    expect(await sandbox.control.requests()).toEqual([])
  })
})

test('every tool refuses one in every argument that takes text', async ({ sandbox, assistant }) => {
  const token = `ghp_${letters}`
  const least = await minimalArgumentsOn(sandbox.control)
  const { tools } = (await assistant.request('tools/list')) as {
    tools: readonly { readonly name: string; readonly inputSchema: Schema }[]
  }
  let count = 0
  for (const { name, inputSchema } of tools.filter((tool) => isComplete(tool.name))) {
    for (const path of textPathsOf(inputSchema)) {
      const place = `${name} ${path.join('.')}`
      const { text, isError } = await assistant.call(name, withText(least[name], path, token) as object)
      expect(isError, place).toBe(true)
      expect(text, place).not.toContain(letters.slice(0, 12))
      if (takesAnyText.test(place)) expect(text, place).toBe(credentialAdvice(path[0] ?? '', 'GitHub token'))
      else expect(text, place).toMatch(/no tool takes a secret|: must /)
      count++
    }
  }
  expect(await sandbox.control.requests()).toEqual([])
  expect(count).toBeGreaterThan(200)
})

test.for(['-eyJ', 'eyJ', '.eyJaaaaaaaa', '-----BEGIN A ', 'ghp_', 'glpat-'])(
  'half a megabyte of %s is checked quickly',
  async (part, { assistant }) => {
    const content = part.repeat(Math.floor(500_000 / part.length))
    const { text } = await assistant.call('car_create_script', { ...validScript, content })
    expect(text).toMatch(/^script \d+ "[^"]*" created|no tool takes a secret/)
  },
)
