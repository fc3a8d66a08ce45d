import { closestMatch } from 'leven'
import { z } from 'zod'
import { type Role, roles } from '../../config/service/parsers.ts'
import { toolsets } from '../../operations/index.ts'
import { dayMs } from '../../shared/clock.ts'
import { oneLine } from '../../shared/safe-text.ts'

// The form of the callers file. Messages continue the place of a value, and never repeat the value: it may be a token.

/** The toolsets and, as `car`, all those of a product. */
const toolsetNames = [
  ...new Set(Object.keys(toolsets).flatMap((name) => [name.slice(0, name.indexOf('.')), name])),
]

const roleError = `must be one or more of ${roles.join(', ')}`
const nameError = 'must be 1 to 64 of the characters A-Z a-z 0-9 . _ @ -'
const personError = 'must be 1 to 200 characters on one line, without blanks around them'
const hashError = 'must be the SHA-256 of the token, 64 hexadecimal digits'
const tagsError = 'must be a list of one or more names or ids of tags'
const maxError = 'must be a whole number from 0 to 1000000'
const toolsetsError = 'must be a list of one or more toolsets'

const role = z.enum(roles, { error: roleError })

const toolset = z.enum(toolsetNames, {
  error: ({ input }) => {
    const near = typeof input === 'string' ? closestMatch(input, toolsetNames, { maxDistance: 3 }) : undefined
    return near === undefined ? `is none of ${toolsetNames.join(', ')}` : `is no toolset, but ${near} is`
  },
})

const isOneLine = (text: string): boolean => text === oneLine(text)

/** One entry of the callers file. */
export const callerSchema = z.strictObject({
  name: z
    .string({ error: nameError })
    .regex(/^[A-Za-z0-9._@-]{1,64}$/, { error: nameError })
    .describe('Unique in the file, whatever the case.'),
  person: z
    .string({ error: personError })
    .min(1, { error: personError })
    .max(200, { error: personError })
    .refine(isOneLine, { error: personError })
    .optional()
    .describe('The person behind it; the name if left out. Several callers may be of one person.'),
  sha256: z
    .string({ error: hashError })
    .regex(/^[0-9A-Fa-f]{64}$/, { error: hashError })
    .describe('The SHA-256 of the token, which has at least 32 characters.'),
  role: z
    .union([role, z.array(role, { error: roleError }).min(1, { error: roleError })], { error: roleError })
    .describe(
      'viewer reads; operator also asks for effects; approver says yes to requests of others; admin sees metrics, callers and all lists.',
    ),
  toolsets: z
    .array(toolset, { error: toolsetsError })
    .min(1, { error: toolsetsError })
    .optional()
    .describe('Only these toolsets.'),
  tags: z
    .array(z.string({ error: tagsError }).regex(/\S/, { error: tagsError }), { error: tagsError })
    .min(1, { error: tagsError })
    .optional()
    .describe('Code may run only on hosts with one of these tags, besides what the settings demand.'),
  maxAssetsPerRun: z
    .int({ error: maxError })
    .min(0, { error: maxError })
    .max(1_000_000, { error: maxError })
    .optional()
    .describe('Most hosts of one run, where that is less than what the settings allow.'),
  expires: z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], {
      error: 'must be a date such as 2027-01-31, or a time with its zone such as 2027-01-31T18:00:00Z',
    })
    .optional()
    .describe('When the token ends: a time, or a date for the end of that day in UTC.'),
})

/** A caller as the file holds it. */
export type CallerEntry = z.output<typeof callerSchema>

/** What makes a caller's name unique. */
export const nameKey = ({ name }: Pick<CallerEntry, 'name'>): string => name.toLowerCase()

/** Refuses two callers under one name, and two with one token. */
function refuseDoubles(callers: readonly CallerEntry[], context: z.RefinementCtx): void {
  const [names, tokens] = [new Set<string>(), new Map<string, string>()]
  for (const [at, caller] of callers.entries()) {
    const [name, hash] = [nameKey(caller), caller.sha256.toLowerCase()]
    const other = tokens.get(hash)
    if (names.has(name))
      context.addIssue({
        code: 'custom',
        path: [at, 'name'],
        message: 'is the name of an earlier caller too',
      })
    else if (other !== undefined)
      context.addIssue({
        code: 'custom',
        path: [at, 'sha256'],
        message: `is that of ${other} too, but each caller needs a token of its own`,
      })
    names.add(name)
    tokens.set(hash, caller.name)
  }
}

/** The whole callers file. */
export const callersFileSchema = z.strictObject({
  $schema: z.string({ error: 'must be a text' }).optional().describe('The address of this schema.'),
  callers: z.array(callerSchema, { error: 'must be a list of callers' }).superRefine(refuseDoubles),
})

/** The callers file as it was parsed. */
export type CallersFileContent = z.output<typeof callersFileSchema>

/** The JSON Schema of the callers file, for editors and for whoever writes it with a program. */
export const callersFileSchemaJson = (): object => ({
  ...z.toJSONSchema(callersFileSchema, { io: 'input' }),
  title: 'Callers of qualys-mcp http (QUALYS_CALLERS_FILE)',
})

/** The roles of an entry, each once. */
export const rolesOf = ({ role: given }: Pick<CallerEntry, 'role'>): ReadonlySet<Role> =>
  new Set(typeof given === 'string' ? [given] : given)

/** When the token of an entry ends: epoch, in ms; undefined if it does not. */
export const expiryOf = ({ expires }: Pick<CallerEntry, 'expires'>): number | undefined => {
  if (expires === undefined) return undefined
  const isDate = expires.length === '2027-01-31'.length
  return isDate ? Date.parse(`${expires}T00:00:00Z`) + dayMs : Date.parse(expires)
}
