import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { QualysError } from '../../../src/shared/errors.ts'
import {
  type Credentials,
  checkCredentials,
} from '../../../src/tools/effects/policy/credentials/check-credentials.ts'
import { effectOf } from '../../../src/tools/effects/prepare/effect-of.ts'
import { lookUpCarTargets } from '../../../src/tools/effects/targets/car-targets.ts'
import { toJsonSchema } from '../../../src/tools/schema.ts'
import { effectNamed, effects, toolContextOn, validated } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// A secret goes to the repository hosts and the scripts that the operator named, and nowhere else.

const content = Buffer.from('Get-Date\n')
const hash = createHash('sha256').update(content).digest('hex')
const otherHash = 'a'.repeat(64)

/** Scripts with this record, and a schedule that runs one of them with these stored parameters. */
const replies = (record: object = {}, stored: object = {}): Replies => ({
  car_get_script: ({ scriptId }) => ({
    ...{ id: scriptId, title: 'Date', params: [{ key: 'p' }], content: new StoredText(content) },
    ...record,
  }),
  car_search_scripts: [],
  car_get_schedule: ({ scheduleId }) => ({ id: scheduleId, scripts: [{ id: 7, ...stored }] }),
  car_search_schedules: [],
})

const url = 'https://github.com/a/b/blob/main/x.ps1'
const created = {
  ...{ title: 'New', typeId: 1, subType: 'Response', languageId: 201, platform: 'WINDOWS', severity: 1 },
}
const params = [{ key: 'p', secret: 'db' }]
const plan = { title: 'x', startDate: '2096-02-29', startTime: '08:30', assets: [1] }

const calls = {
  token: ['car_create_script', { ...created, sourceUrl: url, repositoryToken: 'db' }],
  'token of an update': ['car_update_script', { scriptId: 7, sourceUrl: url, repositoryToken: 'db' }],
  'new script': ['car_create_script', { ...created, content: 'x', params }],
  'parameter of an update': ['car_update_script', { scriptId: 7, params }],
  run: ['car_execute_script', { scriptId: 7, assetIds: [1], params }],
  schedule: ['car_create_schedule', { ...plan, activate: true, scripts: [{ id: 7, params }] }],
  'change of a schedule': [
    'car_update_schedule',
    { ...plan, scheduleId: 'u-1', scripts: [{ id: 7, params }] },
  ],
} as const
type Call = readonly [tool: string, args: object]

async function check(
  [tool, args]: Call,
  environment: Environment,
  answers: Replies = replies(),
): Promise<Credentials | string> {
  const operation = effectNamed(tool)
  const input = validated(operation, args)
  const context = toolContextOn(new MemorySession({ car_search_assets: [], ...answers }), {
    QUALYS_SECRET_DB: 'some value',
    ...environment,
  })
  const named = operation.change.targets(input)
  if (named.product !== 'car') throw new Error(`${tool} is no tool of CAR`)
  const targets = await lookUpCarTargets(named, context)
  const call = { effect: effectOf(operation, input), uses: operation.change.secrets?.(input) ?? [] }
  return checkCredentials(call, targets, context).catch((error: unknown) => {
    if (error instanceof QualysError) return error.message
    throw error
  })
}

const unattended = { QUALYS_MODE: 'unattended' }
const boundTo = (binding: string) => ({ QUALYS_SECRET_DB_FOR: binding })
const namesIt = expect.objectContaining({ namesSecret: true })

test('every tool that takes the name of a secret says what the secret is for, and counts as execute', () => {
  const takesName = effects.filter(({ input }) =>
    /"(?:secret|repositoryToken)":/.test(JSON.stringify(toJsonSchema(input))),
  )
  const tools = takesName.map(({ name }) => name)
  expect(tools.toSorted()).toEqual([...new Set(Object.values(calls).map(([tool]) => tool))].toSorted())
  for (const [tool, args] of Object.values(calls)) {
    const operation = effectNamed(tool)
    const input = validated(operation, args)
    expect(operation.change.secrets?.(input)).toMatchObject([{ name: 'db' }])
    expect(effectOf(operation, input)).toBe('execute')
  }
})

