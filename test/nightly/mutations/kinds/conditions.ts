import type { Edit, Operator } from '../points.ts'
import type { Node } from './syntax.ts'

/** Each comparison, and its negation. */
const inverted: Readonly<Record<string, string>> = {
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
}

const memberships: readonly string[] = ['in', 'instanceof']

function isComparison(node: Node): boolean {
  return (
    node.type === 'BinaryExpression' && (node.operator in inverted || memberships.includes(node.operator))
  )
}

/** The operator of a binary expression, replaced. */
export function operatorEdit(node: Node, text: string, source: string): Edit[] {
  if (node.type !== 'BinaryExpression') return []
  const start = source.indexOf(node.operator, node.left.end)
  return start >= node.right.start ? [] : [{ start, end: start + node.operator.length, text }]
}

const negated = ({ start, end }: Node, source: string): Edit => ({
  start,
  end,
  text: `!(${source.slice(start, end)})`,
})

/** `a < b` becomes `a >= b`, `a === b` becomes `a !== b`, `a in b` becomes `!(a in b)`. */
export const comparisonOf: Operator = (node, _, source) => {
  if (node.type !== 'BinaryExpression') return []
  if (memberships.includes(node.operator)) return [negated(node, source)]
  return operatorEdit(node, inverted[node.operator] ?? '', source).filter(({ text }) => text !== '')
}

const branching: readonly string[] = [
  'IfStatement',
  'ConditionalExpression',
  'WhileStatement',
  'DoWhileStatement',
  'ForStatement',
]

function isLogical(node: Node | undefined): boolean {
  return node?.type === 'LogicalExpression' && node.operator !== '??'
}

/** Calls that ask their argument a yes-or-no question about each element. */
const questions: readonly string[] = [
  'every',
  'filter',
  'find',
  'findIndex',
  'findLast',
  'findLastIndex',
  'some',
]

/** The body of a callback like that of `rows.filter((row) => row.isActive)`; not one in braces. */
function isAnswer(node: Node, [parent, call]: readonly Node[]): boolean {
  if (parent?.type !== 'ArrowFunctionExpression' || parent.body !== node || node.type === 'BlockStatement')
    return false
  if (call?.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return false
  const { property } = call.callee
  return property.type === 'Identifier' && questions.includes(property.name)
}

/** Whether a node, alone or as a part of `&&` and `||`, decides a branch. */
function decides(node: Node, around: readonly Node[]): boolean {
  const [parent, ...outer] = around
  if (parent === undefined) return false
  if (isLogical(parent)) return decides(parent, outer)
  return (
    (branching.includes(parent.type) && 'test' in parent && parent.test === node) || isAnswer(node, around)
  )
}

/** A condition negated: `if (a && b)` becomes `if (!(a && b))` or `if (!(a) && b)`; `!a` becomes `a`. */
export const conditionOf: Operator = (node, around, source) => {
  const [parent] = around
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    // `!!a` is changed at its first sign only: the second one would give the same text.
    if (parent?.type === 'UnaryExpression' && parent.operator === '!') return []
    return [{ start: node.start, end: node.end, text: source.slice(node.start + 1, node.end).trim() }]
  }
  // A comparison has its own operator.
  if (isComparison(node)) return []
  // The left side of `&&` and `||` is a condition even where they return a value.
  const isFirst =
    parent?.type === 'LogicalExpression' && isLogical(parent) && parent.left === node && !isLogical(node)
  return isFirst || decides(node, around) ? [negated(node, source)] : []
}
