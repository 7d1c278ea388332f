import type { Clock } from '../../../domain/clock';
import type { ProgramCall } from '../../program';
import { renderDiagnostic } from './diagnostics';
import type { Diagnostic } from './diagnostics';

/** What a command prints: Terraform's `-json` event stream, or lines for a person. */
export class Output {
  constructor(
    private readonly call: Pick<ProgramCall, 'stdout' | 'stderr'>,
    private readonly clock: Clock,
    readonly json: boolean,
  ) {}

  /**
   * One event; without `-json` its message as a line.
   * @param fields its own fields, such as `hook` or `change`.
   */
  event(type: string, message: string, fields: object = {}, level: 'info' | 'warn' | 'error' = 'info'): void {
    if (!this.json) {
      this.call.stdout(`${message}\n`);
      return;
    }
    const event = {
      '@level': level,
      '@message': message,
      '@module': 'terraform.ui',
      // Terraform has microseconds; the drill's clock has milliseconds.
      '@timestamp': this.clock.now().toISOString().replace('Z', '000Z'),
      ...fields,
      type,
    };
    this.call.stdout(`${JSON.stringify(event)}\n`);
  }

  /** The first event of a stream. */
  version(terraform: string): void {
    if (this.json) this.event('version', `Terraform ${terraform}`, { terraform, ui: '1.2' });
  }

  /** Text that only a person gets. */
  text(text: string): void {
    if (!this.json) this.call.stdout(text);
  }

  diagnostic(diagnostic: Diagnostic): void {
    const error = diagnostic.severity === 'error';
    if (this.json) {
      const message = `${error ? 'Error' : 'Warning'}: ${diagnostic.summary}`;
      this.event('diagnostic', message, { diagnostic }, error ? 'error' : 'warn');
    } else if (error) {
      this.call.stderr(renderDiagnostic(diagnostic));
    } else {
      this.call.stdout(renderDiagnostic(diagnostic));
    }
  }
}

/** A whole number of seconds as Go prints a duration: `44s`, `9m22s`, `1h0m0s`. */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
