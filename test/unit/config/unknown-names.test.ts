import { describe, expect, test } from 'vitest'
import { readSettings } from '../../../src/config/settings.ts'
import { SettingsError } from '../../../src/shared/errors.ts'

// A name that promises a safety and gives none stops the start, by its words; other unknown names are a warning.

const read = (name: string) => readSettings({}, { [name]: '1' })

describe('a name that promises a safety stops the start, and the nearest setting is named', () => {
  test.each([
    ['QUALYS_AUDIT_LOG', 'QUALYS_AUDIT_FILE'],
    ['QUALYS_AUDITFILE', 'QUALYS_AUDIT_FILE'],
    ['QUALYS_MAX_HOSTS', 'QUALYS_MAX_HOSTS_PER_DAY'],
    ['QUALYS_MAX_RUNS_PER_DAY', 'QUALYS_MAX_RUNS_PER_HOUR'],
    ['QUALYS_RUNS_PER_DAY', 'QUALYS_MAX_RUNS_PER_HOUR'],
    ['QUALYS_MAX_RECIPIENTS', 'QUALYS_MAX_MAILS_PER_DAY'],
    ['QUALYS_MAIL_LIMIT', 'QUALYS_MAX_MAILS_PER_DAY'],
    ['QUALYS_MAXIMUM_ASSETS', 'QUALYS_MAX_ASSETS_PER_RUN'],
    ['QUALYS_MAX_HOSTS_PER_PLAN', 'QUALYS_MAX_ASSETS_PER_PLAN'],
    ['QUALYS_ALLOWED_HOSTS', 'QUALYS_ALLOWED_ASSETS'],
    ['QUALYS_ALLOWEDSCRIPTS', 'QUALYS_ALLOWED_SCRIPTS'],
    ['QUALYS_ONLY_TAGS', 'QUALYS_ALLOWED_TAGS'],
    ['QUALYS_TAG_ALLOWLIST', 'QUALYS_ALLOWED_TAGS'],
    ['QUALYS_DENY_TAGS', 'QUALYS_BLOCKED_TAGS'],
    ['QUALYS_PROTECTED_TAGS', 'QUALYS_BLOCKED_TAGS'],
    ['QUALYS_EXCLUDE_HOSTS', 'QUALYS_BLOCKED_ASSETS'],
    ['QUALYS_PIN', 'QUALYS_ALLOWED_SCRIPTS'],
    ['QUALYS_REQUIRE_APPROVAL', 'QUALYS_CONFIRM'],
    ['QUALYS_CONFIRMATION', 'QUALYS_CONFIRM'],
    ['QUALYS_APPROVERS', 'QUALYS_CONFIRM'],
    ['QUALYS_FORBIDDEN', 'QUALYS_FORBID'],
    ['QUALYS_NO_REBOOT', 'QUALYS_FORBID'],
    ['QUALYS_DISABLE_DELETE', 'QUALYS_FORBID'],
    ['QUALYS_STOP', 'QUALYS_STOP_FILE'],
    ['QUALYS_KILL_SWITCH', 'QUALYS_STOP_FILE'],
    ['QUALYS_READONLY', 'QUALYS_MODE=read-only'],
    ['QUALYS_DRYRUN', 'QUALYS_MODE=read-only'],
    ['QUALYS_NOWRITE', 'QUALYS_MODE=read-only'],
    ['QUALYS_SAFE_MODE', 'QUALYS_MODE=read-only'],
    ['qualys_safety', 'QUALYS_MODE=read-only'],
    ['QUALYS_ACCESS_MODE', 'QUALYS_MODE'],
    ['QUALYS_UNATTENDED', 'QUALYS_MODE'],
    ['QUALYS_NOOP', 'QUALYS_MODE=read-only'],
    ['QUALYS_APPROVED_SCRIPTS', 'QUALYS_ALLOWED_SCRIPTS'],
    ['QUALYS_TRUSTED_TAGS', 'QUALYS_ALLOWED_TAGS'],
    ['QUALYS_SKIP_HOSTS', 'QUALYS_BLOCKED_ASSETS'],
    ['QUALYS_BANNED_SCRIPTS', 'QUALYS_BLOCKED_SCRIPTS'],
    ['QUALYS_BLOCK_REBOOT', 'QUALYS_FORBID'],
    ['QUALYS_DONT_REBOOT', 'QUALYS_FORBID'],
    ['QUALYS_ENABLE_DELETE', 'QUALYS_FORBID'],
    ['QUALYS_QUIET_HOURS', 'QUALYS_WINDOW'],
    ['QUALYS_BLACKOUT', 'QUALYS_WINDOW'],
    ['QUALYS_RUN_WINDOW', 'QUALYS_WINDOW'],
    ['QUALYS_TWO_PERSON_RULE', 'QUALYS_CONFIRM'],
    ['QUALYS_LOCKDOWN', 'QUALYS_STOP_FILE'],
    ['QUALYS_SECRETS_DB', 'QUALYS_SECRET_<NAME> in capitals'],
    ['QUALYS_SECRET_db', 'QUALYS_SECRET_<NAME> in capitals'],
  ])('%s', (name, suggestion) => {
    expect(() => read(name)).toThrow(SettingsError)
    expect(() => read(name)).toThrow(
      `${name} is no setting of qualys-mcp: use ${suggestion}, or unset it, since it would do nothing.`,
    )
  })
})

