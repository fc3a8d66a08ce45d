import { describe, expect, test } from 'vitest'
import { readXml as readStrictly } from '../../../src/sandbox/xml/reader.ts'
import { writeXml } from '../../../src/session/products/xml.ts'
import { xmlOf } from '../../support/xml/parse.ts'

// XML as others send it, well-formed or not; and as we send it.

const read = (text: string, encoding: BufferEncoding = 'utf8') => xmlOf(Buffer.from(text, encoding))
const declared = '<?xml version="1.0" encoding="UTF-8"?>\n'

describe('what is read', () => {
  test.each([
    ['text is text, however much it looks like a number', '<a>007</a>', '007'],
    ['nor is it a flag', '<a>true</a>', 'true'],
    ['an id of twenty digits keeps all of them', '<a>12345678901234567890</a>', '12345678901234567890'],
    ['a version keeps its zero', '<a>2.10</a>', '2.10'],
    ['hexadecimal', '<a>0x1F</a>', '0x1F'],
    ['an exponent', '<a>1e3</a>', '1e3'],
    ['an empty element', '<a></a>', ''],
    ['an element that closes itself', '<a/>', ''],
    ['one with blanks in its tag', '<a  ></a >', ''],
    ['one of blanks alone', '<a> \n\t </a>', ''],
    ['lines', '<a>x\r\ny\rz</a>', 'x\ny\nz'],
    ['the five entities', '<a>&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;</a>', `<b> & "c" 'd'`],
    ['numeric references', '<a>&#228;&#xe4;&#xE4; &#x1F600;&#128512;</a>', 'äää 😀😀'],
    ['the last letter there is', '<a>&#x10FFFF;&#1114111;</a>', '\u{10ffff}\u{10ffff}'],
    ['blanks that are referred to', '<a>&#32;&#65; &#66;&#x20;</a>', ' A B '],
    ['a reference that was written as text', '<a>&amp;lt; &amp;#60; &amp;amp;</a>', '&lt; &#60; &amp;'],
    ['CDATA', '<a><![CDATA[<b> & "c" ]] > &amp; &#65;]]></a>', '<b> & "c" ]] > &amp; &#65;'],
    ['CDATA between texts', '<a>x<![CDATA[<y>]]>z<![CDATA[]]></a>', 'x<y>z'],
    ['the end of CDATA inside CDATA', '<a><![CDATA[]]]]><![CDATA[>]]></a>', ']]>'],
    [
      'a DTD that is text',
      '<a><![CDATA[<!DOCTYPE html><!ENTITY x "y">]]></a>',
      '<!DOCTYPE html><!ENTITY x "y">',
    ],
    ['and one that is written as text', '<a>&lt;!DOCTYPE html&gt;</a>', '<!DOCTYPE html>'],
    ['a comment inside', '<a>x<!-- & < y -->z</a>', 'xz'],
    ['an instruction inside', '<a>x<?php echo "<b>" ?>z</a>', 'xz'],
    ['a comment after it, as the VM API has', '<a>x</a>\n<!-- CONFIDENTIAL -->\n', 'x'],
    ['attributes', `<a id="1" b='2' xsi:c="d>e" f="&amp;">x</a>`, 'x'],
    ['letters of every plane', '<a>ü ß € 漢字 😀 \u{10ffff}</a>', 'ü ß € 漢字 😀 \u{10ffff}'],
  ])('%s', async (_name, text, value) => {
    expect(await read(text)).toEqual({ a: value })
    expect(await read(declared + text)).toEqual({ a: value })
  })

  test.each([
    ...[
      '&#0;',
      '&#x0;',
      '&#8;',
      '&#x1B;',
      '&#xD800;',
      '&#xFFFE;',
      '&#x110000;',
      '&#1114112;',
      '&#99999999999;',
    ],
    ...['\0', '\b', '\u001b', '\ufffe', '\uffff'],
  ])('%j, which XML forbids, is one sign and spoils nothing', async (character) => {
    expect(await read(`<a>x${character}y</a>`)).toEqual({ a: 'x\ufffdy' })
  })

  test.each([
    ['R & D', 'R & D'],
    ['R && D &', 'R && D &'],
    ['a=1&b=2&amp;c', 'a=1&b=2&c'],
    ['&x; &#; &#x; &#g; &; &AMP;', '&x; &#; &#x; &#g; &; &AMP;'],
    ['&nbsp;&eacute;&euro;&hellip;&Omega;&diams;', '\u00a0é€…Ω♦'],
    ['&constructor; &toString;', '&constructor; &toString;'],
    ['a]]>b ]] > ]&gt;', 'a]]>b ]] > ]>'],
  ])('%j is %j', async (text, value) => {
    expect(await read(`<a>${text}</a>`)).toEqual({ a: value })
    expect(await read(`<a><![CDATA[&amp;]]>${text}<b c="${text}"/></a>`)).toEqual({
      a: { b: '', '#text': `&amp;${value}` },
    })
  })

  test('a prefix of a namespace is no part of a name', async () => {
    const text = '<q:ServiceResponse xmlns:q="urn:q"><q:data><c:id>1</c:id></q:data></q:ServiceResponse>'
    expect(await read(text)).toEqual({ ServiceResponse: { data: { id: '1' } } })
  })

  test('blanks around a text are dropped: they come from its layout', async () => {
    expect(await read('<a> x\n</a>')).toEqual({ a: 'x' })
  })

  test('blanks inside CDATA are kept', async () => {
    expect(await read('<a><![CDATA[ x\n]]></a>')).toEqual({ a: ' x\n' })
  })

  test('blanks between elements are ignored', async () => {
    expect(await read('<a>\n  <b>1</b>\n  <c>\n    <d/>\n  </c>\n</a>\n')).toEqual({
      a: { b: '1', c: { d: '' } },
    })
  })

  test.each([3, 100_000])('%i zeros behind the answer are left out', async (zeros) => {
    expect(await read(`<a><b>é</b></a>${'\0'.repeat(zeros)}`)).toEqual({ a: { b: 'é' } })
    expect(await read(`<a>x\0y</a>${'\0'.repeat(zeros)}`)).toEqual({ a: 'x\ufffdy' })
    expect(await read(`<a>x</a>${'\0'.repeat(zeros)}y`)).toBeUndefined()
  })

  test('one child is itself, several of one name are a list, in their order', async () => {
    expect(await read('<a><b>1</b></a>')).toEqual({ a: { b: '1' } })
    expect(await read('<a><b>1</b><c/><b>2</b><b/></a>')).toEqual({ a: { b: ['1', '2', ''], c: '' } })
  })

  test('text beside elements is kept apart from them', async () => {
    expect(await read('<a>x<b>1</b>y</a>')).toEqual({ a: { b: '1', '#text': 'xy' } })
  })

  test('names as Qualys has them', async () => {
    expect(
      await read(
        '<ServiceResponse><data><QUESTIONNAIRE__V2-VERSION>1</QUESTIONNAIRE__V2-VERSION></data></ServiceResponse>',
      ),
    ).toEqual({
      ServiceResponse: { data: { 'QUESTIONNAIRE__V2-VERSION': '1' } },
    })
  })
})

