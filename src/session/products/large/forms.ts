import { bigintsAsText, isObject, objectsIn } from '../../../shared/json.ts'

/** The form of a product's answers in JSON: where its rows are, and which long numbers stay numbers. */
export type Form = 'car' | 'service'

/** The content of the envelope `{errorCode, message, body}`; reports come without it (release_2_4_api.htm). */
export const bodyOf = (answer: unknown): unknown =>
  isObject(answer) && 'body' in answer ? answer['body'] : answer

/** What may be the rows of an answer of CAR. */
const rowsOfCar = (answer: unknown): unknown => {
  const body = bodyOf(answer)
  return isObject(body) ? body['list'] : body
}

const serviceData = (answer: unknown): unknown => {
  const response = isObject(answer) ? answer['ServiceResponse'] : undefined
  return isObject(response) ? response['data'] : undefined
}

/** The list of the rows in an answer; undefined if it has none. The list itself, not a copy. */
export function listIn(answer: unknown, form: Form): unknown[] | undefined {
  const list = form === 'car' ? rowsOfCar(answer) : serviceData(answer)
  return Array.isArray(list) ? list : undefined
}

/** Big numbers as text, but not in the sort values of rows, which go back to Qualys as they came. */
function readableCar(exact: unknown): unknown {
  const answer = bigintsAsText(exact)
  const rows = objectsIn(rowsOfCar(answer))
  for (const [at, { sortValues }] of objectsIn(rowsOfCar(exact)).entries()) {
    const row = rows[at]
    if (row && Array.isArray(sortValues))
      row['sortValues'] = sortValues.map((value) =>
        typeof value === 'bigint' ? value : bigintsAsText(value),
      )
  }
  return answer
}

/** What readJson does with the big numbers of an answer. */
export const readable: Readonly<Record<Form, (exact: unknown) => unknown>> = {
  car: readableCar,
  service: bigintsAsText,
}
