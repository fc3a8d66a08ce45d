import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type EffectOperation, isEffect, type Operation } from '../../../src/operations/operation.ts'
import { InputError } from '../../../src/shared/errors.ts'
import { mask } from '../../../src/shared/secrets.ts'
import { findMasks } from '../../../src/tools/effects/policy/mask-search.ts'
import { refuseMasks } from '../../../src/tools/effects/policy/refuse-masks.ts'
import { operationNamed } from '../../support/operations/calls.ts'
import { drawn } from '../../support/secrets/drawn.ts'

// A mask that goes back would replace the secret that it stands for, so no effect takes one.

const core = mask.slice(1, -1)
const base64 = (text: string, encoding: BufferEncoding = 'utf8'): string =>
  Buffer.from(text, encoding).toString('base64')

describe('a mask is found', () => {
  test.each([
    ['as it was shown', mask],
    ['in upper case', mask.toUpperCase()],
    ['without its brackets', core],
    ['in other brackets', `<${core}>`],
    ['in an address', `https://${mask}@repo.example/x`],
    ['as a name of a variable', '$MASKED_BY_QUALYS_MCP'],
    ['as a name in camel case', '$maskedByQualysMcp'],
    ['with dots', core.replaceAll('-', '.')],
    ['in hexadecimal', Buffer.from(mask).toString('hex')],
    ['URL-encoded', encodeURIComponent(mask)],
    ['URL-encoded throughout', `%5B${core.replaceAll('-', '%2D')}%5D`],
    ['HTML-escaped', `&#91;${core}&#93;`],
    ['HTML-escaped throughout', `&lbrack;${core.replaceAll('-', '&#x2d;')}&rbrack;`],
    ['JSON-escaped', core.replaceAll('-', '\\u002d')],
    ['with typographic hyphens', core.replaceAll('-', '\u2011')],
    ['with dashes', core.replaceAll('-', '–')],
    ['with invisible characters', core.replaceAll('-', '\u200b-\u200b')],
    ['wrapped at a hyphen', core.replace('by-', 'by-\n    ')],
    ['wrapped in a word', core.replace('qualys', 'qua\r\nlys')],
    ['wrapped in a comment', core.replace('by-', 'by-\n# ')],
    ['in two strings', `"[masked-by-" +\n  "qualys-mcp]"`],
    ['in a continued line', core.replace('by-', 'by-\\\n')],
    ['in base64', base64(`password=${mask}`)],
    ['in base64, at another position', base64(`a password=${mask}`)],
    ['in base64, at the third position', base64(`ab password=${mask}`)],
    ['in base64 for URLs', Buffer.from(`?>${mask}?>`).toString('base64url')],
    ['in wrapped base64', base64(`password=${mask}`).replace(/.{16}/g, '$&\n')],
    ['in base64 of UTF-16', base64(`$p = "${mask}"`, 'utf16le')],
    ['with blanks', '[masked by qualys-mcp]'],
    ['in German', '[maskiert-von-qualys-mcp]'],
    ['in French', '[masqué par qualys-mcp]'],
    ['in Spanish', '[enmascarado-por-qualys-mcp]'],
    ['in Russian', '[скрыто-qualys-mcp]'],
    ['in Chinese', '[由qualys-mcp屏蔽]'],
    ['in Japanese', '[qualys-mcpによりマスク]'],
  ])('%s', (_, text) => {
    expect(findMasks(`first line\n${text}\nlast line`)).not.toEqual([])
  })

  test('at each of its places', () => {
    expect(findMasks(`${mask} and ${mask}`)).toEqual([1, 1 + mask.length + ' and '.length])
  })
})

test.each([
  ['the mask of earlier versions, a section of an INI file', '[secret]\nkey=1'],
  ['other words in brackets', '[redacted] [masked] [hidden] [********]'],
  ['the name of this program', '[qualys-mcp] started; see https://example.com/qualys-mcp'],
  ['a sentence about it', '# Values (all secrets, that is) are masked by qualys mcp before they are shown'],
  ['names of services', 'systemctl mask qualys-cloud-agent; unmask-by-qualys'],
  ['an umask', 'umask 077; netmask=255.255.255.0 by qualys'],
  ['base64', base64(drawn(3_000))],
])('%s is none', (_, text) => expect(findMasks(text)).toEqual([]))

test.each([
  'm',
  'masked',
  'masked-',
  'masked-by-',
  'masked \n',
  'bWFz',
  '[qualys-mcp ',
  `[${'a'.repeat(50)}`,
  `${mask}\n`,
])('half a megabyte of %s is looked through in linear time', (part) => {
  const content = part.repeat(Math.ceil(500_000 / part.length))
  expect(findMasks(content).length > 0).toBe(part.startsWith(mask))
  expect(refusal('car_create_script', { content }) === undefined).toBe(!part.startsWith(mask))
})