describe('before the first element', () => {
  test.each([
    ['a byte order mark', '\ufeff<?xml version="1.0"?><a>1</a>'],
    ['a byte order mark, and no declaration', '\ufeff<a>1</a>'],
    ['blank lines', '\r\n\n  <?xml version="1.0"?>\n<a>1</a>'],
    ['a comment', '<!-- cached by proxy <b> -->\n<?xml version="1.0"?><a>1</a>'],
    ['several comments', '<!-- 1 --><!---->\n<!-- - -->\n<a>1</a>'],
    ['words', 'Warning: low on memory\n<?xml version="1.0"?><a>1</a>'],
    ['NUL bytes', '\0\0<?xml version="1.0"?><a>1</a>'],
    ['the declaration twice', '<?xml version="1.0"?>\n<?xml version="1.0"?><a>1</a>'],
    ['a style sheet', '<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a>1</a>'],
  ])('%s is accepted', async (_name, text) => {
    expect(await read(text)).toEqual({ a: '1' })
  })

  test.each([
    '<!--',
    '<!-- never closed <a>1</a>',
    '<?xml version="1.0"',
    '<?',
    'words alone',
    '',
    ' \n',
    '\0',
  ])('%j and nothing else is no XML', async (text) => {
    expect(await read(text)).toBeUndefined()
  })
})

