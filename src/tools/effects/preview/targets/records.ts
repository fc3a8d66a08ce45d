import type { Target } from '../../targets/lookup.ts'
import { kindOf, type NamedRecords } from '../../targets/records.ts'
import { fieldBelow, labelled, type PreviewBlock, type PreviewLine } from '../preview.ts'
import { targetRows } from './rows.ts'

type Kind = ReturnType<typeof kindOf>

/** What a language or a type is called, after its noun and id. */
function besideLine({ noun, columns }: Kind, { id, row }: Target): PreviewLine {
  if (!row) return `${noun} ${id} could not be looked up`
  const values = columns.map(([, read]) => read(row)).filter((value) => value != null)
  return labelled(`${noun} ${id}`, ...(values.length > 0 ? values : ['no name']))
}

function recordLines({ noun, columns }: Kind, { id, row }: Target): PreviewLine[] {
  if (!row) return [`${noun} ${id} could not be looked up`]
  const [title, ...facts] = columns
  return [
    labelled(`${noun} ${id}`, title?.[1](row) ?? 'no name'),
    ...facts.flatMap(([label, read]) => {
      const value = read(row)
      return value == null || value === '' ? [] : fieldBelow(label, [value])
    }),
  ]
}

/** Objects that an effect names by id, by what a person tells them by: one on lines, several as rows. */
export function recordBlocks({ kind, targets }: NamedRecords): readonly PreviewBlock[] {
  const described = kindOf(kind)
  if (described.isBeside) return targets.map((target) => besideLine(described, target))
  if (targets.length === 1) return targets.flatMap((target) => recordLines(described, target))
  const columns = described.columns.map(
    ([label, read]) => [label, ({ row }: Target) => row && read(row)] as const,
  )
  return targetRows(`${described.noun}s`, targets, columns)
}
