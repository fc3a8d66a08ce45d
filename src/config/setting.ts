import type { z } from 'zod'

/** One setting: its name, the parser of its text, and how it can be set. */
export interface Spec<S extends z.ZodType> {
  readonly env: string
  readonly schema: S
  /** The default, as text. */
  readonly default?: string
  /** Never printed, has no flag, and can be read from the file that `<env>_FILE` names. */
  readonly secret?: true
  /** A safety setting: an empty value would switch it off unnoticed, so it stops the start. */
  readonly rejectEmpty?: true
  /** Another accepted name. */
  readonly alias?: string
  readonly help: string
}

/** Declares a setting. */
export const setting = <S extends z.ZodType, const F extends Omit<Spec<S>, 'env' | 'schema' | 'help'>>(
  env: string,
  schema: S,
  help: string,
  more?: F,
) => ({ env, schema, help, ...more }) as Spec<S> & F
