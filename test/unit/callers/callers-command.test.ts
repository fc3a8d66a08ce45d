import {
  chmodSync,
  chownSync,
  lstatSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addCaller } from '../../../src/service/callers/callers-changes.ts'
import { CallersFile } from '../../../src/service/callers/callers-file.ts'
import { sha256 } from '../../../src/shared/crypto.ts'
import { ownUserId } from '../../../src/shared/own-user.ts'
import { entryOf, openCallersFolder, testClock, tokenOf } from '../../support/callers/callers-folder.ts'
import { runCallers } from '../../support/callers/command.ts'

// `qualys-mcp callers`: the operator's way to add and remove callers.

let folder: ReturnType<typeof openCallersFolder>
beforeEach(() => {
  folder = openCallersFolder()
})
afterEach(() => folder.remove())

const run = (words: readonly string[], flags = {}) => runCallers(words, { path: folder.path, ...flags })
const callerWith = (token: string) => new CallersFile(folder.path, testClock()).find(token)
const namesInFile = (): string[] =>
  JSON.parse(folder.read()).callers.map(({ name }: { readonly name: string }) => name)

describe('callers add', () => {
  test('makes the file, and prints the token once', async () => {
    const { printed, warned } = await run(['add', 'ada'])
    const [token = ''] = printed
    expect(printed).toEqual([expect.stringMatching(/^qmc_[\w-]{43}$/)])
    expect(warned).toEqual([
      'This is the token of ada (viewer), shown this once: the file keeps only its hash.',
    ])
    expect(statSync(folder.path).mode & 0o777).toBe(0o600)
    expect(folder.read()).not.toContain(token)
    expect(folder.read()).toContain(sha256(token))
    expect(callerWith(token)).toMatchObject({ name: 'ada', person: 'ada', roles: new Set(['viewer']) })
    expect(readdirSync(folder.folder)).toEqual(['callers.json'])
  })

  test('stores every limit', async () => {
    const { printed } = await run(['add', 'ci-bot'], {
      role: 'viewer, operator',
      person: 'Ada Lovelace',
      expires: '2099-01-31',
      toolsets: 'car,saq.campaigns',
      tags: 'Cloud Agent, 7588415',
      'max-assets-per-run': '5',
    })
    expect(callerWith(printed[0] ?? '')).toEqual({
      name: 'ci-bot',
      person: 'Ada Lovelace',
      knownBy: 'callers file',
      roles: new Set(['viewer', 'operator']),
      toolsets: ['car', 'saq.campaigns'],
      tags: ['Cloud Agent', '7588415'],
      maxAssetsPerRun: 5,
      expiresAt: Date.UTC(2099, 0, 31, 24),
    })
  })

  test('keeps the callers that there are, their order, and what else the file holds', async () => {
    const ada = { role: 'admin', name: 'ada', sha256: sha256(tokenOf('ada')) }
    folder.writeText(JSON.stringify({ $schema: './x.json', callers: [entryOf('zoe'), ada] }))
    await run(['add', 'bob'])
    const { $schema, callers } = JSON.parse(folder.read())
    expect($schema).toBe('./x.json')
    expect(callers.slice(0, 2)).toEqual([entryOf('zoe'), ada])
    expect(Object.keys(callers[1])).toEqual(['role', 'name', 'sha256'])
    expect(namesInFile()).toEqual(['zoe', 'ada', 'bob'])
  })

  test('writes the file that a link leads to', async () => {
    folder.write(entryOf('ada'))
    const link = join(folder.folder, 'link')
    symlinkSync(folder.path, link)
    await runCallers(['add', 'bob'], { path: link })
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(namesInFile()).toEqual(['ada', 'bob'])
  })

  test('refuses a name that is taken, whatever its case', async () => {
    folder.write(entryOf('ada'))
    await expect(run(['add', 'Ada'])).rejects.toThrow(
      'There is a caller Ada already: choose another name, or remove that caller first.',
    )
    expect(namesInFile()).toEqual(['ada'])
  })

  test.each<[string, () => void, RegExp]>([
    ['that is damaged', () => folder.writeText('{"callers":['), / is no JSON: /],
    ['with an unknown member', () => folder.write(entryOf('ada', { roles: [] })), / unknown member "roles"/],
    ['that others may read', () => chmodSync(folder.path, 0o644), / is open to other users \(mode 0644\)/],
  ])('does not touch a file %s', async (_what, damage, sentence) => {
    folder.write(entryOf('ada'))
    damage()
    const before = folder.read()
    await expect(run(['add', 'bob'])).rejects.toThrow(sentence)
    await expect(run(['remove', 'ada'])).rejects.toThrow(sentence)
    expect(folder.read()).toBe(before)
  })

  test('says where a file cannot be written', async () => {
    rmSync(folder.folder, { recursive: true })
    await expect(run(['add', 'ada'])).rejects.toThrow(
      'The file that QUALYS_CALLERS_FILE names cannot be written, since its folder does not exist: name a file in a folder that this user may write.',
    )
    folder = openCallersFolder()
  })

  test('does not undo what somebody else writes meanwhile', () => {
    folder.write(entryOf('ada'))
    const meddling = {
      ...entryOf('bob'),
      // Read when the new text is made, which is after the file was read.
      toJSON: () => {
        writeFileSync(folder.path, JSON.stringify({ callers: [entryOf('ada'), entryOf('zoe')] }))
        return entryOf('bob')
      },
    }
    expect(() => addCaller(folder.path, { ...meddling, role: 'viewer' })).toThrow(
      ' was changed by somebody else just now: run the command again.',
    )
    expect(namesInFile()).toEqual(['ada', 'zoe'])
  })

  test.each<[Readonly<Record<string, string>>, RegExp]>([
    [{ role: 'root' }, /^--role must be one or more of viewer, operator, approver, admin\.$/],
    [{ role: ',' }, /^--role must be one or more of /],
    [{ person: ' Ada' }, /^--person must be /],
    [{ expires: '31.1.2099' }, /^--expires must be a date such as /],
    [{ expires: '2020-01-31' }, /^--expires is past: name a later date, /],
    [{ toolsets: 'car.run' }, /^--toolsets is no toolset, but car\.runs is\.$/],
    [{ tags: 'a,' }, /^--tags must be /],
    [{ 'max-assets-per-run': 'many' }, /^--max-assets-per-run must be a whole number from 0 to 1000000\.$/],
  ])('names the flag that is wrong: %o', async (flags, sentence) => {
    await expect(run(['add', 'ada'], flags)).rejects.toThrow(sentence)
    expect(readdirSync(folder.folder)).toEqual([])
  })

  test('names a wrong NAME', async () => {
    await expect(run(['add', 'a b'])).rejects.toThrow(/^NAME must be 1 to 64 of the characters /)
  })
})

