import type { z } from 'zod'
import { SettingsError } from '../shared/errors.ts'
import { normalize, type Place, UnusableValueError } from './normalizations.ts'
import { secret } from './parsers.ts'
import { secretPath } from './paths.ts'
import { readSecretFile, UnusableFileError } from './secret-file.ts'

/** Reads raw values, and notes what was normalized about them. */
export class ValueReader {
  /** What was normalized, each with the name of its variable or flag. Holds no secret. */
  readonly normalized: string[] = []
  readonly #place: Place

  constructor(place: Place) {
    this.#place = place
  }

  /** The text of a value as its schema reads it. Throws an UnusableValueError. */
  text(source: string, raw: string, schema: z.ZodType): string {
    const { text, notes } = normalize(raw, schema, this.#place)
    this.normalized.push(...notes.map((note) => `${source}: ${note}`))
    return text
  }

  /** The text of a secret. Throws a SettingsError. */
  secret(source: string, raw: string): string {
    return orSettingsError(source, () => this.text(source, raw, secret))
  }

  /** The text of the file that `<env>_FILE` names. Throws a SettingsError. */
  secretFromFile(env: string, raw: string, lines?: 'one' | 'many'): string {
    const source = `${env}_FILE`
    const file = orSettingsError(source, () => this.text(source, raw, secretPath))
    try {
      return readSecretFile(file, lines)
    } catch (error) {
      if (!(error instanceof UnusableFileError)) throw error
      throw new SettingsError(`The file that ${source} names ${error.message}: ${error.next}.`)
    }
  }
}

function orSettingsError<T>(source: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof UnusableValueError)) throw error
    throw new SettingsError(`${source} ${error.message}.`)
  }
}
