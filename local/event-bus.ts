import type { TemplateRule } from './template';

/** EventBridge, as far as the stack uses it: hands an event to the targets of every rule whose pattern it matches. */
export class EventBus {
  constructor(
    private readonly rules: readonly TemplateRule[],
    /** Invokes a rule's target. */
    private readonly deliver: (targetArn: string, event: unknown) => void,
  ) {}

  put(event: unknown): void {
    for (const { pattern, targets } of this.rules) {
      if (!matches(pattern, event)) continue;
      for (const target of targets) this.deliver(target, event);
    }
  }
}

/**
 * Whether an event matches a pattern: every field of the pattern is there, with one of the listed values.
 * @throws Error for a pattern that says more than exact values (`prefix`, `anything-but` …): the stack has none.
 */
function matches(pattern: Readonly<Record<string, unknown>>, event: unknown): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    const value = (event as Record<string, unknown> | undefined)?.[key];
    if (!Array.isArray(wanted)) return matches(wanted as Record<string, unknown>, value);
    if (wanted.some((one) => typeof one === 'object'))
      throw new Error(
        `The local event bus knows exact values only, and the rule's "${key}" is ${JSON.stringify(wanted)}`,
      );
    return wanted.includes(value);
  });
}
