import { type ESTree, parseSync } from 'vite'

export type Node = ESTree.Node

/** The syntax tree of a file. Places in it count UTF-16 units, as strings do. */
export function parse(path: string, source: string): ESTree.Program {
  const { program, errors } = parseSync(path, source, { preserveParens: false })
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`)
  return program
}

export function parses(path: string, source: string): boolean {
  return parseSync(path, source, { preserveParens: false }).errors.length === 0
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

const wrappers: readonly string[] = ['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']

/** Only what exists at run time, not types. */
function childrenOf(node: Node): Node[] {
  const inner = Object.values(node).flat().filter(isNode)
  return inner.filter(({ type }) => !type.startsWith('TS') || wrappers.includes(type))
}

/** Calls `visit` for each node, with those around it, the nearest first. */
export function walk(node: Node, visit: (node: Node, around: readonly Node[]) => void): void {
  const step = (current: Node, around: readonly Node[]): void => {
    visit(current, around)
    for (const child of childrenOf(current)) step(child, [current, ...around])
  }
  step(node, [])
}
