import type { Script } from '../data/car/rows.ts'

/** The form of an export: a made-up one, since no page shows any. */
export type ExportForm = 'json' | 'csv' | 'zip'

/** A file as an answer holds it. */
export interface ExportFile {
  bytes: string | Buffer
  type: string
  name: string
}

/** The file of these scripts. */
export function exportFile(scripts: readonly Script[], form: ExportForm): ExportFile {
  if (form === 'csv') return { bytes: csv(scripts), type: 'text/csv', name: 'scripts.csv' }
  if (form === 'zip') return { bytes: zip(scripts), type: 'application/zip', name: 'scripts.zip' }
  return { bytes: JSON.stringify(scripts, undefined, 2), type: 'application/json', name: 'scripts.json' }
}

const quoted = (value: string | number): string => `"${String(value).replaceAll('"', '""')}"`

function csv(scripts: readonly Script[]): string {
  const lines = scripts.map(({ id, title, status, content }) =>
    [id, title, status, Buffer.from(content, 'base64').toString()].map(quoted).join(','),
  )
  return ['Id,Title,Status,Content', ...lines].map((line) => `${line}\r\n`).join('')
}

/** The checksum of a file in an archive. zlib has it from Node 22.2 on. */
function crc32(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0)
  }
  return ~sum >>> 0
}

const numbers = (...fields: readonly (readonly [value: number, size: 2 | 4])[]): Buffer =>
  Buffer.concat(
    fields.map(([value, size]) => {
      const bytes = Buffer.alloc(size)
      bytes.writeUIntLE(value, 0, size)
      return bytes
    }),
  )

/** What both headers of a file in an archive hold, from the version on. The file is not compressed. */
function headerFields(bytes: Buffer, nameLength: number): Buffer {
  return numbers(
    ...([20, 0, 0, 0, 0x21].map((value) => [value, 2]) as [number, 2][]),
    [crc32(bytes), 4],
    [bytes.length, 4],
    [bytes.length, 4],
    [nameLength, 2],
    [0, 2],
  )
}

/** An archive with the code of each script in a file of its own. */
function zip(scripts: readonly Script[]): Buffer {
  const files: Buffer[] = []
  const entries: Buffer[] = []
  let offset = 0
  for (const { id, content } of scripts) {
    const name = Buffer.from(`${id}.txt`)
    const bytes = Buffer.from(content, 'base64')
    const header = headerFields(bytes, name.length)
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), header, name, bytes])
    entries.push(
      Buffer.from('PK\x01\x02'),
      numbers([20, 2]),
      header,
      numbers([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
      name,
    )
    files.push(file)
    offset += file.length
  }
  const directory = Buffer.concat(entries)
  const count = [scripts.length, 2] as const
  const end = numbers([0, 2], [0, 2], count, count, [directory.length, 4], [offset, 4], [0, 2])
  return Buffer.concat([...files, directory, Buffer.from('PK\x05\x06'), end])
}
