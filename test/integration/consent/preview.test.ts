import { describe, expect } from 'vitest'
import { findPending } from '../../../src/tools/effects/approval/pending/pending-calls.ts'
import { wholeText } from '../../../src/tools/effects/preview/text.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { codeIn, consentTest } from '../../support/consent/fixtures.ts'
import { expectWellFormed, frameOf, hostileTexts, valuesIn } from '../../support/consent/previews.ts'
import { eras, temporaryFolder } from '../../support/consent/raw-client.ts'
import { type Alterations, alteredPlatform } from '../../support/effects/altered-platform.ts'
import { accountOn } from '../../support/session.ts'
import { plan } from '../limits/attempt.ts'

// What a person reads before effects of CAR. (Every value and every text: test/unit/consent.)

type Json = Readonly<Record<string, unknown>>
type PreviewOf = (tool: string, args: object, platform?: Parameters<typeof accountOn>[0]) => Promise<string>

const test = consentTest.extend<{ previewOf: PreviewOf }>({
  previewOf: async ({ sandbox, connect }, use) => {
    await use(async (tool, args, platform = sandbox) => {
      const settings = { QUALYS_UNVERIFIED: 'all' }
      const { preview, text } = await (await connect('modern', { settings }, platform)).call(tool, args)
      if (preview === undefined) throw new Error(text)
      expectWellFormed(preview)
      return preview
    })
  },
})

