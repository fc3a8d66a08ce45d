import { describe, expect, test } from 'vitest'
import { refuseSecrets } from '../../../src/tools/effects/policy/refuse-secrets.ts'
import { toJsonSchema } from '../../../src/tools/schema.ts'
import { toolOf } from '../../../src/tools/server/operation-tool.ts'
import { callInMemory } from '../../support/operations/calls.ts'
import {
  argumentPlaces,
  credentialAdvice,
  credentials,
  letters,
  looksLikeName,
  noCredentials,
  takesAnyText,
  textPathsOf,
  withText,
} from '../../support/operations/credentials.ts'
import { minimalArguments } from '../../support/operations/minimal-arguments.ts'
import { completeOperations } from '../../support/operations/parts.ts'
import { validScript } from '../../support/operations/refused/scripts.ts'
import { answeringWith, carAnswer } from '../../support/operations/rows.ts'
import { jwtOf } from '../../support/secrets/drawn.ts'

// No tool takes a secret: text that looks like one is refused in every argument, before any request to Qualys.

describe.for(credentials)('%s', ([, kind, token]) => {
  test.for(argumentPlaces)('in %s', async ([argument, args]) => {
    const { text, error, sent } = await callInMemory('car_create_script', args(token))
    expect(text).toBe(credentialAdvice(argument, kind))
    expect(error?.kind).toBe('input')
    expect(sent).toEqual([])
  })

  test('as the name of a secret', async () => {
    const { text, isError, sent } = await callInMemory('car_update_script', {
      scriptId: 16515,
      sourceUrl: 'https://github.com/acme/scripts/blob/main/disk.ps1',
      repositoryToken: token,
    })
    // Some are invalid as names, by their letters or their length.
    if (looksLikeName(token)) expect(text).toBe(credentialAdvice('repositoryToken', kind))
    else
      expect(text).toMatch(
        /repositoryToken: must be the name of a secret .* that the operator set, never its value$/,
      )
    expect(text).not.toContain(letters.slice(0, 12))
    expect({ isError, sent }).toEqual({ isError: true, sent: [] })
  })
})

test('some of them look like the name of a secret, and some do not', () => {
  const names = credentials.filter(([, , token]) => looksLikeName(token))
  expect(names.length).toBeGreaterThan(3)
  expect(names.length).toBeLessThan(credentials.length - 3)
})

const texts = completeOperations.flatMap((operation) =>
  textPathsOf(toJsonSchema(toolOf(operation).input)).map(
    (path) => [operation.name, path.join('.'), path] as const,
  ),
)

test('there are texts at every depth', () => {
  expect(texts.map(([name, place]) => `${name} ${place}`)).toEqual(
    expect.arrayContaining([
      'car_create_schedule scripts.0.params.0.value',
      'car_execute_script testTags.0',
      'car_search_jobs match',
      'car_create_script authorScriptsMetadata.tech.0',
    ]),
  )
})

test.for(texts)('%s refuses one in %s', async ([name, place, path]) => {
  const token = `ghp_${letters}`
  const args = withText(minimalArguments[name], path, token) as object
  const { text, isError, sent } = await callInMemory(name, args)
  expect(isError).toBe(true)
  expect(text).not.toContain(letters.slice(0, 12))
  if (takesAnyText.test(place)) expect(text).toBe(credentialAdvice(path[0] ?? '', 'GitHub token'))
  else expect(text).toMatch(/no tool takes a secret|: must /)
  expect(sent).toEqual([])
})

test.for(noCredentials)('%s is no credential', ([, content]) => {
  expect(() => refuseSecrets({ content })).not.toThrow()
})

describe('the shortest credential', () => {
  const refuses = (content: string): boolean => {
    try {
      refuseSecrets({ content })
      return false
    } catch {
      return true
    }
  }

  test.for([
    ['GitHub', 'ghp_', 20],
    ['GitHub, fine-grained', 'github_pat_', 20],
    ['GitLab', 'glpat-', 16],
  ] as const)('%s: with so many letters', ([, prefix, least]) => {
    expect(refuses(prefix + letters.slice(0, least - 1))).toBe(false)
    expect(refuses(prefix + letters.slice(0, least))).toBe(true)
    expect(refuses(`x${prefix}${letters.slice(0, least)}`)).toBe(false)
  })

  test('a JWT: with a header, a payload and one letter of a signature', () => {
    expect(refuses(jwtOf({ alg: 'HS256' }, {}, 'x'))).toBe(true)
    expect(refuses(jwtOf({ alg: 'HS256' }, {}, ''))).toBe(false)
    expect(refuses(`x-${jwtOf({ alg: 'HS256' }, {}, 'x')}`)).toBe(false)
  })
})

// A search that restarts at each position would take minutes; a test of this layer has five seconds.
test.for(['-eyJ', 'eyJ', '.eyJaaaaaaaa', '-----BEGIN A ', 'ghp_', 'glpat-'])(
  'half a megabyte of %s is checked quickly',
  async (part) => {
    const content = part.repeat(Math.floor(500_000 / part.length))
    const answers = answeringWith('POST', '/sm/v5/script', carAnswer({ id: 1 }))
    const { text } = await callInMemory('car_create_script', { ...validScript, content }, { answers })
    expect(text).toMatch(/^script 1 "[^"]*" created|no tool takes a secret/)
  },
)
