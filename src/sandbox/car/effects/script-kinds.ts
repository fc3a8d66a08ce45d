import type { Script } from '../../data/car/rows.ts'
import {
  anyText,
  anything,
  list,
  madeUp,
  oneOf,
  type Read,
  record,
  whole,
  words,
} from '../../http/body-schema.ts'
import { badRequest } from '../../http/reply.ts'

export const subTypes = ['Detection', 'Response'] as const

/** Inputs of a Custom QID only. release_2_5_2_api.htm names detectionRegex, the user interface the rest. */
const qidInputs = {
  qidTitle: madeUp(words),
  qidSeverity: madeUp(whole(1, 5)),
  vulnerabilityType: madeUp(oneOf('Confirmed', 'Potential', 'Information Gathered')),
  qdsScore: madeUp(whole(1, 100)),
  detectionRegex: anything,
}

/** Inputs of a Control ID Remediation only (release_2_5_1_api.htm). */
const controlInputs = {
  autorScriptsMetadata: record(
    {
      cid: words,
      tech: list(words),
      policies: list(words),
      displayName: anyText,
      subType: oneOf(...subTypes),
    },
    ['cid', 'tech'],
  ),
}

export const kindInputs = { ...qidInputs, ...controlInputs }
type Inputs = Read<typeof kindInputs>

/** The record fields for these inputs. Throws for inputs of another kind of script. */
export function kindFields(typeId: number, inputs: Inputs, before?: Script): Partial<Script> {
  const given = (names: object) =>
    Object.fromEntries(Object.entries(inputs).filter(([name]) => Object.hasOwn(names, name)))
  const [qid, control] = [given(qidInputs), given(controlInputs)]
  const [surplus] = Object.keys({ ...(typeId !== 2 && qid), ...(typeId !== 3 && control) })
  if (surplus !== undefined) {
    throw badRequest(`${surplus} is for ${surplus in control ? 'Control ID Remediation' : 'Custom QID'} only`)
  }
  const { vulnerabilityType, qdsScore } = { ...before, ...inputs }
  if (vulnerabilityType === 'Information Gathered' && qdsScore !== undefined) {
    throw badRequest('qdsScore is not for Information Gathered')
  }
  if (inputs.autorScriptsMetadata?.tech.length === 0) {
    throw badRequest('autorScriptsMetadata.tech must not be empty')
  }
  return { ...qid, ...control }
}
