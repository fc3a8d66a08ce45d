import type { Begin, ScriptedModel } from './scripted-model.ts'

/** How a client starts the server. */
export interface ServerCommand {
  readonly command: string
  readonly args: string[]
  readonly env: Record<string, string>
}

/** What a person answers in a form. */
export interface Answer {
  readonly action: 'accept' | 'decline'
  readonly content?: Record<string, boolean>
}

/** The person who uses a client that shows forms. */
export type Person = (question: string) => Answer

/** What a client does with arguments, forms and rows before the server or the model has them. */
export interface Traits {
  /** Checks arguments against the listed schema, and sends none that differ. */
  readonly checksArguments: boolean
  /** Shows the server's forms to a person. */
  readonly showsForms: boolean
  /** Who gets the rows of structured replies. */
  readonly rowsFor: 'model' | 'program' | 'nobody'
  /** Calls a service, whose files it cannot read. */
  readonly isRemote?: true
}

/** A client with its own adapter and its own loop around a model. */
export interface Host extends Traits {
  /** A whole conversation: starts the server, and ends with the model's final answer. */
  readonly converse: (model: ScriptedModel, server: ServerCommand, person: Person) => Promise<string>
}

/** A script for the model, and the person and the settings that go with it. */
export interface Conversation {
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
  readonly begin: Begin
  readonly person: Person
  /** Structured content repeats the text by design. */
  readonly mayRepeat: boolean
}