/** The same text everywhere that a preview could show it. */
function renamed(text: string): Alterations {
  const facts = (row: Json): Json => {
    const named = Object.fromEntries(
      ['title', 'name', 'platform', 'severity', 'status', 'startTime']
        .filter((field) => field in row)
        .map((field) => [field, text]),
    )
    return { ...row, ...named }
  }
  return {
    answer: (path, answer) => {
      const body = answer['body'] as Json | undefined
      if (!/\/(scripts|assets|assettags|scheduler)\//.test(path) || typeof body !== 'object') return undefined
      const list = body['list'] as readonly Json[] | undefined
      return { ...answer, body: list ? { ...body, list: list.map(facts) } : facts(body) }
    },
  }
}

describe.each(['a closing quote and a line', 'commands to a terminal', 'nothing to be seen'])(
  'names that hold %s',
  (what) => {
    const text = hostileTexts[what] ?? ''
    const calls: readonly (readonly [tool: string, args: object])[] = [
      [execute, run],
      ['car_deactivate_schedule', { scheduleId: '1038b1b4-9fe3-44c2-af68-04c76d2c7ba6' }],
      ['car_update_script', { scriptId: 27695, content: 'echo 1', comment: 'simpler' }],
    ]

    test.for(calls)(
      '%s: the preview is ours except for its values',
      async ([tool, args], { sandbox, previewOf }) => {
        const harmless = await previewOf(tool, args, await alteredPlatform(sandbox, renamed('harmless')))
        const preview = await previewOf(tool, args, await alteredPlatform(sandbox, renamed(text)))
        expect(frameOf(preview)).toBe(frameOf(harmless))
        expect(preview).not.toBe(harmless)
      },
    )

    test('also in a client of the 2025 era, and in an argument', async ({ sandbox, connect, effects }) => {
      const client = await connect('legacy', {}, await alteredPlatform(sandbox, renamed(text)))
      await client.callAndAnswer(execute, { ...run, description: text }, { action: 'decline' })
      expectWellFormed(String(client.questions[0]?.['message']))
      expect(await effects()).toEqual([])
    })
  },
)

describe('what is shown', () => {
  test('a run, whole', async ({ sandbox, previewOf }) => {
    const preview = await previewOf(execute, {
      ...run,
      rebootAfterScriptExecution: true,
      rebootDelayInSeconds: 60,
      executionPolicyBypassEnabled: true,
    })
    expect(preview.split('\n').map((text) => text.replace(/sha256 \w+/, 'sha256'))).toEqual([
      'Run a script on hosts (execute): 1 host, 1 script',
      '! A run cannot be stopped from here, and what the script changes on a host cannot be undone from here.',
      '! Every host reboots 60 s after the script; unsaved work there is lost.',
      '! The PowerShell execution policy of the hosts is ignored: unsigned code runs where their owner forbade it.',
      'script 19218: "Auto_script_22062022_074300047"',
      '  platform: "WINDOWS"',
      '  severity: "1"',
      '  state: "APPROVED"',
      expect.stringMatching(/^ {2}content: \d+ lines, \d+ characters, sha256$/),
      '  1 "# Auto_script_22062022_074300047"',
      `  2 "$ErrorActionPreference = 'Stop'"`,
      '  3 "Get-CimInstance Win32_OperatingSystem | Select-Object Caption, Version"',
      '  4 "exit 0"',
      'hosts (id, name, platform):',
      '  "21789601", "POS-0001", "WINDOWS"',
      'rebootAfterScriptExecution: "true"',
      'rebootDelayInSeconds: "60"',
      'executionPolicyBypassEnabled: "true"',
      `account: "${sandbox.gatewayUrl} sandbox_ab1"`,
    ])
  })

  test('hosts that cannot be looked up are reported as such', async ({ previewOf }) => {
    const preview = await previewOf(execute, { ...run, assetIds: [21789601, 5] })
    expect(preview).toMatch(/^Run a script on hosts \(execute\): 2 hosts, 1 script\n/)
    expect(preview).toMatch(
      /\nhosts \(id, name, platform\):\n {2}"21789601", "POS-0001", "WINDOWS"\nhosts that could not be looked up \(id\): "5"\n/,
    )
  })

  test('the active schedules that run a script whose content changes', async ({ previewOf }) => {
    const args = { scriptId: 27695, content: 'echo 1\necho 2\n', comment: 'simpler' }
    const preview = await previewOf('car_update_script', args)
    expect(preview).toMatch(/^Update a script \(execute\): 2 hosts, 1 script, 2 active schedules\n/)
    expect(preview).toMatch(/\nhosts \(id, name, platform\):(\n {2}"\d+", "[^"]+", "[A-Z]+"){2}\n/)
    expect(preview).toMatch(
      /\nactive schedules \(id, title, start\):(\n {2}"[^"]+", "(Monthly|Hourly) Cron entries[^"]*", "[^"]+"){2}\n/,
    )
    expect(preview).toMatch(/\ncontent: 2 lines, 14 characters, sha256 \w{64}\n/)
    expect(preview).toMatch(/\n {2}\+ 1 "echo 1"\n {2}\+ 2 "echo 2"\n/)
    expect(preview).toMatch(/\n! What is replaced of content, repository and parameters is not kept\.\n/)
  })

  test.for<readonly [string, object]>([
    ['car_update_script', { scriptId: '19218', title: '19218', categoryId: '19218', description: '19218' }],
    ['car_clone_script', { scriptId: '19218', title: '19218' }],
    ['car_execute_script', { scriptId: '19218', assetIds: ['21789601'], description: '21789601' }],
    [
      'car_update_schedule',
      {
        ...plan,
        recurrence: 'ONCE',
        scheduleId: '1038b1b4-9fe3-44c2-af68-04c76d2c7ba6',
        description: '1038b1b4-9fe3-44c2-af68-04c76d2c7ba6',
      },
    ],
  ])(
    '%s: an argument that looks like the id of a shown object is shown as well',
    async ([tool, args], { previewOf }) => {
      const preview = await previewOf(tool, args)
      const texts = ['title', 'categoryId', 'description'].filter((name) => name in args)
      expect(texts.length).toBeGreaterThan(0)
      for (const name of texts)
        expect(preview).toMatch(new RegExp(`\n(?:${name}|  ${name}, stored and new): "`))
    },
  )

  test('everything that is passed for a schedule', async ({ previewOf }) => {
    const args = {
      ...plan,
      title: 'Nightly check',
      recurrence: 'DAILY',
      interval: 2,
      endDate: '2096-12-31',
      assets: ['21789601'],
      excludedAssets: ['21789634'],
      allTagsForAssetsEnabled: false,
      description: 'Every other night',
    }
    const preview = await previewOf('car_create_schedule', args)
    const { title, startDate } = args
    for (const value of [title, '19218', startDate, '08:00', 'DAILY', '2', '2096-12-31', 'false'])
      expect(valuesIn(preview)).toContain(value)
    expect(preview).toMatch(/\n! It runs by itself at these times, on every host that the tags hold by then/)
    expect(preview).toMatch(/^Create a schedule \(execute\): 1 host, 1 excluded host, 1 script\n/)
  })
})

test.for(eras)(
  '%s era: the sandbox is named as such wherever a person reads',
  async (era, { sandbox, connect }) => {
    const account = {
      platform: 'sandbox',
      gatewayUrl: sandbox.gatewayUrl,
      apiUrl: sandbox.apiUrl,
      credentials: accountOn(sandbox).credentials,
      sandbox: true,
    }
    const settings = { QUALYS_SANDBOX: '1', QUALYS_GATEWAY_URL: undefined, QUALYS_API_URL: undefined }
    const client = await connect(era, { settings, account })
    const { text } = await client.callAndAnswer(execute, run, { action: 'decline' })
    expect(client.questions[0]?.['message']).toMatch(/^sandbox: Run a script on hosts \(execute\)/)
    expect(text).toMatch(/^sandbox: The person said no/)

    const stateDir = temporaryFolder()
    const silent = await connect(era, {
      settings: { ...settings, QUALYS_STATE_DIR: stateDir },
      account,
      capabilities: {},
    })
    const refusal = await silent.call(execute, run)
    expect(refusal.text).toMatch(/^sandbox: A person has to approve this/)
    const pending = findPending(stateDir, codeIn(refusal))
    expect(pending && wholeText(pending.preview)).toBe(client.questions[0]?.['message'])
  },
)
