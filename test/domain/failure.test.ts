import { classify } from '../../domain/failure';

const json = (value: unknown): string => JSON.stringify(value);

describe('what was caught is unwrapped to the first cause', () => {
  const lambda = {
    Error: 'LayerFailedError',
    Cause: json({ errorType: 'LayerFailedError', errorMessage: 'kyverno is listed, but not there' }),
  };

  test('a Lambda error gives its sentence and the cause that its name stands for', () => {
    expect(classify('Bootstrap cluster', lambda)).toEqual({
      where: 'Bootstrap cluster',
      cause: 'component',
      sentence: 'kyverno is listed, but not there',
    });
  });

  test('the error of a nested execution is that of its own failure', () => {
    const execution = { ExecutionArn: 'arn:nested', Status: 'FAILED', ...lambda };
    expect(classify('Bootstrap cluster', { Error: 'States.TaskFailed', Cause: json(execution) })).toEqual({
      where: 'Bootstrap cluster',
      cause: 'component',
      sentence: 'kyverno is listed, but not there',
      executionArn: 'arn:nested',
    });
  });

  test('a failed build in a nested execution names the build and its phase', () => {
    const build = {
      Build: {
        Id: 'cluster-drill-provision-cluster:1',
        ProjectName: 'cluster-drill-provision-cluster',
        BuildStatus: 'FAILED',
        Phases: [
          { PhaseType: 'INSTALL', PhaseStatus: 'SUCCEEDED' },
          { PhaseType: 'BUILD', PhaseStatus: 'FAILED' },
          { PhaseType: 'COMPLETED' },
        ],
      },
    };
    const execution = { ExecutionArn: 'arn:nested', Status: 'FAILED', Error: 'States.TaskFailed', Cause: json(build) };
    expect(classify('Bootstrap cluster', { Error: 'States.TaskFailed', Cause: json(execution) })).toEqual({
      where: 'provision-cluster',
      cause: 'terraform',
      sentence: 'The build provision-cluster ended with FAILED in its phase BUILD',
      buildId: 'cluster-drill-provision-cluster:1',
      executionArn: 'arn:nested',
    });
  });

  test('a stopped build was interrupted, whatever it built', () => {
    const build = { Id: 'x:1', ProjectName: 'cluster-drill-install-gitops', BuildStatus: 'STOPPED' };
    expect(classify('Install GitOps', { Error: 'States.TaskFailed', Cause: json(build) })).toMatchObject({
      cause: 'interrupted',
      where: 'install-gitops',
    });
  });

  test.each([
    ['TIMED_OUT', 'deadline'],
    ['ABORTED', 'interrupted'],
  ])('a nested execution that ended as %s', (Status, cause) => {
    expect(
      classify('Bootstrap cluster', {
        Error: 'States.TaskFailed',
        Cause: json({ ExecutionArn: 'arn:nested', Status }),
      }),
    ).toMatchObject({ cause, executionArn: 'arn:nested' });
  });

  test('a timeout of the task itself is the deadline', () => {
    expect(classify('Bootstrap cluster', { Error: 'States.Timeout' })).toEqual({
      where: 'Bootstrap cluster',
      cause: 'deadline',
      sentence: 'Bootstrap cluster ended with States.Timeout',
    });
  });

  test('what cannot be read is kept as it is', () => {
    expect(classify('Check readiness', { Error: 'Strange', Cause: 'not { json' })).toEqual({
      where: 'Check readiness',
      cause: 'internal',
      sentence: 'not { json',
    });
    expect(classify('Check readiness', {})).toMatchObject({ sentence: 'Check readiness ended with no error name' });
  });
});
