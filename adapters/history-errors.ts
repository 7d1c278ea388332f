import { DrillError, ErrorName, UserError } from '../domain/errors';
import type { Lease } from '../domain/ports/history';

/** What every history says when it refuses; kept in one place so that the table's and the memory's words agree. */
export function duplicateDrill(target: string, scheduledAt: string, drillId: string): DrillError {
  return new DrillError(
    ErrorName.DuplicateDrill,
    `target "${target}" was already drilled for the scheduled time ${scheduledAt}, by ${drillId}; nothing to do`,
  );
}

export function leaseHeld(lease: Lease): DrillError {
  return new DrillError(
    ErrorName.LeaseHeld,
    `target "${lease.target}" is being drilled by ${lease.drillId} since ${lease.takenAt}; wait until it is closed, or until its lease expires at ${lease.expiresAt}`,
  );
}

export function drillClosed(drillId: string): DrillError {
  return new DrillError(
    ErrorName.DrillClosed,
    `drill ${drillId} is closed; start a new drill instead of continuing it`,
  );
}

export function teardownBegun(drillId: string, at: string): DrillError {
  return new DrillError(
    ErrorName.DrillClosed,
    `drill ${drillId} is being torn down since ${at}; start a new drill instead of continuing it`,
  );
}

export function alreadyApplied(drillId: string, buildId: string): DrillError {
  return new DrillError(
    ErrorName.AlreadyApplied,
    `build ${buildId} applies, or has applied, for drill ${drillId}, and a drill applies once; start a new drill instead of applying again`,
  );
}

export function noSuchDrill(drillId: string): DrillError {
  return new DrillError(ErrorName.DrillClosed, `there is no drill ${drillId}; it was never opened`);
}

/** The cursor of a page: the sort key of its last record, opaque to the caller. */
export function cursorOf(openedKey: string): string {
  return Buffer.from(openedKey).toString('base64url');
}

/** @throws UserError when the text is no cursor. */
export function openedKeyFrom(cursor: string): string {
  const openedKey = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z#/.test(openedKey)) return openedKey;
  throw new UserError(`"${cursor}" does not continue a list of drills; use the cursor that the page before gave`);
}
