import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The name of every operation that a file of operations/car and operations/saq declares, listed or not. */
export async function declaredOperations(): Promise<string[]> {
  const files = ['car', 'saq'].flatMap((product) =>
    readdirSync(join(root, 'src/operations', product)).map((file) => join('src/operations', product, file)),
  )
  const modules = await Promise.all(
    files.filter((file) => file.endsWith('.ts')).map((file) => import(join(root, file))),
  )
  return modules
    .flatMap((module: object) => Object.values(module))
    .flatMap((value: unknown) => {
      const { name, route } = (value ?? {}) as { readonly name?: unknown; readonly route?: unknown }
      return typeof name === 'string' && typeof route === 'string' ? [name] : []
    })
}
