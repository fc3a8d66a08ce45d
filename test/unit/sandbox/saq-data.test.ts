import { expect, test } from 'vitest'
import { questionCnt, type User } from '../../../src/sandbox/data/saq/rows.ts'
import { makeSaqStore, nextId } from '../../../src/sandbox/data/saq/store.ts'
import { everybody, everyState, moreCampaignId, namesakes } from '../../support/saq/more-campaigns.ts'

const anchor = Date.parse('2026-11-20T12:00:00Z')
const day = 864e5

test.each([1, 2, 3, 99])('the data of seed %i is consistent', (seed) => {
  const { users, tags, libraryTemplates, templates, campaigns, questionnaires } = makeSaqStore(seed)
  expect([
    users.length,
    tags.length,
    libraryTemplates.length,
    campaigns.length,
    questionnaires.length,
  ]).toEqual([5_000, 12, 25, 40, 3_000])
  expect(templates.length).toBeGreaterThan(30)
  for (const rows of [users, tags, libraryTemplates, templates, campaigns, questionnaires]) {
    const ids = rows.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  }
  expect(new Set(users.map(({ company }) => company)).size).toBe(120)
  expect(new Set(users.map(({ emailAddress }) => emailAddress.toLowerCase())).size).toBe(5_000)
  expect(new Set(users.map(({ firstName, lastName }) => `${firstName} ${lastName}`)).size).toBeLessThan(4_500)
  const known = [339590, 400591, 401990, 71077391, 89375990, 713091591, 767231592, 422036547, 422036705]
  expect(users.filter(({ id }) => known.includes(id))).toHaveLength(known.length)

  for (const template of [...templates, ...libraryTemplates]) {
    const labels = template.scorings.map(({ label }) => label)
    const questions = template.sections.flatMap((section) => section.questions)
    expect(questions).toHaveLength(questionCnt(template))
    for (const { yesScoringLabel = 'Good', noScoringLabel = 'Good', options = [] } of questions) {
      const used = [yesScoringLabel, noScoringLabel, ...options.map((one) => one.scoringLabel ?? 'Good')]
      expect(used.every((label) => labels.includes(label))).toBe(true)
    }
  }
  for (const { familyId } of templates) {
    const family = templates.filter((template) => template.familyId === familyId)
    expect(family.map(({ revision }) => revision)).toEqual([...family.keys()].map((place) => place + 1))
  }

  for (const campaign of campaigns) {
    const { status, launchDate, created, updated, dueDate, recipients, workflowType } = campaign
    const out = questionnaires.filter((one) => one.campaign === campaign)
    expect(out.map(({ recipient }) => recipient)).toEqual(launchDate === undefined ? [] : recipients)
    expect((launchDate === undefined) === (status === 'INACTIVE')).toBe(true)
    expect([created <= updated, updated <= anchor, created < dueDate]).toEqual([true, true, true])
    expect(templates.find(({ id }) => id === campaign.template.id)?.state).toBe('PUBLISHED')
    expect([campaign.reviewer?.id, campaign.approver?.id]).toEqual([
      workflowType === 'SIMPLE' ? undefined : 71077391,
      workflowType === 'FULL' ? 89375990 : undefined,
    ])
    const states = new Set(out.map(({ state }) => state))
    if (status === 'COMPLETE') expect(states.has('INFORMATION_GATHERING')).toBe(false)
    if (workflowType === 'SIMPLE')
      expect([states.has('REVIEW'), states.has('APPROVAL')]).toEqual([false, false])
  }
  for (const { state, risk, created, updated } of questionnaires) {
    expect((risk !== undefined) === ['REVIEW', 'APPROVAL', 'CLOSED'].includes(state)).toBe(true)
    expect(created <= updated && updated <= anchor).toBe(true)
  }
})

