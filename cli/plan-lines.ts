import type { SweepStep } from '../domain/sweep-plan';

/** A plan of the sweep for a person: each resource in the order of deleting, with its proofs or what stops it. */
export function planLines(plan: readonly SweepStep[], drillId: string): string[] {
  if (plan.length === 0) return [`Nothing of drill ${drillId} is there.\n`];
  const deletable = plan.filter(({ obstacle }) => obstacle === undefined);
  const count = plan.length === 1 ? 'One resource' : `${plan.length} resources`;
  return [
    `${count} of drill ${drillId}, ${costWords(plan)}; ${deletable.length} may be deleted, in this order:\n`,
    ...plan.flatMap(stepLines),
  ];
}

function stepLines({ item, layer, proofs, obstacle, monthlyCost }: SweepStep): string[] {
  const cost = monthlyCost === undefined ? 'no price known' : `$${monthlyCost.toFixed(2)} a month`;
  const since = item.createdAt === undefined ? '' : `, since ${item.createdAt.slice(0, 16).replace('T', ' ')}`;
  return [
    `${obstacle === undefined ? '✓' : '✗'} ${item.arn}\n`,
    `    ${item.type}${layer ? ` of the ${layer} layer` : ''}${since}; ${cost}; found by ${item.reason}\n`,
    obstacle === undefined ? `    proven by ${proofs.join('; ')}\n` : `    stopped: ${obstacle}\n`,
  ];
}

function costWords(plan: readonly SweepStep[]): string {
  const sum = plan.reduce((total, { monthlyCost = 0 }) => total + monthlyCost, 0);
  const isPartial = plan.some(({ monthlyCost }) => monthlyCost === undefined);
  return `${isPartial ? 'at least ' : ''}$${sum.toFixed(2)} a month`;
}
