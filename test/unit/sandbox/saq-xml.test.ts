import { describe, expect, test } from 'vitest'
import { readXml, XmlSyntaxError } from '../../../src/sandbox/xml/reader.ts'
import { element, xmlText } from '../../../src/sandbox/xml/writer.ts'

const leaf = (name: string, text = '') => ({ name, attributes: {}, children: [], text })

describe('reads', () => {
  test.each<[string, string, object]>([
    ['an element that is empty', '<a></a>', leaf('a')],
    ['one that closes itself', '<a />', leaf('a')],
    ['a declaration', '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<a/>\n', leaf('a')],
    ['a byte order mark', '\uFEFF<a/>', leaf('a')],
    ['comments and instructions', '<!-- < & --><?x y?><a><!----></a><!-- z -->', leaf('a')],
    ['CDATA', '<a>1<![CDATA[<b>&amp;]]]>2</a>', leaf('a', '1<b>&amp;]2')],
    ['the five entities', '<a>&lt;&gt;&amp;&quot;&apos;</a>', leaf('a', '<>&"\'')],
    ['character references', '<a>&#65;&#x42;&#x1F600;&#10;</a>', leaf('a', 'AB😀\n')],
    ['line ends', '<a>1\r\n2\r3</a>', leaf('a', '1\n2\n3')],
    ['names beyond ASCII', '<größe/>', leaf('größe')],
    [
      'attributes',
      '<a b = "1 &amp; 2"\n c=\'"\' d="x\ny"/>',
      { ...leaf('a'), attributes: { b: '1 & 2', c: '"', d: 'x y' } },
    ],
    [
      'children and text between them',
      '<a> <b>1</b> <c/> </a>',
      { name: 'a', attributes: {}, children: [leaf('b', '1'), leaf('c')], text: '   ' },
    ],
  ])('%s', (_, source, expected) => {
    expect(readXml(source)).toEqual(expected)
  })

  test('what is long', () => {
    const text = 'x'.repeat(3_000_000)
    expect(readXml(`<a><!--${text}--><![CDATA[${text}]]></a>`).text).toHaveLength(text.length)
  })
})

describe('refuses', () => {
  test.each([
    ['nothing', ''],
    ['JSON', '{"a":1}'],
    ['text before the root', 'x<a/>'],
    ['text after the root', '<a/>x'],
    ['CDATA outside of the root', '<![CDATA[x]]><a/>'],
    ['two roots', '<a/><b/>'],
    ['an open element', '<a><b></b>'],
    ['an end without a start', '<a></a></b>'],
    ['ends in the wrong order', '<a><b></a></b>'],
    ['another case at the end', '<a></A>'],
    ['a tag that does not end', '<a'],
    ['a blank before the name', '< a/>'],
    ['a name that begins with a digit', '<1/>'],
    ['an attribute without quotes', '<a b=1/>'],
    ['an attribute without a value', '<a b/>'],
    ['attributes without a blank between', '<a b="1"c="2"/>'],
    ['an attribute twice', '<a b="1" b="1"/>'],
    ['a < in an attribute', '<a b="<"/>'],
    ['an attribute of an end tag', '<a></a b="1">'],
    ['a bare ampersand', '<a>a & b</a>'],
    ['an entity that nobody declared', '<a>&nbsp;</a>'],
    ['an entity named as a member of every object', '<a>&constructor;</a>'],
    ['a reference without a semicolon', '<a>&#65</a>'],
    ['a reference to what is no character', '<a>&#0;</a>'],
    ['a reference to a control character', '<a>&#x1b;</a>'],
    ['a reference to half a character', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a control character', '<a>\u001b</a>'],
    ['a null', '<a>\u0000</a>'],
    ['half a character', '<a>\uD83D</a>'],
    [']]> in text', '<a>]]></a>'],
    ['CDATA that does not end', '<a><![CDATA[x]]</a>'],
    ['-- in a comment', '<a><!-- -- --></a>'],
    ['a comment that does not end', '<a><!-- </a>'],
    ['a DTD', '<!DOCTYPE a><a/>'],
    ['a DTD with entities', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['a declaration that comes late', ' <?xml version="1.0"?><a/>'],
    ['another encoding', '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'],
    ['another version', '<?xml version="1.1"?><a/>'],
    ['levels without end', `${'<a>'.repeat(60)}${'</a>'.repeat(60)}`],
  ])('%s', (_, source) => {
    expect(() => readXml(source)).toThrow(XmlSyntaxError)
  })

  test('with the place', () => {
    expect(() => readXml('<a>\n  <b></c>\n</a>')).toThrow(/<\/c> .*line 2, column 10/)
  })
})

test('what is written is read back', () => {
  const text = ' <a href="x">&amp; ]]> \'1\'\n\t\r 東京 😀 \u202e '
  const root = element('root', {
    text,
    number: 3,
    flag: false,
    absent: undefined,
    list: [element('item', '')],
  })
  const written = xmlText({ ...root, attributes: { 'a:b': '"<&>\'' } })
  const read = readXml(written)
  expect(read.attributes).toEqual({ 'a:b': '"<&>\'' })
  expect(read.children.map(({ name, text: inside }) => [name, inside.trim()])).toEqual([
    ['text', text.trim()],
    ['number', '3'],
    ['flag', 'false'],
    ['list', ''],
  ])
  expect(read.children[0]?.text).toBe(text)
  expect(written.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<root')).toBe(true)
})
