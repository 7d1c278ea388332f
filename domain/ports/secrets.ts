/** Secrets Manager, by the names of secrets. */
export interface Secrets {
  /** A secret's text, as the token of a private repository is. */
  value(name: string): Promise<string>;
  /** Whether a secret can be read: undefined if so, otherwise why not. Its value is not kept. */
  obstacle(name: string): Promise<string | undefined>;
}
