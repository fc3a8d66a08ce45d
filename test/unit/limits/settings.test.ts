import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

// A limit that cannot be read prevents the start: nothing runs without its limit.

const hash = 'a'.repeat(64)
const wrong: Readonly<Record<string, readonly string[]>> = {
  QUALYS_MODE: ['readonly', 'confirm,unattended', 'yes', 'none'],
  QUALYS_CONFIRM: ['none', 'read', 'executes', 'execute,reads', 'execute;delete', ','],
  QUALYS_MAX_ASSETS_PER_RUN: [
    '-1',
    '1.5',
    '1e3',
    '25 hosts',
    '0x10',
    'unlimited',
    '1000001',
    '99999999999',
    '٢٥',
  ],
  QUALYS_MAX_ASSETS_PER_PLAN: ['-1', '1.5', 'all', '10%', '1000001', '٢٥'],
  QUALYS_PLAN_LOOKUP_SECONDS: ['0', '4', '601', '60 s', '1.5'],
  QUALYS_ALLOWED_SCRIPTS: [
    'all',
    '*',
    '019218',
    '-1',
    '19218@',
    '19218@abc',
    `19218@${hash.slice(1)}`,
    `19218@${hash}0`,
    `19218@${'g'.repeat(64)}`,
    `@${hash}`,
    '19218:latest',
    '19218,19218',
    `19218,19218@${hash}`,
    '19218;20748',
    '1'.repeat(19),
  ],
}

describe.each(Object.entries(wrong))('%s', (name, values) => {
  test.each(values)('%j', (value) => {
    const read = () => readSettings({}, { [name]: value })
    expect(read).toThrow(SettingsError)
    expect(read).toThrow(new RegExp(`^${name} must [^\n]+\\.$`))
  })
})

test.each([
  ['QUALYS_MAX_ASSET_PER_RUN', '5'],
  ['QUALYS_ALLOWED_SCRIPT', '19218'],
  ['QUALYS_ALOWED_TAGS', 'Lab'],
  ['QUALYS_BLOCK_TAGS', 'Tier 0'],
  ['QUALYS_CONFIRMS', 'execute'],
  ['QUALYS_READ_ONLY', '1'],
  ['qualys_mode', 'read-only'],
  ['Qualys_Allowed_Tags', 'Lab'],
  ['qualys_dry_run', '1'],
  ['QUALYS_DRY_RUN', '1'],
])('a misspelt limit would protect nothing: %s stops the start', (name, value) => {
  expect(() => readSettings({}, { [name]: value })).toThrow(
    /^QUALYS_\w+ is no setting of qualys-mcp: use QUALYS_/i,
  )
})

test('the value that is set is the value that is read', () => {
  const { settings } = readSettings(
    {},
    {
      QUALYS_CONFIRM: 'delete execute',
      QUALYS_MAX_ASSETS_PER_RUN: '0',
      QUALYS_MAX_ASSETS_PER_PLAN: '1000000',
      QUALYS_PLAN_LOOKUP_SECONDS: '5',
      QUALYS_ALLOWED_SCRIPTS: `0, 19218@${hash.toUpperCase()}\n20748`,
      QUALYS_ALLOWED_TAGS: 'Pilot ring , 7512800,',
      QUALYS_BLOCKED_TAGS: 'Zürich | HQ',
    },
  )
  expect(settings).toMatchObject({
    mode: 'confirm',
    confirm: ['delete', 'execute'],
    maxAssetsPerRun: 0,
    maxAssetsPerPlan: 1_000_000,
    planLookupSeconds: 5,
    allowedScripts: new Map([
      ['0', undefined],
      ['19218', hash],
      ['20748', undefined],
    ]),
    allowedTags: ['Pilot ring', '7512800'],
    blockedTags: ['Zürich | HQ'],
  })
  expect(readSettings({}, {}).settings).toMatchObject({
    mode: 'confirm',
    confirm: ['create', 'update', 'delete', 'execute'],
    maxAssetsPerRun: 25,
    maxAssetsPerPlan: 0,
    planLookupSeconds: 60,
  })
})
