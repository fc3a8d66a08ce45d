/** The variables of a file as systemd and Docker Compose read it: `NAME=value`, or a value in single quotes as it is. */
export function readEnvironmentFile(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^[#;]/.test(line))
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, quoted, plain] = /^([A-Za-z_]\w*)=(?:'([^']*)'|([^\s'"\\$`]*))$/.exec(line) ?? []
      // Other forms mean something else to one of the two.
      if (name === undefined) throw new Error(`systemd and Docker Compose may read this otherwise: ${line}`)
      return [name, quoted ?? plain ?? '']
    }),
  )
}