describe('a secret that is bound to nothing', () => {
  test.each(Object.entries(calls))(
    'serves in mode confirm, and not in unattended: %s',
    async (_what, call) => {
      expect(await check(call, {})).toEqual(namesIt)
      expect(await check(call, unattended)).toBe(
        'The operator’s limits forbid it: the secret "db" is bound to nothing (QUALYS_SECRET_DB_FOR is not set), and in mode unattended such a secret serves nothing.',
      )
    },
  )
})

describe('a secret that is bound to a host', () => {
  test.each([calls.token, calls['token of an update']])('serves it: %s', async (...call) => {
    for (const mode of [{}, unattended])
      expect(await check(call, { ...boundTo('gitlab.com github.com'), ...mode })).toEqual(namesIt)
  })

  test.each([
    ['https://github.com.evil.example/a/blob/x', 'github.com.evil.example'],
    ['https://evil.example/github.com/blob/x', 'evil.example'],
    ['https://sub.github.com/a/blob/x', 'sub.github.com'],
  ])('does not serve %s', async (sourceUrl, host) => {
    const call = ['car_create_script', { ...created, sourceUrl, repositoryToken: 'db' }] as const
    expect(await check(call, boundTo('github.com'))).toBe(
      `The operator’s limits forbid it: the secret "db" may go to "github.com" (QUALYS_SECRET_DB_FOR), and not to the repository host "${host}".`,
    )
  })

  test.each([
    [calls.run, 'script 7 "Date"'],
    [calls.schedule, 'script 7 "Date"'],
    [calls['change of a schedule'], 'script 7 "Date"'],
    [calls['new script'], 'a new script, which has no id yet'],
    [calls['parameter of an update'], 'script 7 "Date"'],
  ] as const)('does not serve a script: %j', async (call, place) => {
    expect(await check(call, boundTo('github.com'))).toBe(
      `The operator’s limits forbid it: the secret "db" may go to "github.com" (QUALYS_SECRET_DB_FOR), and not to ${place}.`,
    )
  })
})

describe('a secret that is bound to a script', () => {
  const running = [calls.run, calls.schedule, calls['change of a schedule']] as const

  test.each(running)('serves its parameter with the pinned content: %s', async (...call) => {
    for (const mode of [{}, unattended])
      expect(await check(call, { ...boundTo(`8@${otherHash},7@${hash}`), ...mode })).toEqual(namesIt)
    expect(await check(call, boundTo('7'))).toEqual(namesIt)
  })

  test.each(running)('does not serve other content: %s', async (...call) => {
    const refusal =
      'The operator’s limits forbid it: script 7 "Date" does not have the content that QUALYS_SECRET_DB_FOR pins, so it does not get the secret "db".'
    expect(await check(call, boundTo(`7@${otherHash}`))).toBe(refusal)
    for (const record of [
      { content: content.toString('base64') },
      { content: new StoredText(Buffer.from('x')) },
    ])
      expect(await check(call, boundTo(`7@${hash}`), replies(record))).toBe(refusal)
  })

  test.each([...running, calls['new script'], calls.token])('does not serve another: %s', async (...call) => {
    expect(await check(call, boundTo(`8@${hash}`))).toMatch(
      /^The operator’s limits forbid it: the secret "db" may go to "8@/,
    )
  })
})

describe('a script that a binding names', () => {
  test.each([
    ['its title', { title: 'x' }],
    ['its content', { content: 'x', comment: 'why' }],
    ['its parameters', { params: [{ key: 'p', value: 'x' }] }],
    ['its repository', { sourceUrl: url }],
  ])('is not changed by tools: %s', async (_what, changes) => {
    for (const binding of ['7', `7@${hash}`])
      expect(await check(['car_update_script', { scriptId: 7, ...changes }], boundTo(binding))).toBe(
        'The operator’s limits forbid it: QUALYS_SECRET_DB_FOR names script 7 "Date", and no tool may change a script that it names.',
      )
  })

  test('is not copied, since its stored parameters would be', async () => {
    for (const binding of ['7', `7@${hash}`])
      expect(await check(['car_clone_script', { scriptId: 7 }], boundTo(binding))).toBe(
        'The operator’s limits forbid it: QUALYS_SECRET_DB_FOR names script 7 "Date", and no tool may copy a script that it names.',
      )
    expect(await check(['car_clone_script', { scriptId: 7 }], boundTo('70'))).toMatchObject({
      namesSecret: false,
    })
  })

  test('is no other script', async () => {
    expect(await check(['car_update_script', { scriptId: 7, title: 'x' }], boundTo('70'))).toMatchObject({
      namesSecret: false,
    })
  })
})

