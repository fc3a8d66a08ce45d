import { describe, expect, test } from 'vitest'
import { type Environment, readSettings } from '../../../src/config/settings.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

// Guards that contradict each other: whoever sets both relies on one that does not hold.

describe('stop the start', () => {
  test.each<readonly [string, Environment, string]>([
    [
      'effects that a person is asked about, where nobody is asked',
      { QUALYS_MODE: 'unattended', QUALYS_CONFIRM: 'execute,delete' },
      'QUALYS_CONFIRM is set, but in QUALYS_MODE=unattended nobody is asked: unset it, or write QUALYS_MODE=confirm.',
    ],
    [
      'the same in full, which is the default',
      { QUALYS_MODE: 'unattended', QUALYS_CONFIRM: 'create,update,delete,execute' },
      'QUALYS_CONFIRM is set, but in QUALYS_MODE=unattended nobody is asked: unset it, or write QUALYS_MODE=confirm.',
    ],
    [
      'effects that a person is asked about, where there are none',
      { QUALYS_MODE: 'read-only', QUALYS_CONFIRM: 'execute' },
      'QUALYS_CONFIRM is set, but in QUALYS_MODE=read-only nothing is changed: unset it, or write QUALYS_MODE=confirm.',
    ],
    [
      'a script that is allowed and blocked',
      { QUALYS_ALLOWED_SCRIPTS: '7, 19218', QUALYS_BLOCKED_SCRIPTS: '19218' },
      '"19218" is in both QUALYS_ALLOWED_SCRIPTS and QUALYS_BLOCKED_SCRIPTS: take it out of one of them.',
    ],
    [
      'a tag that is allowed and blocked, in another spelling',
      { QUALYS_ALLOWED_TAGS: 'Lab, Pilot  Ring', QUALYS_BLOCKED_TAGS: 'Tier 0, ｐilot ring' },
      '"Pilot Ring" is in both QUALYS_ALLOWED_TAGS and QUALYS_BLOCKED_TAGS: take it out of one of them.',
    ],
    [
      'a host that is allowed and blocked',
      { QUALYS_ALLOWED_ASSETS: 'POS-1', QUALYS_BLOCKED_ASSETS: 'pos-1' },
      '"POS-1" is in both QUALYS_ALLOWED_ASSETS and QUALYS_BLOCKED_ASSETS: take it out of one of them.',
    ],
    [
      'parameters of a script that is blocked',
      { QUALYS_ALLOWED_PARAMETERS: '{"7":{"path":"/tmp"}}', QUALYS_BLOCKED_SCRIPTS: '7' },
      '"7" is in both QUALYS_ALLOWED_PARAMETERS and QUALYS_BLOCKED_SCRIPTS: take it out of one of them.',
    ],
    [
      'parameters of a script that may not run',
      { QUALYS_ALLOWED_PARAMETERS: '{"7":{"path":"/tmp"}}', QUALYS_ALLOWED_SCRIPTS: '8' },
      'QUALYS_ALLOWED_PARAMETERS names script 7, which QUALYS_ALLOWED_SCRIPTS does not: add it there, or take it out here.',
    ],
    [
      'hosts of repositories, where every repository is forbidden',
      { QUALYS_FORBID: 'mail,repository', QUALYS_REPOSITORY_HOSTS: 'github.com' },
      'QUALYS_FORBID=repository forbids every repository, so QUALYS_REPOSITORY_HOSTS allows nothing: keep one of them.',
    ],
    [
      'a stop file that the log creates',
      { QUALYS_STOP_FILE: '/srv/q.jsonl', QUALYS_AUDIT_FILE: '/srv/q.jsonl' },
      'QUALYS_STOP_FILE and QUALYS_AUDIT_FILE name the same file, which would stop every effect: name another one.',
    ],
  ])('%s', (_what, environment, sentence) => {
    expect(() => readSettings({}, environment)).toThrow(SettingsError)
    expect(() => readSettings({}, environment)).toThrow(sentence)
  })

  test('also as flags', () => {
    const flags = { mode: 'unattended', confirm: 'delete' }
    expect(() => readSettings(flags, {})).toThrow(/^--confirm is set, but in QUALYS_MODE=unattended/)
    expect(() => readSettings({ mode: 'unattended' }, { QUALYS_CONFIRM: 'delete' })).toThrow(
      /^QUALYS_CONFIRM is set/,
    )
  })
})

test.each<readonly [string, Environment]>([
  [
    'limits in mode read-only',
    { QUALYS_MODE: 'read-only', QUALYS_MAX_BULK: '3', QUALYS_ALLOWED_TAGS: 'Lab' },
  ],
  ['an empty list of effects, which counts as not set', { QUALYS_MODE: 'unattended', QUALYS_CONFIRM: ' ' }],
  ['the effects in mode confirm', { QUALYS_MODE: 'confirm', QUALYS_CONFIRM: 'delete' }],
  ['other entries', { QUALYS_ALLOWED_TAGS: 'Lab', QUALYS_BLOCKED_TAGS: 'Lab 2' }],
  [
    'parameters of an allowed script',
    { QUALYS_ALLOWED_PARAMETERS: '{"7":{"path":"/tmp"}}', QUALYS_ALLOWED_SCRIPTS: '7,8' },
  ],
  [
    'parameters without a list of scripts',
    { QUALYS_ALLOWED_PARAMETERS: '{"7":{"path":"/tmp"}}', QUALYS_BLOCKED_SCRIPTS: '8' },
  ],
  ['two ways to forbid', { QUALYS_FORBID: 'mail', QUALYS_MAX_MAILS_PER_DAY: '0' }],
])('do not contradict: %s', (_what, environment) => {
  expect(() => readSettings({}, environment)).not.toThrow()
})
