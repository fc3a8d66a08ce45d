import { randomBytes } from 'node:crypto'

/** A secret that occurs nowhere by chance, with characters that encodings change. */
export function canary(name: string): string {
  return `canary+${name}&${randomBytes(6).toString('hex')}=/ü"`
}
