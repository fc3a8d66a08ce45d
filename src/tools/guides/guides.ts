/** A text that an assistant can read when it needs it. */
export interface Guide {
  readonly name: string
  readonly title: string
  /** When to read it, in one sentence. */
  readonly description: string
  /** Absent for guides about both products. */
  readonly product?: 'car' | 'saq'
  /** Loads the text for the listed tools; called only when it is read, so that it does not slow down the start. */
  readonly load: (tools: ReadonlySet<string>) => Promise<string>
}

/** The address of a guide. */
export const uriOf = ({ name }: Guide): string => `qualys://guides/${name}`

/** Every guide, in order. */
export const guides: readonly Guide[] = [
  {
    name: 'qql',
    title: 'QQL filters of CAR lists',
    description:
      'Read before writing a filter for a car_search tool: which tokens are known, which are not public, and what does without one.',
    product: 'car',
    load: async () => (await import('./texts/qql.ts')).qql(),
  },
  {
    name: 'saq-filters',
    title: 'Searches of SAQ',
    description:
      'Read before searching SAQ for more than a name: inputs, the exact words of states, and what no API tells.',
    product: 'saq',
    load: async () => (await import('./texts/saq-filters.ts')).saqFilters(),
  },
  {
    name: 'paging',
    title: 'Pages, counts and exports',
    description: 'Read before paging through more than two pages: counting or exporting is often cheaper.',
    load: async () => (await import('./texts/paging.ts')).paging(),
  },
  {
    name: 'columns',
    title: 'Columns of lists',
    description:
      'Read before naming columns in fields or groupBy: those of each list, which are documented, and what their words mean.',
    load: async (tools) => (await import('./texts/columns.ts')).columns(tools),
  },
  {
    name: 'script-authoring',
    title: 'Writing scripts for CAR',
    description:
      'Read before creating or changing a script: languages, parameters, exit codes, limits and the way to approval.',
    product: 'car',
    load: async () => (await import('./texts/script-authoring.ts')).scriptAuthoring,
  },
  {
    name: 'rollouts',
    title: 'Rollouts in waves',
    description:
      'Read before rolling a script out in waves, and when a rollout is held: inputs, outcomes, reasons, and what to do.',
    product: 'car',
    load: async () => (await import('./texts/rollouts.ts')).rollouts(),
  },
  {
    name: 'api-versions',
    title: 'API versions and when they end',
    description: 'Read after a 404 or 410, or when asked which Qualys API versions this server depends on.',
    load: async () => (await import('./texts/api-versions.ts')).apiVersions(),
  },
  {
    name: 'limits-and-roles',
    title: 'Limits, consent, errors and roles',
    description:
      'Read after a refusal, a busy or an unclear error, or when asked who may do what and how much of it.',
    load: async () => (await import('./texts/limits-and-roles.ts')).limitsAndRoles(),
  },
]
