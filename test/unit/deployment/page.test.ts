import { describe, expect, test } from 'vitest'
import { roles } from '../../../src/config/service/parsers.ts'
import { metricSpecs } from '../../../src/service/operation/metric-names.ts'
import { installCommand } from '../../../src/service/operation/otel-packages.ts'
import { codeBlocks, servicePage } from '../../support/deployment/page.ts'

// What docs/service.md repeats of the code.

/** The rows of all tables whose first cell is one word of code. */
const rows = [...servicePage.matchAll(/^\| `([^`]+)` \| (.+) \|$/gm)].map(([, name = '', rest = '']) => [
  name,
  ...rest.split(' | '),
])

test('the table of metrics is that of the code', () => {
  const metrics = rows.filter(([name = '']) => name.startsWith('qualys_mcp_'))
  const expected = Object.values(metricSpecs).map(({ name, help, ...more }) => [
    name,
    'labelNames' in more ? more.labelNames.map((label) => `\`${label}\``).join(', ') : '',
    help,
  ])
  expect(metrics).toEqual(expected)
})

test('the table of roles has every role', () => {
  const named = rows.map(([name]) => name).filter((name) => roles.some((role) => role === name))
  expect(named).toEqual([...roles])
})

test('the packages of OpenTelemetry are those that the program asks for', () => {
  expect(codeBlocks(servicePage).map(({ code }) => code.trim())).toContain(installCommand)
})

describe('blocks of code', () => {
  test('in JSON can be read', () => {
    const blocks = codeBlocks(servicePage).filter(({ language }) => language === 'json')
    expect(blocks).toHaveLength(2)
    for (const { code } of blocks) expect(JSON.parse(code)).toBeTypeOf('object')
  })

  test('are read with their words and without their indent', () => {
    const text = '1. one\n\n   ```sh setup=a part=b\n   echo 1\n     echo 2\n   ```\n\n```json\n{}\n```\n'
    expect(codeBlocks(text)).toEqual([
      { language: 'sh', words: { setup: 'a', part: 'b' }, code: 'echo 1\n  echo 2\n' },
      { language: 'json', words: {}, code: '{}\n' },
    ])
  })
})
