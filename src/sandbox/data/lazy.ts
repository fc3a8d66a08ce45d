/** The values that these functions make, each at its first use. */
export function lazy<Values extends object>(
  makers: {
    readonly [Name in keyof Values]: () => Values[Name]
  },
): Values {
  const made = new Map<string, unknown>()
  const values = {}
  for (const [name, make] of Object.entries<() => unknown>(makers)) {
    const get = () => {
      if (!made.has(name)) made.set(name, make())
      return made.get(name)
    }
    Object.defineProperty(values, name, { enumerable: true, get })
  }
  return values as Values
}
