import { AwsError } from '../service';
import type { TaskAttempt } from './call-task';
import { StatesError } from './states-error';

interface Waiting {
  readonly attempt: TaskAttempt;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: StatesError) => void;
}

/** The callback tokens that are waited for. */
export class TaskTokens {
  private readonly waiting = new Map<string, Waiting>();

  /** Resolves with what SendTaskSuccess gives; the token is forgotten when the attempt ends. */
  wait(attempt: TaskAttempt): Promise<unknown> {
    const answer = new Promise<unknown>((resolve, reject) => {
      this.waiting.set(attempt.token, { attempt, resolve, reject });
    });
    attempt.signal.addEventListener('abort', () => this.waiting.delete(attempt.token), { once: true });
    return answer;
  }

  forget(token: string): void {
    this.waiting.delete(token);
  }

  /** @throws AwsError */
  succeed(token: string, output: unknown): void {
    this.take(token).resolve(output);
  }

  /** @throws AwsError */
  fail(token: string, error: string, cause: string): void {
    this.take(token).reject(new StatesError(error, cause));
  }

  /** @throws AwsError */
  beat(token: string): void {
    this.find(token).attempt.beat();
  }

  private take(token: string): Waiting {
    const waiting = this.find(token);
    this.waiting.delete(token);
    return waiting;
  }

  private find(token: string): Waiting {
    const waiting = this.waiting.get(token);
    if (waiting) return waiting;
    throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
}
