/** What *Check readiness* asks of the account. */
export interface AccountChecks {
  /** The account that the credentials belong to. */
  account(): Promise<string>;
  /** A service quota's value; undefined when it has none. Codes as in the Service Quotas console, such as `L-1194D53C`. */
  quota(service: string, code: string): Promise<number | undefined>;
  /** How many of something exist in the region now. */
  inUse(what: 'eks-clusters' | 'vpcs' | 'elastic-ips'): Promise<number>;
  /** Whether SES may send from an address (the address or its domain is verified). */
  senderVerified(address: string): Promise<boolean>;
}
