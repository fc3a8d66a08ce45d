import type { Place, Shape } from './shape.ts'

// The kinds of calls to which an answer may come.

export const carPlaces: Readonly<Record<'list' | 'record' | 'file' | 'effect', Place>> = {
  list: { tool: 'car_search_jobs', args: {}, route: 'POST /sm/v2/jobs/search' },
  record: { tool: 'car_get_script', args: { scriptId: 19218 }, route: 'GET /sm/v1/scripts/{scriptId}' },
  file: { tool: 'car_export_scripts', args: { ids: [16515] }, route: 'GET /sm/v1/scripts/export' },
  effect: {
    tool: 'car_clone_script',
    args: { scriptId: 19218, scriptTitle: 'Copy' },
    route: 'POST /sm/v1/scripts/{scriptId}/clone',
  },
}

/** SAQ has no files. */
export const saqPlaces: Readonly<Record<'list' | 'record' | 'effect', Place>> = {
  list: { tool: 'saq_search_users', args: {}, route: 'POST /qps/rest/1.0/search/saq/user' },
  record: {
    tool: 'saq_get_user',
    args: { userId: '339590' },
    route: 'GET /qps/rest/1.0/get/saq/user/{userId}',
  },
  effect: {
    tool: 'saq_delete_user',
    args: { userId: '339590' },
    route: 'POST /qps/rest/1.0/delete/saq/user/{userId}',
  },
}

type CarPlace = keyof typeof carPlaces

/** A shape at a place. */
export type Way<P extends string> = readonly [at: P, status: number, name: string, shape: Shape]

/** Each shape at each place. */
export const everywhere = <P extends string>(places: Readonly<Record<P, Place>>, shapes: readonly Shape[]) =>
  shapes.flatMap((shape) =>
    (Object.keys(places) as P[]).map((at): Way<P> => [at, shape.status ?? 200, shape.name, shape]),
  )

/** Each shape at one place, the places in turn. */
export const inTurn = <P extends string>(places: Readonly<Record<P, Place>>, shapes: readonly Shape[]) => {
  const names = Object.keys(places) as P[]
  return shapes.map((shape, turn): Way<P> => {
    const at = names[turn % names.length] as P
    return [at, shape.status ?? 200, shape.name, shape]
  })
}

/** True where the token was refused before anything was done, so that a fresh one is tried. */
export function triesAgain(at: CarPlace, { name, status }: Shape): boolean {
  // A code within a success proves nothing of that, but for what only reads.
  const proves = (at !== 'file' && at !== 'effect') || status === 401
  return proves && /expired token|no token|without the product|401 without/.test(name)
}
