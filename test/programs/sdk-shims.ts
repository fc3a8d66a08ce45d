import process from 'node:process'

// What the package has in place of the SDK's module for Node. That one loads Ajv, a quarter of what a start would read,
// to check answers to forms that `elicitInput` asks. This server sends its form and reads the answer itself
// (src/tools/effects/approval/elicitation.ts).

export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error('The package has no JSON Schema validator: see test/programs/sdk-shims.ts.')
  }
}

export { process }
