import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, vi } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { connect, type RawClient, temporaryFolder, yes } from '../../support/consent/raw-client.ts'
import { testOn } from '../../support/fixtures.ts'
import { effectRequests, type TestSandbox } from '../../support/sandbox.ts'

// The three profiles of the page on consent and limits, as they are printed: only the two folders differ.

const page = readFileSync('docs/consent-and-limits.md', 'utf8')

/** The settings of a profile, with files in a folder of the test. */
function profile(name: string, folder: string): Environment {
  const [, block] = new RegExp(`^\`\`\`sh profile=${name}\\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? []
  if (block === undefined) throw new Error(`the page has no profile ${name}`)
  return Object.fromEntries(
    block
      .trim()
      .split('\n')
      .map((line) => {
        const at = line.indexOf('=')
        const value = line.slice(at + 1)
        return [
          line.slice(0, at),
          value.startsWith('/') ? join(folder, value.split('/').at(-1) ?? '') : value,
        ]
      }),
  )
}

const test = testOn({ jobs: 100, assets: 200 }).extend<{ folder: string }>({
  folder: async ({ task: _ }, use) => use(temporaryFolder()),
})

const open = (sandbox: TestSandbox, name: string, folder: string): Promise<RawClient> =>
  connect(sandbox, 'modern', { settings: profile(name, folder) })

const sent = async ({ control }: TestSandbox): Promise<number> => (await effectRequests(control)).length

/** Some hosts with a tag, or without it. */
async function hosts(sandbox: TestSandbox, tag: string, has: boolean): Promise<string[]> {
  const rows = (await sandbox.control.dump('assets')) as unknown as {
    id: number
    tags: { name: string }[]
  }[]
  const found = rows.filter(({ tags }) => tags.some(({ name }) => name === tag) === has)
  return found.map(({ id }) => String(id))
}

describe('look', () => {
  test('lists no tool that changes anything', async ({ sandbox, folder }) => {
    const client = await open(sandbox, 'look', folder)
    const { result } = await client.request('tools/list', {})
    const tools = (result?.['tools'] ?? []) as { name: string; annotations: { readOnlyHint: boolean } }[]
    expect(tools.length).toBeGreaterThan(20)
    expect(tools.filter(({ annotations }) => !annotations.readOnlyHint)).toEqual([])
    expect((await client.call('car_execute_script', { scriptId: 19218, assetIds: [21789601] })).isError).toBe(
      true,
    )
    expect(await sent(sandbox)).toBe(0)
  })
})

describe('assist', () => {
  test('asks before a run, and logs it', async ({ sandbox, folder }) => {
    const client = await open(sandbox, 'assist', folder)
    const call = ['car_execute_script', { scriptId: 19218, assetIds: [21789601] }] as const
    expect((await client.call(...call)).preview).toContain('POS-0001')
    expect(await sent(sandbox)).toBe(0)
    expect((await client.callAndAnswer(...call, yes)).isError).toBe(false)
    expect(await sent(sandbox)).toBe(1)
    expect(readFileSync(join(folder, 'audit.jsonl'), 'utf8')).toContain('"event":"approved"')
  })

  test.for([
    ['a policy that is bypassed', { executionPolicyBypassEnabled: true }, 'QUALYS_FORBID'],
    ['too many hosts', { assetIds: 'every' }, 'QUALYS_MAX_ASSETS_PER_RUN'],
    ['a blocked tag', { assetIds: 'blocked' }, 'QUALYS_BLOCKED_TAGS'],
  ] as const)('refuses %s without a question', async ([, more, setting], { sandbox, folder }) => {
    const choices: Readonly<Record<string, readonly string[]>> = {
      every: (await hosts(sandbox, 'Tier 0', false)).slice(0, 26),
      blocked: (await hosts(sandbox, 'Domain controllers', true)).slice(0, 1),
    }
    const client = await open(sandbox, 'assist', folder)
    const assetIds = 'assetIds' in more ? choices[more.assetIds] : ['21789601']
    const { text, preview } = await client.call('car_execute_script', { scriptId: 19218, ...more, assetIds })
    expect(preview).toBeUndefined()
    expect(text).toContain(setting)
    expect(await sent(sandbox)).toBe(0)
  })

  test('stops while the stop file exists', async ({ sandbox, folder }) => {
    const client = await open(sandbox, 'assist', folder)
    const call = ['car_execute_script', { scriptId: 19218, assetIds: [21789601] }] as const
    const { preview, state } = await client.call(...call)
    expect(preview).toBeDefined()
    writeFileSync(join(folder, 'stop'), '')
    expect((await client.answerQuestion(...call, state)).text).toContain('QUALYS_STOP_FILE')
    expect(await sent(sandbox)).toBe(0)
  })
})

describe('unattended-night-run', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  /** A Monday in Berlin; the sandbox runs in this process and has the same date. */
  const setHour = (utc: string): void => {
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(`2026-11-30T${utc}:00Z`)
  }

  const play = async (sandbox: TestSandbox, folder: string, args: object) => {
    const client = await open(sandbox, 'unattended-night-run', folder)
    const { text } = await client.call('car_execute_script', { scriptId: 19218, ...args })
    return { text, sent: await sent(sandbox) }
  }

  test('runs the script at night on hosts of the tag, and logs it', async ({ sandbox, folder }) => {
    setHour('21:30')
    const assetIds = (await hosts(sandbox, 'Pilot ring', true)).slice(0, 2)
    expect(await play(sandbox, folder, { assetIds })).toMatchObject({ sent: 1 })
    expect(existsSync(join(folder, 'audit.jsonl'))).toBe(true)
  })

  test.for([
    ['by day', '12:00', {}, 'QUALYS_WINDOW'],
    ['another script', '21:30', { scriptId: 20748 }, 'QUALYS_ALLOWED_SCRIPTS'],
    ['a reboot', '21:30', { rebootAfterScriptExecution: true }, 'QUALYS_FORBID'],
    ['another host', '21:30', { assetIds: ['21789601'] }, 'QUALYS_ALLOWED_TAGS'],
  ] as const)('refuses %s', async ([, time, args, setting], { sandbox, folder }) => {
    setHour(time)
    const assetIds = (await hosts(sandbox, 'Pilot ring', true)).slice(0, 2)
    const result = await play(sandbox, folder, { assetIds, ...args })
    expect(result.text).toContain(setting)
    expect(result.sent).toBe(0)
  })
})
