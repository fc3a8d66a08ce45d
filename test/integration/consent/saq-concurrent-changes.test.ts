import { describe, expect } from 'vitest'
import { openAssistantOn } from '../../support/assistant.ts'
import { answerInTerminal, codeIn, codeText, consentTest } from '../../support/consent/fixtures.ts'
import { eras, type RawClient, temporaryFolder } from '../../support/consent/raw-client.ts'
import {
  campaign,
  draftTemplateId,
  inactiveCampaign,
  newUser,
  publishedTemplate,
  recipient,
  recipientsOf,
  saqChangeRequests,
} from '../../support/effects/saq/saq-objects.ts'

// Another user changes objects between the question and the yes: a yes to outdated facts does not count. (What a
// yes is bound to: test/unit/effects/saq-targets.test.ts.)

interface Outcome {
  readonly first: string | undefined
  readonly second: string | undefined
  /** Bodies of the requests that were sent after the yes. */
  readonly sent: readonly string[]
}

interface Fixtures {
  /** Changes made by another user, who is not asked. */
  readonly meanwhile: (tool: string, args: object) => Promise<string>
  /** A company with this number of people, and their ids. */
  readonly companyOf: (count: number) => Promise<{ readonly company: string; readonly ids: string[] }>
  readonly client: RawClient
  /** Asks, runs a change, and answers yes to the first question. */
  readonly yesAfter: (tool: string, args: object, happening: () => Promise<unknown>) => Promise<Outcome>
}

const company = 'Between & Sons'

const test = consentTest.extend<Fixtures>({
  meanwhile: async ({ sandbox }, use) => {
    const other = await openAssistantOn(sandbox, { QUALYS_MODE: 'unattended', QUALYS_UNVERIFIED: 'all' })
    await use(async (tool, args) => {
      const { text, isError } = await other.call(tool, args)
      expect(isError, text).toBe(false)
      return text
    })
    await other.close()
  },
  companyOf: async ({ sandbox, meanwhile }, use) => {
    await use(async (count) => {
      const users = Array.from({ length: count }, () => newUser({ company }))
      await meanwhile('saq_create_users', { users })
      const rows = (await sandbox.control.dump('users')).filter((row) => row['company'] === company)
      expect(rows).toHaveLength(count)
      return { company, ids: rows.map(({ id }) => String(id)) }
    })
  },
  client: async ({ connect }, use) =>
    use(await connect('modern', { settings: { QUALYS_UNVERIFIED: 'all' } })),
  yesAfter: async ({ sandbox, client }, use) => {
    await use(async (tool, args, happening) => {
      const question = await client.call(tool, args)
      expect(question.preview, question.text).toBeDefined()
      await happening()
      await sandbox.control.clearRequests()
      const { preview } = await client.answerQuestion(tool, args, question.state)
      const sent = (await saqChangeRequests(sandbox.control)).map(({ body }) => body)
      return { first: question.preview, second: preview, sent }
    })
  },
})

const byCompany = (): object => {
  const { recipientIds: _, ...rest } = campaign('In between')
  return { ...rest, recipientCompany: company }
}