describe('callers list', () => {
  test('is an aligned table without a hash', async () => {
    folder.write(
      entryOf('ada', { person: 'Ada Lovelace', role: ['viewer', 'operator'] }),
      entryOf('ci', { expires: '2020-01-31', toolsets: ['car'], tags: ['a', 'b'], maxAssetsPerRun: 1 }),
    )
    const { printed } = await run(['list'])
    expect(printed).toEqual([
      'name  person        roles             end                limits',
      'ada   Ada Lovelace  viewer, operator  -                  -',
      'ci    ci            viewer            2020-01-31 (past)  toolsets car; tags a, b; 1 host a run',
    ])
  })

  test('says how to make a file', async () => {
    await expect(run(['list'])).rejects.toThrow(
      'The file that QUALYS_CALLERS_FILE names does not exist: check the path, or make it with qualys-mcp callers add NAME.',
    )
  })
})

describe('callers remove', () => {
  test('removes one caller, whatever the case of the name', async () => {
    folder.write(entryOf('ada'), entryOf('bob'))
    const { printed } = await run(['remove', 'ADA'])
    expect(printed).toEqual(['ADA is removed: a running service refuses the token within a second.'])
    expect(namesInFile()).toEqual(['bob'])
  })

  test('names the nearest caller if there is none of this name', async () => {
    folder.write(entryOf('ada'))
    await expect(run(['remove', 'adda'])).rejects.toThrow('There is no caller adda: did you mean ada?')
    await expect(run(['remove', 'somebody'])).rejects.toThrow('There is no caller somebody: ')
    expect(namesInFile()).toEqual(['ada'])
  })
})

test.each<[readonly string[], object]>([
  [[], {}],
  [['add'], {}],
  [['remove'], {}],
  [['list', 'ada'], {}],
  [['delete', 'ada'], {}],
  [['list'], { role: 'viewer' }],
])('other words get the usage: %j %j', async (words, flags) => {
  await expect(run(words, flags)).rejects.toThrow(
    'Say what to do with the callers: qualys-mcp callers add NAME, qualys-mcp callers list, or qualys-mcp callers remove NAME.',
  )
})

test.each([['add', 'ada'], ['list'], ['remove', 'ada']])(
  'without a file, the setting is named: %s',
  async (...words) => {
    await expect(runCallers(words)).rejects.toThrow('QUALYS_CALLERS_FILE is not set: name the file ')
  },
)

// Only root can give files to other users.
test.skipIf(ownUserId() !== 0)('a file of another user is not taken over by root', async () => {
  folder.write(entryOf('ada'))
  chownSync(folder.path, 65_534, 65_534)
  await expect(run(['add', 'bob'])).rejects.toThrow(
    ' belongs to another user: run the command as that user (id 65534).',
  )
  expect(namesInFile()).toEqual(['ada'])
})
