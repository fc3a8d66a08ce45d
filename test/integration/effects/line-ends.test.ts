import { describe, expect } from 'vitest'
import { sha256 } from '../../../src/shared/crypto.ts'
import { connect } from '../../support/consent/raw-client.ts'
import { effectTest } from '../../support/effects/fixtures.ts'
import type { TestSandbox } from '../../support/sandbox.ts'

// A script goes out as its platform needs it. Before, CR LF reached Linux hosts, where every run then failed with
// "bad interpreter".

const test = effectTest({ jobs: 100, assets: 60 })

const windowsText = '\uFEFF#!/bin/bash\r\necho hi\r\n'
const linuxText = '#!/bin/bash\necho hi\n'
const note = 'line ends changed to LF and byte order mark left out, as the platform is LINUX'

const creation = (platform: string, languageId: number) => ({
  ...{ title: `On ${platform}`, typeId: 1, subType: 'Detection', severity: 1, categoryId: 1 },
  ...{ languageId, platform, content: windowsText },
})

/** The contents that the sandbox got, as text with its bytes. */
async function sentContents({ control }: TestSandbox): Promise<string[]> {
  const requests = (await control.requests()) as unknown as { method: string; path: string; body: string }[]
  return requests
    .filter(({ method, path }) => method !== 'GET' && /\/script(\/\d+)?$/.test(path))
    .map(({ body }) => Buffer.from(String(JSON.parse(body).content), 'base64').toString())
}

const scriptOf = async ({ control }: TestSandbox, platform: string): Promise<number> =>
  Number(
    (await control.dump('scripts')).find(
      (script) => script['platform'] === platform && !script['hasParameters'],
    )?.['id'],
  )

const hash = (text: string): string => `sha256 ${sha256(text)}`

describe('a new script', () => {
  test('for Linux is sent with LF: preview, log, request and reply agree', async ({ sandbox, audit }) => {
    const client = await connect(sandbox, 'modern', { settings: { QUALYS_AUDIT_FILE: audit.file } })
    const call = creation('LINUX', 508)
    const { preview, state } = await client.call('car_create_script', call)
    const { text } = await client.answerQuestion('car_create_script', call, state)
    await client.close()
    expect(preview).toContain(
      '! Line ends changed to LF and byte order mark left out, as the platform is LINUX.',
    )
    expect(preview).toContain(`content: 2 lines, 20 characters, ${hash(linuxText)}`)
    expect(text).toMatch(new RegExp(`script \\d+ "[^"]*" created; ${note}`))
    expect(await sentContents(sandbox)).toEqual([linuxText])
    expect(audit.factsOf('approved')?.['sends']).toMatchObject({ content: hash(linuxText) })
  })

  test('for Windows keeps its line ends and its mark', async ({ sandbox, server, audit }) => {
    const { text } = await server.call('car_create_script', creation('WINDOWS', 201))
    expect(text).toMatch(/script \d+ "[^"]*" created/)
    expect(text).not.toContain('line ends')
    expect(await sentContents(sandbox)).toEqual([windowsText])
    expect(audit.factsOf('approved')).not.toHaveProperty('sends')
  })
})

describe('new content', () => {
  const change = (scriptId: number) => ({ scriptId, content: windowsText, comment: 'mended' })

  test.for(['LINUX', 'UNIX', 'MAC'])(
    'of a stored script for %s is sent with LF',
    async (platform, { sandbox, server }) => {
      const { text, isError } = await server.call(
        'car_update_script',
        change(await scriptOf(sandbox, platform)),
      )
      expect(isError, text).toBe(false)
      expect(text).toContain(
        `line ends changed to LF and byte order mark left out, as the platform is ${platform}`,
      )
      expect(await sentContents(sandbox)).toEqual([linuxText])
    },
  )

  test('of a stored script for Windows stays', async ({ sandbox, server }) => {
    const { text } = await server.call('car_update_script', change(await scriptOf(sandbox, 'WINDOWS')))
    expect(text).not.toContain('line ends')
    expect(await sentContents(sandbox)).toEqual([windowsText])
  })

  test('of a script that cannot be read stays, with a warning', async ({ sandbox, server }) => {
    const scriptId = await scriptOf(sandbox, 'LINUX')
    await sandbox.control.faults([
      { route: 'GET /sm/v1/scripts/{scriptId}', kind: 'status', status: 500 },
      { route: 'POST /sm/v1/scripts/search', kind: 'status', status: 500 },
    ])
    const { text, isError } = await server.call('car_update_script', change(scriptId))
    expect(isError, text).toBe(false)
    expect(text).toContain('content sent as it is, as the platform is not known')
    expect(await sentContents(sandbox)).toEqual([windowsText])
  })
})

test('the values of parameters are sent as they are passed', async ({ sandbox, server }) => {
  const params = [{ key: 'text', value: '\uFEFFa\r\nb' }]
  await server.call('car_create_script', { ...creation('LINUX', 508), params })
  const made = (await sandbox.control.dump('scripts')).at(-1) as unknown as { params: { value: string }[] }
  expect(Buffer.from(made.params[0]?.value ?? '', 'base64').toString()).toBe('\uFEFFa\r\nb')
})
