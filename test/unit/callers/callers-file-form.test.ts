import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CallersFile } from '../../../src/service/callers/callers-file.ts'
import { callersFileSchemaJson } from '../../../src/service/callers/callers-file-schema.ts'
import { sha256 } from '../../../src/shared/crypto.ts'
import { entryOf, openCallersFolder, testClock, tokenOf } from '../../support/callers/callers-folder.ts'
import { leaks } from '../../support/leak-search.ts'

// What a callers file may hold, and what a caller of it may do.

let folder: ReturnType<typeof openCallersFolder>
beforeEach(() => {
  folder = openCallersFolder()
})
afterEach(() => folder.remove())

const clock = testClock()
const fileOf = (...callers: readonly object[]): CallersFile => {
  folder.write(...callers)
  return new CallersFile(folder.path, clock)
}
const faultOf = (...callers: readonly object[]): string | undefined => fileOf(...callers).fault()
const refused = (rest: string): string => `The file that QUALYS_CALLERS_FILE names cannot be used: ${rest}`

describe('a caller', () => {
  test('has a name, and is their own person unless the file says more', () => {
    expect(fileOf(entryOf('ada')).find(tokenOf('ada'))).toEqual({
      name: 'ada',
      person: 'ada',
      knownBy: 'callers file',
      roles: new Set(['viewer']),
    })
  })

  test('has the limits of the file', () => {
    const more = {
      person: 'Ada Lovelace',
      role: ['operator', 'approver', 'operator'],
      toolsets: ['car', 'saq.campaigns'],
      tags: ['Cloud Agent', '7588415'],
      maxAssetsPerRun: 0,
      expires: '2027-12-31T18:00:00+02:00',
    }
    expect(fileOf(entryOf('ada', more)).find(tokenOf('ada'))).toEqual({
      name: 'ada',
      person: 'Ada Lovelace',
      knownBy: 'callers file',
      roles: new Set(['operator', 'approver']),
      toolsets: ['car', 'saq.campaigns'],
      tags: ['Cloud Agent', '7588415'],
      maxAssetsPerRun: 0,
      expiresAt: Date.UTC(2027, 11, 31, 16),
    })
  })

  test('may have one role as a word', () => {
    expect(fileOf(entryOf('ada', { role: 'admin' })).find(tokenOf('ada'))?.roles).toEqual(new Set(['admin']))
  })

  test('may have a hash in capitals', () => {
    const hash = sha256(tokenOf('ada')).toUpperCase()
    expect(fileOf(entryOf('ada', { sha256: hash })).find(tokenOf('ada'))?.name).toBe('ada')
  })

  test('whose file ends on a date is let in until the end of that day in UTC', () => {
    const end = Date.UTC(2027, 0, 31, 24)
    folder.write(entryOf('ada', { expires: '2027-01-31' }))
    const at = (now: number) => new CallersFile(folder.path, { now: () => now })
    expect(at(end - 1).find(tokenOf('ada'))?.expiresAt).toBe(end)
    expect(at(end).find(tokenOf('ada'))).toBeUndefined()
    expect(at(end).isExpired(tokenOf('ada'))).toBe(true)
  })
})

