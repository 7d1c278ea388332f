import * as z from 'zod';

/** Environment of *Stop running builds*. */
export const environmentSchema = z.object({
  TABLE_NAME: z.string().min(1),
  /** Names of the CodeBuild projects, separated by commas. */
  PROJECTS: z.string().min(1),
});
export type Environment = z.infer<typeof environmentSchema>;
