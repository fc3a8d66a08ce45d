import { type Form, unionOf } from './form.ts'

/** A share of the paths of two forms of records together that both have, from which they are one form. */
const minShared = 0.5
/** More forms are too different for a comparison to be worth its time. */
const maxForms = 400

/** The part that stands for the field of a record. */
export const fieldPart = (path: string): string => `${path}\u0003\0`

/** True if one has all paths of the other, or both have much the same. */
function isAlike(a: readonly string[], b: ReadonlySet<string>): boolean {
  const shared = a.filter((path) => b.has(path)).length
  return shared === Math.min(a.length, b.size) || shared >= minShared * (a.length + b.size - shared)
}

interface Draft {
  readonly paths: Set<string>
  readonly forms: Form[]
}

/** Merges forms of records of which some lack a field: where it is missing, there is nothing. */
export function mergeRecords(forms: readonly Form[]): Form[] {
  const records = forms.filter(({ paths }) => paths)
  if (records.length < 2 || records.length > maxForms) return [...forms]
  const drafts: Draft[] = []
  const keyOf = ({ paths = [] }: Form): string => paths.join('\n')
  for (const form of records.sort(
    (a, b) => b.hosts.length - a.hosts.length || (keyOf(a) < keyOf(b) ? -1 : 1),
  )) {
    const { paths = [] } = form
    const draft = drafts.find((other) => isAlike(paths, other.paths))
    if (!draft) {
      drafts.push({ paths: new Set(paths), forms: [form] })
      continue
    }
    for (const path of paths) draft.paths.add(path)
    draft.forms.push(form)
  }
  const merged = drafts.map((draft): Form => {
    const paths = [...draft.paths].sort()
    return {
      parts: paths.map(fieldPart),
      paths,
      lines: draft.forms.flatMap(({ lines }) => lines),
      hosts: unionOf(draft.forms.map(({ hosts }) => hosts)),
    }
  })
  return [...forms.filter(({ paths }) => !paths), ...merged]
}
