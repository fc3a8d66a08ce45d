// YAML as far as compose.yaml uses it: maps, lists of texts and of maps, texts with or without quotes, and comments on
// lines of their own. Everything else throws, so that nothing is read otherwise than Docker Compose reads it.

/** What a document holds; an empty value is an empty text. */
export type Yaml = string | readonly Yaml[] | { readonly [name: string]: Yaml }

interface Line {
  readonly indent: number
  readonly text: string
}

function scalar(text: string): string {
  if (/^"[^"\\]*"$/.test(text)) return text.slice(1, -1)
  if (/^["'&*!|>%@`{[]|: | #|^(?:yes|no|on|off|null|~)$/i.test(text))
    throw new Error(`not read here: ${text}`)
  return text
}

/** Reads the lines from `at` on that are indented alike. Returns the value, and where it ends. */
function readBlock(lines: readonly Line[], at: number): readonly [Yaml, number] {
  const { indent = 0, text = '' } = lines[at] ?? {}
  return text.startsWith('- ') ? readList(lines, at, indent) : readMap(lines, at, indent)
}

function readList(lines: readonly Line[], from: number, indent: number): readonly [Yaml, number] {
  const items: Yaml[] = []
  let at = from
  while (lines[at]?.indent === indent && lines[at]?.text.startsWith('- ')) {
    const item = lines[at]?.text.slice(2) ?? ''
    if (/^[\w.-]+:(?: |$)/.test(item)) {
      // A map whose first line stands behind the dash.
      const rest = lines.with(at, { indent: indent + 2, text: item })
      const [value, end] = readMap(rest, at, indent + 2)
      items.push(value)
      at = end
    } else {
      items.push(scalar(item))
      at++
    }
  }
  return [items, at]
}

function readMap(lines: readonly Line[], from: number, indent: number): readonly [Yaml, number] {
  const map: Record<string, Yaml> = {}
  let at = from
  while (lines[at]?.indent === indent) {
    const [, name, rest = ''] = /^([\w./-]+):(?: (.+))?$/.exec(lines[at]?.text ?? '') ?? []
    if (name === undefined || name in map) throw new Error(`no member, or one twice: ${lines[at]?.text}`)
    at++
    if (rest !== '') map[name] = scalar(rest)
    else if ((lines[at]?.indent ?? 0) > indent) [map[name], at] = readBlock(lines, at)
    else map[name] = ''
  }
  return [map, at]
}

/** Reads a document. Throws for what is not read here. */
export function readYaml(text: string): { readonly [name: string]: Yaml } {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(?:#|$)/.test(line))
    .map((line) => ({ indent: /^ */.exec(line)?.[0].length ?? 0, text: line.trim() }))
  const [value, end] = readMap(lines, 0, 0)
  if (end !== lines.length) throw new Error(`indented otherwise: ${lines[end]?.text}`)
  return value as { readonly [name: string]: Yaml }
}

/** The value at a path; undefined if there is none. */
export const yamlAt = (value: Yaml | undefined, ...path: readonly string[]): Yaml | undefined =>
  path.reduce<Yaml | undefined>(
    (inner, name) =>
      typeof inner === 'object' && !Array.isArray(inner)
        ? (inner as Readonly<Record<string, Yaml>>)[name]
        : undefined,
    value,
  )