describe('letters that are not UTF-8', () => {
  test.each([
    ['declared', '<?xml version="1.0" encoding="ISO-8859-1"?>'],
    ['undeclared', ''],
    ['declared as UTF-8', declared],
  ])('Latin 1, %s', async (_name, head) => {
    expect(await read(`${head}<a>Grün, naïve, ©</a>`, 'latin1')).toEqual({ a: 'Grün, naïve, ©' })
  })

  test('Latin 1 that could be UTF-8 is what it declares, whatever stands before', async () => {
    const head = '<!-- <?xml encoding="UTF-8"?> -->\n<?xml version="1.0" encoding=\'ISO-8859-1\'?>'
    expect(await read(`${head}<a>Â©</a>`, 'latin1')).toEqual({ a: 'Â©' })
    expect(await read('<a>Â©</a>', 'latin1')).toEqual({ a: '©' })
  })

  test('a declaration inside the first element is text', async () => {
    const text = '<a><![CDATA[<?xml version="1.0" encoding="ISO-8859-1"?>é]]></a>'
    expect(await read(text)).toEqual({ a: '<?xml version="1.0" encoding="ISO-8859-1"?>é' })
  })

  test('the mark at the head counts more than the declaration', async () => {
    expect(await read('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?><a>Grün</a>')).toEqual({ a: 'Grün' })
  })

  test.each([
    ['with a mark', '\ufeff'],
    ['without a mark', ''],
  ])('UTF-16 %s, in either order', async (_name, mark) => {
    const bytes = Buffer.from(`${mark}<?xml version="1.0" encoding="UTF-16"?><a>Grün 漢字</a>`, 'utf16le')
    expect(await xmlOf(bytes)).toEqual({ a: 'Grün 漢字' })
    expect(await xmlOf(bytes.swap16())).toEqual({ a: 'Grün 漢字' })
  })

  test('the signs of Windows', async () => {
    expect(
      await xmlOf(Buffer.concat([Buffer.from('<a>O'), Buffer.of(0x92, 0x80), Buffer.from('</a>')])),
    ).toEqual({ a: 'O’€' })
  })

  test('a bad byte in UTF-8 is one sign', async () => {
    const bytes = Buffer.concat([Buffer.from('<a><b>né</b><c>x'), Buffer.of(0xff), Buffer.from('y</c></a>')])
    expect(await xmlOf(bytes)).toEqual({ a: { b: 'né', c: 'x\ufffdy' } })
  })

  test.each([
    ['half a character at the end', [0xc3]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
  ])('%s does not spoil the whole text', async (_name, odd) => {
    const bytes = Buffer.concat([Buffer.from('<a><b>1</b><c>'), Buffer.from(odd), Buffer.from('</c></a>')])
    expect(await xmlOf(bytes)).toMatchObject({ a: { b: '1', c: expect.any(String) } })
  })
})

describe('malformed XML', () => {
  test.each([
    ['an element that is not closed', '<a><b>1</b>'],
    ['a tag that is not closed', '<a><b'],
    ['tags that cross', '<a><b></a></b>'],
    ['an end without a start', '</a>'],
    ['CDATA that is not closed', '<a><![CDATA[x</a>'],
    ['a comment that is not closed', '<a><!-- x</a>'],
    ['an angle that is text', '<a>1 < 2</a>'],
    ['an angle in an attribute', '<a b="<!-- x -->">y</a>'],
    ['a comment after it that is not closed', '<a>x</a><!-- y'],
    ['an attribute without quotes', '<a b=1>x</a>'],
    ['an attribute twice', '<a b="1" b="2">x</a>'],
    ['a name that begins with a digit', '<1a>x</1a>'],
    ['words after the end', '<a>1</a> and more'],
    ['JSON', '{"a":1}'],
    ['a web page', '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><br>x</body></html>'],
    ['the same without its DTD', '<html><head><meta charset="utf-8"></head><body><p>x<br></body></html>'],
  ])('%s', async (_name, text) => {
    expect(await read(text)).toBeUndefined()
    expect(await read(declared + text)).toBeUndefined()
  })

  test('an answer that is truncated, anywhere', async () => {
    const whole = `${declared}<a x="1"><b>1</b><c><![CDATA[x]]></c><!-- y --><d>&amp;</d></a>`
    for (let end = 0; end < whole.length; end++)
      expect(await read(whole.slice(0, end)), `${end}`).toBeUndefined()
    expect(await read(whole)).toBeDefined()
  })
})

describe('what is written', () => {
  test('begins with its declaration, and has no other blanks', async () => {
    expect(writeXml({ a: { b: { c: '1' }, d: '' } })).toBe(`${declared}<a><b><c>1</c></b><d></d></a>`)
  })

  test('lists repeat their element, undefined values are omitted', async () => {
    expect(writeXml({ a: { b: ['1', '2'], c: undefined, d: [], e: { f: undefined } } })).toBe(
      `${declared}<a><b>1</b><b>2</b><e></e></a>`,
    )
  })

  test('attributes', async () => {
    expect(writeXml({ a: { $: { field: 'id', operator: 'IN' }, '#text': '1,2' } })).toBe(
      `${declared}<a field="id" operator="IN">1,2</a>`,
    )
  })

  test('numbers and flags are text', async () => {
    expect(writeXml({ a: { b: 7, c: 0, d: true, e: false } })).toBe(
      `${declared}<a><b>7</b><c>0</c><d>true</d><e>false</e></a>`,
    )
  })

  const texts = [
    'R&D <b> "c" \'d\' ]]> &amp; &#65; <![CDATA[x]]> <!-- y --> <?z ?> #',
    'Grün ß € 漢字 😀 \u{10ffff}',
    'one\ntwo\tthree\n',
    ' blanks around ',
    '\u0085\u2028\u00a0\u007f\ufffd',
    '007',
    '1e3',
  ]
  test.each(texts)('%j arrives unchanged, in an element and in an attribute', async (text) => {
    const { children } = readStrictly(
      writeXml({ a: { b: text, c: { $: { d: text.replace(/\s/g, '_') }, '#text': text } } }),
    )
    expect(children).toMatchObject([{ text }, { text, attributes: { d: text.replace(/\s/g, '_') } }])
  })

  // The builder of fast-xml-parser writes it as a name without a value.
  test('an attribute may be the word true', async () => {
    expect(writeXml({ a: { $: { b: 'true' }, '#text': '' } })).toContain('b="true"')
  })

  // A reader normalises each of these to one line feed (https://www.w3.org/TR/xml/#sec-line-ends): only a character
  // reference keeps them.
  test.each(['a\r\nb', 'a\rb', 'end\r'])('%j arrives unchanged', async (text) => {
    expect(readStrictly(writeXml({ a: { b: text } })).children).toMatchObject([{ text }])
  })
})
