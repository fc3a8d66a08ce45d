import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { readCsv, readExportFile, readJsonLines } from '../../support/exports/exporter.ts'
import { openSandbox, type TestSandbox } from '../../support/sandbox.ts'
import { type KnownRecipient, knownRecipients, nameOf } from '../../support/saq/campaign-recipients.ts'
import { countRequests } from '../../support/saq/groups.ts'
import { everybody, moreCampaignId } from '../../support/saq/more-campaigns.ts'
import { readPeople } from '../../support/saq/sandbox-people.ts'
import { allPages, openSmallServer } from '../../support/saq/small-server.ts'

// All 5,000 users are recipients of one campaign: page by page and as a file, in a process with a small heap.

const campaignId = moreCampaignId(0)
const maxHeapMiB = 96

let sandbox: TestSandbox
let expected: readonly KnownRecipient[]
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qualys-recipients-'))
  sandbox = await openSandbox({ jobs: 100, moreCampaigns: [everybody] })
  const held = await readPeople(sandbox.control)
  const campaign = held.campaigns.find(({ id }) => String(id) === campaignId)
  expected = campaign ? knownRecipients(held, campaign) : []
  expect(expected).toHaveLength(5_000)
})
beforeEach(() => sandbox.control.reset())
afterAll(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

const idAndState = ({ user, state }: KnownRecipient): string => `${user.id} ${state}`
const sortedNames = (names: Iterable<unknown>): string[] => [...names].map(String).sort()

describe.each(['shown', 'ids'])('where the record has ids (%s)', (campaignRecipients) => {
  test('every page', async () => {
    await sandbox.control.knobs({ campaignRecipients })
    const server = await openSmallServer(sandbox, maxHeapMiB)
    const args = { campaignId, pageSize: 200, fields: ['id', 'state'] }
    const { rows, pages } = await allPages(server, 'saq_list_recipients', args)
    await server.close()
    expect(rows.map(({ id, state }) => `${id} ${state}`)).toEqual(expected.map(idAndState))
    expect(pages).toBeLessThanOrEqual(26)
    // One reading: the campaign, five thousand questionnaires, and users by id where the record leaves out who they are.
    expect(await countRequests(sandbox.control)).toBeLessThanOrEqual(campaignRecipients === 'ids' ? 65 : 15)
  })
})

test.each(['names', 'hidden'])('every page, where the record has no ids (%s)', async (campaignRecipients) => {
  await sandbox.control.knobs({ campaignRecipients })
  const server = await openSmallServer(sandbox, maxHeapMiB)
  const args = { campaignId, pageSize: 200, fields: ['name'] }
  const { rows } = await allPages(server, 'saq_list_recipients', args)
  await server.close()
  expect(sortedNames(rows.map(({ name }) => name))).toEqual(
    sortedNames(expected.map(({ user }) => nameOf(user))),
  )
})

test.each(['csv', 'jsonl'])('all of them as %s', async (format) => {
  const server = await openSmallServer(sandbox, maxHeapMiB, { QUALYS_EXPORT_DIR: folder })
  const args = { tool: 'saq_list_recipients', format, arguments: { campaignId, fields: ['id', 'state'] } }
  const { rows } = await server.call('qualys_export', args)
  await server.close()
  const text = readExportFile({ rows, text: '', isError: false, error: undefined, raw: {} })
  const held: readonly Readonly<Record<string, unknown>>[] =
    format === 'csv' ? readCsv(text) : readJsonLines(text)
  expect(held.map(({ id, state }) => `${id} ${state}`)).toEqual(expected.map(idAndState))
})
