/**
 * The id of the lock that Terraform could not get, from its words ("Error acquiring the state lock … Lock Info: ID: …"),
 * or undefined when the error is another one.
 */
export function lockIdOf(message: string): string | undefined {
  if (!message.includes('Error acquiring the state lock')) return undefined;
  return /\bID:\s+([0-9a-f-]{36})\b/.exec(message)?.[1];
}
