import { invalidRequest, unexpectedElement } from '../http/api-error.ts'
import { composed } from '../http/input.ts'
import { type Input, readObject } from './element-schema.ts'
import { childrenOf } from './request.ts'

/** Elements of one name, at least one. */
export function listOf<Value>(name: string, item: Input<Value>): Input<Value[]> {
  return composed({ [name]: item }, (element, list, strict) => {
    const children = childrenOf(element)
    if (children.length === 0) {
      throw invalidRequest(
        `${list.split('.').at(-1)}: Element must contain at least one child.`,
        `Specify at least one ${name}.`,
      )
    }
    return children.map((child) => {
      if (child.name !== name) throw unexpectedElement(child.name)
      return item(child, name, strict)
    })
  })
}

type ListChange = 'set' | 'add' | 'remove'
export type ListChanges<Value> = Readonly<Partial<Record<ListChange, Value[]>>>

/** Changes of a list: set, add, remove (api_usage.htm of the connectors). */
export function listChanges<Value>(
  name: string,
  item: Input<Value>,
  ...allowed: readonly ListChange[]
): Input<ListChanges<Value>> {
  const entry = listOf(name, item)
  const schema = Object.fromEntries(allowed.map((change) => [change, entry]))
  return composed({ [name]: item }, (element, list, strict) => {
    const parsed: ListChanges<Value> = readObject(element, schema, [], strict, `${list}.`)
    if (Object.keys(parsed).length > 0) return parsed
    throw invalidRequest(
      `At least one of the following elements must be set: ${allowed.join(', ')}.`,
      `Specify one of the elements within ${element.name}.`,
    )
  })
}

/** The list after the changes. */
export function applyChanges<Value>(
  list: readonly Value[],
  { set, add = [], remove = [] }: ListChanges<Value>,
  isSame: (a: Value, b: Value) => boolean,
): Value[] {
  const result: Value[] = []
  for (const entry of [...(set ?? list), ...add]) {
    if (!result.some((other) => isSame(other, entry))) result.push(entry)
  }
  return result.filter((entry) => !remove.some((other) => isSame(other, entry)))
}
