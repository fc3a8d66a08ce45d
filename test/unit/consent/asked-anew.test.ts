import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import { requestedIds } from '../../support/consent/replies.ts'
import { endless, performInMemory, toolContextOn } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'

// An approval holds for what was shown: what changes between question and yes is asked about anew, a note is not.

/** What an approval of the call would be for. */
async function digestOf(
  replies: Replies,
  tool: string,
  args: object,
  environment: Environment,
): Promise<string> {
  const session = new MemorySession(replies)
  let issued = ''
  const issue = async (digest: string): Promise<string> => {
    issued = digest
    return 'a state'
  }
  const requestStates = { issue, redeem: async () => false } as unknown as typeof endless.requestStates
  const safeguards = {
    ...endless,
    stateDir: environment['QUALYS_STATE_DIR'] ?? endless.stateDir,
    requestStates,
  }
  const outcome = await performInMemory(
    session,
    tool,
    args,
    toolContextOn(session, environment, { safeguards }),
  )
  expect(outcome).toHaveProperty('question')
  return issued
}

const script = (content: string) => ({ id: 7, title: 'Clean', platform: 'LINUX', content: btoa(content) })
const host = (id: number) => ({
  id: String(id),
  name: `host ${id}`,
  agentUuid: `u-${id}`,
  platform: 'LINUX',
  tags: [],
})
const fleet = (size: number): Replies => ({
  car_get_script: script('echo 1\n'),
  car_search_scripts: [script('echo 1\n')],
  car_search_asset_tags: [{ id: '11', name: 'Web' }],
  car_search_assets: ({ filter }) => {
    const all = Array.from({ length: 20 }, (_, at) => host(at + 1))
    if (filter === undefined) return all
    if (filter === 'tags.id:11') return all.slice(0, size)
    return all.filter(({ id }) => requestedIds({ filter }).includes(id))
  },
})
const commands = (...list: readonly string[]): Replies => ({
  car_search_blocked_commands: [{ commandId: 102, language: 'Shell', platform: 'LINUX', commands: list }],
})
const schedule = (more: object): Replies => ({
  ...fleet(3),
  car_get_schedule: {
    ...{
      id: 'a1',
      title: 'Nightly',
      activate: false,
      startTime: '2041-03-05T08:30:00Z',
      scripts: [{ id: 7 }],
    },
    ...{ assets: [{ id: 1 }], assetTags: [], excludedAssets: [], ...more },
  },
})
const campaign = (...ids: readonly number[]): Replies => ({
  saq_get_campaign: {
    ...{ id: '9', name: 'C', status: 'INACTIVE', workflowType: 'SIMPLE', dueDate: '2096-12-31T23:59:59Z' },
    recipients: ids.map((id) => ({
      id: String(id),
      firstName: 'Ann',
      lastName: 'Lee',
      company: 'Acme',
      emailAddress: 'a@b.example',
    })),
  },
})

const runOnTag = ['car_execute_script', { scriptId: '7', assetTagIds: ['11'] }] as const
const runOnHost = ['car_execute_script', { scriptId: '7', assetIds: ['1'] }] as const
const activate = ['car_activate_schedule', { scheduleId: 'a1' }] as const

test.each([
  ['a host joins the tag', ...runOnTag, fleet(3), fleet(4)],
  [
    'the script gets other content',
    ...runOnHost,
    fleet(3),
    { ...fleet(3), car_get_script: script('rm -rf /\n') },
  ],
  [
    'the set gets another command',
    'car_delete_blocked_commands',
    { commandIds: ['102'] },
    commands('rm'),
    commands('rm', 'dd'),
  ],
  ['the schedule gets another host', ...activate, schedule({}), schedule({ assets: [{ id: 1 }, { id: 2 }] })],
  [
    'the schedule passes other parameters',
    ...activate,
    schedule({}),
    schedule({ scripts: [{ id: 7, params: [{ key: 'a', value: 'b' }] }] }),
  ],
  [
    'the schedule reboots its hosts',
    ...activate,
    schedule({}),
    schedule({ rebootAfterScriptExecution: true }),
  ],
  [
    'the campaign gets another recipient',
    'saq_launch_campaign',
    { campaignId: '9' },
    campaign(1, 2),
    campaign(1, 2, 3),
  ],
  [
    'another person is a recipient',
    'saq_launch_campaign',
    { campaignId: '9' },
    campaign(1, 2),
    campaign(1, 3),
  ],
])('%s: asked anew', async (_what, tool, args, before, after) => {
  const asked = await digestOf(before, tool, args, {})
  expect(await digestOf(before, tool, args, {})).toBe(asked)
  expect(await digestOf(after, tool, args, {})).not.toBe(asked)
})

test('the rest of a budget is a note: an approval holds whatever is left', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'qualys-note-'))
  onTestFinished(() => rmSync(stateDir, { recursive: true }))
  const folder = { QUALYS_STATE_DIR: stateDir }
  const asked = await digestOf(fleet(3), ...runOnHost, { ...folder, QUALYS_MAX_HOSTS_PER_DAY: '30' })
  expect(await digestOf(fleet(3), ...runOnHost, { ...folder, QUALYS_MAX_HOSTS_PER_DAY: '20' })).toBe(asked)
})
