import type { SeededRandom } from './seeded-random.ts'

// Unexpected values, and ways to damage a value.

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

export function text(random: SeededRandom, most = 6): string {
  return random.times(random.below(most + 1), () => random.of(pieces)).join('')
}

/** A long text, rarely a very long one. */
export const longText = (random: SeededRandom): string =>
  (text(random, 3) || 'x')
    .repeat(
      random.weighted([
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

export function value(random: SeededRandom, depth = 3): unknown {
  const kind = random.weighted([
    [40, 'scalar'],
    [25, 'text'],
    [3, 'long'],
    [depth > 0 ? 16 : 0, 'list'],
    [depth > 0 ? 16 : 0, 'object'],
  ] as const)
  switch (kind) {
    case 'scalar':
      return random.of(scalars)
    case 'text':
      return text(random)
    case 'long':
      return longText(random)
    case 'list':
      return random.times(random.below(5), () => value(random, depth - 1))
    case 'object':
      return object(random, depth - 1)
  }
}

/** An object, with names among its own that JavaScript knows. */
export function object(random: SeededRandom, depth = 2): Record<string, unknown> {
  const entries = random.times(random.below(5), () => [
    random.chance(80) ? random.of(names) : text(random, 2),
    value(random, depth),
  ])
  return Object.fromEntries(entries) as Record<string, unknown>
}

/** Deeply nested lists or objects as text, since a program could not serialize such a value. */
export function nestedJson(random: SeededRandom): string {
  const levels = random.of([50, 500, 5_000, 50_000])
  return random.chance(50)
    ? `${'['.repeat(levels)}${']'.repeat(levels)}`
    : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`
}

/** The same arguments with one or two of them changed, omitted, doubled or extended. */
export function mutated(random: SeededRandom, args: object): Record<string, unknown> {
  const entries = Object.entries(args).map(([name, part]): [string, unknown] => {
    if (random.chance(70)) return [name, part]
    if (Array.isArray(part))
      return [name, random.chance(50) ? [...part, ...part, value(random)] : value(random)]
    if (typeof part === 'object' && part !== null && random.chance(60)) return [name, mutated(random, part)]
    return [
      name,
      random.chance(50)
        ? value(random)
        : `${typeof part === 'string' ? part : JSON.stringify(part)}${text(random, 2)}`,
    ]
  })
  const kept = entries.filter(() => !random.chance(8))
  const more = kept.length === 0 || random.chance(30) ? Object.entries(object(random)) : []
  return Object.fromEntries([...kept, ...more])
}
