// A systemd unit as far as ours uses it: systemd.syntax(7).

/** The values of each name of one section, in their order. */
export type Section = ReadonlyMap<string, readonly string[]>

/** The sections of a unit. */
export function readUnit(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Map<string, string[]>>()
  let current = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const [, section] = /^\[(\w+)\]$/.exec(line) ?? []
    const [, name = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? []
    if (section !== undefined) {
      current = new Map()
      sections.set(section, current)
    } else if (name === '') throw new Error(`no line of a unit: ${line}`)
    else current.set(name, [...(current.get(name) ?? []), value])
  }
  return sections
}

/** The variables that `Environment=` sets. */
export const unitVariables = (service: Section): Record<string, string> =>
  Object.fromEntries(
    (service.get('Environment') ?? []).map((pair) => [
      pair.slice(0, pair.indexOf('=')),
      pair.slice(pair.indexOf('=') + 1),
    ]),
  )
