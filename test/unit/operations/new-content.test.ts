import { expect, test } from 'vitest'
import { adaptNewContent } from '../../../src/operations/car/content/new-content.ts'
import { StoredText } from '../../../src/operations/stored-text.ts'
import { bytesIn } from '../../support/script-edits/edited.ts'

// New content of a script as a whole. What a text does not show is lost in passing it back, and a person must see that.

const changesOf = (stored: Buffer, content: string, platform = 'WINDOWS'): readonly string[] =>
  adaptNewContent({ content }, { platform, content: new StoredText(stored) }).warnings ?? []
const warning = (changes: string): string[] => [`The new content changes more than text: ${changes}.`]

test.each([
  ['utf-8', 'a\r\nb\r\n', 'a\nc\n', 'line ends: CR LF -> LF'],
  ['utf-8', 'a\nb\n', 'a\r\nc\r\n', 'line ends: LF -> CR LF'],
  ['utf-8', 'a\r\nb\n', 'a\nc\n', 'line ends: CR LF and LF -> LF'],
  ['utf-8', 'a\rb\r', 'a\nb\n', 'line ends: CR -> LF'],
  ['utf-8 with mark', 'a\n', 'b\n', 'byte order mark: removed'],
  ['utf-8', 'a\n', '\ufeffb\n', 'byte order mark: added'],
  ['utf-8 with mark', 'a\r\nb', 'a\nc', 'line ends: CR LF -> LF; byte order mark: removed'],
  ['utf-16le with mark', 'a\r\nb', 'a\nc', 'line ends: CR LF -> LF; encoding: UTF-16 -> UTF-8'],
  ['utf-16be', 'é\n', 'é\n', 'encoding: UTF-16 -> UTF-8'],
  ['windows-1252', 'é\n', 'é\n', 'encoding: windows-1252 -> UTF-8'],
])('%s %j, then %j: %s', (encoding, stored, content, changes) => {
  expect(changesOf(bytesIn(encoding, stored), content)).toEqual(warning(changes))
})

test.each([
  ['the same form', '\ufeffa\r\nb\r\n', '\ufeffa\r\nc\r\n', 'WINDOWS'],
  ['one line', 'a\r\nb', 'c', 'WINDOWS'],
  // The note says so already.
  ['what the platform needs', 'a\r\nb\r\n', 'a\r\nc\r\n', 'LINUX'],
  ['what the platform needs, twice', '\ufeffa\r\nb\r\n', '\ufeffa\r\nc\r\n', 'LINUX'],
  ['what is taken back', 'a\nb\n', '\ufeffa\r\nc\r\n', 'LINUX'],
])('nothing is said of %s', (_, stored, content, platform) => {
  expect(changesOf(Buffer.from(stored), content, platform)).toEqual([])
})

test('what the platform does not need is said beside what it needs', () => {
  expect(changesOf(Buffer.from('\ufeffa\r\nb\r\n'), 'a\nc\n', 'LINUX')).toEqual(
    warning('line ends: CR LF -> LF; byte order mark: removed'),
  )
})

test('where nothing is stored, nothing is compared', () => {
  expect(adaptNewContent({ content: 'a\n' }, undefined).warnings).toBeUndefined()
  expect(
    adaptNewContent({ title: 'T' }, { content: new StoredText(Buffer.from('a')) }).warnings,
  ).toBeUndefined()
})
