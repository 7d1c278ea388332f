import type { Clock } from '../../domain/clock';

/** What happened, one line each, with the drill's time: the story of a simulated drill. */
export class Trace {
  readonly lines: string[] = [];

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  say(who: string, what: string): void {
    this.lines.push(`${this.clock.now().toISOString().slice(5, 19).replace('T', ' ')}  ${who}: ${what}`);
  }
}