test('the demo campaign', () => {
  const { campaigns, questionnaires } = makeSaqStore(1)
  const campaign = campaigns.find(({ id }) => id === 640002)
  expect(campaign).toMatchObject({
    status: 'ACTIVE',
    workflowType: 'FULL',
    template: { id: 722010, questionCnt: 19 },
  })
  const late = (anchor - (campaign?.dueDate ?? 0)) / day
  expect(late).toBeGreaterThan(19)
  expect(late).toBeLessThan(23)
  const titles = questionnaires.filter((one) => one.campaign === campaign).map(({ title }) => title)
  expect(titles.length).toBe(420)
  expect(new Set(titles).size).toBeLessThan(420)
})

test.each<[string, (status: string, workflow: string, companies: number, dueDate: number) => boolean]>([
  [
    'one to launch, to several companies',
    (status, _, companies, due) => status === 'INACTIVE' && companies > 1 && due > anchor,
  ],
  ['one without recipients', (status, _, companies) => status === 'INACTIVE' && companies === 0],
  ['an active SIMPLE one', (status, workflow) => status === 'ACTIVE' && workflow === 'SIMPLE'],
  ['an active REVIEWABLE one', (status, workflow) => status === 'ACTIVE' && workflow === 'REVIEWABLE'],
  ['a complete one', (status) => status === 'COMPLETE'],
  ['a canceled one', (status) => status === 'CANCELED'],
])('among the campaigns is %s', (_, is) => {
  const { campaigns } = makeSaqStore(1)
  const some = campaigns.some(({ status, workflowType, recipients, dueDate }) =>
    is(status, workflowType, new Set(recipients.map(({ company }) => company)).size, dueDate),
  )
  expect(some).toBe(true)
})

test('no id is used twice', () => {
  const { users } = makeSaqStore(1)
  const last = users.at(-1)?.id ?? 0
  users.length = 0
  expect([nextId(users), nextId(users)]).toEqual([last + 1, last + 2])
})

test('further campaigns leave the usual data as they are', () => {
  const usual = makeSaqStore(1)
  const more = makeSaqStore(1, [namesakes, everyState, everybody])
  expect(more.campaigns.slice(0, 40)).toEqual(usual.campaigns)
  expect(more.questionnaires.slice(0, 3_000)).toEqual(usual.questionnaires)
  const further = more.campaigns.slice(40)
  expect(further.map(({ id }) => String(id))).toEqual([0, 1, 2].map(moreCampaignId))
  for (const rows of [more.campaigns, more.questionnaires]) {
    const ids = rows.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b))
  }
  const [, states, all] = further
  expect(all?.recipients).toEqual(more.users)
  const sent = more.questionnaires.filter(({ campaign }) => campaign === states)
  expect(sent).toHaveLength(30)
  expect(new Set(sent.map(({ state }) => state)).size).toBe(6)
})

test('namesakes within one company and in different ones, in equal and in different states', () => {
  const { campaigns, questionnaires } = makeSaqStore(1, [namesakes])
  const { recipients = [] } = campaigns.at(-1) ?? {}
  expect(new Set(recipients).size).toBe(recipients.length)
  const nameOf = ({ firstName, lastName }: User) => `${firstName} ${lastName}`
  const groups = new Map<string, User[]>()
  for (const user of recipients) groups.set(nameOf(user), [...(groups.get(nameOf(user)) ?? []), user])
  const stateOf = (user: User) =>
    questionnaires.find(({ campaign, recipient }) => campaign === campaigns.at(-1) && recipient === user)
      ?.state
  const kinds = [...groups.values()]
    .filter(({ length }) => length > 1)
    .map((group) => {
      const [companies, states] = [group.map(({ company }) => company), group.map(stateOf)]
      return `${new Set(companies).size > 1 ? 'different' : 'one'} ${new Set(states).size > 1 ? 'differ' : 'equal'}`
    })
  expect(new Set(kinds)).toEqual(new Set(['one equal', 'one differ', 'different equal', 'different differ']))
})
