import { describe, expect, test } from 'vitest'
import { linkFaults } from '../../programs/docs/links.ts'
import { outlineOf } from '../../programs/docs/markdown.ts'

const other = '# Other\n\n## What a `tool` is: *really*\n\n## Twice\n\n## Twice\n\n<a id="by-hand"></a>\n'
const files = ['README.md', 'docs/a/page.md', 'docs/other.md', 'docs/pictures/demo.svg', 'src/main.ts']

/** The broken links of docs/a/page.md. */
const faults = (text: string): string[] =>
  linkFaults({
    pages: [
      { path: 'docs/a/page.md', text },
      { path: 'docs/other.md', text: other },
    ],
    files,
    linesOf: () => 10,
  })

describe('valid links', () => {
  test.each([
    '# Here\n\n[here](#here)',
    '[other](../other.md)',
    '[other](../other.md "with a title")',
    '[by reference][ref]\n\n[ref]: ../other.md#other',
    '[heading](../other.md#what-a-tool-is-really)',
    '[the second](../other.md#twice-1)',
    '[by hand](../other.md#by-hand)',
    '[up](../../README.md)',
    '[folder](../) and [the whole](../..)',
    '[lines](../../src/main.ts#L3-L10)',
    '![picture](../pictures/demo.svg)',
    '<img src="../pictures/demo.svg" alt="a picture">',
    '<picture><source srcset="../pictures/demo.svg 1x, ../pictures/demo.svg 2x"></picture>',
    '[web](https://example.com/a?b=c#d) <https://example.com> [mail](mailto:a@example.com)',
    '`[no](link.md)`\n\n```md\n[no](link.md)\n```\n\n<!-- <a href="no.md"> -->',
  ])('%s', (text) => {
    expect(faults(text)).toEqual([])
  })
})

describe('broken links', () => {
  test.each([
    ['[a](../othr.md)', '../othr.md', 'the repository has no docs/othr.md; did you mean docs/other.md?'],
    [
      '[a](../other.md#twise)',
      '../other.md#twise',
      'docs/other.md has no heading #twise; did you mean #twice?',
    ],
    ['# Here\n\n[a](#there)', '#there', 'docs/a/page.md has no heading #there; did you mean #here?'],
    ['[a](../Other.md)', '../Other.md', 'the repository has no docs/Other.md; did you mean docs/other.md?'],
    ['[a](../../../other/x.md)', '../../../other/x.md', 'it leaves the repository'],
    ['[a](/docs/other.md)', '/docs/other.md', 'it is an absolute path: write it relative to the page'],
    ['[a](C:/docs/other.md)', 'C:/docs/other.md', 'it is a path on one machine'],
    ['[a](file:///docs/other.md)', 'file:///docs/other.md', 'it is a path on one machine'],
    ['[a](https://)', 'https://', 'it is no address'],
    ['[a](vscode:mcp)', 'vscode:mcp', 'GitHub follows http, https and mailto alone'],
    ['[a]()', '', 'it leads nowhere'],
    ['[a](../#x)', '../#x', 'docs is a folder and has no anchors'],
    ['[a](../../src/main.ts#L3-L11)', '../../src/main.ts#L3-L11', 'src/main.ts has only 10 lines'],
    ['[a](../../src/main.ts#x)', '../../src/main.ts#x', 'src/main.ts has lines (#L1), but no anchor #x'],
    ['[a](..%2)', '..%2', 'it has a % that encodes nothing'],
    ['<img src="gone.svg">', 'gone.svg', 'the repository has no docs/a/gone.svg'],
    ['<source srcset="gone.svg 2x">', 'gone.svg', 'the repository has no docs/a/gone.svg'],
  ])('%s', (text, target, fault) => {
    const line = text.split('\n').length
    expect(faults(text)).toEqual([`docs/a/page.md:${line}: the link "${target}" is broken: ${fault}.`])
  })

  test('are found in lists, tables, quotes and folded parts, each at its line', () => {
    const text = [
      '# Title',
      '- one',
      '  - [in a list](x1.md)',
      '',
      '| head | [in a head](x2.md) |',
      '| --- | --- |',
      '| a | [in a cell](x3.md) |',
      '',
      '> quoted',
      '> [in a quote](x4.md)',
      '',
      '<details><summary>folded</summary>',
      '',
      '[inside](x5.md) and **[strong](x5.md)**',
      '</details>',
    ].join('\n')
    const lines = faults(text).map((fault) => Number(fault.split(':')[1]))
    expect(lines).toEqual([3, 5, 7, 10, 14, 14])
  })
})

test('anchors are those of GitHub', () => {
  const text = [
    '# Who may do what?',
    '## `QUALYS_MODE`, and more',
    '## Größe & Maß',
    '## [A link](x.md) in *it*',
    '## Twice',
    '## Twice',
    'Set on',
    '------',
  ].join('\n\n')
  expect([...outlineOf(text.replace('Set on\n\n', 'Set on\n')).anchors]).toEqual([
    'who-may-do-what',
    'qualys_mode-and-more',
    'größe--maß',
    'a-link-in-it',
    'twice',
    'twice-1',
    'set-on',
  ])
})
