import { describe, expect, test } from 'vitest'
import type { Operation, Reference } from '../../../../src/operations/operation.ts'
import type { Row } from '../../../../src/session/answer.ts'
import { resolveReferences } from '../../../../src/session/requests/references.ts'
import { VendorError } from '../../../../src/shared/errors.ts'
import { Secret } from '../../../../src/shared/secrets.ts'
import { operationNamed } from '../../../support/session/memory.ts'

// What a request needs beyond its input: values of named secrets, and fields that lists show for its ids.

const assets = operationNamed('car_search_assets')
const types = operationNamed('car_list_script_types')

/** An operation with host ids; each host has a name, a UUID, or both. */
function naming(reference: Partial<Reference> = {}): Operation {
  const host: Reference = {
    ids: ({ hosts = [] }) => hosts as string[],
    list: assets,
    fields: ['uuid', 'name'],
    ...reference,
  }
  return { ...operationNamed('car_execute_script'), references: { host } }
}

const rows: Readonly<Record<string, Row>> = {
  1: { id: '1', name: 'one', uuid: 'u1' },
  2: { id: '2', name: 'two' },
  3: { id: '3' },
  4: { id: '4', name: 'four', uuid: '' },
}
const lookupRequests: (readonly [list: string, ids: readonly string[], fresh: boolean])[] = []
const find = async (list: Operation, ids: readonly string[], fresh: boolean) => {
  lookupRequests.push([list.name, ids, fresh])
  return new Map(ids.flatMap((id) => (rows[id] ? [[id, rows[id]] as const] : [])))
}
async function provided(operation: Operation, hosts: readonly (string | undefined)[]) {
  lookupRequests.length = 0
  return resolveReferences(operation, { hosts }, new Map(), find)
}

describe('references', () => {
  test('return the first field that a row has, and look up each id once', async () => {
    const { lookup: known } = await provided(naming(), ['1', '2', '1', undefined])
    expect([known('host', '1'), known('host', '2'), known('host', '9'), known('other', '1')]).toEqual([
      'u1',
      'two',
      undefined,
      undefined,
    ])
    expect(lookupRequests).toEqual([['car_search_assets', ['1', '2'], false]])
  })

  test('pass over a field that is empty', async () => {
    const { lookup: known } = await provided(naming(), ['4'])
    expect(known('host', '4')).toBe('four')
  })

  test('look up nothing where nothing is named', async () => {
    await provided(naming(), [undefined])
    await resolveReferences(
      { ...naming(), references: undefined } as unknown as Operation,
      {},
      new Map(),
      find,
    )
    expect(lookupRequests).toEqual([])
  })

  test('are looked up afresh for what tools can change', async () => {
    await provided(naming({ fresh: true }), ['1'])
    expect(lookupRequests).toEqual([['car_search_assets', ['1'], true]])
  })

  test('an id that the list does not show', async () => {
    const wrong = {
      kind: 'input',
      message: 'car_search_assets shows no id 9, which car_execute_script names.',
    }
    const listed = 'Pass an id as that list shows it'
    await expect(provided(naming(), ['1', '9'])).rejects.toMatchObject({
      ...wrong,
      next: `${listed}; one that only a filter brings up must have been listed with it in the last five minutes.`,
    })
    await expect(provided(naming({ list: types }), ['9'])).rejects.toMatchObject({ next: `${listed}.` })
    // Also if the request could be sent without it: the object does not exist.
    await expect(provided(naming({ optional: true }), ['9'])).rejects.toMatchObject(wrong)
  })

  test('a row without the field', async () => {
    await expect(provided(naming(), ['1', '3'])).rejects.toMatchObject({
      kind: 'input',
      message: 'The rows of car_search_assets hold no uuid, which car_execute_script has to send along.',
      next: 'This is a gap in what Qualys publishes: do it in the Qualys UI, and report it.',
    })
    const { lookup: known } = await provided(naming({ optional: true }), ['1', '3'])
    expect([known('host', '1'), known('host', '3')]).toEqual(['u1', undefined])
  })

  test('a list that cannot be read', async () => {
    const away = new VendorError('away', '')
    const broken = async (): Promise<never> => {
      throw away
    }
    const hosts = { hosts: ['1'] }
    await expect(resolveReferences(naming(), hosts, new Map(), broken)).rejects.toBe(away)
    const { lookup: known } = await resolveReferences(naming({ optional: true }), hosts, new Map(), broken)
    expect(known('host', '1')).toBeUndefined()
    const bug = new TypeError('a mistake of ours')
    const wrong = (): Promise<never> => Promise.reject(bug)
    await expect(resolveReferences(naming({ optional: true }), hosts, new Map(), wrong)).rejects.toBe(bug)
  })
})

describe('secrets', () => {
  const secrets = new Map([['QUALYS_SECRET_CORP_GITHUB', new Secret('not the token')]])

  test('by their names', async () => {
    const { secret } = await resolveReferences(types, {}, secrets, find)
    expect(secret('corp-github')).toBe('not the token')
    expect(() => secret('corp"x')).toThrow(
      expect.objectContaining({
        kind: 'input',
        message: 'There is no secret named "corp"x".',
        next: 'Ask the operator to set QUALYS_SECRET_CORP"X (or …_FILE) for this server; never pass the value itself.',
      }),
    )
    expect(() => secret('qualys_secret_corp_github')).toThrow(
      expect.objectContaining({
        message: '"qualys_secret_corp_github" is the variable of a secret, not its name.',
        next: 'Pass "corp-github".',
      }),
    )
  })
})