describe('hosts of repositories', () => {
  const from = (sourceUrl: string): Call => ['car_create_script', { ...created, sourceUrl }]
  const only = { QUALYS_REPOSITORY_HOSTS: 'github.com, xn--bcher-kva.example' }

  test.each([url, 'https://GitHub.com/a/blob/x', 'https://xn--bcher-kva.example/a/blob/x'])(
    'in the list are taken: %s',
    async (sourceUrl) => {
      expect(await check(from(sourceUrl), only)).toEqual({ namesSecret: false, sendsToken: false })
    },
  )

  test('that are not in the list are refused', async () => {
    expect(await check(from('https://gitlab.com/a/-/blob/x'), only)).toBe(
      'The operator’s limits forbid it: scripts come from the hosts that QUALYS_REPOSITORY_HOSTS names ("github.com", "xn--bcher-kva.example"), and "gitlab.com" is not one of them.',
    )
    expect(
      await check(['car_update_script', { scriptId: 7, sourceUrl: 'https://a.github.com/a/blob/x' }], only),
    ).toMatch(/"a\.github\.com" is not one of them\.$/)
  })

  test('in other letters are refused without the list', async () => {
    expect(await check(from('https://xn--gthub-n2e.com/a/blob/x'), {})).toBe(
      'The operator’s limits forbid it: "xn--gthub-n2e.com" stands for a name in other letters, which only QUALYS_REPOSITORY_HOSTS can allow.',
    )
    expect(await check(from(url), {})).toMatchObject({ namesSecret: false })
  })
})

/** Records of scripts whose content another may change. */
const synced: readonly (readonly [what: string, record: object])[] = [
  ['GitHub, synchronised', { githubInputUrl: url, gitHubSyncEnabled: true }],
  ['GitHub, automatically', { gitHubFilePath: 'x', gitHubAutoSync: 'true', gitHubSyncEnabled: false }],
  ['GitHub, and no word about it', { githubInputUrl: url }],
  ['GitLab, synchronised', { importedScriptFromGitLab: true, gitLabDetails: { syncEnabled: true } }],
  ['GitLab, and no word about it', { importedScriptFromGitLab: true, gitLabDetails: { inputUrl: 'x' } }],
  ['a repository in a field that nobody knows', { sourceRepository: { type: 'SVN' } }],
  ['a content that is not shown', { content: undefined }],
]
/** Records of scripts that have, or had, no repository. */
const notSynced: readonly (readonly [what: string, record: object])[] = [
  ['none', {}],
  ['none, in words', { gitHubSyncEnabled: false, gitLabDetails: null, githubInputUrl: '' }],
  ['none, and has reports', { reportFormat: 'CSV', asyncRun: true, digits: 7 }],
  ['none, in an empty object', { importedScriptFromGitLab: false, gitLabDetails: { inputUrl: null } }],
]
const onceImported = { githubInputUrl: url, gitHubSyncEnabled: false, gitHubAutoSync: false }

describe('a script that comes from', () => {
  const secretParameters = [calls.run, calls.schedule, calls['parameter of an update']] as const

  test.each(synced)('%s: gets no secret parameter', async (_what, record) => {
    for (const call of secretParameters)
      expect(await check(call, {}, replies(record))).toBe(
        'The secret "db" does not go to script 7 "Date": it is synchronised with a repository, or nothing says that it is not, and whoever may change the file there would get the secret.',
      )
  })

  test.each([...notSynced, ['a repository once', onceImported] as const])(
    '%s: gets one',
    async (_what, record) => {
      for (const call of secretParameters) expect(await check(call, {}, replies(record))).toEqual(namesIt)
    },
  )

  test('a record that cannot be read: gets none', async () => {
    const unread = { ...replies(), car_get_script: { id: 'another' } }
    expect(await check(calls.run, {}, unread)).toMatch(/^The secret "db" does not go to script 7: /)
  })

  test('the repository of the call: gets none, unless the call says that it is not synchronised', async () => {
    const args = { ...created, sourceUrl: url, params }
    for (const sync of [true, undefined])
      expect(await check(['car_create_script', { ...args, sync }], {})).toMatch(
        /does not go to the new script: /,
      )
    expect(await check(['car_create_script', { ...args, sync: false }], {})).toEqual(namesIt)
    expect(await check(['car_update_script', { scriptId: 7, sourceUrl: url, params }], {})).toMatch(
      /does not go to script 7 "Date": /,
    )
  })
})

