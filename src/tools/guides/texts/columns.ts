import { lists as allLists } from '../../../operations/index.ts'
import type { Operation } from '../../../operations/operation.ts'
import { countedColumns, type KnownColumn, knownColumns } from '../../replies/known-columns.ts'

/** Columns with an object of objects as one: its name stands for all fields in it. */
function withoutDepth(known: readonly KnownColumn[]): KnownColumn[] {
  const byName = new Map<string, KnownColumn>()
  for (const { name, isDocumented } of known) {
    const [first = '', ...inside] = name.split('.')
    const short = inside.length > 1 ? first : name
    byName.set(short, { name: short, isDocumented })
  }
  return [...byName.values()]
}

/** The columns of a list: default ones, then the others; a sign after each that no page documents. */
function columnsLine(operation: Operation): string {
  const known = withoutDepth(knownColumns(operation))
  const isBare = known.every(({ isDocumented }) => !isDocumented)
  const nameOf = ({ name, isDocumented }: KnownColumn): string => (isDocumented || isBare ? name : `${name}?`)
  const isDefault = (name: string): boolean => operation.columns.includes(name)
  const parts = [
    known.filter(({ name }) => isDefault(name)),
    known.filter(({ name }) => !isDefault(name)),
  ].filter((columns) => columns.length > 0)
  const names = parts.map((columns) => columns.map(nameOf).join(', ')).join('; ')
  return isBare ? `All "?": ${names}` : names
}

function listText(operation: Operation): string {
  const counted = countedColumns(operation)
  return [
    `## \`${operation.name}\`\n`,
    columnsLine(operation),
    ...(counted.length > 0 ? [`- Counted also by ${counted.join(', ')}.`] : []),
    ...(operation.remarks ?? []).map((remark) => `- ${remark}`),
  ].join('\n')
}

/** Generated from the operations. `tools`: names of the listed tools. */
export function columns(tools: ReadonlySet<string>): string {
  const lists = allLists.filter(({ name }) => tools.has(name))
  const has = (product: string): boolean => lists.some(({ name }) => name.startsWith(product))
  return [
    `# Columns of lists

Names for \`fields\`, for \`groupBy\` of the tools that count, and for exports. First what a page shows by default, after ";" what rows may have besides. "?": no page of Qualys documents it, so it may be missing. Rows may have more: \`fields\` \`["*"]\` with \`pageSize\` 1 shows one whole.

- \`match\` looks in every field of a row, shown or not.
- Times are UTC. An \`endAt\` without a time includes that day.
- A name of an object (\`category\`) stands for all fields in it.`,
    ...(has('car_')
      ? [
          '- Ids of scripts, runs, results, hosts and tags are numbers; those of schedules and reports are UUIDs.',
        ]
      : []),
    ...(has('saq_')
      ? [
          '- Ids of SAQ are numbers. Its text inputs are exact (`company`); those with `Contains` (`companyContains`) find parts.',
        ]
      : []),
    ...lists.map((list) => `\n${listText(list)}`),
    '',
  ].join('\n')
}
