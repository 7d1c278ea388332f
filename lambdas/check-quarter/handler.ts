import * as z from 'zod';
import type { Host } from '../../adapters/host';
import { quarterOf } from '../../domain/names';
import { noticeMail } from '../../domain/notice-mail';
import {
  MISSED_QUARTER_NOTICE,
  missedQuarters,
  quarterBefore,
  sentenceOf,
  subjectOf,
  type MissedQuarter,
} from '../../domain/quarter';
import { lambdaEntry } from '../lambda-entry';
import { readTargets } from '../read-targets';
import { tellOnce } from '../tell-once';
import { environmentSchema, type Environment } from './environment';

/**
 * The quarter check, every day: a target whose quarter passed without a drill, or is about to. The alarm counts a line
 * of the log every day for as long as it is so; the mail goes out once when the quarter is about to end and once when
 * it has.
 */
export async function checkQuarter(
  _event: unknown,
  host: Host,
  environment: Environment,
): Promise<{ missed: readonly MissedQuarter[] }> {
  const { clock, history, log } = host;
  const now = clock.now();
  const targets = await readTargets(host, environment);
  const drills = [
    ...(await history.drillsIn(quarterBefore(now))),
    ...(await history.drillsIn(quarterOf(now.toISOString()))),
  ];
  const missed: MissedQuarter[] = [];
  for (const { name } of targets) missed.push(...missedQuarters(name, drills, await knownSince(name, host), now));
  for (const one of missed) log(JSON.stringify({ notice: MISSED_QUARTER_NOTICE, ...one }));
  await tellOnce(missed.map(subjectOf), mailOf(missed), targets, host);
  return { missed };
}

/** When the target was first seen here: a quarter that ended before that was not missed. */
async function knownSince(target: string, { clock, history }: Host): Promise<string> {
  const subject = `target/${target}`;
  const since = await history.toldAt(subject);
  if (since !== undefined) return since;
  const now = clock.now().toISOString();
  await history.noteTold(subject, now);
  return now;
}

function mailOf(missed: readonly MissedQuarter[]): ReturnType<typeof noticeMail> {
  const names = [...new Set(missed.map(({ target }) => target))].join(', ');
  return noticeMail(`not drilled in its quarter: ${names}`, [
    ...missed.map(sentenceOf),
    'What to do: docs/runbook.md, "Missed quarter". This is told once; the alarm stays until a drill has run to its verdict.',
  ]);
}

export const handler = lambdaEntry({ environment: environmentSchema, event: z.unknown(), run: checkQuarter });
