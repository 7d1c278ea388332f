import { Duration } from 'aws-cdk-lib';
import { OPENING_WAIT_SECONDS } from '../../domain/opening';
import { deadlinesOf, QUEUED, withMargin } from '../../lib/deadlines';
import { sampleSettings } from '../support/settings';

const hours = (count: number): number => count * 3600;
const deadlines = deadlinesOf([
  sampleSettings({ deadlineSeconds: hours(3) }),
  sampleSettings({ name: 'slow', deadlineSeconds: hours(5) + 30 }),
]);

test('the most patient target decides, in whole minutes of CodeBuild', () => {
  expect(deadlines.build['provision-cluster'].toMinutes()).toBe(5 * 60 + 1);
});

test('a deadline below what CodeBuild takes is left to the nested execution', () => {
  const short = deadlinesOf([sampleSettings({ deadlineSeconds: 90 })]);
  expect(short.build['provision-cluster'].toMinutes()).toBe(5);
});

test('a task waits for its build, its queue and some more, so that the build tells of its own timeout', () => {
  for (const build of ['check-readiness', 'install-gitops', 'drain-cluster', 'destroy-cluster'] as const) {
    expect(deadlines.task[build].toSeconds()).toBeGreaterThan(deadlines.build[build].plus(QUEUED).toSeconds());
  }
});

test('the nested bootstrap ends by the deadline that the drill gives it, not by its own', () => {
  expect(deadlines.bootstrap.toSeconds()).toBeGreaterThan(hours(5) + 30);
});

test('a drill outlives everything that it waits for, as no Catch runs after its own timeout', () => {
  const opening = Duration.seconds(OPENING_WAIT_SECONDS);
  const waits = [opening, deadlines.task['check-readiness'], deadlines.bootstrap, withMargin(deadlines.teardown)];
  expect(deadlines.drill.toSeconds()).toBeGreaterThan(waits.reduce((sum, wait) => sum + wait.toSeconds(), 0));
});
