import { Complaint, mustNotBeSet } from '../http/api-error.ts'
import { type Input, readObject } from './elements.ts'
import { childrenOf } from './request.ts'

/** Elements of one name, at least one. */
export function listOf<Value>(name: string, item: Input<Value>): Input<Value[]> {
  return {
    read: (element, list, strict) => {
      const children = childrenOf(element)
      if (children.length === 0) {
        throw new Complaint(
          'INVALID_REQUEST',
          `${list.split('.').at(-1)}: Element must contain at least one child.`,
          `Specify at least one ${name}.`,
        )
      }
      return children.map((child) => {
        if (child.name !== name) throw mustNotBeSet(child.name)
        return item.read(child, name, strict)
      })
    },
  }
}

type Change = 'set' | 'add' | 'remove'
export type Changes<Value> = Readonly<Partial<Record<Change, Value[]>>>

/** Changes of a list: set, add, remove (api_usage.htm of the connectors). */
export function changes<Value>(
  name: string,
  item: Input<Value>,
  ...allowed: readonly Change[]
): Input<Changes<Value>> {
  const entry = listOf(name, item)
  const shape = Object.fromEntries(allowed.map((change) => [change, entry]))
  return {
    read: (element, list, strict) => {
      const read: Changes<Value> = readObject(element, shape, [], strict, `${list}.`)
      if (Object.keys(read).length > 0) return read
      throw new Complaint(
        'INVALID_REQUEST',
        `At least one of the following elements must be set: ${allowed.join(', ')}.`,
        `Specify one of the elements within ${element.name}.`,
      )
    },
  }
}

/** The list after the changes; `same` compares two entries. */
export function changed<Value>(
  list: readonly Value[],
  { set, add = [], remove = [] }: Changes<Value>,
  same: (a: Value, b: Value) => boolean,
): Value[] {
  const result: Value[] = []
  for (const entry of [...(set ?? list), ...add]) {
    if (!result.some((one) => same(one, entry))) result.push(entry)
  }
  return result.filter((entry) => !remove.some((one) => same(one, entry)))
}
