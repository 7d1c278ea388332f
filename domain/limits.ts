import * as z from 'zod';
import { EXAMPLE_CLUSTER_HOURLY } from './prices';

const count = 'write a whole number of drills from 1 to 20';
const dollars = 'write an amount of US dollars above zero';
const amount = z.number({ error: dollars }).positive({ error: dollars });

/** What all drills of one place (an account and region) may take together, as drill.yaml says it. */
export const limitsConfigSchema = z.strictObject(
  {
    concurrentDrills: z.int({ error: count }).min(1, { error: count }).max(20, { error: count }).default(2).meta({
      description: 'How many drills may run at the same time in one account and region; more wait for a slot',
    }),
    monthlyDollars: amount.default(50).meta({
      description: 'What the drills that are opened in a calendar month (UTC) may cost together, by estimate',
    }),
    dollarsPerClusterHour: amount
      .default(EXAMPLE_CLUSTER_HOURLY)
      .meta({ description: 'What an hour of a drill cluster is estimated at; by default that of the example' }),
  },
  { error: 'write it as a mapping of keys' },
);

/** The same with every default filled in, as a Lambda is given it. */
export const limitsSchema = z.object(limitsConfigSchema.shape).required();
export type Limits = z.infer<typeof limitsSchema>;
