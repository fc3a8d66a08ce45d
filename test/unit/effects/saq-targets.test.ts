import { describe, expect, test } from 'vitest'
import type { Row } from '../../../src/session/answer.ts'
import { InputError, SetupError, VendorError } from '../../../src/shared/errors.ts'
import { fingerprintOf, subjectOf } from '../../../src/tools/effects/targets/saq-targets.ts'
import type { SaqTargetIds } from '../../support/consent/saq-targets.ts'
import type { Replies } from '../../support/effects/memory-session.ts'
import { campaignRow, fail, findTargets, idsOf, person } from '../../support/effects/saq/saq-targets.ts'

// The templates, campaigns and people that are an effect's targets, looked up as they are now.

test('nothing is looked up for an effect without targets', async () => {
  expect(await findTargets({}, {}, { a: 1 })).toEqual({
    product: 'saq',
    named: { product: 'saq' },
    ...{
      templates: [],
      libraryTemplates: [],
      campaigns: [],
      users: [],
      newRecipients: [],
      removedRecipients: [],
      existingRecipientCount: 0,
    },
    ...{
      reviewer: undefined,
      approver: undefined,
      draftIds: undefined,
      currentRecipients: undefined,
      deletedQuestionnaires: undefined,
    },
    resolvedArgs: { a: 1 },
  })
})

describe('people by id', () => {
  test('are looked up in the list of users', async () => {
    const touched = { users: ['2', '1'], reviewer: '3', approver: '1', removed: ['2'] }
    const audience = await findTargets(touched)
    expect(idsOf(audience.users)).toEqual(['2', '1'])
    expect(audience.users[0]?.row).toMatchObject({ id: '2', company: 'Acme' })
    expect([audience.reviewer?.id, audience.approver?.id]).toEqual(['3', '1'])
    expect(idsOf(audience.removedRecipients)).toEqual(['2'])
  })

  test.each<SaqTargetIds>([
    { users: ['1', '5'] },
    { reviewer: '5' },
    { approver: '5' },
    { removed: ['5'] },
    { recipients: { into: 'recipientIds', ids: ['5'] } },
  ])('that do not exist are an input error: %j', async (touched) => {
    await expect(findTargets(touched)).rejects.toMatchObject({
      kind: 'input',
      message: 'saq_search_users shows no id 5; it may lie outside the scope this user may see.',
      next: 'Pass ids as that list shows them.',
    })
  })

  test.each([
    [{ templates: ['5'] }, 'saq_search_templates'],
    [{ libraryTemplates: ['5'] }, 'saq_search_library_templates'],
  ])('and so are templates: %j', async (touched, list) => {
    await expect(findTargets(touched, { [list]: [{ id: '6' }] })).rejects.toThrow(`${list} shows no id 5;`)
    const { templates, libraryTemplates } = await findTargets(touched, { [list]: [{ id: '5', name: 'T' }] })
    expect([...templates, ...libraryTemplates]).toMatchObject([{ id: '5', row: { name: 'T' } }])
  })
})

describe('a campaign', () => {
  test('is the requested one, or none', async () => {
    expect((await findTargets({ campaigns: ['9'] })).campaigns).toMatchObject([
      { id: '9', row: { status: 'INACTIVE' } },
    ])
    await expect(findTargets({ campaigns: ['8'] })).rejects.toMatchObject({
      kind: 'drift',
      message: 'Qualys answered with another campaign than 8.',
      next: 'Report it; nothing was sent.',
    })
  })

  test('that does not exist is an error', async () => {
    const replies: Replies = { saq_get_campaign: fail(new InputError('no such id', '')) }
    await expect(findTargets({ campaigns: ['9'] }, replies)).rejects.toThrow('no such id')
  })

  const invited = async (touched: SaqTargetIds, replies: Replies = {}) =>
    (await findTargets({ campaigns: ['9'], ...touched }, replies)).currentRecipients

  test('that is launched, or sends reminders, shows whom it mails', async () => {
    for (const touched of [{ mailsRecipients: true }, { changesReminders: true }, { movesReminders: true }])
      expect(idsOf(await invited(touched))).toEqual(['1', '3'])
    expect(await invited({})).toBeUndefined()
  })

  test.each<readonly [string, unknown]>([
    ['nobody', undefined],
    ['null', null],
    ['a text', 'all'],
    ['a list of texts', ['1']],
  ])('that shows %s shows no recipients', async (_what, recipients) => {
    expect(
      await invited({ mailsRecipients: true }, { saq_get_campaign: { ...campaignRow, recipients } }),
    ).toBeUndefined()
  })

  test('gets companies from the list of users, where its record shows none', async () => {
    const recipients = [{ id: '1' }, { id: '3', company: 'Shown' }, { id: '7' }, { firstName: 'No id' }]
    const bare = { saq_get_campaign: { ...campaignRow, recipients } }
    const rows = (await invited({ mailsRecipients: true }, bare))?.map(({ id, row }) => [
      id,
      row?.['company'],
    ])
    expect(rows).toEqual([
      ['1', 'Acme'],
      ['3', 'Shown'],
      ['7', undefined],
      ['', undefined],
    ])
    const away = { ...bare, saq_search_users: fail(new VendorError('away', '')) }
    expect(idsOf(await invited({ mailsRecipients: true }, away))).toEqual(['1', '3', '7', ''])
    const bug = { ...bare, saq_search_users: fail(new TypeError('x is no function')) }
    await expect(invited({ mailsRecipients: true }, bug)).rejects.toThrow(TypeError)
  })

  const questionnairesOf = async (touched: SaqTargetIds, list: Replies[string]) =>
    (await findTargets({ campaigns: ['9'], ...touched }, { saq_search_questionnaires: list }))
      .deletedQuestionnaires

  test('that is deleted has its questionnaires counted', async () => {
    const list = [{ state: 'REVIEW' }, { state: 'REVIEW' }, { state: 'CANCELED' }]
    const tally = await questionnairesOf({ deletesQuestionnaires: true }, list)
    expect(tally?.total).toBe(3)
    expect([...(tally?.byState ?? [])]).toEqual([
      ['REVIEW', 2],
      ['CANCELED', 1],
    ])
    expect(await questionnairesOf({}, list)).toBeUndefined()
  })

  test.each<readonly [string, Replies[string]]>([
    ['cannot be listed', fail(new SetupError('No.', ''))],
    ['are not all shown', { rows: [{ state: 'REVIEW' }], resultLimit: 'only one.' }],
  ])('whose questionnaires %s are not counted', async (_what, list) => {
    expect(await questionnairesOf({ deletesQuestionnaires: true }, list)).toBeUndefined()
  })
})

