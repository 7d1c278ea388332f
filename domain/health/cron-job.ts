import { type Rule, type Shaped, deletion, reading } from './object-reading';

type CronJob = Shaped<
  { suspend: boolean },
  { active: readonly unknown[]; lastScheduleTime: string; lastSuccessfulTime: string }
>;

/**
 * A CronJob has nothing to become: one that never ran, or is suspended, is what its manifest asks for. Only a last run
 * that ended without success after an earlier one succeeded is known to be an illness; without any success nothing tells
 * a failure from a run that has not happened.
 */
export const judgeCronJob: Rule = (object) => {
  const deleted = deletion(object);
  if (deleted) return deleted;
  const { spec, status = {} } = object as CronJob;
  if (spec?.suspend) return reading(object, 'healthy', 'spec.suspend is true: it is not meant to run');
  const { active = [], lastScheduleTime: scheduled, lastSuccessfulTime: succeeded } = status;
  if (scheduled === undefined) return reading(object, 'healthy', 'it has not been due yet');
  if (active.length === 0 && succeeded !== undefined && succeeded < scheduled) {
    return reading(
      object,
      'degraded',
      `its last run failed: status.lastScheduleTime is ${scheduled}, status.lastSuccessfulTime ${succeeded}`,
    );
  }
  return reading(object, 'healthy', `status.lastSuccessfulTime is ${succeeded ?? 'absent'}`);
};
