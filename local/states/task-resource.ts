/** What a Task state calls; `integration` is one of those that the drill's machines use. */
export interface TaskResource {
  readonly integration: Integration;
  /** As history events name it: `lambda` and `invoke`, `codebuild` and `startBuild.sync`. */
  readonly resourceType: string;
  readonly resource: string;
  /** The function's ARN, where the resource itself names it. */
  readonly functionArn?: string;
}

type Integration = 'function' | 'invoke' | 'invoke.waitForTaskToken' | 'startBuild.sync' | 'startExecution.sync:2';

/** Resources by what follows `arn:<partition>:states:::`, with the parameters that the integration passes on. */
const INTEGRATIONS: Readonly<Record<string, readonly [Integration, readonly string[]]>> = {
  'lambda:invoke': ['invoke', ['FunctionName', 'Payload']],
  'lambda:invoke.waitForTaskToken': ['invoke.waitForTaskToken', ['FunctionName', 'Payload']],
  'codebuild:startBuild.sync': ['startBuild.sync', ['ProjectName', 'EnvironmentVariablesOverride']],
  'states:startExecution.sync:2': ['startExecution.sync:2', ['StateMachineArn', 'Input', 'Name']],
};

/**
 * Reads the `Resource` of a Task state: one of the integrations above, or the ARN of a Lambda function.
 * @throws SyntaxError for any other.
 */
export function compileResource(arn: unknown): TaskResource {
  if (typeof arn === 'string') {
    const name = /^arn:aws[a-z-]*:states:::(.+)$/.exec(arn)?.[1];
    const known = name === undefined ? undefined : INTEGRATIONS[name];
    if (name !== undefined && known) {
      const [resourceType = '', ...resource] = name.split(':');
      return { integration: known[0], resourceType, resource: resource.join(':') };
    }
    if (/^arn:aws[a-z-]*:lambda:[^:]*:[^:]*:function:.+$/.test(arn)) {
      return { integration: 'function', resourceType: 'lambda', resource: 'function', functionArn: arn };
    }
  }
  throw new SyntaxError(
    `the resource ${JSON.stringify(arn)} is not known; known are ${Object.keys(INTEGRATIONS).join(', ')}`,
  );
}

/**
 * Refuses parameters that an integration would have to act on and does not know here.
 * @throws SyntaxError
 */
export function checkParameters(resource: TaskResource, parameters: Readonly<Record<string, unknown>>): void {
  const known = Object.values(INTEGRATIONS).find(([integration]) => integration === resource.integration)?.[1];
  if (!known) return;
  const names = Object.keys(parameters).map((key) => key.replace(/\.\$$/, ''));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new SyntaxError(`"${unknown}" is not known; known are ${known.join(', ')}`);
  const required = known[0] ?? '';
  if (!names.includes(required)) throw new SyntaxError(`"${required}" is missing`);
  if (resource.integration === 'invoke.waitForTaskToken' && !JSON.stringify(parameters).includes('$$.Task.Token')) {
    throw new SyntaxError('nothing takes "$$.Task.Token", so nobody could ever answer');
  }
}