describe('a template that gets a new version', () => {
  const drafts = async (
    family: Row,
    list: Replies[string],
    touched: SaqTargetIds = { startsVersion: true },
  ) => {
    const replies: Replies = {
      saq_search_templates: (args) => {
        if (args['familyId'] === undefined) return [family]
        expect(args).toEqual({ familyId: 'f', state: ['DRAFT'], pageSize: 200 })
        return typeof list === 'function' ? list(args) : (list ?? [])
      },
    }
    return (await findTargets({ templates: ['5'], ...touched }, replies)).draftIds
  }

  test('shows the drafts of its family', async () => {
    expect(await drafts({ id: '5', familyId: 'f' }, [{ id: 8 }, { id: '9' }])).toEqual(['8', '9'])
    expect(await drafts({ id: '5', familyId: 'f' }, [{ id: '9' }], {})).toBeUndefined()
  })

  test('shows none where they cannot be read', async () => {
    expect(await drafts({ id: '5' }, [{ id: '9' }])).toBeUndefined()
    expect(await drafts({ id: '5', familyId: 'f' }, fail(new VendorError('away', '')))).toBeUndefined()
  })
})

describe('what a yes covers besides the preview', () => {
  const of = async (touched: SaqTargetIds, replies: Replies = {}, args: object = {}): Promise<string> =>
    JSON.stringify(fingerprintOf(await findTargets(touched, replies, args)))

  test('is everybody by id, including those whom the preview only counts', async () => {
    const crowd = Array.from({ length: 15 }, (_, at) => person(String(at + 1)))
    const changed = [...crowd.slice(0, 14), person('99')]
    const recipients = { into: 'recipientIds', company: 'Acme' }
    const [one, other] = await Promise.all(
      [crowd, changed].map((list) => of({ recipients }, { saq_search_users: list })),
    )
    expect(one).not.toBe(other)
    const launch: SaqTargetIds = { campaigns: ['9'], mailsRecipients: true }
    const [before, after] = await Promise.all(
      [crowd, changed].map((list) => of(launch, { saq_get_campaign: { ...campaignRow, recipients: list } })),
    )
    expect(before).not.toBe(after)
  })

  test('does not depend on their order', async () => {
    for (const touched of [{ users: ['1', '2'] }, { removed: ['1', '2'] }] as SaqTargetIds[]) {
      const turned = Object.fromEntries(
        Object.entries(touched).map(([name, ids]) => [name, (ids as string[]).toReversed()]),
      )
      expect(await of(turned)).toBe(await of(touched))
    }
    expect(await of({ users: ['1', '3'] })).not.toBe(await of({ users: ['1', '2'] }))
    expect(await of({ removed: ['1', '3'] })).not.toBe(await of({ removed: ['1', '2'] }))
  })

  test('is the contents of a template, and the arguments', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map((elements) => of({ templates: ['5'] }, { saq_search_templates: [{ id: '5', elements }] })),
    )
    expect(one).not.toBe(other)
    expect(await of({}, {}, { a: 1 })).not.toBe(await of({}, {}, { a: 2 }))
  })
})

test('the object of the effect is the campaign, else the template, else the user', async () => {
  const replies = { saq_search_templates: [{ id: '5' }] }
  expect(
    subjectOf(await findTargets({ campaigns: ['9'], templates: ['5'], users: ['1'] }, replies))?.['id'],
  ).toBe('9')
  expect(subjectOf(await findTargets({ templates: ['5'], users: ['1'] }, replies))?.['id']).toBe('5')
  expect(subjectOf(await findTargets({ users: ['1'] }))?.['id']).toBe('1')
  expect(subjectOf(await findTargets({}))).toBeUndefined()
})
