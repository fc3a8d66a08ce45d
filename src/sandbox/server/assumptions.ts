import type { Assumption, AssumptionTable, Names } from '../assumptions/assumption.ts'
import { carAssumptions } from '../assumptions/car.ts'
import { faultAssumptions } from '../assumptions/faults.ts'
import { saqAssumptions } from '../assumptions/saq.ts'
import { carFields } from '../data/car/fields.ts'
import { scriptStatuses } from '../data/car/rows.ts'
import { saqFields } from '../data/saq/fields.ts'
import type { InputTable } from '../http/input.ts'
import { vendorRoutes } from './routes.ts'

/** What the routes search, each once. */
const searched = new Set(Object.values(vendorRoutes).flatMap(({ collection }) => collection ?? []))

/** Everything that the sandbox does and no page documents, from the declarations that do it. */
export const assumptions: readonly Assumption[] = [
  ...Object.entries(vendorRoutes).flatMap(([route, { reason, inputs = {} }]) => [
    ...(reason === undefined ? [] : [{ what: `route ${route}`, where: productOf(route), reason }]),
    ...assumedInputs(route, inputs),
  ]),
  ...Object.entries({ ...carFields, ...saqFields }).flatMap(([kind, names]) =>
    assumedNames('field', kind, names),
  ),
  ...[...searched].flatMap(({ kind, fields, tokens }) => [
    ...(fields ? assumedNames('field', kind, fields) : []),
    ...assumedNames('token', kind, tokens),
  ]),
  ...assumedNames('spelling', 'script status', scriptStatuses),
  ...[carAssumptions, saqAssumptions, faultAssumptions].flatMap(listTable),
]

function productOf(route: string): string {
  return route.includes(' /qps/') ? 'SAQ' : 'CAR'
}

/** The assumed inputs of a route. Those within others are named with their parent. */
function assumedInputs(route: string, inputs: InputTable, parent = ''): Assumption[] {
  return Object.entries(inputs).flatMap(([name, { reason, parts = {} }]) => [
    ...(reason === undefined ? [] : [{ what: `input ${parent}${name}`, where: route, reason }]),
    ...assumedInputs(route, parts, `${name}.`),
  ])
}

function assumedNames(kind: string, where: string, { assumed }: Names<object>): Assumption[] {
  if (!assumed) return []
  const { names, reason } = assumed
  return (Array.isArray(names) ? names : Object.keys(names)).map((name) => ({
    what: `${kind} ${name}`,
    where,
    reason,
  }))
}

function listTable(table: AssumptionTable): Assumption[] {
  return Object.entries(table).flatMap(([where, reasons]) =>
    Object.entries(reasons).map(([what, reason]) => ({ what, where, reason })),
  )
}
