import type { Clock } from '../../domain/clock';
import { messageOf } from '../../domain/errors';
import type { WorldState } from '../world/world-state';
import type { BuildRecord, BuildStatus, PhaseType } from './build-record';

/** The builds of the simulated CodeBuild, kept in the world's state, with every phase stamped by the drill's clock. */
export class BuildLedger {
  /** All of them, oldest first. */
  readonly builds: BuildRecord[];

  constructor(
    private readonly state: WorldState,
    private readonly clock: Clock,
  ) {
    this.builds = state.section('codebuild', () => ({ builds: [] as BuildRecord[] })).builds;
    // Builds that an earlier process of the drill left running died with it.
    for (const build of this.builds) if (build.status === 'IN_PROGRESS') this.close(build, 'STOPPED');
  }

  find(id: string): BuildRecord | undefined {
    return this.builds.find((build) => build.id === id);
  }

  /** The builds of a project, oldest first. */
  of(project: string): readonly BuildRecord[] {
    return this.builds.filter((build) => build.project === project);
  }

  /** Enters a new build, submitted and queued at once. */
  open(build: Omit<BuildRecord, 'startTime' | 'phases' | 'status'>): BuildRecord {
    const record: BuildRecord = { ...build, startTime: this.now(), phases: [], status: 'IN_PROGRESS' };
    this.builds.push(record);
    for (const phase of ['SUBMITTED', 'QUEUED'] as const) {
      this.beginPhase(record, phase);
      this.endPhase(record, 'SUCCEEDED');
    }
    return record;
  }

  beginPhase(record: BuildRecord, phaseType: PhaseType): void {
    record.phases.push({ phaseType, startTime: this.now() });
    this.state.changed();
  }

  /** Ends the phase that is under way. */
  endPhase(record: BuildRecord, phaseStatus: BuildStatus, context?: { statusCode: string; message: string }): void {
    Object.assign(record.phases.at(-1)!, { endTime: this.now(), phaseStatus, contexts: context ? [context] : [] });
    this.state.changed();
  }

  /** Notes that the build could not be run, in the phase where it was. */
  fault(record: BuildRecord, error: unknown): void {
    if (record.phases.at(-1)?.endTime !== undefined) this.beginPhase(record, 'FINALIZING');
    this.endPhase(record, 'FAULT', { statusCode: 'INTERNAL_ERROR', message: messageOf(error) });
  }

  /** Ends the build, and the phase that is under way with the build's status. */
  close(record: BuildRecord, status: BuildStatus): void {
    if (record.phases.at(-1)?.endTime === undefined) this.endPhase(record, status);
    record.status = status;
    record.endTime = this.now();
    this.beginPhase(record, 'COMPLETED');
  }

  private now(): string {
    return this.clock.now().toISOString();
  }
}