describe('between question and yes, the people found by a company', () => {
  test('are the same: the yes counts, and exactly these are sent', async ({ companyOf, yesAfter }) => {
    const { ids } = await companyOf(12)
    const { sent } = await yesAfter('saq_create_campaign', byCompany(), async () => undefined)
    expect(sent).toHaveLength(1)
    expect([...(sent[0] ?? '').matchAll(/<User><id>(\d+)<\/id><\/User>/g)].map(([, id]) => id)).toEqual(ids)
  })

  test('are one more: the yes does not count', async ({ meanwhile, companyOf, yesAfter }) => {
    await companyOf(3)
    const { first, second, sent } = await yesAfter('saq_create_campaign', byCompany(), () =>
      meanwhile('saq_create_users', { users: [newUser({ company })] }),
    )
    expect(sent).toEqual([])
    expect(first).toMatch(/ 3 recipients\n/)
    expect(second).toMatch(/ 4 recipients\n/)
  })

  test('are others, though the count and the first ten are the same', async ({
    meanwhile,
    companyOf,
    yesAfter,
  }) => {
    const { ids } = await companyOf(15)
    const { first, second, sent } = await yesAfter('saq_create_campaign', byCompany(), async () => {
      await meanwhile('saq_delete_user', { userId: ids[12] })
      await meanwhile('saq_create_users', { users: [newUser({ company })] })
    })
    expect(sent).toEqual([])
    expect(first).toContain(`\n  "${ids[12]}", `)
    expect(second).not.toContain(`\n  "${ids[12]}", `)
  })

  test('are others, found by a tag', async ({ sandbox, meanwhile, yesAfter }) => {
    const tag = 'In between'
    const users = Array.from({ length: 14 }, () => newUser({ tags: [tag] }))
    await meanwhile('saq_create_users', { users })
    const { recipientIds: _, ...rest } = campaign('Tagged')
    const { sent, second } = await yesAfter(
      'saq_create_campaign',
      { ...rest, recipientTag: tag },
      async () => {
        const last = (await sandbox.control.dump('users'))
          .filter(({ tags }) => (tags as { name: string }[]).some(({ name }) => name === tag))
          .at(-1)
        await meanwhile('saq_delete_user', { userId: last?.['id'] })
        await meanwhile('saq_create_users', { users: [newUser({ tags: [tag] })] })
      },
    )
    expect(sent).toEqual([])
    expect(second).toMatch(/ 14 recipients\n/)
  })

  test('are others, to be added to a campaign', async ({ meanwhile, companyOf, yesAfter }) => {
    const { ids } = await companyOf(15)
    const args = { campaignId: inactiveCampaign, addRecipientCompany: company }
    const { sent, second } = await yesAfter('saq_update_campaign', args, async () => {
      await meanwhile('saq_delete_user', { userId: ids[12] })
      await meanwhile('saq_create_users', { users: [newUser({ company })] })
    })
    expect(sent).toEqual([])
    expect(second).toBeDefined()
  })

  test('are none any more: an error, and nothing is sent', async ({ meanwhile, companyOf, yesAfter }) => {
    const { ids } = await companyOf(1)
    const { second, sent } = await yesAfter('saq_create_campaign', byCompany(), () =>
      meanwhile('saq_delete_user', { userId: ids[0] }),
    )
    expect({ second, sent }).toEqual({ second: undefined, sent: [] })
  })
})

describe('2025 era', () => {
  test('the look-up is repeated on the yes: people added in between are not sent', async ({
    sandbox,
    connect,
    meanwhile,
    companyOf,
  }) => {
    const client = await connect('legacy')
    const { ids } = await companyOf(15)
    let put = 0
    const waiting: Promise<void>[] = []
    client.answer = () => {
      put++
      if (put === 1)
        waiting.push(
          (async () => {
            await meanwhile('saq_delete_user', { userId: ids[12] })
            await meanwhile('saq_create_users', { users: [newUser({ company })] })
            await client.answerLate({ action: 'accept', content: { approve: true } })
          })(),
        )
      return put === 1 ? undefined : { action: 'decline' }
    }
    const { isError } = await client.call('saq_create_campaign', byCompany())
    await Promise.all(waiting)
    const created = (await saqChangeRequests(sandbox.control)).filter(({ path }) => path.includes('campaign'))
    expect(created).toEqual([])
    expect(isError).toBe(true)
  })
})

describe.each(eras)('%s era: a yes in a terminal', (era) => {
  test('covers the people who were there at that time', async ({
    sandbox,
    connect,
    meanwhile,
    companyOf,
  }) => {
    const stateDir = temporaryFolder()
    const client = await connect(era, { settings: { QUALYS_STATE_DIR: stateDir }, capabilities: {} })
    const { ids } = await companyOf(15)
    const args = byCompany()
    const waiting = await client.call('saq_create_campaign', args)
    await answerInTerminal(stateDir, codeIn(waiting))
    await meanwhile('saq_delete_user', { userId: ids[12] })
    await meanwhile('saq_create_users', { users: [newUser({ company })] })
    await sandbox.control.clearRequests()
    expect((await client.call('saq_create_campaign', args)).text).toMatch(codeText)
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })
})

