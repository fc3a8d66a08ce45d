import { z } from 'zod'
import { isPublicHost } from '../../operations/car/inputs/repository-address.ts'
import { type Act, acts } from '../../operations/effects/effect-targets.ts'
import { parseJson } from '../../shared/json.ts'
import { lowerCase, normalizedBy, plainText } from '../normalizations.ts'
import { namesIn, parser } from '../parsers.ts'

// Parsers for the texts of limits. Messages continue the setting's name.

/** Some of the acts. */
export const forbiddenActs = normalizedBy(
  parser(
    (text): ReadonlySet<Act> | undefined => {
      const words = new Set(namesIn(text))
      const chosen = acts.filter((act) => words.has(act))
      return chosen.length > 0 && chosen.length === words.size ? new Set(chosen) : undefined
    },
    `must be some of ${acts.join(', ')}, parted by commas`,
  ),
  ...plainText,
  lowerCase,
)

/** Script ids. */
export const scriptIds = parser((text): ReadonlySet<string> | undefined => {
  const ids = namesIn(text)
  return ids.length > 0 && ids.every((id) => /^(0|[1-9]\d{0,17})$/.test(id)) ? new Set(ids) : undefined
}, 'must list script ids, such as 19218')

/** Names of hosts of repositories, in ASCII and lower case. */
export const hostNames = normalizedBy(
  parser((text): ReadonlySet<string> | undefined => {
    const names = namesIn(text)
    return names.length > 0 && names.every(isPublicHost) ? new Set(names) : undefined
  }, 'must list names of public hosts, such as github.com, without scheme, port and path'),
  ...plainText,
  lowerCase,
)

const patternTable = z.record(
  z.string().regex(/^(0|[1-9]\d{0,17})$/),
  z.record(z.string().min(1), z.string().min(1)),
)

/** For each script id, the pattern of each parameter by key; a value has to match as a whole. */
export type ParameterPatterns = ReadonlyMap<string, ReadonlyMap<string, RegExp>>

/** The pattern of a whole value. Throws for a text that is no regular expression by itself, such as `a)|(b`. */
const wholePattern = (source: string): RegExp => new RegExp(`^(?:${new RegExp(source, 'su').source})$`, 'su')

/** A JSON object: script id to key to regular expression. */
export const parameterPatterns = parser((text): ParameterPatterns | undefined => {
  const table = patternTable.safeParse(parseJson(text)).data
  if (table === undefined || Object.keys(table).length === 0) return undefined
  try {
    return new Map(
      Object.entries(table).map(([script, patterns]) => [
        script,
        new Map(Object.entries(patterns).map(([key, source]) => [key, wholePattern(source)])),
      ]),
    )
  } catch {
    return undefined
  }
}, 'must be a JSON object of script ids, keys and regular expressions, such as {"19218":{"path":"/tmp/[a-z]+"}}')
