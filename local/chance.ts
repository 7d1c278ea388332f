import { createHash } from 'node:crypto';

/**
 * Seeded chance, by name and not by order: the factor of `aws_eks_cluster.this` is the same whatever was asked before,
 * so an unrelated change of the world does not reshuffle a drill.
 */
export class Chance {
  constructor(readonly seed: number) {}

  /** A number in [0, 1) that follows from the seed and the name. */
  of(name: string): number {
    const digest = createHash('sha256').update(`${this.seed}/${name}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }

  /** A duration around `seconds`, spread evenly by ±15 %, in whole milliseconds. */
  milliseconds(name: string, seconds: number): number {
    return Math.round(seconds * 1000 * (0.85 + 0.3 * this.of(name)));
  }
}