describe('the object of the effect', () => {
  test('is a campaign with another recipient by now: not launched', async ({ meanwhile, yesAfter }) => {
    const { second, sent } = await yesAfter('saq_launch_campaign', { campaignId: inactiveCampaign }, () =>
      meanwhile('saq_update_campaign', {
        campaignId: inactiveCampaign,
        addRecipientIds: [recipient],
      }),
    )
    expect(sent).toEqual([])
    expect(second).toMatch(/ 61 recipients\n/)
  })

  test('is a campaign with other recipients, though counts and the first ten are the same: not launched', async ({
    sandbox,
    meanwhile,
    yesAfter,
  }) => {
    const before = await recipientsOf(sandbox.control, inactiveCampaign)
    const users = new Map((await sandbox.control.dump('users')).map((row) => [String(row['id']), row]))
    const leaving = before.at(-1) ?? ''
    const company = users.get(leaving)?.['company']
    const coming = [...users.values()].find(
      (row) => row['company'] === company && !before.includes(String(row['id'])),
    )
    const { sent } = await yesAfter('saq_launch_campaign', { campaignId: inactiveCampaign }, () =>
      meanwhile('saq_update_campaign', {
        campaignId: inactiveCampaign,
        addRecipientIds: [String(coming?.['id'])],
        removeRecipientIds: [leaving],
      }),
    )
    expect(sent).toEqual([])
  })

  test('is a campaign that is active by now: approval is needed again, as execute', async ({
    meanwhile,
    yesAfter,
  }) => {
    const text = await meanwhile('saq_create_campaign', campaign('To be launched in between'))
    const campaignId = /campaign (\d+) created/.exec(text)?.[1]
    const { first, second, sent } = await yesAfter(
      'saq_update_campaign',
      { campaignId, addRecipientCompany: 'ABC Freight' },
      () => meanwhile('saq_launch_campaign', { campaignId }),
    )
    expect(sent).toEqual([])
    expect(first).toMatch(/^Update a campaign \(update\)/)
    expect(second).toMatch(/^Update a campaign \(execute\)/)
  })

  test('is a campaign that was launched in between: not launched again', async ({ meanwhile, yesAfter }) => {
    const text = await meanwhile('saq_create_campaign', campaign('Launched by another'))
    const campaignId = /campaign (\d+) created/.exec(text)?.[1]
    const { second, sent } = await yesAfter('saq_launch_campaign', { campaignId }, () =>
      meanwhile('saq_launch_campaign', { campaignId }),
    )
    expect({ second, sent }).toEqual({ second: undefined, sent: [] })
  })

  test('is a campaign with other answers by now: not deleted', async ({ meanwhile, yesAfter }) => {
    const text = await meanwhile('saq_create_campaign', campaign('With answers'))
    const campaignId = /campaign (\d+) created/.exec(text)?.[1]
    await meanwhile('saq_launch_campaign', { campaignId })
    const { first, second, sent } = await yesAfter('saq_delete_campaign', { campaignId }, () =>
      meanwhile('saq_cancel_campaign', { campaignId }),
    )
    expect(sent).toEqual([])
    expect(first).toContain('1 in state: "INFORMATION_GATHERING"')
    expect(second).toContain('1 in state: "CANCELED"')
  })

  test('is a user with another name by now: not deleted', async ({ meanwhile, companyOf, yesAfter }) => {
    const { ids } = await companyOf(2)
    const { second, sent } = await yesAfter('saq_delete_users', { ids }, () =>
      meanwhile('saq_update_user', { userId: ids[0], lastName: 'Very Important' }),
    )
    expect(sent).toEqual([])
    expect(second).toContain('Very Important')
  })

  test('is a template whose other questions changed: the edit is asked about again', async ({
    sandbox,
    meanwhile,
    yesAfter,
  }) => {
    const draft = await draftTemplateId(sandbox.control)
    const args = { ids: [draft], edits: [{ question: '#1', text: 'Other words?' }] }
    const { first, second, sent } = await yesAfter('saq_update_templates', args, () =>
      meanwhile('saq_update_templates', { ids: [draft], edits: [{ question: '#2', text: 'Changed?' }] }),
    )
    expect(sent).toEqual([])
    // The preview shows the edited question alone, and the question is still another one.
    expect(second).toBe(first)
    const unchanged = await yesAfter('saq_update_templates', args, async () => undefined)
    expect(unchanged.sent).toHaveLength(1)
    expect(unchanged.sent[0]).toContain('<text>Other words?</text>')
    expect(unchanged.sent[0]).toContain('<text>Changed?</text>')
  })

  test('is a template with another name by now: not deleted', async ({ meanwhile, yesAfter }) => {
    const args = { templateId: publishedTemplate }
    const { second, sent } = await yesAfter('saq_delete_template', args, () =>
      meanwhile('saq_update_templates', { ids: [publishedTemplate], name: 'In use everywhere' }),
    )
    expect(sent).toEqual([])
    expect(second).toContain('"In use everywhere"')
  })

  test.for<readonly [string, object]>([
    ['another id', { ids: ['401990', '400591'] }],
    ['an id more', { ids: ['401990', recipient, '400591'] }],
    ['the ids in another order', { ids: [recipient, '401990'] }],
  ])('a yes to some users does not cover %s', async ([, otherArgs], { sandbox, client }) => {
    const question = await client.call('saq_delete_users', { ids: ['401990', recipient] })
    const { preview } = await client.answerQuestion('saq_delete_users', otherArgs, question.state)
    expect(preview).toBeDefined()
    expect(await saqChangeRequests(sandbox.control)).toEqual([])
  })
})
