import type { Script } from '../../data/car/rows.ts'
import { anyText, anything, integer, list, nonBlankText, oneOf, record } from '../../http/body-schema.ts'
import { assumed, type Parsed } from '../../http/input.ts'
import { badRequest } from '../../http/reply.ts'

export const subTypes = ['Detection', 'Response'] as const

/** Inputs of a Custom QID only. release_2_5_2_api.htm names detectionRegex. */
const qidInputs = {
  ...assumed('The user interface has these fields; their names on the wire are not known.', {
    qidTitle: nonBlankText,
    qidSeverity: integer(1, 5),
    vulnerabilityType: oneOf('Confirmed', 'Potential', 'Information Gathered'),
    qdsScore: integer(1, 100),
  }),
  detectionRegex: anything,
}

/** Inputs of a Control ID Remediation only (release_2_5_1_api.htm). */
const controlInputs = {
  autorScriptsMetadata: record(
    {
      cid: nonBlankText,
      tech: list(nonBlankText),
      policies: list(nonBlankText),
      displayName: anyText,
      subType: oneOf(...subTypes),
    },
    ['cid', 'tech'],
  ),
}

export const typeInputs = { ...qidInputs, ...controlInputs }
type Inputs = Parsed<typeof typeInputs>

/** The record fields for these inputs. Throws for inputs of another type of script. */
export function typeFields(typeId: number, inputs: Inputs, existing?: Script): Partial<Script> {
  const inputsOf = (names: object) =>
    Object.fromEntries(Object.entries(inputs).filter(([name]) => Object.hasOwn(names, name)))
  const [qid, control] = [inputsOf(qidInputs), inputsOf(controlInputs)]
  const [surplus] = Object.keys({ ...(typeId !== 2 && qid), ...(typeId !== 3 && control) })
  if (surplus !== undefined) {
    throw badRequest(`${surplus} is for ${surplus in control ? 'Control ID Remediation' : 'Custom QID'} only`)
  }
  const { vulnerabilityType, qdsScore } = { ...existing, ...inputs }
  if (vulnerabilityType === 'Information Gathered' && qdsScore !== undefined) {
    throw badRequest('qdsScore is not for Information Gathered')
  }
  if (inputs.autorScriptsMetadata?.tech.length === 0) {
    throw badRequest('autorScriptsMetadata.tech must not be empty')
  }
  return { ...qid, ...control }
}
