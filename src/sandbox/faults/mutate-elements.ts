import { element, type XmlElement } from '../xml/writer.ts'

type Change = (row: XmlElement) => XmlElement

/** Changes the rows of an answer; the envelope stays as it is. */
export function inRows(root: XmlElement, change: Change): XmlElement {
  const children = root.children.map((part) =>
    part.name === 'data' ? { ...part, children: part.children.map(change) } : part,
  )
  return { ...root, children }
}

/** Renames every inner element except `id`. */
export function renamed(row: XmlElement): XmlElement {
  const children = row.children.map((child) => {
    const { name } = child
    const other = name === 'id' ? name : `x${name.charAt(0).toUpperCase()}${name.slice(1)}`
    return { ...renamed(child), name: other }
  })
  return { ...row, children }
}

/** Replaces the elements at a dotted path, at every place that it matches. */
function at(path: string, change: (found: XmlElement) => readonly XmlElement[]): Change {
  const [first = '', ...rest] = path.split('.')
  const inner = (child: XmlElement) =>
    rest.length === 0 ? change(child) : [at(rest.join('.'), change)(child)]
  return (row) => ({
    ...row,
    children: row.children.flatMap((child) => (child.name === first ? inner(child) : [child])),
  })
}

const all =
  (changes: readonly Change[]): Change =>
  (row) =>
    changes.reduce((changed, change) => change(changed), row)

export const without = (paths: readonly string[]): Change => all(paths.map((path) => at(path, () => [])))

export const withNames = (names: Readonly<Record<string, string>>): Change =>
  all(Object.entries(names).map(([path, name]) => at(path, (found) => [{ ...found, name }])))

/** XML has no types: a text becomes an element, and an element is nested one level deeper. */
export const withTypes = (paths: readonly string[]): Change =>
  all(
    paths.map((path) =>
      at(path, (found) => [
        element(found.name, [{ ...found, name: 'value', attributes: {} }], found.attributes),
      ]),
    ),
  )

export const nulled: Change = (row) => ({
  ...row,
  children: row.children.map((child) => (child.name === 'id' ? child : element(child.name, ''))),
})

export const extended: Change = (row) => ({
  ...row,
  children: [
    ...row.children,
    element('newName', 'new'),
    element('newCount', 7),
    element('newPart', { newFlag: true }),
  ],
})
