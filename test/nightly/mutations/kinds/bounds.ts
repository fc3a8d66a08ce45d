import type { Edit, Operator } from '../points.ts'
import { operatorEdit } from './conditions.ts'
import type { Node } from './syntax.ts'

/** Each comparison, and the one that differs at the bound only. */
const moved: Readonly<Record<string, string>> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }

const compared: readonly string[] = ['<', '<=', '>', '>=', '===', '!==']

/** Calls whose number is no bound: a radix, a position, the start of a sum, a status, a time. */
const otherNumbers: readonly string[] = [
  'at',
  'charCodeAt',
  'codePointAt',
  'exit',
  'flat',
  'kill',
  'parseInt',
  'reduce',
  'setInterval',
  'setTimeout',
  'stringify',
  'timeout',
  'toFixed',
  'toString',
]

/** Names of times and of file modes. No test can distinguish a wait of 60,000 ms from one of 60,001. */
const unmoved = /ms$|second|minute|hour|day|window|patience|time|wait|delay|pause|sleep|age$|^mode$/i

function nameOf(node: Node): string {
  if (node.type === 'Identifier' || node.type === 'PrivateIdentifier') return node.name
  if (node.type === 'MemberExpression') return nameOf(node.property)
  return ''
}

/** Whether a number here is an amount, a count or a distance. */
function isBound(node: Node, [parent, outer]: readonly Node[]): boolean {
  switch (parent?.type) {
    case 'BinaryExpression': {
      const other = parent.left === node ? parent.right : parent.left
      const counts = compared.includes(parent.operator) || ['+', '-'].includes(parent.operator)
      return counts && !unmoved.test(nameOf(other))
    }
    case 'CallExpression': {
      const name = nameOf(parent.callee)
      return parent.callee !== node && !otherNumbers.includes(name) && !unmoved.test(name)
    }
    case 'VariableDeclarator':
      return (
        outer?.type === 'VariableDeclaration' && outer.kind === 'const' && !unmoved.test(nameOf(parent.id))
      )
    case 'AssignmentPattern':
      return parent.right === node && !unmoved.test(nameOf(parent.left))
    case 'Property':
      return parent.value === node && !unmoved.test(nameOf(parent.key))
    default:
      return false
  }
}

/** A number in the form of another. */
function formatNumber(value: number, raw: string): string {
  if (raw.startsWith('0x')) return `0x${value.toString(16)}`
  return raw.includes('_') ? value.toLocaleString('en').replaceAll(',', '_') : String(value)
}

/** A bound moved by one: `<` becomes `<=`, 20 becomes 21 or 19. */
export const boundOf: Operator = (node, around, source) => {
  if (node.type === 'BinaryExpression')
    return operatorEdit(node, moved[node.operator] ?? '', source).filter(({ text }) => text !== '')
  if (node.type !== 'Literal' || typeof node.value !== 'number' || !Number.isSafeInteger(node.value))
    return []
  // The sign stands around the number: `text.slice(-20)`.
  const [parent] = around
  const isSigned = parent?.type === 'UnaryExpression' && parent.operator === '-'
  if (!(isSigned ? isBound(parent, around.slice(1)) : isBound(node, around))) return []
  const { start, end, value } = node
  const raw = source.slice(start, end)
  const edit = (to: number): Edit => ({ start, end, text: formatNumber(to, raw) })
  return value === 0 ? [edit(1)] : [edit(value + 1), edit(value - 1)]
}
