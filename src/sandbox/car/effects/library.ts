import { type LibraryScript, libraryScripts } from '../../data/car/content/library.ts'
import { scriptContent } from '../../data/car/scripts.ts'
import { flag, integer, integerOrText, nonBlankText, oneOf } from '../../http/body-schema.ts'
import { badRequest, type Reply } from '../../http/reply.ts'
import { type Call, documented, type RouteTable } from '../../route.ts'
import { readInputs } from '../body.ts'
import { initialStatus, scriptAnswer, storeScript } from './new-script.ts'
import { categoryOf, languageOf, refuseContent, subTypeOf, typeNames, typeOf } from './script-rules.ts'
import { subTypes } from './script-types.ts'

/** import_scripts.htm: v1 without the type, v2 with it. */
const v1 = { title: nonBlankText, categoryId: integerOrText(1), approved: flag, id: integerOrText(1) }
const v2 = { ...v1, typeId: integer(1), typeName: oneOf(...typeNames), subType: oneOf(...subTypes) }

/** The vendor's library; no call lists its content. */
export const libraryRoutes: RouteTable = {
  'POST /sm/v1/script-library/import': documented(importV1, 'library import'),
  'POST /sm/v2/script-library/import': documented(importV2, 'library import'),
}

const mandatory = ['title', 'categoryId', 'approved', 'id'] as const

function importV1(call: Call): Reply {
  const inputs = readInputs(call, v1, mandatory)
  return storeImport(call, { ...inputs, typeId: 1, subType: libraryScriptById(inputs.id).subType })
}

function importV2(call: Call): Reply {
  const inputs = readInputs(call, v2, [...mandatory, 'typeId', 'typeName'])
  const { typeId, typeName } = inputs
  const { name } = typeOf(typeId)
  if (name !== typeName) throw badRequest(`typeName of type ${typeId} is ${name}`)
  return storeImport(call, { ...inputs, subType: subTypeOf(typeId, inputs.subType) })
}

interface LibraryImport {
  title: string
  categoryId: number
  approved: boolean
  id: number
  typeId: number
  subType: LibraryScript['subType']
}

function storeImport(call: Call, { title, categoryId, approved, id, typeId, subType }: LibraryImport): Reply {
  const { world } = call
  const { languageId, description, title: libraryTitle } = libraryScriptById(id)
  const language = languageOf(languageId)
  const content = scriptContent(languageId, libraryTitle)
  refuseContent(world.store, languageId, content)
  const script = {
    title,
    description,
    typeId,
    typeName: typeOf(typeId).name,
    subType,
    languageId,
    languageName: language.name,
    platform: language.platform,
    category: categoryOf(categoryId),
    severity: 3,
    threshold: 300,
    status: initialStatus(call, approved),
    hasParameters: false,
    params: [],
    content,
  }
  return scriptAnswer(call, 'Script created from library successfully', storeScript(call, script), true)
}

function libraryScriptById(id: number): LibraryScript {
  const entry = libraryScripts.find((candidate) => candidate.id === id)
  if (!entry) throw badRequest(`The library has no script ${id}`)
  return entry
}
