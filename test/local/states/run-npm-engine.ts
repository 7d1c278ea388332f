import type { Answer, Case, Ending } from './cases';

type Execution = { result: Promise<unknown>; eventLogs: AsyncIterable<{ type: string; Error?: string }> };
type Engine = {
  StateMachine: new (definition: unknown, options: unknown) => { run(input: unknown, options: unknown): Execution };
};

/** The npm package aws-local-stepfunctions, which wants Node 22 for one function only. */
function engine(): Engine {
  (Promise as { withResolvers?: unknown }).withResolvers ??= withResolvers;
  // Loaded here, because it needs the function above.
  return require('aws-local-stepfunctions') as Engine;
}

function withResolvers<Value>() {
  let resolve: ((value: Value) => void) | undefined;
  let reject: ((reason: unknown) => void) | undefined;
  const promise = new Promise<Value>((accept, refuse) => {
    resolve = accept;
    reject = refuse;
  });
  return { promise, resolve, reject };
}

/** Runs a case on the npm package, without real waits. */
export async function runNpmEngine({ definition, input, tasks = {} }: Case): Promise<Ending> {
  const names = Object.keys(definition['States'] as object);
  const everywhere = Object.fromEntries(names.map((name) => [name, 1]));
  const handlers = Object.entries(tasks).map(([name, answers]) => [name, handlerOf(answers)] as const);
  const { StateMachine } = engine();
  try {
    const execution = new StateMachine(definition, { validationOptions: { noValidate: true } }).run(input ?? {}, {
      context: { Execution: { Name: 'case' } },
      overrides: {
        taskResourceLocalHandlers: Object.fromEntries(handlers),
        waitTimeOverrides: everywhere,
        retryIntervalOverrides: everywhere,
      },
    });
    return await endingOf(execution);
  } catch (error) {
    return { status: 'FAILED', error: `refused: ${(error as Error).message}` };
  }
}

/** The package throws an error that does not tell a timeout from a failure; its events do. */
async function endingOf({ result, eventLogs }: Execution): Promise<Ending> {
  const settled = result.then(
    (output): Ending => ({ status: 'SUCCEEDED', output }),
    (): undefined => undefined,
  );
  let last: { type: string; Error?: string } = { type: '' };
  for await (const event of eventLogs) last = event;
  const success = await settled;
  if (success) return success;
  if (last.type === 'ExecutionTimeout') return { status: 'TIMED_OUT' };
  return { status: 'FAILED', ...(last.Error === undefined ? {} : { error: last.Error }) };
}

function handlerOf(answers: readonly Answer[]): () => Promise<unknown> {
  let call = 0;
  return async () => {
    const answer = answers[Math.min(call, answers.length - 1)]!;
    call += 1;
    if ('error' in answer) throw Object.assign(new Error('on purpose'), { name: answer.error });
    return answer.value;
  };
}
