import { describe, expect, test } from 'vitest'
import type { Row } from '../../../src/session/answer.ts'
import { InputError } from '../../../src/shared/errors.ts'
import { tagsOf } from '../../../src/tools/effects/targets/host-tags.ts'
import { fleetReplies, type Host } from '../../support/effects/fleet-replies.ts'
import { attemptInBothModes } from '../../support/effects/in-memory.ts'
import type { Replies } from '../../support/effects/memory-session.ts'

// Hosts that show their tags by UUID, as two sister modules do. Before, no tag of such a host could be told.

const uuidOf = (id: string): string => `0479cf1f-0a8e-4a9d-9d3a-0000000000${id}`
const red = { id: '11', name: 'Red' }
const blue = { id: '12', name: 'Blue' }
const lab = { id: '13', name: 'Lab' }
const hosts: readonly Host[] = [
  { id: 1, tags: [red, blue] },
  { id: 2, tags: [] },
  { id: 3, tags: [lab] },
]

const forms = {
  texts: (uuid: string): unknown => uuid,
  objects: (uuid: string): unknown => ({ id: uuid }),
  'texts in capitals': (uuid: string): unknown => uuid.toUpperCase(),
}

/** The list of tags shows all but the one of a lab. */
const listed: readonly Row[] = [red, blue].map((tag) => ({ ...tag, tagUuid: uuidOf(tag.id) }))

function repliesShowing(form: keyof typeof forms, more: Replies = {}): Replies {
  const row = ({ id, tags }: Host): Row => ({ id, tags: tags.map((tag) => forms[form](uuidOf(tag.id))) })
  return { ...fleetReplies({ hosts, row }), car_search_asset_tags: listed, ...more }
}

const run = (host: number, limits: Readonly<Record<string, string>>, replies: Replies) =>
  attemptInBothModes(replies, 'car_execute_script', { scriptId: 5, assetIds: [host] }, limits)

describe.each(Object.keys(forms) as (keyof typeof forms)[])('tags as %s', (form) => {
  const replies = repliesShowing(form)

  test.each(['11', 'red', 'Blue', 'x,12'])('blocked by %s', async (list) => {
    const { sent, text } = await run(1, { QUALYS_BLOCKED_TAGS: list }, replies)
    expect(sent).toBe(0)
    expect(text).toMatch(/host 1 has a tag of QUALYS_BLOCKED_TAGS/)
  })

  test('not blocked by other tags, and a host without tags by none', async () => {
    expect((await run(1, { QUALYS_BLOCKED_TAGS: '13,Green' }, replies)).sent).toBe(1)
    expect((await run(2, { QUALYS_BLOCKED_TAGS: '11,Blue' }, replies)).sent).toBe(1)
  })

  test.each(['11', 'Blue'])('allowed by %s', async (list) => {
    expect((await run(1, { QUALYS_ALLOWED_TAGS: list }, replies)).sent).toBe(1)
    expect((await run(2, { QUALYS_ALLOWED_TAGS: list }, replies)).text).toMatch(/host 2 has no tag of/)
  })

  test('that the list does not show are refused', async () => {
    expect((await run(3, { QUALYS_BLOCKED_TAGS: 'Red' }, replies)).text).toMatch(
      /the tags of host 3 cannot be read/,
    )
    expect((await run(3, { QUALYS_ALLOWED_TAGS: 'Lab' }, replies)).text).toMatch(/host 3 has no tag of/)
  })

  test('are refused if the list cannot be read', async () => {
    const away = (): never => {
      throw new InputError('away', 'Later.')
    }
    const { sent, text } = await run(
      1,
      { QUALYS_BLOCKED_TAGS: 'Green' },
      repliesShowing(form, { car_search_asset_tags: away }),
    )
    expect(sent).toBe(0)
    expect(text).toMatch(/the tags of host 1 cannot be read/)
  })
})

test.each<readonly [string, unknown]>([
  ['texts that are no UUIDs', ['Red']],
  ['numbers', [11]],
  ['a UUID beside something else', [uuidOf('11'), null]],
  ['a text', uuidOf('11')],
])('%s are no tags in a known form', (_, tags) => expect(tagsOf({ tags })).toBeUndefined())
