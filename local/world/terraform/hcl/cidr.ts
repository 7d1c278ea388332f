/**
 * The `number`th subnet of an IPv4 range with `bits` further bits, as Terraform's `cidrsubnet`; undefined when the
 * range cannot hold it.
 */
export function subnetOf(range: string, bits: number, number: number): string | undefined {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(range);
  if (!found) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = found.slice(1).map(Number);
  const subnetLength = length + bits;
  if (subnetLength > 32 || number >= 2 ** bits) return undefined;
  // Arithmetic instead of bit operators: those are signed at 32 bits.
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const start = address - (address % 2 ** (32 - length)) + number * 2 ** (32 - subnetLength);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join('.')}/${subnetLength}`;
}
