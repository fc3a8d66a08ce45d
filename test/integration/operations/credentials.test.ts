import { expect } from 'vitest'
import { testOn, unattendedSettings } from '../../support/fixtures.ts'
import {
  credentialAdvice,
  letters,
  noCredentials,
  type Schema,
  takesAnyText,
  textPathsOf,
  withText,
} from '../../support/operations/credentials.ts'
import { minimalArgumentsOn } from '../../support/operations/minimal-arguments.ts'
import { isComplete } from '../../support/operations/parts.ts'
import { validScript } from '../../support/operations/refused/scripts.ts'

// Every tool refuses text that looks like a credential, before any request to Qualys. What looks like one, and
// every argument of the operations: test/unit/operations/credentials.test.ts.

const test = testOn({ jobs: 100 }, unattendedSettings)

test('a credential in the content of a script is refused, and no request is sent', async ({
  sandbox,
  assistant,
}) => {
  const content = `$token = "ghp_${letters}"\n`
  const { text, error } = await assistant.call('car_create_script', { ...validScript, content })
  expect(text).toBe(credentialAdvice('content', 'GitHub token'))
  expect(error).toMatchObject({ kind: 'input' })
  expect(await sandbox.control.requests()).toEqual([])
})

test('every tool that takes text refuses one, operations and others alike', async ({
  sandbox,
  assistant,
}) => {
  const token = `ghp_${letters}`
  const least = await minimalArgumentsOn(sandbox.control)
  const { tools } = (await assistant.request('tools/list')) as {
    tools: readonly { readonly name: string; readonly inputSchema: Schema }[]
  }
  const seen: string[] = []
  for (const { name, inputSchema } of tools.filter((tool) => isComplete(tool.name))) {
    const operation = /^(car|saq)_(search|get|list|create|update|delete|export|download)_/.test(name)
    // One argument for each operation is enough here.
    for (const path of textPathsOf(inputSchema).slice(0, operation ? 1 : undefined)) {
      const place = `${name} ${path.join('.')}`
      const { text, isError } = await assistant.call(name, withText(least[name], path, token) as object)
      expect(isError, place).toBe(true)
      expect(text, place).not.toContain(letters.slice(0, 12))
      if (takesAnyText.test(place)) expect(text, place).toBe(credentialAdvice(path[0] ?? '', 'GitHub token'))
      else expect(text, place).toMatch(/no tool takes a secret|: (?:must|needs) /)
      seen.push(place)
    }
  }
  expect(await sandbox.control.requests()).toEqual([])
  expect(seen).toEqual(
    expect.arrayContaining(['car_follow_run jobId', 'car_count_jobs filter', 'qualys_export tool']),
  )
})

test.for(noCredentials)('%s is sent', async ([, content], { assistant }) => {
  const { text, isError } = await assistant.call('car_create_script', { ...validScript, content })
  expect(isError, text).toBe(false)
})
