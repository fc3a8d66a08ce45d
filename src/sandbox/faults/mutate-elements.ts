import { element, type XmlElement } from '../xml/writer.ts'

export type ElementMutation = (row: XmlElement) => XmlElement

/** Changes the rows of a reply; the envelope stays as it is. */
export function mutateRows(root: XmlElement, mutate: ElementMutation): XmlElement {
  const children = root.children.map((part) =>
    part.name === 'data' ? { ...part, children: part.children.map(mutate) } : part,
  )
  return { ...root, children }
}

/** Renames every inner element except `id`. */
export function renameAll(row: XmlElement): XmlElement {
  const children = row.children.map((child) => {
    const { name } = child
    const newName = name === 'id' ? name : `x${name.charAt(0).toUpperCase()}${name.slice(1)}`
    return { ...renameAll(child), name: newName }
  })
  return { ...row, children }
}

/** Replaces the elements at a dotted path, at every place that it matches. */
function atPath(path: string, mutate: (element: XmlElement) => readonly XmlElement[]): ElementMutation {
  const [first = '', ...rest] = path.split('.')
  const inner = (child: XmlElement) =>
    rest.length === 0 ? mutate(child) : [atPath(rest.join('.'), mutate)(child)]
  return (row) => ({
    ...row,
    children: row.children.flatMap((child) => (child.name === first ? inner(child) : [child])),
  })
}

const compose =
  (mutations: readonly ElementMutation[]): ElementMutation =>
  (row) =>
    mutations.reduce((mutated, mutate) => mutate(mutated), row)

export const dropFields = (paths: readonly string[]): ElementMutation =>
  compose(paths.map((path) => atPath(path, () => [])))

export const renameFields = (names: Readonly<Record<string, string>>): ElementMutation =>
  compose(Object.entries(names).map(([path, name]) => atPath(path, (child) => [{ ...child, name }])))

/** XML has no types: a text becomes an element, and an element is nested one level deeper. */
export const retypeFields = (paths: readonly string[]): ElementMutation =>
  compose(
    paths.map((path) =>
      atPath(path, (child) => [
        element(child.name, [{ ...child, name: 'value', attributes: {} }], child.attributes),
      ]),
    ),
  )

export const nullFields: ElementMutation = (row) => ({
  ...row,
  children: row.children.map((child) => (child.name === 'id' ? child : element(child.name, ''))),
})

export const addFields: ElementMutation = (row) => ({
  ...row,
  children: [
    ...row.children,
    element('newName', 'new'),
    element('newCount', 7),
    element('newPart', { newFlag: true }),
  ],
})
