import { describe, expect, test } from 'vitest'
import type { Environment } from '../../../src/config/settings.ts'
import type { Row } from '../../../src/session/answer.ts'
import { SetupError } from '../../../src/shared/errors.ts'
import { fleetReplies, type Host } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes, type Outcome } from '../../support/effects/in-memory.ts'
import { forbidden } from '../../support/effects/limit-texts.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// QUALYS_ALLOWED_TAGS and QUALYS_BLOCKED_TAGS: on which hosts anything runs.

const red = { id: '11', name: 'Réd zone' }
const blue = { id: '12', name: 'Blue' }
/** Host 1 is red and blue, 2 red, 3 blue, 4 has no tags. */
const hosts: readonly Host[] = [
  { id: 1, tags: [red, blue] },
  { id: 2, tags: [red] },
  { id: 3, tags: [blue] },
  { id: 4, tags: [] },
]
const blocked = (tags: string): Environment => ({ QUALYS_BLOCKED_TAGS: tags })
const allowed = (tags: string): Environment => ({ QUALYS_ALLOWED_TAGS: tags })
const on = (...assetIds: readonly number[]) => ({ assetIds })

function run(
  targets: object,
  limits: Environment,
  replies: Replies = fleetReplies({ hosts }),
): Promise<Outcome> {
  return attemptInBothModes(replies, 'car_execute_script', { scriptId: 5, ...targets }, limits)
}

/** Hosts whose rows show their tags in this form. */
const repliesShowing = (tags: (tags: Host['tags']) => object): Replies =>
  fleetReplies({ hosts, row: (host) => ({ id: host.id, name: 'h', ...tags(host.tags) }) })
const changingTags = (change: (tag: Host['tags'][number]) => unknown): Replies =>
  repliesShowing((tags) => ({ tags: tags.map(change) }))

const unreadable: Readonly<Record<string, Replies>> = {
  'have another name': repliesShowing((tags) => ({ assetTags: tags })),
  'are missing': repliesShowing(() => ({})),
  'are null': repliesShowing(() => ({ tags: null })),
  'are a text': repliesShowing(() => ({ tags: 'none' })),
  'are an object': repliesShowing(() => ({ tags: { list: [] } })),
  'are bare texts': changingTags(({ name }) => name),
  'hold null': repliesShowing((tags) => ({ tags: [...tags, null] })),
  'have neither id nor name': changingTags(({ id }) => ({ tagId: id })),
}

const cannotRead = (host: number, about = 'host "h" (id 2)'): string =>
  forbidden(
    `the tags of host ${host} cannot be read, and QUALYS_BLOCKED_TAGS needs them`,
    'QUALYS_BLOCKED_TAGS',
    about,
  )
const [host2, redTag] = ['host "host 2" (id 2)', 'tag "Réd zone" (id 11)']

describe('blocked tags', () => {
  test.each([
    ['by id', '11'],
    ['by name', 'Réd zone'],
    ['by name, in capitals', 'RÉD ZONE'],
    ['by name, with blanks around it', '  réd zone '],
    ['by name, composed otherwise', 'Re\u0301d zone'],
    ['among others', 'x, 7, réd zone'],
  ])('%s', async (_what, list) => {
    expect(await run(on(2), blocked(list))).toEqual({
      sent: 0,
      kind: 'setup',
      text: forbidden(
        'host 2 has a tag of QUALYS_BLOCKED_TAGS',
        'QUALYS_BLOCKED_TAGS',
        `${host2}, ${redTag}`,
      ),
    })
  })

  test.each([
    ['another tag', on(2), '12'],
    ['a part of a name', on(2), 'Réd'],
    ['a name of digits that is no id of it', on(2), '1'],
    ['no tag at all', on(4), '11,12'],
  ])('do not stop %s', async (_what, targets, list) => {
    expect((await run(targets, blocked(list))).sent).toBe(1)
  })

  test('stop a run for one host among many', async () => {
    expect((await run(on(3, 4, 2), blocked('11'))).text).toMatch(/host 2 has a tag of/)
  })

  test.each(['11', 'réd zone'])('stop a target by that tag: %s', async (list) => {
    expect((await run({ assetTagIds: [11] }, blocked(list))).text).toBe(
      forbidden('tag 11 is one of QUALYS_BLOCKED_TAGS', 'QUALYS_BLOCKED_TAGS', redTag),
    )
  })

  test('stop a target named by another tag that one of its hosts has, until that host is excluded', async () => {
    const args = { assetTagIds: [11] }
    expect((await run(args, blocked('12'))).text).toMatch(/host 1 has a tag of QUALYS_BLOCKED_TAGS/)
    expect((await run({ ...args, excludedAssetIds: [1] }, blocked('12'))).sent).toBe(1)
  })

  test.each(Object.entries(unreadable))('stop hosts whose tags %s', async (_what, replies) => {
    expect((await run(on(2), blocked('7'), replies)).text).toBe(cannotRead(2))
  })

  test.each<readonly [string, Replies]>([
    ['that are not there', fleetReplies({ hosts: [] })],
    [
      'whose list is refused',
      {
        ...fleetReplies({ hosts }),
        car_search_assets: () => {
          throw new SetupError('No.', 'Ask.')
        },
      },
    ],
  ])('stop hosts %s', async (_what, replies) => {
    expect((await run(on(2), blocked('7'), replies)).text).toBe(cannotRead(2, ''))
    expect((await run(on(2), {}, replies)).sent).toBe(1)
  })

  test('by name stop hosts whose tags show no names, and by id those that show no ids', async () => {
    const nameless = changingTags(({ id }) => ({ id }))
    expect((await run(on(2), blocked('Réd zone'), nameless)).text).toBe(cannotRead(2))
    expect((await run(on(2), blocked('11,No such tag'), nameless)).text).toMatch(/has a tag of/)
    expect((await run(on(2), blocked('7'), nameless)).sent).toBe(1)
    const idless = changingTags(({ name }) => ({ name }))
    expect((await run(on(2), blocked('11'), idless)).text).toBe(cannotRead(2))
    expect((await run(on(2), blocked('7,Réd zone'), idless)).text).toMatch(/has a tag of/)
    expect((await run(on(2), blocked('No such tag'), idless)).sent).toBe(1)
  })

  test('by name stop a target named by a tag that shows no name, as far as its hosts show theirs', async () => {
    const replies = { ...fleetReplies({ hosts }), car_search_asset_tags: [] }
    expect((await run({ assetTagIds: [11] }, blocked('Réd zone'), replies)).text).toMatch(
      /host 1 has a tag of/,
    )
    expect((await run({ assetTagIds: [11] }, blocked('11'), replies)).text).toMatch(/tag 11 is one of/)
  })

  test('match ids that are numbers', async () => {
    const numbers = changingTags(({ id, name }) => ({ id: Number(id), name }))
    expect((await run(on(2), blocked('11'), numbers)).text).toMatch(/has a tag of/)
  })
})

