import type { Draw } from './draw.ts'

// Values that nobody asked for, and blows that a value may take.

const pieces = [
  ...[
    '"',
    '\\',
    '\n',
    '\r\n',
    '\u0000',
    '\u001b[2J',
    '\u202e',
    '\u200b',
    '\ufeff',
    '\ud800',
    '😀',
    'é',
    '漢',
    ' ',
  ],
  ...[
    '../',
    '%2e%2e/',
    '?',
    '#',
    '<b>',
    '&amp;',
    ']]>',
    "' OR 1=1 --",
    '#{x}',
    '{{x}}',
    '$(id)',
    '`id`',
    'null',
  ],
  ...[
    'QUALYS_SECRET_FUZZ',
    'fuzz',
    '__proto__',
    'constructor',
    'toString',
    'id:1',
    ' AND ',
    'title:',
    '*',
    '(',
    ')',
  ],
]

export function text(draw: Draw, most = 6): string {
  return draw.times(draw.below(most + 1), () => draw.of(pieces)).join('')
}

/** A long one, seldom a very long one. */
export const longText = (draw: Draw): string =>
  (text(draw, 3) || 'x')
    .repeat(
      draw.weighted([
        [60, 20],
        [30, 400],
        [9, 6_000],
        [1, 200_000],
      ]),
    )
    .slice(0, 2_000_000)

const names = [
  ...[
    'id',
    'name',
    'filter',
    'match',
    'pageSize',
    'fields',
    'continuationToken',
    'sort',
    'ids',
    'cursor',
    'uri',
  ],
  ...[
    'arguments',
    '_meta',
    'progressToken',
    '__proto__',
    'constructor',
    'toString',
    'toJSON',
    'then',
    'length',
    '',
  ],
]

const scalars: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e21, 2 ** 53, -(2 ** 31), 1e308, '', '0', '-1', 'true', '[]', '{}'],
]

export function value(draw: Draw, depth = 3): unknown {
  const kind = draw.weighted([
    [40, 'scalar'],
    [25, 'text'],
    [3, 'long'],
    [depth > 0 ? 16 : 0, 'list'],
    [depth > 0 ? 16 : 0, 'object'],
  ] as const)
  switch (kind) {
    case 'scalar':
      return draw.of(scalars)
    case 'text':
      return text(draw)
    case 'long':
      return longText(draw)
    case 'list':
      return draw.times(draw.below(5), () => value(draw, depth - 1))
    case 'object':
      return object(draw, depth - 1)
  }
}

/** An object, with names among its own that JavaScript knows. */
export function object(draw: Draw, depth = 2): Record<string, unknown> {
  const entries = draw.times(draw.below(5), () => [
    draw.chance(80) ? draw.of(names) : text(draw, 2),
    value(draw, depth),
  ])
  return Object.fromEntries(entries) as Record<string, unknown>
}

/** A list in a list in a list, as text: no such thing can be built by a program that has to write it. */
export function nest(draw: Draw): string {
  const levels = draw.of([50, 500, 5_000, 50_000])
  return draw.chance(50)
    ? `${'['.repeat(levels)}${']'.repeat(levels)}`
    : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
}

/** The same arguments with one or two of them bent, left out, doubled or joined by others. */
export function bent(draw: Draw, args: object): Record<string, unknown> {
  const entries = Object.entries(args).map(([name, part]): [string, unknown] => {
    if (draw.chance(70)) return [name, part]
    if (Array.isArray(part)) return [name, draw.chance(50) ? [...part, ...part, value(draw)] : value(draw)]
    if (typeof part === 'object' && part !== null && draw.chance(60)) return [name, bent(draw, part)]
    return [
      name,
      draw.chance(50)
        ? value(draw)
        : `${typeof part === 'string' ? part : JSON.stringify(part)}${text(draw, 2)}`,
    ]
  })
  const kept = entries.filter(() => !draw.chance(8))
  const more = kept.length === 0 || draw.chance(30) ? Object.entries(object(draw)) : []
  return Object.fromEntries([...kept, ...more])
}
