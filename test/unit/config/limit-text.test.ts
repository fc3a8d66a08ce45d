import { expect, test } from 'vitest'
import { limitText } from '../../../src/config/limits/limit-text.ts'
import { type Environment, readSettings } from '../../../src/config/settings.ts'

// Limits in doctor and qualys_status: as the operator wrote them.

const pin = 'a'.repeat(64)

test.each<readonly [string, Environment, keyof ReturnType<typeof readSettings>['settings'], string]>([
  ['a number', { QUALYS_MAX_BULK: '7' }, 'maxBulk', '7'],
  ['a list', { QUALYS_BLOCKED_TAGS: 'Tier 0,11' }, 'blockedTags', 'Tier 0, 11'],
  ['a set', { QUALYS_FORBID: 'unblock reboot' }, 'forbid', 'reboot, unblock'],
  ['ids', { QUALYS_BLOCKED_SCRIPTS: '7,8' }, 'blockedScripts', '7, 8'],
  ['pins', { QUALYS_ALLOWED_SCRIPTS: `7,8@${pin}` }, 'allowedScripts', `7, 8@${pin}`],
  [
    'patterns',
    { QUALYS_ALLOWED_PARAMETERS: '{"7":{"path":"/tmp/[a-z]+","age":"\\\\d+|\\\\(x\\\\)"},"8":{"k":"a/b"}}' },
    'allowedParameters',
    '7 (path=/tmp/[a-z]+, age=\\d+|\\(x\\)), 8 (k=a/b)',
  ],
])('%s', (_what, environment, name, text) => {
  expect(limitText(readSettings({}, environment).settings[name])).toBe(text)
})

test('an object of another kind has no such text', () => expect(limitText({ code: 'US1' })).toBeUndefined())