describe('is refused, with a sentence that names the place and no value', () => {
  const roleRule = 'must be one or more of viewer, operator, approver, admin.'

  test.each<[string, object, string]>([
    [
      'without a role',
      entryOf('ada', { role: undefined }),
      `callers[0].role (of ada) is missing, and ${roleRule}`,
    ],
    ['with an empty list of roles', entryOf('ada', { role: [] }), `callers[0].role (of ada) ${roleRule}`],
    [
      'with an unknown role',
      entryOf('ada', { role: ['viewer', 'root'] }),
      `callers[0].role (of ada) ${roleRule}`,
    ],
    [
      'with a name with a blank',
      entryOf('ada b'),
      'callers[0].name must be 1 to 64 of the characters A-Z a-z 0-9 . _ @ -.',
    ],
    [
      'with a name that is too long',
      entryOf('a'.repeat(65)),
      'callers[0].name must be 1 to 64 of the characters A-Z a-z 0-9 . _ @ -.',
    ],
    [
      'with an unknown member',
      entryOf('ada', { rol: 'admin' }),
      'callers[0] (of ada) has the unknown member "rol", but may have role.',
    ],
    [
      'with a token in place of its hash',
      entryOf('ada', { sha256: tokenOf('ada') }),
      'callers[0].sha256 (of ada) must be the SHA-256 of the token, 64 hexadecimal digits.',
    ],
    [
      'with a person on two lines',
      entryOf('ada', { person: 'Ada\nLovelace' }),
      'callers[0].person (of ada) must be 1 to 200 characters on one line, without blanks around them.',
    ],
    [
      'with a day that does not exist',
      entryOf('ada', { expires: '2027-02-30' }),
      'callers[0].expires (of ada) must be a date such as 2027-01-31, or a time with its zone such as 2027-01-31T18:00:00Z.',
    ],
    [
      'with a time without a zone',
      entryOf('ada', { expires: '2027-02-20T10:00:00' }),
      'callers[0].expires (of ada) must be a date such as 2027-01-31, or a time with its zone such as 2027-01-31T18:00:00Z.',
    ],
    [
      'with an unknown toolset',
      entryOf('ada', { toolsets: ['car.run'] }),
      'callers[0].toolsets[0] (of ada) is no toolset, but car.runs is.',
    ],
    [
      'with no toolset at all',
      entryOf('ada', { toolsets: [] }),
      'callers[0].toolsets (of ada) must be a list of one or more toolsets.',
    ],
    [
      'with an empty tag',
      entryOf('ada', { tags: [' '] }),
      'callers[0].tags[0] (of ada) must be a list of one or more names or ids of tags.',
    ],
    [
      'with half a host',
      entryOf('ada', { maxAssetsPerRun: 2.5 }),
      'callers[0].maxAssetsPerRun (of ada) must be a whole number from 0 to 1000000.',
    ],
    ['that is no object', ['ada'], 'callers[0] must be an object.'],
  ])('a caller %s', (_what, entry, rest) => {
    const fault = faultOf(entry) ?? ''
    expect(fault).toBe(refused(rest))
    expect(leaks(fault)).toEqual([])
  })

  test('a second caller with a name that differs only in its case', () => {
    const other = { ...entryOf('ADA'), sha256: sha256(tokenOf('other')) }
    expect(faultOf(entryOf('ada'), other)).toBe(
      refused('callers[1].name (of ADA) is the name of an earlier caller too.'),
    )
  })

  test('a second caller with the same token', () => {
    const same = { ...entryOf('bob'), sha256: sha256(tokenOf('ada')).toUpperCase() }
    expect(faultOf(entryOf('ada'), same)).toBe(
      refused('callers[1].sha256 (of bob) is that of ada too, but each caller needs a token of its own.'),
    )
  })

  test.each<[string, string, RegExp]>([
    [
      'a file that is no JSON',
      '{"callers": [',
      / is no JSON: correct it, or remove it and make a new one with /,
    ],
    ['an empty file', '', / is no JSON: /],
    ['a file without a list', '{}', / cannot be used: callers is missing, and must be a list of callers\.$/],
    ['a list alone', '[]', / cannot be used: it must be an object\.$/],
    [
      'an unknown member',
      '{"callers":[],"caller":1}',
      / it has the unknown member "caller", but may have callers\.$/,
    ],
    [
      'a file without a caller',
      '{"callers":[]}',
      / holds no caller: add one with qualys-mcp callers add NAME\.$/,
    ],
  ])('%s', (_what, text, sentence) => {
    folder.writeText(text)
    expect(new CallersFile(folder.path, clock).fault()).toMatch(sentence)
  })
})

describe('the published schema', () => {
  test('demands name, hash and role, and knows the members that the file may have', () => {
    const schema = JSON.parse(JSON.stringify(callersFileSchemaJson()))
    const caller = schema.properties.callers.items
    expect(schema).toMatchObject({ type: 'object', required: ['callers'], additionalProperties: false })
    expect(caller).toMatchObject({ required: ['name', 'sha256', 'role'], additionalProperties: false })
    expect(Object.keys(caller.properties)).toEqual([
      'name',
      'person',
      'sha256',
      'role',
      'toolsets',
      'tags',
      'maxAssetsPerRun',
      'expires',
    ])
  })

  test('may be named by the file', () => {
    folder.writeText(JSON.stringify({ $schema: './callers.schema.json', callers: [entryOf('ada')] }))
    expect(new CallersFile(folder.path, clock).fault()).toBeUndefined()
    expect(readFileSync(folder.path, 'utf8')).toContain('$schema')
  })
})
