import { ResourceNotFoundException } from '@aws-sdk/client-eks';

/** What EKS answers, or undefined when it says that what was asked for does not exist. */
export async function unlessMissing<Output>(sent: Promise<Output>): Promise<Output | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
