import type { Input } from '../../../operations/operation.ts'
import { StoredText } from '../../../operations/stored-text.ts'
import { counted } from '../../../shared/format.ts'
import { isObject } from '../../../shared/json.ts'
import { mask } from '../../../shared/secrets.ts'
import { type ArgumentText, lineFinder, textsIn } from './argument-texts.ts'
import { type FoundSecret, findAssigned, kindOfParameter } from './assigned-secrets.ts'
import { tokenRules } from './credential-rules.ts'
import { isExample } from './examples.ts'

const findTokens = (text: string): FoundSecret[] =>
  tokenRules.flatMap(({ kind, patterns }) =>
    patterns.flatMap((pattern) =>
      [...text.matchAll(pattern)].flatMap((match) => {
        const secret = match[1] ?? match[0]
        if (isExample(secret)) return []
        return [{ kind, index: match.index + match[0].lastIndexOf(secret), length: secret.length }]
      }),
    ),
  )

/** Everything in a text that looks like a credential, with the most precise kind first. */
const findCredentials = (text: string): FoundSecret[] => [...findTokens(text), ...findAssigned(text)]

/** What one warning is about: the lines of a text with a credential of one kind, none if the text has no lines. */
interface Finding {
  readonly kind: string
  readonly path: readonly string[]
  readonly lines: readonly number[]
}

/** Each line with its most precise kind; the kinds in the order of their first lines. */
function findKinds({ path, text }: ArgumentText): Finding[] {
  const found = findCredentials(text)
  if (found.length === 0) return []
  const lineAt = lineFinder(text)
  // A script has lines, even if it has one.
  const onlyLine = path[0] === 'content' ? 1 : 0
  const kindOfLine = new Map<number, string>()
  for (const { kind, index } of found) {
    const line = lineAt(index) ?? onlyLine
    if (!kindOfLine.has(line)) kindOfLine.set(line, kind)
  }
  const inOrder = [...kindOfLine].sort(([a], [b]) => a - b)
  return [...new Set(inOrder.map(([, kind]) => kind))].map((kind) => ({
    kind,
    path,
    lines: inOrder.filter(([line, other]) => other === kind && line > 0).map(([line]) => line),
  }))
}

/** The kind of secret that a parameter holds, if its key and its value say so. */
const kindOf = ({ key, value }: Input): string | undefined =>
  typeof key === 'string' && typeof value === 'string' ? kindOfParameter(key, value) : undefined

function findParameters(value: unknown, path: readonly string[] = []): Finding[] {
  if (Array.isArray(value))
    return value.flatMap((part, index) => findParameters(part, [...path, String(index)]))
  // A script has no parameters within: its bytes would be looked at one by one.
  if (!isObject(value) || value instanceof StoredText) return []
  const kind = kindOf(value)
  return [
    ...(kind === undefined ? [] : [{ kind, path: [...path, 'value'], lines: [] }]),
    ...Object.entries(value).flatMap(([name, part]) => findParameters(part, [...path, name])),
  ]
}

const maxWarnings = 4
const maxLinesNamed = 5

function adviceFor([name = '', ...rest]: readonly string[]): string {
  if (name === 'content' || name === 'edits')
    return 'hosts and everyone who may read the script see it; name it as a parameter with secret instead'
  if (rest.includes('params') || name === 'params')
    return 'everyone who may read it in Qualys sees it; pass {key, secret: "<name>"} instead of the value'
  return 'everyone who may read it in Qualys sees it; leave it out'
}

function sentenceOf({ kind, path, lines }: Finding): string {
  const name = path.join('.')
  const advice = adviceFor(path)
  if (lines.length === 0) return `The text of ${name} looks like ${kind}: ${advice}.`
  if (lines.length === 1) return `Line ${lines[0]} of ${name} looks like ${kind}: ${advice}.`
  const rest = lines.length - maxLinesNamed
  const named = `${lines.slice(0, maxLinesNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
  return `Lines ${named} of ${name} look like ${kind}: ${advice}.`
}

/** Warnings of what looks like a credential in the arguments as they are sent: kind and line, never the value. */
export function credentialWarnings(input: Input): string[] {
  const found = [...textsIn(input).flatMap(findKinds), ...findParameters(input)]
  const rest = found.length - maxWarnings
  return [
    ...found.slice(0, maxWarnings).map(sentenceOf),
    ...(rest > 0 ? [`${counted(rest, 'more warning')} like these.`] : []),
  ]
}

function withoutCredentialsIn(text: string): string {
  let end = 0
  const parts = findCredentials(text)
    .sort((a, b) => a.index - b.index)
    .map(({ index, length }) => {
      const before = text.slice(end, Math.max(end, index))
      end = Math.max(end, index + length)
      return `${before}${mask}`
    })
  return parts.join('') + text.slice(end)
}

function withoutCredentialsInside(value: unknown): unknown {
  if (typeof value === 'string') return withoutCredentialsIn(value)
  if (value instanceof StoredText) return withoutCredentialsIn(value.text)
  if (Array.isArray(value)) return value.map(withoutCredentialsInside)
  return isObject(value) ? withoutCredentials(value) : value
}

/** The arguments with a mask for each credential, for those who may read a log and not the script. */
export function withoutCredentials(input: Input): Input {
  const isSecret = kindOf(input) !== undefined
  return Object.fromEntries(
    Object.entries(input).map(([name, part]) => [
      name,
      isSecret && name === 'value' ? mask : withoutCredentialsInside(part),
    ]),
  )
}
