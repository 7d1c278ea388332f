import type { Synthesised } from '../../local/synthesise';

export interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

/** The statements of all policies of a template whose role's logical id begins so. */
export function statementsOf({ Resources }: Synthesised['template'], role: string): Statement[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties }) => JSON.stringify(Properties?.['Roles']).includes(`"${role}`))
    .flatMap(({ Properties }) => (Properties!['PolicyDocument'] as { Statement: Statement[] }).Statement);
}
