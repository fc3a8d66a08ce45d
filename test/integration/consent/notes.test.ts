import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { BudgetFile } from '../../../src/tools/effects/budgets/budget-file.ts'
import { budgets, type Spent, spent } from '../../../src/tools/effects/budgets/budget-limits.ts'
import { execute, run } from '../../support/consent/calls.ts'
import { consentTest } from '../../support/consent/fixtures.ts'
import { temporaryFolder } from '../../support/consent/raw-client.ts'
import { effectRequests } from '../../support/sandbox.ts'

// A note is no part of what is approved: each of them changes between question and yes, and the yes holds.

const max = 10_000
const notes = /\nnot part of what you approve:\n(.*)$/s

const noteIn = (preview = ''): string => notes.exec(preview)?.[1] ?? ''
const accountIn = (preview = ''): string => /\naccount: "([^"]+)"/.exec(preview)?.[1] ?? ''

consentTest.for<Spent>(spent)('%s', async (what, { sandbox, connect }) => {
  const stateDir = temporaryFolder()
  const client = await connect('modern', {
    settings: {
      ...{ QUALYS_STATE_DIR: stateDir, QUALYS_UNVERIFIED: 'all' },
      [budgets[what].setting]: String(max),
    },
  })
  const campaigns = await sandbox.control.dump('campaigns')
  const inactive = campaigns.find(
    ({ status, dueDate, recipientIds }) =>
      status === 'INACTIVE' && Number(dueDate) > Date.now() && [recipientIds].flat().length > 1,
  )
  const [tool, args] =
    what === 'mails' ? ['saq_launch_campaign', { campaignId: String(inactive?.['id']) }] : [execute, run]
  const asked = await client.call(tool, args)
  expect(noteIn(asked.preview), asked.text).toBe(
    `  now: 10,000 of 10,000 ${what} of ${what === 'runs' ? 'this hour’s' : 'today’s'} budget are left`,
  )
  const charge = { id: randomUUID(), account: accountIn(asked.preview), caller: 'stdio', what, n: 17 }
  new BudgetFile(stateDir).take(charge, { max, windowMs: budgets[what].windowMs }, new Set())
  const again = await client.call(tool, args)
  expect(noteIn(again.preview)).toMatch(/^ {2}now: 9,983 of 10,000 /)
  expect(again.preview?.replace(notes, '')).toBe(asked.preview?.replace(notes, ''))
  const done = await client.answerQuestion(tool, args, asked.state)
  expect(done, done.text).toMatchObject({ isError: false, preview: undefined })
  const sent = (await effectRequests(sandbox.control)).filter(({ path }) =>
    /\/(?:execute|launch)\b/.test(path),
  )
  expect(sent).toHaveLength(1)
})
