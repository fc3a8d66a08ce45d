import type { Operator } from '../points.ts'
import type { Node } from './syntax.ts'

/** Valid wherever a statement is, also after `if (…)` and before a line that begins with a bracket. */
const nothing = '{}'

/** What a statement calls, awaited or not. */
function calledBy(node: Node): Node | undefined {
  if (node.type === 'ExpressionStatement') return calledBy(node.expression)
  if (node.type === 'AwaitExpression') return calledBy(node.argument)
  if (node.type === 'UnaryExpression' && node.operator === 'void') return calledBy(node.argument)
  if (node.type === 'ChainExpression') return calledBy(node.expression)
  return node.type === 'CallExpression' ? node.callee : undefined
}

/** A call removed whose result nobody uses. */
export const callOf: Operator = (node) => {
  const called = node.type === 'ExpressionStatement' ? calledBy(node) : undefined
  // Without `super(…)` no object of the class can be created, so that such a mutant proves nothing.
  if (called === undefined || called.type === 'Super') return []
  return [{ start: node.start, end: node.end, text: nothing }]
}

const leavingStatements: readonly string[] = [
  'ReturnStatement',
  'ThrowStatement',
  'ContinueStatement',
  'BreakStatement',
]

function leavesBlock(node: Node): boolean {
  if (node.type !== 'BlockStatement') return leavingStatements.includes(node.type)
  const last = node.body.at(-1)
  return last !== undefined && leavingStatements.includes(last.type)
}

/** A guard removed: `if (…) return` or `if (…) throw …`. */
export const guardOf: Operator = (node) =>
  node.type === 'IfStatement' && !node.alternate && leavesBlock(node.consequent)
    ? [{ start: node.start, end: node.end, text: nothing }]
    : []
