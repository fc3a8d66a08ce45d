import { describe, expect, test } from 'vitest'
import { readArguments } from '../../../src/cli/call-arguments.ts'

// The arguments of `qualys-mcp call`, as a word or as the bytes of stdin.

const json = '{"title":"Größe €"}'
const args = { title: 'Größe €' }

describe('arguments', () => {
  test.each([
    ['a word', json],
    ['a word with a byte order mark', `\ufeff${json}`],
    ['UTF-8', Buffer.from(json)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${json}`)],
    ['UTF-8 with two marks', Buffer.from(`\ufeff\ufeff${json}`)],
    ['UTF-16 with its mark', Buffer.from(`\ufeff${json}`, 'utf16le')],
    ['UTF-16 of the other order', Buffer.from(`\ufeff${json}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(json, 'utf16le')],
  ])('in %s are read', (_name, source) => expect(readArguments(source)).toEqual(args))

  test.each([
    ['nothing', undefined],
    ['an empty word', ' '],
    ['no bytes', Buffer.of()],
    ['a mark alone', Buffer.from('\ufeff\r\n')],
    ['null', 'null'],
    ['an empty list', Buffer.from('[]\n')],
  ])('of %s are none', (_name, source) => expect(readArguments(source)).toEqual({}))

  // é is e9 in one code page of Windows and 82 in another: what was meant is not known.
  test.each([
    ['a code page', Buffer.from('{"title":"é"}', 'latin1')],
    [
      'UTF-8 with a bad byte',
      Buffer.concat([Buffer.from('{"title":"é'), Buffer.of(0xff), Buffer.from('"}')]),
    ],
  ])('in %s are refused', (_name, source) => {
    expect(() => readArguments(source)).toThrow(
      'The arguments are no text in UTF-8 or UTF-16: save them again as UTF-8.',
    )
  })
})
