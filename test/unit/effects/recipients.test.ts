import { describe, expect, test } from 'vitest'
import type { Row } from '../../../src/session/answer.ts'
import { DriftError } from '../../../src/shared/errors.ts'
import type { SaqTargetIds } from '../../support/consent/saq-targets.ts'
import { unattendedCall } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'
import { campaign } from '../../support/effects/saq/saq-objects.ts'
import {
  baseReplies,
  campaignRow,
  findTargets,
  idsOf,
  people,
  person,
} from '../../support/effects/saq/saq-targets.ts'

// Who becomes a recipient of a campaign: by id, by company or by tag, each once.

describe('recipients', () => {
  const into = 'addRecipientIds'
  const added = async (recipients: object, touched: SaqTargetIds = {}, args: object = {}) => {
    const audience = await findTargets({ ...touched, recipients: { into, ...recipients } }, {}, args)
    return {
      ids: idsOf(audience.newRecipients),
      already: audience.existingRecipientCount,
      args: audience.resolvedArgs,
    }
  }

  test.each<readonly [string, object, string[]]>([
    ['by id', { ids: ['3', '1'] }, ['3', '1']],
    ['by company', { company: 'Acme' }, ['1', '2']],
    ['by tag', { tag: 'EMEA' }, ['1', '2']],
    ['by all of these, each once', { ids: ['3', '2'], company: 'Acme', tag: 'EMEA' }, ['3', '2', '1']],
  ])('are found %s', async (_what, recipients, ids) => {
    expect((await added(recipients)).ids).toEqual(ids)
  })

  test('are sent by their ids, instead of company and tag', async () => {
    const args = { campaignId: '9', addRecipientCompany: 'Acme', addRecipientTag: 'EMEA', name: 'x' }
    expect((await added({ company: 'Acme', tag: 'EMEA' }, {}, args)).args).toEqual({
      ...{ campaignId: '9', name: 'x', addRecipientIds: ['1', '2'] },
    })
    const byId = { campaignId: '9', addRecipientIds: ['1'] }
    expect((await added({ ids: ['1'] }, {}, byId)).args).toEqual(byId)
  })

  test('found by a group who are recipients already are not sent again', async () => {
    const outcome = await added({ company: 'Acme' }, { campaigns: ['9'] })
    expect([outcome.ids, outcome.already]).toEqual([['2'], 1])
  })

  test('named by id are sent again, as an id alone demands', async () => {
    const outcome = await added({ ids: ['1'], company: 'Acme' }, { campaigns: ['9'] })
    expect([outcome.ids, outcome.already]).toEqual([['1', '2'], 0])
  })

  test('who are all recipients already are an input error', async () => {
    await expect(added({ company: 'Other' }, { campaigns: ['9'] })).rejects.toMatchObject({
      kind: 'input',
      message: 'All of them are recipients of this campaign already.',
      next: 'Choose others.',
    })
  })

  test.each([
    [{ company: 'No". One' }, `The company "No'. One" finds nobody.`],
    [{ tag: 'None' }, 'The tag "None" finds nobody.'],
  ])('%j finds nobody: an input error', async (recipients, message) => {
    await expect(added(recipients)).rejects.toMatchObject({
      kind: 'input',
      message,
      next: 'Look with saq_search_users how it is spelled: company and tagName have to be equal.',
    })
  })

  const crowd = (count: number): Row[] => Array.from({ length: count }, (_, at) => person(String(at + 1)))

  test('of one call are 5,000 at most', async () => {
    const recipients = { into, company: 'Acme' }
    expect(
      (await findTargets({ recipients }, { saq_search_users: crowd(5_000) })).newRecipients,
    ).toHaveLength(5_000)
    await expect(findTargets({ recipients }, { saq_search_users: crowd(5_001) })).rejects.toMatchObject({
      kind: 'input',
      message: 'The company "Acme" finds more than 5,000 people, the most of one call.',
      next: 'Choose a smaller group, or pass ids.',
    })
  })

  test('of one call by several ways are 5,000 at most, too', async () => {
    const recipients = { into, company: 'Acme', tag: 'EMEA' }
    await expect(findTargets({ recipients }, { saq_search_users: crowd(2_501) })).rejects.toMatchObject({
      kind: 'input',
      message: 'These are 5,002 recipients; one call takes 5,000.',
      next: 'Choose fewer.',
    })
  })

  test('that Qualys does not show completely are an error', async () => {
    const replies: Replies = { saq_search_users: { rows: [...people], resultLimit: 'only 1,000.' } }
    await expect(findTargets({ recipients: { into, company: 'Acme' } }, replies)).rejects.toMatchObject({
      kind: 'drift',
      message: 'The company "Acme" finds people whom Qualys does not show: only 1,000.',
      next: 'Pass ids instead.',
    })
  })

  test.each([[{ x: 1 }], ['a'], ['1 2'], [''], [undefined], ['9'.repeat(20)], ['-1']])(
    'with an id that cannot be sent are an error: %j',
    async (id) => {
      const replies: Replies = { saq_search_users: [{ id, company: 'Acme' }] }
      await expect(findTargets({ recipients: { into, company: 'Acme' } }, replies)).rejects.toThrow(
        DriftError,
      )
    },
  )
})

test('the people found are the people sent', async () => {
  const session = new MemorySession({
    ...baseReplies,
    saq_search_templates: [{ id: '722010' }],
    saq_get_campaign: { ...campaignRow, id: '7' },
    saq_create_campaign: { id: '7' },
  })
  const { recipientIds: _, ...rest } = campaign('New')
  await unattendedCall(session, 'saq_create_campaign', { ...rest, recipientCompany: 'Acme' })
  const sent = session.calls.find(({ name }) => name === 'saq_create_campaign')?.args
  expect(sent).toMatchObject({ name: 'New', recipientIds: ['1', '2'] })
  expect(sent).not.toHaveProperty('recipientCompany')
})