test.each([
  'QUALYS_BUDGET',
  'QUALYS_GUARDRAILS',
  'QUALYS_BLOCKED_COMMANDS',
  'QUALYS_ALLOWED_TOOLS',
  'QUALYS_RATE_LIMIT',
  'QUALYS_MAXHOSTS',
  'QUALYS_SECERT_DB',
  'QUALYS_CONFRIM_ALL',
  'QUALYS_BLOK_TAGS',
  'QUALYS_TAGS',
  'QUALYS_SCRIPTS',
  'QUALYS_SANDBOX_ONLY',
  'QUALYS_ENFORCE',
  'QUALYS_REDACT',
  'QUALYS_REJECT_UNSIGNED',
])('without a nearest one, %s stops the start with a plain sentence', (name) => {
  expect(() => read(name)).toThrow(
    `${name} is no setting of qualys-mcp, though its name promises a safety: unset it, since it would do nothing.`,
  )
})

test.each([
  'QUALYS_COLOUR',
  'QUALYS_CONFIG_FILE',
  'QUALYS_ACCESS_TOKEN',
  'QUALYS_API_SERVER',
  'QUALYS_PROJECT',
  'QUALYS_CLOCK_SKEW',
  'QUALYS_NODE_ENV',
  'QUALYS_NOTIFY',
  'QUALYS_REGION',
  'QUALYS_MINUTES',
  'QUALYS_LOG_FILE',
  'QUALYS_HOME',
  'QUALYS_CONFIG',
  'QUALYS_POD',
  'QUALYS_NO_COLOR',
  'QUALYS_NO_PROXY',
  'QUALYS_API_TOKEN',
  'QUALYS_USER',
  'QUALYS_HTTP_TIMEOUT',
  'QUALYS_CACHE_HOURS',
])('%s promises nothing: a warning', (name) => {
  expect(read(name).unknown).toEqual([name])
})

test('a slip of a setting is named as that setting', () => {
  expect(() => read('QUALYS_LOGLEVEL')).toThrow('use QUALYS_LOG_LEVEL,')
  expect(() => read('QUALYS_PLATFROM')).toThrow('use QUALYS_PLATFORM,')
  expect(() => read('QUALYS_MOED')).toThrow('use QUALYS_MODE,')
})

test.each([
  'QUALY_MODE',
  'QUALSY_MODE',
  'QUALYSMODE',
  'QUALYS-MODE',
  'QUALYS_MODE ',
  'QUALYS_ＭＯＤＥ',
  'qualys_mode',
])('a slip before the name, or in how it is written, is one as well: %j', (name) => {
  expect(() => read(name)).toThrow(`${name} is no setting of qualys-mcp: use QUALYS_MODE,`)
})

test('names of other programs that begin alike are none of ours', () => {
  expect(read('QUALITY_MODE').unknown).toEqual([])
  expect(read('QA_MAX_HOSTS').unknown).toEqual([])
})
