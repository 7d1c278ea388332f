import { UserError } from '../../domain/errors';
import type { Execution, Executions } from '../../domain/ports/executions';

/** Executions over two machines of the test's. */
export interface ExecutionsUnderTest {
  readonly executions: Executions;
  /** ARN of a machine that ends at once with its input as output. */
  readonly echo: string;
  /** ARN of a machine that waits for a confirmation and ends with it as output. */
  readonly ask: string;
  /** The token that `ask` waits for, as soon as it does. */
  token(): Promise<string>;
}

/** What all executions do. */
export function describeExecutionsContract(name: string, setup: () => Promise<ExecutionsUnderTest>): void {
  describe(`${name} as executions`, () => {
    let under: ExecutionsUnderTest;

    beforeEach(async () => {
      under = await setup();
    });

    async function ended(arn: string): Promise<Execution> {
      for (;;) {
        const execution = await under.executions.execution(arn);
        if (execution && execution.status !== 'RUNNING') return execution;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }

    test('an execution runs with its input and ends with its output', async () => {
      const arn = await under.executions.start(under.echo, { target: 'example' });
      const execution = await ended(arn);
      expect(execution).toMatchObject({
        arn,
        status: 'SUCCEEDED',
        input: { target: 'example' },
        output: { target: 'example' },
      });
    });

    test('a name is one execution, while it runs and after it ended', async () => {
      const first = await under.executions.start(under.ask, {}, 'teardown-of-one');
      expect(await under.executions.start(under.ask, {}, 'teardown-of-one')).toBe(first);
      await under.executions.confirm(await under.token(), { by: 'alice' });
      await ended(first);
      expect(await under.executions.start(under.ask, {}, 'teardown-of-one')).toBe(first);
    });

    test('a confirmation is the output of what waited for it', async () => {
      const arn = await under.executions.start(under.ask, {});
      await under.executions.confirm(await under.token(), { by: 'alice' });
      expect(await ended(arn)).toMatchObject({ status: 'SUCCEEDED', output: { by: 'alice' } });
    });

    test('a token that is no longer waited for is refused as the mistake of a person', async () => {
      const arn = await under.executions.start(under.ask, {});
      const token = await under.token();
      await under.executions.confirm(token, {});
      await ended(arn);
      await expect(under.executions.confirm(token, {})).rejects.toBeInstanceOf(UserError);
    });

    test('a stopped execution is aborted with the cause', async () => {
      const arn = await under.executions.start(under.ask, {});
      await under.token();
      await under.executions.stop(arn, 'nobody needs it');
      expect(await ended(arn)).toMatchObject({ status: 'ABORTED', cause: 'nobody needs it' });
    });

    test('there is no execution of an unknown name', async () => {
      const arn = `${under.echo.replace(':stateMachine:', ':execution:')}:none`;
      expect(await under.executions.execution(arn)).toBeUndefined();
    });
  });
}
