import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { html, sourceText, visible } from '../../../src/tools/effects/approval/page/html/html.ts'

/** The text that a browser makes of some HTML without attributes. */
const textOf = (source: string): string =>
  source
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) =>
      name === 'amp' ? '&' : name === 'lt' ? '<' : name === 'gt' ? '>' : name === 'quot' ? '"' : "'",
    )

/** The text that was shown: boxes stand for what they spell out. */
const originalOf = (source: string): string =>
  source
    .replaceAll('<br>', '')
    .split(/(<b class="x">[^<]*<\/b>)/)
    .map((part) => {
      const [, unit] = /^<b class="x">(.*)<\/b>$/.exec(part) ?? []
      if (unit === undefined) return textOf(part)
      const [, code] = /^\\u\{(.+)\}$/.exec(unit) ?? []
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
      return { '\\n': '\n', '\\r': '\r', '\\t': '\t' }[unit] ?? unit
    })
    .join('')

describe('a template', () => {
  test('escapes every text, within elements and within attributes', () => {
    const text = `<script>alert("1")</script> & 'x'`
    const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;'
    expect(sourceText(html`<p title="${text}">${text}</p>`)).toBe(`<p title="${escaped}">${escaped}</p>`)
  })

  test('takes HTML, lists and numbers, and nothing for what does not hold', () => {
    const items = ['<a>', '<b>'].map((text) => html`<li>${text}</li>`)
    expect(sourceText(html`<ul>${items}</ul>${false}${undefined}${3}`)).toBe(
      '<ul><li>&lt;a&gt;</li><li>&lt;b&gt;</li></ul>3',
    )
  })

  test('takes nothing for HTML that was not made by a template', () => {
    const forged = JSON.parse('{"html":"<script>","Symbol(html)":"<script>"}') as never
    expect(() => sourceText(html`${forged}`)).toThrow()
  })
})

describe('a text of others', () => {
  test.each([
    ['plain text stays', 'echo "a\\b"', 'echo &quot;a\\b&quot;'],
    ['what cannot be seen has a box', 'a\u200bb', 'a<b class="x">\\u{200b}</b>b'],
    ['so has what turns the direction', '\u202ea', '<b class="x">\\u{202e}</b>a'],
    ['a line break goes on below its box', 'a\nb', 'a<b class="x">\\n</b><br>b'],
    ['a tab has a box', '\ta', '<b class="x">\\t</b>a'],
    ['a text that looks like an escape has none', '\\u{200b}\\n', '\\u{200b}\\n'],
    ['half a character has a box', '\ud800', '<b class="x">\\u{d800}</b>'],
    ['markup is text', '<b class="x">\\n</b>', '&lt;b class=&quot;x&quot;&gt;\\n&lt;/b&gt;'],
  ])('%s', (_, text, shown) => {
    expect(sourceText(visible(text))).toBe(shown)
  })

  test('can be read back exactly, whatever it is', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\\',
        '"',
        '\\u{200b}',
        '<b class="x">',
        '</b>',
        '&lt;',
        '\u202e',
        '\ufe0f',
        '\n',
        '\r',
      ),
    )
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const source = sourceText(visible(text))
        expect(source.replace(/<b class="x">[^<>"&]*<\/b>|<br>/g, '')).not.toMatch(/[<>]/)
        expect(originalOf(source)).toBe(text)
      }),
      { numRuns: 200 },
    )
  })
})
