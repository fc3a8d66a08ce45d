import { expect } from 'vitest'
import { readCsv, readExportFile, readJsonLines } from '../../support/exports/exporter.ts'
import { expectedRecipients, shownRecipient, shownRow } from '../../support/saq/expected-recipients.ts'
import { readPeople } from '../../support/saq/sandbox-people.ts'
import { exportingOn } from './fixtures.ts'

// A list that no single request brings, in files.

const tool = 'saq_list_recipients'
const test = exportingOn({ jobs: 10 })

test.for(['jsonl', 'csv'] as const)(
  'all recipients of a campaign in %s',
  async (format, { sandbox, exporter }) => {
    const people = await readPeople(sandbox.control)
    const campaign = people.campaigns.find(({ id }) => id === 640002)
    if (!campaign) throw new Error('there is no such campaign')
    const reply = await exporter.export({ tool, arguments: { campaignId: 640002 }, format }, 'json')
    expect(reply.isError, reply.text).toBe(false)
    const text = readExportFile(reply)
    const rows = format === 'csv' ? readCsv(text).map(withoutEmpty) : readJsonLines(text)
    expect(rows.map(shownRow)).toEqual(expectedRecipients(people, campaign, Date.now()).map(shownRecipient))
    expect(reply.text).toMatch(
      /420 recipients of campaign 640002 "Vendor risk 2026", from its record, exported to/,
    )
    expect(reply.text).toContain('others have the same name')
  },
)

const withoutEmpty = (row: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''))

test('the rows that a filter keeps, and some columns', async ({ exporter }) => {
  const args = { campaignId: 640002, late: true, fields: ['name', 'daysOverdue'] }
  const reply = await exporter.export({ tool, arguments: args, format: 'jsonl' }, 'json')
  const rows = readJsonLines(readExportFile(reply))
  expect(rows.length).toBeGreaterThan(0)
  for (const row of rows) {
    expect(Object.keys(row).sort()).toEqual(['daysOverdue', 'name'])
    expect(row['daysOverdue']).toBeGreaterThan(0)
  }
  expect(reply.text).toMatch(/recipients that were looked at \(\d+ unknown\) of campaign 640002/)
})

const withholding = exportingOn({ jobs: 10 }, { QUALYS_EXCLUDE_TOOLS: tool })

withholding('a withheld tool exports nothing', async ({ exporter }) => {
  const { text, isError } = await exporter.export({ tool, arguments: { campaignId: 640002 }, format: 'csv' })
  expect([isError, text]).toEqual([true, expect.stringContaining(`The tool ${tool} is withheld`)])
})
