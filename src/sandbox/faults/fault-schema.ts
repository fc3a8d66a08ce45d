import {
  type Fault,
  type FaultDetails,
  type FaultKind,
  faultDetails,
  faultKinds,
  isText,
  isTextList,
  isTextRecord,
} from './faults.ts'

/** Why the value is not a valid list of faults; undefined if it is. */
export function validateFaults(faults: unknown): string | undefined {
  if (!Array.isArray(faults)) return 'faults are an array'
  return faults.map(validateFault).find((problem) => problem !== undefined)
}

function validateFault(fault: Partial<Fault> | null): string | undefined {
  if (!isText(fault?.route)) return 'each fault needs a route, such as "POST /auth", or "*"'
  const { route, kind, ...details } = fault
  if (kind === undefined || !Object.hasOwn(faultKinds, kind)) {
    return `no fault is called ${kind}; there are ${Object.keys(faultKinds).join(', ')}`
  }
  for (const [name, value] of Object.entries(details)) {
    if (!Object.hasOwn(faultDetails, name)) {
      return `no fault takes ${name}; there are ${Object.keys(faultDetails).join(', ')}`
    }
    const [expected, accepts] = faultDetails[name as keyof FaultDetails]
    if (!accepts(value)) return `${name} is ${expected}`
  }
  return kindValidators[kind]?.(route, details)
}

type Validator = (route: string, details: FaultDetails) => string | undefined

const validateFieldList: Validator = (_, { fields }) =>
  fields === undefined || isTextList(fields) ? undefined : 'its fields are a list'

/** Further checks of some kinds: missing and unsupported details. */
const kindValidators: Partial<Record<FaultKind, Validator>> = {
  redirect: (_, { location }) => (location ? undefined : 'redirect needs a location'),
  dropField: validateFieldList,
  retypeField: validateFieldList,
  renameField: (_, { fields }) =>
    fields === undefined || isTextRecord(fields) ? undefined : 'its fields are an object, old name to new',
  move: validateMove,
}

const placeholders = (route: string): string => (route.match(/\{\w+\}/g) ?? []).sort().join()

/** Checks a `move` fault: it is permanent, and the new path must keep the placeholders. */
function validateMove(route: string, { to, times, skip }: FaultDetails): string | undefined {
  if (times !== undefined || skip !== undefined) return 'move takes neither times nor skip'
  if (to === undefined) return undefined
  if (route === '*') return 'not every route can be moved to one place'
  return placeholders(route) === placeholders(to) ? undefined : `${to} needs the holes of ${route}`
}
