import fc from 'fast-check'

// Documents as Qualys, old servers and proxies may send them, well-formed or not, in bytes.

const name = fc.constantFrom(
  ...['a', 'list', 'count', 'Tag', 'id', 'data', 'Questionnaire', 'ns:Tag', 'constructor', '__proto__'],
)

const text = fc.constantFrom(
  ...[
    '',
    ' ',
    '\n  ',
    'x',
    '0',
    '1',
    '2',
    'é',
    '€ 5',
    '漢字',
    '😀',
    'a & b',
    '&amp;',
    '&lt;',
    '&eacute;',
    '&#32;',
  ],
  ...[
    '&#x0;',
    '&#xD800;',
    '&#99999999;',
    '&unknown;',
    '&am',
    ']]>',
    ']',
    '\u0001',
    '\ufdd0',
    '\ufffe',
    '\ufffd',
  ],
  ...[
    '<![CDATA[ <b> & ]]>',
    '<![CDATA[]]>',
    '<![CDATA[]]]]><![CDATA[>]]>',
    '<!-- a -- b -->',
    '<!---->',
    '<?pi x?>',
  ],
)

const { element } = fc.letrec<{ element: string; content: string }>((tie) => ({
  content: fc
    .array(fc.oneof({ depthSize: 'small' }, text, tie('element')), { maxLength: 5 })
    .map((parts) => parts.join('')),
  element: fc
    .tuple(name, fc.constantFrom('', ' b="1"', ' b=">"', " b='&amp;'"), tie('content'))
    .map(([tag, attribute, content]) => `<${tag}${attribute}>${content}</${tag}>`),
}))

const prolog = fc.constantFrom(
  ...[
    '',
    '\n',
    'x ',
    '\ufeff',
    '<!-- before -->',
    '<!DOCTYPE a SYSTEM "a.dtd">',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
  ],
)

const declaration = fc.constantFrom(
  ...['', '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n'],
  ...['<?xml version="1.0" encoding="ISO-8859-1"?>', '<?xml version="1.0" encoding="windows-1251"?>'],
)

const answer = fc.oneof(
  element,
  fc
    .array(element, { maxLength: 4 })
    .map(
      (rows) =>
        `<ServiceResponse><responseCode>SUCCESS</responseCode><data>${rows.join('\n')}</data></ServiceResponse>`,
    ),
)

/** What happens to a document on its way: it is cut, gets a stray byte, or padding at its end. */
type Harm = (bytes: Buffer, place: number) => Buffer

const at = (bytes: Buffer, place: number): number => Math.floor(place * bytes.length)

const harms: readonly Harm[] = [
  (bytes, place) => bytes.subarray(0, at(bytes, place)),
  (bytes, place) =>
    Buffer.concat([bytes.subarray(0, at(bytes, place)), Buffer.of(0xe9), bytes.subarray(at(bytes, place))]),
  (bytes, place) =>
    Buffer.concat([bytes.subarray(0, at(bytes, place)), Buffer.of(0), bytes.subarray(at(bytes, place))]),
  (bytes) => Buffer.concat([bytes, Buffer.alloc(7)]),
]

const encodings: readonly ((document: string) => Buffer)[] = [
  (document) => Buffer.from(document, 'latin1'),
  (document) => Buffer.from(document, 'utf16le'),
  (document) => Buffer.from(`\ufeff${document}`, 'utf16le').swap16(),
]

/** Bytes of any document; most are well-formed and in UTF-8. */
export const documentBytes: fc.Arbitrary<Buffer> = fc
  .record({
    document: fc.tuple(prolog, declaration, answer).map((parts) => parts.join('')),
    padding: fc.constantFrom(0, 0, 0, 1_000, 1_024),
    encode: fc.oneof(
      { weight: 4, arbitrary: fc.constant((document: string) => Buffer.from(document)) },
      { weight: 1, arbitrary: fc.constantFrom(...encodings) },
    ),
    harm: fc.oneof(
      { weight: 2, arbitrary: fc.constant((bytes: Buffer) => bytes) },
      { weight: 1, arbitrary: fc.constantFrom(...harms) },
    ),
    place: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ document, padding, encode, harm, place }) =>
    harm(encode(document.replace('><', `>${' '.repeat(padding)}<`)), place),
  )
