import type { SeededRandom } from './seeded-random.ts'

// The same message or arguments as other clients write them: null for what is unset, text for numbers and lists.

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const unset = [
  'params',
  '_meta',
  'cursor',
  'result',
  'error',
  'progressToken',
  'clientInfo',
  'arguments',
  'x',
]

/** The message with members that are null, at any depth. */
export function withNulls(random: SeededRandom, value: unknown): unknown {
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => [name, withNulls(random, member)] as const)
  const nulls = random.chance(40) ? [[random.of(unset), null] as const] : []
  // What is there wins over a null.
  return Object.fromEntries([...nulls, ...members])
}

const added: readonly Json[] = [
  { toolCallId: 'call_1' },
  { sessionId: 's', action: 'sendMessage', chatInput: 'hi' },
  { security_context: {} },
  { toolCallIds: 'call_1' },
]

function spelled(random: SeededRandom, value: unknown): unknown {
  const kind = random.below(6)
  if (kind === 0) return JSON.stringify(value)
  if (kind === 1 && typeof value !== 'object') return String(value).toUpperCase()
  if (kind === 2 && Array.isArray(value) && value.length > 0) return value[0]
  if (kind === 3) return random.of<unknown>([null, '', [], {}])
  if (Array.isArray(value)) return value.map((item) => spelled(random, item))
  return isObject(value) ? respelled(random, value) : value
}

/** The arguments in other spellings, which mean the same or are refused. */
export function respelled(random: SeededRandom, args: object): Json {
  const members = Object.entries(args).map(
    ([name, value]) => [name, random.chance(40) ? spelled(random, value) : value] as const,
  )
  return {
    ...Object.fromEntries(members),
    ...(random.chance(30) && random.of(added)),
    ...(random.chance(30) && { fields: null }),
  }
}