describe('allowed tags', () => {
  test.each(['11', 'Réd zone', '7, Réd zone'])('permit their hosts: %s', async (list) => {
    expect((await run(on(1, 2), allowed(list))).sent).toBe(1)
  })

  test.each<readonly [string, object, string, number]>([
    ['without any tag', on(4), '11', 4],
    ['with other tags', on(3), '11', 3],
    ['beside one that has it', on(2, 3), '11', 3],
  ])('stop a host %s', async (_what, targets, list, host) => {
    expect(await run(targets, allowed(list))).toEqual({
      sent: 0,
      kind: 'setup',
      text: forbidden(
        `host ${host} has no tag of QUALYS_ALLOWED_TAGS`,
        'QUALYS_ALLOWED_TAGS',
        `host "host ${host}" (id ${host})`,
      ),
    })
  })

  test('compare names as lists show them, and digits as an id', async () => {
    expect((await run(on(2), allowed('RÉD  ZONE'))).sent).toBe(1)
    expect((await run(on(2), allowed('Red zone'))).sent).toBe(0)
    const named = changingTags(({ id }) => ({ id: '1', name: id }))
    expect((await run(on(2), allowed('11'), named)).sent).toBe(0)
    expect((await run(on(2), allowed('1'), named)).sent).toBe(1)
  })

  test('stop a target named by a tag that is none of them', async () => {
    expect((await run({ assetTagIds: [11] }, allowed('Réd zone'))).sent).toBe(1)
    for (const args of [{ assetTagIds: [11] }, { assetTagIds: [12, 11] }])
      expect((await run(args, allowed('12'))).text).toBe(
        forbidden('tag 11 is not one of QUALYS_ALLOWED_TAGS', 'QUALYS_ALLOWED_TAGS', redTag),
      )
  })

  test('stop a host beside a tag that is one of them', async () => {
    expect((await run({ assetTagIds: [11], assetIds: [4] }, allowed('11'))).text).toMatch(
      /host 4 has no tag of/,
    )
  })

  test.each(Object.entries(unreadable))('stop hosts whose tags %s', async (_what, replies) => {
    expect((await run(on(2), allowed('11,Réd zone'), replies)).sent).toBe(0)
  })

  test('one of which is blocked stop it', async () => {
    const limits = { ...allowed('11'), ...blocked('12') }
    expect((await run(on(1), limits)).text).toMatch(/host 1 has a tag of QUALYS_BLOCKED_TAGS/)
    expect((await run(on(2), limits)).sent).toBe(1)
    expect((await run({ assetTagIds: [12] }, limits)).text).toMatch(/tag 12 is one of QUALYS_BLOCKED_TAGS/)
  })
})

test('without a list of tags none is read', async () => {
  const bare: Row = { id: 2 }
  expect((await run(on(2), {}, fleetReplies({ hosts, row: () => bare }))).sent).toBe(1)
})
