import { describe, expect, test } from 'vitest'
import { lineEndKinds, ownLineEnds } from '../../../src/operations/car/content/line-end-kinds.ts'
import { adaptContent } from '../../../src/operations/car/inputs/line-ends.ts'

// The content of a script in the form that its platform needs.

const adapt = (content: string | undefined, platform: unknown) =>
  adaptContent({ content, title: 'T' }, platform)
const lineEnds = 'line ends changed to LF'

describe('on Linux, UNIX and macOS', () => {
  test.each(['LINUX', 'UNIX', 'MAC', 'Linux'])('%s gets LF', (platform) => {
    expect(adapt('#!/bin/bash\r\necho hi\r\n', platform)).toEqual({
      input: { content: '#!/bin/bash\necho hi\n', title: 'T' },
      note: `${lineEnds}, as the platform is ${platform.toUpperCase()}`,
    })
  })

  test.each([
    ['CR LF beside LF', 'a\r\nb\nc', 'a\nb\nc'],
    ['CR LF that was converted twice', 'a\r\r\nb\r\r\n', 'a\nb\n'],
    ['CR LF that was cut in two', 'a\r\nb\r', 'a\nb\n'],
    ['CR LF that was cut in two, beside LF', 'a\nb\r\r', 'a\nb\n'],
    ['CR alone as the line end', '#!/bin/sh\recho hi\r', '#!/bin/sh\necho hi\n'],
    [
      'a CR of the script itself, which stays',
      'printf "50%\rdone"\r\nexit 0\r\n',
      'printf "50%\rdone"\nexit 0\n',
    ],
  ])('%s', (_, content, expected) => {
    expect(adapt(content, 'LINUX')).toEqual({
      input: { content: expected, title: 'T' },
      note: `${lineEnds}, as the platform is LINUX`,
    })
  })

  test('a byte order mark goes', () => {
    expect(adapt('\uFEFF#!/bin/sh\n', 'LINUX')).toEqual({
      input: { content: '#!/bin/sh\n', title: 'T' },
      note: 'byte order mark left out, as the platform is LINUX',
    })
    expect(adapt('\uFEFFa\r\n', 'LINUX').note).toBe(
      `${lineEnds} and byte order mark left out, as the platform is LINUX`,
    )
    expect(adapt('a\uFEFFb\n', 'LINUX')).toEqual({ input: { content: 'a\uFEFFb\n', title: 'T' } })
  })
})

test.each(['LINUX', 'WINDOWS', undefined])('a content with LF stays as it is on %s', (platform) => {
  for (const content of ['echo hi\n', 'printf "\r"\necho\n', undefined])
    expect(adapt(content, platform)).toEqual({ input: { content, title: 'T' } })
})

test('on Windows every content stays as it is', () => {
  expect(adapt('\uFEFFGet-Date\r\n', 'WINDOWS')).toEqual({
    input: { content: '\uFEFFGet-Date\r\n', title: 'T' },
  })
})

test.each([undefined, null, '', 'AIX', 7])(
  'on %s, which says nothing, it stays with a warning',
  (platform) => {
    const { input, note } = adapt('\uFEFFecho\r\n', platform)
    expect(input.content).toBe('\uFEFFecho\r\n')
    expect(note).toContain('sent as it is, as the platform is not known')
  },
)

test.each<readonly [string, string[]]>([
  ['', []],
  ['a\nb', ['\n']],
  ['a\r\nb', ['\r\n']],
  ['a\rb', ['\r']],
  ['a\r\r\nb', ['\r\n']],
  ['a\r\nb\nc\rd', ['\r\n', '\n']],
])('the line ends of %j', (text, kinds) => {
  expect(lineEndKinds(text)).toEqual(kinds)
  const own = ownLineEnds(text).map(({ kind }) => kind)
  expect(new Set(own)).toEqual(new Set(kinds))
})

test('half a megabyte of CR is looked at once: from each of them, it takes minutes', () => {
  const returns = '\r'.repeat(500_000)
  expect(ownLineEnds(`${returns}x`)).toHaveLength(500_000)
  const content = `\n${returns}x`
  expect(adaptContent({ content }, 'LINUX')).toEqual({ input: { content } })
})