describe('the token that Qualys stores for a script', () => {
  const move: Call = ['car_update_script', { scriptId: 7, sourceUrl: url }]
  const stored = { namesSecret: true, sendsToken: true }
  const refusal =
    'The operator’s limits forbid it: Qualys may send the token that it stores for script 7 "Date" to "github.com", and QUALYS_REPOSITORY_HOSTS, which would have to name that host in mode unattended, is not set.'

  test.each([...synced, ['a repository once', onceImported] as const])(
    'may go to the new address: %s',
    async (_what, record) => {
      expect(await check(move, {}, replies(record))).toEqual(stored)
      expect(await check(move, unattended, replies(record))).toBe(refusal)
      const named = { ...unattended, QUALYS_REPOSITORY_HOSTS: 'github.com' }
      expect(await check(move, named, replies(record))).toEqual(stored)
    },
  )

  test.each(notSynced)('is there for none without a repository: %s', async (_what, record) => {
    for (const mode of [{}, unattended])
      expect(await check(move, mode, replies(record))).toEqual({ namesSecret: false, sendsToken: false })
  })

  test('may be replaced by one that is bound to the host', async () => {
    const environment = { ...unattended, ...boundTo('github.com') }
    expect(await check(calls['token of an update'], environment, replies(onceImported))).toEqual(stored)
  })
})

describe('a stored schedule that is switched on', () => {
  const on: Call = ['car_activate_schedule', { scheduleId: 'u-1' }]
  const value = Buffer.from('some value').toString('base64')
  const withSecret = { params: [{ key: 'p', value }] }

  test('names the secret that it passes', async () => {
    expect(await check(on, {}, replies({}, withSecret))).toEqual(namesIt)
    expect(await check(on, unattended, replies({}, withSecret))).toMatch(
      /the secret "db" is bound to nothing/,
    )
    const pinned = { ...unattended, ...boundTo(`7@${hash}`) }
    expect(await check(on, pinned, replies({}, withSecret))).toEqual(namesIt)
    expect(await check(on, boundTo(`7@${otherHash}`), replies({}, withSecret))).toMatch(
      /does not have the content/,
    )
    expect(await check(on, {}, replies({ githubInputUrl: url }, withSecret))).toMatch(
      /does not go to script 7/,
    )
  })

  test('names every secret that is bound to its script, if it does not show its values', async () => {
    const hidden = { params: [{ key: 'p' }] }
    expect(await check(on, boundTo(`7@${otherHash}`), replies({}, {}))).toMatch(/does not have the content/)
    expect(await check(on, boundTo(`7@${otherHash}`), replies({}, hidden))).toMatch(
      /does not have the content/,
    )
    expect(await check(on, boundTo(`7@${hash}`), replies({}, hidden))).toEqual(namesIt)
    expect(await check(on, boundTo(`8@${hash}`), replies({}, hidden))).toMatchObject({ namesSecret: false })
  })

  test('names none when it is switched off or deleted', async () => {
    const environment = { ...unattended, ...boundTo(`7@${otherHash}`) }
    for (const tool of ['car_deactivate_schedule', 'car_delete_schedule'])
      expect(await check([tool, { scheduleId: 'u-1' }], environment, replies({}, withSecret))).toMatchObject({
        namesSecret: false,
      })
  })

  test('names none with other values, or none', async () => {
    for (const stored of [{ params: [{ key: 'p', value: 'AAAA' }] }, { params: null }, {}])
      expect(await check(on, unattended, replies({}, stored))).toMatchObject({ namesSecret: false })
  })
})
