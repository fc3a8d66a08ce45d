import { vendorRoutes } from '../../../src/sandbox/server/routes.ts'
import { completeOperations } from './parts.ts'

/** Every route of the sandbox. */
export const servedRoutes: ReadonlySet<string> = new Set(Object.keys(vendorRoutes))

/** The complete operations whose routes the sandbox serves. */
export const servedOperations = completeOperations.filter(({ route }) => servedRoutes.has(route))