function effectNamed(name: string): EffectOperation {
  const operation: Operation = operationNamed(name)
  if (!isEffect(operation)) throw new Error(`${name} is no effect`)
  return operation
}

function refusal(name: string | EffectOperation, args: object): string | undefined {
  try {
    refuseMasks(typeof name === 'string' ? effectNamed(name) : name, { ...args })
    return undefined
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return `${error.message} ${error.next}`
  }
}

const stands = `holds ${mask}, which stands for a secret that was not shown and would replace it.`
const update = effectNamed('car_update_script')
/** An operation that takes edits, and one that does not. */
const withEdits = { ...update, input: { ...update.input, edits: z.array(z.object({})).optional() } }
const { edits: _, ...inputWithoutEdits } = withEdits.input
const withoutEdits = { ...update, input: inputWithoutEdits }

describe('the refusal names the place, and a way that the tool has', () => {
  const content = `#!/bin/sh\ngit clone https://${mask}@repo.example/x\necho done\ncurl -H "${mask}"\n`

  test('for the content of a stored script', () =>
    expect(refusal(withEdits, { scriptId: '7', content, comment: 'x' })).toBe(
      `content (lines 2, 4) ${stands} Change other lines with edits and leave these as they are, or let the script take the value as a parameter, which can be a secret: {key, secret: "<name>"} in params.`,
    ))

  test('where there are no edits', () => {
    const said = `content (lines 2, 4) ${stands} Write the script without these values: it can take one as a parameter, which can be a secret: {key, secret: "<name>"} in params.`
    expect(refusal(withoutEdits, { scriptId: '7', content })).toBe(said)
    expect(refusal('car_create_script', { content })).toBe(said)
  })

  test('for a replacement and what it replaces', () => {
    expect(refusal(withEdits, { edits: [{ find: 'a', replace: `b\n${mask}` }] })).toBe(
      `edits.0.replace (line 2) ${stands} Leave the masked parts out of find and replace, so that they stay as they are.`,
    )
    expect(
      refusal(withEdits, {
        edits: [
          { find: 'a', replace: 'b' },
          { find: mask, replace: 'b' },
        ],
      }),
    ).toBe(
      `edits.1.find ${stands} Choose other text for find, without a masked part, and leave the masked parts as they are.`,
    )
  })

  test('for parameters, of a run and of a schedule', () => {
    const way = 'Pass the real value, or name a secret that the operator keeps: {key, secret: "<name>"}.'
    const params = [
      { key: 'a', value: 'b' },
      { key: 'c', value: mask },
    ]
    expect(refusal('car_execute_script', { scriptId: '7', params })).toBe(`params.1.value ${stands} ${way}`)
    expect(refusal('car_create_schedule', { scripts: [{ id: '7', params }] })).toBe(
      `scripts.0.params.1.value ${stands} ${way}`,
    )
  })

  test('for an address', () =>
    expect(refusal(update, { sourceUrl: `https://${mask}@github.com/a/b` })).toBe(
      `sourceUrl ${stands} Pass the address without a login, and name the token of a private repository: repositoryToken: "<name>".`,
    ))

  test('for what may be left out, and what may not', () => {
    expect(refusal(update, { scriptId: '7', description: mask })).toBe(
      `description ${stands} Leave description out, which keeps what is stored, or pass the real text.`,
    )
    expect(refusal('car_create_script', { description: mask })).toBe(
      `description ${stands} Leave description out, or pass the real text.`,
    )
    expect(refusal('car_create_script', { title: mask })).toBe(`title ${stands} Pass the real text.`)
    expect(refusal('saq_create_template', { sections: [{ name: 'x', questions: [{ text: mask }] }] })).toBe(
      `sections.0.questions.0.text ${stands} Pass the real text.`,
    )
  })

  test('for a name of a member', () =>
    expect(refusal('saq_create_template', { sections: { [core]: 1 } })).toMatch(
      /^sections\.masked-by-.* holds /,
    ))

  test('with five lines at most', () =>
    expect(refusal(update, { content: `${mask}\n`.repeat(8) })).toMatch(
      /^content \(lines 1, 2, 3, 4, 5 and 3 more\) holds /,
    ))
})

test('other arguments pass', () => {
  expect(
    refusal(update, { scriptId: '7', content: '[secret]\nx=1\n', severity: 3, sync: true }),
  ).toBeUndefined()
})
