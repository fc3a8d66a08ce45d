import type { Input } from '../../../operations/operation.ts'
import { counted, texts } from '../../../shared/format.ts'
import { isObject, objectsIn } from '../../../shared/json.ts'
import { sha256 } from '../../../shared/sha256.ts'
import { fullLines, line } from './preview.ts'

// The part of a preview about the content of a template and the mails of a campaign.

const maxLines = 200
const lastLines = 50

const optionText = (option: unknown): string =>
  isObject(option) ? [option['text'], option['score']].filter(Boolean).join(' = ') : String(option)

function questionLines({ text, kind, options, ...rest }: Input): string[] {
  return texts(
    fullLines(`  ${String(kind)}`, [String(text)]),
    Array.isArray(options) && fullLines('    options', options.map(optionText)),
    Object.entries(rest).flatMap(([name, value]) =>
      value === undefined || value === false ? [] : fullLines(`    ${name}`, [String(value)]),
    ),
  )
}

/** The sections of a template, question by question, and how answers are scored. */
export function templateContents({ sections, scoring }: Input): string[] {
  const lines = objectsIn(sections).flatMap(({ name, description, questions }) =>
    texts(
      fullLines('section', [String(name)]),
      description !== undefined && fullLines('  description', [String(description)]),
      objectsIn(questions).flatMap(questionLines),
    ),
  )
  const scores = objectsIn(scoring).map(({ label, value }) => `${String(label)} = ${String(value)}`)
  return texts(excerpt(lines), scores.length > 0 && line('scoring', ...scores))
}

/** Lines beyond the maximum are replaced by their number and a hash of all lines. */
function excerpt(lines: readonly string[]): string[] {
  if (lines.length <= maxLines) return [...lines]
  return [
    ...lines.slice(0, maxLines - lastLines),
    `(${counted(lines.length - maxLines, 'more line')}; all of them have sha256 ${sha256(lines.join('\n'))})`,
    ...lines.slice(-lastLines),
  ]
}

/** The mails that recipients get: `reminder, enabled true, noOfDays 3, interval 2`. */
export function mailLines({ notifications }: Input): string[] {
  return objectsIn(notifications).map(({ kind, enabled = true, ...rest }) =>
    line(
      'mail',
      kind,
      `enabled ${String(enabled)}`,
      ...Object.entries(rest).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name} ${String(value)}`],
      ),
    ),
  )
}
