/** A definition that this interpreter does not run, refused before anything has run. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  constructor(machine: string, state: string | undefined, field: string, problem: string) {
    super(`State machine "${machine}"${state === undefined ? '' : `, state "${state}"`}, ${field}: ${problem}`);
  }
}
