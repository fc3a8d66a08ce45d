import { spelledOut } from '../../../preview/quoted.ts'

// HTML that is escaped unless it was made here. No text becomes markup, whatever is in it.

const mark = Symbol('html')

/** A piece of HTML that was made by `html`. */
export interface Html {
  readonly [mark]: string
}

/** What a template takes: text is escaped, HTML is not, a condition that does not hold stands for nothing. */
export type Part = string | number | Html | false | undefined | readonly Part[]

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeText = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)

function sourceOf(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string') return escapeText(part)
  if (typeof part === 'number') return String(part)
  return mark in part ? part[mark] : (part as readonly Part[]).map(sourceOf).join('')
}

/** A template of HTML. Values of attributes stand in double quotes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let source = strings[0] ?? ''
  for (const [at, part] of parts.entries()) source += sourceOf(part) + (strings[at + 1] ?? '')
  return { [mark]: source }
}

/** The source of some HTML. */
export const sourceText = (part: Html): string => part[mark]

/** What stands for one character, in a text that is spelled out. */
const units = /\\(?:u\{[0-9a-f]+\}|[\\"nrt])/g

/**
 * A text of others, in which each character that is not seen as it is has a box around what stands for it. Backslashes
 * and quotes stay: the box tells an escape from a text that looks like one.
 */
export function visible(text: string): Html {
  const shown = spelledOut(text)
  if (!shown.includes('\\')) return { [mark]: escapeText(shown) }
  let source = ''
  let from = 0
  for (const { 0: unit, index } of shown.matchAll(units)) {
    source += escapeText(shown.slice(from, index))
    from = index + unit.length
    if (unit === '\\\\' || unit === '\\"') source += escapeText(unit.slice(1))
    else source += `<b class="x">${unit}</b>${unit === '\\n' ? '<br>' : ''}`
  }
  return { [mark]: source + escapeText(shown.slice(from)) }
}
