import { Chance } from '../chance';

/** Makes everything that the simulated parts take a fraction of what it takes in a drill whose clock jumps. */
export class QuickChance extends Chance {
  /** @param times how many times as fast. */
  constructor(
    seed: number,
    private readonly times: number,
  ) {
    super(seed);
  }

  override milliseconds(name: string, seconds: number): number {
    return Math.round(super.milliseconds(name, seconds) / this.times);
  }
}
