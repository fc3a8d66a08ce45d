/** A part of the source that gets its own share of the mutations. */
export interface Area {
  readonly name: string
  /** Paths from the root of the repository: `**`, `*` and `{a,b}`. */
  readonly files: readonly string[]
}

/**
 * The first area that matches a file has it, so that the more specific ones come first. Moving a file requires a
 * change of its pattern here: `draw.test.ts` fails for a pattern that matches nothing.
 */
export const areas: readonly Area[] = [
  { name: 'shared', files: ['src/{shared,config}/**/*.ts'] },
  { name: 'limits', files: ['src/tools/effects/{policy,targets,budgets,timing}/**/*.ts'] },
  { name: 'session', files: ['src/session/**/*.ts'] },
  { name: 'operations', files: ['src/operations/**/*.ts'] },
  { name: 'effects', files: ['src/tools/effects/**/*.ts'] },
  { name: 'replies', files: ['src/tools/*.ts', 'src/tools/{replies,workflows,exports}/**/*.ts'] },
]

const parts: Readonly<Record<string, string>> = {
  '**/': '(?:[^/]+/)*',
  '**': '.*',
  '*': '[^/]*',
  '{': '(?:',
  ',': '|',
  '}': ')',
  '.': '\\.',
}

/** The paths that a pattern means. */
export function patternOf(glob: string): RegExp {
  return new RegExp(`^${glob.replace(/\*\*\/|\*\*|[*{},.]/g, (part) => parts[part] ?? part)}$`)
}

/** The area of a file; undefined where it has none. */
export function areaOf(path: string): string | undefined {
  return areas.find(({ files }) => files.some((glob) => patternOf(glob).test(path)))?.name
}
