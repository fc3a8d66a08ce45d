import type { SampleCall, Shape } from './shape.ts'

// The kinds of calls that an answer may belong to.

export const carSampleCalls: Readonly<Record<'list' | 'record' | 'file' | 'effect', SampleCall>> = {
  list: { tool: 'car_search_jobs', args: {}, route: 'POST /sm/v2/jobs/search' },
  record: { tool: 'car_get_script', args: { scriptId: 19218 }, route: 'GET /sm/v1/scripts/{scriptId}' },
  file: { tool: 'car_export_scripts', args: { ids: [16515] }, route: 'GET /sm/v1/scripts/export' },
  effect: {
    tool: 'car_clone_script',
    args: { scriptId: 19218, title: 'Copy' },
    route: 'POST /sm/v1/scripts/{scriptId}/clone',
  },
}

/** SAQ has no files. */
export const saqSampleCalls: Readonly<Record<'list' | 'record' | 'effect', SampleCall>> = {
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

type CarCallKind = keyof typeof carSampleCalls

/** An answer shape for one kind of call. */
export type ShapeCase<P extends string> = readonly [at: P, status: number, name: string, shape: Shape]

/** Each shape for each kind of call. */
export const everyCombination = <P extends string>(
  places: Readonly<Record<P, SampleCall>>,
  shapes: readonly Shape[],
) =>
  shapes.flatMap((shape) =>
    (Object.keys(places) as P[]).map((at): ShapeCase<P> => [at, shape.status ?? 200, shape.name, shape]),
  )

/** Each shape for one kind of call, the kinds in turn. */
export const oneCallEach = <P extends string>(
  places: Readonly<Record<P, SampleCall>>,
  shapes: readonly Shape[],
) => {
  const names = Object.keys(places) as P[]
  return shapes.map((shape, turn): ShapeCase<P> => {
    const at = names[turn % names.length] as P
    return [at, shape.status ?? 200, shape.name, shape]
  })
}

/** True if the token was refused before any work, so that a new one is tried. */
export function isRetried(at: CarCallKind, { name, status }: Shape): boolean {
  // A code within a success proves that only for reads.
  const proves = (at !== 'file' && at !== 'effect') || status === 401
  return proves && /expired token|no token|without the product|401 without/.test(name)
}
