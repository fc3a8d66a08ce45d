import { describe, expect, test } from 'vitest'
import type { Row } from '../../../src/session/answer.ts'
import { performInMemory, toolContextOn, unattendedCall } from '../../support/effects/in-memory.ts'
import { MemorySession, type Replies } from '../../support/effects/memory-session.ts'
import { campaign } from '../../support/effects/saq/saq-objects.ts'
import { baseReplies, findTargets, idsOf, person } from '../../support/effects/saq/saq-targets.ts'

// People found by company or tag are compared with what was asked, record by record: Qualys may answer with others.

const answering = (rows: readonly Row[]): Replies => ({ saq_search_users: rows })
const found = (group: object, rows: readonly Row[]) =>
  findTargets({ recipients: { into: 'recipientIds', ...group } }, answering(rows))
const tagged = (id: string, ...names: readonly unknown[]): Row =>
  person(id, { tags: names.map((name) => ({ id: '1', name })) })

describe('a company', () => {
  test.each(['Acme', ' acme ', 'ACME', 'Ａｃｍｅ', 'Ac\u200bme'])(
    'is compared as lists show it: %j',
    async (company) => {
      const targets = await found({ company: 'Acme' }, [person('1'), person('2', { company })])
      expect(idsOf(targets.newRecipients)).toEqual(['1', '2'])
      expect(targets.uncompared).toBeUndefined()
    },
  )

  test.each([
    ['another', 'Acme Ltd', 'the company "Acme Ltd"'],
    ['a part of it', 'Ac', 'the company "Ac"'],
    ['one that looks alike', 'Аcme', 'the company "Аcme"'],
    ['none, where others have one', undefined, 'no company'],
  ])('that is %s is drift, and names the person', async (_what, company, shown) => {
    const rows = [person('1'), person('2', { company, lastName: 'Lee' }), person('3')]
    await expect(found({ company: 'Acme' }, rows)).rejects.toMatchObject({
      kind: 'drift',
      message: `The company "Acme" also finds user 2, "Ann Lee", whose record shows ${shown}; nothing was sent.`,
    })
  })
})

describe('a tag', () => {
  test('is one of the tags of each person', async () => {
    const rows = [tagged('1', 'EMEA'), tagged('2', 'APAC', 'emea')]
    expect(idsOf((await found({ tag: 'EMEA' }, rows)).newRecipients)).toEqual(['1', '2'])
  })

  test.each([
    ['other tags', tagged('2', 'APAC', 'EMEA 2'), 'the tags "APAC", "EMEA 2"'],
    ['no tag', tagged('2'), 'no tags'],
    ['tags without names', tagged('2', undefined), 'no tags'],
    ['nothing of tags', person('2'), 'no tags'],
  ])('is drift where one person of several has %s', async (_what, other, shown) => {
    await expect(found({ tag: 'EMEA' }, [tagged('1', 'EMEA'), other])).rejects.toMatchObject({
      kind: 'drift',
      message: `The tag "EMEA" also finds user 2, "Ann", whose record shows ${shown}; nothing was sent.`,
    })
  })

  test('is drift where a single person has none', async () => {
    await expect(found({ tag: 'EMEA' }, [tagged('1')])).rejects.toMatchObject({ kind: 'drift' })
  })

  test.each([
    [1, 'the record of 1 person shows no tags, so the tag "EMEA" could not be compared'],
    [3, 'the records of 3 people show no tags, so the tag "EMEA" could not be compared'],
  ])('that no record shows is said to be unknown: %i', async (count, clause) => {
    const rows = Array.from({ length: count }, (_, at) => person(String(at + 1)))
    expect((await found({ tag: 'EMEA' }, rows)).uncompared).toBe(clause)
  })
})

test('people named by id are not compared', async () => {
  const targets = await found({ ids: ['2'] }, [person('2', { company: 'Other' })])
  expect([idsOf(targets.newRecipients), targets.uncompared]).toEqual([['2'], undefined])
})

describe('a group that no record shows', () => {
  const session = (): MemorySession =>
    new MemorySession({
      ...baseReplies,
      ...answering([person('1'), person('2')]),
      saq_search_templates: [{ id: '722010' }],
      saq_get_campaign: { id: '7' },
      saq_create_campaign: { id: '7' },
    })
  const { recipientIds: _, ...rest } = campaign('New')
  const args = { ...rest, recipientTag: 'EMEA' }
  const sentence = 'he records of 2 people show no tags, so the tag "EMEA" could not be compared'

  test('is sent by a person who reads of it', async () => {
    const asked = await performInMemory(session(), 'saq_create_campaign', args)
    expect('question' in asked && asked.question.split('\n')[1]).toBe(`! T${sentence}.`)
  })

  test.each([
    ['unattended', { QUALYS_MODE: 'unattended' }],
    ['where only other effects are asked about', { QUALYS_CONFIRM: 'execute,delete' }],
  ])('is refused %s: unknown people are others', async (_what, environment) => {
    const memory = session()
    const running = toolContextOn(memory, environment)
    await expect(performInMemory(memory, 'saq_create_campaign', args, running)).rejects.toMatchObject({
      message: `The operator’s limits forbid it: t${sentence}, and no person is asked.`,
    })
    expect(memory.times('saq_create_campaign')).toBe(0)
  })

  test('is none where the records show it: the call is sent unattended', async () => {
    const { sent } = await unattendedCall(session(), 'saq_create_campaign', {
      ...rest,
      recipientCompany: 'Acme',
    })
    expect(sent).toBe(1)
  })
})

test('a campaign that is deleted shows the people whose answers are lost', async () => {
  const targets = await findTargets(
    { campaigns: ['9'], deletesQuestionnaires: true },
    { saq_search_questionnaires: [{ id: '1', state: 'REVIEW' }] },
  )
  expect(idsOf(targets.currentRecipients)).toEqual(['1', '3'])
})
