import type { Synthesised } from '../../local/synthesise';

export interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** The statements of all policies of a template whose role's logical id begins so. */
export function statementsOf({ Resources }: Synthesised['template'], role: string): Statement[] {
  const policies = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties?.['Roles']).includes(`"${role}`));
  if (policies.length === 0) throw new Error(`the template has no policy of a role ${role}`);
  return policies.flatMap(({ Properties }) => (Properties!['PolicyDocument'] as { Statement: Statement[] }).Statement);
}
