import { TERRAFORM_VERSION_VARIABLE } from '../../../domain/names';
import type { ProgramCall } from '../../program';
import type { Fault } from '../../scenarios';
import type { SimulatedAccount } from '../simulated-account';
import { openBackend } from './backend';
import type { Backend, ObjectAccess } from './backend';
import { hasFlag, readCommandLine } from './command-line';
import type { CommandLine } from './command-line';
import { readConfiguration } from './configuration';
import type { Configuration } from './configuration';
import type { ClusterEndpoints } from './creation';
import type { DeploymentHooks } from './deployment';
import { failure, TerraformError } from './diagnostics';
import type { Diagnostic } from './diagnostics';
import type { Value } from './hcl/value';
import { loadModule } from './module';
import type { Module } from './module';
import { Output } from './output';
import { validate } from './validate';
import { readVariables } from './variables';

/** What the stand-in for Terraform works on. */
export interface TerraformParts {
  readonly world: SimulatedAccount;
  readonly faults: readonly Fault[];
  /** S3, where states and locks are kept. */
  readonly objects: ObjectAccess;
  /** Where the Kubernetes API of a new cluster will answer. */
  readonly clusterEndpoint: ClusterEndpoints;
  readonly hooks?: DeploymentHooks;
}

/** The version that the stand-in claims to be where the build does not say which one it installed. */
const DEFAULT_VERSION = '1.11.4';

/** One call of the program. */
export class Session {
  readonly line: CommandLine;
  readonly output: Output;
  readonly version: string;

  constructor(
    readonly parts: TerraformParts,
    readonly call: ProgramCall,
  ) {
    this.line = readCommandLine(call.args, call.cwd);
    this.version = call.env[TERRAFORM_VERSION_VARIABLE] ?? DEFAULT_VERSION;
    this.output = new Output(call, parts.world.clock, hasFlag(this.line, 'json'));
  }

  configuration(): Promise<Configuration> {
    return readConfiguration(this.line.directory);
  }

  /** @throws TerraformError when the directory was not initialised. */
  async backend(): Promise<Backend> {
    return openBackend(await this.configuration(), this.parts.objects);
  }

  /** The root module with these values of its variables, and what is wrong with it. */
  async module(
    configuration: Configuration,
    values: ReadonlyMap<string, Value>,
  ): Promise<{ readonly root: Module; readonly errors: readonly Diagnostic[] }> {
    const root = await loadModule(configuration, values, { dataSources: this.parts.world, attributes: new Map() });
    return { root, errors: validate(root, this.version) };
  }

  /**
   * Everything that plan, apply and destroy begin with.
   * @throws TerraformError for whatever is wrong with the configuration or the variables.
   */
  async prepare(): Promise<{
    readonly root: Module;
    readonly backend: Backend;
    readonly warnings: readonly Diagnostic[];
  }> {
    const { options, command } = this.line;
    const configuration = await this.configuration();
    if (configuration.sources.size === 0 && command !== 'destroy') throw new TerraformError([noConfiguration(command)]);
    const backend = openBackend(configuration, this.parts.objects);
    const { values, warnings } = await readVariables(configuration, {
      env: this.call.env,
      assignments: options['var'] ?? [],
      files: options['var-file'] ?? [],
    });
    const { root, errors } = await this.module(configuration, values);
    if (errors.length > 0) throw new TerraformError(errors);
    return { root, backend, warnings };
  }
}

function noConfiguration(command: string): Diagnostic {
  return failure(
    'No configuration files',
    command === 'plan'
      ? 'Plan requires configuration to be present. Planning without a configuration would mark everything for destruction, which is normally not what is desired. If you would like to destroy everything, run plan with the -destroy option. Otherwise, create a Terraform configuration file (.tf file) and try again.'
      : "Apply requires configuration to be present. Applying without a configuration would mark everything for destruction, which is normally not what is desired. If you would like to destroy everything, run 'terraform destroy' instead.",
  );
}
