import { describe, expect, test } from 'vitest'
import { xmlOf } from '../../support/xml/parse.ts'

// XML that attacks its reader: entities of a DTD, names that JavaScript knows, great lengths and depths.

const read = xmlOf
const declared = '<?xml version="1.0" encoding="UTF-8"?>\n'

describe('a DTD', () => {
  test.each([
    ['with an entity', '<!DOCTYPE a [<!ENTITY x "boom">]><a>&x;</a>'],
    ['that reads a file', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['that fetches', '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><a>&x;</a>'],
    ['with a parameter entity', '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a>1</a>'],
    [
      'elsewhere, with one of its own',
      '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY x "boom">]><a>&x;</a>',
    ],
    ['in small letters', '<!doctype a [<!entity x "boom">]><a>&x;</a>'],
    ['after a comment', '<!-- x --><!DOCTYPE a [<!ENTITY x "boom">]><a>&x;</a>'],
    ['inside the root', '<a><!DOCTYPE a [<!ENTITY x "boom">]>&x;</a>'],
    [
      'inside the root, beside CDATA',
      '<a><![CDATA[y]]><!DOCTYPE a [<!ENTITY x "boom">]>&x;<![CDATA[z]]></a>',
    ],
    ['an entity alone', '<a><!ENTITY x "boom">&x;</a>'],
  ])('%s is refused', async (_name, text) => {
    expect(await read(text)).toBeUndefined()
    expect(await read(declared + text)).toBeUndefined()
  })

  // Every SIMPLE_RETURN of the API server names one; it is neither fetched nor needed. Without a `[` it defines
  // nothing.
  test.each([
    ['elsewhere', '<!DOCTYPE a SYSTEM "https://qualysapi.qualys.com/api/2.0/simple_return.dtd">'],
    ['elsewhere, by two names', '<!DOCTYPE a PUBLIC "-//X//Y" "http://127.0.0.1:9/a.dtd">'],
    ['on lines of its own', '<!DOCTYPE a SYSTEM\n "a.dtd"\n>\n'],
    ['that only says what the root is', '<!DOCTYPE a>'],
  ])('%s is skipped', async (_name, dtd) => {
    expect(await read(`${dtd}<a>1</a>`)).toEqual({ a: '1' })
    expect(await read(`${declared}<!-- x -->${dtd}<a>1</a>`)).toEqual({ a: '1' })
  })

  // Text that looks like CDATA in a comment, an attribute or an instruction is none, and must not hide a DTD after
  // it.
  test.each([
    ['comments', '<a><!-- <![CDATA[ --><!DOCTYPE a [<!ENTITY x "boom">]><!-- ]]> --><b>&x;</b></a>'],
    ['attributes', '<a y="<![CDATA["><!DOCTYPE a [<!ENTITY x "boom">]><b z="]]>">&x;</b></a>'],
    ['instructions', '<a><?y <![CDATA[ ?><!DOCTYPE a [<!ENTITY x "boom">]><?z ]]> ?><b>&x;</b></a>'],
  ])('is refused between %s too', async (_name, text) => {
    expect(await read(text)).toBeUndefined()
  })

  test('is never expanded: a billion laughs', async () => {
    const laughs = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
      '',
    )
    expect(await read(`<!DOCTYPE a [<!ENTITY l0 "lol">${laughs}]><a>&l10;</a>`)).toBeUndefined()
  })

  test('is never expanded: one long entity many times', async () => {
    const text = `<!DOCTYPE a [<!ENTITY x "${'z'.repeat(50_000)}">]><a>${'&x;'.repeat(50_000)}</a>`
    expect(await read(text)).toBeUndefined()
  })

  test('that is hidden is at least not expanded without end', async () => {
    const hidden = `<!-- <![CDATA[ --><!DOCTYPE a [<!ENTITY x "${'z'.repeat(9_000)}">]><!-- ]]> -->`
    const kept = JSON.stringify(await read(`<a>${hidden}<b>${'&x;'.repeat(100_000)}</b></a>`)) ?? ''
    expect(kept.length).toBeLessThan(1_000_000)
  })

  test('leaves an undeclared entity unchanged', async () => {
    expect(await read('<a>&x;</a>')).toEqual({ a: '&x;' })
  })
})

describe('names that JavaScript knows', () => {
  const names = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    '__defineGetter__',
  ]
  test.each(names)('<%s> changes nothing', async (name) => {
    for (const text of [
      `<${name}><polluted>1</polluted></${name}>`,
      `<a><${name}><polluted>1</polluted></${name}></a>`,
      `<a><${name}>1</${name}><${name}>2</${name}></a>`,
      `<a><b ${name}="1"/></a>`,
    ]) {
      const value = await read(text)
      expect((value?.['a'] as { polluted?: unknown } | undefined)?.polluted).toBeUndefined()
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(typeof {}.toString).toBe('function')
  })
})

// A backtracking reader takes minutes for each of these; the test fails at its time limit.
describe('a megabyte of', () => {
  const many = (part: string): string => part.repeat(Math.ceil(1_000_000 / part.length))
  test.each([
    ['text', `<a>${many('x')}</a>`],
    ['entities', `<a>${many('&amp;')}</a>`],
    ['entities in elements', `<a>${many('<b>R&#38;D &lt;x&gt; &quot;y&quot;</b>')}</a>`],
    ['elements', `<a>${many('<b/>')}</a>`],
    [
      'elements, each of its own name',
      `<a>${Array.from({ length: 50_000 }, (_, n) => `<b${n}>1</b${n}>`).join('')}</a>`,
    ],
    ['elements and text', `<a>${many('y<b/>')}</a>`],
    ['attributes', `<a ${Array.from({ length: 80_000 }, (_, n) => `x${n}="1"`).join(' ')}/>`],
    ['comments', `<a>${many('<!-- -->')}</a>`],
    ['comments before', `${many('<!-- -->')}<a/>`],
    ['CDATA', `<a>${many('<![CDATA[x]]>')}</a>`],
    ['CDATA around DTDs', `<a>${many('<![CDATA[<!DOCTYPE a>]]>')}</a>`],
    ['instructions', `<a>${many('<?x y?>')}</a>`],
    ['blanks in a tag', `<a${many(' ')}/>`],
    ['blanks before an end', `<a>x</a>${many(' ')}`],
    ['one name', `<${many('a')}/>`],
    ['ampersands', `<a>${many('&')}</a>`],
    ['a reference that does not end', `<a>&${many('a')}</a>`],
    ['brackets', `<a>${many(']')}</a>`],
  ])('%s is read', async (_name, text) => {
    expect(await read(text)).toBeDefined()
  })

  test.each([
    ['tags that are not closed', many('<a')],
    ['elements that are not closed', many('<a>')],
    ['comments that are not closed', `<a>${many('<!--')}`],
    ['instructions that are not closed', many('<?')],
    ['CDATA that is not closed', `<a>${many('<![CDATA[')}`],
    ['quotes', `<a ${many(`b'c=" d' e="`)}/>`],
    ['angles', `<a>${many('< ')}</a>`],
    ['levels', `${many('<a>')}${many('</a>')}`],
    ['words after the end', `<a>x</a>${many('x ')}`],
  ])('%s is refused', async (_name, text) => {
    expect(await read(text)).toBeUndefined()
  })
})

test('a hundred levels are read, ten thousand are not', async () => {
  expect(await read('<a>'.repeat(100) + '</a>'.repeat(100))).toBeDefined()
  expect(await read('<a>'.repeat(10_000) + '</a>'.repeat(10_000))).toBeUndefined()
})
