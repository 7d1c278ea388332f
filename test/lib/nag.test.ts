import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { withSampleApp } from '../support/stack';

/** Remembers which acknowledgements were asked for and found. */
class RememberingChecks extends AwsSolutionsChecks {
  readonly used = new Set<string>();
}

function check(): { violations: string[]; used: Set<string>; acknowledged: Map<string, string> } {
  return withSampleApp((app) => {
    const acknowledged = acknowledgementsOf(app);
    const checks = new RememberingChecks(app);
    // Private in the types: the one place where a rule's finding meets its acknowledgement.
    const inner = checks as unknown as { isAcknowledged(resource: IConstruct, rule: string): boolean };
    const original = inner.isAcknowledged.bind(checks);
    inner.isAcknowledged = (resource, rule) => {
      const found = original(resource, rule);
      if (found) checks.used.add(rule);
      return found;
    };
    const { violations } = checks.validateScope(app);
    return {
      violations: violations.map(
        ({ ruleName, violatingResources }) =>
          `${ruleName} at ${violatingResources.map(({ constructPath }) => constructPath).join(', ')}`,
      ),
      used: checks.used,
      acknowledged,
    };
  });
}

function acknowledgementsOf(app: IConstruct): Map<string, string> {
  const entries = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.entries(data as Record<string, string>));
  return new Map(entries.map(([id, reason]) => [id.replace(/^annotation::/i, ''), reason]));
}

const { acknowledged, used, violations } = check();

test("cdk-nag's AwsSolutions rules find nothing that is not acknowledged", () => {
  expect(violations).toEqual([]);
});

test('every acknowledgement carries its reason', () => {
  expect([...acknowledged].filter(([, reason]) => reason.length < 30)).toEqual([]);
});

test('no acknowledgement outlives its finding', () => {
  expect([...acknowledged.keys()].filter((id) => !used.has(id))).toEqual([]);
});
